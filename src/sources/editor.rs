//! Which editor a person uses, and its command line for a line of a file. Starting it is the runtime's.

use std::path::Path;

use super::env;
use super::git::Git;

/// A program with its arguments; no shell is between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditorCommand {
    /// The program.
    pub program: String,
    /// Its arguments, the file among them.
    pub args: Vec<String>,
    /// It has a window of its own: the terminal need not be given away, but it must be waited for.
    pub windowed: bool,
}

/// Why no editor can be started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditorError {
    /// The words of the setting cannot be taken apart.
    #[error("the editor setting `{0}` has an open quote")]
    OpenQuote(String),
    /// The setting is blank.
    #[error("the editor setting is empty: set $VISUAL or $EDITOR")]
    Empty,
}

/// The editor of this person: `$VISUAL`, `$EDITOR`, git's `core.editor`, `vi`.
#[must_use]
pub fn choose(root: &Path) -> String {
    env::var("VISUAL")
        .or_else(|| env::var("EDITOR"))
        .or_else(|| {
            // Only the person's own settings: a repository must not name a command.
            let output = Git::new(root)
                .read(&["config", "--global", "--get", "core.editor"])
                .ok()?;
            let editor = output.stdout_text().trim().to_owned();
            (!editor.is_empty()).then_some(editor)
        })
        .unwrap_or_else(|| if cfg!(windows) { "notepad" } else { "vi" }.to_owned())
}

/// The command that opens a file at a 1-based line in this editor.
///
/// # Errors
/// When the setting cannot be taken apart.
pub fn command(editor: &str, file: &Path, line: u32) -> Result<EditorCommand, EditorError> {
    let mut words = split(editor)?.into_iter();
    let program = words.next().ok_or(EditorError::Empty)?;
    let mut args: Vec<String> = words.collect();
    // A name that begins with a dash would be an option.
    let file = file.to_string_lossy();
    let file = if file.starts_with('-') {
        format!("./{file}")
    } else {
        file.into_owned()
    };
    let name = program
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    let wait = |args: &mut Vec<String>, words: &[&str]| {
        if !args.iter().any(|arg| words.contains(&arg.as_str())) {
            args.push((*words.first().unwrap_or(&"--wait")).to_owned());
        }
    };
    let mut windowed = false;
    match name {
        "code" | "code-insiders" | "codium" | "vscodium" | "cursor" | "windsurf" => {
            windowed = true;
            wait(&mut args, &["--wait", "-w"]);
            args.extend(["--goto".to_owned(), format!("{file}:{line}")]);
        }
        "subl" | "sublime_text" | "zed" | "zeditor" => {
            windowed = true;
            wait(&mut args, &["--wait", "-w"]);
            args.push(format!("{file}:{line}"));
        }
        "mate" => {
            windowed = true;
            wait(&mut args, &["--wait", "-w"]);
            args.extend(["--line".to_owned(), line.to_string(), file]);
        }
        "idea" | "pycharm" | "webstorm" | "goland" | "rustrover" | "clion" | "phpstorm" | "rubymine" => {
            windowed = true;
            wait(&mut args, &["--wait"]);
            args.extend(["--line".to_owned(), line.to_string(), file]);
        }
        "hx" | "helix" | "micro" => args.push(format!("{file}:{line}")),
        "kate" | "gedit" | "gnome-text-editor" | "notepad" | "open" => {
            windowed = true;
            if name == "kate" {
                args.extend(["--line".to_owned(), line.to_string()]);
            } else if name == "gedit" {
                args.push(format!("+{line}"));
            }
            args.push(file);
        }
        "vi" | "vim" | "nvim" | "view" | "gvim" | "mvim" | "neovide" | "nano" | "pico" | "emacs"
        | "emacsclient" | "kak" | "joe" | "jed" | "mg" | "ne" | "mcedit" | "vis" | "jmacs" | "zile"
        | "elvis" | "nvi" => {
            windowed = matches!(name, "gvim" | "mvim" | "neovide");
            args.extend([format!("+{line}"), file]);
        }
        // An unknown editor is given the file alone: a line that it does not understand would be a second file.
        _ => args.push(file),
    }
    Ok(EditorCommand {
        program,
        args,
        windowed,
    })
}

/// The words of a command line by the rules of a POSIX shell: quotes and backslashes, and nothing else of a shell.
fn split(line: &str) -> Result<Vec<String>, EditorError> {
    let (mut words, mut word, mut inside) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    let open = || EditorError::OpenQuote(line.to_owned());
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {
                if inside {
                    words.push(std::mem::take(&mut word));
                }
                inside = false;
                continue;
            }
            '\'' => loop {
                match chars.next().ok_or_else(open)? {
                    '\'' => break,
                    other => word.push(other),
                }
            },
            '"' => loop {
                match chars.next().ok_or_else(open)? {
                    '"' => break,
                    '\\' if chars.peek().is_some_and(|next| "\"\\$`".contains(*next)) => {
                        word.extend(chars.next());
                    }
                    other => word.push(other),
                }
            },
            '\\' if !cfg!(windows) => word.extend(chars.next()),
            other => word.push(other),
        }
        inside = true;
    }
    if inside {
        words.push(word);
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(editor: &str, file: &str) -> String {
        let command = command(editor, Path::new(file), 12).unwrap();
        format!("{} {}", command.program, command.args.join(" "))
    }

    #[test]
    fn each_editor_is_told_the_line_in_its_own_way() {
        assert_eq!(line("vim", "a b.md"), "vim +12 a b.md");
        assert_eq!(
            line("/usr/bin/nvim -u NONE", "a.md"),
            "/usr/bin/nvim -u NONE +12 a.md"
        );
        assert_eq!(line("emacs -nw", "a.md"), "emacs -nw +12 a.md");
        assert_eq!(line("code", "a.md"), "code --wait --goto a.md:12");
        assert_eq!(line("code -w -n", "a.md"), "code -w -n --goto a.md:12");
        assert_eq!(line("hx", "a.md"), "hx a.md:12");
        assert_eq!(line("micro", "a.md"), "micro a.md:12");
        assert_eq!(line("unheard-of --flag", "a.md"), "unheard-of --flag a.md");
        assert_eq!(line("vi", "-rf.md"), "vi +12 ./-rf.md");
    }

    #[test]
    fn words_are_split_by_quotes_and_no_shell_is_asked() {
        let words = |text: &str| split(text).unwrap();
        assert_eq!(
            words(r#"'/opt/my editor/ed' "a b" c\ d ''"#),
            ["/opt/my editor/ed", "a b", "c d", ""]
        );
        assert_eq!(words(r#"ed "a\"b$(x)""#), ["ed", "a\"b$(x)"]);
        assert_eq!(words("  "), Vec::<String>::new());
        assert_eq!(split("ed 'x"), Err(EditorError::OpenQuote("ed 'x".to_owned())));
        assert_eq!(command(" ", Path::new("a"), 1), Err(EditorError::Empty));
    }
}
