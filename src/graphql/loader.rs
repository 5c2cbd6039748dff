//! Batched reading within one request.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;

use super::error::WireError;
use crate::ledger::erasable::Digest;
use crate::store::{Store, VaultRow, vault};

/// Opens commitments, many with one query.
pub struct VaultLoader {
    /// Where the vault is.
    pub store: Store,
}

impl Loader<Digest> for VaultLoader {
    type Value = VaultRow;
    type Error = async_graphql::Error;

    async fn load(&self, digests: &[Digest]) -> Result<HashMap<Digest, VaultRow>, async_graphql::Error> {
        let rows = async { vault(self.store.read().await?.conn(), digests).await }
            .await
            .map_err(|error| WireError::from(error).0)?;
        Ok(rows.into_iter().map(|row| (row.digest.clone(), row)).collect())
    }
}
