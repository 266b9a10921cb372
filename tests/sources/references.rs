//! Lists the paths by which a Rust file refers to modules of its crate, read from its tokens. Comments, strings and unit tests
//! are left out; the arguments of macros count, because a `view!` refers to modules, too.

use std::collections::VecDeque;
use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A path as the code writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The module that the path is written in, inline modules included.
    pub module: Vec<String>,
    /// `["crate", "store", "Filter"]`
    pub path: Vec<String>,
    /// The name that a `use` gives to the path; `None` in other code and after `*`.
    pub alias: Option<String>,
    /// True of paths in a `pub use` of any visibility.
    pub is_reexport: bool,
    pub line: usize,
}

/// What the tokens of one file say about modules.
#[derive(Debug, Default)]
pub struct FileReferences {
    pub references: Vec<Reference>,
    pub inline_modules: Vec<Vec<String>>,
    /// Files of modules that only tests compile, as their declarations name them: `tests` or `connection_tests.rs`.
    pub test_modules: Vec<String>,
}

/// Reads the references of a file whose module is `module`.
///
/// Panics if the text is no Rust code.
pub fn file_references(text: &str, module: &[String]) -> FileReferences {
    let tokens = TokenStream::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", module.join("::")));
    let mut file = FileReferences::default();
    file.scan(tokens, module);
    file
}

impl FileReferences {
    fn scan(&mut self, tokens: TokenStream, module: &[String]) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at = match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => self.attribute(&tokens, at),
                TokenTree::Ident(word) if word == "use" && !is_punct(tokens.get(at + 1), '<') => {
                    self.use_declaration(&tokens, at, module)
                }
                TokenTree::Ident(word) if word == "mod" => self.module(&tokens, at, module),
                TokenTree::Ident(_) => self.path(&tokens, at, module),
                TokenTree::Group(group) => {
                    self.scan(group.stream(), module);
                    at + 1
                }
                _ => at + 1,
            };
        }
    }

    /// Returns the place after the attribute, and after its item if only tests compile that.
    fn attribute(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let is_inner = is_punct(tokens.get(at + 1), '!');
        let end = at + 1 + usize::from(is_inner);
        match group(tokens.get(end), Delimiter::Bracket) {
            Some(attribute) if is_test_only(attribute) && is_inner => tokens.len(),
            Some(attribute) if is_test_only(attribute) => self.skip_item(tokens, end + 1),
            Some(_) => end + 1,
            None => at + 1,
        }
    }

    /// Returns the place after the item: after its body, its semicolon or, for a field, its comma.
    fn skip_item(&mut self, tokens: &[TokenTree], from: usize) -> usize {
        let (mut at, mut angles, mut file) = (from, 0_i32, None);
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return at,
                TokenTree::Group(group) if is_punct(tokens.get(at.wrapping_sub(2)), '#') => {
                    file = path_attribute(group).or(file);
                }
                TokenTree::Ident(word) if word == "mod" && is_punct(tokens.get(at + 1), ';') => {
                    let name = tokens.get(at).map(ToString::to_string);
                    self.test_modules.extend(file.take().or(name));
                }
                TokenTree::Punct(punct) => match punct.as_char() {
                    ';' => return at,
                    ',' if angles == 0 => return at,
                    '<' => angles += 1,
                    '>' if !is_punct(tokens.get(at.wrapping_sub(2)), '-') => angles -= 1,
                    _ => {}
                },
                _ => {}
            }
        }
        at
    }

    fn module(&mut self, tokens: &[TokenTree], at: usize, module: &[String]) -> usize {
        let (Some(TokenTree::Ident(name)), Some(body)) =
            (tokens.get(at + 1), group(tokens.get(at + 2), Delimiter::Brace))
        else {
            return at + 1;
        };
        let inner: Vec<String> = module.iter().cloned().chain([name.to_string()]).collect();
        self.inline_modules.push(inner.clone());
        self.scan(body.stream(), &inner);
        at + 3
    }

    /// Reads `a::b::c` where it is no part of a longer path or a method call.
    fn path(&mut self, tokens: &[TokenTree], at: usize, module: &[String]) -> usize {
        let (path, end) = segments(tokens, at);
        let continues = at > 0 && (is_punct(tokens.get(at - 1), ':') && at > 1 && is_punct(tokens.get(at - 2), ':'));
        if path.len() > 1 && !continues {
            let line = tokens[at].span().start().line;
            let module = module.to_vec();
            self.references.push(Reference { module, path, alias: None, is_reexport: false, line });
        }
        end
    }

    fn use_declaration(&mut self, tokens: &[TokenTree], at: usize, module: &[String]) -> usize {
        let length = tokens[at..].iter().position(|token| is_punct(Some(token), ';'));
        let end = length.map_or(tokens.len(), |length| at + length);
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let is_restricted = group(before, Delimiter::Parenthesis).is_some();
        let visibility = if is_restricted { at.checked_sub(2).and_then(|at| tokens.get(at)) } else { before };
        let is_reexport = matches!(visibility, Some(TokenTree::Ident(word)) if word == "pub");
        for (path, alias, line) in use_tree(&tokens[at + 1..end], &[]) {
            let module = module.to_vec();
            self.references.push(Reference { module, path, alias, is_reexport, line });
        }
        end + 1
    }
}

