//! The elements of what is mounted: made, kept in order and removed as the list says. Never what they show (`card`, `team`).

use std::collections::HashMap;

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;
use web_sys::{HtmlElement, Node};

use super::card::{Chosen, card};
use super::stage::Stage;
use super::team::team;
use crate::geometry::Shape;
use crate::live::{Live, Mounted};
use crate::tally::Tally;
use crate::ui::kept::{watch, written};
use crate::ui::written::Written;

struct Shown {
    element: HtmlElement,
    /// Of all that the element reads.
    owner: Owner,
    _written: RenderEffect<Written>,
}

/// A card that becomes a team is another element.
type Key = (WorkspaceId, Shape);

pub(super) fn keep_cards(world: HtmlElement, stage: Stage) {
    let live = expect_context::<Live>();
    let owner = Owner::current().unwrap_or_default();
    let shown = StoredValue::new_local(HashMap::<Key, Shown>::new());
    watch(move || {
        let mounted = live.mounted.get();
        untrack(|| shown.update_value(|shown| arrange(&world, shown, mounted, |it| show(it, &owner, live, stage))));
    });
}

/// From the last to the first, so that each knows what it stands before; those that stand right are not touched.
fn arrange(
    world: &HtmlElement,
    shown: &mut HashMap<Key, Shown>,
    mounted: Vec<Mounted>,
    show: impl Fn(Mounted) -> Shown,
) {
    let mut before = std::mem::take(shown);
    let (mut kept, mut made) = (Vec::new(), Vec::new());
    for mounted in mounted {
        let key = (mounted.id.clone(), mounted.shape);
        let one = before.remove(&key);
        made.push(one.is_none());
        kept.push((key, one.unwrap_or_else(|| show(mounted))));
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

fn show(mounted: Mounted, owner: &Owner, live: Live, stage: Stage) -> Shown {
    let owner = owner.child();
    // No element that means something of its own: it is an item of the tree.
    let element = document().create_element("div").expect("a tag is a name");
    let element: HtmlElement = wasm_bindgen::JsCast::unchecked_into(element);
    let written = owner.with(|| {
        let chosen = Chosen::new(&mounted, stage);
        let Mounted { shape, workspace, place, family, work, .. } = mounted;
        written(element.clone(), move || {
            Tally::count(|tally| tally.effects += 1);
            let family = family.get();
            let seen = workspace.with(|it| chosen.see(it, place.get()));
            workspace.with(|it| {
                work.with(|work| match shape {
                    Shape::Card => card(it, &seen, family, work, live.now),
                    Shape::Team => team(it, &seen, family, work),
                })
            })
        })
    });
    Shown { element, owner, _written: written }
}
