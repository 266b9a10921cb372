//! How sockets end from the server's side, and what a client can do about it.

use super::client::Heard;
use crate::support::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_is_too_slow_is_closed_without_a_gap_and_resumes() {
    let server = Server::start().await;
    let id = server.workspace("SEO", None).await;
    let mut slow = server.socket("/ws?since=").await;
    let hello = slow.json().await;
    let begun = hello["head"].as_u64().unwrap();
    let mut quick = server.socket("/ws").await;
    // Much more than the queue and the system's own buffers hold; the quick one reads all the while.
    // Few and long, so that the queue is full before a socket that takes nothing is given up as gone.
    let events = 6_000u32;
    let load = async {
        for _ in 0..events / 500 {
            server.long_tasks(&id, 500, 4_000).await;
        }
    };
    let (heard, ()) = tokio::join!(quick.seqs(events as usize), load);
    assert_eq!(heard.len(), events as usize);

    let (heard, end) = slow.all().await;
    assert_eq!(end, Heard::Closed(4008, "too slow: queue limit passed".into()));
    let seqs: Vec<u64> = heard.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    let last = begun + seqs.len() as u64;
    assert_eq!(seqs, (begun + 1..=last).collect::<Vec<_>>(), "what it heard has no gap");
    assert!(seqs.len() < events as usize);

    let mut again = server.socket(&format!("/ws?since={}:{last}", hello["epoch"].as_str().unwrap())).await;
    assert_eq!(again.json().await["resumed"], true);
    let rest = (events as u64 + begun - last) as usize;
    assert_eq!(again.seqs(rest).await, (last + 1..=begun + events as u64).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_server_that_stops_says_so_after_everything_it_acknowledged() {
    let server = Server::start().await;
    let id = server.workspace("SEO", None).await;
    let mut canvas = server.socket("/ws").await;
    let mut agent = server.agent(&id, "/ws").await;
    let mut stream = server.socket("/ws/stream").await;
    server.tasks(&id, 300).await;
    server.running.shutdown().await;
    for (client, expected) in [(&mut canvas, 300), (&mut agent, 300), (&mut stream, 0)] {
        let (heard, end) = client.all().await;
        assert_eq!((heard.len(), end), (expected, Heard::Closed(4001, "server shutting down".into())));
    }
}

#[tokio::test]
async fn an_agent_whose_team_is_removed_hears_it_and_is_closed() {
    let server = Server::start().await;
    let team = server.workspace("team", None).await;
    let member = server.workspace("member", Some(&team)).await;
    let mut agent = server.agent(&member, "/ws").await;
    server.call(reqwest::Method::DELETE, &format!("/workspaces/{team}?confirm=true"), None).await.ok();
    let (heard, end) = agent.all().await;
    assert_eq!(heard.len(), 1, "children go first, so it hears of its own removal: {heard:?}");
    assert_eq!((&heard[0]["event"], &heard[0]["workspace_id"]), (&"WORKSPACE_REMOVED".into(), &member.into()));
    assert_eq!(end, Heard::Closed(4500, "this workspace was removed".into()));
}
