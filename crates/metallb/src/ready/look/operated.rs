//! MetalLB's parts as the operator that is there now deploys them.

use k8s_openapi::api::core::v1::PodTemplateSpec;
use kube::ResourceExt;
use settle::Verdict;

use super::{World, rollout};
use crate::Error;
use crate::manifest::OPERATOR;

/// The operator's variables that name an image, and the part that has it.
const PARTS: [(&str, &str); 2] = [("CONTROLLER_IMAGE", "controller"), ("SPEAKER_IMAGE", "speaker")];

/// Ready if the operator is rolled out, and each part has the image that the operator names for it.
pub(super) fn look(world: &World) -> Verdict<(), Error> {
    let named = match rollout::deployment(world, OPERATOR) {
        Verdict::Ready(()) => named(world),
        other => return other,
    };
    let differs = |(part, image): &(&str, String)| {
        let of = template(world, part)?;
        let containers = of.spec.iter().flat_map(|spec| &spec.containers);
        let has = containers.filter_map(|container| container.image.as_deref()).any(|has| has == image);
        (!has).then(|| format!("the operator has not given {part} its image {image} yet"))
    };
    Verdict::all_of(&named.iter().filter_map(differs).collect::<Vec<_>>())
}

/// The images that the operator names, by part.
fn named(world: &World) -> Vec<(&'static str, String)> {
    let operator = world.deployments.iter().flatten().find(|one| one.name_any() == OPERATOR);
    let template = operator.and_then(|one| one.spec.as_ref()).and_then(|spec| spec.template.spec.as_ref());
    let variables: Vec<_> = template
        .iter()
        .flat_map(|spec| &spec.containers)
        .flat_map(|container| container.env.iter().flatten())
        .collect();
    let image = |(variable, part): (&str, &'static str)| {
        let value = variables.iter().find(|one| one.name == variable)?.value.clone()?;
        (!value.is_empty()).then_some((part, value))
    };
    PARTS.into_iter().filter_map(image).collect()
}

/// The pods that a deployment or DaemonSet of a name makes.
fn template<'w>(world: &'w World, name: &str) -> Option<&'w PodTemplateSpec> {
    let deployment = world.deployments.iter().flatten().find(|one| one.name_any() == name);
    let set = world.daemon_sets.iter().flatten().find(|one| one.name_any() == name);
    let of_deployment = deployment.and_then(|one| one.spec.as_ref()).map(|spec| &spec.template);
    of_deployment.or_else(|| Some(&set?.spec.as_ref()?.template))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn world(operator: i64, named: &str, has: &str) -> World {
        let object = |name: &str, container: &Value| {
            let status =
                json!({"observedGeneration": operator, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1});
            let selector = json!({"matchLabels": {"app": name}});
            json!({"metadata": {"name": name, "generation": 2}, "status": status, "spec": {"selector": selector,
                "template": {"spec": {"containers": [container]}}}})
        };
        let env = json!([{"name": "SPEAKER_IMAGE", "value": named}, {"name": "CONTROLLER_IMAGE", "value": ""}]);
        let operator = object(OPERATOR, &json!({"name": "manager", "image": "o", "env": env}));
        let mut speaker = object("speaker", &json!({"name": "speaker", "image": has}));
        speaker["status"] = Value::Null;
        World {
            deployments: Some(vec![serde_json::from_value(operator).unwrap()]),
            daemon_sets: Some(vec![serde_json::from_value(speaker).unwrap()]),
            pods: Some(Vec::new()),
            ..World::default()
        }
    }

    #[test]
    fn parts_of_the_operator_before_do_not_count() {
        assert!(matches!(look(&world(1, "s:2", "s:2")), Verdict::NotYet(_)), "its change was not taken up");
        let Verdict::NotYet(missing) = look(&world(2, "s:2", "s:1")) else { panic!("an old speaker counts") };
        assert_eq!(missing, "the operator has not given speaker its image s:2 yet");
        assert!(look(&world(2, "s:2", "s:2")).is_ready());
        assert!(look(&world(2, "", "s:1")).is_ready(), "an operator that names none takes its own");
    }
}
