//! Asking with care: one question at a time, from memory where nothing changed, again where that may help, and not at
//! all while the server wants to be left alone.
//!
//! Invariants (tests in `tests/it/github.rs`): a 304 gives what was kept and costs nothing; an answer is kept only when it is
//! whole and JSON; `Retry-After`, the reset of the limit and a growing pause are obeyed before anything is sent; only
//! questions are repeated, at most [`TRIES`] times; the same seed gives the same pauses.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::cache::{Cache, Kept, Key};
use super::credential::Access;
use super::http::{HttpError, JSON, Method, Reply, Request, Transport};
use super::record::Recorder;
pub use super::refusal::AskError;
use super::refusal::{is_limit, is_no_permission, said};
use crate::model::ci::Budget;
use crate::sources::clock;

/// How often a question is asked before it counts as failed.
pub const TRIES: u32 = 3;
/// For one answer.
const DEADLINE: Duration = Duration::from_secs(20);
/// Bytes of one JSON answer.
const LARGEST: usize = 32 << 20;
/// A pause that the server wants is waited for within a question when it is no longer than this.
const PATIENCE: Duration = Duration::from_secs(3);
/// GitHub's own words: at least a minute after a secondary limit that names no time.
const PAUSE: u64 = 60;
/// A pause never grows beyond this.
const LONGEST_PAUSE: u64 = 3600;

/// A list, perhaps of several pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// Its entries.
    pub items: Vec<Value>,
    /// Why it is not all of them.
    pub cut: Option<String>,
}

/// Pauses between tries: growing, with jitter from a seed.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    /// The first pause.
    pub first: Duration,
    /// State of the jitter.
    pub seed: u64,
}

impl Backoff {
    /// The pause before try `n`, counted from 1: doubled each time, and up to half of it more.
    pub fn pause(&mut self, n: u32) -> Duration {
        // A step of the splitmix generator: enough to spread clients.
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^= mixed >> 31;
        let base = self.first.saturating_mul(1 << n.saturating_sub(1).min(6));
        let spread = u32::try_from(mixed % 512).unwrap_or(0);
        base + base * spread / 1024
    }
}

/// Where answers come from.
#[derive(Debug)]
enum Origin {
    Live(Transport),
    Recorded(super::record::Recording),
}

/// Asks one API on behalf of one credential.
#[derive(Debug)]
pub struct Client {
    origin: Origin,
    api: String,
    credential: &'static str,
    cache: Option<Cache>,
    recorder: Option<Recorder>,
    /// Pauses between tries.
    pub backoff: Backoff,
    /// For one answer.
    pub deadline: Duration,
    /// For all answers together; nothing is asked after it.
    pub until: Option<tokio::time::Instant>,
    budget: Option<Budget>,
    /// Nothing is sent before this, and why.
    quiet: Option<(Timestamp, String)>,
    limits_in_a_row: u32,
    /// A short pause of the server is still waited for in this round.
    patient: bool,
    /// Why nothing can be reached in this round.
    down: Option<AskError>,
    timeouts: u32,
    /// Requests that were sent, and how many of them were answered with 304.
    sent: (u64, u64),
    /// Bodies of this process, for the tags of a recorder or without a folder.
    recent: HashMap<String, Kept>,
}

/// Questions without an answer after which nobody is there.
const SILENCE: u32 = 2;
/// How many bodies are remembered when no folder can be had.
const RECENT: usize = 64;

impl Client {
    /// To the API of `access`. Must be called inside of a tokio runtime.
    ///
    /// # Errors
    /// When the transport cannot be set up.
    pub fn live(access: &Access, cache: Option<PathBuf>, seed: u64) -> Result<Self, HttpError> {
        let transport = Transport::new(&access.api, access.token.as_ref())?;
        let mut client = Self::of(Origin::Live(transport), &access.api, seed);
        client.credential = access.credential;
        client.cache = cache.map(Cache::new);
        Ok(client)
    }

    /// To a recording.
    #[must_use]
    pub fn recorded(recording: super::record::Recording) -> Self {
        let api = recording.api().to_owned();
        Self::of(Origin::Recorded(recording), &api, 0)
    }

    fn of(origin: Origin, api: &str, seed: u64) -> Self {
        Self {
            origin,
            api: api.to_owned(),
            credential: "none",
            cache: None,
            recorder: None,
            backoff: Backoff {
                first: Duration::from_millis(400),
                seed,
            },
            deadline: DEADLINE,
            until: None,
            budget: None,
            quiet: None,
            limits_in_a_row: 0,
            patient: true,
            down: None,
            timeouts: 0,
            sent: (0, 0),
            recent: HashMap::new(),
        }
    }

