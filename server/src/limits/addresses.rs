//! How many connections an address holds and opens. Never what is said on them.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use super::Limits;
use super::bucket::Bucket;

/// Above so many, addresses that hold nothing and were quiet are forgotten.
const REMEMBERED: usize = 4096;

#[derive(Debug)]
pub struct Addresses {
    limits: Limits,
    known: Mutex<HashMap<IpAddr, Held>>,
}

#[derive(Debug)]
struct Held {
    open: u32,
    opened: Bucket,
}

/// One connection of an address, given back when it is dropped.
#[derive(Debug)]
pub struct AddressSeat {
    addresses: Arc<Addresses>,
    address: IpAddr,
}

/// This address has what it may have.
#[derive(Debug, PartialEq, Eq)]
pub struct Crowded;

impl Addresses {
    pub fn new(limits: &Limits) -> Arc<Self> {
        Arc::new(Self { limits: limits.clone(), known: Mutex::default() })
    }

    /// `None`: an address that is not counted.
    pub fn seat(self: &Arc<Self>, address: IpAddr, now: Instant) -> Result<Option<AddressSeat>, Crowded> {
        let address = network(address);
        if address.is_loopback() && !self.limits.counts_loopback {
            return Ok(None);
        }
        let known = &mut *self.lock();
        let rate = self.limits.address_handshakes;
        if known.len() > REMEMBERED && !known.contains_key(&address) {
            known.retain(|_, held| held.open > 0 || !held.opened.is_fresh(now, rate));
        }
        let held = known.entry(address).or_insert_with(|| Held { open: 0, opened: Bucket::new(now) });
        if held.open >= self.limits.address_connections || held.opened.take(now, rate).is_err() {
            return Err(Crowded);
        }
        held.open += 1;
        Ok(Some(AddressSeat { addresses: self.clone(), address }))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Held>> {
        self.known.lock().expect("nothing panics while it counts connections")
    }
}

impl Drop for AddressSeat {
    fn drop(&mut self) {
        if let Some(held) = self.addresses.lock().get_mut(&self.address) {
            held.open -= 1;
        }
    }
}

/// Who has one IPv6 address has 2⁶⁴ of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn addresses(connections: u32, handshakes: u32) -> Arc<Addresses> {
        let limits = Limits { address_connections: connections, address_handshakes: handshakes, ..Limits::default() };
        Addresses::new(&limits)
    }

    #[test]
    fn an_address_has_so_many_and_the_others_are_not_its_business() {
        let (addresses, now) = (addresses(2, 100), Instant::now());
        let seat = |text: &str| addresses.seat(text.parse().unwrap(), now);
        let first = seat("192.0.2.1").unwrap();
        let _second = seat("::ffff:192.0.2.1").unwrap();
        assert_eq!(seat("192.0.2.1").unwrap_err(), Crowded);
        let _other = seat("192.0.2.2").unwrap();
        drop(first);
        assert!(seat("192.0.2.1").is_ok());
        let _one = seat("2001:db8::1").unwrap();
        let _two = seat("2001:db8::2").unwrap();
        assert_eq!(seat("2001:db8::ffff:1").unwrap_err(), Crowded);
        assert!(seat("2001:db8:0:1::1").is_ok());
        for _ in 0..10 {
            assert!(seat("127.0.0.1").unwrap().is_none() && seat("::1").unwrap().is_none());
        }
    }

    #[test]
    fn one_that_comes_and_goes_too_often_waits() {
        let (addresses, now) = (addresses(100, 1), Instant::now());
        let address = "192.0.2.1".parse().unwrap();
        assert_eq!((0..20).filter(|_| addresses.seat(address, now).is_ok()).count(), 10);
        assert!(addresses.seat(address, now + Duration::from_secs(1)).is_ok());
    }

    #[test]
    fn quiet_addresses_are_forgotten() {
        let (addresses, now) = (addresses(10, 1), Instant::now());
        for number in 0..2 * REMEMBERED as u32 {
            let later = now + Duration::from_secs(number.into());
            addresses.seat(std::net::Ipv4Addr::from_bits(0x0A00_0000 + number).into(), later).unwrap();
        }
        assert!(addresses.lock().len() <= REMEMBERED + 1);
    }
}
