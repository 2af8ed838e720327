//! Whether a token is a path of a repository at all. Everything else that has slashes and dots is passed over: URLs,
//! domains, routes, media types, branches, packages, versions, placeholders, paths of other machines.

/// A path as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// Without a line suffix; a folder keeps its slash.
    pub path: String,
    /// The lines that it names, as written: `130-141`, `15,35`.
    pub lines: Option<String>,
    /// It has `*`, `?` or `{…}`.
    pub glob: bool,
    /// It ends with a name that has a known ending, or is a well-known name.
    pub named_like_a_file: bool,
}

impl Written {
    /// More than a bare name.
    pub fn has_folder(&self) -> bool {
        self.path.trim_end_matches('/').contains('/')
    }
}

/// The first part of a path, `./` left out.
pub(super) fn front(path: &str) -> &str {
    path.split('/')
        .find(|part| !matches!(*part, "" | "." | ".."))
        .unwrap_or_default()
}

/// Endings of files that a repository tracks and people name.
#[rustfmt::skip]
const ENDINGS: &[&str] = &[
    "adoc", "astro", "avsc", "bash", "bat", "bats", "bicep", "bzl", "c", "cabal", "cc", "cfg", "cjs", "clj",
    "cljs", "cmake", "cmd", "conf", "cpp", "cs", "csproj", "css", "csv", "cts", "cxx", "dart",
    "dhall", "dockerfile", "ejs", "el", "elm", "erb", "erl", "ex", "exs", "feature", "fish", "fs",
    "fsproj", "gemspec", "gd", "glsl", "go", "gql", "gradle", "graphql", "groovy", "h", "haml",
    "handlebars", "hbs", "hcl", "hpp", "hrl", "hs", "htm", "html", "hxx", "ini", "ino", "ipynb", "j2",
    "jade", "java", "jinja", "jinja2", "jl", "js", "json", "json5", "jsonc", "jsonl", "jsonnet", "jsx",
    "kt", "kts", "less", "liquid", "lock", "lua", "m4", "md", "mdx", "mjs", "mk", "ml", "mli", "mod", "mts",
    "mustache", "nim", "nix", "pcss", "php", "pl", "plist", "pm", "po", "prisma", "proto", "ps1",
    "psm1", "pug", "puml", "purs", "py", "pyi", "pyx", "r", "raml", "rb", "rego", "resx", "rkt", "rmd",
    "rs", "rst", "sass", "sbt", "scala", "scm", "scss", "service", "sh", "sln", "slim", "snap", "sol",
    "sql", "styl", "sum", "sv", "svelte", "svg", "swift", "tcl", "template", "tex", "tf", "tfvars",
    "thrift", "toml", "tpl", "ts", "tsx", "twig", "txt", "v", "vb", "vbproj", "vhd", "vue", "webmanifest",
    "wsdl", "xml", "xsd", "xsl", "xslt", "yaml", "yml", "zig", "zsh", "png", "jpg", "jpeg", "gif", "ico",
    "webp", "pdf", "woff", "woff2",
];

/// Well-known names without an ending.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "Dockerfile", "Containerfile", "Makefile", "GNUmakefile", "Jenkinsfile", "Procfile", "Vagrantfile",
    "Gemfile", "Rakefile", "Brewfile", "Podfile", "Fastfile", "Pipfile", "Justfile", "justfile", "Taskfile",
    "Tiltfile", "Caddyfile", "LICENSE", "LICENCE", "NOTICE", "CODEOWNERS", "README", "CHANGELOG",
    "CONTRIBUTING", "SECURITY", "AUTHORS", "BUILD", "WORKSPACE", "gradlew", "mvnw",
];

/// Products and libraries whose names look like files.
#[rustfmt::skip]
const PRODUCTS: &[&str] = &[
    "node.js", "next.js", "nuxt.js", "vue.js", "react.js", "angular.js", "ember.js", "backbone.js",
    "express.js", "three.js", "d3.js", "chart.js", "moment.js", "day.js", "discord.js", "socket.io",
    "nest.js", "p5.js", "alpine.js", "knockout.js", "polymer.js", "meteor.js", "electron.js", "asp.net",
    "vb.net", "bull.js", "sails.js", "koa.js", "passport.js", "require.js", "ethers.js", "web3.js",
    "solid.js", "deno.js", "bun.js", "gatsby.js", "whisper.cpp", "llama.cpp", "video.js", "hls.js",
    "paper.js", "babylon.js", "tone.js", "fabric.js", "matter.js", "brain.js", "tensorflow.js", "core.js",
    "umami.js", "auth.js", "lucia.js", "total.js", "impress.js", "reveal.js", "highlight.js", "prism.js",
    "mustache.js",
];

