//! A change of keys that breaks off after the ledger has recorded it, before the key file is in its place.

use std::fs;
use std::path::Path;

use griffie::engine::{Engine, KeyFolder, Options, Sources, found, introduce_event_key, revoke_event_key, verify};
use griffie::ledger::name::{Origin, Sequence};
use griffie::ledger::verify::Trust;
use griffie::store::Store;
use tempfile::TempDir;

use crate::support::on_both;

#[tokio::test]
async fn a_server_finishes_a_change_of_keys_that_broke_off() {
    on_both("a_server_finishes_a_change_of_keys_that_broke_off", async |url| {
        let (store, folder, origin) = founded(&url).await;
        let (keys, sources) = (KeyFolder::new(folder.path()), Sources::system());
        break_off(folder.path(), async || {
            introduce_event_key(&store, &keys, &sources).await.unwrap();
        })
        .await;
        let options = Options { sources: sources.clone(), accept_clock: false };
        Engine::start(store.clone(), &keys, options).await.map(drop).unwrap();
        break_off(folder.path(), async || {
            let recovery = keys.load_recovery(&origin).unwrap();
            revoke_event_key(&store, &keys, recovery, Sequence(2), &sources).await.unwrap();
        })
        .await;
        // The next change begins with the key that the ledger names, too.
        introduce_event_key(&store, &keys, &sources).await.unwrap();
        let report = verify(&store, Trust::default(), |_, _| {}).await.unwrap();
        assert!(report.ok && report.size == 4, "{report:?}");
        store.close().await;
    })
    .await;
}

/// Changes keys, and puts the files back to where a crash before the last step leaves them.
async fn break_off(folder: &Path, change: impl AsyncFnOnce()) {
    let (current, next) = (folder.join("event.pem"), folder.join("event.next.pem"));
    let before = folder.join("before.pem");
    fs::copy(&current, &before).unwrap();
    change().await;
    fs::rename(&current, &next).unwrap();
    fs::rename(&before, &current).unwrap();
}

async fn founded(url: &str) -> (Store, TempDir, Origin) {
    let store = Store::open(url, true).await.unwrap();
    store.migrate().await.unwrap();
    let folder = TempDir::with_prefix("griffie-keys-").unwrap();
    let (keys, sources) = (KeyFolder::new(folder.path()), Sources::system());
    let origin: Origin = "ledger.example/tenant-1".parse().unwrap();
    keys.generate(&origin, &sources).unwrap();
    found(&store, &keys, &origin, &sources, None).await.unwrap();
    (store, folder, origin)
}
