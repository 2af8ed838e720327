//! Notices changes on disk: documents, and where git stands. Sleeps until something happens.
//!
//! Folders are watched without their subfolders, so that a large repository costs a watch per folder with documents.
//! When the system has no watches left, the same folders are looked at every two seconds instead, and a problem says so.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{EventKind, ModifyKind};
use notify::{Config, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::files::TEMPORARY_PREFIX;
use super::git::Layout;
use crate::model::{Problem, ProblemSeverity};

/// Quiet time after which collected changes are told.
const DEBOUNCE: Duration = Duration::from_millis(150);
/// Changes that never stop are told at least this often.
const LONGEST: Duration = Duration::from_secs(1);
/// Between two looks when the system cannot watch.
const POLL: Duration = Duration::from_secs(2);
/// More changed paths than this are told as "look at everything again".
const MOST_PATHS: usize = 512;

/// What happened on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// These files came, went or changed; ascending, each once.
    Files(Vec<PathBuf>),
    /// HEAD, the index or a branch moved.
    Git,
    /// So much that everything is to be read again.
    Everything,
}

/// Watches until it is dropped.
pub struct Watch {
    watcher: Box<dyn Watcher + Send>,
    root: PathBuf,
    seen: BTreeSet<PathBuf>,
    polls: bool,
    events: Sender<Event>,
    layout: Option<Layout>,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch")
            .field("root", &self.root)
            .field("folders", &self.seen.len())
            .finish()
    }
}

/// What the collecting thread is told.
enum Event {
    File(PathBuf),
    Git,
    Everything,
}

impl Watch {
    /// Watches the repository's top, git's own folder and `folders`; calls `on` on a thread of its own.
    #[must_use]
    pub fn start(
        root: &Path,
        folders: &[PathBuf],
        on: impl FnMut(Changed) + Send + 'static,
    ) -> (Option<Self>, Vec<Problem>) {
        let layout = Layout::at(root);
        let (events, received) = channel();
        std::thread::spawn(move || collect(&received, on));
        let native = RecommendedWatcher::new(sieve(root, layout.as_ref(), events.clone()), Config::default());
        let mut problems = Vec::new();
        let mut watch = match native {
            Ok(watcher) => Self {
                watcher: Box::new(watcher),
                root: root.to_path_buf(),
                seen: BTreeSet::new(),
                polls: false,
                events,
                layout,
            },
            Err(error) => {
                problems.push(cannot_watch(&error));
                match polling(root, layout.as_ref(), events.clone()) {
                    Some(watcher) => Self {
                        watcher,
                        root: root.to_path_buf(),
                        seen: BTreeSet::new(),
                        polls: true,
                        events,
                        layout,
                    },
                    None => return (None, problems),
                }
            }
        };
        let git: Vec<PathBuf> = watch.layout.iter().flat_map(git_folders).collect();
        problems.extend(watch.add(&git));
        problems.extend(watch.add(&[root.to_path_buf()]));
        problems.extend(watch.add(folders));
        (Some(watch), problems)
    }

    /// Watches further folders; those that are watched already cost nothing.
    pub fn add(&mut self, folders: &[PathBuf]) -> Option<Problem> {
        for folder in folders {
            if self.seen.contains(folder) || !folder.is_dir() {
                continue;
            }
            match self.watcher.watch(folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.seen.insert(folder.clone());
                }
                Err(error) if !self.polls => {
                    let problem = cannot_watch(&error);
                    self.poll_instead();
                    // Everything again, now by polling.
                    self.add(folders);
                    return Some(problem);
                }
                Err(_) => {}
            }
        }
        None
    }

    /// Whether the disk is looked at every two seconds instead of being told.
    #[must_use]
    pub const fn polls(&self) -> bool {
        self.polls
    }

    fn poll_instead(&mut self) {
        self.polls = true;
        let Some(mut watcher) = polling(&self.root, self.layout.as_ref(), self.events.clone()) else {
            return;
        };
        for folder in &self.seen {
            let _ = watcher.watch(folder, RecursiveMode::NonRecursive);
        }
        self.watcher = watcher;
    }
}

fn polling(root: &Path, layout: Option<&Layout>, events: Sender<Event>) -> Option<Box<dyn Watcher + Send>> {
    let config = Config::default().with_poll_interval(POLL);
    let watcher = PollWatcher::new(sieve(root, layout, events), config).ok()?;
    Some(Box::new(watcher))
}

fn cannot_watch(error: &notify::Error) -> Problem {
    let limit = matches!(error.kind, notify::ErrorKind::MaxFilesWatch);
    Problem {
        severity: ProblemSeverity::Warning,
        at: Box::default(),
        what: format!(
            "changes on disk are looked for every {} s, because the system cannot report them: {error}",
            POLL.as_secs()
        )
        .into(),
        hint: limit.then(|| "raise `fs.inotify.max_user_watches`".into()),
    }
}

/// git's folders whose direct files tell where it stands: its own, and those of the branches.
fn git_folders(layout: &Layout) -> Vec<PathBuf> {
    let mut folders = vec![layout.git_dir.clone(), layout.common_dir.clone()];
    let mut branches = vec![layout.common_dir.join("refs/heads")];
    // `feature/x` lies in a folder of its own; a repository with thousands of such folders is not followed to the end.
    while let Some(folder) = branches.pop() {
        if folders.len() > 256 {
            break;
        }
        let inside = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        branches.extend(
            inside
                .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
                .map(|entry| entry.path()),
        );
        folders.push(folder);
    }
    folders
}

