//! Faults of FRR: its programs, sessions, BFD, policies, announcements.

use super::{Fault, fault};

/// Stops what starts daemons again, so that one stays dead.
macro_rules! killed {
    ($daemon:literal) => {
        concat!("run frr1 sh -c 'kill -STOP $(cat /run/frr/watchfrr.pid); kill -9 $(cat /run/frr/", $daemon, ".pid)'")
    };
}

/// Programs and sessions within one AS, over a router between.
pub(crate) const SESSIONS: &[Fault] = &[
    fault("daemon-dead", killed!("bgpd"), &["bgpd does not run in $P-frr1"], "docker restart -t 0 $P-frr1"),
    fault("daemon-dead", killed!("bfdd"), &["bfdd does not run in $P-frr1"], "docker restart -t 0 $P-frr1"),
    fault("daemon-dead", killed!("zebra"), &["zebra does not run in $P-frr1"], "docker restart -t 0 $P-frr1"),
    fault(
        "daemon-stopped",
        "run frr1 sh -c 'kill -STOP $(cat /run/frr/bgpd.pid)'",
        &["bgpd in $P-frr1 is stopped by a signal", "kill -CONT"],
        "run frr1 sh -c 'kill -CONT $(cat /run/frr/bgpd.pid)'",
    ),
    fault(
        "sockets-missing",
        "run frr1 rm /run/frr/bgpd.vty",
        &["bgpd in $P-frr1 cannot be asked"],
        "docker restart -t 0 $P-frr1",
    ),
    fault(
        "not-listening",
        "run frr1 sh -c 'kill -STOP $(cat /run/frr/watchfrr.pid); bgpd=$(cat /run/frr/bgpd.pid); kill $bgpd; \
         while kill -0 $bgpd; do :; done; /usr/lib/frr/bgpd -d -p 0 -f /run/frr/bgpd.boot'",
        &["bgpd in $P-frr1 does not listen on TCP port 179", "bgpd_options"],
        "docker restart -t 0 $P-frr1",
    ),
    fault(
        "bgp-unconfigured",
        "conf frr1 'no router bgp 64500'",
        &["bgpd in $P-frr1 has no BGP instance", "frr-reload.py"],
        "reload frr1",
    ),
    fault(
        "neighbor-missing",
        "bgp frr1 'no neighbor 10.$O.1.3'",
        &["$P-frr1 does not know $P-k-worker as a BGP neighbor"],
        "reload frr1",
    ),
    fault(
        "address-moved",
        "bgp frr1 'no neighbor 10.$O.1.3' 'neighbor 10.$O.1.9 remote-as 64500'",
        &["node $P-k-worker has the address 10.$O.1.3 now", "(10.$O.1.9)"],
        "reload frr1",
    ),
    fault(
        "neighbor-shutdown",
        "bgp frr1 'neighbor 10.$O.1.3 shutdown'",
        &["the session with $P-k-worker is shut down on $P-frr1", "no neighbor 10.$O.1.3 shutdown"],
        "bgp frr1 'no neighbor 10.$O.1.3 shutdown'",
    ),
    fault(
        "as-differs",
        "bgp frr1 'neighbor 10.$O.1.3 remote-as 64999'",
        &["$P-frr1 expects $P-k-worker in AS 64999, and it is in AS 64500"],
        "reload frr1",
    ),
    fault(
        "router-id-shared",
        "bgp frr1 'bgp router-id 10.$O.1.3'",
        &["$P-frr1 and $P-k-worker have the same BGP identifier 10.$O.1.3"],
        "bgp frr1 'bgp router-id 10.$O.2.3'",
    ),
    fault(
        "nobody-connects",
        "bgp k-worker 'neighbor 10.$O.2.3 passive'",
        &["$P-k-worker waits for $P-frr1 to connect"],
        "bgp k-worker 'no neighbor 10.$O.2.3 passive'",
    ),
    fault(
        "port-differs",
        "bgp k-worker 'neighbor 10.$O.2.3 port 1179'",
        &["on TCP port 1179"],
        "bgp k-worker 'no neighbor 10.$O.2.3 port'",
    ),
    fault(
        "update-source",
        "run k-worker ip address add 10.$O.1.99/24 dev eth0; bgp k-worker 'neighbor 10.$O.2.3 update-source 10.$O.1.99'",
        &["$P-k-worker speaks to $P-frr1 from 10.$O.1.99", "no neighbor 10.$O.2.3 update-source"],
        "bgp k-worker 'no neighbor 10.$O.2.3 update-source'; run k-worker ip address delete 10.$O.1.99/24 dev eth0",
    ),
    fault(
        "password-differs",
        "bgp frr1 'neighbor 10.$O.1.3 password one-sided'",
        &["$P-frr1 signs its session with $P-k-worker by a password, and $P-k-worker has none"],
        "bgp frr1 'no neighbor 10.$O.1.3 password'",
    ),
];

