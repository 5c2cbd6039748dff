//! What the stories share: fresh databases of both kinds.

pub mod api;
pub mod ledger;
pub mod postgres;
pub mod program;
pub mod wire;

use std::thread;

use tempfile::TempDir;

/// Runs a story on a fresh SQLite file and then on a fresh PostgreSQL database, given the URL of each.
///
/// When the story panics, one more line names the database it failed on. Both databases are gone afterwards.
pub async fn on_both(name: &str, story: impl AsyncFn(String)) {
    on_sqlite(name, &story).await;
    on_postgres(name, &story).await;
}

async fn on_sqlite(name: &str, story: &impl AsyncFn(String)) {
    let folder = TempDir::with_prefix("griffie-sqlite-").unwrap();
    let _blame = Blame { story: name, database: "SQLite" };
    story(format!("sqlite:{}", folder.path().join("ledger.db").display())).await;
}

async fn on_postgres(name: &str, story: &impl AsyncFn(String)) {
    let Some(database) = postgres::Database::fresh() else {
        return;
    };
    let _blame = Blame { story: name, database: "PostgreSQL" };
    story(database.url().to_owned()).await;
}

/// Says which database a story failed on, below the panic itself.
struct Blame<'a> {
    story: &'a str,
    database: &'static str,
}

impl Drop for Blame<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the story `{}` failed on {}", self.story, self.database);
        }
    }
}
