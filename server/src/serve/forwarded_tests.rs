//! Table tests of the settings about proxies, from `server/tests/cases/forwarded.json`.

use axum::body::Body;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Case {
    about: String,
    trusted: Vec<String>,
    #[serde(default)]
    base_path: String,
    peer: IpAddr,
    headers: Vec<(String, String)>,
    path: String,
    client: IpAddr,
    host: String,
    routed: String,
}

#[test]
fn requests_are_rewritten_only_for_trusted_proxies_and_below_the_base_path() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/cases/forwarded.json")).unwrap();
    for case in cases {
        let mut config = Config::in_folder("x");
        config.trusted_proxy = case.trusted.iter().map(|network| network.parse().unwrap()).collect();
        config.base_path = case.base_path.clone();
        let proxies = Proxies::new(&config, Addresses::new(&config.limits));
        let mut request = Request::builder().uri(&case.path);
        for (name, value) in &case.headers {
            request = request.header(name, value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        let response = proxies.apply(&mut request, case.peer, &ForwardedSeat::default());
        let location = response.map(|response| response.headers()[header::LOCATION].to_str().unwrap().to_owned());
        let routed = location.map_or(request.uri().to_string(), |location| format!("-> {location}"));
        assert_eq!(routed, case.routed, "{}", case.about);
        let host = request.headers().get(header::HOST).map_or("", |host| host.to_str().unwrap());
        assert_eq!(host, case.host, "{}", case.about);
        assert_eq!(request.extensions().get(), Some(&ClientAddress(case.client)), "{}", case.about);
    }
}

#[test]
fn networks_are_addresses_with_a_prefix() {
    for good in ["10.0.0.0/8", "127.0.0.1", "::1", "fd00::/8", "0.0.0.0/0", " 10.1.2.3/32 "] {
        assert!(good.parse::<Network>().is_ok(), "{good}");
    }
    for bad in ["", "10.0.0.0/33", "10.0.0/8", "example.org", "::/129", "10.0.0.0/", "10.0.0.0/-1"] {
        assert!(bad.parse::<Network>().is_err(), "{bad}");
    }
}