/// First parts of what is made, installed or private, and so is not expected in a repository.
#[rustfmt::skip]
const MADE: &[&str] = &[
    "node_modules", "dist", "build", "target", "out", "vendor", "tmp", "temp", "venv", ".venv", "env",
    "__pycache__", "coverage", "htmlcov", ".next", ".nuxt", ".terraform", ".git", "site-packages", "bin",
    "obj", "logs", "log", ".cache", "artifacts", "playwright-report", "test-results", "storybook-static",
    ".pytest_cache", ".mypy_cache", ".ssh", ".aws", ".kube", ".docker", ".config", ".local", ".cargo",
    ".npm", ".gradle", ".m2", "var", "etc", "usr", "opt", "home", "proc", "dev", "mnt", "root", "srv",
    "generated", "data", "backups", "backup", "uploads", "secrets", "certs",
];

/// First parts of names of branches and remotes.
#[rustfmt::skip]
const REFS: &[&str] = &[
    "origin", "upstream", "refs", "heads", "feature", "feat", "fix", "bugfix", "hotfix", "release", "chore",
    "claude", "dependabot", "renovate", "remotes", "tags", "user", "users", "wip", "copilot", "codex",
];

/// First parts of media types.
#[rustfmt::skip]
const MEDIA: &[&str] = &[
    "application", "text", "image", "audio", "video", "multipart", "font", "message", "model",
];

/// Words that nobody calls a real file.
#[rustfmt::skip]
const PLACEHOLDERS: &[&str] = &[
    "foo", "bar", "baz", "qux", "xxx", "your", "my", "path", "some", "example", "placeholder", "yyyy", "mm",
    "dd", "filename", "file", "dir", "folder", "name", "username", "project", "myapp", "my-app",
    "myproject",
];

/// Reads a token; `None` when it is no path.
pub(super) fn read(token: &str) -> Option<Written> {
    // Three dots stand for what was left out.
    if token.contains("...") || token.contains('…') {
        return None;
    }
    let token = token.trim_end_matches(['.', ',', ';', ':', '!']).trim();
    let (path, lines) = split_lines(token)?;
    let path = path.strip_prefix("./").unwrap_or(path);
    if !(2..=240).contains(&path.len()) || !spelled_like_a_path(path) {
        return None;
    }
    let glob = path.contains(['*', '?', '{']);
    let bare = path.trim_end_matches('/');
    let name = bare.rsplit('/').next().unwrap_or(bare);
    if name.is_empty() || path.contains("//") {
        return None;
    }
    let front = front(path);
    let lower = front.to_ascii_lowercase();
    let folded = bare.contains('/');
    if MADE.contains(&&*lower) && (folded || path.ends_with('/')) {
        return None;
    }
    let named_like_a_file = !path.ends_with('/') && is_file_name(name);
    if !folded && !path.ends_with('/') && !named_like_a_file {
        return None;
    }
    if folded && !named_like_a_file && (REFS.contains(&&*lower) || MEDIA.contains(&&*lower)) {
        return None;
    }
    if folded && (is_domain(front) || is_slug(bare)) {
        return None;
    }
    if path.split(['/', '.', '*']).any(is_placeholder) || path.to_ascii_lowercase().contains("path/to") {
        return None;
    }
    if bare
        .split('/')
        .all(|part| part.chars().all(|c| c.is_ascii_digit() || c == '.'))
    {
        return None;
    }
    Some(Written {
        path: path.to_owned(),
        lines,
        glob,
        named_like_a_file,
    })
}

/// Cuts `:15,35`, `:130-141`, `:12:5`, `#L10-L20` off.
fn split_lines(token: &str) -> Option<(&str, Option<String>)> {
    if let Some((path, anchor)) = token.split_once('#') {
        let lines = anchor.strip_prefix('L')?.replace('L', "");
        return is_lines(&lines).then_some((path, Some(lines)));
    }
    let Some((path, rest)) = token.split_once(':') else {
        return Some((token, None));
    };
    // A column behind the line says nothing that can be checked.
    let lines = rest.split_once(':').map_or(rest, |(line, _)| line);
    let lines = lines.trim_start_matches('L');
    // `host:port` and `image:tag` have no ending of a file in front.
    let name = path.rsplit('/').next().unwrap_or(path);
    (is_lines(lines) && is_file_name(name)).then(|| (path, Some(lines.replace('–', "-"))))
}

