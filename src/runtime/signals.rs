//! Signals as events of the loop.

use std::io;

use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Give the terminal back and end with the status of this signal.
    End(i32),
    /// The terminal has another size.
    Resize,
    /// Stop until continued.
    Stop,
    /// The process was continued: the terminal may have been changed by the shell.
    Continued,
}

/// The listeners.
pub(super) struct Signals {
    ending: [(Signal, i32); 4],
    resize: Signal,
    stop: Signal,
    continued: Signal,
}

impl Signals {
    /// Begins to listen; from here on the signals no longer end the process by themselves.
    pub(super) fn new() -> io::Result<Self> {
        let on = |number: Number| signal(SignalKind::from_raw(number.as_raw()));
        let end = |number: Number| Ok::<_, io::Error>((on(number)?, number.as_raw()));
        Ok(Self {
            ending: [
                end(Number::TERM)?,
                end(Number::HUP)?,
                end(Number::INT)?,
                end(Number::QUIT)?,
            ],
            resize: on(Number::WINCH)?,
            stop: on(Number::TSTP)?,
            continued: on(Number::CONT)?,
        })
    }

    /// The next thing that is asked for.
    pub(super) async fn next(&mut self) -> Asked {
        let [term, hup, int, quit] = &mut self.ending;
        tokio::select! {
            biased;
            _ = term.0.recv() => Asked::End(term.1),
            _ = hup.0.recv() => Asked::End(hup.1),
            _ = quit.0.recv() => Asked::End(quit.1),
            _ = int.0.recv() => Asked::End(int.1),
            _ = self.resize.recv() => Asked::Resize,
            _ = self.stop.recv() => Asked::Stop,
            _ = self.continued.recv() => Asked::Continued,
        }
    }

    /// The next signal that ends the process while a child has the terminal: an interrupt from its keyboard is meant
    /// for the child.
    pub(super) async fn next_end_beside_child(&mut self) -> i32 {
        let [term, hup, _, _] = &mut self.ending;
        tokio::select! {
            biased;
            _ = term.0.recv() => term.1,
            _ = hup.0.recv() => hup.1,
        }
    }

    /// Forgets what came while a child had the terminal.
    pub(super) fn forget(&mut self) {
        let waker = std::task::Waker::noop();
        let mut context = std::task::Context::from_waker(waker);
        let [_, _, int, quit] = &mut self.ending;
        for signal in [
            &mut int.0,
            &mut quit.0,
            &mut self.resize,
            &mut self.stop,
            &mut self.continued,
        ] {
            while signal.poll_recv(&mut context).is_ready() {}
        }
    }
}

/// Stops the process until it is continued. The stop that cannot be caught is used: the other one is dropped for
/// an orphaned process group, and the terminal would stay given back with nobody at the keyboard.
pub(super) fn stop_here() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), Number::STOP);
}
