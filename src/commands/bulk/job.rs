//! One deed for many: a few requests at a time, an outcome for each, stopped when the person says so. Never a view.

use std::rc::Rc;
use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::WorkspaceId;

use super::choose;
use crate::canvas::Landings;
use crate::canvas::landing::{self, Landing};
use crate::canvas::relocation::{back, words as relocation_words};
use crate::commands::{Command, Commands};
use crate::session::{Session, ToastKind, Undo};
use crate::store::CanvasStore;

#[derive(Debug, Clone, PartialEq)]
pub enum BulkCommand {
    Restart,
    Tier(u8),
    Model(String),
    /// Into that team, or out to the root.
    Move(Option<WorkspaceId>),
    /// Each to where it was dropped.
    Land(Vec<Landing>),
    /// To where they were, and to what they were, before.
    Back(Vec<Landing>, Vec<(WorkspaceId, Command)>),
    Remove,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    Waiting,
    Going,
    Done,
    /// In the server's words.
    Refused(String),
    /// The person stopped before its turn came.
    Left,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub name: String,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Job {
    /// As "Restarting" and "Restarted".
    pub words: (&'static str, &'static str),
    /// It takes back what was done: that itself is not undone.
    pub is_undo: bool,
    pub items: Vec<Item>,
}

impl Job {
    pub(super) fn count(&self, is: fn(&Outcome) -> bool) -> usize {
        self.items.iter().filter(|item| is(&item.outcome)).count()
    }

    pub(super) fn is_over(&self) -> bool {
        self.count(|it| matches!(it, Outcome::Waiting | Outcome::Going)) == 0
    }
}

/// What one of the many is asked for.
enum Asked {
    Command { id: WorkspaceId, command: Command, back: Option<Command> },
    Landing(Landing),
}

/// Given to the page by context.
#[derive(Clone, Copy)]
pub struct Bulk {
    pub(super) job: RwSignal<Option<Job>>,
    /// Counts up with each job: what is left of an older one is not written into a newer one.
    number: StoredValue<u64>,
    commands: Commands,
    landings: Landings,
    session: Session,
    store: StoredValue<CanvasStore, LocalStorage>,
}

/// More at once would only wait for each other at the server.
const AT_ONCE: usize = 4;

impl Bulk {
    pub fn new(store: StoredValue<CanvasStore, LocalStorage>) -> Self {
        let (commands, session) = (expect_context::<Commands>(), expect_context::<Session>());
        let landings = expect_context::<Landings>();
        Self { job: RwSignal::new(None), number: StoredValue::new(0), commands, landings, session, store }
    }

    pub fn begin(&self, ids: Vec<WorkspaceId>, command: BulkCommand) {
        let asked = self.store.with_value(|store| plan(store, ids, &command));
        if asked.is_empty() {
            return;
        }
        let item = |(name, _): &(String, Asked)| Item { name: name.clone(), outcome: Outcome::Waiting };
        self.job.set(Some(Job {
            words: words(&command),
            is_undo: matches!(command, BulkCommand::Back(..)),
            items: asked.iter().map(item).collect(),
        }));
        self.number.update_value(|number| *number += 1);
        let number = self.number.get_value();
        let asked: Rc<[Asked]> = asked.into_iter().map(|(_, asked)| asked).collect();
        for _ in 0..AT_ONCE {
            let (bulk, asked) = (*self, asked.clone());
            spawn_local(async move { bulk.work(number, &asked).await });
        }
    }

    /// Those whose turn has not come are left alone; what was asked already is awaited.
    pub(super) fn stop(&self) {
        self.job.update(|job| {
            for item in job.iter_mut().flat_map(|job| &mut job.items) {
                if item.outcome == Outcome::Waiting {
                    item.outcome = Outcome::Left;
                }
            }
        });
    }

    pub(super) fn forget(&self) {
        self.stop();
        self.number.update_value(|number| *number += 1);
        self.job.set(None);
    }

    /// One of a few: takes the next that waits, until none does.
    async fn work(&self, number: u64, asked: &[Asked]) {
        while let Some(index) = self.next(number) {
            let answer = match &asked[index] {
                Asked::Command { id, command, .. } => self.commands.carry_out(id, command).await,
                Asked::Landing(landing) => self.landings.ask(landing).await,
            };
            let outcome = answer.map_or_else(|error| Outcome::Refused(error.to_string()), |()| Outcome::Done);
            self.write(number, index, outcome);
            if self.job.with_untracked(|job| job.as_ref().is_some_and(Job::is_over))
                && self.number.get_value() == number
            {
                self.toast(asked);
            }
        }
    }

    fn next(&self, number: u64) -> Option<usize> {
        let waits = |job: &Job| job.items.iter().position(|item| item.outcome == Outcome::Waiting);
        let index = self.job.with_untracked(|job| job.as_ref().and_then(waits))?;
        (self.number.get_value() == number).then(|| self.write(number, index, Outcome::Going)).map(|()| index)
    }

    fn write(&self, number: u64, index: usize, outcome: Outcome) {
        if self.number.get_value() == number {
            self.job.update(|job| {
                if let Some(item) = job.as_mut().and_then(|job| job.items.get_mut(index)) {
                    item.outcome = outcome;
                }
            });
        }
    }

