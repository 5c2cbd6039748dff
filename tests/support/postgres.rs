//! A PostgreSQL server for the tests, and a fresh database on it for each.
//!
//! The server is the one that `GRIFFIE_TEST_POSTGRES` names, by a URL whose role may create databases. Else it is a
//! private one, made once per test process in a temporary folder and reached by a socket in there. A shell holds it:
//! the shell reads from a pipe that ends with the test process, however that ends, and then stops the server and
//! removes the folder. Where there is neither, the tests on PostgreSQL are skipped loudly, or fail if `CI` is set.

use std::collections::hash_map::RandomState;
use std::fmt::Write as _;
use std::hash::{BuildHasher, Hasher};
use std::io::{BufRead, BufReader, Read, Write as _};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::panic;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, io, thread};

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};

/// The environment variable that names a server to use.
const SERVER_VARIABLE: &str = "GRIFFIE_TEST_POSTGRES";
/// The longest path of a socket that every system accepts.
const SOCKET_PATH_BYTES_MAX: usize = 103;
/// The name of the socket in its folder.
const SOCKET_NAME: &str = ".s.PGSQL.5432";
/// Users that may run the server when the tests run as root, whom PostgreSQL refuses.
const SERVER_USERS: [&str; 2] = ["postgres", "nobody"];

/// The life of a private server, as a shell runs it: `$1` has the binaries, `$2` is its folder, `$3` the settings.
///
/// The folder needs no flush and no orderly shutdown at its end; the server itself does flush, as the store demands.
const LIFE: &str = r#"
exec 2>&1
set -eu
finish() {
    cd /
    "$1/pg_ctl" --pgdata="$2/data" --mode=immediate stop >/dev/null || true
    rm -rf "$2"
}
trap 'finish "$@"' EXIT
trap 'exit 1' HUP INT TERM
trap '' PIPE
cd "$2"
"$1/initdb" --pgdata=data --username=postgres --auth=trust --locale=C --encoding=UTF8 --no-sync </dev/null >log ||
    { cat log; exit 1; }
printf '%s' "$3" >>data/postgresql.conf
"$1/pg_ctl" --pgdata=data --log=log --wait start </dev/null >/dev/null || { cat log; exit 1; }
echo ready
exec >/dev/null 2>&1
read -r _ || true
"#;

/// A fresh, empty database; dropped with this value.
pub struct Database {
    server: &'static Server,
    name: String,
    url: String,
}

impl Database {
    /// Makes a database; `None` where there is no server, which has been said loudly then.
    pub fn fresh() -> Option<Self> {
        let server = server()?;
        let name = unique_name();
        let url = url_of_database(&server.url, &name);
        server
            .execute(format!("create database {name}"))
            .unwrap_or_else(|error| panic!("no database could be made at {}: {error}", server.url));
        Some(Self { server, name, url })
    }

    /// Returns the URL of the database.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A test that panicked may have left connections open.
        let dropped = self.server.execute(format!("drop database {} with (force)", self.name));
        if let Err(error) = dropped {
            eprintln!("the database {} is left at {}: {error}", self.name, self.server.url);
        }
    }
}

/// A server that runs until the end of the test process.
struct Server {
    /// A URL of a database that is there, to make others from.
    url: String,
    /// The shell that holds a private server. It waits for the end of its input, which nobody writes.
    _shell: Option<Child>,
}

impl Server {
    /// Runs a statement in a thread of its own, so that it can be waited for in any runtime and in `drop`.
    fn execute(&self, statement: String) -> Result<(), sqlx::Error> {
        let run = async {
            let mut connection = PgConnection::connect(&self.url).await?;
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await?;
            connection.close().await
        };
        let wait = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(run)
        };
        thread::scope(|scope| scope.spawn(wait).join()).unwrap_or_else(|payload| panic::resume_unwind(payload))
    }
}

fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(find_server).as_ref()
}

fn find_server() -> Option<Server> {
    if let Ok(url) = env::var(SERVER_VARIABLE) {
        return Some(Server { url, _shell: None });
    }
    match newest_binaries() {
        Some(binaries) => Some(start(&binaries)),
        None => {
            refuse_or_skip();
            None
        }
    }
}

/// Fails on a build server; elsewhere says on the terminal, past the capture of test output, what is not tested.
fn refuse_or_skip() {
    let message = format!(
        "NOT TESTED ON POSTGRESQL: no server binaries were found.\n\
         Install them (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server;\n\
         macOS: brew install postgresql), or set {SERVER_VARIABLE} to the URL of a server whose role may create databases."
    );
    assert!(env::var_os("CI").is_none_or(|value| value.is_empty()), "{message}");
    let rule = "!".repeat(100);
    let _ = writeln!(io::stderr(), "\n{rule}\n{message}\n{rule}\n");
}

