//! What we need of each hidden part of async-graphql: a new version of the library is taken by making these pass.

use async_graphql::{EmptyMutation, EmptySubscription, Object, Response, Schema, SimpleObject};

use super::*;

/// A thing whose type is known at run time only: `Cat` or `Dog`.
#[derive(Clone)]
struct Pet {
    kind: &'static str,
    fails: bool,
}

#[derive(SimpleObject)]
struct Collar {
    /// Its colour.
    colour: &'static str,
}

impl Shown for Pet {
    fn name(&self) -> Cow<'_, str> {
        self.kind.into()
    }

    fn field<'a>(&'a self, ctx: &'a Context<'a>) -> BoxFuture<'a, ServerResult<Option<Value>>> {
        Box::pin(async move {
            match asked(ctx) {
                "legs" if self.fails => Err(here(ctx, async_graphql::Error::from("no legs"))),
                "legs" => Ok(Some(Value::from(4))),
                "collar" => show_output(ctx, &Collar { colour: "red" }).await.map(Some),
                "friends" => {
                    let friends = [Self { kind: "Dog", fails: false }, Self { kind: "Cat", fails: self.fails }];
                    let number: i32 = given(ctx, "first", Some(|| 2))?;
                    let friends: Vec<&dyn Shown> = friends
                        .iter()
                        .take(usize::try_from(number).unwrap())
                        .map(|friend| friend as &dyn Shown)
                        .collect();
                    Ok(Some(show_list(ctx, &friends).await))
                }
                _ => Ok(None),
            }
        })
    }
}

/// The union of both.
impl OutputType for Pet {
    fn type_name() -> Cow<'static, str> {
        "Pet".into()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.kind.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        add(registry, "Pet", |registry| {
            for kind in ["Cat", "Dog"] {
                add(registry, kind, |registry| {
                    Collar::create_type_info(registry);
                    let friends = field("friends", "Its friends.", "[Pet!]!");
                    let first = argument_with_default(argument("first", "How many.", "Int!"), "2");
                    let fields = [
                        field("legs", "How many.", "Int"),
                        field("collar", "", "Collar!"),
                        field_with(friends, [first]),
                    ];
                    object(kind, "A pet.", fields)
                });
            }
            union("Pet", "Pets.", ["Cat".to_owned(), "Dog".to_owned()])
        });
        Self::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        Ok(select(ctx, self).await)
    }
}

struct Query;

#[Object]
impl Query {
    async fn pet(&self) -> Pet {
        Pet { kind: "Cat", fails: false }
    }

    async fn lame(&self) -> Pet {
        Pet { kind: "Cat", fails: true }
    }
}

async fn ask(query: &str) -> Response {
    Schema::new(Query, EmptyMutation, EmptySubscription).execute(query).await
}

async fn check(query: &str, expected: serde_json::Value) {
    let response = ask(query).await;
    assert!(response.errors.is_empty(), "{query}: {:?}", response.errors);
    assert_eq!(serde_json::to_value(response.data).unwrap(), expected, "{query}");
}

#[tokio::test]
async fn a_thing_is_shown_as_it_is_selected() {
    use serde_json::json;
    check("{ pet { __typename ... on Cat { legs } } }", json!({ "pet": { "__typename": "Cat", "legs": 4 } })).await;
    check("{ pet { ... on Dog { legs } } }", json!({ "pet": {} })).await;
    check(
        "{ pet { ...P } } fragment P on Cat { l: legs collar { colour } }",
        json!({ "pet": { "l": 4, "collar": { "colour": "red" } } }),
    )
    .await;
    check(
        "{ pet { ... on Cat { friends(first: 1) { __typename } } } }",
        json!({ "pet": { "friends": [{ "__typename": "Dog" }] } }),
    )
    .await;
    check(
        "query($n: Int! = 1) { pet { ... on Cat { friends(first: $n) { ... on Dog { legs } } } } }",
        json!({ "pet": { "friends": [{ "legs": 4 }] } }),
    )
    .await;
    check(
        "{ pet { ... on Cat { collar { colour } collar { __typename } } } }",
        json!({ "pet": { "collar": { "colour": "red", "__typename": "Collar" } } }),
    )
    .await;
}

