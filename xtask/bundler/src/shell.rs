//! Rewrites index.html: replaces each directive by what the browser needs.

use std::ops::Range;

use crate::directive::Directive;

/// The names of the files that the directives became.
pub struct Names {
    pub stylesheet: String,
    pub lazy_stylesheet: String,
    pub bindings: String,
    /// The loader of the lazily loaded program, which the bindings import.
    pub loader: Option<String>,
    pub wasm: String,
    pub boot: String,
    /// The hashed name of a script or icon by the path that index.html gives it.
    pub files: Vec<(String, String)>,
}

pub fn rewrite(html: &str, directives: &[(Range<usize>, Directive)], names: &Names) -> String {
    let mut page = String::new();
    let mut from = 0;
    let (mut stylesheet_linked, mut lazy_linked) = (false, false);
    for (place, directive) in directives {
        page.push_str(&html[from..place.start]);
        from = place.end;
        match directive {
            Directive::Css(_) if stylesheet_linked => {}
            Directive::Css(_) => {
                stylesheet_linked = true;
                page.push_str(&format!(r#"<link rel="stylesheet" href="./{}" />"#, names.stylesheet));
            }
            Directive::LazyCss(_) if lazy_linked => {}
            Directive::LazyCss(_) => {
                lazy_linked = true;
                // Fetched when nothing else is, and taken into use with the parts that it is for (src/lazy).
                let link = format!(
                    r#"<link rel="stylesheet" href="./{}" media="not all" data-lazy />"#,
                    names.lazy_stylesheet
                );
                page.push_str(&link);
            }
            Directive::Rust => page.push_str(&program(names)),
            Directive::Script(path) => page.push_str(&format!(r#"<script src="./{}"></script>"#, names.of(path))),
            Directive::Icon(path) => page.push_str(&format!(r#"<link rel="icon" href="./{}" />"#, names.of(path))),
            Directive::CopyFile(_) => {}
        }
    }
    page.push_str(&html[from..]);
    page.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}

/// Everything is asked for at once: the wasm file does not wait for the script that uses it.
fn program(names: &Names) -> String {
    let Names { bindings, loader, wasm, boot, .. } = names;
    let loader = loader.iter().map(|loader| format!("<link rel=\"modulepreload\" href=\"./{loader}\" />\n"));
    format!(
        "<link rel=\"preload\" href=\"./{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin />\n\
         <link rel=\"modulepreload\" href=\"./{bindings}\" />\n\
         {}<script type=\"module\" src=\"./{boot}\"></script>",
        loader.collect::<String>()
    )
}

impl Names {
    fn of(&self, path: &str) -> &str {
        self.files
            .iter()
            .find(|(from, _)| from == path)
            .map(|(_, name)| name)
            .expect("every directive's file was written")
    }
}

#[cfg(test)]
mod tests {
    use super::super::directive::directives;
    use super::*;

    #[test]
    fn directives_are_replaced_by_hashed_names() {
        let html = r#"<head>
            <script data-trunk src="shell/shell.js"></script>
            <link data-trunk rel="css" href="a.css" />
            <link data-trunk rel="css" href="b.css" />
            <link data-trunk data-lazy rel="css" href="c.css" />
            <link data-trunk rel="copy-file" href="config.json" />
            <link data-trunk rel="rust" data-bin="orrery" />
            </head>"#;
        let names = Names {
            stylesheet: "style-1.css".into(),
            lazy_stylesheet: "lazy-7.css".into(),
            bindings: "orrery-2.js".into(),
            loader: Some("lazy-6.js".into()),
            wasm: "orrery-3.wasm".into(),
            boot: "boot-4.js".into(),
            files: vec![("shell/shell.js".into(), "shell-5.js".into())],
        };
        let page = rewrite(html, &directives(html).unwrap(), &names);
        assert!(!page.contains("trunk"), "{page}");
        assert_eq!(page.matches("stylesheet").count(), 2);
        for name in
            ["style-1.css", "lazy-7.css", "orrery-2.js", "lazy-6.js", "orrery-3.wasm", "boot-4.js", "shell-5.js"]
        {
            assert_eq!(page.matches(name).count(), 1, "{name} in {page}");
        }
    }
}
