//! Canonical JSON (RFC 8785, JCS), narrowed to what the ledger stores.
//!
//! ```text
//! {"a":1,"b":{"...":"…"},"c":["2024-09-05",true]}
//! ```
//!
//! Two parsers must not be able to read one entry differently. So the ledger's JSON has integers only, up to 2^53-1
//! either way, ASCII member names, no U+0000, no null, a bounded depth, and one spelling: its JCS encoding.

use serde_json::Value;

/// The largest integer magnitude that every JSON parser reads exactly (I-JSON, RFC 7493 section 2.2).
pub const INTEGER_MAX: u64 = (1 << 53) - 1;
/// How deep arrays and objects may nest.
pub const DEPTH_MAX: usize = 32;

/// Says what keeps a text from being the ledger's canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// Not JSON at all.
    #[error("not JSON: line {line}, column {column}")]
    NotJson {
        /// 1-based line.
        line: usize,
        /// 1-based column.
        column: usize,
    },
    /// A number with a fraction or an exponent, or beyond [`INTEGER_MAX`].
    #[error("the number {0} is no integer between -(2^53-1) and 2^53-1")]
    Number(String),
    /// A string with U+0000.
    #[error("a text holds the character U+0000")]
    Nul,
    /// A null, which has no place in a fact: leave the member out.
    #[error("null has no place in a fact; leave the member out")]
    Null,
    /// A member name outside printable ASCII.
    #[error("a member name is not ASCII")]
    MemberName,
    /// Nested deeper than [`DEPTH_MAX`].
    #[error("nested deeper than {DEPTH_MAX} levels")]
    TooDeep,
    /// Readable JSON, but not in its one canonical spelling; the first differing byte is named.
    #[error("not in canonical form (RFC 8785) from byte {position} on")]
    NotCanonical {
        /// 0-based offset in bytes.
        position: usize,
    },
}

/// Encodes a value by RFC 8785, after checking that it is admissible in a ledger.
pub fn encode(value: &Value) -> Result<String, CanonicalError> {
    admissible(value, DEPTH_MAX)?;
    jcs(value)
}

/// Reads a text that must be exactly the canonical encoding of an admissible value.
pub fn parse(text: &str) -> Result<Value, CanonicalError> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| CanonicalError::NotJson { line: error.line(), column: error.column() })?;
    let encoded = encode(&value)?;
    if encoded == text {
        return Ok(value);
    }
    let position = encoded.bytes().zip(text.bytes()).take_while(|(left, right)| left == right).count();
    Err(CanonicalError::NotCanonical { position })
}

/// Encodes any JSON value by RFC 8785, floats included.
fn jcs(value: &Value) -> Result<String, CanonicalError> {
    serde_json_canonicalizer::to_string(value).map_err(|error| CanonicalError::Number(error.to_string()))
}

