#!/bin/bash
# What `up` is measured against: the documented procedure, step after step, as a shell script does it. Every step is the
# usual tool's, waits for the one before, and its time is printed.
# usage: sequential.sh up DIR OPERATOR RESOURCES IMAGE... | down
#   DIR        what `xtask render --out DIR` wrote: kind.yaml, and a folder for each router
#   OPERATOR   a checkout of the MetalLB Operator
#   RESOURCES  pools, peers, profile, advertisement and workload, as `xtask render` writes them: metallb.yaml
#   IMAGE      what the nodes lack
set -euo pipefail

label=metallb-lab-bench
frr=${FRR_IMAGE:-quay.io/frrouting/frr:9.1.0}
begun=$EPOCHREALTIME
kube() { kubectl --context kind-kind "$@"; }

step() { # step NAME COMMAND...: runs it, and prints how long it took
	local name=$1 from=$EPOCHREALTIME
	shift
	"$@" >&2
	awk -v name="$name" -v from="$from" -v to="$EPOCHREALTIME" 'BEGIN {printf "%-12s %6.1f s\n", name, to - from}'
}

cluster() {
	docker network create --label $label --subnet 10.0.1.0/24 --ip-range 10.0.1.0/25 --ipv6 --subnet fd00:10:0:1::/64 kind
	docker network create --label $label --subnet 10.0.2.0/24 --ipv6 --subnet fd00:10:0:2::/64 kind2
	kind create cluster --name kind --config "$dir/kind.yaml" --wait 120s
	kube wait --for=condition=Ready node --all --timeout=120s
}

router() { # router NAME NETWORK IPV4 IPV6 [NETWORK IPV4 IPV6]
	docker create --name "$1" --hostname "$1" --label $label --network "$2" --ip "$3" --ip6 "$4" \
		--cap-add NET_ADMIN --cap-add NET_RAW --cap-add SYS_ADMIN \
		--sysctl net.ipv4.ip_forward=1 --sysctl net.ipv6.conf.all.forwarding=1 --sysctl net.ipv6.conf.all.disable_ipv6=0 \
		"$frr" /usr/lib/frr/docker-start
	tar -C "$dir/$1" --owner=100 --group=101 -cf - frr.conf daemons vtysh.conf | docker cp -q - "$1:/etc/frr"
	[ $# -lt 7 ] || docker network connect --ip "$6" --ip6 "$7" "$5" "$1"
	docker start "$1"
}

routers() {
	local node
	router next-hop-router kind2 10.0.2.2 fd00:10:0:2::2 kind 10.0.1.250 fd00:10:0:1::fa
	router frr1 kind2 10.0.2.3 fd00:10:0:2::3
	router frr2 kind2 10.0.2.4 fd00:10:0:2::4
	for node in kind-control-plane kind-worker kind-worker2; do
		docker exec $node ip route replace 10.0.2.0/24 via 10.0.1.250
		docker exec $node ip -6 route replace fd00:10:0:2::/64 via fd00:10:0:1::fa
	done
}

operator() {
	make -C "$checkout" deploy-cert-manager
	kube create namespace metallb-system --dry-run=client -o yaml | kube apply --server-side -f -
	KUSTOMIZE_DEPLOY_DIR=config/frr-on-ci/ ENABLE_OPERATOR_WEBHOOK=true make -C "$checkout" deploy
}

wait_operator() {
	kube -n metallb-system rollout status deployment/metallb-operator-controller-manager --timeout=180s
	kube -n metallb-system set env deployment/metallb-operator-webhook-server METALLB_BGP_TYPE=frr
	kube -n metallb-system rollout status deployment/metallb-operator-webhook-server --timeout=180s
}

metallb() {
	kube apply -f - <<-'YAML'
		{apiVersion: metallb.io/v1beta1, kind: MetalLB, metadata: {name: metallb, namespace: metallb-system}, spec: {bgpBackend: frr}}
	YAML
	kube -n metallb-system wait --for=condition=Available metallb/metallb --timeout=240s
	kube -n metallb-system rollout status daemonset/speaker --timeout=240s
}

resources() {
	local deadline=$((SECONDS + 60))
	until kube apply -f "$resources"; do [ $SECONDS -lt $deadline ] || return 1; done
	kube rollout status deployment/test-agnhost --timeout=120s
}

learned() {
	local router address
	for router in frr1 frr2; do
		docker exec $router vtysh -c 'show ip route 203.0.113.200/32 json' | grep -q '"protocol":"bgp"' || return
		for address in 203.0.113.200 '[fd01::]'; do docker exec $router curl -gsm 2 -o /dev/null "http://$address/" || return; done
	done
}

answers() {
	local deadline=$((SECONDS + 120))
	until learned; do [ $SECONDS -lt $deadline ] || { echo "no answer within 120 s" >&2; return 1; }; done
}

up() {
	dir=$1 checkout=$2 resources=$3
	shift 3
	archive=$(mktemp)
	trap 'rm -f "$archive"' EXIT
	step kind cluster
	step save docker save -o "$archive" "$@"
	step load kind load image-archive --name kind "$archive"
	step routers routers
	step make operator
	step operator wait_operator
	step metallb metallb
	step resources resources
	step answers answers
	awk -v from="$begun" -v to="$EPOCHREALTIME" 'BEGIN {printf "%-12s %6.1f s\n", "all", to - from}'
}

down() {
	kind delete cluster --name kind
	docker ps -aq --filter label=$label | xargs -r docker rm -f >/dev/null
	docker network ls -q --filter label=$label | xargs -r docker network rm >/dev/null
}

case ${1:-} in
up) shift && up "$@" ;;
down) down ;;
*) sed -n '4p' "$0" >&2; exit 2 ;;
esac
