//! Where the steps of a run are drawn. A change of status moves nothing: the layout depends on the steps and their order alone.

use orrery_layout::flow::{Flow, Gaps, Way, by, flow};
use orrery_layout::{Point, Rect, Size};
use orrery_protocol::{Execution, Step, StepId};

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct StepLayout {
    /// Each step with the indexes of those it waits for.
    steps: Vec<(StepId, Vec<usize>)>,
    is_narrow: bool,
    flow: Flow,
}

const STEP_SIZE: Size = Size { width: 184.0, height: 52.0 };
/// For runs with many steps, and for narrow windows.
const SMALL_STEP_SIZE: Size = Size { width: 152.0, height: 48.0 };
const MANY_STEPS: usize = 20;
const GAPS: Gaps = Gaps { along: 40.0, across: 16.0 };

impl StepLayout {
    /// Returns the layout of the run's steps: `previous` where it still fits. A narrow layout is read downwards.
    pub(super) fn updated(previous: Option<&Self>, execution: &Execution, is_narrow: bool) -> Self {
        let index = |name: &String| execution.steps.iter().position(|step| step.step_name.as_ref() == Some(name));
        let waits_for = |step: &Step| step.depends_on_steps.iter().filter_map(index).collect();
        let steps: Vec<(StepId, Vec<usize>)> =
            execution.steps.iter().map(|step| (step.step_id.clone(), waits_for(step))).collect();
        if let Some(previous) = previous.filter(|it| it.steps == steps && it.is_narrow == is_narrow) {
            return previous.clone();
        }
        let waits_for: Vec<Vec<usize>> = steps.iter().map(|(_, waits_for)| waits_for.clone()).collect();
        let (way, size) = match is_narrow {
            true => (Way::Down, SMALL_STEP_SIZE),
            false if steps.len() > MANY_STEPS => (Way::Right, SMALL_STEP_SIZE),
            false => (Way::Right, STEP_SIZE),
        };
        Self { flow: flow(&waits_for, size, GAPS, way), steps, is_narrow }
    }

    pub(super) fn size(&self) -> Size {
        self.flow.size
    }

    pub(super) fn step_ids(&self) -> Vec<StepId> {
        self.steps.iter().map(|(id, _)| id.clone()).collect()
    }

    /// Returns the ids in the order of their levels, which no event changes.
    pub(super) fn reading_order(&self) -> Vec<StepId> {
        let along = |place: &Rect| if self.is_narrow { place.at.y } else { place.at.x };
        let order = by(&self.flow.places.iter().map(along).collect::<Vec<f64>>());
        order.into_iter().map(|index| self.steps[index].0.clone()).collect()
    }

    pub(super) fn place(&self, id: &StepId) -> Option<Rect> {
        self.flow.places.get(self.index(id)?).copied()
    }

    /// Returns the SVG path of each line with the step it starts from.
    pub(super) fn lines(&self) -> impl Iterator<Item = (StepId, String)> {
        self.flow.lines.iter().map(|line| (self.steps[line.from].0.clone(), line.path.clone()))
    }

    /// Returns the nearest step in a direction. A step straight ahead wins over a nearer one aside.
    pub(super) fn neighbor(&self, from: &StepId, direction: Point) -> Option<StepId> {
        let start = self.place(from)?.middle();
        let mut best: Option<(f64, usize)> = None;
        for (index, place) in self.flow.places.iter().enumerate() {
            let to = place.middle().minus(start);
            let along = to.x * direction.x + to.y * direction.y;
            let aside = (to.x * direction.y).abs() + (to.y * direction.x).abs();
            let cost = along + 2.0 * aside;
            if along > place.size.height / 2.0 && best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, index));
            }
        }
        best.map(|(_, index)| self.steps[index].0.clone())
    }

    fn index(&self, id: &StepId) -> Option<usize> {
        self.steps.iter().position(|(own, _)| own == id)
    }
}