    /// How it went; what all went well is forgotten, and a move can be undone.
    fn toast(&self, asked: &[Asked]) {
        let Some(job) = self.job.get_untracked() else { return };
        // A list of one is no list.
        if let ([Item { name, outcome: Outcome::Refused(why) }], [one]) = (&job.items[..], asked) {
            let stays = if matches!(one, Asked::Landing(_)) { "stays where it is" } else { "stays as it was" };
            self.job.set(None);
            return self.session.toast(ToastKind::Error, format!("“{name}” {stays}: {why}"), None);
        }
        let done: Vec<usize> = (0..job.items.len()).filter(|at| job.items[*at].outcome == Outcome::Done).collect();
        let moved: Vec<Landing> = done
            .iter()
            .filter_map(|at| match asked.get(*at) {
                Some(Asked::Landing(landing)) => Some(back(landing)),
                _ => None,
            })
            .collect();
        let changed = done.iter().filter_map(|at| match asked.get(*at) {
            Some(Asked::Command { id, back, .. }) => Some((id.clone(), back.clone()?)),
            _ => None,
        });
        let changed: Vec<(WorkspaceId, Command)> = changed.collect();
        if done.len() == job.items.len() {
            self.job.set(None);
        }
        let bulk = *self;
        let has_no_way_back = job.is_undo || (moved.is_empty() && changed.is_empty());
        let undo = (!has_no_way_back).then(|| {
            let back = BulkCommand::Back(moved, changed);
            let undo: Undo = Arc::new(move || bulk.begin(Vec::new(), back.clone()));
            undo
        });
        let words = match job.items.len() {
            1 if done.len() == 1 => match asked {
                [Asked::Landing(landing)] => relocation_words(landing),
                _ => format!("{} “{}”", job.words.1, job.items[0].name),
            },
            all if all == done.len() => format!("{} {all} workspaces", job.words.1),
            all => format!("{} {} of {all} workspaces", job.words.1, done.len()),
        };
        let tone =
            if job.count(|it| matches!(it, Outcome::Refused(_))) > 0 { ToastKind::Error } else { ToastKind::Success };
        self.session.toast(tone, words, undo);
    }
}

fn words(command: &BulkCommand) -> (&'static str, &'static str) {
    match command {
        BulkCommand::Restart => ("Restarting", "Restarting"),
        BulkCommand::Tier(_) => ("Changing the tier", "Changed the tier of"),
        BulkCommand::Model(_) => ("Changing the model", "Changed the model of"),
        BulkCommand::Move(_) | BulkCommand::Land(_) => ("Moving", "Moved"),
        BulkCommand::Back(_, changed) if changed.is_empty() => ("Moving back", "Moved back"),
        BulkCommand::Back(..) => ("Changing back", "Changed back"),
        BulkCommand::Remove => ("Removing", "Removed"),
    }
}

/// What each is asked for, by name. Who is gone meanwhile is left out.
fn plan(store: &CanvasStore, ids: Vec<WorkspaceId>, command: &BulkCommand) -> Vec<(String, Asked)> {
    let canvas = store.canvas();
    if let BulkCommand::Land(landings) | BulkCommand::Back(landings, _) = command {
        let landings = landings.iter().map(|it| (it.name.clone(), Asked::Landing(it.clone())));
        let changed = if let BulkCommand::Back(_, changed) = command { &changed[..] } else { &[] };
        let changed = changed.iter().map(|(id, command)| {
            let name = canvas.workspace(id).map_or_else(|| id.to_string(), |it| it.name.clone());
            (name, Asked::Command { id: id.clone(), command: command.clone(), back: None })
        });
        return landings.chain(changed).collect();
    }
    let ids = match command {
        BulkCommand::Move(_) | BulkCommand::Remove => choose::outermost(store, ids),
        _ => ids,
    };
    let mut asked = Vec::new();
    for id in ids {
        let Some(it) = canvas.workspace(&id) else { continue };
        let name = if it.name.is_empty() { id.to_string() } else { it.name.clone() };
        let one = match command {
            BulkCommand::Restart => Some(Asked::Command { id, command: Command::Restart, back: None }),
            BulkCommand::Tier(tier) => {
                Some(Asked::Command { id, command: Command::Tier(*tier), back: Some(Command::Tier(it.tier)) })
            }
            BulkCommand::Remove => Some(Asked::Command { id, command: Command::Remove, back: None }),
            BulkCommand::Model(model) => Some(match &it.agent {
                Some(agent) => {
                    let back = Some(Command::ReplaceAgent(agent.model.clone()));
                    Asked::Command { id, command: Command::ReplaceAgent(model.clone()), back }
                }
                None => Asked::Command {
                    id,
                    command: Command::AssignAgent(model.clone()),
                    back: Some(Command::RemoveAgent),
                },
            }),
            BulkCommand::Move(team) if it.parent_id == *team => None,
            BulkCommand::Move(team) => landing::into(store, &id, team.as_ref(), asked.len()).map(Asked::Landing),
            BulkCommand::Land(_) | BulkCommand::Back(..) => None,
        };
        asked.extend(one.map(|one| (name, one)));
    }
    asked
}
