//! What a canvas's cookie holds after its operator signed in: which sign-in, until when, and a proof that the admin token
//! was there. Nothing of it is kept: every server with the same admin token knows it again. Never the token itself.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::TokenHash;
use super::token::{hex, unhex};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SignIn {
    pub id: [u8; 16],
    /// In milliseconds since 1970.
    pub until: i64,
}

impl SignIn {
    pub fn new(now: i64, holds: Duration) -> Self {
        let mut id = [0; 16];
        getrandom::fill(&mut id).expect("the system gives random bytes");
        Self { id, until: now.saturating_add(holds.as_millis() as i64) }
    }

    /// `until.id.proof`: nothing that a cookie could not hold.
    pub fn write(&self, admin: &TokenHash) -> String {
        format!("{}.{}.{}", self.until, hex(&self.id), hex(&self.proof(admin)))
    }

    /// `None` for what was not written with this admin token. Whether it still holds is another question.
    pub fn read(text: &str, admin: &TokenHash) -> Option<Self> {
        let mut parts = text.split('.');
        let (until, id, proof) = (parts.next()?, parts.next()?, parts.next()?);
        let proof: [u8; 32] = unhex(proof).filter(|_| parts.next().is_none())?;
        let sign_in = Self { id: unhex(id)?, until: until.parse().ok()? };
        let is_ours: bool = sign_in.proof(admin).ct_eq(&proof).into();
        is_ours.then_some(sign_in)
    }

    pub fn id_text(&self) -> String {
        hex(&self.id)
    }

    pub fn parse_id(text: &str) -> Option<[u8; 16]> {
        unhex(text)
    }

    fn proof(&self, admin: &TokenHash) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(admin.bytes()).expect("any key is long enough");
        mac.update(b"orrery sign-in");
        mac.update(&self.until.to_be_bytes());
        mac.update(&self.id);
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_the_admin_token_can_write_one() {
        let (admin, other) = (TokenHash::of("the admin's token"), TokenHash::of("another token"));
        let sign_in = SignIn::new(1_000, Duration::from_secs(60));
        let text = sign_in.write(&admin);
        assert_eq!(SignIn::read(&text, &admin), Some(sign_in));
        assert_eq!(SignIn::read(&text, &other), None);
        assert_eq!(sign_in.until, 61_000);
        for at in 0..text.len() {
            let mut forged = text.clone().into_bytes();
            forged[at] = if forged[at] == b'1' { b'2' } else { b'1' };
            assert_eq!(SignIn::read(&String::from_utf8(forged).unwrap(), &admin), None, "changed at {at}");
        }
        for bad in ["", ".", "..", "1.2.3", "61000..", &format!("{text}.x"), &text[..text.len() - 1]] {
            assert_eq!(SignIn::read(bad, &admin), None, "{bad}");
        }
    }
}
