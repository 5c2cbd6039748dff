//! How the ledger moves: facts are prepared, sequenced, signed, stored and projected; readers follow.

mod following;
mod judging;
mod operator;
mod read;
mod write;

use following::{change, feed, follow};
use judging::{judge, scope, watch};
use operator::{import, law, operate, ready};
use read::{inspect, moment, register, tree};
use write::{append, batch, checkpoint, clock, erase, fact, index, keys, project, queue, words};

pub use append::{
    Answers, AppendError, Appender, BATCH_FACTS_MAX, CLOCK_JUMP_MS_MAX, ClockError, Receipt, SubmitError,
};
pub use change::{CHANGES_PAGE, Change, ChangeCursor, ChangeFilter, ChangeKind, Changes, NotACursor, StateIn};
pub use checkpoint::{Checkpointer, SealError};
pub use clock::{NoEntropy, Sources};
pub use erase::{erase_due, open};
pub use fact::{
    FactRefused, IDEMPOTENCY_KEY_CHARACTERS_MAX, Imported, LIST_ITEMS_MAX, NewFact, SUBMISSION_FACTS_MAX, Submission,
    TEXT_BYTES_MAX,
};
pub use feed::{Checkpoints, FEED_PAGE, Followers, Source};
pub use follow::{LogPosition, POLL_INTERVAL_MS};
pub use import::{
    ImportError, ImportSource, ImportState, PROBLEMS_MAX, Planned, Problem, check_import, facts_done, import_id,
    import_state, imported_stream, record_facts,
};
pub use inspect::{InspectError, verify};
pub use judge::{Judge, JudgeError, Sheets};
pub use keys::{CheckpointSigner, KEY_FILE_BYTES_MAX, KEY_FILE_MODE, KeyFileError, KeyFolder, Keys, SignerError};
pub use law::{InstrumentStanding, compare_law, record_law};
pub use moment::{KnownAt, Moment, MomentError};
pub use operate::{
    OperateError, complete_import, correct_clock, decide_fork, found, introduce_event_key, revoke_event_key,
    start_import,
};
pub use project::{Fit, ProjectError, facts_of, fit, rebuild, say_program};
pub use queue::{CLOCK_IDLE_DAYS_MAX, Engine, Options, QUEUE_SUBMISSIONS_MAX, StartError, hold_fit};
pub use ready::{Health, readiness};
pub use register::{RegisterPage, RegisterState, references, register_page};
pub use scope::{AskError, Named, checks_for, judges_nothing, rule_named, rules_named};
pub use tree::{TreeError, consistency, inclusion, root_at};
pub use watch::{NotAWatchCursor, Notification, WATCH_BEHIND_MAX, Watch, WatchCursor, Watched, WatchedChange};
pub use words::{WORD_CHARACTERS_MAX, words};

/// Writes an error with its sources, for the log.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        // Transparent wrappers repeat the words of what they wrap.
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