#[tokio::test]
async fn a_field_that_fails_is_null_with_an_error_at_its_path() {
    let response = ask("{ lame { ... on Cat { friends { ... on Cat { legs } } } } }").await;
    let data = serde_json::to_value(&response.data).unwrap();
    assert_eq!(data, serde_json::json!({ "lame": { "friends": [{}, { "legs": null }] } }));
    let error = serde_json::to_value(&response.errors).unwrap();
    assert_eq!(error[0]["message"], "no legs");
    assert_eq!(error[0]["path"], serde_json::json!(["lame", "friends", 1, "legs"]));
}

#[tokio::test]
async fn types_that_are_data_are_validated_and_described() {
    let response = ask("{ pet { ... on Cat { tail } } }").await;
    assert!(response.data == Value::Null && !response.errors.is_empty());
    let response = ask("{ pet { ... on Cat { friends(first: \"x\") { __typename } } } }").await;
    assert!(response.data == Value::Null && !response.errors.is_empty());
    let sdl = Schema::new(Query, EmptyMutation, EmptySubscription).sdl();
    assert!(sdl.contains("union Pet = Cat | Dog"), "{sdl}");
    assert!(sdl.contains("friends("), "{sdl}");
}

#[test]
fn fields_of_types_in_rust_can_be_taken_over() {
    let mut registry = Registry::default();
    let fields = fields_of::<Collar>(&mut registry);
    assert_eq!(
        fields.iter().map(|field| (field.name.as_str(), field.ty.as_str())).collect::<Vec<_>>(),
        [("colour", "String!")]
    );
}

#[tokio::test]
async fn a_request_runs_the_document_that_it_is_given() {
    let document = async_graphql::parser::parse_query("{ pet { __typename } }").unwrap();
    let request = with_document(Request::new("not looked at"), document);
    let response = Schema::new(Query, EmptyMutation, EmptySubscription).execute(request).await;
    assert_eq!(serde_json::to_value(response.data).unwrap(), serde_json::json!({ "pet": { "__typename": "Cat" } }));
}

#[tokio::test]
async fn what_an_operation_costs_is_measured_before_it_runs() {
    use crate::graphql::error::hold_cost;
    use crate::graphql::limits::{COMPLEXITY_MAX, DEPTH_MAX};
    assert_eq!(hold_cost(COMPLEXITY_MAX, DEPTH_MAX), Ok(()));
    for beyond in [hold_cost(COMPLEXITY_MAX + 1, 1), hold_cost(1, DEPTH_MAX + 1)] {
        let errors = serde_json::to_value(beyond.unwrap_err()).unwrap();
        assert_eq!(errors[0]["extensions"]["code"], "TOO_COMPLEX", "{errors}");
    }
    // The library hands over its measure.
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).extension(HoldCost).finish();
    assert!(schema.execute("{ pet { __typename } }").await.errors.is_empty());
    let many: String = (0..=COMPLEXITY_MAX).map(|number| format!(" a{number}: pet {{ __typename }}")).collect();
    let errors = serde_json::to_value(schema.execute(format!("{{{many}}}")).await.errors).unwrap();
    assert_eq!(errors[0]["extensions"]["code"], "TOO_COMPLEX", "{errors}");
}

/// The library says which type it expected of an argument, so that it can be said how such a value is written.
#[tokio::test]
async fn the_expected_type_is_told() {
    let response = ask("{ pet { ... on Cat { friends(first: \"x\") { __typename } } } }").await;
    assert_eq!(expected_type(&response.errors[0].message), Some("Int"), "{:?}", response.errors);
    assert_eq!(expected_type("something else"), None);
}
