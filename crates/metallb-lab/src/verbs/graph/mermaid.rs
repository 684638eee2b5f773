//! The picture as a Mermaid flow chart.

use std::fmt::Write;

use super::picture::{Band, Card, End, Picture};

/// The chart's text.
pub(super) fn draw(picture: &Picture) -> String {
    let mut text = String::from("flowchart LR\n");
    for (index, band) in picture.bands.iter().enumerate() {
        let _ = writeln!(text, "  subgraph n{index}[\"{}\"]", title(band));
        if index == 0 {
            let cluster = &picture.cluster;
            let _ = writeln!(text, "    subgraph cluster[\"{}<br/>{}\"]", cluster.title, cluster.subtitle);
            for (node, card) in cluster.nodes.iter().enumerate() {
                let _ = writeln!(text, "      k{node}[\"{}\"]", words(card));
            }
            if let Some(prefixes) = &cluster.advertises {
                let _ = writeln!(text, "      vip([\"{prefixes}\"])");
            }
            text.push_str("    end\n");
        }
        for (at, card) in
            picture.cards.iter().enumerate().filter(|(_, card)| card.at.len() == 1 && card.at[0].0 == index)
        {
            let _ = writeln!(text, "    r{at}[\"{}\"]", words(card));
        }
        text.push_str("  end\n");
    }
    for (at, card) in picture.cards.iter().enumerate().filter(|(_, card)| card.at.len() > 1) {
        let _ = writeln!(text, "  r{at}{{{{\"{}\"}}}}", words(card));
        for (band, addresses) in &card.at {
            let _ = writeln!(text, "  n{band} ---|\"{}\"| r{at}", addresses.join("<br/>"));
        }
    }
    for edge in &picture.edges {
        let label =
            if edge.label.is_empty() { edge.detail.clone() } else { format!("{}<br/>{}", edge.label, edge.detail) };
        let (from, arrow) = match edge.from {
            End::Cluster => ("cluster".to_owned(), "<==>"),
            End::Card(index) => (format!("r{index}"), "<-.->"),
        };
        let _ = writeln!(text, "  {from} {arrow}|\"{label}\"| r{}", edge.to);
    }
    text
}

fn title(band: &Band) -> String {
    format!("network {}<br/>{}", band.name, band.subnets.join("<br/>"))
}

fn words(card: &Card) -> String {
    let own = if card.at.len() == 1 { card.at[0].1.as_slice() } else { &[] };
    [&card.title, &card.subtitle].into_iter().chain(own).cloned().collect::<Vec<_>>().join("<br/>")
}
