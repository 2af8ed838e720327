//! What reading and judging cost, beside their floor: pulldown-cmark's own pass over the same bytes.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gonogo::engine::{Change, Engine, read_document};
use gonogo::model::{RepoPath, Report};
use jiff::Timestamp;
use pulldown_cmark::{Options, Parser};

const DOCUMENTS: usize = 400;
const ITEMS: usize = 50;

/// A checklist in a mixed dialect; a function of its number.
fn checklist(number: usize) -> String {
    let mut text = format!(
        "# ✅ Release readiness {number}\n\n**Date**: 2026-03-{:02}\n\n---\n\n",
        number % 28 + 1
    );
    for item in 0..ITEMS {
        let seed = number * 31 + item * 17;
        if item % 10 == 0 {
            text.push_str(&format!(
                "## {}. Area {} (T{item:03}-T{:03})\n\nSome words of context.\n\n",
                item / 10 + 1,
                seed % 9,
                item + 9
            ));
        }
        let tick = if seed % 5 < 3 { 'x' } else { ' ' };
        let severity = ["CRITICAL", "HIGH", "P1", "P2"][seed % 4];
        match number % 3 {
            0 => text.push_str(&format!(
                "- [{tick}] **{severity}**: T{item:03} rotate the key of service {seed} in `src/s{seed}.rs`\n"
            )),
            1 => {
                if item % 10 == 0 {
                    text.push_str("| Priority | Issue | Status |\n| --- | --- | --- |\n");
                }
                let status = if tick == 'x' { "✅ Done" } else { "⏳ Pending" };
                text.push_str(&format!(
                    "| {severity} | T{item:03} check the limit of pool {seed} | {status} |\n"
                ));
                if item % 10 == 9 {
                    text.push('\n');
                }
            }
            _ => {
                let status = if tick == 'x' { "✅" } else { "❌" };
                text.push_str(&format!(
                    "#### P{}-{item}: Drain queue {seed} {status}\n**Files:**\n- `src/q{seed}.rs`\n\n",
                    seed % 3
                ));
            }
        }
    }
    text.push_str(&format!(
        "\n---\n\n**Overall**: {}/{ITEMS} complete\n",
        number % ITEMS
    ));
    text
}

fn read_all(texts: &[(RepoPath, Arc<[u8]>)]) -> Vec<Arc<Report>> {
    texts
        .iter()
        .map(|(path, bytes)| Arc::new(read_document(path.clone(), Arc::clone(bytes), Some(true), None)))
        .collect()
}

fn reading(criterion: &mut Criterion) {
    let texts: Vec<(RepoPath, Arc<[u8]>)> = (0..DOCUMENTS)
        .filter_map(|n| {
            Some((
                RepoPath::new(&format!("docs/r{n}.md"))?,
                Arc::from(checklist(n).into_bytes()),
            ))
        })
        .collect();
    let bytes: usize = texts.iter().map(|(_, bytes)| bytes.len()).sum();

    let mut group = criterion.benchmark_group("read");
    group.throughput(Throughput::Bytes(bytes as u64)).sample_size(20);
    group.bench_function("floor: pulldown-cmark's events", |bencher| {
        bencher.iter(|| {
            texts
                .iter()
                .map(|(_, bytes)| {
                    let text = std::str::from_utf8(bytes).unwrap_or_default();
                    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
                        .into_offset_iter()
                        .count()
                })
                .sum::<usize>()
        });
    });
    group.bench_function("reports", |bencher| {
        bencher.iter(|| black_box(read_all(&texts).len()))
    });
    group.finish();

    let reports = read_all(&texts);
    let mut group = criterion.benchmark_group("assess");
    group.sample_size(20);
    let filled = || {
        let mut engine = Engine::default();
        reports
            .iter()
            .for_each(|report| engine.apply(Change::Document(Arc::clone(report))));
        engine
    };
    group.bench_function("first", |bencher| {
        bencher.iter_batched(
            filled,
            |mut engine| engine.assess(Timestamp::UNIX_EPOCH).reasons.len(),
            criterion::BatchSize::LargeInput,
        );
    });
    let mut engine = filled();
    let _first = engine.assess(Timestamp::UNIX_EPOCH);
    let mut turn = 0;
    group.bench_function("again after one edit", |bencher| {
        bencher.iter(|| {
            turn += 1;
            let edited = format!("{}- [ ] one more thing {turn}\n", checklist(7));
            let path = RepoPath::new("docs/r7.md").unwrap_or_else(|| reports[0].path.clone());
            engine.apply(Change::Document(Arc::new(read_document(
                path,
                Arc::from(edited.into_bytes()),
                Some(true),
                None,
            ))));
            engine.assess(Timestamp::UNIX_EPOCH).reasons.len()
        });
    });
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