    /// Has every answer written into a folder too.
    pub fn record(&mut self, recorder: Recorder) {
        self.recorder = Some(recorder);
    }

    /// Gives the recorder back.
    pub const fn take_recorder(&mut self) -> Option<Recorder> {
        self.recorder.take()
    }

    /// The API's address.
    #[must_use]
    pub fn api(&self) -> &str {
        &self.api
    }

    /// What is left of the rate limit.
    #[must_use]
    pub const fn budget(&self) -> Option<Budget> {
        self.budget
    }

    /// Requests that were sent, and how many of them cost nothing.
    #[must_use]
    pub const fn sent(&self) -> (u64, u64) {
        self.sent
    }

    /// When the server wants to be asked again, and why.
    #[must_use]
    pub const fn quiet(&self) -> Option<&(Timestamp, String)> {
        self.quiet.as_ref()
    }

    /// The present time: a recording has its own.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.origin {
            Origin::Live(_) => clock::now(),
            Origin::Recorded(recording) => recording.at().unwrap_or_else(clock::now),
        }
    }

    /// Begins a round of questions: what could not be reached in the last one is tried again.
    pub fn begin_round(&mut self) {
        self.patient = true;
        self.down = None;
        self.timeouts = 0;
    }

    /// With nobody there, or only silence, the rest of the round need not be tried.
    fn note_silence(&mut self, error: &AskError) {
        match error {
            AskError::Http(HttpError::Timeout(_)) => self.timeouts += 1,
            AskError::Http(HttpError::Connect(_)) => self.timeouts += SILENCE,
            _ => self.timeouts = 0,
        }
        if self.timeouts >= SILENCE {
            self.down = Some(error.clone());
        }
    }

    /// One JSON document and the page after it.
    ///
    /// # Errors
    /// See [`AskError`].
    pub async fn ask(&mut self, path: &str) -> Result<(Value, Option<String>), AskError> {
        if let Some(down) = &self.down {
            return Err(down.clone());
        }
        let mut tries = 0;
        loop {
            tries += 1;
            let error = match self.once(path).await {
                Ok(found) => return Ok(found),
                Err(error) => error,
            };
            let wait = match &error {
                AskError::Limited(_) if std::mem::take(&mut self.patient) => self.short_quiet(),
                error if error.may_pass() && self.is_live() => Some(self.backoff.pause(tries)),
                _ => None,
            };
            match wait {
                Some(wait) if tries < TRIES => tokio::time::sleep(wait).await,
                _ => {
                    self.note_silence(&error);
                    return Err(error);
                }
            }
        }
    }

    /// A whole list: `key` names it inside of each page, or the page is the list itself.
    ///
    /// # Errors
    /// See [`AskError`]; an error on a later page is no error but a cut.
    pub async fn list(
        &mut self,
        path: &str,
        key: Option<&str>,
        most_pages: usize,
    ) -> Result<Listed, AskError> {
        let mut listed = Listed::default();
        let mut next = Some(path.to_owned());
        let mut total = None;
        let mut pages = 0;
        while let Some(path) = next.take() {
            if pages == most_pages {
                listed.cut = Some(format!("only the first {} are read", listed.items.len()));
                return Ok(listed);
            }
            let (page, after) = match self.ask(&path).await {
                Ok(page) => page,
                Err(error) if pages > 0 => {
                    listed.cut = Some(format!("page {}: {error}", pages + 1));
                    return Ok(listed);
                }
                Err(error) => return Err(error),
            };
            pages += 1;
            let items = match key {
                Some(key) => {
                    total = page.get("total_count").and_then(Value::as_u64).or(total);
                    page.get(key)
                }
                None => Some(&page),
            };
            let Some(Value::Array(items)) = items else {
                let what = key.unwrap_or("list");
                return Err(AskError::NotJson(format!("there is no `{what}` in it")));
            };
            listed.items.extend(items.iter().cloned());
            next = after;
        }
        if let Some(total) = total
            && total > listed.items.len() as u64
        {
            listed.cut = Some(format!(
                "GitHub speaks of {total} and gives {}",
                listed.items.len()
            ));
        }
        Ok(listed)
    }

    /// A body that is no JSON (a log, an archive), in pieces; `take` ends it with `false`.
    ///
    /// # Errors
    /// See [`AskError`].
    pub async fn stream(
        &mut self,
        path: &str,
        most: usize,
        deadline: Duration,
        take: &mut (dyn FnMut(&[u8]) -> bool + Send),
    ) -> Result<(), AskError> {
        self.may_send()?;
        let deadline = self.time_left(deadline)?;
        let reply = match &self.origin {
            Origin::Recorded(recording) => {
                let reply = recording.answer(path)?;
                if (200..300).contains(&reply.status) {
                    take(&reply.body);
                }
                reply
            }
            Origin::Live(transport) => {
                self.sent.0 += 1;
                let mut kept = Vec::new();
                let recording = self.recorder.is_some();
                let request = Request {
                    path,
                    accept: JSON,
                    etag: None,
                    most,
                    deadline,
                };
                let mut reply = transport
                    .stream(&request, &mut |chunk| {
                        if recording {
                            kept.extend_from_slice(chunk);
                        }
                        take(chunk)
                    })
                    .await?;
                if let Some(recorder) = &mut self.recorder {
                    if reply.body.is_empty() {
                        reply.body = kept;
                    }
                    recorder.keep(path, &reply);
                }
                reply
            }
        };
        self.heed(&reply);
        self.judge(path, &reply).map(drop)
    }

    /// Sends something, once.
    ///
    /// # Errors
    /// See [`AskError`]. After [`AskError::Http`] it is not known whether it was done.
    pub async fn send(&mut self, method: Method, path: &str, body: &Value) -> Result<Value, AskError> {
        self.may_send()?;
        let Origin::Live(transport) = &self.origin else {
            return Err(AskError::Refused(0, "a recording takes nothing".to_owned()));
        };
        self.sent.0 += 1;
        let reply = transport.send(method, path, body, self.deadline).await?;
        self.heed(&reply);
        self.judge(path, &reply)?;
        Ok(serde_json::from_slice(&reply.body).unwrap_or(Value::Null))
    }

    /// For the next answer: its own deadline, or what is left of all.
    fn time_left(&self, own: Duration) -> Result<Duration, AskError> {
        let Some(until) = self.until else {
            return Ok(own);
        };
        let left = until.saturating_duration_since(tokio::time::Instant::now());
        if left.is_zero() {
            return Err(AskError::OutOfTime);
        }
        Ok(own.min(left))
    }

    const fn is_live(&self) -> bool {
        matches!(self.origin, Origin::Live(_))
    }

    fn may_send(&self) -> Result<(), AskError> {
        match &self.quiet {
            Some((until, why)) if self.is_live() && clock::now() < *until => {
                Err(AskError::Limited(why.clone()))
            }
            _ => Ok(()),
        }
    }

    /// The rest of a pause, when it is short enough to be waited for.
    fn short_quiet(&self) -> Option<Duration> {
        let (until, _) = self.quiet.as_ref()?;
        let left = until.duration_since(clock::now());
        let left = Duration::try_from(left).ok()?;
        (left <= PATIENCE).then_some(left)
    }

    async fn once(&mut self, path: &str) -> Result<(Value, Option<String>), AskError> {
        self.may_send()?;
        let transport = match &self.origin {
            Origin::Recorded(recording) => {
                let reply = recording.answer(path)?;
                self.judge(path, &reply)?;
                return Ok((json_of(&reply.body)?, reply.next));
            }
            Origin::Live(transport) => transport.clone(),
        };
        let known = self.known(path);
        let request = Request {
            path,
            accept: JSON,
            etag: known.as_ref().map(|kept| kept.etag.as_str()),
            most: LARGEST,
            deadline: self.time_left(self.deadline)?,
        };
        self.sent.0 += 1;
        let reply = transport.get(&request).await?;
        self.heed(&reply);
        if reply.status == 304 {
            self.sent.1 += 1;
            let Some(kept) = known else {
                return Err(AskError::Status(
                    304,
                    " for something that was never fetched".to_owned(),
                ));
            };
            let value = json_of(&kept.body)?;
            if let Some(recorder) = &mut self.recorder {
                recorder.keep(
                    path,
                    &Reply {
                        status: 200,
                        next: kept.next.clone(),
                        body: kept.body.clone(),
                        ..Reply::default()
                    },
                );
            }
            return Ok((value, kept.next));
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.keep(path, &reply);
        }
        self.judge(path, &reply)?;
        let value = json_of(&reply.body)?;
        // Only now is it known to be whole.
        if let Some(etag) = reply.etag {
            self.keep(
                path,
                Kept {
                    etag,
                    next: reply.next.clone(),
                    body: reply.body,
                },
            );
        }
        Ok((value, reply.next))
    }

    fn key<'a>(&'a self, path: &'a str) -> Key<'a> {
        Key {
            api: &self.api,
            credential: self.credential,
            path,
            accept: JSON,
        }
    }

    fn known(&self, path: &str) -> Option<Kept> {
        match &self.cache {
            Some(cache) => cache.get(self.key(path)),
            None => self.recent.get(path).cloned(),
        }
    }

    fn keep(&mut self, path: &str, kept: Kept) {
        match &self.cache {
            Some(cache) => cache.put(self.key(path), &kept),
            None => {
                if self.recent.len() >= RECENT {
                    self.recent.clear();
                }
                self.recent.insert(path.to_owned(), kept);
            }
        }
    }

    /// Takes note of what the server says of its limits.
    fn heed(&mut self, reply: &Reply) {
        if reply.budget.is_some() {
            self.budget = reply.budget;
        }
        if !is_limit(reply) {
            if reply.status < 500 {
                self.limits_in_a_row = 0;
                self.quiet = None;
            }
            return;
        }
        self.limits_in_a_row += 1;
        let now = clock::now();
        let exhausted = reply
            .budget
            .filter(|budget| budget.remaining == 0)
            .and_then(|budget| budget.reset);
        let until = match (reply.retry_after, exhausted) {
            (Some(seconds), _) => after(now, seconds.min(LONGEST_PAUSE)),
            (None, Some(reset)) => reset.clamp(after(now, 1), after(now, LONGEST_PAUSE)),
            (None, None) => {
                let doubled = PAUSE << (self.limits_in_a_row - 1).min(6);
                after(now, doubled.min(LONGEST_PAUSE))
            }
        };
        let kind = if exhausted.is_some() && reply.retry_after.is_none() {
            "the rate limit is used up"
        } else {
            "GitHub wants to be asked less (secondary rate limit)"
        };
        let why = format!("{kind}; asked again at {until:.0}");
        self.quiet = Some((until, why));
    }

    /// A success, or what its status means.
    fn judge(&self, path: &str, reply: &Reply) -> Result<(), AskError> {
        if (200..300).contains(&reply.status) {
            return Ok(());
        }
        if is_limit(reply) {
            let why = self.quiet.as_ref().map_or("rate limited", |(_, why)| why);
            return Err(AskError::Limited(why.to_owned()));
        }
        let said = said(&reply.body);
        let words = |otherwise: &str| {
            if said.is_empty() {
                otherwise.to_owned()
            } else {
                said.clone()
            }
        };
        Err(match reply.status {
            401 => AskError::Unauthorised(if self.credential == "none" {
                format!("{}: there is no token", words("not allowed"))
            } else {
                format!(
                    "the token of `{}` is not accepted: {}",
                    self.credential,
                    words("bad credentials")
                )
            }),
            403 if reply.sso => AskError::Unauthorised(
                "the organisation wants single sign-on: authorise the token for it".to_owned(),
            ),
            403 if is_no_permission(&said) => AskError::Unauthorised(said),
            403 => AskError::Refused(403, words("forbidden")),
            404 => AskError::NotFound(words("not found")),
            410 => AskError::Gone(words("it was deleted")),
            422 | 409 | 451 => AskError::Refused(reply.status, words("refused")),
            status => {
                tracing::debug!(path, status, "an unusual answer");
                AskError::Status(
                    status,
                    if said.is_empty() {
                        String::new()
                    } else {
                        format!(": {said}")
                    },
                )
            }
        })
    }
}

fn after(now: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(3600);
    now.checked_add(jiff::SignedDuration::from_secs(seconds))
        .unwrap_or(now)
}

fn json_of(body: &[u8]) -> Result<Value, AskError> {
    serde_json::from_slice(body).map_err(|error| AskError::NotJson(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_spread_and_come_out_the_same_for_the_same_seed() {
        let of = |seed| {
            let mut backoff = Backoff {
                first: Duration::from_millis(400),
                seed,
            };
            [1, 2, 3].map(|n| backoff.pause(n))
        };
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
        for (pause, base) in of(7).into_iter().zip([400, 800, 1600]) {
            let base = Duration::from_millis(base);
            assert!(pause >= base && pause <= base + base / 2, "{pause:?}");
        }
    }
}