/// Lets through what matters, before the collecting thread wakes up.
fn sieve(
    root: &Path,
    layout: Option<&Layout>,
    events: Sender<Event>,
) -> impl FnMut(notify::Result<notify::Event>) + Send + 'static {
    let git: Vec<PathBuf> = layout
        .map(|layout| {
            vec![
                layout.git_dir.clone(),
                layout.common_dir.clone(),
                root.join(".git"),
            ]
        })
        .unwrap_or_default();
    move |result| {
        let Ok(event) = result else {
            let _ = events.send(Event::Everything);
            return;
        };
        if event.need_rescan() {
            let _ = events.send(Event::Everything);
        }
        // Our own reading is an access, too.
        if matches!(event.kind, EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) if !is_poll(&event))
        {
            return;
        }
        for path in event.paths {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let name = name.unwrap_or_default();
            if git.iter().any(|folder| path.starts_with(folder)) {
                if moves_git(&path, &name, &git) {
                    let _ = events.send(Event::Git);
                }
            } else if !name.starts_with(TEMPORARY_PREFIX) {
                let _ = events.send(Event::File(path));
            }
        }
    }
}

/// The polling watcher reports a new content as a new modification time.
fn is_poll(event: &notify::Event) -> bool {
    use notify::event::MetadataKind;
    matches!(
        event.kind,
        EventKind::Modify(ModifyKind::Metadata(MetadataKind::WriteTime))
    )
}

/// Whether a file of git's own tells that HEAD, the index or a branch moved.
fn moves_git(path: &Path, name: &str, git: &[PathBuf]) -> bool {
    let direct = git.iter().any(|folder| path.parent() == Some(folder));
    if direct {
        return matches!(
            name,
            "HEAD" | "index" | "packed-refs" | "MERGE_HEAD" | "CHERRY_PICK_HEAD" | "REVERT_HEAD"
        );
    }
    !name.ends_with(".lock")
        && git
            .iter()
            .any(|folder| path.starts_with(folder.join("refs/heads")))
}

/// Waits for changes and tells them once it is quiet. Ends with the watch.
fn collect(events: &Receiver<Event>, mut on: impl FnMut(Changed)) {
    while let Ok(first) = events.recv() {
        let begun = Instant::now();
        let (mut files, mut git, mut everything) = (BTreeSet::new(), false, false);
        let mut next = Some(first);
        loop {
            match next.take() {
                Some(Event::File(path)) => {
                    files.insert(path);
                    everything |= files.len() > MOST_PATHS;
                }
                Some(Event::Git) => git = true,
                Some(Event::Everything) => everything = true,
                None => {}
            }
            if everything {
                files.clear();
            }
            if begun.elapsed() >= LONGEST {
                break;
            }
            match events.recv_timeout(DEBOUNCE) {
                Ok(event) => next = Some(event),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        if everything {
            on(Changed::Everything);
            continue;
        }
        if git {
            on(Changed::Git);
        }
        if !files.is_empty() {
            on(Changed::Files(files.into_iter().collect()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder that looks like a repository, watched.
    fn watched() -> (tempfile::TempDir, Watch, Receiver<Changed>) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join(".git/refs/heads/feature")).unwrap();
        fs::write(folder.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        fs::create_dir(folder.path().join("docs")).unwrap();
        fs::write(folder.path().join("docs/A.md"), "a").unwrap();
        let (to, from) = channel();
        let (watch, problems) = Watch::start(folder.path(), &[folder.path().join("docs")], move |changed| {
            let _ = to.send(changed);
        });
        assert_eq!(problems, Vec::new());
        (folder, watch.unwrap(), from)
    }

    fn next(from: &Receiver<Changed>) -> Option<Changed> {
        from.recv_timeout(Duration::from_secs(3)).ok()
    }

    #[test]
    fn a_changed_document_is_told_once() {
        let (folder, watch, from) = watched();
        let path = folder.path().join("docs/A.md");
        for text in ["b", "c", "d"] {
            fs::write(&path, text).unwrap();
        }
        assert_eq!(next(&from), Some(Changed::Files(vec![path.clone()])));
        let temporary = folder.path().join("docs/.gonogo-x.tmp");
        fs::write(&temporary, "e").unwrap();
        fs::rename(&temporary, &path).unwrap();
        assert_eq!(next(&from), Some(Changed::Files(vec![path])));
        drop(watch);
    }

    #[test]
    fn reading_and_foreign_git_files_are_silent() {
        let (folder, _watch, from) = watched();
        fs::read(folder.path().join("docs/A.md")).unwrap();
        fs::read_dir(folder.path().join("docs")).unwrap().for_each(drop);
        fs::write(folder.path().join(".git/index.lock"), "").unwrap();
        fs::write(folder.path().join(".git/COMMIT_EDITMSG"), "").unwrap();
        fs::write(folder.path().join("docs/.gonogo-y.tmp"), "").unwrap();
        assert_eq!(from.recv_timeout(Duration::from_millis(600)).ok(), None);
    }

    #[test]
    fn a_moved_branch_is_told() {
        let (folder, _watch, from) = watched();
        fs::write(folder.path().join(".git/refs/heads/feature/x"), "1").unwrap();
        assert_eq!(next(&from), Some(Changed::Git));
        fs::write(folder.path().join(".git/HEAD"), "ref: refs/heads/feature/x\n").unwrap();
        assert_eq!(next(&from), Some(Changed::Git));
    }

    #[test]
    fn polling_sees_a_change_too() {
        let (folder, mut watch, from) = watched();
        watch.poll_instead();
        assert!(watch.polls());
        std::thread::sleep(Duration::from_millis(100));
        let path = folder.path().join("docs/A.md");
        fs::write(&path, "longer").unwrap();
        let later = std::time::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
        fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(later)
            .unwrap();
        let told = from.recv_timeout(Duration::from_secs(6)).unwrap();
        assert!(
            matches!(&told, Changed::Files(paths) if paths.contains(&path)),
            "{told:?}"
        );
    }
}
