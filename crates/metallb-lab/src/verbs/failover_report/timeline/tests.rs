use super::*;
use bgplab::failover::outcome::{Path, Seen};
use bgplab::failover::predict::Verdict;
use bgplab::failover::scenario::{Kind, Notice, Scenario};
use bgplab::failover::summary;
use bgplab::failover::target::Target;
use labfile::Family;

fn ms(millis: i64) -> Micros {
    Micros(millis * 1_000)
}

fn row(place: &str, family: Family, shift: i64) -> Row {
    let phase = |at: i64, lost| Phase {
        session: Some(Seen { after: ms(at), by: "BFD: control-expired".to_owned() }),
        table: Some(ms(at + 60)),
        kernel: Some(ms(at + 71)),
        path: Some(Path {
            sent: 248,
            lost,
            gap: ms(835),
            restored: (lost > 0).then(|| ms(at + 90)),
            answered_at_end: true,
        }),
    };
    let prediction = Prediction { at_least: ms(600), at_most: ms(900), because: "BFD, 3 × 300 ms".to_owned() };
    Row {
        place: place.to_owned(),
        family: Some(family),
        predicted: Some(prediction),
        verdict: Verdict::Open,
        path_bound: None,
        path_verdict: Verdict::Open,
        loss: phase(743 + shift, 166),
        recovery: phase(410 + shift, 0),
    }
}

fn findings() -> Findings {
    let run = |number, shift: i64| Run {
        number,
        broken_at: Default::default(),
        break_error: ms(6),
        lateness: ms(2),
        busy: false,
        broken_for: ms(2_000),
        ways: Vec::new(),
        rows: [("frr1", 0_i64), ("frr2", 31), ("next-hop-router", 60)]
            .into_iter()
            .flat_map(|(place, more)| [Family::Ipv4, Family::Ipv6].map(|family| row(place, family, shift + more)))
            .collect(),
    };
    let series = |bfd, shift: i64| {
        let runs = vec![run(1, shift), run(2, shift + 20), run(3, shift - 20)];
        Series { bfd, summary: summary::lines(&runs), runs }
    };
    Findings {
        lab: "documented".to_owned(),
        provider: "standalone",
        scenario: Scenario::Pause,
        explained: String::new(),
        notice: Notice::Silence,
        target: Target {
            name: "kind-worker".to_owned(),
            kind: Kind::Node,
            places: vec!["kind-worker".to_owned()],
            addresses: Vec::new(),
            only_endpoint: false,
        },
        clients: Vec::new(),
        series: vec![series(true, 0), series(false, 88_000)],
        passed: true,
    }
}

#[test]
fn no_words_lie_on_others_and_everything_is_inside() {
    let scene = lay_out(&findings());
    let outlines: Vec<_> = scene.texts.iter().map(|text| (text.outline(), &text.text)).collect();
    for (index, (outline, words)) in outlines.iter().enumerate() {
        assert!(outline.x >= 0.0 && outline.right() <= scene.width && outline.bottom() <= scene.height, "{words}");
        let clash = outlines.iter().take(index).find(|(other, _)| !outline.is_apart(other));
        assert!(clash.is_none(), "`{words}` lies on {clash:?}");
    }
    assert!(
        scene.boxes.iter().all(|part| part.x >= 0.0 && part.right() <= scene.width && part.bottom() <= scene.height)
    );
}

#[test]
fn the_run_in_the_middle_is_drawn() {
    let svg = svg(&findings());
    assert!(
        svg.contains("as configured, run 1 of 3")
            && svg.contains("743 ms · 803 ms · 814 ms; 166 of 248 lost in 835 ms"),
        "{svg}"
    );
    assert!(svg.contains(">80 s<"), "an axis of more than seconds counts in seconds: {svg}");
}

#[test]
fn ticks_are_round() {
    let texts = [744.0, 9.0, 91_000.0, 1.0].map(step);
    assert_eq!(texts, [100.0, 2.0, 20_000.0, 0.2]);
}
