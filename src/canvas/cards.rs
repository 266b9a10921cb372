//! The elements of what is mounted: made, kept in order and removed as the list says. Never what they show (`card`, `team`).

use std::collections::HashMap;

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;
use web_sys::{HtmlElement, Node};

use super::card::{Chosen, card};
use super::controller::CanvasController;
use super::team::team;
use crate::store::PerfCounters;
use crate::store::{NodeHandle, StoreSignals};
use crate::ui::kept::{watch, written};
use crate::ui::written::Written;
use orrery_layout::Shape;

struct Shown {
    element: HtmlElement,
    /// Of all that the element reads.
    owner: Owner,
    _written: RenderEffect<Written>,
}

/// A card that becomes a team is another element.
type Key = (WorkspaceId, Shape);

pub(super) fn keep_cards(world: HtmlElement, controller: CanvasController) {
    let signals = expect_context::<StoreSignals>();
    let owner = Owner::current().unwrap_or_default();
    let shown = StoredValue::new_local(HashMap::<Key, Shown>::new());
    watch(move || {
        let rendered = signals.rendered.get();
        untrack(|| {
            shown.update_value(|shown| arrange(&world, shown, rendered, |it| show(it, &owner, signals, controller)))
        });
    });
}

/// From the last to the first, so that each knows what it stands before; those that stand right are not touched.
fn arrange(
    world: &HtmlElement,
    shown: &mut HashMap<Key, Shown>,
    rendered: Vec<NodeHandle>,
    show: impl Fn(NodeHandle) -> Shown,
) {
    let mut before = std::mem::take(shown);
    let (mut kept, mut made) = (Vec::new(), Vec::new());
    for rendered in rendered {
        let key = (rendered.id.clone(), rendered.shape);
        let one = before.remove(&key);
        made.push(one.is_none());
        kept.push((key, one.unwrap_or_else(|| show(rendered))));
    }
    for gone in before.into_values() {
        gone.element.remove();
        gone.owner.cleanup();
    }
    let mut next: Option<Node> = None;
    for ((key, one), is_new) in kept.into_iter().zip(made).rev() {
        if is_new || one.element.next_sibling() != next {
            // Both are children of the world.
            let _ = world.insert_before(&one.element, next.as_ref());
        }
        next = Some(one.element.clone().into());
        shown.insert(key, one);
    }
}

fn show(rendered: NodeHandle, owner: &Owner, signals: StoreSignals, controller: CanvasController) -> Shown {
    let owner = owner.child();
    // No element that means something of its own: it is an item of the tree.
    let element = document().create_element("div").expect("a tag is a name");
    let element: HtmlElement = wasm_bindgen::JsCast::unchecked_into(element);
    let written = owner.with(|| {
        let chosen = Chosen::new(&rendered, controller);
        let NodeHandle { shape, workspace, position: place, team: family, activity: work, .. } = rendered;
        written(element.clone(), move || {
            PerfCounters::count(|counters| counters.card_effects += 1);
            let family = family.get();
            let seen = workspace.with(|it| chosen.see(it, place.get()));
            workspace.with(|it| {
                work.with(|work| match shape {
                    Shape::Card => card(it, &seen, family, work, signals.now),
                    Shape::Team => team(it, &seen, family, work),
                })
            })
        })
    });
    Shown { element, owner, _written: written }
}
