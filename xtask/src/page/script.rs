//! Makes a script smaller: without comments of their own lines, indentation, and what wasm-bindgen writes for nobody.
//! Never understands a statement.

/// Classes of a crate that the page links and never uses: streams from Rust to JavaScript.
const UNUSED: &str = "IntoUnderlying";

pub fn compact(script: &str) -> String {
    let mut kept = String::with_capacity(script.len());
    let (mut in_comment, mut skipped_to) = (false, None);
    for raw in script.lines() {
        let line = raw.trim();
        if let Some(end) = skipped_to {
            // A class ends at the margin, a value with its semicolon.
            if raw == end || (end == ";" && raw.ends_with(end)) {
                skipped_to = None;
            }
        } else if in_comment || line.starts_with("/*") {
            in_comment = !line.ends_with("*/");
        } else if line.starts_with(&format!("export class {UNUSED}")) {
            skipped_to = Some("}");
        } else if line.starts_with(&format!("const {UNUSED}")) {
            skipped_to = Some(";").filter(|end| !line.ends_with(end));
        } else if !line.is_empty() && !line.starts_with("//") && !line.contains(&format!("Symbol.dispose) {UNUSED}")) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    returned(&kept)
}

/// A value that is named only to be returned is returned.
fn returned(script: &str) -> String {
    let mut shorter = String::with_capacity(script.len());
    let mut lines = script.lines().peekable();
    while let Some(line) = lines.next() {
        let value = line.strip_prefix("const ret = ").filter(|_| lines.next_if_eq(&"return ret;").is_some());
        match value {
            Some(value) => shorter.extend(["return ", value, "\n"]),
            None => shorter.extend([line, "\n"]),
        }
    }
    shorter
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn comments_of_their_own_lines_go_and_statements_stay() {
        let script = "/**\n * A.\n */\nfunction a() {\n    // why\n    return 'b // c'; // d\n}\n\n/* e */\na();\n";
        assert_eq!(compact(script), "function a() {\nreturn 'b // c'; // d\n}\na();\n");
    }

    #[test]
    fn what_is_written_for_nobody_goes() {
        let script = "export class IntoUnderlyingSink {\n    close() {\n    }\n}\nif (Symbol.dispose) IntoUnderlyingSink.x = 1;\n\
                      const IntoUnderlyingSinkFinalization = (x)\n    ? { }\n    : new F(p => q(p, 1));\nconst ret = 1;\nreturn ret;\n\
                      const ret = 2;\nif (ret) {\n}\nreturn ret;\n";
        assert_eq!(compact(script), "return 1;\nconst ret = 2;\nif (ret) {\n}\nreturn ret;\n");
    }
}
