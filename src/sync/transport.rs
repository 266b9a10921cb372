//! One browser socket and its listeners, which leave with it. Never what is said on it, never a second try.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};

/// What the socket did.
#[derive(Debug)]
pub enum SocketEvent {
    Opened,
    Text(String),
    /// Nothing of the contract is binary.
    Binary,
    Closed {
        code: u16,
        reason: String,
    },
}

pub struct Transport {
    socket: WebSocket,
    _listeners: Listeners,
}

/// Kept as long as the browser may call them.
type Listeners = (Closure<dyn FnMut(Event)>, Closure<dyn FnMut(MessageEvent)>, Closure<dyn FnMut(CloseEvent)>);

impl Transport {
    /// None when the browser refuses the address as such.
    pub fn open(url: &str, told: impl Fn(SocketEvent) + 'static) -> Option<Self> {
        let socket = WebSocket::new(url).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let told = Rc::new(told);
        let on_open: Closure<dyn FnMut(Event)> = Closure::new({
            let told = told.clone();
            move |_: Event| told(SocketEvent::Opened)
        });
        let on_message: Closure<dyn FnMut(MessageEvent)> = Closure::new({
            let told = told.clone();
            move |message: MessageEvent| told(message.data().as_string().map_or(SocketEvent::Binary, SocketEvent::Text))
        });
        let on_close: Closure<dyn FnMut(CloseEvent)> = Closure::new(move |close: CloseEvent| {
            told(SocketEvent::Closed { code: close.code(), reason: close.reason() });
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
