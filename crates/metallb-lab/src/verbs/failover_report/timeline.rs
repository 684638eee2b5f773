//! Findings as a timeline: of each series the run in the middle, what came of the break above, the recovery below.

use super::name;
use crate::drawing::scene::{Rect, Scene, wide};
use crate::drawing::svg::draw;
use bgplab::failover::outcome::{Phase, Row, Run};
use bgplab::failover::predict::Prediction;
use bgplab::failover::stamp::Micros;
use bgplab::failover::study::{Findings, Series};

const MARGIN: f64 = 24.0;
const LABELS: f64 = 190.0;
const AXIS: f64 = 560.0;
const LANE: f64 = 26.0;
const MARK: f64 = 3.0;
/// The most ticks of an axis.
const TICKS: f64 = 8.0;

/// One half of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Loss,
    Recovery,
}

impl Part {
    const fn of(self, row: &Row) -> &Phase {
        match self {
            Self::Loss => &row.loss,
            Self::Recovery => &row.recovery,
        }
    }

    fn predicted(self, row: &Row) -> Option<&Prediction> {
        row.predicted.as_ref().filter(|_| self == Self::Loss)
    }

    /// Returns the length of a lane.
    fn length(self, row: &Row) -> Micros {
        let phase = self.of(row);
        let session = phase.session.as_ref().map(|seen| seen.after);
        let path = phase.path.as_ref().and_then(|path| path.restored);
        let bound = self.predicted(row).map(|prediction| prediction.at_most);
        [session, phase.table, phase.kernel, path, bound].into_iter().flatten().max().unwrap_or_default()
    }
}

/// The SVG's text.
pub(crate) fn svg(findings: &Findings) -> String {
    draw(&lay_out(findings))
}

fn lay_out(findings: &Findings) -> Scene {
    let title = format!(
        "failover {} of {}, lab {} ({})",
        findings.scenario, findings.target.name, findings.lab, findings.provider
    );
    let mut scene = Scene { title: title.clone(), ..Scene::default() };
    scene.say(MARGIN, MARGIN + 12.0, "title", &title);
    let mut y = MARGIN + 44.0;
    for series in &findings.series {
        let Some(run) = middle(series) else { continue };
        let of = if series.runs.len() > 1 {
            format!(", run {} of {}", run.number, series.runs.len())
        } else {
            String::new()
        };
        scene.say(MARGIN, y, "band", &format!("{}{of}", name(series)));
        y = panel(&mut scene, y + 12.0, run, "after the break", Part::Loss);
        let from =
            if findings.scenario.heals_itself() { "back by itself: after the break" } else { "after it was put back" };
        y = panel(&mut scene, y + 20.0, run, from, Part::Recovery) + 34.0;
    }
    legend(&mut scene, y);
    let ends = scene.texts.iter().map(|text| text.x + wide(text.class, &text.text));
    scene.width = ends.fold(MARGIN + LABELS + AXIS, f64::max) + MARGIN;
    scene.height = y + MARGIN;
    scene
}

/// The run whose first loss is the one in the middle.
fn middle(series: &Series) -> Option<&Run> {
    let mut runs: Vec<&Run> = series.runs.iter().collect();
    runs.sort_by_key(|run| run.rows.iter().find_map(|row| row.loss.session.as_ref()).map(|seen| seen.after));
    runs.get(runs.len() / 2).copied()
}

