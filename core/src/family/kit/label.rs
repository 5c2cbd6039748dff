//! Names in both languages.

/// The languages in which everything has a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Language {
    /// Dutch.
    Nl,
    /// English.
    #[default]
    En,
}

/// A name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Label {
    /// Dutch; empty if the declaration has none, which a test refuses.
    pub nl: String,
    /// English.
    pub en: String,
}

impl Label {
    /// Returns the name in a language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Nl => &self.nl,
            Language::En => &self.en,
        }
    }
}
