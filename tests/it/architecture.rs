//! The dependency rule: which layer may use which, and which names of the outside each may touch.
//! A breach fails with file and line; a module without a row fails too.

use std::fs;
use std::path::{Path, PathBuf};

/// One layer: its folder, the layers it may name as `crate::x`, and the restricted names it may touch.
struct Layer {
    name: &'static str,
    uses: &'static [&'static str],
    touches: &'static [&'static str],
}

const LAYERS: &[Layer] = &[
    Layer {
        name: "text",
        uses: &[],
        touches: &[
            "pulldown_cmark",
            "encoding_rs",
            "unicode_width",
            "unicode_segmentation",
            "memchr",
            "globset",
            "regex",
            "sha2",
            "saphyr_parser",
        ],
    },
    Layer {
        name: "model",
        uses: &["text"],
        touches: &["jiff"],
    },
    Layer {
        name: "report",
        uses: &["text", "model"],
        touches: &["memchr"],
    },
    Layer {
        name: "formats",
        uses: &["text", "model"],
        touches: &["memchr", "serde", "serde_json"],
    },
    Layer {
        name: "evidence",
        uses: &["text", "model"],
        touches: &["jiff", "globset", "serde", "serde_json", "toml"],
    },
    Layer {
        name: "pipeline",
        uses: &["text", "model"],
        touches: &["memchr"],
    },
    Layer {
        name: "claims",
        // A claim about evidence is judged as the gate on the same evidence is.
        uses: &["text", "model", "pipeline", "verdict"],
        touches: &["jiff", "globset", "memchr"],
    },
    Layer {
        name: "verdict",
        uses: &["text", "model"],
        touches: &["jiff"],
    },
    Layer {
        name: "edit",
        uses: &["text", "model"],
        touches: &["thiserror"],
    },
    Layer {
        name: "engine",
        uses: &[
            "text", "model", "report", "formats", "evidence", "pipeline", "claims", "verdict", "edit",
        ],
        touches: &["jiff"],
    },
    Layer {
        name: "config",
        uses: &["text", "model"],
        touches: &["serde", "serde_json", "toml"],
    },
    Layer {
        name: "app",
        uses: &["text", "model", "engine", "edit", "config"],
        touches: &["jiff", "memchr", "nucleo_matcher"],
    },
    Layer {
        name: "ui",
        uses: &["text", "app", "config"],
        touches: &["ratatui", "toml"],
    },
    Layer {
        name: "output",
        uses: &["text", "model", "formats", "engine"],
        touches: &["jiff", "serde", "serde_json"],
    },
    Layer {
        name: "sources",
        uses: &["text", "model", "formats", "edit", "engine", "config"],
        touches: &[
            "std::fs",
            "std::process",
            "std::env",
            "tokio",
            "ignore",
            "globset",
            "notify",
            "jiff",
            "directories",
            "rustix",
            "tempfile",
            "thiserror",
            "tracing",
            "memchr",
            "serde_json",
            "octocrab",
            "reqwest",
            "secrecy",
            "zip",
        ],
    },
    Layer {
        name: "runtime",
        uses: &[
            "text", "model", "edit", "engine", "config", "app", "ui", "sources",
        ],
        touches: &[
            "std::fs",
            "std::process",
            "tokio",
            "tokio_util",
            "futures_util",
            "crossterm",
            "ratatui",
            "rustix",
            "tracing",
            "tracing_subscriber",
            "color_eyre",
            "jiff",
        ],
    },
    Layer {
        name: "cli",
        uses: &[
            "text", "model", "report", "formats", "verdict", "edit", "engine", "config", "app", "ui",
            "output", "sources", "runtime",
        ],
        touches: &[
            "std::fs",
            "std::process",
            "std::env",
            "clap",
            "clap_complete",
            "clap_mangen",
            "color_eyre",
            "jiff",
            "serde_json",
            "tempfile",
            "thiserror",
            "tracing",
        ],
    },
];

