//! The templates, compiled once.

use std::sync::LazyLock;

use tera::{Context, Tera};

/// A template that does not compile, or does not fit the model.
#[derive(Debug, Clone, thiserror::Error)]
#[error("template {template}: {cause}; this is a defect of frrconf")]
#[non_exhaustive]
pub struct RenderError {
    /// The template's name.
    pub template: &'static str,
    /// The engine's error.
    pub cause: String,
}

/// Text for FRR, not for a browser: nothing is escaped.
static ENGINE: LazyLock<Result<Tera, RenderError>> = LazyLock::new(|| {
    let mut tera = Tera::default();
    tera.autoescape_on(Vec::<&str>::new());
    tera.add_raw_templates([
        ("bfd", include_str!("../templates/bfd.tera")),
        ("bgp", include_str!("../templates/bgp.tera")),
        ("daemons", include_str!("../templates/daemons.tera")),
        ("global", include_str!("../templates/global.tera")),
        ("prefix-lists", include_str!("../templates/prefix-lists.tera")),
        ("route-maps", include_str!("../templates/route-maps.tera")),
        ("statics", include_str!("../templates/statics.tera")),
        ("vtysh", include_str!("../templates/vtysh.tera")),
    ])
    .map_err(|error| RenderError { template: "all", cause: error.to_string() })?;
    Ok(tera)
});

pub(super) fn render(template: &'static str, context: &Context) -> Result<String, RenderError> {
    let engine = ENGINE.as_ref().map_err(Clone::clone)?;
    engine.render(template, context).map_err(|error| RenderError { template, cause: error.to_string() })
}