/// Lanes of one phase below an axis; where they end.
fn panel(scene: &mut Scene, top: f64, run: &Run, from: &str, part: Part) -> f64 {
    let span = run.rows.iter().map(|row| part.length(row)).max().unwrap_or_default().as_millis();
    let step = step(span.max(1.0));
    let ticks = (span / step).floor() + 1.0;
    let x = |millis: f64| MARGIN + LABELS + AXIS * millis.clamp(0.0, ticks * step) / (ticks * step);
    let bottom = top + 26.0 + LANE * run.rows.len() as f64;
    scene.say(MARGIN, top + 14.0, "label", from);
    let mut tick = 0.0;
    while tick <= ticks {
        let at = x(tick * step);
        scene.line(&[(at, top + 20.0), (at, bottom)], "tick");
        let text = axis_text(tick * step, step);
        scene.say(at - wide("detail", &text) / 2.0, top + 14.0, "detail", &text);
        tick += 1.0;
    }
    scene.line(&[(x(0.0), top + 20.0), (x(ticks * step), top + 20.0)], "axis");
    for (number, row) in run.rows.iter().enumerate() {
        lane(scene, top + 26.0 + LANE * number as f64, row, part, &x);
    }
    bottom
}

fn lane(scene: &mut Scene, y: f64, row: &Row, part: Part, x: &dyn Fn(f64) -> f64) {
    let phase = part.of(row);
    let bar = |from: f64, to: f64, inset: f64, class| {
        let (y, h) = (y + inset, LANE - 4.0 - 2.0 * inset);
        Rect { x: x(from), y, w: (x(to) - x(from)).max(MARK), h, class }
    };
    scene.boxes.push(Rect { x: x(0.0), y, w: AXIS, h: LANE - 4.0, class: "lane" });
    if let Some(prediction) = part.predicted(row) {
        scene.boxes.push(bar(prediction.at_least.as_millis(), prediction.at_most.as_millis(), 0.0, "predicted"));
    }
    if let Some((path, restored)) = phase.path.as_ref().and_then(|path| Some((path, path.restored?))) {
        let restored = restored.as_millis();
        scene.boxes.push(bar(restored - path.gap.as_millis(), restored, 7.0, "gap"));
    }
    let session = phase.session.as_ref().map(|seen| seen.after);
    for (at, class) in [(session, "noticed"), (phase.table, "table"), (phase.kernel, "kernel")] {
        let Some(at) = at else { continue };
        scene.boxes.push(Rect { x: x(at.as_millis()) - MARK / 2.0, y: y + 1.0, w: MARK, h: LANE - 6.0, class });
    }
    let family = row.family.map(|family| format!(" {family}")).unwrap_or_default();
    scene.say(MARGIN, y + 15.0, "detail", &format!("{}{family}", row.place));
    scene.say(MARGIN + LABELS + AXIS + 14.0, y + 15.0, "detail", &figures(phase, session));
}

/// The figures of a lane, in words.
fn figures(phase: &Phase, session: Option<Micros>) -> String {
    let times =
        [session, phase.table, phase.kernel].map(|time| time.map_or_else(|| "–".to_owned(), |time| time.to_string()));
    let path = phase.path.as_ref().map(|path| match path.lost {
        0 => "; none lost".to_owned(),
        lost => format!("; {lost} of {} lost in {}", path.sent, path.gap),
    });
    format!("{}{}", times.join(" · "), path.unwrap_or_default())
}

/// A step of 1, 2 or 5 times a power of ten that gives no more ticks than there is room for.
fn step(span: f64) -> f64 {
    let rough = span / TICKS;
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= rough).unwrap_or(rough)
}

fn axis_text(millis: f64, step: f64) -> String {
    if step >= 1000.0 { format!("{:.0} s", millis / 1000.0) } else { format!("{millis:.0} ms") }
}

fn legend(scene: &mut Scene, y: f64) {
    let mut x = MARGIN;
    for (class, text) in [
        ("predicted", "predicted"),
        ("noticed", "session"),
        ("table", "BGP table"),
        ("kernel", "kernel's route"),
        ("gap", "client unanswered"),
    ] {
        let w = if matches!(class, "predicted" | "gap") { 22.0 } else { MARK };
        scene.boxes.push(Rect { x, y: y - 10.0, w, h: 13.0, class });
        scene.say(x + w + 7.0, y, "detail", text);
        x += w + 7.0 + wide("detail", text) + 18.0;
    }
    scene.say(x, y, "detail", "figures: session · BGP table · kernel's route");
}

#[cfg(test)]
mod tests;
