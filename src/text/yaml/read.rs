//! The parser's events built into a tree: limits, aliases, merge keys, places.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, StrInput, Tag};

use super::{Entry, Error, Map, Node, Repeated, Scalar, Style, Value};
use crate::text::SourceText;

/// Larger files are refused: nobody writes 8 MiB of configuration by hand.
pub const MAX_BYTES: usize = 8 << 20;

/// So many collections may be nested in each other; recursion over a tree stays bounded by it.
pub const MAX_DEPTH: usize = 96;

/// So many nodes may come of one file, those of resolved aliases and merge keys included.
pub const MAX_NODES: usize = 400_000;

/// The documents of a file, in order; none when it holds only comments.
///
/// # Errors
/// When it is not YAML, or passes a limit; then nothing of it should be relied on.
pub fn parse(source: &SourceText) -> Result<Vec<Node>, Error> {
    let text = source.text();
    if text.len() > MAX_BYTES {
        return Err(error("larger than 8 MiB, which is not read as YAML", 1, 1));
    }
    // The parser takes a NUL for the end of the file and would leave the rest out without a word.
    if let Some(at) = memchr::memchr(0, text.as_bytes()) {
        let before = text.get(..at).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |line| line + 1);
        let lines = memchr::memchr_iter(b'\n', before.as_bytes()).count();
        let column = before.get(line_start..).unwrap_or_default().chars().count();
        return Err(error(
            "a NUL character, which YAML does not allow",
            lines + 1,
            column + 1,
        ));
    }
    let mut builder = Builder::new(source);
    let mut parser = Parser::new(StrInput::new(text));
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => builder.event(event, span.start, span.end)?,
            Err(wrong) => {
                let mark = wrong.marker();
                return Err(error(wrong.info(), mark.line(), mark.col() + 1));
            }
        }
    }
    Ok(builder.documents)
}

fn error(message: &str, line: usize, column: usize) -> Error {
    let narrow = |n: usize| u32::try_from(n.max(1)).unwrap_or(u32::MAX);
    Error {
        message: message.into(),
        line: narrow(line),
        column: narrow(column),
    }
}

struct Builder<'a> {
    source: &'a SourceText,
    places: Places<'a>,
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
}

/// A value that an alias can name, with the number of nodes in it.
struct Anchored {
    node: Node,
    nodes: usize,
}

/// A collection whose end has not come yet.
struct Open {
    anchor: usize,
    tag: Option<Box<str>>,
    start: usize,
    end: usize,
    line: u32,
    /// Nodes that there were before it.
    before: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map {
        map: Map,
        seen: HashMap<Box<str>, u32>,
        key: Option<Node>,
        merges: Vec<Node>,
    },
}

impl<'a> Builder<'a> {
    fn new(source: &'a SourceText) -> Self {
        Self {
            source,
            places: Places::new(source.text()),
            documents: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            nodes: 0,
        }
    }

