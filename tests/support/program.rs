//! The program as a process of its own, serving a fresh ledger.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

/// A `griffie serve` on a SQLite ledger of one entry; killed with this value.
pub struct Program {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    _said: BufReader<ChildStdout>,
    _folder: TempDir,
}

impl Program {
    /// Founds a ledger in a fresh folder and serves it on a free port.
    pub fn serve() -> Self {
        let folder = TempDir::with_prefix("griffie-program-").unwrap();
        let founded = griffie(folder.path())
            .args(["ledger", "found", "--origin", "ledger.example/tenant-1", "--law", "none"])
            .output();
        let founded = founded.unwrap();
        assert!(founded.status.success(), "{}", String::from_utf8_lossy(&founded.stderr));
        let mut serving = griffie(folder.path());
        serving.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = serving.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let address = line.strip_prefix("Serving http://").and_then(|rest| rest.split_once('/')?.0.parse().ok());
        let address = address.unwrap_or_else(|| panic!("the program does not serve: {line}"));
        Self { child, address, _said: said, _folder: folder }
    }

    /// Returns the most memory that the process ever had, in KiB; `None` where the system does not tell.
    pub fn peak_memory_kib(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        peak.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// Tells whether the process still runs.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program in a folder, with no settings from the environment.
fn griffie(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_griffie"));
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRIFFIE_")) {
        command.env_remove(name);
    }
    command
}
