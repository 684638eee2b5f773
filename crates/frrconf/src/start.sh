#!/bin/sh
# Starts the daemons that /etc/frr/daemons enables, and ends as watchfrr, which starts again what dies.
#
# FRR's own start (watchfrr first, then every daemon through a shell of its own) takes three times the processor time,
# and its `vtysh -b` holds every BGP peer back for a second (bgpd: BGP_POST_CONFIG_DELAY_SECONDS). So: zebra before its
# clients, or they wait 10 s to ask it again; everything but BGP through vtysh; bgpd last, when the routes and BFD
# profiles are there that its peers need, with its part of frr.conf as its own file.
set -eu

. /etc/frr/daemons

run=/run/frr
rm -rf "$run"
mkdir -p "$run"
chown frr:frr "$run" /etc/frr /etc/frr/*
chmod 0750 "$run" /etc/frr
chmod 0640 /etc/frr/*

cd /usr/lib/frr
watched=zebra
./zebra -d ${zebra_options:-}
# FRR 8 has no mgmtd, newer releases configure static routes through it.
if [ -x ./mgmtd ]; then
	watched="$watched mgmtd"
	./mgmtd -d ${mgmtd_options:-}
fi
bfdd_pid=
if [ "${bfdd:-no}" = yes ]; then
	watched="$watched bfdd"
	./bfdd -d ${bfdd_options:-} &
	bfdd_pid=$!
fi
watched="$watched staticd"
./staticd -d ${staticd_options:-} &
wait $! $bfdd_pid

vtysh -b >&2 || echo "start: vtysh did not take all of /etc/frr/frr.conf" >&2

if [ "${bgpd:-no}" = yes ]; then
	watched="$watched bgpd"
	awk '/^(router bgp|route-map) / { block = 1 }
		block || /^(hostname|log|debug bgp|bgp|ip prefix-list|ipv6 prefix-list) /
		/^exit$/ { block = 0 }' /etc/frr/frr.conf >"$run/bgpd.boot"
	chown frr:frr "$run/bgpd.boot"
	./bgpd -d ${bgpd_options:-} -f "$run/bgpd.boot"
fi

exec ./watchfrr $watched
