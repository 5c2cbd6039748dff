//! Traces of operations by OpenTelemetry: OTLP over HTTP, in protobuf.
//!
//! Only with the feature `opentelemetry`, and only if `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector, as
//! `http://127.0.0.1:4318`. A span tells which kind of operation ran, its name and request id, how long it took and with which
//! error code it ended: no document, variable or answer. Other lines of the log are not sent.

#[cfg(feature = "opentelemetry")]
pub use with::Telemetry;
#[cfg(not(feature = "opentelemetry"))]
pub use without::Telemetry;

#[cfg(feature = "opentelemetry")]
mod with {
    use std::time::Duration;

    use anyhow::Context as _;
    use async_graphql::async_trait::async_trait;
    use axum::body::{Body, Bytes, to_bytes};
    use axum::http::{Request, Response};
    use hyper_rustls::HttpsConnector;
    use hyper_util::client::legacy::Client;
    use hyper_util::client::legacy::connect::HttpConnector;
    use hyper_util::rt::TokioExecutor;
    use opentelemetry::KeyValue;
    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry_http::{HttpClient, HttpError};
    use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tokio::runtime::Handle;
    use tracing::{Metadata, Subscriber};
    use tracing_subscriber::Layer;
    use tracing_subscriber::filter::filter_fn;
    use tracing_subscriber::registry::LookupSpan;

    /// The variable that names the collector.
    const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
    const SERVICE: &str = "griffie";
    /// Who says how an operation ended.
    const OPERATIONS: &str = "griffie::server::operation";
    /// How long the collector may take to take spans.
    const EXPORT_TIMEOUT_MS: u64 = 10_000;
    /// How long the end of the program may wait for that.
    const END_TIMEOUT_MS: u64 = 5_000;
    /// The longest answer of a collector that is read, in bytes.
    const ANSWER_BYTES_MAX: usize = 64 * 1024;

    /// Traces on their way to a collector, if there is one.
    pub struct Telemetry(Option<SdkTracerProvider>);

    impl Telemetry {
        /// Begins if a collector is named.
        pub fn start(runtime: &Handle) -> anyhow::Result<Self> {
            if std::env::var_os(ENDPOINT).is_none_or(|endpoint| endpoint.is_empty()) {
                return Ok(Self(None));
            }
            let exporter = SpanExporter::builder()
                .with_http()
                .with_protocol(Protocol::HttpBinary)
                .with_http_client(Sender::new(runtime.clone()))
                .build()
                .with_context(|| format!("{ENDPOINT} is a URL such as http://127.0.0.1:4318"))?;
            let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
            let resource = Resource::builder().with_service_name(SERVICE).with_attribute(version).build();
            Ok(Self(Some(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())))
        }

        /// Returns what takes the spans.
        pub fn layer<S>(&self) -> Option<impl Layer<S> + use<S>>
        where
            S: Subscriber + for<'a> LookupSpan<'a>,
        {
            let tracer = self.0.as_ref()?.tracer(SERVICE);
            let layer = tracing_opentelemetry::layer().with_tracer(tracer).with_location(false).with_threads(false);
            Some(layer.with_filter(filter_fn(is_sent)))
        }

        /// Sends what is left, and ends.
        pub fn end(self) {
            if let Some(provider) = self.0
                && let Err(error) = provider.shutdown_with_timeout(Duration::from_millis(END_TIMEOUT_MS))
            {
                tracing::warn!(error = %error, "the last traces were not sent");
            }
        }
    }

    /// Our own spans, and in them how an operation ended. Other lines may quote an error's source, and stay here.
    fn is_sent(metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with(SERVICE) && (metadata.is_span() || metadata.target() == OPERATIONS)
    }

    /// The way to the collector. The exporter has a thread of its own, which knows no runtime: sending is given to ours.
    #[derive(Debug)]
    struct Sender {
        runtime: Handle,
        client: Client<HttpsConnector<HttpConnector>, Body>,
    }

    impl Sender {
        fn new(runtime: Handle) -> Self {
            let connector = hyper_rustls::HttpsConnectorBuilder::new().with_webpki_roots().https_or_http();
            let client = Client::builder(TokioExecutor::new()).build(connector.enable_http1().build());
            Self { runtime, client }
        }
    }

    #[async_trait]
    impl HttpClient for Sender {
        async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
            let client = self.client.clone();
            let answered = async move {
                let (head, body) = client.request(request.map(Body::from)).await?.into_parts();
                let body = to_bytes(Body::new(body), ANSWER_BYTES_MAX).await?;
                Ok(Response::from_parts(head, body))
            };
            let within = Duration::from_millis(EXPORT_TIMEOUT_MS);
            self.runtime.spawn(async move { tokio::time::timeout(within, answered).await }).await??
        }
    }
}

#[cfg(not(feature = "opentelemetry"))]
mod without {
    use tokio::runtime::Handle;
    use tracing_subscriber::layer::Identity;

    /// Nothing is traced: the program was built without the feature.
    pub struct Telemetry;

    impl Telemetry {
        /// Does nothing, as all of this.
        pub fn start(_: &Handle) -> anyhow::Result<Self> {
            Ok(Self)
        }

        pub fn layer(&self) -> Identity {
            Identity::new()
        }

        pub fn end(self) {}
    }
}
