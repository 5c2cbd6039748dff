//! The language of an answer: the one that its caller asks for, or else English.
//!
//! Names come in both languages from the declarations. Sentences that never vary are in the table below; of an error whose words
//! depend on what was asked, `extensions.hint` says in Dutch what its code means.

use async_graphql::{Context, Response, ServerError, Value};

use crate::family::describe::Language;
use crate::graphql::adapter::expected_type;
use crate::graphql::error::Code;
use crate::graphql::scalars::SCALARS;

/// Returns the language in which names are given: the one that a field asks for, or that of the request.
pub fn language(ctx: &Context<'_>, asked: Option<Language>) -> Language {
    asked.or_else(|| ctx.data_opt::<Language>().copied()).unwrap_or_default()
}

/// Says how values are written that the library could not read, where it says of which type they should be.
pub fn explain(response: &mut Response) {
    for error in &mut response.errors {
        let scalar = expected_type(&error.message);
        let hint = scalar.and_then(|scalar| SCALARS.iter().find(|(name, ..)| *name == scalar));
        if let Some((_, hint, _)) = hint.filter(|(_, hint, _)| !error.message.ends_with(hint)) {
            error.message = format!("{}: {hint}", error.message);
        }
    }
}

/// Puts the errors of a response, which are in English, into a language.
pub fn localise(response: &mut Response, language: Language) {
    if language == Language::Nl {
        response.errors.iter_mut().for_each(into_dutch);
    }
}

fn into_dutch(error: &mut ServerError) {
    if let Some((_, dutch)) = SENTENCES.iter().find(|(english, _)| *english == error.message) {
        error.message = (*dutch).to_owned();
        return;
    }
    let scalar = SCALARS.iter().find_map(|(_, english, dutch)| Some((error.message.strip_suffix(english)?, *dutch)));
    if let Some((words, dutch)) = scalar {
        error.message = format!("{words}{dutch}");
    }
    let extensions = error.extensions.get_or_insert_default();
    let code = extensions.get("code").map_or(Code::Internal, Code::read);
    extensions.set("hint", Value::from(meaning(code)));
}

/// What a code means and what to do.
fn meaning(code: Code) -> &'static str {
    match code {
        Code::BadUserInput => "Het verzoek klopt niet; verbeter wat de melding noemt.",
        Code::Conflict => "De stand van zaken is anders dan u verwachtte; lees opnieuw en probeer het nog eens.",
        Code::TooComplex => "Het verzoek gaat over een grens; splits het.",
        Code::Forbidden => "Dit is hier niet toegestaan.",
        Code::Unavailable => "Dit kan nu niet; probeer het later nog eens.",
        Code::Internal => "De server heeft gefaald; zijn log weet meer.",
    }
}

/// The sentences of the API and its door that never vary, in English and Dutch.
pub const SENTENCES: &[(&str, &str)] = &[
    ("the server failed; its log knows more", "de server heeft gefaald; zijn log weet meer"),
    ("the question costs too much; ask for less at once", "de vraag is te omvangrijk; vraag minder tegelijk"),
    ("the question is nested too deep; ask for less at once", "de vraag is te diep genest; vraag minder tegelijk"),
    ("the database holds no ledger", "de database bevat geen register"),
    (
        "no checkpoint covers this yet; ask again, and if it stays so, the log knows why",
        "nog geen checkpoint omvat dit; vraag het nog eens, en blijft het zo, dan weet het log waarom",
    ),
    ("give `sequence` or `id`, one of them", "geef `sequence` of `id`, een van beide"),
    ("give `id` or `reference`, one of them", "geef `id` of `reference`, een van beide"),
    ("give `first` or `last`, not both", "geef `first` of `last`, niet beide"),
    ("this is not the id of an event or a checkpoint", "dit is niet het id van een feit of een checkpoint"),
    ("too much has these words; add another one", "te veel heeft deze woorden; voeg er een toe"),
    ("give the document as `query`", "geef het document als `query`"),
    (
        "this server keeps no documents; send the document itself as `query`",
        "deze server bewaart geen documenten; stuur het document zelf als `query`",
    ),
    (
        "only the documents that this server keeps may run, and this is none of them",
        "alleen de documenten die deze server bewaart mogen worden uitgevoerd, en dit is er geen van",
    ),
    (
        "the document has no operation: add a query, a mutation or a subscription",
        "het document heeft geen operatie: voeg een query, mutation of subscription toe",
    ),
    (
        "the document has several operations: say with `operationName` which one is to run",
        "het document heeft meer operaties: zeg met `operationName` welke moet worden uitgevoerd",
    ),
    (
        "the index of facts is not whole; let the operator run `griffie project --rebuild`",
        "de index van feiten is niet volledig; laat de beheerder `griffie project --rebuild` uitvoeren",
    ),
    ("the server has too much to do; try again soon", "de server heeft te veel te doen; probeer het straks nog eens"),
    (
        "the operation took too long; a fact that was taken is recorded: ask again with the same idempotency key",
        "de operatie duurde te lang; een feit dat was aangenomen is vastgelegd: vraag het nog eens met dezelfde sleutel",
    ),
    (
        "this ledger answers programs on its own machine, not pages of other sites",
        "dit register antwoordt programma's op de eigen machine, geen pagina's van andere sites",
    ),
    ("send the request as Content-Type: application/json", "stuur het verzoek als Content-Type: application/json"),
    (
        "accept application/graphql-response+json, application/json or text/event-stream",
        "accepteer application/graphql-response+json, application/json of text/event-stream",
    ),
    ("use POST, or GET for queries", "gebruik POST, of GET voor query's"),
    ("a mutation is sent by POST", "een mutation wordt met POST gestuurd"),
    (
        "subscriptions are answered as text/event-stream, or over a WebSocket",
        "subscriptions worden beantwoord als text/event-stream, of over een WebSocket",
    ),
    ("batches are not possible; send one request at a time", "stuur een verzoek tegelijk; reeksen zijn niet mogelijk"),
    ("you have too many open event streams; close one", "u heeft te veel open stromen; sluit er een"),
    ("you have too many open WebSockets; close one", "u heeft te veel open WebSockets; sluit er een"),
    (
        "the database is locked by another program; end that program or try again",
        "de database is vergrendeld door een ander programma; beëindig dat of probeer het nog eens",
    ),
    (
        "the database cannot be reached; check the URL, and that the file or server is there",
        "de database is niet bereikbaar; controleer de URL, en of het bestand of de server er is",
    ),
];