    fn event(&mut self, event: Event<'_>, from: Marker, to: Marker) -> Result<(), Error> {
        let start = self.places.byte(from.index());
        let end = self.places.byte(to.index()).max(start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.count(1, from)?;
                let before = self.nodes - 1;
                let node = self.scalar(&text, style, tag.as_deref(), start, end, from.line());
                self.keep(anchor, &node, before, from)?;
                self.place(node, end);
                Ok(())
            }
            Event::Alias(anchor) => {
                let Some(anchored) = self.anchors.get(&anchor) else {
                    return Err(error(
                        "an alias inside of the value that it names",
                        from.line(),
                        from.col() + 1,
                    ));
                };
                let (node, nodes) = (anchored.node.clone(), anchored.nodes);
                self.count(nodes, from)?;
                self.place(node, end);
                Ok(())
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(anchor, tag.as_deref(), start, from, Content::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Map {
                    map: Map::default(),
                    seen: HashMap::new(),
                    key: None,
                    merges: Vec::new(),
                };
                self.open(anchor, tag.as_deref(), start, from, content)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(start, end, from),
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => Ok(()),
        }
    }

    fn count(&mut self, nodes: usize, at: Marker) -> Result<(), Error> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES {
            let message = format!("more than {MAX_NODES} values, those of aliases included");
            return Err(error(&message, at.line(), at.col() + 1));
        }
        Ok(())
    }

    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        start: usize,
        end: usize,
        line: usize,
    ) -> Node {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        // The parser places a block at its first line that is not empty; the empty ones before it are in its text.
        let empty = match style {
            Style::Literal | Style::Folded => text.bytes().take_while(|&byte| byte == b'\n').count(),
            Style::Plain | Style::Quoted => 0,
        };
        Node {
            line: narrow(line),
            span: self.source.span(start..end),
            tag: tag.map(written),
            value: Value::Scalar(Scalar {
                text: text.into(),
                style,
                text_line: narrow(line.saturating_sub(empty).max(1)),
            }),
        }
    }

    fn open(
        &mut self,
        anchor: usize,
        tag: Option<&Tag>,
        start: usize,
        at: Marker,
        content: Content,
    ) -> Result<(), Error> {
        self.count(1, at)?;
        if self.open.len() >= MAX_DEPTH {
            let message = format!("nested deeper than {MAX_DEPTH} levels");
            return Err(error(&message, at.line(), at.col() + 1));
        }
        self.open.push(Open {
            anchor,
            tag: tag.map(written),
            start,
            end: start,
            line: narrow(at.line()),
            before: self.nodes - 1,
            content,
        });
        Ok(())
    }

    fn close(&mut self, start: usize, end: usize, at: Marker) -> Result<(), Error> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        // A block collection has no closing sign: it ends with its last value, not at the next line.
        let end = if end > start { end.max(open.end) } else { open.end };
        let value = match open.content {
            Content::List(items) => Value::List(items),
            Content::Map {
                map, seen, merges, ..
            } => Value::Map(self.merge(map, &seen, merges, at)?),
        };
        let node = Node {
            line: open.line,
            span: self.source.span(open.start..end),
            tag: open.tag,
            value,
        };
        self.keep(open.anchor, &node, open.before, at)?;
        self.place(node, end);
        Ok(())
    }

    /// Adds what merge keys bring: the mapping's own keys win, then the earlier merge.
    fn merge(
        &mut self,
        mut map: Map,
        seen: &HashMap<Box<str>, u32>,
        merges: Vec<Node>,
        at: Marker,
    ) -> Result<Map, Error> {
        let mut taken: HashSet<Box<str>> = HashSet::new();
        for merge in merges {
            let sources = match merge.value {
                Value::List(items) => items,
                _ => vec![merge],
            };
            for source in sources {
                let Value::Map(more) = source.value else {
                    return Err(error(
                        "`<<` of something that is not a mapping",
                        at.line(),
                        at.col() + 1,
                    ));
                };
                for entry in more.entries {
                    if !seen.contains_key(&entry.key) && taken.insert(entry.key.clone()) {
                        map.entries.push(Entry {
                            merged: true,
                            ..entry
                        });
                    }
                }
            }
        }
        Ok(map)
    }

    /// Remembers an anchor's value. The copy counts like any other nodes: anchors may be nested in each other.
    fn keep(&mut self, anchor: usize, node: &Node, before: usize, at: Marker) -> Result<(), Error> {
        if anchor == 0 {
            return Ok(());
        }
        let nodes = self.nodes.saturating_sub(before).max(1);
        self.count(nodes, at)?;
        let node = node.clone();
        self.anchors.insert(anchor, Anchored { node, nodes });
        Ok(())
    }

    /// Puts a finished node where it belongs: into the innermost open collection, or it is a document.
    fn place(&mut self, node: Node, end: usize) {
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return;
        };
        open.end = open.end.max(end);
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map {
                map,
                seen,
                key,
                merges,
            } => {
                let Some(key) = key.take() else {
                    *key = Some(node);
                    return;
                };
                let merges_here = key
                    .scalar()
                    .is_some_and(|s| &*s.text == "<<" && s.style == Style::Plain);
                if merges_here {
                    merges.push(node);
                    return;
                }
                let name: Box<str> = match key.value {
                    Value::Scalar(scalar) => scalar.text,
                    _ => self.source.slice(key.span).into(),
                };
                if let Some(&first) = seen.get(&name) {
                    map.repeated.push(Repeated {
                        key: name.clone(),
                        first,
                        again: key.line,
                    });
                } else {
                    seen.insert(name.clone(), key.line);
                }
                map.entries.push(Entry {
                    key: name,
                    line: key.line,
                    span: key.span,
                    value: node,
                    merged: false,
                });
            }
        }
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A tag as people write it.
fn written(tag: &Tag) -> Box<str> {
    if tag.is_yaml_core_schema() {
        format!("!!{}", tag.suffix).into()
    } else {
        format!("{}{}", tag.handle, tag.suffix).into()
    }
}

/// The way from the parser's character numbers to bytes. They mostly ascend, so the last answer is where to start.
struct Places<'a> {
    text: &'a str,
    ascii: bool,
    /// The byte of every 256th character.
    marks: Vec<usize>,
}

impl<'a> Places<'a> {
    const STEP: usize = 256;

    fn new(text: &'a str) -> Self {
        let ascii = text.is_ascii();
        let marks = if ascii {
            Vec::new()
        } else {
            text.char_indices()
                .step_by(Self::STEP)
                .map(|(at, _)| at)
                .collect()
        };
        Self { text, ascii, marks }
    }

    fn byte(&self, character: usize) -> usize {
        if self.ascii {
            return character.min(self.text.len());
        }
        let Some(&start) = self.marks.get(character / Self::STEP) else {
            return self.text.len();
        };
        let rest = self.text.get(start..).unwrap_or_default();
        let mut characters = rest.char_indices();
        characters
            .nth(character % Self::STEP)
            .map_or(self.text.len(), |(at, _)| start + at)
    }
}
