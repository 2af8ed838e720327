//! The panes: one list, one folder each.
