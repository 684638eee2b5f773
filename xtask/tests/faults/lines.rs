//! Lines that a person types into a running FRR, and that no rule of their own knows.

use super::{Fault, fault};

/// In a lab whose routers' files have none of them.
pub(crate) const LINES: &[Fault] = &[
    fault(
        "lines-differ",
        "bgp frr1 'address-family ipv4 unicast' 'maximum-paths ibgp 1'; run frr1 vtysh -c 'clear bgp *'",
        &[
            "$P-frr1 runs by a line that the lab does not give it: `maximum-paths ibgp 1` (router bgp 64500, \
             address-family ipv4 unicast)",
            "frr-reload.py",
        ],
        "reload frr1",
    ),
    fault(
        "lines-differ",
        "bgp frr1 'neighbor 10.$O.1.3 advertisement-interval 30'; conf frr1 'ip prefix-list stray seq 5 permit 198.51.100.0/24'",
        &[
            "$P-frr1 does not run by the lab's configuration: 2 lines differ",
            "show running-config on $P-frr1: `neighbor 10.$O.1.3 advertisement-interval 30` (router bgp 64500)",
            "`ip prefix-list stray seq 5 permit 198.51.100.0/24`",
        ],
        "reload frr1",
    ),
    fault(
        "lines-differ",
        "conf frr1 bfd 'profile profile' 'detect-multiplier 50'",
        &["$P-frr1", "`detect-multiplier 50` (bfd, profile profile)"],
        "reload frr1",
    ),
    // Where FRR takes packets follows from what was typed.
    fault(
        "lines-differ",
        "conf k-worker 'route-map away permit 10' 'set ip next-hop 192.0.2.9'; \
         bgp k-worker 'address-family ipv4 unicast' 'neighbor 10.$O.2.3 route-map away out'",
        &[
            "`neighbor 10.$O.2.3 route-map away out`",
            "$P-frr1 reaches the next hop 192.0.2.9 of 203.0.113.200/32 by its default gateway (10.$O.2.1)",
        ],
        "reload k-worker",
    ),
    fault(
        "lines-differ",
        "conf frr1 'no ip nht resolve-via-default'; conf k-worker 'route-map away permit 10' 'set ip next-hop 192.0.2.9'; \
         bgp k-worker 'address-family ipv4 unicast' 'neighbor 10.$O.2.3 route-map away out'",
        &["`ip nht resolve-via-default`", "$P-frr1 learned 203.0.113.200/32 from next hop 192.0.2.9", "not resolved"],
        "reload k-worker; conf frr1 'ip nht resolve-via-default'",
    ),
    fault(
        "lines-differ",
        "conf frr1 'ip prefix-list others seq 5 permit 198.51.100.0/24' 'route-map others permit 10' 'match ip address prefix-list others'; \
         bgp frr1 'address-family ipv4 unicast' 'neighbor 10.$O.1.3 route-map others in'",
        &["$P-frr1", "3 lines differ", "`neighbor 10.$O.1.3 route-map others in`", "`route-map others permit 10`"],
        "reload frr1",
    ),
];
