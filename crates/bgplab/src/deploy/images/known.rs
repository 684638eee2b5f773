//! The ids by which Kubernetes knows the images of a node.
//!
//! A container's status names its image by the digest of the image's configuration, and a node's list of images by the
//! digest of what leads there: a manifest, or an index of manifests for several platforms (OCI image specification).

use std::collections::{BTreeMap, BTreeSet};

use netlab::{Docker, Engine};
use serde::Deserialize;
use serde_json::{Deserializer, Value};

use super::nodes;
use crate::failure::Failure;

/// The images of a node by their names, each with every digest that may stand for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::deploy) struct Known(BTreeMap<String, BTreeSet<String>>);

/// The next documents to which a document of an image leads.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Document {
    config: Option<Descriptor>,
    manifests: Vec<Descriptor>,
}

#[derive(Debug, Deserialize)]
struct Descriptor {
    digest: String,
}

impl Known {
    /// Reads those of a node.
    ///
    /// # Errors
    /// A node that does not list its images.
    pub(in crate::deploy) async fn of(docker: &Docker, node: &str, images: &BTreeSet<&str>) -> Result<Self, Failure> {
        let names: BTreeSet<String> = images.iter().map(|image| nodes::full(image)).collect();
        let mut there = nodes::digests(docker, node).await?;
        there.retain(|name, _| names.contains(name));
        let mut known = Self(there.into_iter().map(|(name, digest)| (name, [digest].into())).collect());
        // From an index to its manifests, and from these to their configurations.
        for _ in 0..2 {
            let digests: BTreeSet<&str> = known.0.values().flatten().map(String::as_str).collect();
            let read = docker.exec(node, &["sh", "-c", &script(&digests)]).await?;
            known.follow(&read.stdout);
        }
        Ok(known)
    }

    /// Adds what these documents lead to, each after the digest that it has.
    fn follow(&mut self, printed: &str) {
        let mut values = Deserializer::from_str(printed).into_iter::<Value>().map_while(Result::ok);
        while let Some(digest) = values.next() {
            let Some(document) = values.next() else { return };
            let (Some(digest), Ok(document)) = (digest.as_str(), serde_json::from_value::<Document>(document)) else {
                continue;
            };
            let leads_to = document.config.into_iter().chain(document.manifests).map(|to| to.digest);
            let leads_to: Vec<String> = leads_to.collect();
            for own in self.0.values_mut().filter(|own| own.contains(digest)) {
                own.extend(leads_to.iter().cloned());
            }
        }
    }

    /// `true` if the name of an image belongs to another image than the one of this id, as Kubernetes writes it:
    /// `sha256:…`, or `NAME@sha256:…`.
    pub(in crate::deploy) fn have_other(&self, name: &str, id: &str) -> bool {
        let digest = id.rsplit('@').next().unwrap_or(id);
        self.0.get(&nodes::full(name)).is_some_and(|own| !own.contains(digest))
    }
}

/// Prints documents of the node's content, each after its digest. Those of other platforms are not there, and a
/// configuration leads nowhere.
fn script(digests: &BTreeSet<&str>) -> String {
    let all = Vec::from_iter(digests.iter().copied()).join(" ");
    format!(
        "for d in {all}; do t=$(ctr -n k8s.io content get $d 2>/dev/null) && printf '\"%s\"\\n%s\\n' $d \"$t\"; done"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str, digest: &str) -> Known {
        Known([(name.to_owned(), [digest.to_owned()].into())].into())
    }

    #[test]
    fn an_index_leads_to_the_configurations_of_its_manifests() {
        let mut known = known("quay.io/a/b:dev", "sha256:1");
        let index = r#""sha256:1" {"manifests": [{"digest": "sha256:2", "platform": {}}, {"digest": "sha256:3"}]}"#;
        let manifest = r#""sha256:2"
            {"config": {"digest": "sha256:4"}, "layers": [{"digest": "sha256:5"}]}"#;
        known.follow(index);
        known.follow(&format!("{index}\n{manifest}\n"));
        for id in ["sha256:4", "sha256:2", "quay.io/a/b@sha256:1", "quay.io/a/b@sha256:3"] {
            assert!(!known.have_other("quay.io/a/b:dev", id), "{id}");
        }
        assert!(known.have_other("quay.io/a/b:dev", "sha256:5"), "a layer is no image");
        assert!(!known.have_other("quay.io/a/c:dev", "sha256:5"), "of another image nothing is known");
    }

    #[test]
    fn what_cannot_be_read_leads_nowhere() {
        let mut all = known("docker.io/library/frr:1", "sha256:1");
        all.follow("\"sha256:1\" {\"config\": 7} \"sha256:1\" not JSON");
        assert_eq!(all, known("docker.io/library/frr:1", "sha256:1"));
        assert!(!all.have_other("frr:1", "sha256:1") && all.have_other("frr:1", "sha256:2"));
    }
}
