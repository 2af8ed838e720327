//! The program: hooks, commands, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // No environment, no span trace: a panic report must not carry secrets.
    let hooks = color_eyre::config::HookBuilder::default()
        .display_env_section(false)
        .install();
    // Without them a panic is only less pretty.
    drop(hooks);
    gonogo::cli::run()
}
