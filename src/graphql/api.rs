//! The one way in: whatever the transport, a request is checked, bounded and executed here.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, Variables};
use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, Stream};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::document::{self, DocumentError};
use super::error::{Code, INTERNAL_MESSAGE, finish, refusal};
use super::language::{explain, localise};
use super::record::Principal;
use super::roots::{ApiSchema, schema};
use super::subscription::{CURSOR, LastEventId, Place};
use super::trusted::{TrustedDocuments, TrustedError};
use crate::engine::Engine;
use crate::family::describe::Language;

/// A GraphQL request as a transport brings it (GraphQL over HTTP, section "Request").
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Call {
    /// The document; may be absent where it is trusted and named.
    pub query: Option<String>,
    /// Which trusted document: its name, or `sha256:` and its hash.
    pub document_id: Option<String>,
    /// Which operation of the document.
    pub operation_name: Option<String>,
    /// Its variables.
    pub variables: Option<Map<String, Value>>,
    /// Whatever clients add; nothing of it is used.
    pub extensions: Option<Map<String, Value>>,
    /// In which language the caller wants names and errors; the transport knows.
    #[serde(skip)]
    pub language: Language,
}

/// The API over a ledger. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    schema: ApiSchema,
    trusted: Option<Arc<TrustedDocuments>>,
}

/// A request that keeps to the limits, ready to run.
pub struct Operation {
    /// What kind of operation runs.
    pub kind: OperationType,
    /// Its name.
    pub name: Option<String>,
    /// In which language its names and errors are.
    pub language: Language,
    request_id: String,
    request: Request,
}

/// The answer to a request, or one result of a subscription.
#[derive(Debug)]
pub struct Answer {
    /// Whether it has data, be it null: execution began.
    pub executed: bool,
    /// Where a result of a subscription stands.
    pub cursor: Option<String>,
    response: Box<Response>,
}

/// A request that is not executed.
#[derive(Debug)]
pub struct Refused {
    /// The answer to give instead; it has no data.
    pub answer: Answer,
    /// What kind of operation would have run, where that is known.
    pub kind: Option<OperationType>,
}

impl Api {
    /// Opens the API. With `trusted`, only those documents run.
    pub fn new(engine: Engine, principal: Principal, trusted: Option<TrustedDocuments>) -> Self {
        Self { schema: schema(engine, principal), trusted: trusted.map(Arc::new) }
    }

    /// Tells whether a request says what is to run: by its document, or by the name of a trusted one. What does not is no
    /// well-formed GraphQL request, on any transport.
    pub fn is_well_formed(&self, call: &Call) -> bool {
        let named = call.document_id.is_some() || self.trusted.is_some() && call.operation_name.is_some();
        call.query.is_some() || named
    }

    /// Checks a request and holds its document to the limits, before anything of it is executed.
    pub fn prepare(&self, call: Call, request_id: &str) -> Result<Operation, Refused> {
        let Call { query, document_id, operation_name, variables, extensions: _, language } = call;
        let refuse = |code: Code, message: String| {
            let answer = Answer::refused(code, message, None, request_id).in_language(language);
            Refused { answer, kind: None }
        };
        let text = match &self.trusted {
            None if document_id.is_some() => {
                let message = "this server keeps no documents; send the document itself as `query`";
                return Err(refuse(Code::BadUserInput, message.to_owned()));
            }
            None => query.ok_or_else(|| refuse(Code::BadUserInput, "give the document as `query`".to_owned()))?,
            Some(trusted) => {
                let found = trusted.find(query.as_deref(), document_id.as_deref(), operation_name.as_deref());
                found.map_err(|error: TrustedError| refuse(Code::Forbidden, error.to_string()))?.to_owned()
            }
        };
        let wrong = |kind: Option<OperationType>| {
            move |error: DocumentError| {
                let answer = Answer::refused(error.code(), error.to_string(), error.position(), request_id);
                Refused { answer: answer.in_language(language), kind }
            }
        };
        let document = document::read(&text, operation_name.as_deref()).map_err(wrong(None))?;
        let variables = variables.unwrap_or_default();
        document.hold_variables(&variables).map_err(wrong(Some(document.operation)))?;
        // The name chooses among several; async-graphql knows no name where there is but one operation.
        let name = document.operation_name;
        let several = document.parsed.operations.iter().count() > 1;
        let mut request = Request::new(text)
            .variables(Variables::from_json(Value::Object(variables)))
            .data(Place::default())
            .data(language);
        request.operation_name = name.clone().filter(|_| several);
        let request = super::adapter::with_document(request, document.parsed);
        Ok(Operation { kind: document.operation, name, language, request_id: request_id.to_owned(), request })
    }