/// Faults of the families that such sessions exchange, and of BFD beside them.
pub(crate) const EXCHANGE: &[Fault] = &[
    fault(
        "family-inactive",
        "bgp frr1 'address-family ipv6 unicast' 'no neighbor 10.$O.1.3 activate'",
        &["$P-frr1 does not exchange IPv6 with $P-k-worker"],
        "reload frr1",
    ),
    fault(
        "prefix-limit",
        "bgp frr1 'address-family ipv4 unicast' 'neighbor 10.$O.1.3 maximum-prefix 1'; \
         conf k-worker 'ip prefix-list 10.$O.2.3-allowed-ipv4 seq 99 permit 203.0.113.7/32'; \
         bgp k-worker 'address-family ipv4 unicast' 'network 203.0.113.7/32'",
        &["$P-frr1 holds its session with $P-k-worker back", "maximum-prefix 1"],
        "bgp k-worker 'address-family ipv4 unicast' 'no network 203.0.113.7/32'; \
         conf k-worker 'no ip prefix-list 10.$O.2.3-allowed-ipv4 seq 99 permit 203.0.113.7/32'; \
         bgp frr1 'address-family ipv4 unicast' 'no neighbor 10.$O.1.3 maximum-prefix 1'; run frr1 vtysh -c 'clear bgp 10.'$O'.1.3'",
    ),
    fault(
        "policy-denies",
        "conf frr1 'route-map nothing deny 10'; bgp frr1 'address-family ipv4 unicast' 'neighbor 10.$O.1.3 route-map nothing in'",
        &["$P-frr1 passes nothing from $P-k-worker in IPv4: route-map nothing lets nothing pass"],
        "bgp frr1 'address-family ipv4 unicast' 'no neighbor 10.$O.1.3 route-map nothing in'; conf frr1 'no route-map nothing deny 10'",
    ),
    fault(
        "reflector-client-missing",
        "bgp frr1 'address-family ipv4 unicast' 'no neighbor 10.$O.2.2 route-reflector-client'",
        &["$P-nhr is not its route reflector client", "out of the lab"],
        "bgp frr1 'address-family ipv4 unicast' 'neighbor 10.$O.2.2 route-reflector-client'",
    ),
    fault(
        "bfd-off",
        "bgp frr1 'no neighbor 10.$O.1.3 bfd'",
        &["$P-frr1 does not use BFD with $P-k-worker"],
        "reload frr1",
    ),
    fault(
        "bfd-profile-missing",
        "bgp frr1 'neighbor 10.$O.1.3 bfd profile other'",
        &["by the BFD profile other, which it does not have"],
        "bgp frr1 'neighbor 10.$O.1.3 bfd profile profile'",
    ),
    fault(
        "bfd-shutdown",
        "conf frr1 bfd 'profile profile' shutdown",
        &["is shut down on $P-frr1", "-c 'profile profile' -c 'no shutdown'"],
        "conf frr1 bfd 'profile profile' 'no shutdown'",
    ),
    fault(
        "bfd-passive",
        "conf frr1 bfd 'profile profile' passive-mode; conf k-worker bfd 'profile profile' passive-mode",
        &["both $P-frr1 and $P-k-worker are passive in BFD", "no passive-mode"],
        "conf frr1 bfd 'profile profile' 'no passive-mode'; conf k-worker bfd 'profile profile' 'no passive-mode'",
    ),
    fault(
        "not-announced",
        "bgp k-worker 'address-family ipv4 unicast' 'no network 203.0.113.200/32'",
        &["$P-k-worker does not announce 203.0.113.200/32", "-c 'network 203.0.113.200/32'"],
        "bgp k-worker 'address-family ipv4 unicast' 'network 203.0.113.200/32'",
    ),
    fault(
        "foreign-announcement",
        "bgp k-control-plane 'address-family ipv4 unicast' 'network 203.0.113.200/32'",
        &["$P-k-control-plane announces 203.0.113.200/32, though load balancing leaves it out"],
        "bgp k-control-plane 'address-family ipv4 unicast' 'no network 203.0.113.200/32'",
    ),
    fault(
        "route-of-another",
        "conf frr1 'ip route 203.0.113.200/32 10.$O.2.1'",
        &["$P-frr1 reaches 203.0.113.200/32 by a static route"],
        "conf frr1 'no ip route 203.0.113.200/32 10.$O.2.1'",
    ),
];

