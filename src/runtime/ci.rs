//! The worker that asks GitHub: a thread with a runtime of its own, so that neither the screen nor the judging waits
//! for the network.
//!
//! Not here: what is asked (`sources::github`) or what it means. Invariants: each round's facts go to the judge, also
//! those that say why there are none; a new HEAD ends the round of the old one; while nobody looks it asks less; what
//! a person had done is done once.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::judge::Job;
use super::panics::caught;
use crate::app::msg::JobOutcome;
use crate::model::ci::CiAction;
use crate::model::{CiFacts, EvidenceKind, GateMode, Policy};
use crate::sources::clock;
use crate::sources::github::{Ask, GitHub, Network, Wishes};

/// Between two things that are done.
const APART: Duration = Duration::from_secs(1);
/// When a repository could not be asked at all it is tried again after this.
const AGAIN: Duration = Duration::from_secs(120);

/// Something for the worker to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Order {
    /// Where HEAD stands.
    Head {
        commit: Option<String>,
        branch: Option<String>,
    },
    /// Ask now.
    Now,
    /// The terminal has the focus, or has lost it.
    InSight(bool),
    /// Have something done that the person confirmed.
    Do(CiAction),
}

/// Starts the worker. It ends when nobody gives it orders any more.
pub(super) fn start(
    root: PathBuf,
    network: Network,
    policy: &Policy,
    jobs: Sender<Job>,
) -> UnboundedSender<Order> {
    let (orders, waiting) = unbounded_channel();
    let mode = policy
        .evidence
        .get(&EvidenceKind::Ci)
        .copied()
        .unwrap_or_default();
    if mode == GateMode::Off {
        // What decides nothing is not asked for.
        return orders;
    }
    let mut worker = Worker {
        ask: Ask {
            root,
            network,
            head: None,
            branch: None,
        },
        wishes: Wishes::of(policy),
        jobs,
        in_sight: true,
        todo: Vec::new(),
        waiting_for_head: true,
    };
    let work = move || {
        let done = caught("asking GitHub", || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match runtime {
                Ok(runtime) => {
                    runtime.block_on(worker.work(waiting));
                    // A name that is still being looked up has nobody to tell.
                    runtime.shutdown_background();
                }
                Err(error) => tracing::error!(%error, "GitHub cannot be asked"),
            }
        });
        if let Err(problem) = done {
            tracing::error!(what = %problem.what, "asking GitHub ended");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("github".to_owned()).spawn(work) {
        tracing::error!(%error, "the thread that asks GitHub could not be started");
    }
    orders
}

struct Worker {
    ask: Ask,
    wishes: Wishes,
    jobs: Sender<Job>,
    in_sight: bool,
    /// What shall be done before the next round.
    todo: Vec<CiAction>,
    /// It is not known yet where HEAD stands.
    waiting_for_head: bool,
}

/// Why a wait ended.
enum Woken {
    Round,
    Moved,
    Gone,
}

impl Worker {
    async fn work(&mut self, mut orders: UnboundedReceiver<Order>) {
        // Nothing can be asked before it is known where HEAD stands.
        while self.waiting_for_head {
            match orders.recv().await {
                None => return,
                Some(order) => {
                    self.take(order);
                }
            }
        }
        loop {
            let ask = self.ask.clone();
            let opened = tokio::select! {
                opened = GitHub::open(&ask, self.wishes.clone()) => opened,
                woken = self.moved(&mut orders) => match woken {
                    Woken::Gone => return,
                    Woken::Moved | Woken::Round => continue,
                },
            };
            let woken = match opened {
                Ok(github) => self.rounds(github, &mut orders).await,
                Err(facts) => {
                    self.cannot(&facts);
                    self.tell(*facts);
                    self.wait(AGAIN, &mut orders).await
                }
            };
            if matches!(woken, Woken::Gone) {
                return;
            }
        }
    }

    /// Asks about one HEAD until it moves.
    async fn rounds(&mut self, mut github: GitHub, orders: &mut UnboundedReceiver<Order>) -> Woken {
        loop {
            // Never cut off: what was begun to be asked for is waited for.
            self.act(&mut github).await;
            let facts = tokio::select! {
                facts = github.refresh() => facts,
                woken = self.moved(orders) => return woken,
            };
            self.tell(facts);
            let wait = if self.ask.network.recorded.is_some() {
                Duration::MAX
            } else {
                github.wait(self.in_sight, clock::now())
            };
            match self.wait(wait, orders).await {
                Woken::Round => {}
                other => return other,
            }
        }
    }

    /// Waits for the next round, or for an order that makes it due.
    async fn wait(&mut self, wait: Duration, orders: &mut UnboundedReceiver<Order>) -> Woken {
        let due = tokio::time::Instant::now().checked_add(wait);
        loop {
            let order = tokio::select! {
                () = until(due) => return Woken::Round,
                order = orders.recv() => order,
            };
            let Some(order) = order else {
                return Woken::Gone;
            };
            let now = order == Order::Now || order == Order::InSight(true) || matches!(order, Order::Do(_));
            if self.take(order) == Some(true) {
                return Woken::Moved;
            }
            if now {
                return Woken::Round;
            }
        }
    }

    /// Takes orders until HEAD moves.
    async fn moved(&mut self, orders: &mut UnboundedReceiver<Order>) -> Woken {
        loop {
            match orders.recv().await {
                None => return Woken::Gone,
                Some(order) => {
                    if self.take(order) == Some(true) {
                        return Woken::Moved;
                    }
                }
            }
        }
    }

    /// Takes an order; says whether HEAD moved, when the order speaks of it.
    fn take(&mut self, order: Order) -> Option<bool> {
        match order {
            Order::Head { commit, branch } => {
                let moved = self.ask.head != commit || self.ask.branch != branch;
                self.ask.head = commit;
                self.ask.branch = branch;
                self.waiting_for_head = false;
                return Some(moved);
            }
            Order::Now => {}
            Order::InSight(yes) => self.in_sight = yes,
            Order::Do(action) => self.todo.push(action),
        }
        None
    }

    /// Does what was asked for, one after the other, a second apart as GitHub wants it.
    async fn act(&mut self, github: &mut GitHub) {
        for (n, action) in std::mem::take(&mut self.todo).into_iter().enumerate() {
            if n > 0 {
                tokio::time::sleep(APART).await;
            }
            let outcome = match github.act(&action).await {
                Ok(what) => JobOutcome::Acted(what),
                Err(why) => JobOutcome::NotActed(why),
            };
            let _ = self.jobs.send(Job::Done(outcome));
        }
    }

    /// Says of everything that was asked for that nobody can do it.
    fn cannot(&mut self, facts: &CiFacts) {
        for action in std::mem::take(&mut self.todo) {
            let why = match &facts.none {
                Some(none) if !none.why().is_empty() => none.why(),
                _ => &facts.note,
            };
            let why = format!("GitHub was not asked to {}: {why}", action.sentence());
            let _ = self.jobs.send(Job::Done(JobOutcome::NotActed(why)));
        }
    }

    fn tell(&self, facts: CiFacts) {
        let _ = self.jobs.send(Job::Ci(Arc::new(facts)));
    }
}

async fn until(due: Option<tokio::time::Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
