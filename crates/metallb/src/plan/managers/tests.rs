use serde_json::json;

use super::*;

fn object(data: Value, managed: &Value) -> Object {
    let mut object = Object { data, ..Object::new("metallb.io/v1beta2", "BGPPeer", "frr1") };
    object.metadata.managed_fields = serde_json::from_value(managed.clone()).unwrap();
    object
}

fn entry(manager: &str, operation: &str, fields: &Value) -> Value {
    json!({"manager": manager, "operation": operation, "fieldsType": "FieldsV1", "fieldsV1": fields})
}

/// The data of [`without_others`]; none without a foreign field.
fn stripped(has: Value, wanted: Value, managed: &Value) -> Option<Value> {
    without_others(&object(has, managed), &object(wanted, &json!([]))).map(|object| object.data)
}

#[test]
fn an_added_field_is_removed_and_a_default_stays() {
    let ours = entry(FIELD_MANAGER, "Apply", &json!({"f:spec": {"f:myASN": {}}}));
    let theirs = entry("kubectl-patch", "Update", &json!({"f:spec": {"f:nodeSelectors": {}}}));
    let has = json!({"spec": {"myASN": 64500, "peerPort": 179, "nodeSelectors": [{}]}, "status": {"a": 1}});
    let wanted = json!({"spec": {"myASN": 64500}});
    let managed = json!([ours, theirs]);
    let left = json!({"spec": {"myASN": 64500, "peerPort": 179}, "status": {"a": 1}});
    assert_eq!(stripped(has.clone(), wanted.clone(), &managed), Some(left));
    assert_eq!(stripped(has, wanted, &json!([ours])), None);
}

#[test]
fn a_field_below_one_of_ours_is_removed() {
    let theirs = entry("x", "Update", &json!({"f:data": {"f:username": {}}}));
    let (has, wanted) = (json!({"data": {"password": "a", "username": "b"}}), json!({"data": {"password": "a"}}));
    assert_eq!(stripped(has, wanted.clone(), &json!([theirs])), Some(wanted));
}

#[test]
fn an_added_item_of_an_associative_list_is_removed() {
    let ours =
        entry(FIELD_MANAGER, "Apply", &json!({"f:spec": {"f:ports": {r#"k:{"port":80,"protocol":"TCP"}"#: {}}}}));
    let added = json!({".": {}, "f:port": {}, "f:protocol": {}});
    let node_port = json!({"f:nodePort": {}});
    let ports = json!({r#"k:{"port":443,"protocol":"TCP"}"#: added, r#"k:{"port":80,"protocol":"TCP"}"#: node_port});
    let theirs = entry("x", "Update", &json!({"f:spec": {"f:ports": ports}}));
    let has = json!({"spec": {"ports": [
        {"port": 80, "protocol": "TCP", "nodePort": 30080}, {"port": 443, "protocol": "TCP", "nodePort": 30443}]}});
    let wanted = json!({"spec": {"ports": [{"port": 80}]}});
    let left = json!({"spec": {"ports": [{"port": 80, "protocol": "TCP"}]}});
    assert_eq!(stripped(has, wanted, &json!([ours, theirs])), Some(left));
}

#[test]
fn an_added_value_of_a_set_is_removed() {
    let theirs = entry("x", "Update", &json!({"f:spec": {"f:classes": {r#"v:"b""#: {}}}}));
    let (has, wanted) = (json!({"spec": {"classes": ["a", "b", "c"]}}), json!({"spec": {"classes": ["a"]}}));
    assert_eq!(stripped(has, wanted, &json!([theirs])), Some(json!({"spec": {"classes": ["a", "c"]}})));
}

#[test]
fn a_restart_by_kubectl_is_not_undone() {
    let key = "kubectl.kubernetes.io/restartedAt";
    let annotations = json!({".": {}, format!("f:{key}"): {}});
    let theirs = entry("kubectl-rollout", "Update", &json!({"f:spec": {"f:annotations": annotations}}));
    let (has, wanted) =
        (json!({"spec": {"annotations": {key: "now", "a": "b"}}}), json!({"spec": {"annotations": {"a": "b"}}}));
    assert_eq!(stripped(has, wanted, &json!([theirs])), None);
}

#[test]
fn a_field_that_only_we_updated_is_left_where_defaults_are_not_known() {
    let update = entry(FIELD_MANAGER, "Update", &json!({"f:spec": {"f:peerPort": {}}}));
    let has = object(json!({"spec": {"peerPort": 179}}), &json!([update]));
    let wanted = object(json!({"spec": {}}), &json!([]));
    assert!(without_others(&has, &wanted).is_some());
    assert_eq!(without(&has, &wanted, &Managers::of_others(&has.metadata)), None);
}

#[test]
fn managers_are_named_once_and_without_us() {
    let fields = json!({"f:spec": {"f:peers": {}}});
    let entries = [("b", "Update"), ("a", "Apply"), ("b", "Apply"), (FIELD_MANAGER, "Update")];
    let mut managed = entries.map(|(manager, operation)| entry(manager, operation, &fields));
    for (entry, day) in managed.iter_mut().zip([3, 2, 1, 4]) {
        entry["time"] = json!(format!("2026-01-0{day}T08:00:00Z"));
    }
    let object = object(json!({}), &json!(managed));
    let managers = Managers::of(&object.metadata).field("spec");
    assert_eq!(managers.field("peers").names().as_deref(), Some("a, b"));
    assert_eq!(managers.last().as_deref(), Some("2026-01-03T08:00:00Z"));
    assert_eq!(managers.field("communities").names(), None);
    assert_eq!(managers.field("communities").last(), None);
}
