//! Splits a body into lines while it arrives.

/// The bytes of the line that is not complete yet.
#[derive(Default)]
pub struct LineBuffer {
    bytes: Vec<u8>,
}

/// The text is not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is not UTF-8")]
pub struct NotUtf8;

impl LineBuffer {
    /// Returns room for `count` more bytes, to be written.
    pub fn extend(&mut self, count: usize) -> &mut [u8] {
        let from = self.bytes.len();
        self.bytes.resize(from + count, 0);
        &mut self.bytes[from..]
    }

    /// Calls `on_line` for every complete line and removes them.
    pub fn drain_lines(&mut self, mut on_line: impl FnMut(&str)) -> Result<(), NotUtf8> {
        let Some(end) = self.bytes.iter().rposition(|byte| *byte == b'\n') else { return Ok(()) };
        let text = std::str::from_utf8(&self.bytes[..=end]).map_err(|_| NotUtf8)?;
        text.lines().filter(|line| !line.trim().is_empty()).for_each(&mut on_line);
        self.bytes.drain(..=end);
        Ok(())
    }

    /// Returns whether all that arrived was complete lines.
    pub fn is_empty(&self) -> bool {
        self.bytes.trim_ascii().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_do_not_depend_on_the_chunks() {
        let text = "{\"a\":1}\n{\"b\":\"ü\"}\r\n\n3\n";
        for size in 1..=text.len() {
            let (mut buffer, mut lines) = (LineBuffer::default(), Vec::new());
            for chunk in text.as_bytes().chunks(size) {
                buffer.extend(chunk.len()).copy_from_slice(chunk);
                buffer.drain_lines(|line| lines.push(line.to_owned())).unwrap();
            }
            assert_eq!(
                (lines, buffer.is_empty()),
                (vec!["{\"a\":1}".into(), "{\"b\":\"ü\"}".into(), "3".into()], true)
            );
        }
    }

    #[test]
    fn an_incomplete_last_line_stays_in_the_buffer() {
        let mut buffer = LineBuffer::default();
        buffer.extend(3).copy_from_slice(b"1\n2");
        buffer.drain_lines(|_| {}).unwrap();
        assert!(!buffer.is_empty());
        buffer.extend(2).copy_from_slice(&[0xff, b'\n']);
        assert_eq!(buffer.drain_lines(|_| {}), Err(NotUtf8));
    }
}
