//! The outline of a Markdown text: its blocks in order, as text ranges. A thin layer over pulldown-cmark.
