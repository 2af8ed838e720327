//! The program: the panic report, the commands, the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Without the hook a panic is only less pretty.
    drop(gonogo::runtime::install_panic_hook());
    gonogo::cli::run()
}
