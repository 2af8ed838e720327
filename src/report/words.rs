//! The status vocabulary: words and phrases, negations first.
//!
//! Not here: where a word counts as a marker (`marks`). Invariant: a negated or partial phrase never votes done;
//! held by `negations_never_vote_done`.

use crate::model::Status;

/// A status phrase that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Phrase {
    /// Offset of its first byte (after adverbs such as "fully").
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// What it says.
    pub vote: Status,
    /// A word such as READY or YES that says a status only in a status cell or in capitals.
    pub weak: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Is(Status),
    Weak(Status),
    Not,
    No,
    In,
    InWhat,
    On,
    Hold,
    To,
    Do,
    Be,
    Partly,
    Fully,
    Needs,
    Work,
    Wont,
    Fix,
    Needless,
    Action,
    Required,
}

/// The status phrase that starts exactly at the first byte of `text`.
pub(super) fn at(text: &str) -> Option<Phrase> {
    let mut buffer = [0; LONGEST];
    let (first, end) = word(text, &mut buffer)?;
    let found = |end, vote, weak| {
        Some(Phrase {
            start: 0,
            end,
            vote,
            weak,
        })
    };
    let next = |from: usize| following(text, from);
    match first {
        Word::Is(vote) => found(end, vote, false),
        Word::Weak(vote) => found(end, vote, true),
        Word::Not | Word::No => {
            let mut at = end;
            // "not yet fully tested": what stands between does not lift the negation.
            for _ in 0..3 {
                match next(at) {
                    Some((Word::Fully | Word::Partly | Word::Be, end)) => at = end,
                    Some((Word::Needless | Word::Required, end)) => {
                        return found(end, Status::NotApplicable, false);
                    }
                    Some((Word::Is(vote) | Word::Weak(vote), end)) => {
                        let negated = vote.says_done() || vote == Status::InProgress;
                        return if negated {
                            found(end, Status::Open, false)
                        } else {
                            None
                        };
                    }
                    _ => break,
                }
            }
            (first == Word::No).then_some(Phrase {
                start: 0,
                end,
                vote: Status::Open,
                weak: true,
            })
        }
        Word::In => match next(end) {
            Some((Word::InWhat | Word::Work, end)) => found(end, Status::InProgress, false),
            _ => None,
        },
        Word::Work => match next(end) {
            Some((Word::In, end)) => match next(end) {
                Some((Word::InWhat, end)) => found(end, Status::InProgress, false),
                _ => None,
            },
            _ => None,
        },
        Word::On => match next(end) {
            Some((Word::Hold, end)) => found(end, Status::Deferred, false),
            _ => None,
        },
        Word::To => match next(end) {
            Some((Word::Do, end)) => found(end, Status::Open, false),
            Some((Word::Be, end)) => match next(end) {
                Some((Word::Is(_) | Word::Weak(_) | Word::Do, end)) => found(end, Status::Open, false),
                _ => None,
            },
            _ => None,
        },
        Word::Partly => match next(end) {
            Some((Word::Is(Status::Done | Status::Verified) | Word::Weak(Status::Done), end)) => {
                found(end, Status::InProgress, false)
            }
            _ => found(end, Status::InProgress, true),
        },
        Word::Fully => {
            let gap = text.get(end..)?;
            let skip = end + (gap.len() - gap.trim_start_matches([' ', '-']).len());
            let (second, stop) = next(end)?;
            let (vote, weak) = match second {
                Word::Is(vote) => (vote, false),
                Word::Weak(vote) => (vote, true),
                _ => return None,
            };
            (vote.says_done()).then_some(Phrase {
                start: skip,
                end: stop,
                vote,
                weak,
            })
        }
        Word::Needs => found(end, Status::Open, true),
        Word::Wont => match next(end) {
            Some((Word::Fix | Word::Do, end)) => found(end, Status::NotApplicable, false),
            _ => None,
        },
        Word::Action => match next(end) {
            Some((Word::Required, end)) => found(end, Status::Open, false),
            _ => None,
        },
        _ => None,
    }
}

/// The status of `text` when all of it, but for bold signs and a closing sign, is one phrase.
pub(super) fn whole(text: &str) -> Option<Phrase> {
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '.' | '!' | ':' | ',');
    let start = text.len() - text.trim_start_matches(is_edge).len();
    let trimmed = text.trim_matches(is_edge);
    let phrase = at(trimmed)?;
    (phrase.end == trimmed.len()).then_some(Phrase {
        start: phrase.start + start,
        end: phrase.end + start,
        ..phrase
    })
}

/// Whether the last word of `text` belongs to the vocabulary: a cheap test before looking for the phrase it ends.
pub(super) fn ends_with_known(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '.' | '!'));
    let start = text
        .char_indices()
        .rev()
        .take(LONGEST)
        .take_while(|&(_, c)| is_part(c))
        .last()
        .map_or(text.len(), |(at, _)| at);
    let mut buffer = [0; LONGEST];
    text.get(start..)
        .is_some_and(|last| word(last, &mut buffer).is_some())
}

