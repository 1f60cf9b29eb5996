//! Why a candidate stands behind the first: what the first has that it lacks, and what speaks against it alone.
//!
//! Reasons are compared by kind: their sentences name the invoices they are about, and differ where nothing else does.

use domain::Text;
use matching::{Candidate, EvidenceKind};
use serde::{Deserialize, Serialize};

use crate::proposals::sentence;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Behind {
    pub lacks: Vec<Text>,
    pub against: Vec<Text>,
}

/// Both lists empty: it is behind in nothing, and a person has to choose.
pub(crate) fn behind(first: &Candidate, other: &Candidate) -> Behind {
    let count = |candidate: &Candidate, kind: EvidenceKind| {
        candidate
            .evidence
            .iter()
            .filter(|evidence| evidence.kind == kind)
            .count()
    };
    let known: Vec<Text> = other.evidence.iter().map(sentence).collect();
    let mut lacks: Vec<Text> = Vec::new();
    for evidence in &first.evidence {
        let says = sentence(evidence);
        if count(other, evidence.kind) < count(first, evidence.kind) && !known.contains(&says) && !lacks.contains(&says)
        {
            lacks.push(says);
        }
    }
    let alone = other
        .against
        .iter()
        .filter(|against| first.against.iter().all(|known| known.kind != against.kind));
    Behind {
        lacks,
        against: alone.map(|against| against.text.clone()).collect(),
    }
}
