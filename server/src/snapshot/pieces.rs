//! Bytes that are sent while more of them are made: everyone who reads them gets all, from the first. Never what they say.

use std::io;

use bytes::Bytes;
use futures_util::stream::{Stream, unfold};
use tokio::sync::watch;

#[derive(Debug)]
pub struct Pieces(watch::Sender<Progress>);

#[derive(Debug)]
struct Progress {
    pieces: Vec<Bytes>,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Open,
    Whole,
    /// Whoever made them is gone: a reader must not take this for all.
    Broken,
}

impl Default for Pieces {
    fn default() -> Self {
        Self(watch::Sender::new(Progress { pieces: Vec::new(), end: End::Open }))
    }
}

impl Pieces {
    pub fn push(&self, piece: Bytes) {
        if !piece.is_empty() {
            self.0.send_modify(|progress| progress.pieces.push(piece));
        }
    }

    pub fn finish(&self) {
        self.0.send_modify(|progress| progress.end = End::Whole);
    }

    /// Unless it is whole.
    pub fn give_up(&self) {
        self.0.send_if_modified(|progress| {
            let is_open = progress.end == End::Open;
            if is_open {
                progress.end = End::Broken;
            }
            is_open
        });
    }

    pub fn read(&self) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        unfold((self.0.subscribe(), 0), |(mut said, at)| async move {
            let next = {
                let is_there = |progress: &Progress| progress.pieces.len() > at || progress.end != End::Open;
                let progress = said.wait_for(|progress| is_there(progress)).await;
                match progress.as_ref().map(|progress| (progress.pieces.get(at).cloned(), progress.end)) {
                    Ok((Some(piece), _)) => Ok(piece),
                    Ok((None, End::Whole)) => return None,
                    Ok((None, _)) | Err(_) => Err(io::ErrorKind::UnexpectedEof.into()),
                }
            };
            Some((next, (said, at + 1)))
        })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt};

    use super::*;

    fn now<T>(future: impl Future<Output = T>) -> Option<T> {
        future.now_or_never()
    }

    #[test]
    fn each_reader_gets_all_and_waits_for_the_end() {
        let pieces = Pieces::default();
        let mut early = Box::pin(pieces.read());
        assert!(now(early.next()).is_none());
        pieces.push(Bytes::from_static(b"a"));
        pieces.push(Bytes::new());
        assert_eq!(now(early.next()).flatten().and_then(Result::ok).as_deref(), Some(&b"a"[..]));
        assert!(now(early.next()).is_none());
        pieces.push(Bytes::from_static(b"b"));
        pieces.finish();
        pieces.give_up();
        let late = Box::pin(pieces.read()).map(Result::unwrap).collect::<Vec<_>>();
        assert_eq!(now(late).map(|pieces| pieces.concat()), Some(b"ab".to_vec()));
        drop(pieces);
        assert_eq!(now(early.map(Result::unwrap).collect::<Vec<_>>()).map(|rest| rest.concat()), Some(b"b".to_vec()));
    }

    #[test]
    fn what_is_given_up_is_not_taken_for_all() {
        let pieces = Pieces::default();
        pieces.push(Bytes::from_static(b"a"));
        pieces.give_up();
        let read = now(Box::pin(pieces.read()).take(2).collect::<Vec<_>>()).unwrap();
        assert!(read[0].is_ok() && read[1].is_err());
    }
}
