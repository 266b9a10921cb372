//! Cuts a JSON text into its pieces while it arrives: the elements of its lists, and whatever else its outermost object
//! holds. Pure. Never reads a piece.

/// A list, or an object whose lists are taken apart: nothing longer than one element has to be waited for.
#[derive(Default)]
pub struct Pieces {
    text: Vec<u8>,
    is_in: Place,
    /// The key of the outermost object; empty in an outermost list.
    key: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Place {
    #[default]
    Before,
    /// In the outermost object, before a key.
    Object,
    /// After a key's colon.
    Value,
    /// In a list, which is the outermost one or one of the object.
    List {
        is_outermost: bool,
    },
    After,
}

/// This is not the text of a list or an object, or it ended too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no whole JSON text")]
pub struct Broken;

impl Pieces {
    /// Room for so many more bytes, to be written.
    pub fn room(&mut self, bytes: usize) -> &mut [u8] {
        let from = self.text.len();
        self.text.resize(from + bytes, 0);
        &mut self.text[from..]
    }

    /// Hands over each piece that is whole: its key and its text.
    pub fn take(&mut self, mut each: impl FnMut(&str, &str)) -> Result<(), Broken> {
        let mut at = 0;
        while let Some(next) = self.step(at, &mut each)? {
            at = next;
        }
        // What is not whole yet waits for more.
        self.text.drain(..at.min(self.text.len()));
        Ok(())
    }

    /// Was that all?
    pub fn finish(self) -> Result<(), Broken> {
        if self.is_in == Place::After { Ok(()) } else { Err(Broken) }
    }

    /// One key, piece or bracket from there; answers where it ends. None: more has to come.
    fn step(&mut self, at: usize, each: &mut impl FnMut(&str, &str)) -> Result<Option<usize>, Broken> {
        let is_between = |byte: &u8| byte.is_ascii_whitespace() || *byte == b',';
        let Some(from) = self.text[at..].iter().position(|byte| !is_between(byte)).map(|skipped| at + skipped) else {
            return Ok(None);
        };
        let is_outermost = |key: &str| key.is_empty();
        match (self.is_in, self.text[from]) {
            (Place::Before, b'{') => self.is_in = Place::Object,
            (Place::Before, b'[') => self.is_in = Place::List { is_outermost: true },
            (Place::Value, b'[') => self.is_in = Place::List { is_outermost: is_outermost(&self.key) },
            (Place::Object, b'}') | (Place::List { is_outermost: true }, b']') => self.is_in = Place::After,
            (Place::List { .. }, b']') => self.is_in = Place::Object,
            (Place::Object, b'"') => return self.key(from),
            (Place::Value | Place::List { .. }, _) => {
                let Some(end) = end_of_value(&self.text, from) else { return Ok(None) };
                each(&self.key, std::str::from_utf8(&self.text[from..end]).map_err(|_| Broken)?);
                self.is_in = if self.is_in == Place::Value { Place::Object } else { self.is_in };
                return if end > from { Ok(Some(end)) } else { Err(Broken) };
            }
            _ => return Err(Broken),
        }
        Ok(Some(from + 1))
    }

    fn key(&mut self, from: usize) -> Result<Option<usize>, Broken> {
        let Some(end) = end_of_text(&self.text, from) else { return Ok(None) };
        let Some(colon) = self.text[end..].iter().position(|byte| !byte.is_ascii_whitespace()) else {
            return Ok(None);
        };
        if self.text[end + colon] != b':' {
            return Err(Broken);
        }
        self.key = std::str::from_utf8(&self.text[from + 1..end - 1]).map_err(|_| Broken)?.to_owned();
        self.is_in = Place::Value;
        Ok(Some(end + colon + 1))
    }
}

/// After the closing quote.
fn end_of_text(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from + 1;
    loop {
        at += text.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        match text[at] {
            b'"' => return Some(at + 1),
            _ => at += 2,
        }
    }
}

fn end_of_value(text: &[u8], from: usize) -> Option<usize> {
    match text[from] {
        b'"' => end_of_text(text, from),
        b'{' | b'[' => {
            let (mut at, mut depth) = (from, 0_usize);
            loop {
                at += text.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']'))?;
                match text[at] {
                    b'"' => at = end_of_text(text, at)? - 1,
                    b'{' | b'[' => depth += 1,
                    _ => depth -= 1,
                }
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        // A number or a word ends where something else begins.
        _ => {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}');
            text[from..].iter().position(ends).map(|length| from + length)
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// Everything that comes out when the text comes in chunks of that size.
    fn cut(text: &str, chunk: usize) -> Result<Vec<String>, Broken> {
        let (mut pieces, mut all) = (Pieces::default(), Vec::new());
        for chunk in text.as_bytes().chunks(chunk) {
            pieces.room(chunk.len()).copy_from_slice(chunk);
            pieces.take(|key, piece| all.push(format!("{key}={piece}")))?;
        }
        pieces.finish().map(|()| all)
    }

    #[wasm_bindgen_test]
    fn the_same_pieces_come_out_however_it_arrives() {
        let text = r#" {"cursor" : "e:7", "workspaces":[{"a":"]}\"","b":[1,{}]} , {"c":"ü"}], "n": 12,"runs":[],"x":{"y":[]},"z":[1]}"#;
        let expected = [
            r#"cursor="e:7""#,
            r#"workspaces={"a":"]}\"","b":[1,{}]}"#,
            r#"workspaces={"c":"ü"}"#,
            "n=12",
            r#"x={"y":[]}"#,
            "z=1",
        ];
        for chunk in 1..=text.len() {
            assert_eq!(cut(text, chunk).unwrap(), expected, "in chunks of {chunk}");
            assert_eq!(cut(r#"[{"a":1}, "b" ,3]"#, chunk).unwrap(), [r#"={"a":1}"#, r#"="b""#, "=3"]);
        }
        assert_eq!(cut("[]", 1).unwrap(), [""; 0]);
    }

    #[wasm_bindgen_test]
    fn what_is_no_list_and_no_object_or_ends_early_is_refused() {
        for text in ["", "7", "{", "[1,2", r#"{"a":[1]"#, r#"{"a" 1}"#, "[}]", r#"{"a":}"#] {
            assert_eq!(cut(text, 3), Err(Broken), "{text}");
        }
    }
}
