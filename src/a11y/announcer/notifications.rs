//! Notifications of the system about new problems: only when turned on, only while the page has no focus, grouped and silent.

use std::cell::RefCell;
use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

use super::status_changes::StatusChanges;
use crate::session::{CameraCommand, Session, ToastKind};

const STORAGE_KEY: &str = "orrery.notifications_enabled";
/// The shortest time between two notifications, in milliseconds. Changes meanwhile are in the next one.
const NOTIFY_INTERVAL: f64 = 20_000.0;

/// What the next notification is about.
#[derive(Default)]
struct PendingNotification {
    changes: StatusChanges,
    last_shown_at: f64,
    is_scheduled: bool,
}

thread_local! {
    static PENDING: RefCell<PendingNotification> = RefCell::default();
}

/// Restores the setting of this browser, as long as the browser still permits notifications.
pub(super) fn restore_setting(session: Session) {
    let is_on = storage().and_then(|storage| storage.get_item(STORAGE_KEY).ok()?).is_some();
    session
        .notifications_enabled
        .set(is_on && is_supported() && Notification::permission() == NotificationPermission::Granted);
}

/// Returns the label of the menu item that turns notifications on or off.
pub fn notification_label(session: Session) -> &'static str {
    if session.notifications_enabled.get_untracked() { "Turn off notifications" } else { "Notify me about problems" }
}

/// Turns notifications on or off. The browser asks for permission only when they are turned on.
pub fn toggle_notifications(session: Session) {
    if session.notifications_enabled.get_untracked() {
        session.notifications_enabled.set(false);
        storage().into_iter().for_each(|storage| drop(storage.remove_item(STORAGE_KEY)));
        return session.toast(ToastKind::Success, "Notifications are off", None);
    }
    spawn_local(async move {
        if !is_supported() {
            return session.toast(ToastKind::Error, "This browser does not support notifications on this page", None);
        }
        if let Ok(permission) = Notification::request_permission() {
            let _ = JsFuture::from(permission).await;
        }
        if Notification::permission() != NotificationPermission::Granted {
            let message = "The browser blocks notifications. Allow them for this page in its settings.";
            return session.toast(ToastKind::Error, message, None);
        }
        session.notifications_enabled.set(true);
        storage().into_iter().for_each(|storage| drop(storage.set_item(STORAGE_KEY, "yes")));
        session.toast(ToastKind::Success, "Notifications are on for new problems", None);
    });
}

/// Notifies about new problems, with those of the next seconds.
pub(super) fn notify(changes: StatusChanges, session: Session) {
    if changes.worsened.is_empty() || !session.notifications_enabled.get_untracked() || is_page_focused() {
        return;
    }
    let delay = PENDING.with_borrow_mut(|pending| {
        pending.changes.worsened.extend(changes.worsened);
        let delay = (pending.last_shown_at + NOTIFY_INTERVAL - js_sys::Date::now()).max(0.0);
        (!std::mem::replace(&mut pending.is_scheduled, true)).then_some(delay)
    });
    if let Some(delay) = delay {
        set_timeout(move || show(session), Duration::from_millis(delay as u64));
    }
}

fn show(session: Session) {
    let changes = PENDING.with_borrow_mut(|pending| {
        (pending.is_scheduled, pending.last_shown_at) = (false, js_sys::Date::now());
        std::mem::take(&mut pending.changes)
    });
    if !session.notifications_enabled.get_untracked() || is_page_focused() {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(&changes.message().unwrap_or_default());
    // Replaces the notification before it, and makes no sound.
    options.set_tag("orrery");
    options.set_silent(Some(true));
    let Ok(notification) = Notification::new_with_options(&title(&changes), &options) else { return };
    let first = changes.worsened.into_iter().next().map(|(id, _, _)| id);
    let open = Closure::once_into_js(move || {
        let _ = window().focus();
        if let Some(id) = first {
            session.open(id.clone());
            session.camera_command.set(Some(CameraCommand::Show(id)));
        }
    });
    notification.set_onclick(Some(open.unchecked_ref()));
}

fn is_page_focused() -> bool {
    !document().hidden() && document().has_focus().unwrap_or(true)
}

/// Some browsers have no notifications, or none for pages without encryption.
fn is_supported() -> bool {
    js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or(false)
}

fn title(changes: &StatusChanges) -> String {
    match changes.worsened.len() {
        1 => "1 new problem".to_owned(),
        count => format!("{count} new problems"),
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
