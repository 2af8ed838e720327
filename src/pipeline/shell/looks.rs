//! What the runner asks of a node without running it.

use super::run::Runner;
use super::syntax::{Command, List, Node};

impl<'a> Runner<'a> {
    pub(super) fn line_of(&self, node: &Node) -> usize {
        self.first_command(node).map_or(0, |command| command.line)
    }

    pub(super) fn text_of(&self, node: &Node) -> Box<str> {
        let Some(command) = self.first_command(node) else {
            return "…".into();
        };
        let (start, end) = command.bytes;
        let text = self.script.get(start..end).unwrap_or_default().trim();
        match text.char_indices().nth(40) {
            Some((cut, _)) => format!("{} …", text.get(..cut).unwrap_or_default()).into(),
            None => text.into(),
        }
    }

    pub(super) fn first_command(&self, node: &Node) -> Option<&'a Command> {
        let of = |list: &List| list.first().and_then(|entry| self.first_command(&entry.node));
        match node {
            Node::Simple(at) => self.commands.get(*at),
            Node::Pipeline { parts, .. } => parts.first().and_then(|part| self.first_command(part)),
            Node::AndOr { first, .. } => self.first_command(first),
            Node::Subshell(list) | Node::Group(list) | Node::For(list) => of(list),
            Node::If { arms, .. } => arms.first().and_then(|(condition, _)| of(condition)),
            Node::While { condition, .. } => of(condition),
            Node::Case { arms, .. } => arms.iter().find_map(of),
            Node::Function { body, .. } => self.first_command(body),
            Node::Test => None,
        }
    }

    /// Whether the node begins by looking at the exit code of what ran before it.
    pub(super) fn reads_status(&self, node: &Node) -> bool {
        self.first_command(node).is_some_and(|command| {
            let words = command
                .assignments
                .iter()
                .map(|(_, word)| word)
                .chain(&command.words);
            let bare_exit =
                command.words.len() == 1 && matches!(command.words[0].text.as_str(), "exit" | "return");
            bare_exit || words.into_iter().any(|word| word.text.contains("$?"))
        })
    }

    /// Whether a node runs nothing but prints and preparations.
    pub(super) fn only_says(&self, node: &Node) -> bool {
        let all = |list: &List| list.iter().all(|entry| self.only_says(&entry.node));
        match node {
            Node::Simple(at) => self
                .commands
                .get(*at)
                .is_none_or(|command| match command.words.first() {
                    Some(word) => {
                        super::NEVER_A_CHECK.contains(&&*word.text) || super::PREPARES.contains(&&*word.text)
                    }
                    None => true,
                }),
            Node::Pipeline { parts, .. } => parts.iter().all(|part| self.only_says(part)),
            Node::AndOr { first, rest } => {
                self.only_says(first) && rest.iter().all(|(_, node)| self.only_says(node))
            }
            Node::Subshell(list) | Node::Group(list) | Node::For(list) => all(list),
            Node::If { arms, otherwise } => {
                all(otherwise) && arms.iter().all(|(condition, body)| all(condition) && all(body))
            }
            Node::Case { arms, .. } => arms.iter().all(all),
            Node::Test => true,
            Node::While { .. } | Node::Function { .. } => false,
        }
    }

    pub(super) fn target_in(&self, list: &List) -> bool {
        self.target
            .is_some_and(|(target, _)| list.iter().any(|entry| holds(&entry.node, target)))
    }
}

/// Whether a command stands in a node, substitutions left out.
fn holds(node: &Node, target: usize) -> bool {
    let inside = |list: &List| list.iter().any(|entry| holds(&entry.node, target));
    match node {
        Node::Simple(at) => *at == target,
        Node::Pipeline { parts, .. } => parts.iter().any(|part| holds(part, target)),
        Node::AndOr { first, rest } => {
            holds(first, target) || rest.iter().any(|(_, node)| holds(node, target))
        }
        Node::Subshell(list) | Node::Group(list) | Node::For(list) => inside(list),
        Node::If { arms, otherwise } => {
            inside(otherwise)
                || arms
                    .iter()
                    .any(|(condition, body)| inside(condition) || inside(body))
        }
        Node::While { condition, body, .. } => inside(condition) || inside(body),
        Node::Case { arms, .. } => arms.iter().any(inside),
        Node::Function { body, .. } => holds(body, target),
        Node::Test => false,
    }
}
