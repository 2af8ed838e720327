//! What a rule can see while it checks a claim: the answers, at one moment.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use super::Tree;
use crate::model::pipeline::Pipeline;
use crate::model::{
    Answer, At, Blame, Commit, CommitId, Gathered, Known, Question, RepoPath, Report, Repository,
};
use crate::pipeline;
use crate::text::SourceText;

/// The answers so far, and what was made of them.
#[derive(Debug)]
pub struct World<'w> {
    known: &'w Known,
    repository: &'w Repository,
    head: Option<CommitId>,
    trees: &'w Trees,
    /// The tree of today, once it is known.
    now: OnceCell<Result<Arc<Tree>, Box<str>>>,
    gathered: &'w Gathered,
}

/// Trees made of lists of paths, kept as long as the lists are.
#[derive(Debug, Default)]
pub struct Trees {
    made: Mutex<HashMap<At, Made>>,
    pipelines: Mutex<HashMap<At, Defined>>,
    now: Mutex<Option<Together>>,
}

/// The trees on disk and of HEAD, and both together.
type Together = (Arc<Tree>, Arc<Tree>, Arc<Tree>);

/// A tree with the list that it was made of.
type Made = (Arc<[RepoPath]>, Arc<Tree>);

/// CI definitions with the files that they were read from.
type Defined = (Vec<(RepoPath, Arc<[u8]>)>, Vec<Arc<Pipeline>>);

/// When a claim is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment<'m> {
    /// Today: HEAD, and what is on disk beside it.
    Head,
    /// In the commit that last touched the claim's line.
    Commit(&'m CommitId),
}

impl<'w> World<'w> {
    /// The world as far as it is known.
    #[must_use]
    pub fn new(
        known: &'w Known,
        repository: &'w Repository,
        trees: &'w Trees,
        gathered: &'w Gathered,
    ) -> Self {
        Self {
            known,
            repository,
            head: repository.commit.as_deref().and_then(CommitId::new),
            trees,
            now: OnceCell::new(),
            gathered,
        }
    }

    pub(super) fn blame(&self, path: &RepoPath, missing: &RefCell<BTreeSet<Question>>) -> Option<&'w Blame> {
        self.head.as_ref()?;
        match self.answer(Question::Blame(path.clone()), missing)? {
            Answer::Blame(blame) => Some(&**blame),
            _ => None,
        }
    }

    fn answer(&self, question: Question, missing: &RefCell<BTreeSet<Question>>) -> Option<&'w Answer> {
        let answer = self.known.answer(&question);
        if answer.is_none() {
            missing.borrow_mut().insert(question);
        }
        answer
    }
}

/// The world at one moment, as one claim sees it.
#[derive(Debug)]
pub struct Scene<'s> {
    world: &'s World<'s>,
    /// The document of the claim.
    pub report: &'s Report,
    /// The moment.
    pub moment: Moment<'s>,
    /// The commit that last touched the claim's line, where it is committed.
    pub written: Option<&'s Arc<Commit>>,
    missing: &'s RefCell<BTreeSet<Question>>,
}

impl<'s> Scene<'s> {
    pub(super) const fn new(
        world: &'s World<'s>,
        report: &'s Report,
        moment: Moment<'s>,
        written: Option<&'s Arc<Commit>>,
        missing: &'s RefCell<BTreeSet<Question>>,
    ) -> Self {
        Self {
            world,
            report,
            moment,
            written,
            missing,
        }
    }

