//! Joins the stylesheets into one without comments and indentation.

/// Returns the stylesheets as one, in their order.
pub fn join_stylesheets(sheets: &[String]) -> String {
    sheets.iter().map(|sheet| without_comments(sheet)).collect::<Vec<_>>().join("\n")
}

fn without_comments(sheet: &str) -> String {
    let mut rest = sheet;
    let mut compact = String::with_capacity(sheet.len());
    while let Some(start) = rest.find("/*") {
        compact.push_str(&rest[..start]);
        rest = rest[start..].find("*/").map_or("", |end| &rest[start + end + 2..]);
    }
    compact.push_str(rest);
    compact.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stylesheets_are_joined_in_order_without_comments() {
        let sheets = ["/* tokens */\n:root {\n  --x: 1;\n}\n".to_owned(), "p { margin: 0 } /* end".to_owned()];
        assert_eq!(join_stylesheets(&sheets), ":root {\n--x: 1;\n}\np { margin: 0 }");
    }
}
