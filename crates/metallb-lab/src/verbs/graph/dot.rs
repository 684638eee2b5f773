//! The picture for Graphviz.

use std::fmt::Write;

use super::picture::{Card, End, Picture};

/// The graph's text.
pub(super) fn draw(picture: &Picture) -> String {
    let mut text = format!(
        "graph \"{}\" {{\n  rankdir=LR; compound=true; ranksep=2.4; nodesep=0.3;\n  \
         node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"Helvetica\", fontsize=11];\n  \
         edge [fontname=\"Helvetica\", fontsize=9]; graph [fontname=\"Helvetica\", fontsize=12];\n",
        picture.title
    );
    for (index, band) in picture.bands.iter().enumerate() {
        let _ = writeln!(
            text,
            "  subgraph cluster_n{index} {{\n    label=\"network {}\\n{}\"; style=\"rounded,filled\"; fillcolor=\"{}\";",
            band.name,
            band.subnets.join("\\n"),
            if index == 0 { "#eef4fb" } else { "#f1f8ee" },
        );
        if index == 0 {
            let cluster = &picture.cluster;
            let _ =
                writeln!(text, "    subgraph cluster_k {{\n      label=\"{}\\n{}\";", cluster.title, cluster.subtitle);
            for (node, card) in cluster.nodes.iter().enumerate() {
                let _ = writeln!(text, "      k{node} [label=\"{}\"];", words(card));
            }
            text.push_str("    }\n");
        }
        for (at, card) in
            picture.cards.iter().enumerate().filter(|(_, card)| card.at.len() == 1 && card.at[0].0 == index)
        {
            let _ = writeln!(text, "    r{at} [label=\"{}\"];", words(card));
        }
        text.push_str("  }\n");
    }
    for (at, card) in picture.cards.iter().enumerate().filter(|(_, card)| card.at.len() > 1) {
        let _ = writeln!(text, "  r{at} [shape=octagon, label=\"{}\"];", words(card));
        for (band, addresses) in &card.at {
            // An edge needs a node inside the network that it leads to.
            let label = format!("label=\"{}\", color=gray", addresses.join("\\n"));
            if *band == 0 {
                let _ = writeln!(text, "  k0 -- r{at} [ltail=cluster_n0, {label}];");
            } else if let Some(inside) = first_on(picture, *band) {
                let _ = writeln!(text, "  r{at} -- {inside} [lhead=cluster_n{band}, {label}];");
            }
        }
    }
    for edge in &picture.edges {
        let (from, style) = match edge.from {
            End::Cluster => ("k0".to_owned(), "ltail=cluster_k, color=\"#2f6fb3\", penwidth=1.6"),
            End::Card(index) => (format!("r{index}"), "style=dashed, color=\"#3f8f3f\", constraint=false"),
        };
        let label = [&edge.label, &edge.detail].map(String::as_str).into_iter().filter(|text| !text.is_empty());
        let label = label.collect::<Vec<_>>().join("\\n");
        let _ = writeln!(text, "  {from} -- r{} [{style}, label=\"{label}\"];", edge.to);
    }
    text.push_str("}\n");
    text
}

fn first_on(picture: &Picture, band: usize) -> Option<String> {
    let on = |card: &Card| card.at.len() == 1 && card.at[0].0 == band;
    picture.cards.iter().position(on).map(|index| format!("r{index}"))
}

fn words(card: &Card) -> String {
    let own = if card.at.len() == 1 { card.at[0].1.as_slice() } else { &[] };
    [&card.title, &card.subtitle].into_iter().chain(own).cloned().collect::<Vec<_>>().join("\\n")
}
