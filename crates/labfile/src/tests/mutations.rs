//! Mutilated files: each is a lab whose configuration FRR's model takes, or an error with a place.

use metallb::Source;
use miette::Diagnostic;
use proptest::prelude::*;

use super::{
    super::{DOCUMENTED, Overrides, ProviderName},
    read,
};
use crate::compose;

/// Returns the pieces that a mutation puts into a file.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\\PC]{0,3}",
        "[0-9./:a-f]{1,6}",
        Just("\n".to_owned()),
        Just("[[peer]]\n".to_owned()),
        Just("kind".to_owned()),
        Just("\"10.0.1.250\"".to_owned()),
        Just("4294967296".to_owned()),
        Just("{n}".to_owned()),
    ]
}

/// Returns the documented file with some parts replaced.
fn mutilated() -> impl Strategy<Value = String> {
    let cut = (any::<prop::sample::Index>(), 0_usize..8, piece());
    prop::collection::vec(cut, 1..4).prop_map(|cuts| {
        let mut text: Vec<char> = DOCUMENTED.chars().collect();
        for (at, length, piece) in cuts {
            let at = at.index(text.len());
            let end = (at + length).min(text.len());
            text.splice(at..end, piece.chars());
        }
        text.into_iter().collect()
    })
}

/// Returns the documented file with values exchanged, so that most still have the right type.
fn shuffled() -> impl Strategy<Value = String> {
    let values: Vec<&str> = DOCUMENTED.split('"').skip(1).step_by(2).collect();
    let values = prop::sample::select(values);
    prop::collection::vec((any::<prop::sample::Index>(), values), 1..4).prop_map(|swaps| {
        let mut parts: Vec<&str> = DOCUMENTED.split('"').collect();
        for (at, value) in swaps {
            let at = at.index(parts.len() / 2) * 2 + 1;
            parts[at] = value;
        }
        parts.join("\"")
    })
}

fn judge(text: &str, provider: ProviderName) -> Result<(), TestCaseError> {
    let overrides = Overrides { provider: Some(provider), ..Overrides::default() };
    match read(text, &overrides) {
        Ok(lab) => {
            let nodes = &lab.cluster.placement;
            prop_assert!(compose::docker_lab(&lab, nodes).is_ok(), "{:?}", compose::docker_lab(&lab, nodes));
            prop_assert!(compose::kind_config(&lab).is_ok());
            let installation = compose::installation(&lab, Source::OperatorInstalled);
            prop_assert!(installation.is_ok(), "{installation:?}");
            let taken = installation.map(|installation| installation.configuration.check(installation.backend));
            prop_assert!(matches!(taken, Ok(Ok(()))), "{taken:?}");
            let expected = compose::expected(&lab, nodes);
            prop_assert!(expected.sessions.len() >= lab.peers.len());
        }
        Err(error) => {
            let related = error.related().into_iter().flatten().filter_map(Diagnostic::labels).flatten();
            let labels: Vec<_> = error.labels().into_iter().flatten().chain(related).collect();
            prop_assert!(!labels.is_empty(), "no place: {error}");
            for label in labels {
                prop_assert!(label.offset() + label.len() <= text.len(), "{error}: {label:?}");
            }
            prop_assert!(!error.to_string().is_empty());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_mutilated_file_is_a_lab_or_an_error_with_a_place(text in mutilated()) {
        judge(&text, ProviderName::Standalone)?;
    }

    #[test]
    fn a_file_with_exchanged_values_is_a_lab_or_an_error_with_a_place(text in shuffled()) {
        judge(&text, ProviderName::Standalone)?;
        judge(&text, ProviderName::Kind)?;
    }
}
