//! Objects of others that MetalLB does not take beside ours: its webhooks refuse whichever comes second.

use std::net::IpAddr;

use serde_json::Value;

use super::conflict::ranges;
use super::{Change, Plan, Wanted};
use crate::Error;
use crate::collision::{Clash, Collision};
use crate::object::{Object, ObjectRef};
use crate::spec::Backend;

impl Plan {
    /// Refuses a plan with a step that MetalLB's webhooks will refuse for an object of somebody else.
    ///
    /// # Errors
    /// [`Error::Collides`] for each such object, all of them at once ([`Error::Several`]).
    pub fn refuse_collisions(&self) -> Result<(), Error> {
        let changes = |kind: &str| self.steps.iter().any(|s| s.object.kind == kind && s.change != Change::Delete);
        let in_the_way = self.collisions.iter().filter(|collision| changes(&collision.with.kind));
        let mut errors: Vec<Error> = in_the_way.cloned().map(|one| Error::Collides(Box::new(one))).collect();
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(Error::Several(errors)),
        }
    }
}

/// Finds the objects among those of others that collide with wanted ones: each by the first clash, and only clashes that
/// the backend knows.
pub fn collisions(wanted: &[Wanted], others: &[Object], backend: Backend) -> Vec<Collision> {
    let wanted: Vec<(&Object, ObjectRef)> = wanted.iter().map(|w| (&w.object, ObjectRef::of(&w.object))).collect();
    let found = others.iter().filter_map(|other| {
        let object = ObjectRef::of(other);
        let of_kind = wanted.iter().filter(|(_, own)| own.kind == object.kind);
        of_kind.into_iter().find_map(|(own, with)| {
            let clash = match object.kind.as_str() {
                "BGPPeer" if backend != Backend::Native => of_peers(other, own)?,
                "IPAddressPool" => of_pools(other, own)?,
                _ => return None,
            };
            Some(Collision { object: object.clone(), with: with.clone(), clash })
        })
    });
    found.collect()
}

fn of_peers(other: &Object, own: &Object) -> Option<Clash> {
    let field = |object: &Object, name: &str| object.data.pointer(&format!("/spec/{name}")).cloned();
    let vrf = |object: &Object| field(object, "vrf").filter(|vrf| vrf != "");
    if vrf(other) != vrf(own) {
        return None;
    }
    let address = |object: &Object| field(object, "peerAddress")?.as_str()?.parse::<IpAddr>().ok();
    if let Some(same) = address(other).filter(|same| address(own) == Some(*same)) {
        return Some(Clash::PeerAddress(same));
    }
    let asn = |object: &Object| field(object, "myASN").as_ref().and_then(Value::as_u64);
    let (theirs, ours) = (asn(other)?, asn(own)?);
    (theirs != ours).then_some(Clash::MyAsn { theirs, ours })
}

fn of_pools(other: &Object, own: &Object) -> Option<Clash> {
    let (theirs, ours) = (ranges(other), ranges(own));
    let mut pairs = theirs.iter().flat_map(|theirs| ours.iter().map(move |ours| (theirs, ours)));
    let (theirs, ours) = pairs.find(|(theirs, ours)| theirs.overlaps(ours))?;
    Some(Clash::Ranges(theirs.to_string(), ours.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Ownership, Phase};
    use crate::value::Name;
    use serde_json::json;

    fn object(kind: &str, name: &str, spec: Value) -> Object {
        let mut object = Object::new("metallb.io/v1beta2", kind, name);
        object.metadata.namespace = Some("metallb-system".to_owned());
        object.data = json!({ "spec": spec });
        object
    }

    fn of(own: Object, other: Object, backend: Backend) -> Vec<String> {
        let wanted = Wanted::new(own, Phase::Configuration, Ownership::Ours, &Name::new("doc").unwrap());
        collisions(&[wanted], &[other], backend).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn peers_that_no_webhook_takes_together() {
        let own = || object("BGPPeer", "peer", json!({"peerAddress": "10.0.2.3", "myASN": 64500}));
        let other = |spec| object("BGPPeer", "other", spec);
        let clashing = [
            (
                json!({"peerAddress": "10.0.1.6", "myASN": 64999}),
                "has myASN 64999, and BGPPeer metallb-system/peer has 64500",
            ),
            (
                json!({"peerAddress": "10.0.2.3", "myASN": 64500}),
                "leads to 10.0.2.3, as BGPPeer metallb-system/peer does",
            ),
        ];
        for (spec, words) in clashing {
            let found = of(own(), other(spec.clone()), Backend::Frr);
            assert!(found.len() == 1 && found[0].contains(words), "{found:?}");
            assert!(found[0].starts_with("BGPPeer metallb-system/other of somebody else"), "{found:?}");
            assert_eq!(of(own(), other(spec), Backend::Native), [""; 0]);
        }
        for harmless in [
            json!({"peerAddress": "10.0.1.6", "myASN": 64500}),
            json!({"peerAddress": "10.0.1.6", "myASN": 64999, "vrf": "red"}),
        ] {
            assert_eq!(of(own(), other(harmless), Backend::Frr), [""; 0]);
        }
    }

    #[test]
    fn pools_that_overlap() {
        let pool = |name: &str, range: &str| object("IPAddressPool", name, json!({"addresses": [range]}));
        let found = of(pool("own", "203.0.113.200/32"), pool("other", "203.0.113.0/24"), Backend::Native);
        assert!(found[0].contains("has 203.0.113.0/24, and IPAddressPool metallb-system/own has 203.0.113.200/32"));
        assert_eq!(of(pool("own", "203.0.113.200/32"), pool("other", "198.51.100.0/24"), Backend::Frr), [""; 0]);
    }

    #[test]
    fn only_what_is_changed_is_refused() {
        let (own, other) = (object("BGPPeer", "peer", json!({})), object("BGPPeer", "other", json!({})));
        let (object, with) = (ObjectRef::of(&other), ObjectRef::of(&own));
        let clash = Clash::MyAsn { theirs: 64999, ours: 64500 };
        let collisions = vec![Collision { object, with: with.clone(), clash }];
        let mut plan = Plan { collisions, ..Plan::default() };
        assert!(plan.refuse_collisions().is_ok());
        plan.steps.push(crate::plan::Step::new(Phase::Configuration, with, Change::Create));
        let error = plan.refuse_collisions().unwrap_err().to_string();
        assert!(
            error.ends_with("kubectl -n metallb-system delete bgppeer other, or set its myASN to 64500"),
            "{error}"
        );
    }
}