/// Names that reach outside the pure core; a layer may use only those in its row.
const RESTRICTED: &[&str] = &[
    "std::fs",
    "std::process",
    "std::env",
    "std::net",
    "std::thread::sleep",
    "pulldown_cmark",
    "saphyr_parser",
    "encoding_rs",
    "unicode_width",
    "unicode_segmentation",
    "sha2",
    "jiff",
    "memchr",
    "serde",
    "serde_json",
    "toml",
    "thiserror",
    "nucleo_matcher",
    "ratatui",
    "crossterm",
    "tokio",
    "tokio_util",
    "futures_util",
    "ignore",
    "globset",
    "regex",
    "notify",
    "octocrab",
    "reqwest",
    "secrecy",
    "zip",
    "directories",
    "rustix",
    "tempfile",
    "tracing",
    "tracing_subscriber",
    "color_eyre",
    "clap",
    "clap_complete",
    "clap_mangen",
];

#[test]
fn every_layer_uses_only_what_its_row_allows() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut breaches = Vec::new();
    for layer in LAYERS {
        for file in rust_files(&src.join(layer.name)) {
            check_file(layer, &src, &file, &mut breaches);
        }
    }
    assert!(
        breaches.is_empty(),
        "the dependency rule of docs/ARCHITECTURE.md is broken:\n{}",
        breaches.join("\n")
    );
}

#[test]
fn every_module_has_a_row() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut missing = Vec::new();
    for entry in fs::read_dir(&src).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.trim_end_matches(".rs");
        if !["lib", "main"].contains(&module) && !LAYERS.iter().any(|layer| layer.name == module) {
            missing.push(name);
        }
    }
    assert!(
        missing.is_empty(),
        "src/{missing:?} has no row in tests/it/architecture.rs"
    );
}

#[test]
fn a_breach_is_found_with_its_line() {
    let layer = &LAYERS[1];
    let mut breaches = Vec::new();
    let source =
        "//! x\nuse crate::engine::Engine;\n// std::fs in a comment is fine\nlet f = std::fs::read(p);\n";
    check_source(layer, "model/x.rs", source, &mut breaches);
    assert_eq!(breaches.len(), 2, "{breaches:?}");
    assert!(breaches[0].starts_with("src/model/x.rs:2:"), "{breaches:?}");
    assert!(breaches[1].starts_with("src/model/x.rs:4:"), "{breaches:?}");
}

#[test]
fn a_grouped_use_of_the_crate_is_seen() {
    let mut breaches = Vec::new();
    check_source(
        &LAYERS[0],
        "text/x.rs",
        "use crate::{model::Item, engine};\n",
        &mut breaches,
    );
    assert_eq!(breaches.len(), 2, "{breaches:?}");
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn check_file(layer: &Layer, src: &Path, file: &Path, breaches: &mut Vec<String>) {
    // Test modules may set up a world of their own.
    let is_test = file.file_name().is_some_and(|name| name == "tests.rs");
    if is_test || file.components().any(|part| part.as_os_str() == "tests") {
        return;
    }
    let name = file.strip_prefix(src).unwrap().display().to_string();
    check_source(layer, &name, &fs::read_to_string(file).unwrap(), breaches);
}

fn check_source(layer: &Layer, name: &str, source: &str, breaches: &mut Vec<String>) {
    let product = source.split("#[cfg(test)]\nmod ").next().unwrap_or(source);
    for (number, line) in product.lines().enumerate() {
        let code = line.trim_start();
        if code.starts_with("//") {
            continue;
        }
        for module in crate_modules(code) {
            let own = module == layer.name;
            let known = LAYERS.iter().any(|layer| layer.name == module);
            if known && !own && !layer.uses.contains(&module) {
                breaches.push(format!(
                    "src/{name}:{}: `{}` may not use `crate::{module}`",
                    number + 1,
                    layer.name
                ));
            }
        }
        for outside in RESTRICTED {
            if names(code, outside) && !layer.touches.contains(outside) {
                breaches.push(format!(
                    "src/{name}:{}: `{}` may not touch `{outside}`",
                    number + 1,
                    layer.name
                ));
            }
        }
    }
}

/// The modules that a line names as `crate::x` or inside `crate::{x::…, y}`.
fn crate_modules(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(group.split(',').map(str::trim).map(first_word)),
            None => found.push(first_word(rest)),
        }
    }
    found
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default()
}

/// Whether a line names the path `outside` (as `outside::` or in `use outside`), not as part of a longer word.
fn names(code: &str, outside: &str) -> bool {
    code.match_indices(outside).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + outside.len()..];
        let starts =
            before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':' && c != '"' && c != '.');
        starts && (after.starts_with("::") || (code.starts_with("use ") && after.starts_with([';', ' '])))
    })
}
