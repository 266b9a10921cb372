//! A queue alone: its bound, its order, its wakes. Never a hub.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;

use orrery_protocol::{Event, RunEvent, RunEventKind, Timestamp};

use super::*;

#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn published(seq: Seq) -> Arc<Published> {
    Arc::new(Published::new(seq, Event::Run(RunEvent::new(RunEventKind::Progress, Timestamp::default()))))
}

fn take(queue: &Queue, bytes: usize) -> (Vec<Seq>, Option<Closing>) {
    let mut taken = Vec::new();
    let closing = queue.take(bytes, &mut taken);
    (taken.iter().map(|it| it.seq).collect(), closing)
}

#[test]
fn each_event_once_and_in_order() {
    let queue = Queue::new(usize::MAX, 5);
    for seq in [4, 5, 6, 6, 7, 6, 8] {
        queue.push(&published(seq), true);
    }
    assert_eq!(take(&queue, 1), (vec![6], None));
    assert_eq!(take(&queue, usize::MAX), (vec![7, 8], None));
    assert_eq!((take(&queue, 1), queue.is_drained()), ((vec![], None), true));
}

#[test]
fn past_its_limit_it_closes_and_frees_what_it_held() {
    let size = published(1).frame.len();
    let queue = Queue::new(3 * size, 0);
    (1..=3).for_each(|seq| drop(queue.push(&published(seq), true)));
    assert_eq!(take(&queue, 1), (vec![1], None));
    (4..=6).for_each(|seq| drop(queue.push(&published(seq), true)));
    assert_eq!(take(&queue, usize::MAX), (vec![], Some(CloseCode::TooSlow.into())));
    queue.close(CloseCode::ShuttingDown.into());
    assert_eq!(take(&queue, usize::MAX).1, Some(CloseCode::TooSlow.into()), "the first reason stands");
}

#[test]
fn what_waits_is_heard_before_the_end() {
    let queue = Queue::new(usize::MAX, 0);
    queue.push(&published(1), true);
    queue.close(CloseCode::ShuttingDown.into());
    queue.push(&published(2), true);
    assert_eq!(take(&queue, usize::MAX), (vec![1], None));
    assert_eq!(take(&queue, usize::MAX), (vec![], Some(CloseCode::ShuttingDown.into())));
}

#[test]
fn a_sleeper_is_woken_once() {
    let wakes = Arc::new(Wakes::default());
    let waker = Waker::from(wakes.clone());
    let context = Context::from_waker(&waker);
    let queue = Queue::new(usize::MAX, 0);
    assert!(matches!(queue.push(&published(1), true), Pushed::Quiet), "nobody sleeps");
    assert!(queue.poll_waiting(&context).is_ready());
    take(&queue, usize::MAX);

    assert!(queue.poll_waiting(&context).is_pending());
    assert!(matches!(queue.push(&published(2), false), Pushed::Later));
    assert!(matches!(queue.push(&published(3), false), Pushed::Quiet), "it is on the list already");
    queue.rouse();
    assert_eq!(wakes.0.load(Ordering::Relaxed), 1);
    assert_eq!(take(&queue, usize::MAX).0, [2, 3]);

    assert!(queue.poll_waiting(&context).is_pending());
    let Pushed::Wake(sleeper) = queue.push(&published(4), true) else { panic!("it sleeps") };
    assert!(matches!(queue.push(&published(5), true), Pushed::Quiet), "it is being woken");
    sleeper.wake();
    assert_eq!(wakes.0.load(Ordering::Relaxed), 2);
}
