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
        queue.push(&published(seq), Instant::now(), Duration::ZERO);
    }
    assert_eq!(take(&queue, 1), (vec![6], None));
    assert_eq!(take(&queue, usize::MAX), (vec![7, 8], None));
    assert_eq!((take(&queue, 1), queue.is_drained()), ((vec![], None), true));
}

#[test]
fn past_its_limit_it_closes_and_frees_what_it_held() {
    let size = published(1).frame.len();
    let queue = Queue::new(3 * size, 0);
    (1..=3).for_each(|seq| drop(queue.push(&published(seq), Instant::now(), Duration::ZERO)));
    assert_eq!(take(&queue, 1), (vec![1], None));
    (4..=6).for_each(|seq| drop(queue.push(&published(seq), Instant::now(), Duration::ZERO)));
    assert_eq!(take(&queue, usize::MAX), (vec![], Some(CloseCode::TooSlow.into())));
    queue.close(CloseCode::ShuttingDown.into());
    assert_eq!(take(&queue, usize::MAX).1, Some(CloseCode::TooSlow.into()), "the first reason stands");
}

#[test]
fn what_waits_is_heard_before_the_end() {
    let queue = Queue::new(usize::MAX, 0);
    queue.push(&published(1), Instant::now(), Duration::ZERO);
    queue.close(CloseCode::ShuttingDown.into());
    queue.push(&published(2), Instant::now(), Duration::ZERO);
    assert_eq!(take(&queue, usize::MAX), (vec![1], None));
    assert_eq!(take(&queue, usize::MAX), (vec![], Some(CloseCode::ShuttingDown.into())));
}

const REST: Duration = Duration::from_millis(6);

#[test]
fn a_sleeper_is_woken_once_and_then_rests() {
    let (wakes, start) = (Arc::new(Wakes::default()), Instant::now());
    let waker = Waker::from(wakes.clone());
    let context = Context::from_waker(&waker);
    let queue = Queue::new(usize::MAX, 0);
    assert!(matches!(queue.push(&published(1), start, REST), Pushed::Quiet), "nobody sleeps");
    assert!(queue.poll_waiting(&context).is_ready());
    take(&queue, usize::MAX);

    assert!(queue.poll_waiting(&context).is_pending());
    let Pushed::Wake(sleeper) = queue.push(&published(2), start, REST) else { panic!("it has slept for ever") };
    assert!(matches!(queue.push(&published(3), start, REST), Pushed::Quiet), "it is being woken");
    sleeper.wake();
    assert_eq!((wakes.0.load(Ordering::Relaxed), take(&queue, usize::MAX).0), (1, vec![2, 3]));

    assert!(queue.poll_waiting(&context).is_pending());
    assert!(matches!(queue.push(&published(4), start + REST / 2, REST), Pushed::Later));
    assert!(matches!(queue.push(&published(5), start + REST / 2, REST), Pushed::Quiet), "it is on the list already");
    queue.rouse(start + 2 * REST);
    assert_eq!((wakes.0.load(Ordering::Relaxed), take(&queue, usize::MAX).0), (2, vec![4, 5]));

    assert!(queue.poll_waiting(&context).is_pending());
    assert!(matches!(queue.push(&published(6), start + 2 * REST, REST), Pushed::Later), "the pulse woke it just now");
    assert!(matches!(queue.push(&published(7), start + 2 * REST, Duration::ZERO), Pushed::Wake(_)), "there is room");
}

/// A socket that hears 400 events a second writes three at a time, and one that hears 100 writes each at once.
#[test]
fn how_often_it_is_woken_follows_from_how_much_there_is() {
    let wakes = |events_a_second: u32| {
        let (wakes, start) = (Arc::new(Wakes::default()), Instant::now());
        let waker = Waker::from(wakes.clone());
        let context = Context::from_waker(&waker);
        let queue = Queue::new(usize::MAX, 0);
        let mut pulse_at = None;
        for seq in 1..=events_a_second {
            let now = start + Duration::from_secs(1) * seq / events_a_second;
            if let Some(at) = pulse_at.take_if(|at| *at <= now) {
                queue.rouse(at);
            }
            take(&queue, usize::MAX);
            let _ = queue.poll_waiting(&context);
            match queue.push(&published(seq.into()), now, REST) {
                Pushed::Quiet => {}
                Pushed::Wake(sleeper) => sleeper.wake(),
                Pushed::Later => pulse_at = Some(now + REST),
            }
        }
        wakes.0.load(Ordering::Relaxed)
    };
    assert_eq!(wakes(100), 100);
    assert!((120..=140).contains(&wakes(400)), "{}", wakes(400));
}