fn admissible(value: &Value, depth_left: usize) -> Result<(), CanonicalError> {
    let text = |text: &str| {
        if text.contains('\0') { Err(CanonicalError::Nul) } else { Ok(()) }
    };
    let deeper = || depth_left.checked_sub(1).ok_or(CanonicalError::TooDeep);
    match value {
        Value::Null => Err(CanonicalError::Null),
        Value::Bool(_) => Ok(()),
        Value::String(string) => text(string),
        Value::Number(number) => {
            let magnitude = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
            match magnitude {
                Some(magnitude) if magnitude <= INTEGER_MAX => Ok(()),
                _ => Err(CanonicalError::Number(number.to_string())),
            }
        }
        Value::Array(items) => {
            let left = deeper()?;
            items.iter().try_for_each(|item| admissible(item, left))
        }
        Value::Object(members) => {
            let left = deeper()?;
            members.iter().try_for_each(|(name, member)| {
                let plain = name.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
                if plain { admissible(member, left) } else { Err(CanonicalError::MemberName) }
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_8785_example_of_section_3_2_2() {
        let input = r#"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
            "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#;
        let expected = "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
                        \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assert_eq!(jcs(&serde_json::from_str(input).unwrap()).unwrap(), expected);
    }

    #[test]
    fn rfc_8785_example_of_section_3_2_3_sorts_by_utf_16_code_units() {
        let input = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
            "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
        let encoded = jcs(&serde_json::from_str(input).unwrap()).unwrap();
        let order = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
        let positions = order.map(|word| encoded.find(word).unwrap());
        assert!(positions.is_sorted(), "{encoded}");
    }

    #[test]
    fn rfc_8785_appendix_b_numbers() {
        let check = |bits: u64, expected: &str| {
            let number = serde_json::Number::from_f64(f64::from_bits(bits)).unwrap();
            assert_eq!(jcs(&Value::Number(number)).unwrap(), expected, "{bits:016x}");
        };
        check(0x0000000000000000, "0");
        check(0x8000000000000000, "0");
        check(0x0000000000000001, "5e-324");
        check(0x8000000000000001, "-5e-324");
        check(0x7fefffffffffffff, "1.7976931348623157e+308");
        check(0xffefffffffffffff, "-1.7976931348623157e+308");
        check(0x4340000000000000, "9007199254740992");
        check(0xc340000000000000, "-9007199254740992");
        check(0x4430000000000000, "295147905179352830000");
        check(0x44b52d02c7e14af5, "9.999999999999997e+22");
        check(0x44b52d02c7e14af6, "1e+23");
        check(0x44b52d02c7e14af7, "1.0000000000000001e+23");
        check(0x444b1ae4d6e2ef4e, "999999999999999700000");
        check(0x444b1ae4d6e2ef4f, "999999999999999900000");
        check(0x444b1ae4d6e2ef50, "1e+21");
        check(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7");
        check(0x3eb0c6f7a0b5ed8d, "0.000001");
        check(0x41b3de4355555553, "333333333.3333332");
        check(0x41b3de4355555554, "333333333.33333325");
        check(0x41b3de4355555555, "333333333.3333333");
        check(0x41b3de4355555556, "333333333.3333334");
        check(0x41b3de4355555557, "333333333.33333343");
        check(0xbecbf647612f3696, "-0.0000033333333333333333");
        check(0x43143ff3c1cb0959, "1424953923781206.2");
    }

    #[test]
    fn only_one_spelling_is_read() {
        let check = |text: &str, expected: Result<(), CanonicalError>| {
            assert_eq!(parse(text).map(|_| ()), expected, "{text}");
        };
        let at = |position| Err(CanonicalError::NotCanonical { position });
        let number = |text: &str| Err(CanonicalError::Number(text.into()));
        check(r#"{"a":1,"b":"é"}"#, Ok(()));
        check(r#"{"b":1,"a":2}"#, at(2));
        check(r#"{"a":1,"a":1}"#, at(6));
        check(r#"{"a": 1}"#, at(5));
        check(r#"{"a":"\u0041"}"#, at(6));
        check("9007199254740991", Ok(()));
        check("-9007199254740991", Ok(()));
        check("9007199254740992", number("9007199254740992"));
        check("1.5", number("1.5"));
        check("1.0", number("1.0"));
        check("-0", number("-0.0"));
        check("null", Err(CanonicalError::Null));
        check("\"\\u0000\"", Err(CanonicalError::Nul));
        check(r#"{"é":1}"#, Err(CanonicalError::MemberName));
        check("[1", Err(CanonicalError::NotJson { line: 1, column: 2 }));
        check(&format!("{}{}", "[".repeat(32), "]".repeat(32)), Ok(()));
        check(&format!("{}{}", "[".repeat(33), "]".repeat(33)), Err(CanonicalError::TooDeep));
    }

    proptest::proptest! {
        #[test]
        fn reading_arbitrary_text_never_panics(text in "\\PC{0,80}|[\\[\\]{}\",:0-9a-z.\\\\-]{0,60}") {
            if let Ok(value) = parse(&text) {
                proptest::prop_assert_eq!(encode(&value).unwrap(), text);
            }
        }
    }
}
