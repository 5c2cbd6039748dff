use sqlx::migrate::MigrateError;

/// Says why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be used now; nothing was written.
    #[error("{0}")]
    Unavailable(Unavailable, #[source] Option<sqlx::Error>),
    /// A row exists already that would have to be unique.
    #[error("a row exists already")]
    Conflict(#[source] sqlx::Error),
    /// A stored row is not what the ledger once wrote.
    #[error("the stored {table}.{column} at {position} is damaged: {source}; run `griffie verify`")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The sequence or size of the row.
        position: i64,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database is of a newer version of the program, or not one of ours.
    #[error("{0}")]
    WrongDatabase(&'static str),
    /// Anything else the driver reports.
    #[error("the database driver failed")]
    Driver(#[source] sqlx::Error),
    /// The tables could not be made.
    #[error("the tables could not be made")]
    Migrate(#[source] MigrateError),
}

/// Why a database cannot be used, in words that tell an operator what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// Another program holds it.
    #[error("the database is locked by another program; end that program or try again")]
    Locked,
    /// No space left.
    #[error("the disk of the database is full; make room and try again")]
    Full,
    /// It may not be written.
    #[error("the database is read-only; check its file permissions and the URL")]
    ReadOnly,
    /// It cannot be reached or opened.
    #[error("the database cannot be reached; check the URL, and that the file or server is there")]
    Unreachable,
}

impl StoreError {
    /// Reports a stored value that cannot be what was written.
    pub fn corrupt(
        table: &'static str,
        column: &'static str,
        position: i64,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Corrupt { table, column, position, source: source.into() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let reason = match &error {
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
                Some(Unavailable::Unreachable)
            }
            sqlx::Error::WorkerCrashed => Some(Unavailable::Unreachable),
            sqlx::Error::Database(database)
                if database.is_unique_violation() || is_append_only_trigger(&**database) =>
            {
                return Self::Conflict(error);
            }
            sqlx::Error::Database(database) => database.code().and_then(|code| reason(&code)),
            _ => None,
        };
        match reason {
            Some(reason) => Self::Unavailable(reason, Some(error)),
            None => Self::Driver(error),
        }
    }
}

/// In SQLite a trigger refuses a second row of the same key before the key itself does (SQLITE_CONSTRAINT_TRIGGER).
fn is_append_only_trigger(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.code().as_deref() == Some("1811")
}

/// Reads SQLite's (extended) result codes and PostgreSQL's SQLSTATEs.
fn reason(code: &str) -> Option<Unavailable> {
    if code.len() == 5 {
        return match code {
            "55P03" | "40001" | "40P01" => Some(Unavailable::Locked),
            "53100" => Some(Unavailable::Full),
            "25006" | "42501" => Some(Unavailable::ReadOnly),
            "53200" | "53300" | "3D000" | "57014" | "57P01" | "57P02" | "57P03" => Some(Unavailable::Unreachable),
            _ => None,
        };
    }
    match code.parse::<u32>().ok()? & 0xff {
        5 | 6 => Some(Unavailable::Locked),
        13 => Some(Unavailable::Full),
        8 => Some(Unavailable::ReadOnly),
        9 | 10 | 14 => Some(Unavailable::Unreachable),
        _ => None,
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
                Self::WrongDatabase("the database was made by a newer version of griffie; use that version")
            }
            MigrateError::VersionMismatch(_) => {
                Self::WrongDatabase("the tables of the database were made by another build of griffie; use that build")
            }
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => match Self::from(error) {
                Self::Driver(error) => Self::Migrate(MigrateError::Execute(error)),
                other => other,
            },
            other => Self::Migrate(other),
        }
    }
}
