//! Two Docker networks with a router between them, without any orchestration.
//!
//! Brings the lab up, sends packets from one side to the other over both address families, shows what a second plan
//! says, and removes everything. Takes the image as its argument; it needs `sh`, `sleep`, `ip` and `ping`.
//!
//! ```text
//! cargo run -p netlab --example two_networks -- quay.io/frrouting/frr:9.1.0
//! ```
#![allow(clippy::print_stdout, reason = "an example shows its results")]

use std::error::Error;
use std::time::Duration;

use netlab::{
    Capability, ContainerSpec, Docker, Endpoint, Engine, Event, Lab, LabSpec, Name, NetworkSpec, Route, apply, observe,
    plan, teardown,
};
use settle::{Verdict, Wait};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let image = std::env::args().nth(1).unwrap_or_else(|| "quay.io/frrouting/frr:9.1.0".to_owned());
    let lab = lab(&image)?;
    let docker = Docker::connect().await?;
    println!("engine: {}", docker.host());

    let result = show(&docker, &lab).await;
    println!("\nremoving:\n{}", teardown(&docker, lab.name()).await?);
    result
}

async fn show(docker: &Docker, lab: &Lab) -> Result<()> {
    let first = plan(lab, &observe(docker, lab).await?)?;
    println!("\nplan:\n{first}\n");
    apply(docker, &first, &|event: &Event<'_>| {
        if let Event::Done { name, elapsed, .. } = event {
            println!("{:>5} ms {name}", elapsed.as_millis());
        }
    })
    .await?;

    println!();
    for target in ["10.77.201.3", "fd77:201::3"] {
        // A router forwards IPv6 once duplicate address detection of the link-local addresses is done.
        let wait = Wait::new(format!("answer of {target}"), Duration::from_secs(10));
        let ping = async || match docker.exec("netlab-example-left", &["ping", "-c", "1", "-W", "1", target]).await {
            Ok(output) if output.code == 0 => {
                Verdict::Ready(output.stdout.lines().nth(1).unwrap_or_default().to_owned())
            }
            Ok(output) => Verdict::NotYet(output.stdout),
            Err(error) => Verdict::Failed(error),
        };
        println!("left to {target}: {}", wait.poll(ping).await?);
    }
    println!("\nsecond plan: {}", plan(lab, &observe(docker, lab).await?)?);
    Ok(())
}

fn lab(image: &str) -> Result<Lab> {
    let (near, far) = (Name::new("netlab-example-near")?, Name::new("netlab-example-far")?);
    let network = |name: &Name, ipv4: &str, ipv6: &str| -> Result<NetworkSpec> {
        Ok(NetworkSpec { ipv6: Some(ipv6.parse()?), ..NetworkSpec::new(name.clone(), ipv4.parse()?) })
    };
    let endpoint = |network: &Name, ipv4: &str, ipv6: &str| -> Result<Endpoint> {
        Ok(Endpoint { network: network.clone(), ipv4: Some(ipv4.parse()?), ipv6: Some(ipv6.parse()?) })
    };
    let container = |name: &str, endpoints: Vec<Endpoint>, routes: Vec<Route>| -> Result<ContainerSpec> {
        Ok(ContainerSpec {
            command: Some(vec!["sleep".to_owned(), "infinity".to_owned()]),
            entrypoint: Some(Vec::new()),
            capabilities: [Capability::NetAdmin, Capability::NetRaw].into(),
            routes,
            ..ContainerSpec::new(Name::new(name)?, image, endpoints)
        })
    };
    let route = |ipv4: &str, via: &str| -> Result<Route> { Ok(Route::v4(ipv4.parse()?, [via.parse()?])) };
    let route6 = |ipv6: &str, via: &str| -> Result<Route> { Ok(Route::v6(ipv6.parse()?, [via.parse()?])) };

    let router = ContainerSpec {
        forwarding: true,
        role: "router".to_owned(),
        ..container(
            "netlab-example-router",
            vec![endpoint(&near, "10.77.200.2", "fd77:200::2")?, endpoint(&far, "10.77.201.2", "fd77:201::2")?],
            Vec::new(),
        )?
    };
    let left = container(
        "netlab-example-left",
        vec![endpoint(&near, "10.77.200.3", "fd77:200::3")?],
        vec![route("10.77.201.0/24", "10.77.200.2")?, route6("fd77:201::/64", "fd77:200::2")?],
    )?;
    let right = container(
        "netlab-example-right",
        vec![endpoint(&far, "10.77.201.3", "fd77:201::3")?],
        vec![route("10.77.200.0/24", "10.77.201.2")?, route6("fd77:200::/64", "fd77:201::2")?],
    )?;
    Ok(Lab::try_from(LabSpec {
        name: Name::new("netlab-example")?,
        networks: vec![
            network(&near, "10.77.200.0/24", "fd77:200::/64")?,
            network(&far, "10.77.201.0/24", "fd77:201::/64")?,
        ],
        containers: vec![router, left, right],
        guests: Vec::new(),
    })?)
}
