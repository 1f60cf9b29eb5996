//! Two lists laid beside each other: what is in both in the same order, and the gaps between.

use std::ops::Range;

/// A stretch that differs: these of the expected ones were not read, these were read instead.
#[derive(Debug, PartialEq, Eq)]
pub struct Gap {
    pub expected: Range<usize>,
    pub read: Range<usize>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    /// Indices of the expected and of the read.
    pub pairs: Vec<(usize, usize)>,
    pub gaps: Vec<Gap>,
}

/// By the longest common subsequence.
pub fn align<T: PartialEq>(expected: &[T], read: &[T]) -> Alignment {
    let width = read.len() + 1;
    // How many are common from here to the ends.
    let mut common = vec![0_u32; (expected.len() + 1) * width];
    for i in (0..expected.len()).rev() {
        for j in (0..read.len()).rev() {
            common[i * width + j] = if expected[i] == read[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let mut alignment = Alignment::default();
    let (mut i, mut j) = (0, 0);
    let (mut gap_i, mut gap_j) = (0, 0);
    let mut close = |alignment: &mut Alignment, i: usize, j: usize| {
        if gap_i < i || gap_j < j {
            alignment.gaps.push(Gap {
                expected: gap_i..i,
                read: gap_j..j,
            });
        }
        (gap_i, gap_j) = (i + 1, j + 1);
    };
    while i < expected.len() && j < read.len() {
        if expected[i] == read[j] {
            close(&mut alignment, i, j);
            alignment.pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if common[(i + 1) * width + j] >= common[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    close(&mut alignment, expected.len(), read.len());
    alignment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lists_have_no_gaps() {
        let alignment = align(&[1, 2, 2, 3], &[1, 2, 2, 3]);
        assert_eq!((alignment.pairs.len(), alignment.gaps.len()), (4, 0));
        assert_eq!(align::<u8>(&[], &[]), Alignment::default());
    }

    #[test]
    fn a_gap_says_what_was_read_instead() {
        let alignment = align(&[1, 2, 3], &[1, 9, 3, 4]);
        assert_eq!(alignment.pairs, [(0, 0), (2, 2)]);
        assert_eq!(
            alignment.gaps,
            [
                Gap {
                    expected: 1..2,
                    read: 1..2
                },
                Gap {
                    expected: 3..3,
                    read: 3..4
                }
            ]
        );
    }

    #[test]
    fn nothing_read_is_one_gap() {
        let alignment = align(&[1, 2], &[]);
        assert_eq!(
            alignment.gaps,
            [Gap {
                expected: 0..2,
                read: 0..0
            }]
        );
    }
}
