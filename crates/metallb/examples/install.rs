//! Installs MetalLB from a manifest on the cluster of a kubeconfig, and waits for it.
//!
//! `cargo run -p metallb --example install -- KUBECONFIG MANIFEST [BACKEND]`

use std::error::Error;
use std::path::Path;

use metallb::spec::Backend;
use metallb::{Bounds, Cluster, Installation, Manifest, Source};

#[tokio::main]
#[allow(clippy::print_stdout, reason = "an example shows what it did")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let kubeconfig = arguments.next().ok_or("usage: install KUBECONFIG MANIFEST [BACKEND]")?;
    let manifest = Manifest::parse(&std::fs::read_to_string(arguments.next().ok_or("no manifest given")?)?)?;
    let asked = arguments.next().map(|text| text.parse::<Backend>()).transpose()?;
    let backend = asked.or(manifest.backend()).unwrap_or(Backend::Frr);

    let cluster = Cluster::connect(Path::new(&kubeconfig), None).await?;
    let installation = Installation::new("example".parse()?, backend, Source::Manifest(manifest));
    let report = cluster.deploy(&installation, Bounds::default(), &()).await?;
    println!("{} objects changed; MetalLB speaks BGP on:", report.changed);
    for speaker in cluster.speakers(&installation.namespace).await? {
        println!("  {} ({})", speaker.node, speaker.name);
    }
    Ok(())
}