/// `15`, `15,35`, `130-141`, and several of these.
fn is_lines(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 60
        && text.split([',', '-', '–']).all(|number| {
            let number = number.trim();
            (1..=7).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}

fn spelled_like_a_path(path: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || "/._-+@()[]*?{},~".contains(c);
    let first = path.chars().next().unwrap_or('/');
    !matches!(first, '/' | '~' | '-' | '@' | '+' | ',' | '(' | ')')
        && path.chars().all(allowed)
        && (!path.contains(['(', ')']) || path.contains("(") && path.contains(")/"))
        && (!path.contains(',') || path.contains('{'))
        && path.matches('[').count() == path.matches(']').count()
        && !path.contains('~')
        && path.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// A name with a known ending, a well-known name, or a dot file.
pub(super) fn is_file_name(name: &str) -> bool {
    if NAMES.contains(&name)
        || NAMES.iter().any(|known| {
            name.strip_prefix(known)
                .is_some_and(|rest| rest.starts_with('.') || rest.starts_with('-'))
        })
    {
        return true;
    }
    let Some((stem, ending)) = name.rsplit_once('.') else {
        return false;
    };
    if stem.is_empty() {
        // `.gitignore`, `.nvmrc`; an `.env` is private.
        return ending.len() >= 4
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && name != ".envrc";
    }
    let lower = name.to_ascii_lowercase();
    ENDINGS.contains(&&*ending.to_ascii_lowercase()) && !PRODUCTS.contains(&&*lower)
        || lower.starts_with(".env.") && ending.len() >= 4
}

/// `github.com`, `ghcr.io`: a dot inside and an ending that no file or folder has.
fn is_domain(front: &str) -> bool {
    let Some((stem, ending)) = front.rsplit_once('.') else {
        return false;
    };
    !stem.is_empty()
        && (2..=6).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_lowercase())
        && matches!(
            ending,
            "com"
                | "org"
                | "net"
                | "io"
                | "dev"
                | "app"
                | "ai"
                | "co"
                | "sh"
                | "in"
                | "de"
                | "uk"
                | "eu"
                | "gov"
                | "edu"
                | "info"
                | "cloud"
                | "xyz"
                | "me"
                | "us"
                | "tech"
        )
}

/// Two parts of which the second is written like a project at a version: `actions/checkout@v4`.
fn is_slug(path: &str) -> bool {
    path.contains('@')
        && path
            .rsplit('@')
            .next()
            .is_some_and(|at| !at.contains('.') || at.starts_with('v'))
}

fn is_placeholder(part: &str) -> bool {
    let lower = part.to_ascii_lowercase();
    PLACEHOLDERS.contains(&&*lower)
        && !matches!(
            &*lower,
            "project" | "file" | "path" | "name" | "example" | "folder" | "dir"
        )
        || lower.starts_with("your-")
        || lower.starts_with("your_")
        || lower.starts_with("my-")
        || lower.starts_with("xxx")
        || lower.starts_with("yyyy")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_with_their_lines() {
        let table = [
            ("src/auth/login.rs", "src/auth/login.rs", None),
            ("./src/a.rs", "src/a.rs", None),
            ("src/a.rs:12", "src/a.rs", Some("12")),
            ("src/a.rs:15,35", "src/a.rs", Some("15,35")),
            ("src/a.rs:130-141", "src/a.rs", Some("130-141")),
            ("src/a.rs:12:5", "src/a.rs", Some("12")),
            ("src/a.rs#L10-L20", "src/a.rs", Some("10-20")),
            ("Dockerfile", "Dockerfile", None),
            ("Dockerfile.dev", "Dockerfile.dev", None),
            (".github/workflows/ci.yml", ".github/workflows/ci.yml", None),
            ("package.json", "package.json", None),
            ("docs/", "docs/", None),
            ("src/auth", "src/auth", None),
            ("app/[id]/page.tsx", "app/[id]/page.tsx", None),
            ("src/auth/*", "src/auth/*", None),
            (".gitignore", ".gitignore", None),
        ];
        for (token, path, lines) in table {
            let read = read(token).unwrap_or_else(|| panic!("{token}"));
            assert_eq!(
                (read.path.as_str(), read.lines.as_deref()),
                (path, lines),
                "{token}"
            );
        }
    }

    #[test]
    fn look_alikes_are_no_paths() {
        for token in [
            "https://example.org/a.md",
            "github.com/a/b",
            "ghcr.io/a/b",
            "Node.js",
            "next.js",
            "socket.io",
            "/api/v1/x",
            "/app/src/a.py",
            "~/x.sh",
            "@scope/pkg",
            "application/json",
            "origin/main",
            "feature/login",
            "actions/checkout@v4",
            "path/to/file.py",
            "/path/to/x.sh",
            "node_modules/a/b.js",
            "dist/main.js",
            "and",
            "localhost:3000",
            "redis:7.0",
            "1/2",
            "2024/10/22",
            "process.env",
            "console.log",
            "user.name",
            "foo()",
            "a b.py",
            "$HOME/x.sh",
            "<file>.py",
            "v1.2.3",
            "src/...",
            "src/a.rs]",
            "your-app/main.py",
            "http://x",
            "C:\\a\\b.rs",
            "%APPDATA%/x",
            "a=b.py",
            "etc/hosts",
            "foo.py",
            "src/foo.rs",
            "--flag",
            "1.2.3",
            "e.g.",
            ".env",
            "x.y",
            "12.5",
            "127.0.0.1:8080",
            "10/10",
        ] {
            assert_eq!(read(token), None, "{token}");
        }
    }
}
