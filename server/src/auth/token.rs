//! A workspace's token: 256 random bits, told once; kept only as its SHA-256. Never printed.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub struct Token(String);

/// What is kept of a token: enough to know it again, nothing to find it out.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl Token {
    pub fn mint() -> Self {
        let mut random = [0; 32];
        getrandom::fill(&mut random).expect("the system gives random bytes");
        Self(hex(&random))
    }

    /// For its owner's eyes only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl TokenHash {
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// To prove with.
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Takes the same time whatever differs.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Display for TokenHash {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("(token hash)")
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("(token)")
    }
}

impl FromStr for TokenHash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        unhex(text).map(Self).ok_or("a token hash is 64 hexadecimal digits")
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Only the spelling of `hex`: one value has one text.
pub(super) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| char::from(byte).to_digit(16).filter(|_| !byte.is_ascii_uppercase());
    let mut bytes = [0; N];
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = (digit(pair[0])? << 4 | digit(pair[1])?) as u8;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_again_by_its_hash() {
        let (one, other) = (Token::mint(), Token::mint());
        let kept: TokenHash = one.hash().to_string().parse().unwrap();
        assert!(kept.matches(&TokenHash::of(one.expose())));
        assert!(!kept.matches(&other.hash()));
        assert_eq!(one.expose().len(), 64);
        assert!(!format!("{one:?}").contains(one.expose()));
        assert!("zz".parse::<TokenHash>().is_err());
    }
}
