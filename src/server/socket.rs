//! GraphQL over WebSocket: the protocol `graphql-transport-ws`.

use async_graphql::http::{WebSocket as GraphqlSocket, WebSocketProtocols, WsMessage};
use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt as _, StreamExt as _};

use super::{BODY_BYTES_MAX, Door};

/// The one protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";

/// Opens a socket for a client that speaks the protocol.
pub(super) fn open(door: Door, upgrade: WebSocketUpgrade) -> Response {
    let upgrade = upgrade.max_message_size(BODY_BYTES_MAX).protocols([PROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        let message = "open the socket with Sec-WebSocket-Protocol: graphql-transport-ws";
        return (StatusCode::BAD_REQUEST, message).into_response();
    }
    upgrade.on_upgrade(move |socket| speak(door, socket))
}

/// Carries messages to and fro until either side closes. A subscriber that reads slowly is read for slowly: nothing is
/// buffered here.
async fn speak(door: Door, socket: WebSocket) {
    let (mut sink, stream) = socket.split();
    let incoming = stream
        .take_while(|message| std::future::ready(message.is_ok()))
        .filter_map(|message| std::future::ready(message.ok()))
        .filter_map(|message| {
            let bytes = match message {
                Message::Text(text) => Some(text.as_bytes().to_vec()),
                Message::Binary(bytes) => Some(bytes.to_vec()),
                Message::Ping(_) | Message::Pong(_) | Message::Close(_) => None,
            };
            std::future::ready(bytes)
        });
    let mut outgoing = std::pin::pin!(GraphqlSocket::new(door.schema, incoming, WebSocketProtocols::GraphQLWS));
    while let Some(message) = outgoing.next().await {
        let message = match message {
            WsMessage::Text(text) => Message::Text(text.into()),
            WsMessage::Close(code, reason) => Message::Close(Some(CloseFrame { code, reason: reason.into() })),
        };
        if sink.send(message).await.is_err() {
            return;
        }
    }
}
