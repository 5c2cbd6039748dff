//! The real program, as processes of its own, in a folder of its own.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, bail};

/// How long a start may take.
const START_WAIT_MS: u64 = 30_000;
/// The origin of the ledger.
const ORIGIN: &str = "crash.example/ledger";

/// A folder with keys and a log, a database, and the program.
pub struct Installation {
    program: PathBuf,
    folder: PathBuf,
    url: String,
}

impl Installation {
    /// Finds the program, which is built beside this one.
    pub fn new(folder: &Path, url: String) -> anyhow::Result<Self> {
        let own = std::env::current_exe()?;
        let program = own.ancestors().nth(2).context("no folder of programs")?.join("griffie");
        if !program.is_file() {
            bail!("there is no {}; run .ci/crash, which builds it", program.display());
        }
        Ok(Self { program, folder: folder.to_owned(), url })
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Founds the ledger.
    pub fn found(&self) -> anyhow::Result<()> {
        self.run(&["ledger", "found", "--origin", ORIGIN]).map(drop)
    }

    /// Runs a command of the program to its end; what it writes to standard output.
    pub fn run(&self, words: &[&str]) -> anyhow::Result<String> {
        let Output { status, stdout, stderr } = self.command(words).stderr(Stdio::piped()).output()?;
        let (stdout, stderr) = (String::from_utf8(stdout)?, String::from_utf8_lossy(&stderr).into_owned());
        if !status.success() {
            bail!("griffie {} ended with {status}: {stdout}{stderr}", words.join(" "));
        }
        Ok(stdout)
    }

    /// Starts a command and kills it after a while, if it is not done by then.
    pub fn run_and_kill(&self, words: &[&str], life: Duration) -> anyhow::Result<()> {
        let mut child = self.command(words).stdout(Stdio::null()).stderr(self.log()?).spawn()?;
        thread::sleep(life);
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Starts the server and kills it after a while, whether it serves by then or not.
    pub fn kill_while_starting(&self, life: Duration) -> anyhow::Result<()> {
        self.run_and_kill(&["serve", "--listen", "127.0.0.1:0"], life)
    }

    /// Starts the server and waits until it serves.
    pub fn serve(&self) -> anyhow::Result<Server> {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(self.log()?).spawn()?;
        let said = child.stdout.take().context("no standard output")?;
        let (send, receive) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(said).read_line(&mut line);
            let _ = send.send(read.map(|_| line));
        });
        let line = receive.recv_timeout(Duration::from_millis(START_WAIT_MS));
        let address = match &line {
            Ok(Ok(line)) => address_in(line),
            _ => None,
        };
        match address {
            Some(address) => Ok(Server { child, address }),
            None => {
                child.kill()?;
                child.wait()?;
                bail!("the server did not start again; its log is {}", self.log_path().display())
            }
        }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).current_dir(&self.folder).stdin(Stdio::null());
        // What the caller has set for a ledger of his own is not for this one.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GRIFFIE_") {
                command.env_remove(name);
            }
        }
        command.env("GRIFFIE_DATABASE", &self.url).env("GRIFFIE_KEYS", self.folder.join("keys"));
        command
    }

    fn log_path(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    fn log(&self) -> anyhow::Result<File> {
        Ok(OpenOptions::new().create(true).append(true).open(self.log_path())?)
    }
}

/// Reads the address from `Serving http://127.0.0.1:41234/graphql (…)`.
fn address_in(line: &str) -> Option<SocketAddr> {
    line.split_once("http://")?.1.split_once('/')?.0.parse().ok()
}

/// A server that serves; killed with this value, if not before.
pub struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Returns where it serves.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it with SIGKILL; an error if it had ended by itself.
    pub fn kill(mut self) -> anyhow::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the server ended by itself, with {status}");
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
