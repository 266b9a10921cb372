//! Plays the show against a server: makes its calls, answers questions to its agents. One task and a few calls at a time,
//! however many agents there are. Never decides what happens.

mod answers;
mod api;
mod casting;
mod workflows;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use orrery_protocol::WorkspaceId;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::show::{ADDRESS, Act, Call, Millis, Show, Then};
use crate::config::Config;
use api::{Api, Failed};

/// Calls under way at once.
const AT_ONCE: usize = 16;

#[derive(Debug, Clone)]
pub struct Demo {
    /// The server's own address, `http://…`.
    pub platform: String,
    pub token: Option<String>,
    pub size: usize,
    pub seed: u64,
    pub heartbeat_ttl: Duration,
}

impl Demo {
    /// The demo that the settings ask for, if any, of the server at this address.
    pub fn of(config: &Config, server: SocketAddr) -> Option<Self> {
        let size = config.demo.filter(|size| *size > 0)?;
        // Who listens everywhere is not called at "everywhere".
        let host = if server.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { server.ip() };
        Some(Self {
            platform: format!("http://{}", SocketAddr::new(host, server.port())),
            token: config.admin_token.as_ref().map(|token| token.expose().to_owned()),
            size: size as usize,
            seed: config.demo_seed,
            heartbeat_ttl: config.heartbeat_ttl,
        })
    }
}

/// Plays until the server stops.
pub async fn run(demo: Demo, mut stopping: watch::Receiver<bool>) {
    let played = tokio::select! {
        played = play(&demo) => played,
        _ = stopping.wait_for(|stop| *stop) => return,
    };
    if let Err(error) = played {
        tracing::error!(%error, "the demo cannot be played");
    }
}

async fn play(demo: &Demo) -> Result<(), Failed> {
    let api = Api::new(demo)?;
    let (address, mut questions) = answers::listen().await?;
    let players = casting::cast(&api, demo.size).await?;
    tracing::info!(agents = players.len(), "the demo fleet is at work");
    // It ends with this set.
    let mut together = JoinSet::new();
    together.spawn(workflows::run(api.clone(), players.clone()));
    let (began, ttl) = (Instant::now(), demo.heartbeat_ttl.as_millis() as Millis);
    let now = || began.elapsed().as_millis() as Millis;
    let mut show = Show::new(players, demo.seed, ttl);
    let mut waiting = std::collections::HashMap::new();
    let (mut calls, mut ticket) = (JoinSet::new(), 0);
    loop {
        for act in show.due(now(), AT_ONCE.saturating_sub(calls.len())) {
            match act {
                Act::Call(call) => {
                    let (api, call) = (api.clone(), addressed(call, &address));
                    calls.spawn(async move { (api.call(&call).await, call) });
                }
                Act::Reply { ticket, outcome } => {
                    // Whoever asked may have gone away.
                    waiting.remove(&ticket).map(|asked: answers::Asked| asked.reply.send(outcome));
                }
            }
        }
        let next = began + Duration::from_millis(show.next().unwrap_or(Millis::MAX / 2));
        tokio::select! {
            Some(done) = calls.join_next() => {
                if let Ok((answer, call)) = done {
                    hear(&mut show, &call, answer, now());
                }
            }
            Some(asked) = questions.recv() => {
                ticket += 1;
                match show.asked(&asked.who, &asked.text, ticket, now()) {
                    Ok(()) => {
                        waiting.insert(ticket, asked);
                    }
                    Err(reason) => {
                        let _ = asked.reply.send(Err(reason));
                    }
                }
            }
            _ = tokio::time::sleep_until(next), if calls.len() < AT_ONCE => {}
        }
    }
}

fn hear(show: &mut Show, call: &Call, answer: Result<Value, Failed>, now: Millis) {
    match (answer, call.then) {
        (Ok(_), Then::Nothing) => {}
        (Ok(answer), Then::Expanded(parent)) => {
            let ids = answer["sub_workspace_ids"].as_array().cloned().unwrap_or_default();
            let ids: Vec<WorkspaceId> = ids.iter().filter_map(|id| id.as_str()?.parse().ok()).collect();
            show.expanded(parent, &ids, now);
        }
        (Ok(answer), Then::LookedAt(who)) => show.looked_at(who, answer["status"].as_str().unwrap_or_default(), now),
        (Err(Failed::Status { status: 404 | 410, .. }), _) => {
            // Somebody removed it; a call about its agent may fail for less.
            if !call.path.contains("/agent") {
                show.left(&call.who);
            }
        }
        (Err(error), then) => {
            tracing::debug!(%error, path = call.path, "a demo agent's call failed");
            if let Then::LookedAt(who) = then {
                show.looked_at(who, "", now);
            }
        }
    }
}

fn addressed(mut call: Call, address: &str) -> Call {
    if let Some(Value::String(url)) = call.body.get_mut("url") {
        *url = url.replace(ADDRESS, address);
    }
    call
}
