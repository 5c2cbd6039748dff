//! The ledger's private keys as files, and the memory of the checkpoint key.
//!
//! ```text
//! event.pem         signs entries                         PKCS#8, mode 0600
//! event.next.pem    is to take over from it               PKCS#8, mode 0600
//! checkpoint.pem    signs checkpoints                     PKCS#8, mode 0600
//! recovery.pem      revokes the others; keep it offline   PKCS#8, mode 0600
//! fingerprint.key   keys the fingerprints of requests     32 bytes in hex, mode 0600
//! checkpoint.last   the last checkpoint that was signed   a signed note
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::engine::clock::{NoEntropy, Sources};
use crate::ledger::checkpoint::{Checkpoint, CheckpointError};
use crate::ledger::key::{KeyError, KeyName, SigningKey, VerifierKey};
use crate::ledger::merkle::Hash;
use crate::ledger::name::Origin;
use crate::ledger::note::Note;

/// The mode that private files must have.
pub const KEY_FILE_MODE: u32 = 0o600;
/// The longest key file that is read, in bytes.
pub const KEY_FILE_BYTES_MAX: u64 = 4_096;
const EVENT: &str = "event.pem";
const NEXT_EVENT: &str = "event.next.pem";
const CHECKPOINT: &str = "checkpoint.pem";
const RECOVERY: &str = "recovery.pem";
const FINGERPRINT: &str = "fingerprint.key";
const MEMORY: &str = "checkpoint.last";
const MEMORY_LOCK: &str = "checkpoint.lock";

