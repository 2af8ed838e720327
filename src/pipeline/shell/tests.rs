use super::*;

const GITHUB: Shell = Shell {
    errexit: true,
    pipefail: false,
};
const PIPEFAIL: Shell = Shell {
    errexit: true,
    pipefail: true,
};
const BARE: Shell = Shell {
    errexit: false,
    pipefail: false,
};

fn of(script: &str, shell: Shell, name: &str) -> Fails {
    let analysis = analyse(script, shell);
    let found = analysis
        .commands
        .iter()
        .rev()
        .find(|command| command.words.iter().any(|word| &**word == name));
    found.map_or_else(
        || panic!("no `{name}` in {analysis:?}"),
        |command| command.fails.clone(),
    )
}

#[track_caller]
fn cannot(script: &str, shell: Shell, name: &str, why: &str) {
    match of(script, shell, name) {
        Fails::No(_, reason) => assert!(reason.contains(why), "{script}\n{reason}"),
        other => panic!("{script}\n{other:?}"),
    }
}

#[track_caller]
fn can(script: &str, shell: Shell, name: &str) {
    assert_eq!(of(script, shell, name), Fails::Yes, "{script}");
}

#[track_caller]
fn unknown(script: &str, shell: Shell, name: &str) {
    assert!(matches!(of(script, shell, name), Fails::Unknown(_)), "{script}");
}

#[test]
fn a_swallowed_exit_code_is_seen_with_its_reason() {
    cannot("audit || true", GITHUB, "audit", "|| true");
    cannot("audit || echo \"never mind\"", GITHUB, "audit", "|| echo");
    cannot("audit || :", GITHUB, "audit", "|| :");
    cannot("audit || exit 0", GITHUB, "audit", "|| exit 0");
    cannot("audit; true", BARE, "audit", "set -e");
    cannot("set +e\naudit\necho done", GITHUB, "audit", "set -e");
    cannot("audit | tee log.txt", GITHUB, "audit", "pipefail");
    cannot("audit &\nbuild", GITHUB, "audit", "background");
    cannot("echo \"$(audit)\"", GITHUB, "audit", "$(…)");
    cannot("export X=$(audit)\nbuild $X", GITHUB, "audit", "$(…)");
    cannot("if audit; then echo fine; fi", GITHUB, "audit", "condition");
    cannot("audit && echo ok\nbuild", GITHUB, "audit", "&&");
    cannot("set +e\naudit\nexit 0", GITHUB, "audit", "set -e");
    cannot("(audit || true) && build", GITHUB, "audit", "|| true");
    cannot("{ audit || echo bad; } 2>&1", GITHUB, "audit", "|| echo");
    cannot("bash -c 'audit || true'", GITHUB, "audit", "|| true");
    cannot("bash -c 'audit; echo x'", GITHUB, "audit", "set -e");
    cannot(
        "audit || { echo bad; echo worse; }",
        GITHUB,
        "audit",
        "|| echo bad",
    );
    cannot(
        "build\naudit || printf 'x' >> log\n",
        GITHUB,
        "audit",
        "|| printf",
    );
}

#[test]
fn a_failure_that_counts_is_seen() {
    can("audit", GITHUB, "audit");
    can("audit\nbuild", GITHUB, "audit");
    can("audit", BARE, "audit");
    can("audit | tee log.txt", PIPEFAIL, "audit");
    can("set -o pipefail\naudit 2>&1 | tee log", GITHUB, "audit");
    can("audit || exit 1", GITHUB, "audit");
    can("audit || { echo bad; exit 1; }", GITHUB, "audit");
    can("audit || (echo bad && exit 1)", GITHUB, "audit");
    can("audit || false", GITHUB, "audit");
    can("x=$(audit)\necho $x", GITHUB, "audit");
    can("audit && build", GITHUB, "audit");
    can("build && audit", GITHUB, "audit");
    can("if ! audit; then exit 1; fi", GITHUB, "audit");
    can("if audit; then echo fine; else exit 1; fi", GITHUB, "audit");
    can(
        "set +e\naudit\ncode=$?\nset -e\necho $code\nexit $code",
        GITHUB,
        "audit",
    );
    can(
        "code=0\naudit || code=$?\nupload || true\nexit $code",
        GITHUB,
        "audit",
    );
    can(
        "set +e\naudit\nif [ $? -ne 0 ]; then\n  echo bad\n  exit 1\nfi",
        GITHUB,
        "audit",
    );
    can("for d in a b; do\n  audit $d\ndone", GITHUB, "audit");
    can("check() { audit; }\ncheck", GITHUB, "audit");
    can("cat <<EOF | audit\n|| true\nEOF\n", GITHUB, "audit");
    can("# audit || true\naudit # || true", GITHUB, "audit");
    can("audit --text \"|| true\"", GITHUB, "audit");
    can("echo ${{ github.ref || true }}\naudit", GITHUB, "audit");
    can("if grep -q FAILED log; then exit 1; fi", GITHUB, "grep");
    can("! grep -r secret src", GITHUB, "grep");
    can(
        "case \"$x\" in\n  a) audit ;;\n  *) audit ;;\nesac",
        GITHUB,
        "audit",
    );
    can("bash -ec 'audit; echo x'", GITHUB, "audit");
    can("exec audit --all", GITHUB, "audit");
    can("[[ -n $X ]] && echo yes\naudit", GITHUB, "audit");
    can("if [ -f x ]; then\n  audit\nfi", GITHUB, "audit");
}

