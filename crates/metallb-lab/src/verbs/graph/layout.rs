//! Placing everything in the picture.
//!
//! Networks are upright bands, side by side, the nodes' first. Routers on one network stand in its band, each lower than
//! all before it, so that a session, drawn level from the nodes to its router, crosses nothing. Routers on several
//! networks stand between their bands, below all sessions.

use super::picture::{Card, End, Picture};
use crate::drawing::scene::{Path, Rect, Scene, Text, wide, widest};

const MARGIN: f64 = 24.0;
const TITLE: f64 = 34.0;
const BAND_HEAD: f64 = 66.0;
const PAD: f64 = 18.0;
const LINE: f64 = 16.0;
/// The height that one session takes with its label above and its detail below.
const PORT: f64 = 46.0;
const ELBOW: f64 = 16.0;

/// Puts everything in its place.
pub(super) fn lay_out(picture: &Picture) -> Scene {
    let mut scene = Scene { title: picture.title.clone(), ..Scene::default() };
    let top = MARGIN + TITLE;
    let cluster = cluster_size(picture);
    let mut places: Vec<Option<Rect>> = vec![None; picture.cards.len()];
    let mut bands: Vec<Rect> = Vec::new();
    let (mut x, mut row) = (MARGIN, top + BAND_HEAD);
    for (index, band) in picture.bands.iter().enumerate() {
        let inside = members(picture, |card| card.at.len() == 1 && card.at[0].0 == index);
        let left = if index == 0 { x + PAD + cluster.0 } else { x };
        let gap = if index == 0 && !inside.is_empty() { gap(picture, &inside) } else { 0.0 };
        let card_x = left + if index == 0 { gap.max(PAD) } else { PAD };
        let head = wide("band", &band.name) + widest("address", &band.subnets) + 3.0 * PAD;
        let foot = widest("route", &band.routes) + 2.0 * PAD;
        let across = inside.iter().map(|card| card_width(&picture.cards[*card])).fold(0.0, f64::max);
        // Routers are as wide as their band lets them be.
        let across = across.max(head.max(foot) - (card_x - x) - PAD);
        for card in &inside {
            let h = card_height(picture, *card);
            let class = if picture.cards[*card].is_many { "many" } else { "router" };
            places[*card] = Some(Rect { x: card_x, y: row, w: across, h, class });
            row += h + PAD;
        }
        let inner = if inside.is_empty() { left + PAD } else { card_x + across + PAD } - x;
        bands.push(Rect {
            x,
            y: top,
            w: inner.max(head).max(foot),
            h: 0.0,
            class: if index == 0 { "nodes" } else { "net" },
        });
        let between = members(picture, |card| card.at.len() > 1 && card.at.iter().map(|at| at.0).min() == Some(index));
        let later = members(picture, |card| card.at.len() == 1 && card.at[0].0 > index);
        let mut gap = if later.is_empty() { PAD } else { self::gap(picture, &later) };
        for card in &between {
            gap = gap.max(between_width(picture, *card));
        }
        x += bands[index].w + if index + 1 < picture.bands.len() || !between.is_empty() { gap } else { 0.0 };
    }
    // Below the last session's detail.
    let below = |place: &Rect| (place.y + place.h / 2.0 + PORT).max(place.bottom() + 8.0);
    let mut low = places.iter().flatten().map(below).fold(top + BAND_HEAD, f64::max);
    for (index, card) in picture.cards.iter().enumerate().filter(|(_, card)| card.at.len() > 1) {
        let first = card.at.iter().map(|at| at.0).min().unwrap_or_default();
        let (left, right) = (bands[first].right(), bands.get(first + 1).map_or(x, |band| band.x));
        let (w, h) = (card_width(card), card_height(picture, index));
        let room = side_width(picture, index, first).max((right - left - w) / 2.0);
        places[index] = Some(Rect { x: left + room, y: low, w, h, class: "between" });
        low += h + PAD;
    }
    let routes = picture.bands.iter().map(|band| band.routes.len()).max().unwrap_or_default();
    let routes = if routes > 0 { (routes + 1) as f64 * LINE } else { 0.0 };
    let body = places.iter().flatten().map(Rect::bottom).fold(top + BAND_HEAD + cluster.1, f64::max);
    for (index, band) in bands.iter_mut().enumerate() {
        band.h = body + PAD + routes - top;
        draw_band(&mut scene, picture, index, band);
    }
    let group = Rect { x: MARGIN + PAD, y: top + BAND_HEAD, w: cluster.0, h: body - top - BAND_HEAD, class: "cluster" };
    draw_cluster(&mut scene, picture, group);
    let places: Vec<Rect> = places.into_iter().flatten().collect();
    for (card, place) in picture.cards.iter().zip(&places) {
        draw_card(&mut scene, card, *place, card.at.len() == 1);
    }
    super::lines::draw(&mut scene, picture, &places, &bands, group);
    scene.width = bands.iter().chain(&places).map(Rect::right).fold(0.0, f64::max) + MARGIN;
    legend(&mut scene, picture, body + PAD + routes + 26.0);
    scene.height = body + PAD + routes + 26.0 + MARGIN;
    scene.texts.push(Text { x: MARGIN, y: MARGIN + 12.0, class: "title", text: picture.title.clone() });
    scene
}

