//! Reading the keyboard without a thread: the loop itself waits for the terminal to be readable.
//!
//! Not here: what the bytes mean (`keys`). Invariants: a read never blocks the loop; while the editor has the
//! terminal nobody reads from it.

use std::io;
use std::os::fd::OwnedFd;

use tokio::io::unix::AsyncFd;

use super::keys::{Input, Parser};

/// The keyboard.
pub(super) struct Keyboard {
    terminal: AsyncFd<OwnedFd>,
    parser: Parser,
}

impl Keyboard {
    /// Listens on standard input, or on the controlling terminal when standard input is none.
    /// Needs the runtime to be there.
    pub(super) fn new() -> io::Result<Self> {
        let stdin = rustix::stdio::stdin();
        let terminal = if rustix::termios::isatty(stdin) {
            rustix::io::dup(stdin)?
        } else {
            OwnedFd::from(std::fs::File::open("/dev/tty")?)
        };
        #[expect(
            deprecated,
            reason = "the new constructor is unsafe because of types that lend a descriptor which is not their own; `OwnedFd` owns it"
        )]
        let terminal = AsyncFd::with_interest(terminal, tokio::io::Interest::READABLE)?;
        Ok(Self {
            terminal,
            parser: Parser::default(),
        })
    }

    /// Waits for the next inputs. An error means that the terminal is gone.
    pub(super) async fn next(&mut self, out: &mut Vec<Input>) -> io::Result<()> {
        loop {
            let mut ready = self.terminal.readable().await?;
            let gone = ready.ready().is_read_closed();
            let bytes = ready.try_io(|terminal| {
                // Only what is there is read: the file is shared with the shell and stays in blocking mode.
                let waiting = rustix::io::ioctl_fionread(terminal.get_ref())?;
                if waiting == 0 {
                    return Err(if gone {
                        io::ErrorKind::UnexpectedEof.into()
                    } else {
                        io::ErrorKind::WouldBlock.into()
                    });
                }
                let mut bytes = [0_u8; 4096];
                let most = usize::try_from(waiting).unwrap_or(4096).min(4096);
                let read = rustix::io::read(terminal.get_ref(), &mut bytes[..most])?;
                if read == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                Ok((bytes, read))
            });
            match bytes {
                Ok(Ok((bytes, read))) => {
                    self.parser.feed(bytes.get(..read).unwrap_or_default(), out);
                    if !out.is_empty() {
                        return Ok(());
                    }
                }
                Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(Err(error)) => return Err(error),
                // Nothing there after all: wait again.
                Err(_would_block) => {}
            }
        }
    }

    /// Forgets what was typed and not read yet: answers of the terminal must not reach the shell.
    pub(super) fn discard(&self) {
        let _ = rustix::termios::tcflush(self.terminal.get_ref(), rustix::termios::QueueSelector::IFlush);
    }
}