type Import = (Vec<String>, Option<String>, usize);

/// Lists what a use tree imports: the path, the name that it gets, and its line. Paths that begin with `::` are not of this crate.
fn use_tree(tokens: &[TokenTree], prefix: &[String]) -> Vec<Import> {
    let branches = tokens.split(|token| is_punct(Some(token), ','));
    branches
        .filter(|branch| !branch.is_empty() && !is_punct(branch.first(), ':'))
        .flat_map(|branch| use_branch(branch, prefix))
        .collect()
}

fn use_branch(tokens: &[TokenTree], prefix: &[String]) -> Vec<Import> {
    let line = tokens[0].span().start().line;
    let (own, end) = segments(tokens, 0);
    let mut path: Vec<String> = prefix.iter().cloned().chain(own).collect();
    let mut rest: VecDeque<&TokenTree> = tokens[end..].iter().filter(|token| !is_punct(Some(token), ':')).collect();
    match rest.pop_front() {
        Some(TokenTree::Group(branches)) => {
            let branches: Vec<TokenTree> = branches.stream().into_iter().collect();
            return use_tree(&branches, &path);
        }
        Some(TokenTree::Punct(_)) => return vec![(path, None, line)],
        _ => {}
    }
    // `a::{self}` imports `a`.
    path.pop_if(|last| last == "self" && !prefix.is_empty());
    let renamed = rest.pop_front().map(ToString::to_string);
    let alias = renamed.or_else(|| path.last().cloned());
    vec![(path, alias, line)]
}

/// Reads `a::b::c` and returns its segments and the place after the last of them.
fn segments(tokens: &[TokenTree], from: usize) -> (Vec<String>, usize) {
    let (mut path, mut at) = (Vec::new(), from);
    while let Some(TokenTree::Ident(segment)) = tokens.get(at) {
        path.push(segment.to_string());
        at += 1;
        let continues = is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':');
        if !continues || !matches!(tokens.get(at + 2), Some(TokenTree::Ident(_))) {
            break;
        }
        at += 2;
    }
    (path, at)
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn group(token: Option<&TokenTree>, delimiter: Delimiter) -> Option<&Group> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
        _ => None,
    }
}

/// Returns whether the attribute is `cfg(test)` or `cfg(all(test, …))`.
fn is_test_only(attribute: &Group) -> bool {
    let text: String = attribute.stream().to_string().split_whitespace().collect();
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

/// Returns the file that `path = "…"` names.
fn path_attribute(attribute: &Group) -> Option<String> {
    let text = attribute.stream().to_string();
    Some(text.strip_prefix("path =")?.trim().trim_matches('"').to_owned())
}
