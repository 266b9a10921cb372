//! Elements written from plain values, again and again: only what differs from the last time touches the document. For what
//! stands there a hundredfold and changes many times a second, and for the whole first picture (`kept`); the rest are views.
//! Never what an element means.

use std::borrow::Cow;

use leptos::prelude::document;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{HtmlElement, Node};

pub type Words = Cow<'static, str>;

/// One element as it should be.
#[derive(Default)]
pub struct Part {
    tag: &'static str,
    class: &'static str,
    attributes: Vec<(&'static str, Option<Words>)>,
    styles: Vec<(&'static str, Words)>,
    /// Before its parts.
    words: Words,
    parts: Vec<Option<Part>>,
}

/// One element as it is.
pub struct Written {
    element: HtmlElement,
    /// Without its parts.
    is: Part,
    text: Option<Node>,
    parts: Vec<Option<Written>>,
}

impl Part {
    pub fn new(tag: &'static str, class: &'static str) -> Self {
        Self { tag, class, ..Self::default() }
    }

    pub fn words(self, words: impl Into<Words>) -> Self {
        Self { words: words.into(), ..self }
    }

    /// The same ones in the same order each time.
    pub fn with(self, name: &'static str, value: impl Into<Words>) -> Self {
        self.maybe(name, Some(value.into()))
    }

    pub fn maybe(mut self, name: &'static str, value: Option<Words>) -> Self {
        self.attributes.push((name, value));
        self
    }

    /// It is there or not, without a value.
    pub fn flag(self, name: &'static str, is_set: bool) -> Self {
        self.maybe(name, is_set.then_some(Words::Borrowed("")))
    }

    pub fn style(mut self, property: &'static str, value: String) -> Self {
        self.styles.push((property, value.into()));
        self
    }

    /// Each has its place, also when it is not there.
    pub fn parts(self, parts: Vec<Option<Part>>) -> Self {
        Self { parts, ..self }
    }
}

impl Written {
    pub fn new(part: Part) -> Self {
        let element = match part.tag {
            "svg" | "path" => document().create_element_ns(Some("http://www.w3.org/2000/svg"), part.tag),
            tag => document().create_element(tag),
        };
        let element = element.expect_throw("a tag is a name");
        Self::on(element.unchecked_into(), part)
    }

    /// Into an element that is there already and empty.
    pub fn on(element: HtmlElement, part: Part) -> Self {
        if !part.class.is_empty() {
            // The property of a drawing is no text.
            let _ = element.set_attribute("class", part.class);
        }
        let is = Part::new(part.tag, part.class);
        let mut written = Self { element, is, text: None, parts: Vec::new() };
        written.write(part);
        written
    }

    pub fn write(&mut self, mut part: Part) {
        for (place, (name, value)) in part.attributes.iter().enumerate() {
            let before = self.is.attributes.get(place).and_then(|(_, value)| value.as_deref());
            // Names are constants, and an element that is there takes them.
            let _ = match value.as_deref() {
                value if value == before => Ok(()),
                Some(value) => self.element.set_attribute(name, value),
                None => self.element.remove_attribute(name),
            };
        }
        for (place, style) in part.styles.iter().enumerate() {
            if self.is.styles.get(place) != Some(style) {
                let _ = self.element.style().set_property(style.0, &style.1);
            }
        }
        if self.is.words != part.words {
            let text = self.text.get_or_insert_with(|| {
                let text: Node = document().create_text_node("").unchecked_into();
                // The first of its children: words stand before parts.
                let _ = self.element.insert_before(&text, self.element.first_child().as_ref());
                text
            });
            text.set_node_value(Some(&part.words));
        }
        self.write_parts(std::mem::take(&mut part.parts));
        self.is = part;
    }

    /// From the last to the first, so that each knows what it stands before.
    fn write_parts(&mut self, mut parts: Vec<Option<Part>>) {
        self.parts.resize_with(parts.len().max(self.parts.len()), || None);
        // Of a list that became shorter, the rest is there no longer.
        parts.resize_with(self.parts.len(), || None);
        let mut next: Option<usize> = None;
        for (place, part) in parts.into_iter().enumerate().rev() {
            let before = self.parts[place].take();
            self.parts[place] = match (before, part) {
                (None, None) => None,
                (Some(before), None) => {
                    before.element.remove();
                    None
                }
                (Some(mut before), Some(part)) if (before.is.tag, before.is.class) == (part.tag, part.class) => {
                    before.write(part);
                    Some(before)
                }
                (before, Some(part)) => {
                    let written = Self::new(part);
                    let after = next.and_then(|next| self.parts[next].as_ref());
                    let after: Option<&Node> = after.map(|after| after.element.as_ref());
                    let _ = self.element.insert_before(&written.element, after);
                    before.into_iter().for_each(|before| before.element.remove());
                    Some(written)
                }
            };
            next = if self.parts[place].is_some() { Some(place) } else { next };
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn card(name: &'static str, task: Option<&'static str>, is_loud: bool) -> Part {
        Part::new("article", "card").flag("data-loud", is_loud).style("width", "7px".into()).words(name).parts(vec![
            task.map(|task| Part::new("p", "task").with("title", task).words(task)),
            Some(Part::new("footer", "foot")),
        ])
    }

    fn html(written: &Written) -> String {
        written.element.outer_html()
    }

    #[wasm_bindgen_test]
    fn parts_come_and_go_in_their_places() {
        let mut written = Written::new(card("A", None, false));
        let bare = html(&written);
        assert_eq!(bare, r#"<article class="card" style="width: 7px;">A<footer class="foot"></footer></article>"#);
        let foot = written.element.last_child();
        written.write(card("B", Some("reads"), true));
        let full = r#"style="width: 7px;" data-loud="">B<p class="task" title="reads">reads</p><footer class="foot">"#;
        assert!(
            html(&written)
                .replace(r#" data-loud="" style="width: 7px;""#, r#" style="width: 7px;" data-loud="""#)
                .contains(full)
        );
        written.write(card("A", None, false));
        assert_eq!(html(&written), bare);
        assert_eq!(written.element.last_child(), foot, "what did not change is still the same element");
    }

    #[wasm_bindgen_test]
    fn a_list_grows_and_shrinks_and_a_drawing_is_drawn() {
        let list = |count: usize| Part::new("ul", "").parts((0..count).map(|_| Some(Part::new("li", ""))).collect());
        let mut written = Written::new(list(3));
        for count in [1, 4, 0] {
            written.write(list(count));
            assert_eq!(written.element.child_element_count() as usize, count);
        }
        let line = Part::new("path", "").with("d", "M0 0");
        let drawing = Written::new(Part::new("svg", "lines").parts(vec![Some(line)]));
        assert_eq!(html(&drawing), r#"<svg class="lines"><path d="M0 0"></path></svg>"#);
        assert_eq!(drawing.element.namespace_uri().as_deref(), Some("http://www.w3.org/2000/svg"));
    }
}
