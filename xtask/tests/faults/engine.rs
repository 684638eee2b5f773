//! Faults of containers, networks, addresses, links, routes, and of the machine.

use super::{Fault, fault};

/// Outside of FRR.
pub(crate) const OUTSIDE: &[Fault] = &[
    fault(
        "container-paused",
        "docker pause $P-frr1",
        &["container $P-frr1 is paused", "docker unpause $P-frr1"],
        "docker unpause $P-frr1",
    ),
    fault(
        "container-stopped",
        "docker kill $P-nhr",
        &["container $P-nhr does not run", "by SIGKILL"],
        "docker start $P-nhr",
    ),
    fault("container-missing", "docker rm -f $P-frr1", &["container $P-frr1 is not there"], "lab-up"),
    fault(
        "container-foreign",
        "docker rm -f $P-frr1; docker run -d --name $P-frr1 --entrypoint sleep $IMAGE 600",
        &["container $P-frr1 is not this lab's", "nobody's lab"],
        "docker rm -f $P-frr1\nlab-up",
    ),
    fault(
        "capability-missing",
        "docker rm -f $P-frr1; docker run -d --name $P-frr1 --label netlab.lab=$P-lab --network $P-n2 --ip 10.$O.2.3 \
         --ip6 fd$O:0:0:2::3 --cap-add NET_ADMIN --entrypoint sleep $IMAGE 600",
        &["container $P-frr1 lacks the capability SYS_ADMIN"],
        "docker rm -f $P-frr1\nlab-up",
    ),
    fault(
        "cpu-limit",
        "docker update --cpus 0.01 $P-frr1 >/dev/null",
        &[
            "container $P-frr1 may use 0.01 of a processor at most",
            "throttled in",
            "docker update --cpu-quota -1 $P-frr1",
        ],
        "docker update --cpu-quota -1 $P-frr1 >/dev/null",
    ),
    fault(
        "memory-limit",
        "docker update --memory 120m --memory-swap 120m $P-frr1 >/dev/null; ! run frr1 sh -c 'head -c 200m /dev/zero | tail' 2>/dev/null",
        &["container $P-frr1 may use 120 MiB of memory at most", "docker update --memory 1g --memory-swap -1 $P-frr1"],
        "docker rm -f $P-frr1\nlab-up",
    ),
    fault(
        "address-missing",
        "run frr1 ip address delete 10.$O.2.3/24 dev eth0",
        &["the address 10.$O.2.3 was taken off the link of $P-frr1", "ip address add 10.$O.2.3/24 dev eth0"],
        "run frr1 ip address add 10.$O.2.3/24 dev eth0",
    ),
    fault(
        "address-shared",
        "run frr1 ip address add 10.$O.2.2/24 dev eth0",
        &["$P-frr1 has $P-nhr's address 10.$O.2.2, too", "ip address delete 10.$O.2.2/24 dev eth0"],
        "run frr1 ip address delete 10.$O.2.2/24 dev eth0",
    ),
    fault(
        "service-address-missing",
        "run k-worker ip address delete 203.0.113.200/32 dev lo",
        &["node $P-k-worker does not have the service's address 203.0.113.200"],
        "run k-worker ip address add 203.0.113.200/32 dev lo",
    ),
    fault(
        "interface-down",
        "run frr1 ip link set eth0 down",
        &["the link eth0 of $P-frr1 into network $P-n2 is down", "ip link set eth0 up"],
        "run frr1 ip link set eth0 up; run frr1 ip -6 address add fd$O:0:0:2::3/64 dev eth0 nodad",
    ),
    fault(
        "mtu-differs",
        "run frr1 ip link set eth0 mtu 1300",
        &["takes 1300 bytes at most", "mtu 1500"],
        "run frr1 ip link set eth0 mtu 1500",
    ),
    fault(
        "ipv6-off",
        "inside frr1 sysctl -w net.ipv6.conf.all.disable_ipv6=1",
        &["IPv6 is turned off in $P-frr1"],
        "inside frr1 sysctl -w net.ipv6.conf.all.disable_ipv6=0; run frr1 ip -6 address add fd$O:0:0:2::3/64 dev eth0 nodad",
    ),
    fault(
        "route-missing",
        "conf frr1 'no ip route 10.$O.1.0/24 10.$O.2.2'",
        &["$P-frr1 has no route to 10.$O.1.0/24", "replace 10.$O.1.0/24 via 10.$O.2.2"],
        "conf frr1 'ip route 10.$O.1.0/24 10.$O.2.2'",
    ),
    fault(
        "route-elsewhere",
        "run frr1 ip route add 10.$O.1.0/24 via 10.$O.2.1 metric 5",
        &["do not take the lab's route via 10.$O.2.2", "route delete 10.$O.1.0/24 via 10.$O.2.1 dev eth0 metric 5"],
        "run frr1 ip route delete 10.$O.1.0/24 via 10.$O.2.1 metric 5",
    ),
    fault(
        "route-blackhole",
        "run nhr ip route add blackhole 203.0.113.200/32 metric 5",
        &["$P-nhr drops packets to 203.0.113.200/32: a blackhole route stands there"],
        "run nhr ip route delete blackhole 203.0.113.200/32 metric 5",
    ),
    fault(
        "policy-rule",
        "run frr1 ip rule add to 10.$O.1.0/24 prohibit",
        &["a policy rule in $P-frr1 drops packets", "ip rule delete from all to 10.$O.1.0/24 prohibit"],
        "run frr1 ip rule delete to 10.$O.1.0/24 prohibit",
    ),
    fault(
        "forwarding-off",
        "inside nhr sysctl -w net.ipv4.ip_forward=0",
        &["$P-nhr does not pass on IPv4 packets", "net.ipv4.ip_forward is 0"],
        "inside nhr sysctl -w net.ipv4.ip_forward=1",
    ),
    fault(
        "forwarding-off",
        "inside nhr sysctl -w net.ipv6.conf.all.forwarding=0",
        &["$P-nhr does not pass on IPv6 packets", "net.ipv6.conf.all.forwarding is 0"],
        "inside nhr sysctl -w net.ipv6.conf.all.forwarding=1",
    ),
    fault(
        "stale-bridge",
        "ip link add br-0123456789ab type bridge; ip address add 10.$O.1.1/24 dev br-0123456789ab; ip link set br-0123456789ab up",
        &[
            "a bridge that an engine left behind swallows the packets of network $P-n1",
            "ip link delete br-0123456789ab",
        ],
        "ip link delete br-0123456789ab",
    ),
    fault(
        "host-range",
        "ip link add $P-r0 type bridge; ip address add 10.$O.1.129/25 dev $P-r0; ip link set $P-r0 up",
        &["something else on this machine has the range of network $P-n1", "through $P-r0"],
        "ip link delete $P-r0",
    ),
    fault(
        "stale-masquerade",
        "iptables -t nat -A POSTROUTING -s 10.$O.1.0/24 ! -o br-0123456789ab -j MASQUERADE",
        &["rewrites packets between the containers of network $P-n1", "iptables -t nat -D POSTROUTING -s 10.$O.1.0/24"],
        "iptables -t nat -D POSTROUTING -s 10.$O.1.0/24 ! -o br-0123456789ab -j MASQUERADE",
    ),
    fault(
        "bridge-filter",
        "iptables -t raw -A PREROUTING -d 10.$O.1.3/32 -j DROP",
        &[
            "drops what is bridged to or from $P-k-worker in network $P-n1",
            "iptables -t raw -D PREROUTING -d 10.$O.1.3/32 -j DROP",
        ],
        "iptables -t raw -D PREROUTING -d 10.$O.1.3/32 -j DROP",
    ),
    fault(
        "arp-off",
        "run nhr ip link set eth1 arp off; run frr1 ip neighbor flush all",
        &["the link eth1 of $P-nhr into network $P-n2", "ARP is turned off"],
        "run nhr ip link set eth1 arp on",
    ),
    fault(
        "packets-filtered",
        "inside nhr iptables -A FORWARD -d 10.$O.1.3 -j DROP",
        &["a packet filter in $P-nhr drops packets", "iptables -t filter -D FORWARD -d 10.$O.1.3/32 -j DROP"],
        "inside nhr iptables -D FORWARD -d 10.$O.1.3 -j DROP",
    ),
    fault(
        "port-filtered",
        "inside frr1 iptables -A INPUT -p udp --dport 4784 -j DROP",
        &["$P-frr1 drops BFD packets", "--dport 4784 -j DROP"],
        "inside frr1 iptables -D INPUT -p udp --dport 4784 -j DROP",
    ),
    fault(
        "port-filtered",
        "run k-worker ip rule add ipproto 6 dport 179 blackhole",
        &["$P-k-worker drops BGP packets (TCP port 179)", "dport 179 blackhole"],
        "run k-worker ip rule delete ipproto 6 dport 179 blackhole",
    ),
    fault(
        "packets-filtered",
        "inside nhr nft 'add table inet lossy; add chain inet lossy some { type filter hook forward priority 0; }; \
         add rule inet lossy some numgen random mod 100 < 60 counter drop'",
        &[
            "a packet filter in $P-nhr drops a share of the packets",
            "nft, table inet lossy, chain some: numgen random mod 100 < 60 counter packets",
            "nft delete rule inet lossy some handle",
        ],
        "inside nhr nft delete table inet lossy",
    ),
    fault(
        "packets-filtered",
        "inside frr1 iptables -A INPUT -m statistic --mode random --probability 0.6 -j DROP",
        &["a packet filter in $P-frr1 drops a share of the packets", "packets so far", "--probability 0.6"],
        "inside frr1 iptables -F INPUT",
    ),
    fault(
        "link-shaped",
        "inside frr1 tc qdisc add dev eth0 root tbf rate 1kbit burst 200 limit 400",
        &[
            "tc delays or loses packets on the link eth0 of $P-frr1 into network $P-n2",
            "tbf",
            "tc qdisc delete dev eth0 root",
        ],
        "inside frr1 tc qdisc delete dev eth0 root",
    ),
    fault(
        "network-shadowed",
        // While it runs, its route to that range is in the way.
        "docker stop -t 0 $P-frr1; docker network connect $P-n1 $P-frr1; docker start $P-frr1",
        &[
            "container $P-frr1 is also on network $P-n1, which the lab did not put it on",
            "its packets to 10.$O.1.0/24",
            "docker network disconnect $P-n1 $P-frr1, then docker restart $P-frr1",
        ],
        "docker network disconnect $P-n1 $P-frr1; docker restart -t 0 $P-frr1",
    ),
    // These give links other names: they come last.
    fault(
        "not-on-network",
        "docker network disconnect $P-n1 $P-nhr",
        &[
            "$P-nhr is not connected to network $P-n1",
            "docker network connect --ip 10.$O.1.250 --ip6 fd$O:0:0:1::fa $P-n1 $P-nhr",
        ],
        "connect n1 nhr 1.250 1::fa",
    ),
    fault(
        "address-differs",
        "docker network disconnect $P-n2 $P-frr1; connect n2 frr1 2.77 2::77",
        &["$P-frr1 has another address on network $P-n2", "not 10.$O.2.3", "10.$O.2.77"],
        "docker network disconnect $P-n2 $P-frr1; connect n2 frr1 2.3 2::3",
    ),
];
