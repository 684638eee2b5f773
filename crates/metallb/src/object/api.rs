//! Objects at the API: their kind's place in it.

use std::borrow::Cow;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{Api, ApiResource, GroupVersionKind, PatchParams};
use kube::core::DynamicResourceScope;
use kube::{Client, Resource};

use super::{FIELD_MANAGER, Object, ObjectRef};

impl Resource for Object {
    type DynamicType = ApiResource;
    type Scope = DynamicResourceScope;

    fn group(resource: &ApiResource) -> Cow<'_, str> {
        resource.group.as_str().into()
    }

    fn version(resource: &ApiResource) -> Cow<'_, str> {
        resource.version.as_str().into()
    }

    fn kind(resource: &ApiResource) -> Cow<'_, str> {
        resource.kind.as_str().into()
    }

    fn api_version(resource: &ApiResource) -> Cow<'_, str> {
        resource.api_version.as_str().into()
    }

    fn plural(resource: &ApiResource) -> Cow<'_, str> {
        resource.plural.as_str().into()
    }

    fn meta(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

impl ObjectRef {
    /// The API of the object's kind, in its namespace.
    pub(crate) fn api(&self, client: Client) -> Api<Object> {
        let resource = resource(&self.api_version, &self.kind);
        match &self.namespace {
            Some(namespace) => Api::namespaced_with(client, namespace, &resource),
            None => Api::all_with(client, &resource),
        }
    }
}

/// The parameters of a patch in our name.
pub(crate) fn by_us() -> PatchParams {
    PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() }
}

/// A kind's place in the API. Every kind in use has a regular plural.
pub(crate) fn resource(api_version: &str, kind: &str) -> ApiResource {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_the_plural_of_their_api() {
        let plural = |kind| resource("metallb.io/v1beta1", kind).plural;
        assert_eq!(plural("BGPPeer"), "bgppeers");
        assert_eq!(plural("MetalLB"), "metallbs");
        assert_eq!(plural("Community"), "communities");
        assert_eq!(plural("ServiceBGPStatus"), "servicebgpstatuses");
        assert_eq!(plural("NetworkPolicy"), "networkpolicies");
    }
}
