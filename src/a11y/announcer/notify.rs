//! Notifications of the system, for who asked for them: grouped, silent, few, and only while nobody looks at the page.
//! Never asked for by the page itself.

use std::cell::RefCell;
use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

use super::digest::Digest;
use super::spoken::title;
use crate::session::{CameraCommand, Session, ToastKind};

const KEY: &str = "orrery.notify";
/// Between two notifications; what comes meanwhile is in the next one.
const PUBLISH_INTERVAL: f64 = 20_000.0;

#[derive(Default)]
struct Waiting {
    digest: Digest,
    told_at: f64,
    is_waiting: bool,
}

thread_local! {
    static WAITING: RefCell<Waiting> = RefCell::default();
}

/// As it was chosen in this browser, as long as the browser still allows it.
pub(super) fn begin(session: Session) {
    let kept = storage().and_then(|storage| storage.get_item(KEY).ok()?).is_some();
    session
        .notifications_enabled
        .set(kept && is_there() && Notification::permission() == NotificationPermission::Granted);
}

pub fn notify_words(session: Session) -> &'static str {
    if session.notifications_enabled.get_untracked() { "Stop notifying me" } else { "Notify me of problems" }
}

/// Asks the browser when it is turned on, and never otherwise.
pub fn toggle(session: Session) {
    if session.notifications_enabled.get_untracked() {
        session.notifications_enabled.set(false);
        storage().into_iter().for_each(|storage| drop(storage.remove_item(KEY)));
        return session.toast(ToastKind::Success, "No more notifications", None);
    }
    spawn_local(async move {
        if !is_there() {
            return session.toast(ToastKind::Error, "This browser has no notifications for this page", None);
        }
        if let Ok(asked) = Notification::request_permission() {
            let _ = JsFuture::from(asked).await;
        }
        if Notification::permission() != NotificationPermission::Granted {
            let words = "The browser does not allow notifications: allow them for this page in its settings";
            return session.toast(ToastKind::Error, words, None);
        }
        session.notifications_enabled.set(true);
        storage().into_iter().for_each(|storage| drop(storage.set_item(KEY, "yes")));
        session.toast(ToastKind::Success, "You are notified of new problems while you look elsewhere", None);
    });
}

pub(super) fn tell(news: Digest, session: Session) {
    if news.worse.is_empty() || !session.notifications_enabled.get_untracked() || is_seen() {
        return;
    }
    let wait = WAITING.with_borrow_mut(|waiting| {
        waiting.digest.worse.extend(news.worse);
        let rest = (waiting.told_at + PUBLISH_INTERVAL - js_sys::Date::now()).max(0.0);
        (!std::mem::replace(&mut waiting.is_waiting, true)).then_some(rest)
    });
    if let Some(wait) = wait {
        set_timeout(move || show(session), Duration::from_millis(wait as u64));
    }
}

fn show(session: Session) {
    let digest = WAITING.with_borrow_mut(|waiting| {
        (waiting.is_waiting, waiting.told_at) = (false, js_sys::Date::now());
        std::mem::take(&mut waiting.digest)
    });
    if !session.notifications_enabled.get_untracked() || is_seen() {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(&digest.words().unwrap_or_default());
    // The newest in the place of the one before, and without a sound.
    options.set_tag("orrery");
    options.set_silent(Some(true));
    let Ok(notification) = Notification::new_with_options(&title(&digest), &options) else { return };
    let first = digest.worse.into_iter().next().map(|(id, _, _)| id);
    let go = Closure::once_into_js(move || {
        let _ = window().focus();
        if let Some(id) = first {
            session.open(id.clone());
            session.camera_command.set(Some(CameraCommand::Show(id)));
        }
    });
    notification.set_onclick(Some(go.unchecked_ref()));
}

fn is_seen() -> bool {
    !document().hidden() && document().has_focus().unwrap_or(true)
}

/// Some browsers have none, or none for a page that came without encryption.
fn is_there() -> bool {
    js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or(false)
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
