//! Remedies where no lab file says what should be: what a user of MetalLB does, and none of a lab's verbs.

use crate::advice::COMMAND;
use crate::finding::Finding;

/// Sets a finding's remedy to one that needs no lab.
pub(crate) fn without_lab(finding: &mut Finding) {
    match of(finding.rule) {
        Some(remedy) => finding.remedy = remedy.into(),
        None if finding.remedy.typed_as(COMMAND).contains(COMMAND) => finding.remedy = ENDS.into(),
        None => {}
    }
}

/// The remedy where either end of a session may be the wrong one.
const ENDS: &str = "correct the end that is wrong: the peer in its own configuration, a node in the BGPPeer or the BFDProfile \
                    (what is typed into a speaker's FRR goes with its next change)";

fn of(rule: &str) -> Option<&'static str> {
    Some(match rule {
        "as-differs" => {
            "correct the wrong one: peerASN of the BGPPeer is the peer's AS number and myASN the nodes', remote-as at the peer \
             is the nodes': kubectl -n metallb-system edit bgppeer"
        }
        "password-differs" => {
            "set both to the same: the Secret that passwordSecret of the BGPPeer names, and the neighbor's password at the peer"
        }
        "bfd-deadlock" => {
            "at the peer, remove the neighbor and add it again; clear bgp does not help, and FRR 8.4 and 10.7 recover by \
             themselves (FRR #18761, #17452, #17751)"
        }
        "bfd-unheard" => {
            "see the packet filters between them: BFD is UDP 3784 on one network, and UDP 4784 across routers"
        }
        "tcp-unanswered" => {
            "see the packet filters at both ends and between (nft list ruleset), and whether bgpd listens there"
        }
        "bfd-off" => "watch the neighbor by BFD at the peer, or name no bfdProfile in the BGPPeer",
        "bfd-profile-unknown" | "bfd-profile-missing" => "make the BFDProfile, or name another one in the BGPPeer",
        "bfd-shutdown" => ENDS,
        "advertisement-missing" => {
            "make a BGPAdvertisement that names the pool, or one that names none and takes every pool"
        }
        "namespace-stuck" => {
            "delete the webhook configurations of MetalLB, whose service is gone: \
             kubectl get validatingwebhookconfigurations"
        }
        "operator-missing" => "apply the operator's manifest again, or delete the MetalLB resource",
        "metallb-resource-missing" => "make a MetalLB resource of the name metallb in metallb-system",
        "deployment-missing" => "apply MetalLB's manifest again",
        "speaker-missing" => {
            "see what the DaemonSet says of it: kubectl -n metallb-system describe daemonset speaker; \
             kubectl -n metallb-system get events"
        }
        "image-never-pulled" | "image-missing" => {
            "make the image available: push it to the registry that it names, or load it into the nodes \
             (kind load docker-image IMAGE --name CLUSTER)"
        }
        "pod-unconfigured" => {
            "make the ConfigMap or Secret that it waits for: MetalLB's manifest, or its operator, brings it"
        }
        "unknown-flag" => "take images and manifest, or operator, of one release of MetalLB",
        "configuration-refused" => "change the resource that the message names",
        "inotify-limits" => "set it with sysctl -w to what kind asks for, and in /etc/sysctl.d to keep it",
        _ => return None,
    })
}
