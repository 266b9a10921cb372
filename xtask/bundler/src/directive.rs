//! Reads trunk's directives from index.html, so that `trunk serve` and the build read the same file.

use std::ops::Range;

use anyhow::{Context, Result, bail};

#[derive(Debug, PartialEq)]
pub enum Directive {
    /// `<link data-trunk rel="rust">`: the program
    Rust,
    /// `<link data-trunk rel="css" href="…">`: one sheet of the page
    Css(String),
    /// The same with `data-lazy`: a sheet of what comes after the first picture
    LazyCss(String),
    /// `<link data-trunk rel="icon" href="…">`
    Icon(String),
    /// `<link data-trunk rel="copy-file" href="…">`: a file that keeps its name
    CopyFile(String),
    /// `<script data-trunk src="…"></script>`
    Script(String),
}

/// Every directive with its place in the text, in order. One that the build does not know is an error, never skipped.
pub fn directives(html: &str) -> Result<Vec<(Range<usize>, Directive)>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = html[from..].find('<').map(|at| from + at) {
        let end = end_of_tag(html, start)?;
        from = end;
        if html[start..].starts_with("<!--") {
            continue;
        }
        let tag = &html[start + 1..end - 1];
        let attributes = attributes(tag);
        if !attributes.iter().any(|(name, _)| name == "data-trunk") {
            continue;
        }
        let value = |name: &str| attributes.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone());
        let needed = |name: &str| value(name).with_context(|| format!("index.html: <{tag}> has no {name}"));
        let directive = match (tag.split_whitespace().next(), value("rel").as_deref()) {
            (Some("link"), Some("rust")) => Directive::Rust,
            (Some("link"), Some("css")) if value("data-lazy").is_some() => Directive::LazyCss(needed("href")?),
            (Some("link"), Some("css")) => Directive::Css(needed("href")?),
            (Some("link"), Some("icon")) => Directive::Icon(needed("href")?),
            (Some("link"), Some("copy-file")) => Directive::CopyFile(needed("href")?),
            (Some("script"), _) => Directive::Script(needed("src")?),
            _ => bail!("index.html: the build does not know <{tag}>"),
        };
        if matches!(directive, Directive::Script(_)) {
            let close = html[end..].find("</script>").with_context(|| format!("index.html: <{tag}> is not closed"))?;
            from = end + close + "</script>".len();
        }
        found.push((start..from, directive));
    }
    Ok(found)
}

/// The index after the tag or comment that opens at `start`.
fn end_of_tag(html: &str, start: usize) -> Result<usize> {
    let close = if html[start..].starts_with("<!--") { "-->" } else { ">" };
    let length = html[start..]
        .find(close)
        .with_context(|| format!("index.html: a tag is not closed: {:.40}", &html[start..]))?;
    Ok(start + length + close.len())
}

fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut rest = tag.trim_start_matches(|c: char| !c.is_whitespace()).trim();
    let mut found = Vec::new();
    while !rest.is_empty() && rest != "/" {
        let name_end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = rest[..name_end].to_owned();
        rest = rest[name_end..].trim_start();
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').unwrap_or(quoted.len());
            value = quoted[..end].to_owned();
            rest = quoted[end..].trim_start_matches('"').trim_start();
        }
        found.push((name, value));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expect: &[Directive]) {
        let found: Vec<_> = directives(html).unwrap().into_iter().map(|(_, directive)| directive).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn reads_every_kind_in_order() {
        check(
            r#"<link data-trunk rel="css" href="a.css" /><link data-trunk data-lazy rel="css" href="e.css" /><script data-trunk src="b.js"></script>
               <link href="c.svg" rel="icon" data-trunk><link data-trunk rel="copy-file" href="d.json" /><link data-trunk rel="rust" data-bin="x" />"#,
            &[
                Directive::Css("a.css".into()),
                Directive::LazyCss("e.css".into()),
                Directive::Script("b.js".into()),
                Directive::Icon("c.svg".into()),
                Directive::CopyFile("d.json".into()),
                Directive::Rust,
            ],
        );
    }

    #[test]
    fn other_tags_and_comments_are_left_out() {
        check(r#"<link rel="icon" href="x"><!-- <link data-trunk rel="css" href="a.css"> --><p>"#, &[]);
    }

    #[test]
    fn a_directive_covers_its_whole_element() {
        let html = r#"<p><script data-trunk src="b.js"></script><p>"#;
        let (place, _) = directives(html).unwrap().remove(0);
        assert_eq!(&html[place], r#"<script data-trunk src="b.js"></script>"#);
    }

    #[test]
    fn unknown_directives_are_errors() {
        assert!(directives(r#"<link data-trunk rel="sass" href="a.scss">"#).is_err());
    }
}
