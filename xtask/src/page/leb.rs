//! LEB128, by which wasm writes its numbers: seven bits a byte, the lowest first. Never what a number means.

/// Answers the bytes it took, too.
pub fn read(bytes: &[u8]) -> Option<(usize, usize)> {
    let digits = bytes.iter().take(5).position(|byte| byte & 0x80 == 0)? + 1;
    let value = bytes[..digits].iter().rev().fold(0, |value, byte| value << 7 | usize::from(byte & 0x7f));
    Some((value, digits))
}

pub fn write(into: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        into.push(value as u8 & 0x7f | 0x80);
        value >>= 7;
    }
    into.push(value as u8);
}

/// A section with its number and length.
pub fn section(number: u8, content: &[u8]) -> Vec<u8> {
    let mut section = vec![number];
    write(&mut section, content.len());
    section.extend_from_slice(content);
    section
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for value in [0, 1, 127, 128, 300, 1 << 21, u32::MAX as usize] {
            let mut bytes = Vec::new();
            write(&mut bytes, value);
            let length = bytes.len();
            bytes.push(7);
            assert_eq!(read(&bytes), Some((value, length)));
        }
        assert_eq!(read(&[0x80]), None);
    }
}
