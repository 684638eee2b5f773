//! Faults of a cluster: nodes, MetalLB's parts, its resources, the service. `$T` is a folder for what is taken away.

use super::{Fault, fault};

/// Those of a cluster with an operator.
pub(crate) const CLUSTER: &[Fault] = &[
    fault(
        "node-excluded",
        "kubectl label node $P-k-worker node.kubernetes.io/exclude-from-external-load-balancers=",
        &["node $P-k-worker is excluded from load balancing", "exclude-from-external-load-balancers-"],
        "kubectl label node $P-k-worker node.kubernetes.io/exclude-from-external-load-balancers-",
    ),
    fault(
        "policy-local",
        "app patch service test-agnhost -p '{\"spec\":{\"externalTrafficPolicy\":\"Local\"}}'",
        &["service test-agnhost has externalTrafficPolicy Local", "$P-k-control-plane", " do not"],
        "app patch service test-agnhost -p '{\"spec\":{\"externalTrafficPolicy\":\"Cluster\"}}'",
    ),
    fault(
        "endpoints-missing",
        "app scale deployment test-agnhost --replicas=0",
        &["service test-agnhost has no ready endpoint", "deployment test-agnhost is scaled to 0"],
        "app scale deployment test-agnhost --replicas=1",
    ),
    fault(
        "service-single-stack",
        "app patch service test-agnhost --type=merge -p '{\"spec\":{\"ipFamilyPolicy\":\"SingleStack\",\"ipFamilies\":[\"IPv4\"]}}'",
        &["service test-agnhost has IPv4 only"],
        "deploy",
    ),
    fault(
        "service-missing",
        "taken app service test-agnhost",
        &["service test-agnhost is not there"],
        "back app service test-agnhost",
    ),
    fault(
        "pool-full",
        "taken app service test-agnhost; app create service loadbalancer greedy --tcp=80:80; \
         app wait service/greedy --for=jsonpath='{.status.loadBalancer.ingress}' --timeout=20s; back app service test-agnhost",
        &["gets no address 203.0.113.200: service default/greedy has it, and the pool is full"],
        "app delete service greedy",
    ),
    fault(
        "pool-missing",
        "taken k ipaddresspool pool",
        &["address pool pool is not there"],
        "back k ipaddresspool pool",
    ),
    fault(
        "advertisement-missing",
        "taken k bgpadvertisement pool",
        &["no BGPAdvertisement names address pool pool"],
        "back k bgpadvertisement pool",
    ),
    fault("peer-missing", "taken k bgppeer peer", &["no BGPPeer leads to $P-frr1 (10.$O.2.3)"], "back k bgppeer peer"),
    fault(
        "dual-stack-off",
        "k patch bgppeer peer --type=merge -p '{\"spec\":{\"dualStackAddressFamily\":false}}'",
        &["BGPPeer peer is without dualStackAddressFamily: fd01::/128 is assigned and never announced to $P-frr1"],
        "k patch bgppeer peer --type=merge -p '{\"spec\":{\"dualStackAddressFamily\":true}}'",
    ),
    fault(
        "bfd-profile-unknown",
        "k patch bgppeer peer --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/bfdProfile\"}]'",
        &["BGPPeer peer is without BFD: it names no profile, and the lab says profile"],
        "k patch bgppeer peer --type=merge -p '{\"spec\":{\"bfdProfile\":\"profile\"}}'",
    ),
    fault(
        "resource-differs",
        "k patch bgppeer peer --type=merge -p \
         '{\"spec\":{\"nodeSelectors\":[{\"matchLabels\":{\"kubernetes.io/hostname\":\"'$P'-k-worker\"}}]}}'",
        &[
            "BGPPeer metallb-system/peer is not as the lab says: spec.nodeSelectors is [",
            "and should be absent; set by kubectl-patch at ",
            "deploy-metallb puts it back",
        ],
        "deploy",
    ),
    fault(
        "resource-differs",
        "k patch bgpadvertisement pool --type=merge -p '{\"spec\":{\"peers\":[\"nobody\"]}}'",
        &["BGPAdvertisement metallb-system/pool is not as the lab says: spec.peers is [", "set by kubectl-patch at "],
        "deploy",
    ),
    fault(
        "resource-differs",
        "k patch bgpadvertisement pool --type=merge -p \
         '{\"spec\":{\"nodeSelectors\":[{\"matchLabels\":{\"kubernetes.io/hostname\":\"nowhere\"}}]}}'",
        &["BGPAdvertisement metallb-system/pool is not as the lab says: spec.nodeSelectors is ["],
        "deploy",
    ),
    fault(
        "resources-missing",
        "for kind in bgpadvertisements bgppeers ipaddresspools bfdprofiles; do k delete $kind --all; done",
        &[
            "4 of MetalLB's resources are not there: BFDProfile profile, IPAddressPool pool, BGPPeer peer, BGPAdvertisement pool",
            "deploy-metallb",
        ],
        "deploy",
    ),
    fault(
        "resource-collides",
        "k delete bgppeers --all; echo '{\"apiVersion\":\"metallb.io/v1beta2\",\"kind\":\"BGPPeer\",\"metadata\":{\"name\":\"stray\"},\
         \"spec\":{\"peerAddress\":\"10.'$O'.1.6\",\"peerASN\":64999,\"myASN\":64999}}' | k create -f -",
        &[
            "BGPPeer metallb-system/stray of somebody else has myASN 64999, and BGPPeer metallb-system/peer has 64500",
            "it keeps BGPPeer peer from being made",
            "kubectl -n metallb-system delete bgppeer stray, or set its myASN to 64500; then ",
        ],
        "k delete bgppeer stray\ndeploy",
    ),
    fault(
        "pool-foreign",
        "echo '{\"apiVersion\":\"metallb.io/v1beta1\",\"kind\":\"IPAddressPool\",\"metadata\":{\"name\":\"stray\"},\
         \"spec\":{\"addresses\":[\"198.51.100.0/28\",\"fd02::/124\"],\"autoAssign\":false}}' | k create -f -; \
         app annotate --overwrite service test-agnhost metallb.io/address-pool=stray",
        &[
            "service test-agnhost has ",
            " of address pool stray, which is somebody else's",
            "delete ipaddresspool stray",
        ],
        "deploy\nk delete ipaddresspool stray",
    ),
    fault(
        "webhook-native",
        "k set env deployment/metallb-operator-webhook-server METALLB_BGP_TYPE=native",
        &["validate for the native backend", "METALLB_BGP_TYPE=frr"],
        "k set env deployment/metallb-operator-webhook-server METALLB_BGP_TYPE=frr",
    ),
    fault(
        "webhook-down",
        "k patch service metallb-webhook-service -p '{\"spec\":{\"selector\":{\"nobody\":\"here\"}}}'",
        &["has nobody to answer: every change of MetalLB's resources is refused"],
        "k patch service metallb-webhook-service --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/selector/nobody\"}]'",
    ),
    fault(
        "scaled-to-nothing",
        "k scale deployment controller --replicas=0",
        &["deployment controller is scaled to 0", "scale deployment controller --replicas=1"],
        "k scale deployment controller --replicas=1",
    ),
    fault(
        "image-never-pulled",
        "k patch deployment controller -p '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"controller\",\
         \"image\":\"quay.io/metallb/controller:none\",\"imagePullPolicy\":\"Never\"}]}}}}'",
        &["image quay.io/metallb/controller:none is not on the node, and the pull policy is Never"],
        "k rollout undo deployment controller",
    ),
    fault(
        "resource-differs",
        "app set image deployment/test-agnhost *=registry.invalid/no/such:1",
        &["image is \"registry.invalid/no/such:1\"", "set by kubectl-set", "deploy-metallb"],
        "app rollout undo deployment test-agnhost",
    ),
    fault(
        "pod-unconfigured",
        "k patch deployment controller -p '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"controller\",\
         \"envFrom\":[{\"configMapRef\":{\"name\":\"not-made\"}}]}]}}}}'",
        &["waits for its configuration", "not-made"],
        "k rollout undo deployment controller",
    ),
    fault(
        "pod-unschedulable",
        "k patch deployment controller -p '{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":{\"no\":\"where\"}}}}}'",
        &["finds no node"],
        "k rollout undo deployment controller",
    ),
    fault(
        "unknown-flag",
        "k patch daemonset speaker -p '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"speaker\",\
         \"args\":[\"--no-such-flag\"]}]}}}}'",
        &["does not know a flag that it was started with", "pin operator and MetalLB to one release"],
        "k rollout undo daemonset speaker",
    ),
    fault(
        "speaker-missing",
        "k patch daemonset speaker -p '{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":{\"no\":\"where\"}}}}}'",
        &["has no speaker: the DaemonSet wants nodes with no=where"],
        "k rollout undo daemonset speaker",
    ),
    fault(
        "deployment-missing",
        "taken k daemonset speaker",
        &["MetalLB's speakers are not there"],
        "back k daemonset speaker",
    ),
    fault(
        "operator-missing",
        "taken k deployment metallb-operator-controller-manager",
        &["MetalLB's operator is not there"],
        "back k deployment metallb-operator-controller-manager",
    ),
    fault(
        "node-not-ready",
        // The node controller sets this once it has waited 50 s.
        "run k-worker systemctl stop kubelet; kubectl patch node $P-k-worker --subresource=status -p \
         '{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"Unknown\"}]}}'",
        &["node $P-k-worker is not Ready"],
        "run k-worker systemctl start kubelet",
    ),
    fault("metallb-resource-missing", "k delete metallb metallb", &["there is no MetalLB resource"], "deploy"),
];

/// Faults after which nothing should come: a node that was deleted has other ranges of pods when it comes back, and a
/// restart after that needs a pod network that follows; and those that take MetalLB with them.
pub(crate) const LAST: &[Fault] = &[
    fault(
        "node-missing",
        "kubectl delete node $P-k-worker",
        &["node $P-k-worker is not in the cluster's API", "docker exec $P-k-worker systemctl restart kubelet"],
        "run k-worker systemctl restart kubelet",
    ),
    fault(
        "namespace-stuck",
        "kubectl delete namespace metallb-system --wait=false",
        &["namespace metallb-system is being deleted and stuck", "cargo xtask undeploy-metallb ends that"],
        "undeploy",
    ),
];
