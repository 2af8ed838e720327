//! Rules tried on a document in a folder without git, for the tests of the kinds.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Trees, World, check, recognise};
use crate::model::{Answer, Claim, Gathered, Known, Question, RepoPath, Report, Repository};
use crate::report::{ReadAs, parse_with_outline};
use crate::text::SourceText;

/// The claims of a document in a folder without git that holds these files.
pub(super) fn claims(rule: &str, document: &str, files: &[(&str, &str)]) -> Vec<Claim> {
    claims_with(rule, document, files, &Gathered::default())
}

/// The same, with what tools wrote.
pub(super) fn claims_with(
    rule: &str,
    document: &str,
    files: &[(&str, &str)],
    gathered: &Gathered,
) -> Vec<Claim> {
    let path = RepoPath::new("docs/READINESS.md").unwrap();
    let source = SourceText::read(Arc::from(document.as_bytes()));
    let (mut report, outline) = parse_with_outline(
        path,
        &source,
        ReadAs {
            counts: Some(true),
            truncated: None,
        },
    );
    recognise(&source, &outline.unwrap(), &mut report);
    settle(rule, &report, files, gathered)
}

fn settle(rule: &str, report: &Report, files: &[(&str, &str)], gathered: &Gathered) -> Vec<Claim> {
    let mut known = Known::default();
    let (repository, trees) = (Repository::default(), Trees::default());
    for _ in 0..8 {
        let mut asked = BTreeSet::new();
        let claims = check(
            report,
            &World::new(&known, &repository, &trees, gathered),
            &mut asked,
        );
        if asked.is_empty() {
            return claims.into_iter().filter(|claim| claim.rule == rule).collect();
        }
        for question in asked {
            let answer = match &question {
                Question::Files(_) => {
                    let mut paths: Vec<RepoPath> = files
                        .iter()
                        .map(|(path, _)| RepoPath::new(path).unwrap())
                        .collect();
                    paths.sort();
                    Answer::Paths(paths.into())
                }
                Question::Bytes(_, path) => {
                    let found = files.iter().find(|(name, _)| *name == path.as_str());
                    Answer::Bytes(found.map(|(_, text)| Arc::from(text.as_bytes())))
                }
                _ => Answer::Unknown("not in this test".into()),
            };
            known.learn(question, answer);
        }
    }
    panic!("it goes on asking");
}
