#!/usr/bin/env bash
# A MetalLB BGP lab in a CI job: brings it up, checks it by name, breaks it where asked for, and keeps what explains a
# failure. Any CI system can run it; action.yml does on GitHub.
#
#   LAB_OPTIONS   options of every command, such as `--lab lab.toml --metallb-version v0.16.1`
#   LAB_FAILOVER  scenarios of failover to measure, such as `pause speaker`
#   LAB_OUT       folder for the results (default: metallb-lab): junit.xml, failover-SCENARIO.xml, log.txt; after a failure
#                 diagnosis.txt and lab.tar.gz
#   LAB_IMAGES    archive of images: loaded if it is there, written if it is not
#   LAB_COMMAND   the command (default: metallb-lab), such as `cargo xtask`
#   GITHUB_STEP_SUMMARY  file that a failure's diagnosis is added to
set -euo pipefail

read -ra lab <<<"${LAB_COMMAND:-metallb-lab}"
read -ra options <<<"${LAB_OPTIONS:-}"
read -ra scenarios <<<"${LAB_FAILOVER:-}"
out=${LAB_OUT:-metallb-lab}
images=${LAB_IMAGES:-}
summary=${GITHUB_STEP_SUMMARY:-/dev/null}
now="the beginning"
# What failover breaks, it breaks as root.
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo --preserve-env env "PATH=$PATH")

# Runs a verb, and writes what it says both here and into the log.
step() {
	now=$1
	printf '$ %s\n' "${lab[*]} $* ${options[*]}" | tee -a "$out/log.txt"
	"${before[@]}" "${lab[@]}" "$@" "${options[@]}" 2>&1 | tee -a "$out/log.txt"
}

# Keeps what explains a failure, however it came about.
explain() {
	local code=$?
	[ "$code" != 0 ] || return 0
	set +e
	"${lab[@]}" diagnose "${options[@]}" >"$out/diagnosis.txt" 2>&1
	"${lab[@]}" collect --out "$out/lab.tar.gz" "${options[@]}"
	{
		printf '### MetalLB lab: `%s` ended with code %s\n\n```text\n' "$now" "$code"
		tail -n 20 "$out/log.txt"
		printf '```\n\n`diagnose`:\n\n```text\n'
		cat "$out/diagnosis.txt"
		printf '```\n'
	} | tee -a "$summary"
	exit "$code"
}

if ! command -v "${lab[0]}" >/dev/null; then
	echo "there is no command ${lab[0]}: cargo install --path crates/metallb-lab, or name another in LAB_COMMAND" >&2
	exit 3
fi
mkdir -p "$out"
: >"$out/log.txt"
trap explain EXIT
before=()
step doctor --fix
# A cache that cannot be used is no reason to fail: the images come from their registries then.
if [ -n "$images" ] && [ -f "$images" ]; then
	"${lab[@]}" images load "$images" "${options[@]}" || echo "images of $images are not used"
fi
step up
step verify --junit "$out/junit.xml"
before=("${as_root[@]}")
for scenario in "${scenarios[@]}"; do
	step failover --scenario "$scenario" --junit "$out/failover-$scenario.xml"
done
if [ -n "$images" ] && ! [ -f "$images" ]; then
	"${lab[@]}" images save "$images" "${options[@]}" || rm -f "$images"
fi
