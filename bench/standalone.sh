#!/bin/bash
# What `lab-up --provider standalone` is measured against: the documented topology by hand, as well as a shell script does
# it. The same six containers with the same configuration, all made and started at the same time, FRR by the image's own
# start; then a loop that asks the routers until the same sessions are up and the same addresses are learned.
# usage: standalone.sh up DIR IMAGE | down      (DIR: what `xtask render --provider standalone --out DIR` wrote)
set -euo pipefail

label=metallb-lab-bench

network() { # network NAME IPV4 IPV6
	docker network create --label $label --subnet "$2" --ipv6 --subnet "$3" "$1" >/dev/null
}

container() { # container NAME NETWORK IPV4 IPV6 [NETWORK IPV4 IPV6]
	docker create --name "$1" --hostname "$1" --label $label --network "$2" --ip "$3" --ip6 "$4" \
		--cap-add NET_ADMIN --cap-add NET_RAW --cap-add SYS_ADMIN \
		--sysctl net.ipv4.ip_forward=1 --sysctl net.ipv6.conf.all.forwarding=1 --sysctl net.ipv6.conf.all.disable_ipv6=0 \
		"$image" /usr/lib/frr/docker-start >/dev/null
	tar -C "$dir/$1" --owner=100 --group=101 -cf - frr.conf daemons vtysh.conf | docker cp -q - "$1:/etc/frr"
	[ $# -lt 7 ] || docker network connect --ip "$6" --ip6 "$7" "$5" "$1"
	docker start "$1" >/dev/null
	[ "$2" != kind ] || docker exec "$1" sh -c '
		ip route replace 10.0.2.0/24 via 10.0.1.250 && ip -6 route replace fd00:10:0:2::/64 via fd00:10:0:1::fa'
	case $1 in # What advertises the addresses also answers at them.
	kind-worker*) docker exec "$1" sh -c '
		ip address replace 203.0.113.200/32 dev lo && ip -6 address replace fd01::/128 dev lo nodad' ;;
	esac
}

settled() {
	local router answer
	for router in frr1 frr2; do
		answer=$(docker exec $router vtysh -c 'show bgp summary json' -c 'show bfd peers json' \
			-c 'show ip route 203.0.113.200/32 json' -c 'show ipv6 route fd01::/128 json' 2>/dev/null) || return
		# Three nodes and the next-hop-router, each in two families; BFD to the three nodes; both addresses.
		[ "$(grep -c '"state":"Established"' <<<"$answer")" = 8 ] || return
		[ "$(grep -c '"status":"up"' <<<"$answer")" = 3 ] || return
		[ "$(grep -c '"prefix":' <<<"$answer")" = 2 ] || return
	done
	docker exec next-hop-router sh -c 'ip route show 203.0.113.200 | grep -q via && ip -6 route show fd01:: | grep -q via' || return
	for router in frr1 frr2 next-hop-router; do
		docker exec $router sh -c 'ping -qc1 -W1 203.0.113.200 && ping -qc1 -W1 fd01::' >/dev/null || return
	done
}

up() {
	dir=$1 image=$2
	network kind 10.0.1.0/24 fd00:10:0:1::/64 &
	network kind2 10.0.2.0/24 fd00:10:0:2::/64 &
	wait
	container next-hop-router kind2 10.0.2.2 fd00:10:0:2::2 kind 10.0.1.250 fd00:10:0:1::fa &
	container frr1 kind2 10.0.2.3 fd00:10:0:2::3 &
	container frr2 kind2 10.0.2.4 fd00:10:0:2::4 &
	container kind-control-plane kind 10.0.1.2 fd00:10:0:1::2 &
	container kind-worker kind 10.0.1.3 fd00:10:0:1::3 &
	container kind-worker2 kind 10.0.1.4 fd00:10:0:1::4 &
	wait
	local deadline=$((SECONDS + 60))
	until settled; do
		[ $SECONDS -lt $deadline ] || { echo "not settled within 60 s" >&2; return 1; }
	done
}

down() {
	docker ps -aq --filter label=$label | xargs -r docker rm -f >/dev/null
	docker network ls -q --filter label=$label | xargs -r docker network rm >/dev/null
}

case ${1:-} in
up) up "$2" "$3" ;;
down) down ;;
*) sed -n '5p' "$0" >&2; exit 2 ;;
esac
