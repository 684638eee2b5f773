//! Pictures that stand alone: parts with their places, drawn as SVG.

pub(crate) mod scene;
pub(crate) mod svg;