const LONGEST: usize = 24;

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '/' | '\'' | '’')
}

/// The vocabulary word behind at most one blank or hyphen.
fn following(text: &str, from: usize) -> Option<(Word, usize)> {
    let rest = text.get(from..)?;
    let trimmed = rest.trim_start_matches(' ');
    let trimmed = if trimmed.len() == rest.len() {
        rest.strip_prefix('-')?
    } else {
        trimmed
    };
    let at = text.len() - trimmed.len();
    let mut buffer = [0; LONGEST];
    let (word, end) = word(trimmed, &mut buffer)?;
    Some((word, at + end))
}

/// The first word of `text` as vocabulary, with its length.
fn word(text: &str, buffer: &mut [u8; LONGEST]) -> Option<(Word, usize)> {
    let mut used = 0;
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        if c.is_ascii() {
            if !(c.is_ascii_alphanumeric() || c == '/' || c == '\'') {
                end = at;
                break;
            }
            *buffer.get_mut(used)? = (c as u8).to_ascii_lowercase();
            used += 1;
        } else {
            if !is_part(c) {
                end = at;
                break;
            }
            for c in c.to_lowercase() {
                let len = c.len_utf8();
                c.encode_utf8(buffer.get_mut(used..used + len)?);
                used += len;
            }
        }
    }
    let written = std::str::from_utf8(buffer.get(..used)?).ok()?;
    Some((meaning(written)?, end))
}

