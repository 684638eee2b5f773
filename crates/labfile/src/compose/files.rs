//! Every generated file of a lab, without making anything.

use camino::Utf8PathBuf;
use metallb::plan::Phase;

use super::{ComposeError, installation, kind_config, router, speaker};
use crate::{Install, Lab, Provider};

/// Returns every generated file by its path below the output folder: FRR's per router and standalone node, kind's
/// configuration, MetalLB's resources.
///
/// Nodes whose addresses Docker chooses are taken to have the first free ones.
///
/// # Errors
/// [`ComposeError`], which a checked lab does not cause.
pub fn files(lab: &Lab) -> Result<Vec<(Utf8PathBuf, String)>, ComposeError> {
    let mut files = Vec::new();
    let nodes = &lab.cluster.placement;
    for own in &lab.routers {
        frr(&mut files, own.name.as_str(), &router(lab, own, nodes)?)?;
    }
    match lab.cluster.provider {
        Provider::Standalone { .. } => {
            for node in nodes {
                frr(&mut files, &node.name, &speaker(lab, node)?)?;
            }
            return Ok(files);
        }
        Provider::Kind => files.push(("kind.yaml".into(), kind_config(lab)?)),
        Provider::Existing { .. } => {}
    }
    files.push(("metallb.yaml".into(), resources(lab)?));
    Ok(files)
}

fn frr(files: &mut Vec<(Utf8PathBuf, String)>, name: &str, config: &frrconf::Config) -> Result<(), ComposeError> {
    let texts = config.files()?;
    files.extend(texts.entries().map(|(file, text)| (Utf8PathBuf::from(name).join(file), text.to_owned())));
    Ok(())
}

/// Returns the resources that are applied to the cluster beside the operator, in the order in which each finds what it refers to.
fn resources(lab: &Lab) -> Result<String, ComposeError> {
    let direct = matches!(lab.metallb.install, Install::Direct(_));
    let wanted = installation(lab, metallb::Source::OperatorInstalled)?.wanted()?;
    let mut text = String::new();
    // Without an operator nothing reads a MetalLB resource.
    for wanted in wanted.iter().filter(|wanted| !(direct && wanted.phase == Phase::MetalLb)) {
        text.push_str(if text.is_empty() { "" } else { "---\n" });
        text.push_str(&serde_saphyr::to_string(&wanted.object)?);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{ProviderName, tests};

    /// Golden files of every lab, each way; `engine_render` shows the same texts to the real FRR.
    #[rstest]
    fn every_lab_is_rendered(#[values(ProviderName::Kind, ProviderName::Standalone)] provider: ProviderName) {
        for file in tests::all() {
            let mut lab = tests::lab(&file, provider);
            // A hundred alike show no more than two.
            let many = |name: &crate::Name| name.as_str().starts_with('r') && !["r1", "r2"].contains(&name.as_str());
            lab.peers.retain(|peer| !many(&peer.router));
            lab.routers.retain(|router| !many(&router.name));
            let mut text = String::new();
            for (path, file) in files(&lab).unwrap() {
                // The same everywhere.
                if !path.ends_with("vtysh.conf") {
                    text.push_str(&format!("=== {path}\n{file}\n"));
                }
            }
            let name = format!("{}-{provider:?}", file.file_stem().unwrap()).to_lowercase();
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(name, text);
            });
        }
    }

    #[test]
    fn an_existing_cluster_gets_no_kind_configuration() {
        let lab = tests::lab(&tests::all()[0], ProviderName::Existing);
        let paths: Vec<_> = files(&lab).unwrap().into_iter().map(|(path, _)| path).collect();
        assert!(!paths.iter().any(|path| path == "kind.yaml"), "{paths:?}");
        assert!(paths.iter().any(|path| path == "metallb.yaml"), "{paths:?}");
    }
}
