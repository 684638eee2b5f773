//! The picture as SVG.

use tera::{Context, Tera};

use super::scene::Scene;

/// The SVG's text.
pub(crate) fn draw(scene: &Scene) -> String {
    // Both only fail for a template that does not fit the scene, which the tests would find.
    let text = Context::from_serialize(scene).and_then(|context| template()?.render("svg", &context));
    text.unwrap_or_else(|error| format!("<!-- {error} -->"))
}

fn template() -> tera::TeraResult<Tera> {
    let mut tera = Tera::default();
    tera.autoescape_on(vec!["svg"]);
    tera.add_raw_templates([("svg", include_str!("svg.tera"))])?;
    Ok(tera)
}