#[rustfmt::skip]
fn meaning(word: &str) -> Option<Word> {
    use Status::{Blocked, Deferred, Done, InProgress, NotApplicable, Open, Verified};
    Some(match word {
        "done" | "complete" | "completed" | "fixed" | "implemented" | "resolved" | "closed" | "finished" | "merged"
        | "shipped" | "deployed" | "delivered" | "passed" | "pass" | "passing" | "addressed" | "remediated"
        | "completado" | "completada" | "completo" | "completa" | "hecho" | "listo" | "lista" | "resuelto" | "resuelta"
        | "implementado" | "implementada" | "corregido" | "terminé" | "terminée" | "fait" | "faite" | "résolu" | "corrigé"
        | "erledigt" | "fertig" | "behoben" | "abgeschlossen" | "concluído" | "concluída" | "feito" | "resolvido"
        | "completato" | "fatto" | "risolto" | "готово" | "выполнено" | "исправлено" | "завершено"
        | "完成" | "已完成" | "已修复" | "已解决" | "通过" | "已通过" | "已实现" | "完了" | "対応済み" | "対応済" | "済" | "완료" => Word::Is(Done),
        "verified" | "validated" | "verificado" | "verificada" | "vérifié" | "geprüft" | "verifiziert" | "проверено"
        | "已验证" | "検証済み" | "検証済" | "확인" => Word::Is(Verified),
        "started" | "wip" | "ongoing" | "underway" | "doing" | "进行中" | "進行中" | "対応中" | "진행중" | "laufend" => Word::Is(InProgress),
        "partial" | "partially" | "partly" | "almost" | "nearly" | "mostly" | "half" | "parcial" | "parcialmente" | "teilweise"
        | "partiel" | "частично" | "部分完成" | "一部完了" => Word::Partly,
        "pending" | "todo" | "open" | "planned" | "scheduled" | "missing" | "incomplete" | "unresolved" | "unverified"
        | "unfinished" | "unfixed" | "unimplemented" | "undone" | "untested" | "fail" | "failed" | "failing" | "fails"
        | "tbd" | "tba" | "overdue" | "reopened" | "absent" | "broken" | "rejected"
        | "pendiente" | "pendientes" | "incompleto" | "incompleta" | "faltante" | "abierto" | "offen" | "ausstehend" | "fehlt" | "pendente"
        | "aberto" | "ouvert" | "aperto" | "ожидает" | "открыто"
        | "未完成" | "未开始" | "未修复" | "未解决" | "未通过" | "待办" | "待处理" | "待定" | "失败" | "未完了" | "未着手" | "未対応" | "미완료" | "대기" => Word::Is(Open),
        "blocked" | "blocking" | "bloqueado" | "bloqueada" | "bloqué" | "bloquée" | "blockiert" | "bloccato" | "заблокировано"
        | "阻塞" | "已阻塞" | "受阻" => Word::Is(Blocked),
        "deferred" | "postponed" | "paused" | "aplazado" | "diferido" | "reporté" | "verschoben" | "adiado" | "отложено" | "推迟" | "延期" | "保留" => Word::Is(Deferred),
        "n/a" | "obsolete" | "cancelled" | "canceled" | "wontfix" => Word::Is(NotApplicable),
        "ready" | "ok" | "okay" | "yes" | "approved" | "applied" | "released" | "live" | "tested" | "enabled" | "available"
        | "operational" | "configured" | "accepted" | "created" | "added" | "removed" | "cleaned" | "go" | "true" | "signed"
        | "sí" | "si" | "oui" | "ja" | "sim" | "да" | "是" | "有" | "added/updated" | "met" => Word::Weak(Done),
        "confirmed" => Word::Weak(Verified),
        "unknown" | "false" | "remaining" | "unmet" => Word::Weak(Open),
        "review" | "testing" | "development" | "progress" | "bearbeitung" | "progreso" | "curso" | "cours" | "andamento"
        | "corso" | "процессе" => Word::InWhat,
        "not" | "never" | "isn't" | "nicht" | "pas" | "не" | "noch" => Word::Not,
        "no" | "non" | "não" | "nein" | "нет" | "否" => Word::No,
        "in" | "en" | "em" | "в" => Word::In,
        "work" | "arbeit" | "работе" => Word::Work,
        "on" => Word::On,
        "hold" => Word::Hold,
        "to" | "à" | "a" | "por" => Word::To,
        "do" | "faire" | "fazer" | "hacer" => Word::Do,
        "be" | "been" | "yet" | "even" => Word::Be,
        "fully" | "all" | "already" | "now" | "successfully" => Word::Fully,
        "needs" | "need" | "awaiting" | "waiting" | "requires" | "sin" | "falta" => Word::Needs,
        "won't" | "won’t" | "wont" => Word::Wont,
        "fix" => Word::Fix,
        "applicable" | "relevant" | "needed" => Word::Needless,
        "action" => Word::Action,
        "required" => Word::Required,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(text: &str) -> Option<Status> {
        whole(text).map(|phrase| phrase.vote)
    }

    #[test]
    fn words_of_the_model_vote_as_the_model_says() {
        for (words, status) in [
            (
                "DONE COMPLETE COMPLETED FIXED IMPLEMENTED RESOLVED CLOSED done Fixed PASS ready",
                Status::Done,
            ),
            ("VERIFIED verified validated", Status::Verified),
            ("STARTED WIP PARTIAL partial", Status::InProgress),
            ("PENDING TODO planned FAIL failed missing", Status::Open),
            ("BLOCKED Blocked bloqueado", Status::Blocked),
            ("DEFERRED postponed", Status::Deferred),
            ("N/A n/a", Status::NotApplicable),
        ] {
            for word in words.split(' ') {
                assert_eq!(vote(word), Some(status), "{word}");
            }
        }
        assert_eq!(vote("In Progress"), Some(Status::InProgress));
        assert_eq!(vote("in-progress"), Some(Status::InProgress));
        assert_eq!(vote("On hold"), Some(Status::Deferred));
        assert_eq!(vote("to-do"), Some(Status::Open));
        assert_eq!(vote("ALL RESOLVED"), Some(Status::Done));
        assert_eq!(vote("Not applicable"), Some(Status::NotApplicable));
        assert_eq!(vote("WORK IN PROGRESS"), Some(Status::InProgress));
        assert_eq!(vote("已完成"), Some(Status::Done));
        assert_eq!(vote("TERMINÉ"), Some(Status::Done));
    }

    #[test]
    fn negations_never_vote_done() {
        for phrase in [
            "NOT COMPLETE",
            "not done",
            "Not yet implemented",
            "not fully tested",
            "incomplete",
            "unresolved",
            "UNVERIFIED",
            "NOT IMPLEMENTED",
            "not started",
            "to be done",
            "to be verified",
            "no implementado",
            "never tested",
            "nicht erledigt",
            "未完成",
            "not ready",
            "Not yet done",
        ] {
            assert_eq!(vote(phrase), Some(Status::Open), "{phrase}");
        }
        for phrase in [
            "partially done",
            "almost complete",
            "mostly fixed",
            "nearly ready",
        ] {
            assert_eq!(vote(phrase), Some(Status::InProgress), "{phrase}");
        }
    }

    #[test]
    fn prose_is_no_phrase() {
        for text in [
            "Completed orders",
            "Test completed orders flow",
            "",
            "In production",
            "on track",
            "Action items",
        ] {
            assert_eq!(vote(text), None, "{text}");
        }
    }

    #[test]
    fn a_phrase_starts_behind_its_adverb() {
        let text = "ALL RESOLVED";
        assert_eq!(whole(text).map(|p| &text[p.start..p.end]), Some("RESOLVED"));
        let text = "**NOT IMPLEMENTED**:";
        assert_eq!(
            whole(text).map(|p| &text[p.start..p.end]),
            Some("NOT IMPLEMENTED")
        );
    }
}
