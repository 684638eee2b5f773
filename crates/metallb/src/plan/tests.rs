use super::*;
use proptest::prelude::*;
use serde_json::json;

fn lab() -> Name {
    Name::new("doc").unwrap()
}

fn pool(name: &str, addresses: &[String]) -> Object {
    let mut object = Object::new("metallb.io/v1beta1", "IPAddressPool", name);
    object.metadata.namespace = Some("metallb-system".into());
    object.data = json!({"spec": {"addresses": addresses}});
    own(&mut object, &lab());
    object
}

fn wanted(object: Object) -> Wanted {
    Wanted::new(object, Phase::Configuration, Ownership::Ours, &lab())
}

fn present(live: Object, would_be: Object) -> Observed {
    Observed::Present { live: Box::new(live), would_be: Box::new(would_be) }
}

#[test]
fn a_plan_prints_as_a_diff() {
    let old = pool("doc-example-bgp-adv", &["203.0.113.100/32".into()]);
    let new = pool("doc-example-bgp-adv", &["203.0.113.200/32".into(), "fd01::/128".into()]);
    let other = pool("other", &[]);
    let stale = ObjectRef::new("metallb.io/v1beta1", "BFDProfile", Some("metallb-system"), "old");
    let plan =
        plan(&[wanted(new.clone()), wanted(other)], &[present(old, new), Observed::Absent], &[stale], &lab()).unwrap();
    insta::assert_snapshot!(plan, @r#"
    - BFDProfile metallb-system/old
    ~ IPAddressPool metallb-system/doc-example-bgp-adv
        spec.addresses: ["203.0.113.100/32"] -> ["203.0.113.200/32","fd01::/128"]
    + IPAddressPool metallb-system/other
    "#);
}

#[test]
fn a_foreign_object_is_named_and_not_touched() {
    let mut live = pool("doc-example-bgp-adv", &[]);
    live.metadata.labels = None;
    let error = plan(&[wanted(pool("doc-example-bgp-adv", &[]))], &[present(live.clone(), live)], &[], &lab());
    assert!(error.unwrap_err().to_string().starts_with("IPAddressPool metallb-system/doc-example-bgp-adv exists"));
}

#[test]
fn another_labs_object_is_not_ours() {
    let mut live = pool("doc-example-bgp-adv", &[]);
    own(&mut live, &Name::new("other").unwrap());
    let error = plan(&[wanted(pool("doc-example-bgp-adv", &[]))], &[present(live.clone(), live)], &[], &lab());
    assert!(error.unwrap_err().to_string().contains("is not ours (it belongs to lab other)"));
}

#[test]
fn a_shared_object_is_changed_and_keeps_its_owner() {
    let mut live = pool("metallb-system", &[]);
    live.metadata.labels = Some([(crate::OWNER_LABEL.to_owned(), "Helm".to_owned())].into());
    let shared = Wanted { ownership: Ownership::Shared, ..wanted(pool("metallb-system", &["fd01::/128".into()])) };
    let over = shared.over(&live);
    assert_eq!((&over.metadata.labels, &over.data), (&live.metadata.labels, &shared.object.data));
    let ours = pool("metallb-system", &[]);
    assert_eq!(shared.over(&ours).metadata.labels, shared.object.metadata.labels);
}

#[test]
fn a_password_is_never_shown() {
    let secret = |password: &str| {
        let mut object = pool("bgp-password", &[]);
        (object.api_version, object.kind) = ("v1".into(), "Secret".into());
        object.data = json!({"data": {"password": password}});
        object
    };
    let plan = plan(&[wanted(secret("new"))], &[present(secret("old"), secret("new"))], &[], &lab()).unwrap();
    let text = format!("{plan}{}", serde_json::to_string(&plan).unwrap());
    assert!(text.contains("data.password") && !text.contains("\"new\"") && !text.contains("\"old\""));
}

proptest! {
    /// After an apply the live object is what the dry run said: the next plan is empty.
    #[test]
    fn the_second_plan_is_empty(
        pools in prop::collection::btree_map("[a-z]{1,8}", prop::collection::vec("[0-9a-f:]{2,9}/128", 0..3), 0..6),
        exists: Vec<bool>,
    ) {
        let pools: Vec<Object> = pools.iter().map(|(name, addresses)| pool(name, addresses)).collect();
        let wanted: Vec<Wanted> = pools.iter().cloned().map(wanted).collect();
        let before: Vec<Observed> = pools.iter().enumerate().map(|(i, new)| {
            let mut old = new.clone();
            old.data["spec"]["addresses"] = json!(["192.0.2.1/32"]);
            if exists.get(i).copied().unwrap_or_default() { present(old, new.clone()) } else { Observed::Absent }
        }).collect();
        prop_assert_eq!(plan(&wanted, &before, &[], &lab()).unwrap().steps.len(), pools.len());
        let after: Vec<Observed> = pools.into_iter().map(|new| {
            let mut live = new.clone();
            live.metadata.resource_version = Some("7".into());
            live.data["status"] = json!({"conditions": []});
            present(live, new)
        }).collect();
        prop_assert!(plan(&wanted, &after, &[], &lab()).unwrap().is_empty());
    }
}
