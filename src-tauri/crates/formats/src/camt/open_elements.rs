//! The elements that are open, and the path of their names.
//!
//! End tags are checked here and not by the XML reader, so that one broken element costs what it stands in and not the
//! rest of the file.

use super::element::Node;

/// A real message has some 20.
pub const DEPTH_MAX: usize = 64;

#[derive(Debug, Clone, Copy)]
struct Open {
    node: Node,
    /// Where its name starts in the path.
    name: usize,
}

#[derive(Debug, Default)]
pub(super) struct OpenElements {
    /// Names without their prefixes, with a slash between.
    path: String,
    open: Vec<Open>,
}

/// What an end tag closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closes {
    /// The innermost element, as it must be.
    Innermost,
    /// One further out: so many inside of it were never closed.
    Outer(usize),
    Nothing,
}

impl OpenElements {
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn innermost(&self) -> Node {
        self.open.last().map_or(Node::Outside, |open| open.node)
    }

    pub(super) fn is_within(&self, node: Node) -> bool {
        self.open.iter().any(|open| open.node == node)
    }

    pub(super) fn push(&mut self, node: Node, name: &str) {
        if !self.open.is_empty() {
            self.path.push('/');
        }
        self.open.push(Open {
            node,
            name: self.path.len(),
        });
        self.path.push_str(name);
    }

    pub(super) fn pop(&mut self) -> Option<Node> {
        let open = self.open.pop()?;
        self.path.truncate(open.name.saturating_sub(1));
        Some(open.node)
    }

    /// Where the name of the innermost element starts in the path.
    pub(super) fn here(&self) -> usize {
        self.open.last().map_or(0, |open| open.name)
    }

    /// The path from `start` on, which was [`OpenElements::here`] once.
    pub(super) fn path_from(&self, start: usize) -> &str {
        self.path.get(start..).unwrap_or("")
    }

    pub(super) fn closes(&self, name: &str) -> Closes {
        if self.open.last().is_some_and(|open| &self.path[open.name..] == name) {
            return Closes::Innermost;
        }
        let mut end = self.path.len();
        for (inner, open) in self.open.iter().rev().enumerate() {
            if &self.path[open.name..end] == name {
                return Closes::Outer(inner);
            }
            end = open.name.saturating_sub(1);
        }
        Closes::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_tag_closes_the_nearest_of_its_name() {
        let mut open = OpenElements::default();
        for name in ["Stmt", "Ntry", "Amt"] {
            open.push(Node::Other, name);
        }
        assert_eq!(open.path_from(0), "Stmt/Ntry/Amt");
        assert_eq!(open.closes("Amt"), Closes::Innermost);
        assert_eq!(open.closes("Ntry"), Closes::Outer(1));
        assert_eq!(open.closes("Stmt"), Closes::Outer(2));
        assert_eq!(open.closes("mt"), Closes::Nothing);
        open.pop();
        assert_eq!((open.path_from(open.here()), open.depth()), ("Ntry", 2));
        open.pop();
        open.pop();
        assert_eq!((open.path_from(0), open.closes("Stmt")), ("", Closes::Nothing));
        assert_eq!(open.pop(), None);
    }
}
