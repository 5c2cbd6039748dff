//! The program `griffie`.

use std::process::ExitCode;

fn main() -> ExitCode {
    griffie::cli::main()
}