fn members(picture: &Picture, is: impl Fn(&Card) -> bool) -> Vec<usize> {
    (0..picture.cards.len()).filter(|index| is(&picture.cards[*index])).collect()
}

/// The sessions from the nodes to a card.
pub(super) fn sessions(picture: &Picture, card: usize) -> impl Iterator<Item = &super::picture::Edge> {
    picture.edges.iter().filter(move |edge| edge.from == End::Cluster && edge.to == card)
}

/// The width that the sessions to some cards need for their labels, and the elbows of other sessions beside them.
fn gap(picture: &Picture, cards: &[usize]) -> f64 {
    let labels = cards.iter().flat_map(|card| sessions(picture, *card));
    let label = labels.map(|edge| wide("label", &edge.label).max(wide("detail", &edge.detail))).fold(0.0, f64::max);
    let elbows = picture.edges.iter().filter(|edge| edge.from != End::Cluster).count() as f64;
    label + 2.0 * PAD + (elbows + 1.0) * ELBOW
}

/// The width beside a card between bands: for its addresses, and for the sessions that end at it.
fn side_width(picture: &Picture, card: usize, first: usize) -> f64 {
    let own = picture.cards[card].at.iter().filter(|at| at.0 == first);
    let address = own.map(|(_, addresses)| widest("address", addresses)).fold(0.0, f64::max);
    address.max(gap_of_label(picture, card)) + PAD
}

fn gap_of_label(picture: &Picture, card: usize) -> f64 {
    sessions(picture, card).map(|edge| wide("label", &edge.label).max(wide("detail", &edge.detail))).fold(0.0, f64::max)
}

fn between_width(picture: &Picture, card: usize) -> f64 {
    let this = &picture.cards[card];
    let first = this.at.iter().map(|at| at.0).min().unwrap_or_default();
    let others = this.at.iter().filter(|at| at.0 != first).map(|(_, addresses)| widest("address", addresses));
    let elbows = picture.edges.iter().filter(|edge| edge.from != End::Cluster).count() as f64;
    side_width(picture, card, first) + card_width(this) + others.fold(0.0, f64::max) + 2.0 * PAD + elbows * ELBOW
}

fn card_width(card: &Card) -> f64 {
    let own = if card.at.len() == 1 { card.at[0].1.as_slice() } else { &[] };
    wide("name", &card.title).max(wide("detail", &card.subtitle)).max(widest("address", own)) + 24.0
}

/// Its words, and a port for each session and connection.
fn card_height(picture: &Picture, index: usize) -> f64 {
    let card = &picture.cards[index];
    let (lines, connections) = if card.at.len() == 1 { (card.at[0].1.len(), 0) } else { (0, 1) };
    let elbows = usize::from(card.at.len() > 1 && picture.edges.iter().any(|edge| touches(edge, index)));
    let ports = sessions(picture, index).count() + connections + elbows;
    (46.0 + lines as f64 * LINE).max(ports as f64 * PORT)
}

