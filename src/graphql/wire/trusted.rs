//! Trusted documents: a folder of named operations that are the only ones allowed.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::graphql::document::{self, DocumentError};
use crate::graphql::limits::DOCUMENT_BYTES_MAX;

/// How a document's file is named.
const EXTENSION: &str = "graphql";
/// The prefix of an id that is a hash (GraphQL over HTTP, appendix "Persisted Documents").
const HASH_PREFIX: &str = "sha256:";
/// Documents that a folder may hold.
pub const TRUSTED_DOCUMENTS_MAX: usize = 1_000;

/// The documents that may run, by name and by hash.
#[derive(Clone, Debug, Default)]
pub struct TrustedDocuments {
    texts: Vec<String>,
    by_id: BTreeMap<String, usize>,
}

/// Says why a folder of documents cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It cannot be read.
    #[error("{0} cannot be read")]
    Unreadable(String, #[source] std::io::Error),
    /// It holds none.
    #[error("{0} holds no file whose name ends in .graphql")]
    Empty(String),
    /// It holds too many.
    #[error("{0} holds more than {TRUSTED_DOCUMENTS_MAX} documents")]
    TooMany(String),
    /// A document is longer than any that is taken.
    #[error("{0} is longer than {DOCUMENT_BYTES_MAX} bytes")]
    TooLong(String),
    /// A document breaks a limit, or is none.
    #[error("{0}: {1}")]
    Document(String, #[source] DocumentError),
    /// An operation has no name.
    #[error("{0}: give each operation a name")]
    Anonymous(String),
    /// Two operations have one name.
    #[error("{0}: there is another operation {1}")]
    NameTwice(String, String),
}

/// Says why a request names no trusted document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustedError {
    /// It is not one of them.
    #[error("only the documents that this server keeps may run, and this is none of them")]
    NotTrusted,
    /// Nothing is named.
    #[error("give the document as `query`, or name one that this server keeps as `documentId` or `operationName`")]
    NotNamed,
}

impl TrustedDocuments {
    /// Reads all files of a folder that end in `.graphql`. Each operation has a name, unique in the folder.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        let unreadable = |path: &Path, error| LoadError::Unreadable(path.display().to_string(), error);
        let mut documents = Self::default();
        let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
        let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == EXTENSION));
        paths.sort();
        if paths.is_empty() {
            return Err(LoadError::Empty(folder.display().to_string()));
        }
        if paths.len() > TRUSTED_DOCUMENTS_MAX {
            return Err(LoadError::TooMany(folder.display().to_string()));
        }
        for path in paths {
            let length = std::fs::metadata(&path).map_err(|error| unreadable(&path, error))?.len();
            if length > DOCUMENT_BYTES_MAX as u64 {
                return Err(LoadError::TooLong(path.display().to_string()));
            }
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            documents.add(&path.display().to_string(), text)?;
        }
        Ok(documents)
    }

    fn add(&mut self, file: &str, text: String) -> Result<(), LoadError> {
        let names = document::operation_names(&text).map_err(|error| LoadError::Document(file.to_owned(), error))?;
        let position = self.texts.len();
        self.by_id.insert(hash(&text), position);
        for name in names {
            let name = name.ok_or_else(|| LoadError::Anonymous(file.to_owned()))?;
            document::read(&text, Some(&name)).map_err(|error| LoadError::Document(file.to_owned(), error))?;
            if self.by_id.insert(name.clone(), position).is_some() {
                return Err(LoadError::NameTwice(file.to_owned(), name));
            }
        }
        self.texts.push(text);
        Ok(())
    }

    /// Returns how many documents there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Finds the document that a request means: by its text, which must be one of them; by its id; or by the name of its
    /// operation.
    pub fn find(
        &self,
        query: Option<&str>,
        document_id: Option<&str>,
        operation_name: Option<&str>,
    ) -> Result<&str, TrustedError> {
        let id = match (query, document_id) {
            (Some(query), _) => hash(query),
            (None, Some(id)) => id.to_owned(),
            (None, None) => operation_name.ok_or(TrustedError::NotNamed)?.to_owned(),
        };
        let found = self.by_id.get(&id).ok_or(TrustedError::NotTrusted)?;
        self.texts.get(*found).map(String::as_str).ok_or(TrustedError::NotTrusted)
    }
}

/// White space around a document makes no other one of it.
fn hash(text: &str) -> String {
    format!("{HASH_PREFIX}{}", hex::encode(Sha256::digest(text.trim().as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(files: &[(&str, &str)]) -> Result<TrustedDocuments, LoadError> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        TrustedDocuments::load(folder.path())
    }

    #[test]
    fn only_the_documents_of_the_folder_are_found() {
        let sizes = "query Size { ledger { size } }\n\nquery Root { ledger { root } }\n";
        let documents = load(&[("size.graphql", sizes), ("notes.txt", "{ a }")]).unwrap();
        assert_eq!(documents.len(), 1);
        let check =
            |query: Option<&str>, id: Option<&str>, name: Option<&str>, expected: Result<&str, TrustedError>| {
                assert_eq!(documents.find(query, id, name), expected, "{query:?} {id:?} {name:?}");
            };
        check(Some(sizes), None, None, Ok(sizes));
        check(Some(sizes.trim()), None, Some("Size"), Ok(sizes));
        check(None, Some("Root"), None, Ok(sizes));
        check(None, Some(&hash(sizes)), None, Ok(sizes));
        check(None, None, Some("Size"), Ok(sizes));
        check(Some("query Size { ledger { root } }"), None, Some("Size"), Err(TrustedError::NotTrusted));
        check(None, Some("Other"), None, Err(TrustedError::NotTrusted));
        check(None, None, None, Err(TrustedError::NotNamed));
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_refused() {
        let check = |files: &[(&str, &str)], words: &str| {
            let error = load(files).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        };
        check(&[], "holds no file");
        check(&[("a.graphql", "{ ledger { size } }")], "a name");
        check(&[("a.graphql", "query A { a }"), ("b.graphql", "query A { b }")], "another operation A");
        check(&[("a.graphql", "query A {")], "a.graphql");
        check(&[("a.graphql", &format!("query A {{ a }}{}", " ".repeat(DOCUMENT_BYTES_MAX)))], "longer than");
    }
}
