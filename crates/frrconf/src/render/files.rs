//! The three files that FRR reads.

use super::{RenderError, context, engine};
use crate::Config;

/// The concerns of `frr.conf`. What is referred to stands before what refers to it, so that no neighbor is ever without
/// its policy or its BFD parameters while FRR reads on.
const CONCERNS: [&str; 6] = ["global", "statics", "prefix-lists", "route-maps", "bfd", "bgp"];

/// The files of `/etc/frr`: owner `frr:frr`, mode 0640 (they may hold passwords).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Files {
    /// `frr.conf`: what the daemons do.
    pub frr_conf: String,
    /// `daemons`: which run, and their options; a shell fragment.
    pub daemons: String,
    /// `vtysh.conf`: one configuration file for all daemons.
    pub vtysh_conf: String,
}

impl Files {
    /// The folder that FRR reads them from.
    pub const FOLDER: &str = "/etc/frr";

    /// The program and its arguments that make a running FRR take a changed `frr.conf`, line by line.
    pub const RELOAD: [&str; 3] = ["/usr/lib/frr/frr-reload.py", "--reload", "/etc/frr/frr.conf"];

    /// Each file's name within `/etc/frr`, and its text.
    pub fn entries(&self) -> [(&'static str, &str); 3] {
        [("daemons", &self.daemons), ("frr.conf", &self.frr_conf), ("vtysh.conf", &self.vtysh_conf)]
    }
}

/// Names only: the text may hold a password.
impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.entries().map(|(name, _)| name)).finish()
    }
}

impl Config {
    /// The text of every file. The same instance always gives the same text, however its lists were ordered.
    ///
    /// # Errors
    /// [`RenderError`] if a template does not fit the model, which is a defect of this crate.
    ///
    /// ```
    /// use frrconf::model::{Instance, StaticRoute};
    /// use frrconf::values::Hostname;
    ///
    /// let mut instance = Instance::new(Hostname::new("frr1")?);
    /// instance.static_routes.push(StaticRoute::new("10.0.1.0/24".parse()?, "10.0.2.2".parse()?)?);
    /// let files = instance.validate()?.files()?;
    /// assert!(files.frr_conf.contains("\nip route 10.0.1.0/24 10.0.2.2\n"));
    /// assert_eq!(files.entries().map(|(name, _)| name), ["daemons", "frr.conf", "vtysh.conf"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn files(&self) -> Result<Files, RenderError> {
        let context = context::of(self.instance())?;
        let mut frr_conf = String::new();
        for concern in CONCERNS {
            let text = engine::render(concern, &context)?;
            if text.is_empty() {
                continue;
            }
            frr_conf.push_str(&text);
            frr_conf.push_str("!\n");
        }
        frr_conf.push_str("end\n");
        Ok(Files {
            frr_conf,
            daemons: engine::render("daemons", &context)?,
            vtysh_conf: engine::render("vtysh", &context)?,
        })
    }
}
