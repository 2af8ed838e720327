//! A table: groups and entries in the order of the screen, as a tree in one list.

/// Rows in the order of the screen, every group before what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Every row.
    pub nodes: Vec<Node>,
    /// The groups that nodes name.
    pub groups: Vec<Group>,
    /// Entries that the filter left.
    pub entries: u32,
}

/// A row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// What stands there.
    pub what: What,
    /// Groups around it.
    pub depth: u8,
    /// Rows below it that belong to it.
    pub below: u32,
}

/// What stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A group, by its place in [`Table::groups`].
    Group(u32),
    /// An entry, by the pane's own numbering.
    Entry(u32),
    /// A gate of the assessment.
    Gate(u32),
    /// An evidence file of [`crate::model::Gathered::files`].
    File(u32),
    /// What all entries come to, in one row.
    Summary,
    /// A sentence of the pane's `EMPTY`.
    Say(u8),
}

/// Rows that fold together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// Identity over judgements.
    pub key: Box<str>,
    /// As shown; text from outside.
    pub name: Box<str>,
    /// Entries below it.
    pub entries: u32,
    /// It is folded until a person unfolds it.
    pub folded: bool,
    /// What the pane counts over the entries; its own meaning.
    pub figures: [u64; 4],
}

impl Group {
    /// An unfolded group.
    #[must_use]
    pub fn new(key: impl Into<Box<str>>, name: impl Into<Box<str>>) -> Self {
        Self {
            key: key.into(),
            name: name.into(),
            ..Self::default()
        }
    }
}

/// Builds a table from top to bottom.
#[derive(Debug, Default)]
pub struct Builder {
    table: Table,
    open: Vec<usize>,
}

impl Builder {
    /// Begins a group; what follows belongs to it until [`Self::close`].
    pub fn open(&mut self, group: Group) {
        let at = self.table.groups.len();
        self.table.groups.push(group);
        self.open.push(self.table.nodes.len());
        self.node(What::Group(u32::try_from(at).unwrap_or(u32::MAX)), 1);
    }

    /// Ends the last group that was begun.
    pub fn close(&mut self) {
        let len = self.table.nodes.len();
        if let Some(at) = self.open.pop()
            && let Some(node) = self.table.nodes.get_mut(at)
        {
            node.below = u32::try_from(len - at - 1).unwrap_or(u32::MAX);
        }
    }

    /// Adds an entry.
    pub fn entry(&mut self, entry: u32) {
        self.table.entries += 1;
        for &at in &self.open {
            if let Some(What::Group(group)) = self.table.nodes.get(at).map(|node| node.what)
                && let Some(group) = self.table.groups.get_mut(group as usize)
            {
                group.entries += 1;
            }
        }
        self.node(What::Entry(entry), 0);
    }

    /// Adds a row that is no entry.
    pub fn push(&mut self, what: What) {
        self.node(what, 0);
    }

    /// The table.
    #[must_use]
    pub fn finish(mut self) -> Table {
        while !self.open.is_empty() {
            self.close();
        }
        self.table
    }

    fn node(&mut self, what: What, own: usize) {
        let depth = self.open.len().saturating_sub(own);
        self.table.nodes.push(Node {
            what,
            depth: u8::try_from(depth).unwrap_or(u8::MAX),
            below: 0,
        });
    }
}

impl Table {
    /// The groups that a node lies in.
    pub fn groups_around(&self, node: usize) -> impl Iterator<Item = &Group> {
        let before = self.nodes.iter().enumerate().take(node);
        before.filter_map(move |(at, found)| match found.what {
            What::Group(group) if at + (found.below as usize) >= node => self.groups.get(group as usize),
            _ => None,
        })
    }

    /// The group that a node is, or the one that it lies in, with its place.
    #[must_use]
    pub fn group_around(&self, node: usize) -> Option<(&Group, usize)> {
        let own = self.nodes.get(node)?;
        let around = |at: &usize| {
            let found = self.nodes.get(*at);
            let holds = |found: &Node| matches!(found.what, What::Group(_)) && found.depth < own.depth;
            found.is_some_and(holds)
        };
        let at = match own.what {
            What::Group(_) => node,
            _ => (0..node).rev().find(around)?,
        };
        let What::Group(group) = self.nodes.get(at)?.what else {
            return None;
        };
        Some((self.groups.get(group as usize)?, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_know_what_lies_below_them() {
        let mut builder = Builder::default();
        builder.push(What::Say(0));
        builder.open(Group::new("a", "a"));
        builder.entry(1);
        builder.open(Group::new("b", "b"));
        builder.entry(2);
        builder.entry(3);
        builder.close();
        builder.close();
        builder.entry(4);
        let table = builder.finish();
        let rows: Vec<_> = table.nodes.iter().map(|node| (node.depth, node.below)).collect();
        assert_eq!(rows, [(0, 0), (0, 4), (1, 0), (1, 2), (2, 0), (2, 0), (0, 0)]);
        assert_eq!(
            table.groups.iter().map(|group| group.entries).collect::<Vec<_>>(),
            [3, 2]
        );
        let around = |node| table.group_around(node).map(|(group, at)| (&*group.key, at));
        assert_eq!(around(0), None);
        assert_eq!(around(2), Some(("a", 1)));
        assert_eq!(around(3), Some(("b", 3)));
        assert_eq!(around(5), Some(("b", 3)));
        assert_eq!(around(6), None);
    }
}