/// Between two AS, signed with a password; the advertised prefix is an aggregate.
pub(crate) const EXTERNAL: &[Fault] = &[
    fault(
        "password-differs",
        "bgp frr1 'neighbor 10.$O.1.3 password another-secret'",
        &["$P-frr1 and $P-k-worker sign their session with different passwords", "password (not shown)"],
        "reload frr1",
    ),
    fault(
        "password-differs",
        "bgp frr1 'no neighbor 10.$O.1.3 password'",
        &["$P-k-worker signs its session with $P-frr1 by a password, and $P-frr1 has none"],
        "reload frr1",
    ),
    fault(
        "multihop-missing",
        "bgp frr1 'no neighbor 10.$O.1.3 ebgp-multihop'",
        &["$P-frr1 takes $P-k-worker for a neighbor on its own network, and $P-nhr is between"],
        // Without this, the node would wait for minutes for the rest of the message that was begun.
        "reload frr1; run k-worker vtysh -c 'clear bgp *'",
    ),
    fault(
        "ttl-security",
        "bgp frr1 'no neighbor 10.$O.1.3 ebgp-multihop' 'neighbor 10.$O.1.3 ttl-security hops 2'",
        &["$P-frr1 drops the BGP packets of $P-k-worker by their TTL", "ttl-security hops 2"],
        "reload frr1",
    ),
    fault(
        "policy-missing",
        "bgp frr1 'bgp ebgp-requires-policy'",
        &["between two AS it requires a policy, and has none", "no bgp ebgp-requires-policy"],
        "bgp frr1 'no bgp ebgp-requires-policy'",
    ),
    fault(
        "import-check",
        "bgp k-worker 'bgp network import-check'",
        &["$P-k-worker does not announce 203.0.113.200/30, for it has no route to it"],
        "bgp k-worker 'no bgp network import-check'",
    ),
];

/// In FRR 10.3: with its own source, a neighbor's BFD session is there before BGP is, and holds it back. At once,
/// where the other end has given up its session meanwhile; else once that end has been away. The line that makes it so is
/// not of the router's file, and is named for that.
pub(crate) const DEADLOCK: &[Fault] = &[fault(
    "lines-differ",
    "bgp frr1 'no neighbor 10.$O.1.3' 'neighbor 10.$O.1.3 remote-as 64500' 'neighbor 10.$O.1.3 update-source 10.$O.2.3' \
     'neighbor 10.$O.1.3 bfd profile profile' 'address-family ipv4 unicast' 'neighbor 10.$O.1.3 activate' \
     exit 'address-family ipv6 unicast' 'neighbor 10.$O.1.3 activate'; \
     bfd() { docker exec \"$P-frr1\" vtysh -c 'show bfd peers brief' | grep \"10.$O.1.3 \" | grep -q \"$1\"; }; \
     for _ in {1..50}; do ! bfd up || break; done; \
     docker stop -t 0 \"$P-k-worker\" >/dev/null; until bfd down; do :; done; docker start \"$P-k-worker\" >/dev/null",
    &["$P-frr1 does not run by the lab's configuration", "update-source 10.$O.2.3", "frr-reload.py --reload"],
    "bgp frr1 'no neighbor 10.$O.1.3'; reload frr1",
)];
