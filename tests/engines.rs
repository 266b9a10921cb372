//! Checks the database servers and the proxy that other tests rely on.

use std::time::Duration;

use orrery_tests::postgres::Postgres;
use orrery_tests::proxy::{NetworkConditions, Proxy};
use orrery_tests::redis::Redis;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn postgres_recovers_commits_after_an_immediate_stop() {
    let mut postgres = Postgres::start().await;
    postgres.run("CREATE TABLE kept (n INT); INSERT INTO kept VALUES (7)").await;
    postgres.stop_immediately().await;
    postgres.restart().await;
    assert_eq!(postgres.run("SELECT n FROM kept").await, "7");
}

#[tokio::test]
async fn the_proxy_cuts_delays_stalls_and_half_closes() {
    let redis = Redis::start().await;
    let address = redis.url().trim_start_matches("redis://").trim_end_matches('/').to_owned();
    let proxy = Proxy::to(&address).await;
    let ask = async |stream: &mut TcpStream| {
        stream.write_all(b"PING\r\n").await.unwrap();
        let mut answer = [0; 16];
        let length = tokio::time::timeout(Duration::from_millis(300), stream.read(&mut answer)).await;
        length.map(|length| String::from_utf8_lossy(&answer[..length.unwrap_or(0)]).into_owned()).ok()
    };
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    assert_eq!(ask(&mut stream).await.as_deref(), Some("+PONG\r\n"));

    proxy.set(NetworkConditions { silent: true, ..NetworkConditions::default() });
    assert_eq!(ask(&mut stream).await, None);
    proxy.set(NetworkConditions { delay: Duration::from_millis(5), ..NetworkConditions::default() });
    let mut late = String::new();
    while !late.contains("PONG") {
        late += &ask(&mut stream).await.unwrap_or_default();
    }

    proxy.half_close();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    assert_eq!(ask(&mut stream).await.as_deref(), Some("+PONG\r\n"));
    proxy.cut();
    let mut rest = Vec::new();
    assert_eq!(stream.read_to_end(&mut rest).await.unwrap_or(0), 0);
}
