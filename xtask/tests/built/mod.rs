//! A developer's loop: images of MetalLB that were built here, and built anew.

use std::process::Command;

use serde_json::Value;

use crate::support::{TestLab, docker};

/// Images of MetalLB under a tag of a developer's own, which is taken away when dropped.
pub(crate) struct Built;

impl Built {
    pub(crate) const OPTION: [&str; 2] = ["--metallb-images", "xup-dev"];
    const IMAGES: [&str; 2] = ["quay.io/metallb/controller", "quay.io/metallb/speaker"];

    pub(crate) fn new() -> Self {
        Self::IMAGES.iter().for_each(|image| drop(docker(&["tag", &format!("{image}:v0.15.2"), &Self::name(image)])));
        Self
    }

    fn name(image: &str) -> String {
        format!("{image}:{}", Self::OPTION[1])
    }

    /// Makes the speaker's image anew, under the same name.
    fn speaker(&self) {
        let name = Self::name(Self::IMAGES[1]);
        let container = docker(&["create", &name, "none"]);
        docker(&["commit", "--change", "LABEL anew=yes", container.trim(), &name]);
        docker(&["rm", container.trim()]);
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        let names = Self::IMAGES.map(Self::name);
        // Where making them failed, that is what the test tells.
        let _ = Command::new("docker").arg("rmi").args(names).output();
    }
}

/// The pods of what was built anew are replaced, and no others.
pub(crate) fn what_is_built_anew_is_reloaded(lab: &TestLab, built: &Built, up: &[&str]) {
    built.speaker();
    let reload = [up, &["--reload"]].concat();
    let reloaded = lab.json(&reload);
    let pods: Vec<&str> =
        reloaded["deployed"]["reloaded"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(pods.len() == 3 && pods.iter().all(|pod| pod.starts_with("speaker-")), "{reloaded}");
    assert_eq!((&reloaded["passed"], &reloaded["deployed"]["changed"]), (&true.into(), &0.into()), "{reloaded}");
    let again = lab.json(&reload);
    assert_eq!((&again["passed"], &again["unchanged"]), (&true.into(), &true.into()), "{again}");
    let absent = [&up[..up.len() - 1], &["no-such"]].concat();
    lab.run(&absent).refused(3, &["quay.io/metallb/speaker:no-such", "inv build"]);
}
