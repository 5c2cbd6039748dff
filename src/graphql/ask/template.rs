//! An entry as a template: a recorded fact in the form in which facts come in, to be changed and recorded anew.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Result};
use serde_json::{Value, json};

use crate::engine::Moment;
use crate::family::describe::{Catalogue, Kind, Scalar, Shape};
use crate::family::family;
use crate::family::kit::{Fact, standing};
use crate::family::opened::Opened;
use crate::graphql::error::{MissingValue, data, internal};
use crate::graphql::loader::{HistoryOf, Reader};
use crate::graphql::scalars::id_text;
use crate::graphql::shape::REMARK;
use crate::ledger::canonical;
use crate::ledger::erasable::{Digest, MARK, digests};
use crate::ledger::name::{EventName, StreamId};

/// Writes the newest standing fact of a kind as the JSON of a line that `griffie record` and `recordAll` take, without its
/// reference and its date. Null: there is none at the moment.
pub async fn template(
    ctx: &Context<'_>,
    moment: Moment,
    stream: &StreamId,
    event: &EventName,
) -> Result<Option<String>> {
    let loader = data::<DataLoader<Reader>>(ctx)?;
    let facts = loader.load_one(HistoryOf { stream: stream.clone(), size: moment.size }).await?.unwrap_or_default();
    let known: Vec<&Fact> = facts.iter().collect();
    let of_kind = |fact: &&&Fact| fact.fact == event.fact() && fact.recorded.effective.earliest() <= moment.valid;
    let Some(fact) = standing(&known).iter().rfind(of_kind).map(|fact| (*fact).clone()) else { return Ok(None) };
    let opened = loader.load_many(digests(&fact.data)).await?;
    if let Some(lost) = digests(&fact.data).into_iter().find(|digest| !opened.contains_key(digest)) {
        return Err(internal(&MissingValue(lost)));
    }
    let value = |digest: &Digest| opened.get(digest).and_then(Opened::value).cloned();
    line(&EventName::new(stream.family(), &fact.fact), &fact.data, &value).map(Some)
}

/// Writes the data of an entry as the JSON of a line in the form in which facts come in.
pub fn line(event: &EventName, data: &Value, opened: &impl Fn(&Digest) -> Option<Value>) -> Result<String> {
    let declaration = family(event.family()).map_err(|error| internal(&error))?;
    let mut catalogue = Catalogue::default();
    let events = declaration.describe_events(&mut catalogue);
    let shape = events.iter().find(|known| known.declaration.fact == event.fact()).map(|known| &known.type_name);
    let shape = Shape::Named(shape.cloned().unwrap_or_default());
    let mut data = as_input(data, &shape, &catalogue, opened);
    let remark = data.as_object_mut().and_then(|members| members.remove(REMARK));
    let mut fact = json!({ "event": { event.fact(): data } });
    if let Some(remark) = remark {
        fact[REMARK] = remark;
    }
    let line = json!({ declaration.name: fact });
    canonical::encode(&line).map_err(|error| internal(&error))
}

/// Turns the form of an entry into that of the API's input: streams become ids, commitments their values. A value that is
/// erased is left out.
fn as_input(value: &Value, shape: &Shape, catalogue: &Catalogue, opened: &impl Fn(&Digest) -> Option<Value>) -> Value {
    match (shape, value) {
        (Shape::Optional(inner), value) => as_input(value, inner, catalogue, opened),
        (Shape::Erasable(_), Value::Object(members)) => {
            let digest = members.get(MARK).and_then(Value::as_str).and_then(|digest| digest.parse().ok());
            digest.and_then(|digest| opened(&digest)).unwrap_or_default()
        }
        (Shape::List(inner), Value::Array(items)) => {
            let items = items.iter().map(|item| as_input(item, inner, catalogue, opened));
            items.filter(|item| !item.is_null()).collect()
        }
        (Shape::Named(name), Value::Object(members)) => {
            let Some(Kind::Record(declared)) = catalogue.get(name).map(|definition| &definition.kind) else {
                return value.clone();
            };
            let member = |name: &String, value: &Value| {
                let declared = declared.iter().find(|member| member.name == *name)?;
                let value = as_input(value, &declared.shape, catalogue, opened);
                (!value.is_null()).then(|| (name.clone(), value))
            };
            Value::Object(members.iter().filter_map(|(name, value)| member(name, value)).collect())
        }
        (Shape::Scalar(Scalar::Stream), Value::String(text)) => match text.parse::<StreamId>() {
            Ok(stream) => json!(id_text(&stream)),
            Err(_) => value.clone(),
        },
        // GraphQL's integers have 32 bits, so a sequence comes in as a text.
        (Shape::Scalar(Scalar::Sequence), Value::Number(number)) => json!(number.to_string()),
        _ => value.clone(),
    }
}
