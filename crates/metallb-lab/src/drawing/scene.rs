//! A picture whose every part has its place, in pixels.

use serde::Serialize;

/// A picture whose every part has its place, in pixels.
#[derive(Default, Serialize)]
pub(crate) struct Scene {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) title: String,
    pub(crate) boxes: Vec<Rect>,
    pub(crate) paths: Vec<Path>,
    pub(crate) cards: Vec<Rect>,
    pub(crate) texts: Vec<Text>,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) w: f64,
    pub(crate) h: f64,
    pub(crate) class: &'static str,
}

/// A line.
#[derive(Serialize)]
pub(crate) struct Path {
    pub(crate) d: String,
    pub(crate) class: &'static str,
}

/// A line of text; `y` is its base line.
#[derive(Serialize)]
pub(crate) struct Text {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) class: &'static str,
    pub(crate) text: String,
}

impl Rect {
    pub(crate) fn right(&self) -> f64 {
        self.x + self.w
    }
    pub(crate) fn bottom(&self) -> f64 {
        self.y + self.h
    }
}

#[cfg(test)]
impl Rect {
    /// Returns `true` if the two share no point.
    pub(crate) fn is_apart(&self, other: &Self) -> bool {
        self.right() <= other.x || other.right() <= self.x || self.bottom() <= other.y || other.bottom() <= self.y
    }

    /// Returns `true` if the other is inside.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        self.x <= other.x && other.right() <= self.right() && self.y <= other.y && other.bottom() <= self.bottom()
    }
}

#[cfg(test)]
impl Text {
    /// The place that the letters take.
    pub(crate) fn outline(&self) -> Rect {
        Rect { x: self.x, y: self.y - 10.0, w: wide(self.class, &self.text), h: 12.0, class: "" }
    }
}

/// Returns the greatest width of a text in the class's font.
pub(crate) fn wide(class: &str, text: &str) -> f64 {
    let advance = match class {
        "address" | "route" => 7.0,
        "name" => 9.0,
        "band" => 9.6,
        _ => 6.6,
    };
    advance * text.chars().count() as f64
}

pub(crate) fn widest<'a>(class: &str, texts: impl IntoIterator<Item = &'a String>) -> f64 {
    texts.into_iter().map(|text| wide(class, text)).fold(0.0, f64::max)
}

impl Scene {
    /// Puts a line of text where its base line begins.
    pub(crate) fn say(&mut self, x: f64, y: f64, class: &'static str, text: &str) {
        self.texts.push(Text { x, y, class, text: text.to_owned() });
    }

    /// Draws a line through points.
    pub(crate) fn line(&mut self, points: &[(f64, f64)], class: &'static str) {
        let mut d = String::new();
        for (index, (x, y)) in points.iter().enumerate() {
            d.push_str(&format!("{}{x:.1} {y:.1}", if index == 0 { "M" } else { " L" }));
        }
        self.paths.push(Path { d, class });
    }
}