    /// The answer to a question; `None` notes that it has to be asked.
    #[must_use]
    pub fn answer(&self, question: Question) -> Option<&'s Answer> {
        self.world.answer(question, self.missing)
    }

    /// Facts of the repository.
    #[must_use]
    pub const fn repository(&self) -> &'s Repository {
        self.world.repository
    }

    /// What the files of tools come to today.
    #[must_use]
    pub const fn gathered(&self) -> &'s Gathered {
        self.world.gathered
    }

    /// HEAD, where there is a commit.
    #[must_use]
    pub const fn head(&self) -> Option<&CommitId> {
        self.world.head.as_ref()
    }

    /// The moment is today.
    #[must_use]
    pub const fn is_now(&self) -> bool {
        matches!(self.moment, Moment::Head)
    }

    /// Where to look for bytes and entries at this moment.
    #[must_use]
    pub fn at(&self) -> At {
        match self.moment {
            Moment::Head => At::Worktree,
            Moment::Commit(commit) => At::Commit(commit.clone()),
        }
    }

    /// The files of HEAD and those on disk; `None` while unknown, an error in words when it cannot be known.
    pub fn tree_now(&self) -> Option<Result<Arc<Tree>, &'s str>> {
        if self.world.now.get().is_none() {
            let tree = self.make_tree_now()?.map_err(Into::into);
            let _ = self.world.now.set(tree);
        }
        Some(match self.world.now.get()? {
            Ok(tree) => Ok(Arc::clone(tree)),
            Err(why) => Err(why),
        })
    }

    fn make_tree_now(&self) -> Option<Result<Arc<Tree>, &'s str>> {
        let disk = self.tree(At::Worktree)?;
        let Some(head) = &self.world.head else {
            return Some(disk);
        };
        let head = self.tree(At::Commit(head.clone()))?;
        Some(match (disk, head) {
            (Ok(disk), Ok(head)) => Ok(self.world.trees.together(disk, head)),
            (Err(why), _) | (_, Err(why)) => Err(why),
        })
    }

    /// The files at the moment of the scene.
    pub fn tree_then(&self) -> Option<Result<Arc<Tree>, &'s str>> {
        match self.moment {
            Moment::Head => self.tree_now(),
            Moment::Commit(commit) => self.tree(At::Commit(commit.clone())),
        }
    }

    /// The CI definitions of these files, which are those of this moment; read once.
    pub(super) fn pipelines(&self, files: &[(RepoPath, Arc<[u8]>)]) -> Vec<Arc<Pipeline>> {
        let read = || -> Vec<Arc<Pipeline>> {
            let source =
                |(path, bytes): &(RepoPath, Arc<[u8]>)| (path.clone(), SourceText::read(Arc::clone(bytes)));
            let sources: Vec<(RepoPath, SourceText)> = files.iter().map(source).collect();
            pipeline::read(&sources).into_iter().map(Arc::new).collect()
        };
        let Ok(mut made) = self.world.trees.pipelines.lock() else {
            return read();
        };
        if let Some((known, pipelines)) = made.get(&self.at())
            && known == files
        {
            return pipelines.clone();
        }
        let pipelines = read();
        made.insert(self.at(), (files.to_vec(), pipelines.clone()));
        pipelines
    }

    /// The files of a commit.
    pub fn tree_of(&self, commit: &CommitId) -> Option<Result<Arc<Tree>, &'s str>> {
        self.tree(At::Commit(commit.clone()))
    }

    fn tree(&self, at: At) -> Option<Result<Arc<Tree>, &'s str>> {
        match self.answer(Question::Files(at.clone()))? {
            Answer::Paths(paths) => Some(Ok(self.world.trees.of(at, paths))),
            Answer::Unknown(why) => Some(Err(why)),
            _ => Some(Err("the answer makes no sense")),
        }
    }
}

impl Trees {
    fn of(&self, at: At, paths: &Arc<[RepoPath]>) -> Arc<Tree> {
        let mut made = match self.made.lock() {
            Ok(made) => made,
            // A tree is inserted whole or not at all.
            Err(poisoned) => poisoned.into_inner(),
        };
        if let Some((known, tree)) = made.get(&at)
            && Arc::ptr_eq(known, paths)
        {
            return Arc::clone(tree);
        }
        let tree = Arc::new(Tree::of(Arc::clone(paths)));
        made.insert(at, (Arc::clone(paths), Arc::clone(&tree)));
        tree
    }

    /// What is on disk or in HEAD. Without local changes both are the same list, which is told apart only once.
    fn together(&self, disk: Arc<Tree>, head: Arc<Tree>) -> Arc<Tree> {
        let mut now = match self.now.lock() {
            Ok(now) => now,
            Err(poisoned) => poisoned.into_inner(),
        };
        if let Some((of_disk, of_head, both)) = &*now
            && Arc::ptr_eq(of_disk, &disk)
            && Arc::ptr_eq(of_head, &head)
        {
            return Arc::clone(both);
        }
        let both = if disk.is_same(&head) {
            Arc::clone(&disk)
        } else {
            Arc::new(disk.with(&head))
        };
        *now = Some((disk, head, Arc::clone(&both)));
        both
    }

    /// Forgets the trees of lists that nobody knows any more.
    pub fn keep(&self, known: &Known) {
        if let Ok(mut made) = self.made.lock() {
            made.retain(|at, _| known.knows(&Question::Files(at.clone())));
        }
        if let Ok(mut made) = self.pipelines.lock() {
            made.retain(|at, _| known.knows(&Question::Files(at.clone())));
        }
    }
}
