//! The lines between cards: sessions, and connections to networks.

use super::{
    layout::{sessions, touches},
    picture::{End, Picture},
};
use crate::drawing::scene::{Rect, Scene, wide};

/// Draws every line with its words.
pub(super) fn draw(scene: &mut Scene, picture: &Picture, places: &[Rect], bands: &[Rect], group: Rect) {
    for (index, place) in places.iter().enumerate() {
        let card = &picture.cards[index];
        let between = card.at.len() > 1;
        let count = sessions(picture, index).count() + usize::from(between);
        let elbows = between && picture.edges.iter().any(|edge| touches(edge, index));
        // Elbows leave at the top.
        let (top, room) = if elbows { (place.y + 30.0, place.h - 30.0) } else { (place.y, place.h) };
        let port = |number: usize| top + room * (number as f64 + 0.5) / count.max(1) as f64;
        for (number, edge) in sessions(picture, index).enumerate() {
            let y = port(number);
            scene.line(&[(group.right(), y), (place.x, y)], "session");
            let from = start(bands, group, place);
            scene.say(from, y - 7.0, "label", &edge.label);
            scene.say(from, y + 15.0, "detail", &edge.detail);
        }
        if between {
            let y = port(count - 1);
            for (band, addresses) in &card.at {
                let on_left = bands[*band].right() <= place.x + 1.0;
                let edge = if on_left { bands[*band].right() } else { bands[*band].x };
                scene.line(&[(edge, y), (if on_left { place.x } else { place.right() }, y)], "link");
                for (line, address) in addresses.iter().enumerate() {
                    let x = if on_left { place.x - 10.0 - wide("address", address) } else { place.right() + 10.0 };
                    scene.say(x, if line == 0 { y - 6.0 } else { y + 15.0 }, "address", address);
                }
            }
        }
    }
    elbows(scene, picture, places);
}

/// Returns the start of the labels of a card's sessions: in the free space beside the nodes.
fn start(bands: &[Rect], group: Rect, place: &Rect) -> f64 {
    let free = if place.x > bands[0].right() { bands[0].right() } else { group.right() };
    free + 14.0
}

/// Sessions between routers: out of the lower one's side, up or down, and into the other.
fn elbows(scene: &mut Scene, picture: &Picture, places: &[Rect]) {
    // The lower the router, the further right its line rises: none crosses another.
    let mut links: Vec<_> = picture.edges.iter().filter(|edge| edge.from != End::Cluster).collect();
    let height = |end: &super::picture::Edge| match end.from {
        End::Card(from) => places[from].y.min(places[end.to].y),
        End::Cluster => 0.0,
    };
    links.sort_by(|a, b| height(b).total_cmp(&height(a)));
    let mut number = 0.0;
    for edge in links {
        let End::Card(from) = edge.from else { continue };
        // From the card between the networks, whichever end opens the session.
        let (a, b) = (places[from], places[edge.to]);
        let (low, high) = if a.x <= b.x { (a, b) } else { (b, a) };
        number += 1.0;
        if low.x < high.x {
            let (y1, y2) = (low.y + 30.0 - 7.0 * number, high.y + high.h - 10.0);
            let x = high.x - 18.0 - 14.0 * number;
            scene.line(&[(low.right(), y1), (x, y1), (x, y2), (high.x, y2)], "reflected");
        } else {
            let (y1, y2) = (low.y + low.h / 2.0, high.y + high.h / 2.0);
            let x = low.right().max(high.right()) + 14.0 * number;
            scene.line(&[(low.right(), y1), (x, y1), (x, y2), (high.right(), y2)], "reflected");
        }
    }
}