pub(super) fn touches(edge: &super::picture::Edge, card: usize) -> bool {
    edge.from == End::Card(card) || (edge.from != End::Cluster && edge.to == card)
}

fn cluster_size(picture: &Picture) -> (f64, f64) {
    let group = &picture.cluster;
    let cards = group.nodes.iter().map(card_width).fold(0.0, f64::max);
    let words = wide("name", &group.title).max(wide("detail", &group.subtitle));
    let pill = group.advertises.as_ref().map_or(0.0, |text| wide("address", text) + 24.0);
    let height: f64 = group.nodes.iter().map(|card| node_height(card) + 10.0).sum();
    (cards.max(words).max(pill) + 2.0 * PAD, 52.0 + height + if pill > 0.0 { 62.0 } else { 8.0 })
}

fn node_height(card: &Card) -> f64 {
    46.0 + card.at[0].1.len() as f64 * LINE
}

fn draw_band(scene: &mut Scene, picture: &Picture, index: usize, place: &Rect) {
    let band = &picture.bands[index];
    scene.boxes.push(*place);
    scene.say(place.x + PAD, place.y + 30.0, "band", &band.name);
    let x = place.x + PAD + wide("band", &band.name) + PAD;
    for (line, subnet) in band.subnets.iter().enumerate() {
        scene.say(x, place.y + 22.0 + line as f64 * LINE, "address", subnet);
    }
    for (line, route) in band.routes.iter().rev().enumerate() {
        scene.say(place.x + PAD, place.bottom() - 12.0 - line as f64 * LINE, "route", route);
    }
    if !band.routes.is_empty() {
        let y = place.bottom() - 12.0 - band.routes.len() as f64 * LINE;
        scene.say(place.x + PAD, y, "detail", "static routes");
    }
}

/// Explains each kind of line.
fn legend(scene: &mut Scene, picture: &Picture, y: f64) {
    let mut x = MARGIN;
    let mut say = |class: &'static str, text: &str| {
        scene.paths.push(Path { d: format!("M{x:.1} {:.1} L{:.1} {:.1}", y - 4.0, x + 30.0, y - 4.0), class });
        scene.texts.push(Text { x: x + 38.0, y, class: "detail", text: text.to_owned() });
        x += 38.0 + wide("detail", text) + 14.0;
    };
    say("session", "BGP of every node");
    if let Some(edge) = picture.edges.iter().find(|edge| edge.from != End::Cluster) {
        say("reflected", &format!("BGP between routers: {}", edge.detail));
    }
    if picture.cards.iter().any(|card| card.at.len() > 1) {
        say("link", "connection to a network");
    }
}

fn draw_cluster(scene: &mut Scene, picture: &Picture, place: Rect) {
    let group = &picture.cluster;
    scene.boxes.push(place);
    scene.say(place.x + PAD, place.y + 24.0, "name", &group.title);
    scene.say(place.x + PAD, place.y + 40.0, "detail", &group.subtitle);
    let mut y = place.y + 52.0;
    for card in &group.nodes {
        let class = if card.is_many { "many" } else { "node" };
        let at = Rect { x: place.x + PAD, y, w: place.w - 2.0 * PAD, h: node_height(card), class };
        draw_card(scene, card, at, true);
        y = at.bottom() + 10.0;
    }
    if let Some(prefixes) = &group.advertises {
        scene.say(place.x + PAD, y + 12.0, "detail", "the workers advertise");
        scene.cards.push(Rect { x: place.x + PAD, y: y + 20.0, w: place.w - 2.0 * PAD, h: 26.0, class: "pill" });
        scene.say(place.x + PAD + 12.0, y + 37.0, "address", prefixes);
    }
}

fn draw_card(scene: &mut Scene, card: &Card, place: Rect, with_addresses: bool) {
    scene.cards.push(place);
    scene.say(place.x + 12.0, place.y + 21.0, "name", &card.title);
    scene.say(place.x + 12.0, place.y + 37.0, "detail", &card.subtitle);
    for (line, address) in card.at[0].1.iter().filter(|_| with_addresses).enumerate() {
        scene.say(place.x + 12.0, place.y + 54.0 + line as f64 * LINE, "address", address);
    }
}
