#!/bin/sh
# A stand-in of MetalLB's suite: two specs, in ginkgo's words. The first passes. The second starts a router that has another
# password than MetalLB's peer, waits for the session as the real one would, and fails.
line=------------------------------
suite="Stand-in Suite"
focus=. kubeconfig= image= report= dry=
for argument; do
	value=${argument#*=}
	case $argument in
	-ginkgo.dry-run) dry=yes ;;
	-ginkgo.json-report=*) report=$value ;;
	-ginkgo.focus=*) focus=$value ;;
	-kubeconfig=*) kubeconfig=$value ;;
	-frr-image=*) image=$value ;;
	esac
done
wanted() { printf '%s %s\n' "$suite" "$1" | grep -qE "$focus"; }

if [ -n "$dry" ]; then
	spec() {
		state=skipped
		! wanted "$1 $2" || state=passed
		printf '{"ContainerHierarchyTexts": ["%s"], "LeafNodeType": "It", "LeafNodeText": "%s", "State": "%s"}' "$1" "$2" $state
	}
	printf '[{"SuiteDescription": "%s", "SpecReports": [%s, %s]}]' "$suite" "$(spec BGP works)" "$(spec BGP "is stuck")" >"$report"
	exit 0
fi

kube() { kubectl --kubeconfig "$kubeconfig" "$@" >/dev/null; }
failed() { # state, message
	printf '• [%s] [60.000 seconds]\nBGP [It] is stuck\n/x.go:2\n\n  [%s] %s\n  In [It] at: /x.go:3 @ 1\n%s\n' "$1" "$1" "$2" $line
	docker kill ibgp-single-hop >/dev/null 2>&1
	exit 1
}

kube create namespace bgp-xse
if wanted "BGP works"; then
	printf '%s\nBGP works\n/x.go:1\n  STEP: nothing @ 11/29/26 19:28:01.123\n• [0.100 seconds]\n%s\n' $line $line
fi
if wanted "BGP is stuck"; then
	printf '%s\nBGP is stuck\n/x.go:2\n' $line
	trap 'failed INTERRUPTED "Interrupted by User"' INT
	folder=$(mktemp -d)
	nodes=$(kubectl --kubeconfig "$kubeconfig" get nodes -o jsonpath='{.items[*].status.addresses[0].address}')
	printf 'zebra=yes\nbgpd=yes\nbfdd=yes\nvtysh_enable=yes\n' >"$folder/daemons"
	{
		printf 'router bgp 64512\n'
		for node in $nodes; do
			printf ' neighbor %s remote-as 64512\n neighbor %s password wrong\n' "$node" "$node"
		done
	} >"$folder/frr.conf"
	touch "$folder/vtysh.conf"
	chmod -R a+rwX "$folder"
	docker run -d --rm --privileged --network kind --name ibgp-single-hop --volume "$folder:/etc/frr" "$image" >/dev/null
	address=$(docker inspect -f '{{.NetworkSettings.Networks.kind.IPAddress}}' ibgp-single-hop)
	printf '  STEP: checking nodes are peered with the frr instance ibgp-single-hop @ 11/29/26 19:28:01.123\n'
	kube apply -f - <<-PEER
		apiVersion: metallb.io/v1beta2
		kind: BGPPeer
		metadata: {name: ibgp-single-hop0, namespace: metallb-system}
		spec: {peerAddress: $address, peerASN: 64512, myASN: 64512, password: right}
	PEER
	tries=0
	until docker exec ibgp-single-hop vtysh -c 'show bgp summary json' | grep -q '"state":"Established"'; do
		tries=$((tries + 1))
		[ $tries -lt 90 ] || failed FAILED "Timed out after 60.000s."
		sleep 1
	done
	printf '• [1.000 seconds]\n%s\n' $line
fi
