//! Every command of the cockpit with its name, what it does, its keys and when it can be used. The one registry:
//! keymap, palette, help, footer, demo and tests all read it.

use super::panes::PaneKind;

/// What the availability of a command depends on. Plain data, made from the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyContext {
    /// The pane that receives the keys.
    pub pane: PaneKind,
    /// Steps that `back` can take.
    pub depth: usize,
    /// Writing is refused.
    pub read_only: bool,
    /// There is a judgement.
    pub assessed: bool,
    /// The selection is an item.
    pub item: bool,
    /// The selection has a document.
    pub document: bool,
    /// The selection is a row of a pane over evidence.
    pub row: bool,
    /// A document is on screen.
    pub shown: bool,
    /// Number of marked items.
    pub marks: usize,
    /// A change can be undone.
    pub undo: bool,
    /// A change is being planned or written.
    pub busy: bool,
    /// A text was searched in the document, or some of its lines are not covered.
    pub searched: bool,
    /// The commands that only some panes have, and that this one has.
    pub offers: &'static [Command],
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal [$($key:literal),* $(,)?]),+ $(,)?) => {
        /// Something that a person can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Command { $($(#[doc = $doc])+ $name),+ }
        impl Command {
            /// Every command, in the order of the help.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// The name in the configuration and the palette.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$name => $word),+ } }
            /// What it does, in one sentence.
            #[must_use]
            pub fn doc(self) -> &'static str { match self { $(Self::$name => concat!($($doc),+).trim()),+ } }
            /// The keys it has unless the configuration gives others.
            #[must_use]
            pub const fn default_keys(self) -> &'static [&'static str] { match self { $(Self::$name => &[$($key),*]),+ } }
        }
    };
}

commands! {
    /// Next row
    Down = "down" ["j", "down"],
    /// Previous row
    Up = "up" ["k", "up"],
    /// Open what is selected: reason, item, lines of the document
    Open = "open" ["enter"],
    /// Back to where you came from; never leaves the program
    Back = "back" ["esc", "backspace"],
    /// Next pane
    NextPane = "next-pane" ["tab", "l", "right"],
    /// Previous pane
    PreviousPane = "previous-pane" ["shift-tab", "h", "left"],
    /// Go to the verdict and its reasons
    GoVerdict = "go-verdict" ["1"],
    /// Go to the items that block
    GoBlockers = "go-blockers" ["2"],
    /// Go to the reports
    GoReports = "go-reports" ["3"],
    /// Go to the document
    GoDocument = "go-document" ["4"],
    /// Go to the coverage
    GoCoverage = "go-coverage" ["5"],
    /// Go to the findings of scans
    GoScans = "go-scans" ["6"],
    /// Go to the tests
    GoTests = "go-tests" ["7"],
    /// Go to the checks of the commit
    GoCi = "go-ci" ["8"],
    /// Go to the claims
    GoClaims = "go-claims" ["9"],
    /// Set the status of the selected or marked items
    SetStatus = "set-status" ["s"],
    /// Ask GitHub to do something about the selected check, alert or issue
    Act = "act" ["a"],
    /// Undo the last change with a new commit
    Undo = "undo" ["u"],
    /// Mark the item for acting on several
    Mark = "mark" ["space"],
    /// Take all marks away
    ClearMarks = "clear-marks" [],
    /// Explain what is selected: everything that is known of it
    Explain = "explain" ["x"],
    /// Filter the list, or search in the document
    Filter = "filter" ["/"],
    /// Next match in the document, or the next line that no test ran
    NextMatch = "next-match" ["n"],
    /// Previous match in the document, or the previous line that no test ran
    PreviousMatch = "previous-match" ["N"],
    /// Switch between only failing and all
    OnlyFailing = "only-failing" ["f"],
    /// Fold or unfold
    Fold = "fold" ["-"],
    /// Fold or unfold everything
    FoldAll = "fold-all" ["_"],
    /// Sort the list in the next order
    Sort = "sort" ["S"],
    /// Group the list in the next way
    Group = "group" ["b"],
    /// Give the pane the whole screen, or back
    Zoom = "zoom" ["z"],
    /// Open the editor at the line
    Edit = "edit" ["e"],
    /// Copy the place and title
    Copy = "copy" ["y"],
    /// Half a page down
    HalfDown = "half-down" ["ctrl-d"],
    /// Half a page up
    HalfUp = "half-up" ["ctrl-u"],
    /// A page down
    PageDown = "page-down" ["pagedown", "ctrl-f"],
    /// A page up
    PageUp = "page-up" ["pageup", "ctrl-b"],
    /// First row
    Top = "top" ["g g", "home"],
    /// Last row
    Bottom = "bottom" ["G", "end"],
    /// Find a command, a document or an item by a few letters
    Palette = "palette" [":", "ctrl-p"],
    /// Help for where you are
    Help = "help" ["?"],
    /// Problems and notices
    Problems = "problems" ["!"],
    /// Read the repository again
    Rescan = "rescan" ["r", "R"],
    /// Freeze what is shown, or follow changes again
    Live = "live" ["L"],
    /// Present the verdict and one blocking item at a time, frozen
    Present = "present" ["P"],
    /// Suspend to the shell
    Suspend = "suspend" ["ctrl-z"],
    /// Back; leave at the top
    Quit = "quit" ["q"],
    /// Leave at once
    QuitNow = "quit-now" ["ctrl-c"],
}

const READ_ONLY: &str = "read-only: nothing is written";
const NOT_YET: &str = "nothing was judged yet";
const NO_ITEM: &str = "no item is selected";

impl Command {
    /// The command of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|command| command.name() == name)
    }

    /// Whether the command makes a change in the repository.
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(self, Self::SetStatus | Self::Undo)
    }

    /// Whether it can be used now.
    ///
    /// # Errors
    /// Why not, in a few words.
    pub fn available(self, at: &KeyContext) -> Result<(), &'static str> {
        let refused = match self {
            Self::SetStatus | Self::Undo | Self::Act if at.read_only => Some(READ_ONLY),
            Self::SetStatus | Self::Undo if at.busy => Some("a change is being made"),
            Self::SetStatus if !at.item && at.marks == 0 => Some(NO_ITEM),
            Self::Undo if !at.undo => Some("nothing was changed in this session"),
            Self::Mark if !at.item => Some(NO_ITEM),
            Self::ClearMarks if at.marks == 0 => Some("nothing is marked"),
            Self::Explain | Self::Open | Self::Present if !at.assessed => Some(NOT_YET),
            Self::Open if matches!(at.pane, PaneKind::Document) && !at.item => Some("no item on this line"),
            Self::Copy if at.row => None,
            Self::Edit | Self::Copy if !at.document => Some("the selection has no place in a document"),
            Self::GoDocument if !at.document && !at.shown => Some("no document is selected"),
            Self::OnlyFailing
            | Self::Fold
            | Self::FoldAll
            | Self::Sort
            | Self::Group
            | Self::Act
            | Self::NextMatch
            | Self::PreviousMatch
                if !at.offers.contains(&self) =>
            {
                Some("not in this pane")
            }
            Self::NextMatch | Self::PreviousMatch if !at.searched => {
                Some("search first: no line here is known to be uncovered")
            }
            Self::Filter if !at.assessed => Some(NOT_YET),
            Self::Back if at.depth == 0 => Some("this is the top"),
            _ => None,
        };
        match refused {
            Some(why) => Err(why),
            None => Ok(()),
        }
    }
}
