//! Makes one style sheet of many, without comments and indentation. Never understands a rule.

pub fn joined(sheets: &[String]) -> String {
    sheets.iter().map(|sheet| compact(sheet)).collect::<Vec<_>>().join("\n")
}

fn compact(sheet: &str) -> String {
    let mut rest = sheet;
    let mut kept = String::with_capacity(sheet.len());
    while let Some(start) = rest.find("/*") {
        kept.push_str(&rest[..start]);
        rest = rest[start..].find("*/").map_or("", |end| &rest[start + end + 2..]);
    }
    kept.push_str(rest);
    kept.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_and_comments_go() {
        let sheets = ["/* tokens */\n:root {\n  --x: 1;\n}\n".to_owned(), "p { margin: 0 } /* end".to_owned()];
        assert_eq!(joined(&sheets), ":root {\n--x: 1;\n}\np { margin: 0 }");
    }
}