    /// Executes a query or a mutation.
    pub async fn execute(&self, operation: Operation) -> Answer {
        let response = self.schema.execute(operation.request).await;
        Answer::of(response, &operation.request_id).in_language(operation.language)
    }

    /// Executes a subscription. Its first answer may be that it could not begin.
    pub fn subscribe(&self, operation: Operation) -> BoxStream<'static, Answer> {
        Box::pin(self.answers(operation))
    }

    fn answers(&self, operation: Operation) -> impl Stream<Item = Answer> + Send + use<> {
        let (request_id, language) = (operation.request_id, operation.language);
        self.schema.execute_stream(operation.request).map(move |response| {
            let answer = Answer::of(response, &request_id).in_language(language);
            // A result has a place; what has none is why the source could not begin or go on. One that could not be read now
            // is none either: its place must not be taken for one that was told.
            let told = answer.executed && answer.cursor.is_some() && answer.code() != Some(Code::Unavailable);
            Answer { executed: told, cursor: answer.cursor.filter(|_| told), ..answer }
        })
    }
}

impl Operation {
    /// Lets a subscription go on after the place that a reconnecting client names.
    pub fn after_event(mut self, last_event_id: Option<String>) -> Self {
        if let Some(id) = last_event_id {
            self.request = self.request.data(LastEventId(id));
        }
        self
    }
}

impl Answer {
    /// Makes the answer to a request that was not executed.
    pub fn refused(code: Code, message: String, position: Option<(usize, usize)>, request_id: &str) -> Self {
        let response = Box::new(refusal(code, message, position, request_id));
        Self { executed: false, cursor: None, response }
    }

    /// Makes the answer to a request whose handling failed; the log knows more.
    pub fn failed(request_id: &str) -> Self {
        Self::refused(Code::Internal, INTERNAL_MESSAGE.to_owned(), None, request_id)
    }

    fn of(response: Response, request_id: &str) -> Self {
        let mut response = finish(response, request_id);
        explain(&mut response);
        let executed = response.errors.is_empty()
            || response.data != async_graphql::Value::Null
            || response.errors.iter().any(|error| !error.path.is_empty());
        let cursor = match response.extensions.get(CURSOR) {
            Some(async_graphql::Value::String(cursor)) => Some(cursor.clone()),
            _ => None,
        };
        Self { executed, cursor, response: Box::new(response) }
    }

    /// Gives the errors in a language.
    #[must_use]
    pub fn in_language(mut self, language: Language) -> Self {
        localise(&mut self.response, language);
        self
    }

    /// Returns the code of the first error; `None` if there is none.
    pub fn code(&self) -> Option<Code> {
        let error = self.response.errors.first()?;
        Some(error.extensions.as_ref().and_then(|extensions| extensions.get("code")).map_or(Code::Internal, Code::read))
    }

    /// Returns the data alone, as JSON text, if nothing went wrong.
    pub fn data(&self) -> Option<String> {
        self.response.errors.is_empty().then(|| serde_json::to_string(&self.response.data).unwrap_or_default())
    }

    /// Returns the errors alone, as `graphql-transport-ws` sends them.
    pub fn errors(&self) -> Value {
        serde_json::to_value(&self.response.errors).unwrap_or_default()
    }

    /// Returns the answer as JSON. What was not executed has no `data` (GraphQL, section "Response").
    pub fn json(&self) -> Value {
        if !self.executed {
            return json!({ "errors": self.errors() });
        }
        serde_json::to_value(&self.response).unwrap_or_default()
    }

    /// Returns [`Answer::json`] as text.
    pub fn text(&self) -> String {
        if self.executed {
            // Straight to text: the order of the members is that of the selections.
            serde_json::to_string(&self.response).unwrap_or_default()
        } else {
            self.json().to_string()
        }
    }
}