#[test]
fn what_depends_on_more_is_unknown() {
    unknown("audit || other-audit", GITHUB, "audit");
    unknown("until audit; do sleep 1; done", GITHUB, "audit");
    unknown("audit &\nwait $!", GITHUB, "audit");
    unknown("trap 'exit 0' EXIT\naudit", GITHUB, "audit");
    unknown(
        "if [ -n \"$STRICT\" ]; then set -e; else set +e; fi\naudit\necho x",
        GITHUB,
        "audit",
    );
    unknown("for d in a b; do audit $d; done", BARE, "audit");
    for broken in [
        "audit || (",
        "if audit; then",
        "case x in a) audit ;& esac",
        "echo 'x",
        "cat <<E\nx",
        "fi",
    ] {
        assert!(
            matches!(analyse(broken, GITHUB).whole, Fails::Unknown(_)),
            "{broken}"
        );
    }
}

#[test]
fn a_whole_script_is_judged_by_its_checks() {
    assert_eq!(analyse("npm ci\nnpm audit || true", GITHUB).whole, Fails::Yes);
    assert!(matches!(
        analyse("mkdir -p out\nnpm audit || true", GITHUB).whole,
        Fails::No(1, _)
    ));
    assert!(matches!(
        analyse("echo all tests passed", GITHUB).whole,
        Fails::No(..)
    ));
    assert!(matches!(
        analyse("echo not yet\nexit 1", GITHUB).whole,
        Fails::Always(_)
    ));
    assert_eq!(
        analyse("if [ \"$X\" -lt 95 ]; then exit 1; fi", GITHUB).whole,
        Fails::Yes
    );
    assert!(matches!(analyse("", GITHUB).whole, Fails::No(..)));
}

/// The judgement of every script above is what a real shell does: the failing command is a function that returns 1.
#[test]
fn a_real_shell_agrees() {
    let scripts = [
        "audit || true",
        "audit || echo x",
        "audit || :",
        "audit || exit 0",
        "audit; true",
        "set +e\naudit\necho done",
        "audit | tee /dev/null",
        "echo \"$(audit)\"",
        "export X=$(audit)",
        "if audit; then echo fine; fi",
        "audit && echo ok\ntrue",
        "audit && echo ok",
        "(audit || true) && echo b",
        "{ audit || echo bad; } 2>&1",
        "audit",
        "audit\necho x",
        "audit || exit 1",
        "audit || { echo bad; exit 1; }",
        "audit || (echo bad && exit 1)",
        "audit || false",
        "x=$(audit)\necho $x",
        "echo a && audit",
        "if ! audit; then exit 1; fi",
        "if audit; then echo fine; else exit 1; fi",
        "set +e\naudit\ncode=$?\nset -e\nexit $code",
        "code=0\naudit || code=$?\nexit $code",
        "set +e\naudit\nif [ $? -ne 0 ]; then\n exit 1\nfi",
        "for d in a b; do\n  audit $d\ndone",
        "check() { audit; }\ncheck\ntrue",
        "cat <<EOF | audit\n|| true\nEOF\n",
        "! audit",
        "! audit\nfalse",
        "audit | cat && echo x",
        "set -o pipefail\naudit | cat",
        "(audit; echo x)",
        "{ audit; echo x; }",
        "check() { audit; echo x; }\ncheck || true",
        "check() { audit; echo x; }\ncheck && echo y",
        "(audit; echo x) || exit 3",
        "set +e\n(audit)\necho",
        "audit || echo a && false",
        "false || audit",
        "true && audit",
        "x=$(audit || true)\necho $x",
        "x=$(audit | cat)\necho $x",
        "local_x=1 audit",
        "audit > /dev/null 2>&1",
        "case x in x) audit;; esac\necho y",
        "set -e; set +e; audit; :",
        "exit 0\naudit",
        "if true; then audit; fi",
        "if true; then audit || true; fi\necho",
        "{ echo a; audit; } | cat",
        "audit & echo x",
        "x=$(audit; echo y)\necho $x",
        "x=$(set -e; audit; echo y)\necho $x",
        "if check; then echo; fi\ncheck() { audit; echo z; }\ncheck",
        "time audit | cat",
        "audit <<< hello",
        "echo `audit`",
        "x=`audit`",
        "[ -z \"$(audit)\" ] || exit 4",
        "diff <(audit) /dev/null",
        "check() { return 0; audit; }\ncheck",
        "check() { audit || return 0; }\ncheck",
        "check() { audit || return 4; }\ncheck",
    ];
    for script in scripts {
        for (shell, flags) in [(GITHUB, "-e"), (PIPEFAIL, "-eo pipefail"), (BARE, "+e")] {
            let succeeds = |status: u8| {
                let run = format!("audit() {{ return {status}; }}\n{script}\n");
                let file = tempfile::NamedTempFile::new().unwrap();
                std::fs::write(file.path(), run).unwrap();
                #[expect(clippy::disallowed_methods, reason = "the test compares with a real shell")]
                let mut bash = std::process::Command::new("bash");
                let done = bash
                    .args(flags.split(' '))
                    .arg(file.path())
                    .stdin(std::process::Stdio::null())
                    .output();
                done.ok().map(|done| done.status.success())
            };
            let (Some(failed), Some(passed)) = (succeeds(1), succeeds(0)) else {
                return;
            };
            let judged = of(script, shell, "audit");
            match judged {
                Fails::Yes => assert!(!failed || !passed, "{flags} {script}"),
                Fails::No(..) => assert!(failed, "{flags} {script}"),
                Fails::Always(_) | Fails::Unknown(_) => {}
            }
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 3000, ..Default::default() })]

    #[test]
    fn any_script_is_read_or_refused(script in "(audit|[ \n;&|(){}<>!#$`'\"\\\\=a]|if |then |fi|do |done|case |esac|in |\\$\\(|<<E\n|E\n|\\$\\{\\{|\\}\\}|\\|\\||é){0,40}") {
        let _ = analyse(&script, GITHUB);
    }
}
