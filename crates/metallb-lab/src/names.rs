//! Options whose values the libraries name.
//!
//! Options of every verb say no more of their values than the names: help would repeat it at each verb.

use bgplab::failover::Scenario;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use serde::de::value::Error;
use serde::de::{DeserializeOwned, IntoDeserializer};

/// The providers of the nodes.
pub(crate) const PROVIDERS: [&str; 3] = ["kind", "standalone", "existing"];
/// The programs that speak BGP on the nodes.
pub(crate) const BACKENDS: [&str; 3] = ["frr", "frr-k8s", "native"];
/// The modes of kube-proxy.
pub(crate) const KUBE_PROXY: [&str; 3] = ["iptables", "nftables", "ipvs"];
/// The ways in which the operator, or MetalLB without one, is installed.
pub(crate) const METHODS: [&str; 3] = ["make", "manifest", "direct"];

/// Returns a parser that takes these names, and reads them as the library does.
pub(crate) fn named<T>(names: impl IntoIterator<Item = impl Into<PossibleValue>>) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(names).try_map(|name| T::deserialize(IntoDeserializer::<Error>::into_deserializer(name)))
}

/// Returns a parser of the scenarios.
pub(crate) fn scenarios() -> impl TypedValueParser<Value = Scenario> {
    named(Scenario::ALL.map(|scenario| PossibleValue::new(scenario.word()).help(scenario.about())))
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command};
    use labfile::{Backend, KubeProxy, Method, ProviderName};

    use super::*;

    fn typed<T: Clone + Send + Sync + 'static>(parser: impl TypedValueParser<Value = T>, word: &str) -> Option<T> {
        let command = Command::new("test").arg(Arg::new("name").value_parser(parser));
        command.try_get_matches_from(["test", word]).ok()?.get_one("name").cloned()
    }

    #[test]
    fn every_name_is_known_to_its_library() {
        assert!(PROVIDERS.iter().all(|word| typed(named::<ProviderName>(PROVIDERS), word).is_some()));
        assert!(BACKENDS.iter().all(|word| typed(named::<Backend>(BACKENDS), word).is_some()));
        assert!(KUBE_PROXY.iter().all(|word| typed(named::<KubeProxy>(KUBE_PROXY), word).is_some()));
        assert!(METHODS.iter().all(|word| typed(named::<Method>(METHODS), word).is_some()));
        assert!(Scenario::ALL.iter().all(|scenario| typed(scenarios(), scenario.word()) == Some(*scenario)));
        assert_eq!(typed(scenarios(), "other"), None);
    }
}
