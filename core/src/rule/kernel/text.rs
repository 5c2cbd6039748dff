//! Words for people, in Dutch and English.

use serde::{Deserialize, Serialize};

use crate::family::describe::Language;
use crate::family::shape::{Shaped, label_of};

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Text {
    /// Dutch.
    pub nl: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Makes a text of both wordings.
    pub fn new(nl: impl Into<String>, en: impl Into<String>) -> Self {
        Self { nl: nl.into(), en: en.into() }
    }

    /// The label of a value, as people read it: `HEALTH` is "gezondheid" and "health".
    pub fn label<T: Shaped>(value: &T) -> Self {
        Self::new(label_of(value, Language::Nl), label_of(value, Language::En))
    }

    /// Returns the wording of a language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Nl => &self.nl,
            Language::En => &self.en,
        }
    }

    /// Lists texts with commas.
    pub fn list(texts: impl IntoIterator<Item = Text>) -> Self {
        let (nl, en): (Vec<String>, Vec<String>) = texts.into_iter().map(|text| (text.nl, text.en)).unzip();
        Self { nl: nl.join(", "), en: en.join(", ") }
    }
}

/// A text in both languages that stands in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Dutch.
    pub nl: &'static str,
    /// English.
    pub en: &'static str,
}

impl Words {
    /// The words in a language.
    pub fn of(&self, language: Language) -> &'static str {
        match language {
            Language::Nl => self.nl,
            Language::En => self.en,
        }
    }
}

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        Self::new(words.nl, words.en)
    }
}

/// Makes words of both languages.
pub const fn words(nl: &'static str, en: &'static str) -> Words {
    Words { nl, en }
}

/// Makes a text of two format strings: `say!("tot {end}", "until {end}")`. Arguments after them serve both.
macro_rules! say {
    ($nl:literal, $en:literal $(, $argument:expr)* $(,)?) => {
        $crate::rule::text::Text::new(format!($nl $(, $argument)*), format!($en $(, $argument)*))
    };
}

pub(crate) use say;
