//! Which network an address belongs to, whatever form it is written in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    Public,
    /// Loopback, private and shared ranges: where agents normally run.
    Private,
    /// Link-local, cloud metadata, unspecified, multicast and reserved ranges: never an agent or an endpoint.
    Reserved,
}

/// Addresses outside the link-local ranges at which clouds answer metadata and credentials.
const METADATA: [IpAddr; 4] = [
    // AWS over IPv6.
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254)),
    // Alibaba Cloud.
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    // Azure's wire server.
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    // Oracle Cloud.
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
];

impl Network {
    pub fn of(address: IpAddr) -> Self {
        let address = unwrap(address);
        if METADATA.contains(&address) {
            return Self::Reserved;
        }
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }
}

/// Returns the IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64 or 6to4.
pub fn unwrap(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let segments = v6.segments();
    let v4 = |high: u16, low: u16| IpAddr::V4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] => v4(high, low),
        // `::` and `::1` are IPv6's own.
        [0, 0, 0, 0, 0, 0, high, low] if (high, low) != (0, 0) && (high, low) != (0, 1) => v4(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        _ => address,
    }
}

fn of_v4(address: Ipv4Addr) -> Network {
    match address.octets() {
        // On Linux a connection to 0.0.0.0 reaches this machine.
        [0, ..] | [169, 254, ..] | [224..=255, ..] | [192, 0, 0, _] => Network::Reserved,
        [127 | 10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] | [198, 18 | 19, ..] => {
            Network::Private
        }
        _ => Network::Public,
    }
}

fn of_v6(address: Ipv6Addr) -> Network {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Network::Private,
        [0, 0, 0, 0, 0, 0, 0, 0] => Network::Reserved,
        [0xfe80..=0xfebf, ..] | [0xff00..=0xffff, ..] => Network::Reserved,
        // Teredo and local NAT64 hide an IPv4 address that cannot be judged here.
        [0x2001, 0, ..] | [0x64, 0xff9b, 1, ..] => Network::Reserved,
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Network::Private,
        _ => Network::Public,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_address_is_recognised() {
        for (network, addresses) in [
            (
                Network::Public,
                "93.184.216.34 2606:2800:220:1::1 172.32.0.1 100.128.0.1 ::ffff:8.8.8.8 64:ff9b::808:808",
            ),
            (
                Network::Private,
                "127.0.0.1 127.9.9.9 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 198.18.0.1 ::1 fd12::1 \
                 fc00::1 fec0::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 2002:7f00:1::",
            ),
            (
                Network::Reserved,
                "0.0.0.0 0.1.2.3 169.254.169.254 169.254.0.1 224.0.0.1 255.255.255.255 240.0.0.1 100.100.100.200 \
                 168.63.129.16 192.0.0.192 :: fe80::1 febf::1 ff02::1 fd00:ec2::254 ::ffff:169.254.169.254 \
                 ::a9fe:a9fe 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe:: ::ffff:0:a9fe:a9fe ::ffff:0.0.0.0 2001::1 64:ff9b:1::1",
            ),
        ] {
            for address in addresses.split_whitespace() {
                assert_eq!(Network::of(address.parse().unwrap()), network, "{address}");
            }
        }
    }
}
