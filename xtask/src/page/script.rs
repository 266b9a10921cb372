//! Makes a script smaller: without comments of their own lines and indentation. Never understands a statement.

pub fn compact(script: &str) -> String {
    let mut kept = String::with_capacity(script.len());
    let mut in_comment = false;
    for line in script.lines().map(str::trim) {
        if in_comment || line.starts_with("/*") {
            in_comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn comments_of_their_own_lines_go_and_statements_stay() {
        let script = "/**\n * A.\n */\nfunction a() {\n    // why\n    return 'b // c'; // d\n}\n\n/* e */\na();\n";
        assert_eq!(compact(script), "function a() {\nreturn 'b // c'; // d\n}\na();\n");
    }
}
