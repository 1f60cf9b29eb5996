//! An invoice's number with named groups in it: `СЧ-$n`, `${year}-$n`.

/// The names of the groups a template uses, in its order; `None` where a `$` is followed by no name.
pub(super) fn groups(template: &str) -> Option<Vec<&str>> {
    let mut groups = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        rest = &rest[at + 1..];
        let name = if let Some(braced) = rest.strip_prefix('{') {
            let end = braced.find('}')?;
            rest = &braced[end + 1..];
            &braced[..end]
        } else {
            // As the regex crate reads them: the longest run of these.
            let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
            let end = rest.find(|character| !is_name(character)).unwrap_or(rest.len());
            let name = &rest[..end];
            rest = &rest[end..];
            name
        };
        if name.is_empty() {
            return None;
        }
        groups.push(name);
    }
    Some(groups)
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn groups_are_found_as_they_are_filled_in() {
        assert_eq!(groups("СЧ-$n").unwrap(), ["n"]);
        assert_eq!(groups("${year}-$n/б").unwrap(), ["year", "n"]);
        assert_eq!(groups("СЧ-145").unwrap(), [""; 0]);
        for wrong in ["$", "СЧ-$-", "${", "${}", "$$n"] {
            assert_eq!(groups(wrong), None, "{wrong}");
        }
    }
}