/// Says what is wrong with the keys, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A key file that others may read.
    #[error("{path} has mode {mode:04o}; a private key must have mode 0600: run chmod 600 on it")]
    Mode {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// A file that is too long to be a key.
    #[error("{path} is longer than {KEY_FILE_BYTES_MAX} bytes and so no key")]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// A file that holds no key.
    #[error("{path} holds no key: {source}")]
    Key {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: KeyError,
    },
    /// A fingerprint key that is not 32 bytes in hex.
    #[error("{path} is not 32 bytes in hex")]
    Fingerprint {
        /// The file.
        path: PathBuf,
    },
    /// The name of a key cannot be made from the origin.
    #[error(transparent)]
    Name(#[from] KeyError),
    /// No random bytes.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// A memory that is no checkpoint of this key.
    #[error("{path} is no checkpoint of this ledger: {source}")]
    Memory {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: CheckpointError,
    },
}

/// The folder of a ledger's keys.
#[derive(Clone, Debug)]
pub struct KeyFolder {
    path: PathBuf,
}

/// The keys that a server needs.
#[derive(Debug)]
pub struct Keys {
    /// Signs entries.
    pub event: SigningKey,
    /// Signs checkpoints, and remembers.
    pub checkpoint: CheckpointSigner,
    /// Keys the fingerprints of requests.
    pub fingerprint: Zeroizing<[u8; 32]>,
}

/// Names the key that signs entries.
pub fn event_key_name(origin: &Origin) -> Result<KeyName, KeyError> {
    format!("{origin}/events").parse()
}

fn checkpoint_key_name(origin: &Origin) -> Result<KeyName, KeyError> {
    origin.as_str().parse()
}

fn recovery_key_name(origin: &Origin) -> Result<KeyName, KeyError> {
    format!("{origin}/recovery").parse()
}

impl KeyFolder {
    /// Names the folder; nothing is read.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Returns the folder's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes fresh keys for a new ledger; an existing key is never overwritten.
    pub fn generate(&self, origin: &Origin, sources: &Sources) -> Result<(), KeyFileError> {
        fs::create_dir_all(&self.path).map_err(|source| KeyFileError::File { path: self.path.clone(), source })?;
        for (file, name) in [
            (EVENT, event_key_name(origin)?),
            (CHECKPOINT, checkpoint_key_name(origin)?),
            (RECOVERY, recovery_key_name(origin)?),
        ] {
            let key = SigningKey::from_seed(name, &Zeroizing::new(sources.random()?));
            self.create(file, key.to_pkcs8_pem()?.as_bytes())?;
        }
        let fingerprint = Zeroizing::new(hex::encode(Zeroizing::new(sources.random::<32>()?)));
        self.create(FINGERPRINT, fingerprint.as_bytes())
    }

    /// Loads the keys of a ledger.
    pub fn load(&self, origin: &Origin) -> Result<Keys, KeyFileError> {
        let checkpoint = self.key(CHECKPOINT, checkpoint_key_name(origin)?)?;
        Ok(Keys {
            event: self.key(EVENT, event_key_name(origin)?)?,
            checkpoint: CheckpointSigner { key: checkpoint, folder: self.clone() },
            fingerprint: self.fingerprint()?,
        })
    }

    /// Loads the keys of a ledger that names `event_key` as its current one.
    ///
    /// A change of keys that broke off after the ledger had recorded it is finished here.
    pub fn load_current(&self, origin: &Origin, event_key: &VerifierKey) -> Result<Keys, KeyFileError> {
        self.finish_change(origin, event_key)?;
        self.load(origin)
    }

    /// Adopts the waiting key if the ledger has recorded that it took over.
    pub(in crate::engine) fn finish_change(
        &self,
        origin: &Origin,
        event_key: &VerifierKey,
    ) -> Result<(), KeyFileError> {
        let waits = self.path.join(NEXT_EVENT).exists();
        if waits && self.key(NEXT_EVENT, event_key_name(origin)?)?.verifier() == event_key {
            self.adopt_next()?;
            tracing::warn!(key = %event_key, "a change of keys that had broken off is finished");
        }
        Ok(())
    }

    /// Loads the recovery key, which a server does not need and should not have.
    pub fn load_recovery(&self, origin: &Origin) -> Result<SigningKey, KeyFileError> {
        self.key(RECOVERY, recovery_key_name(origin)?)
    }

    /// Makes a key that is to take over from the event key; it waits in a file of its own.
    pub fn generate_next(&self, origin: &Origin, sources: &Sources) -> Result<SigningKey, KeyFileError> {
        if self.path.join(NEXT_EVENT).exists() {
            // An earlier change of keys broke off before the ledger recorded it: its key was never used.
            return self.key(NEXT_EVENT, event_key_name(origin)?);
        }
        let key = SigningKey::from_seed(event_key_name(origin)?, &Zeroizing::new(sources.random()?));
        self.create(NEXT_EVENT, key.to_pkcs8_pem()?.as_bytes())?;
        Ok(key)
    }

    /// Puts the waiting key in the place of the event key, after the ledger has recorded the change.
    pub fn adopt_next(&self) -> Result<(), KeyFileError> {
        let (next, current) = (self.path.join(NEXT_EVENT), self.path.join(EVENT));
        fs::rename(&next, &current).map_err(|source| KeyFileError::File { path: next, source })?;
        self.sync()
    }

    fn key(&self, file: &str, name: KeyName) -> Result<SigningKey, KeyFileError> {
        let path = self.path.join(file);
        let pem = read_private(&path)?;
        SigningKey::from_pkcs8_pem(name, &pem).map_err(|source| KeyFileError::Key { path, source })
    }

    /// Loads the key of the fingerprints alone.
    pub(in crate::engine) fn fingerprint(&self) -> Result<Zeroizing<[u8; 32]>, KeyFileError> {
        let path = self.path.join(FINGERPRINT);
        let text = read_private(&path)?;
        let mut key = Zeroizing::new([0; 32]);
        match hex::decode_to_slice(text.trim_end(), key.as_mut_slice()) {
            Ok(()) => Ok(key),
            Err(_) => Err(KeyFileError::Fingerprint { path }),
        }
    }

    fn create(&self, file: &str, content: &[u8]) -> Result<(), KeyFileError> {
        let path = self.path.join(file);
        let write = || {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(KEY_FILE_MODE).open(&path)?;
            file.write_all(content)?;
            file.sync_all()
        };
        write().map_err(|source| KeyFileError::File { path: path.clone(), source })?;
        self.sync()
    }

    fn sync(&self) -> Result<(), KeyFileError> {
        let sync = || File::open(&self.path)?.sync_all();
        sync().map_err(|source| KeyFileError::File { path: self.path.clone(), source })
    }
}

fn read_private(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
    let file = |source| KeyFileError::File { path: path.to_owned(), source };
    let metadata = fs::metadata(path).map_err(file)?;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode != KEY_FILE_MODE {
        return Err(KeyFileError::Mode { path: path.to_owned(), mode });
    }
    if metadata.len() > KEY_FILE_BYTES_MAX {
        return Err(KeyFileError::TooLong { path: path.to_owned() });
    }
    fs::read_to_string(path).map(Zeroizing::new).map_err(file)
}

/// The checkpoint key with its memory: it never signs two histories.
#[derive(Debug)]
pub struct CheckpointSigner {
    key: SigningKey,
    folder: KeyFolder,
}

/// Says why no checkpoint was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// A larger tree was signed before. A database that is behind has lost entries.
    #[error("the checkpoint key has signed {signed} entries, this is {offered}")]
    Behind {
        /// The size signed before.
        signed: u64,
        /// The size offered now.
        offered: u64,
    },
    /// Another history was signed before.
    #[error("the checkpoint key has signed another history of {size} entries")]
    Forked {
        /// The size at which the histories differ.
        size: u64,
    },
    /// Another server signed meanwhile; look again.
    #[error("another server signed a checkpoint meanwhile")]
    Moved,
    /// The memory cannot be read or written.
    #[error(transparent)]
    Files(#[from] KeyFileError),
    /// The checkpoint itself is wrong.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl CheckpointSigner {
    /// Returns the key's public half.
    pub fn verifier(&self) -> &crate::ledger::key::VerifierKey {
        self.key.verifier()
    }

    /// Returns the last checkpoint that was signed.
    pub fn remembered(&self) -> Result<Option<Checkpoint>, SignerError> {
        let path = self.folder.path.join(MEMORY);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(KeyFileError::File { path, source }.into()),
        };
        match Checkpoint::open(&bytes, self.key.verifier()) {
            Ok((checkpoint, _)) => Ok(Some(checkpoint)),
            Err(source) => Err(KeyFileError::Memory { path, source }.into()),
        }
    }

    /// Signs a checkpoint after remembering it durably.
    ///
    /// `earlier` is a size and the root that the offered tree has there; it must be the remembered size if that is
    /// smaller than the offered one. A lock file keeps servers that share the folder apart.
    pub fn sign(&self, checkpoint: &Checkpoint, earlier: Option<(u64, Hash)>) -> Result<Note, SignerError> {
        let _lock = self.lock()?;
        if let Some(remembered) = self.remembered()? {
            consistent(&remembered, checkpoint, earlier)?;
        }
        self.remember(checkpoint)
    }

    /// Signs a checkpoint whatever was signed before: only after the operator's decision is a fact of the ledger.
    pub fn sign_after_decision(&self, checkpoint: &Checkpoint) -> Result<Note, SignerError> {
        let _lock = self.lock()?;
        self.remember(checkpoint)
    }

    /// Keeps other servers that share the folder out until the file is dropped.
    fn lock(&self) -> Result<File, KeyFileError> {
        let path = self.folder.path.join(MEMORY_LOCK);
        let open = || {
            let file = OpenOptions::new().write(true).create(true).truncate(false).mode(KEY_FILE_MODE).open(&path)?;
            file.lock().map(|()| file)
        };
        open().map_err(|source| KeyFileError::File { path: path.clone(), source })
    }

    fn remember(&self, checkpoint: &Checkpoint) -> Result<Note, SignerError> {
        let note = checkpoint.sign(&self.key)?;
        let (path, new) = (self.folder.path.join(MEMORY), self.folder.path.join("checkpoint.new"));
        let write = || {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(KEY_FILE_MODE).open(&new)?;
            file.write_all(&note.encode())?;
            file.sync_all()?;
            fs::rename(&new, &path)
        };
        write().map_err(|source| KeyFileError::File { path: path.clone(), source })?;
        self.folder.sync()?;
        Ok(note)
    }
}

fn consistent(remembered: &Checkpoint, offered: &Checkpoint, earlier: Option<(u64, Hash)>) -> Result<(), SignerError> {
    if remembered.size() > offered.size() {
        return Err(SignerError::Behind { signed: remembered.size(), offered: offered.size() });
    }
    let root = match earlier {
        _ if remembered.size() == offered.size() => offered.root(),
        Some((size, root)) if size == remembered.size() => root,
        _ => return Err(SignerError::Moved),
    };
    if root == remembered.root() { Ok(()) } else { Err(SignerError::Forked { size: remembered.size() }) }
}
