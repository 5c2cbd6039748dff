//! The first look at a document: its length, its tokens and its brackets.
//!
//! This must see brackets exactly where the parser does, or a bracket hidden in what only one of them takes for a string
//! or a comment could still exhaust the parser's stack.

use apollo_parser::{Lexer, TokenKind};
use async_graphql::Pos;

use super::DocumentError;
use crate::graphql::limits::{DOCUMENT_BYTES_MAX, DOCUMENT_TOKENS_MAX, NAME_BYTES_MAX, NESTING_MAX};

/// Holds a text to the limits of bytes, tokens, open brackets and names; it stops at the first that is too much.
///
/// # Errors
///
/// Fails at the first limit, or at the first text that is no token (see GraphQL, section 2.1 "Source Text").
pub fn scan(text: &str) -> Result<(), DocumentError> {
    if text.len() > DOCUMENT_BYTES_MAX {
        return Err(DocumentError::TooLong { found: text.len() });
    }
    let (mut tokens, mut open) = (0_usize, 0_usize);
    for token in Lexer::new(text) {
        let token = token.map_err(|error| DocumentError::Syntax {
            message: readable(error.message()),
            at: position(text, error.index()),
        })?;
        match token.kind() {
            TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma | TokenKind::Eof => continue,
            TokenKind::LCurly | TokenKind::LParen | TokenKind::LBracket => open += 1,
            // Which bracket closes which is the parser's to say; it goes no deeper once they do not fit.
            TokenKind::RCurly | TokenKind::RParen | TokenKind::RBracket => open = open.saturating_sub(1),
            TokenKind::Name if token.data().len() > NAME_BYTES_MAX => {
                let at = position(text, token.index());
                return Err(DocumentError::NameTooLong { found: token.data().len(), at });
            }
            _ => {}
        }
        tokens += 1;
        if tokens > DOCUMENT_TOKENS_MAX {
            return Err(DocumentError::TooManyTokens { at: position(text, token.index()) });
        }
        if open > NESTING_MAX {
            return Err(DocumentError::TooNested { at: position(text, token.index()) });
        }
    }
    Ok(())
}

/// Returns the line and column of a byte; lines end as GraphQL says, section 2.1.2 "Line Terminators".
fn position(text: &str, index: usize) -> Pos {
    let before = text.get(..index).unwrap_or(text);
    let (mut line, mut column) = (1, 1);
    let mut characters = before.chars().peekable();
    while let Some(character) = characters.next() {
        let ends = match character {
            '\n' => true,
            '\r' => characters.peek() != Some(&'\n'),
            _ => false,
        };
        (line, column) = if ends { (line + 1, 1) } else { (line, column + 1) };
    }
    Pos { line, column }
}

/// Words a message of the lexer as the others: without a capital, names in backquotes, no character that cannot be seen.
fn readable(message: &str) -> String {
    let mut readable = String::with_capacity(message.len());
    for (index, character) in message.chars().enumerate() {
        match character {
            '"' => readable.push('`'),
            character if index == 0 => readable.extend(character.to_lowercase()),
            character if character.is_control() => readable.push_str(&format!("U+{:04X}", u32::from(character))),
            character => readable.push(character),
        }
    }
    readable
}
