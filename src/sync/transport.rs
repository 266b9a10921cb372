//! One browser WebSocket with its listeners, which are removed when it is dropped.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};

/// What happened on the socket.
#[derive(Debug)]
pub(super) enum SocketEvent {
    Opened,
    Text(String),
    /// Nothing in the protocol is binary.
    Binary,
    Closed {
        code: u16,
        reason: String,
    },
}

pub(super) struct Transport {
    socket: WebSocket,
    /// Alive as long as the browser may call them.
    _listeners: Listeners,
}

type Listeners = (Closure<dyn FnMut(Event)>, Closure<dyn FnMut(MessageEvent)>, Closure<dyn FnMut(CloseEvent)>);

impl Transport {
    /// Opens a socket. Returns `None` when the browser refuses the URL as such.
    pub(super) fn open(url: &str, on_event: impl Fn(SocketEvent) + 'static) -> Option<Self> {
        let socket = WebSocket::new(url).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let on_event = Rc::new(on_event);
        let on_open: Closure<dyn FnMut(Event)> = Closure::new({
            let on_event = on_event.clone();
            move |_: Event| on_event(SocketEvent::Opened)
        });
        let on_message: Closure<dyn FnMut(MessageEvent)> = Closure::new({
            let on_event = on_event.clone();
            move |message: MessageEvent| {
                on_event(message.data().as_string().map_or(SocketEvent::Binary, SocketEvent::Text))
            }
        });
        let on_close: Closure<dyn FnMut(CloseEvent)> = Closure::new(move |close: CloseEvent| {
            on_event(SocketEvent::Closed { code: close.code(), reason: close.reason() });
        });
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Some(Self { socket, _listeners: (on_open, on_message, on_close) })
    }
}

impl Drop for Transport {
    fn drop(&mut self) {
        let socket = &self.socket;
        socket.set_onopen(None);
        socket.set_onmessage(None);
        socket.set_onclose(None);
        // It may be closed already; there is nothing to do about an error here.
        let _ = socket.close();
    }
}