/// Finds the folder that has the newest of the server's programs.
fn newest_binaries() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let configured = output_of(Command::new("pg_config").arg("--bindir"));
    env::split_paths(&path)
        .chain(debian.map(|version| version.path().join("bin")))
        .chain(configured.map(PathBuf::from))
        .filter(|folder| ["initdb", "pg_ctl"].iter().all(|program| folder.join(program).is_file()))
        .filter_map(|folder| Some((version(&folder)?, folder)))
        .max_by_key(|(version, _)| *version)
        .map(|(_, folder)| folder)
}

/// Reads the major version from, say, `postgres (PostgreSQL) 17.2 (Debian 17.2-1)`.
fn version(folder: &Path) -> Option<u32> {
    let text = output_of(Command::new(folder.join("postgres")).arg("--version"))?;
    let number = text.split_whitespace().nth(2)?;
    number.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// Starts a private server and waits until it answers.
fn start(binaries: &Path) -> Server {
    let folder = private_folder();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", LIFE, "griffie-test-postgres"]).arg(binaries).arg(&folder).arg(settings(&folder));
    // A group of its own: an interrupt from the terminal is for the test process, and the pipe tells of it.
    shell.current_dir("/").env("LC_ALL", "C").process_group(0);
    shell.stdin(Stdio::piped()).stdout(Stdio::piped());
    if fs::metadata(&folder).unwrap().uid() == 0 {
        let (user, group) = server_user();
        chown(&folder, Some(user), Some(group)).unwrap();
        shell.uid(user).gid(group);
    }
    let mut running = shell.spawn().unwrap();
    let mut said = BufReader::new(running.stdout.take().unwrap());
    let mut answer = String::new();
    said.read_line(&mut answer).unwrap();
    if answer != "ready\n" {
        said.read_to_string(&mut answer).unwrap();
        panic!("PostgreSQL of {} could not be started:\n{answer}", binaries.display());
    }
    Server {
        url: format!("postgres://postgres@localhost:5432/postgres?host={}", folder.display()),
        _shell: Some(running),
    }
}

/// Nothing listens but the socket; many tests hold many pools.
fn settings(folder: &Path) -> String {
    let folder = folder.display();
    format!("port = 5432\nlisten_addresses = ''\nunix_socket_directories = '{folder}'\nmax_connections = 400\n")
}

/// Makes a folder that only we can read, of a path short enough for a socket in it.
fn private_folder() -> PathBuf {
    let fits = |parent: &PathBuf| parent.as_os_str().len() + SOCKET_NAME.len() + 32 <= SOCKET_PATH_BYTES_MAX;
    let parent = Some(env::temp_dir()).filter(fits).unwrap_or_else(|| PathBuf::from("/tmp"));
    let folder = tempfile::Builder::new().prefix("griffie-postgres-").tempdir_in(parent).unwrap();
    let folder = folder.keep();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    assert!(
        folder.as_os_str().as_bytes().iter().all(plain),
        "{} would need quotes in settings and URLs; set TMPDIR to a plain path",
        folder.display()
    );
    folder
}

/// Finds a user and group to run the server as root cannot.
fn server_user() -> (u32, u32) {
    let number = |flag, name| output_of(Command::new("id").args([flag, name]))?.parse().ok();
    SERVER_USERS
        .iter()
        .find_map(|name| Some((number("-u", *name)?, number("-g", *name)?)))
        .unwrap_or_else(|| panic!("PostgreSQL refuses to run as root, and there is none of the users {SERVER_USERS:?}"))
}

/// Runs a small program; `None` if it is not there or fails.
fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end().to_owned())
}

/// Names a database as nobody else does: several machines may share the server.
fn unique_name() -> String {
    static RANDOM: OnceLock<u64> = OnceLock::new();
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let random = RANDOM.get_or_init(|| RandomState::new().build_hasher().finish());
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("griffie_test_{}_{random:016x}_{count}", process::id())
}

/// Puts another database into a URL such as `postgres://user@host:5432/postgres?sslmode=disable`.
fn url_of_database(server: &str, name: &str) -> String {
    let (address, parameters) = server.split_once('?').unwrap_or((server, ""));
    let authority = address.split('/').nth(2).unwrap_or_default();
    let mut url = format!("postgres://{authority}/{name}");
    if !parameters.is_empty() {
        write!(url, "?{parameters}").unwrap();
    }
    url
}
