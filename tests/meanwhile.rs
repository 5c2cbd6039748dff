//! Verification of a ledger that grows meanwhile.

use griffie::engine::{KeyFolder, Sources, correct_clock, found, verify};
use griffie::ledger::name::Sequence;
use griffie::ledger::verify::{FaultKind, Report, Trust};
use griffie::store::Store;
use sqlx::AssertSqlSafe;
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::support::on_both;

/// A row that nobody's head accounts for, far behind the end.
const SURPLUS: &str = "insert into entry (sequence, stream, revision, family, event, recorded, id, body) \
                       select 100, stream, 100, family, event, recorded, 'another', body from entry where sequence = 0";

#[tokio::test(flavor = "multi_thread")]
async fn facts_recorded_meanwhile_are_no_fault() {
    on_both("facts_recorded_meanwhile_are_no_fault", async |url| {
        let ledger = Ledger::founded(&url).await;
        let report = ledger.verify_while_appending().await;
        assert!(report.ok, "{report:?}");
        assert_eq!(report.size, 1, "the ledger as it stood at the beginning");
        assert_eq!(ledger.verify_while_appending().await.size, 2);
        ledger.store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_never_rests_is_no_fault() {
    const VERIFICATIONS: usize = 40;
    on_both("a_writer_that_never_rests_is_no_fault", async |url| {
        let ledger = Ledger::founded(&url).await;
        let appending = async {
            loop {
                ledger.append().await;
            }
        };
        let verifying = async {
            for _ in 0..VERIFICATIONS {
                let report = verify(&ledger.store, Trust::default(), |_, _| ()).await.unwrap();
                assert!(report.ok, "{report:?}");
            }
        };
        tokio::select! {
            () = appending => {}
            () = verifying => {}
        }
        ledger.store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_after_the_end_is_a_fault_meanwhile_too() {
    on_both("a_row_after_the_end_is_a_fault_meanwhile_too", async |url| {
        let ledger = Ledger::founded(&url).await;
        ledger.execute(SURPLUS).await;
        let report = ledger.verify_while_appending().await;
        let faults = report.faults.iter().map(|fault| (fault.kind, fault.from, fault.to));
        assert_eq!(faults.collect::<Vec<_>>(), [(FaultKind::Surplus, 2, 100)]);
        ledger.store.close().await;
    })
    .await;
}

struct Ledger {
    store: Store,
    keys: KeyFolder,
    sources: Sources,
    _folder: TempDir,
}

impl Ledger {
    async fn founded(url: &str) -> Self {
        let store = Store::open(url, true).await.unwrap();
        store.migrate().await.unwrap();
        let folder = TempDir::with_prefix("griffie-keys-").unwrap();
        let (keys, sources) = (KeyFolder::new(folder.path()), Sources::system());
        let origin = "ledger.example/tenant-1".parse().unwrap();
        keys.generate(&origin, &sources).unwrap();
        found(&store, &keys, &origin, &sources, None).await.unwrap();
        Self { store, keys, sources, _folder: folder }
    }

    /// Verifies, and records a fact as soon as the first page is verified.
    async fn verify_while_appending(&self) -> Report {
        let runtime = Handle::current();
        let append = || runtime.block_on(self.append());
        let progress = |_, _| std::thread::scope(|scope| scope.spawn(append).join().unwrap());
        verify(&self.store, Trust::default(), progress).await.unwrap()
    }

    async fn append(&self) {
        let reason = "a fact as good as any".to_owned();
        correct_clock(&self.store, &self.keys, &self.sources, Sequence(0), reason).await.unwrap();
    }

    async fn execute(&self, statement: &'static str) {
        let query = sqlx::raw_sql(AssertSqlSafe(statement));
        match &self.store {
            Store::Sqlite { writer, .. } => query.execute(writer).await.map(drop).unwrap(),
            Store::Postgres { writer, .. } => query.execute(writer).await.map(drop).unwrap(),
        }
    }
}
