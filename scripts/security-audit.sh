#!/usr/bin/env bash
# Looks for what should not be: see security-audit.sh --help, and docs/SECURITY.md.
# shellcheck disable=SC2154,SC2034,SC2317 # Variables and functions are shared with the files that it sources.
set -euo pipefail

usage="usage: scripts/security-audit.sh [--stage dev|prod] [--only CHECK,...] [--allow FILE]"

help() {
  cat <<HELP
$usage

Looks at a deployed stage and at the packages, changes nothing, and prints a table. Exit status 1 when there is a finding
that the allow-list does not name with a reason, or when something could not be looked at.

  --only CHECK,...    some of: iam buckets cors encryption secrets headers advisories; advisories needs no account
  --allow FILE        the allow-list (scripts/security-allow.json): [{"check", "subject", "reason", "until"?}, ...];
                      subject may have *; until is a day, after which the entry no longer counts
HELP
  common_help
}

# shellcheck source=scripts/common/run.sh
source "$(dirname "${BASH_SOURCE[0]}")/common/run.sh"
use aws stack audit

only='' allow_file=$root/scripts/security-allow.json
while [ $# -gt 0 ]; do
  case $1 in
    --only | --allow)
      [ -n "${2-}" ] || misused "$1 needs a value"
      if [ "$1" = --only ]; then only=$2; else allow_file=$2; fi
      taken=2
      ;;
    *) common_option "$@" ;;
  esac
  shift "$taken"
done
IFS=, read -r -a checks <<<"${only:-iam,buckets,cors,encryption,secrets,headers,advisories}"
for check in "${checks[@]}"; do
  [[ $check =~ ^(iam|buckets|cors|encryption|secrets|headers|advisories)$ ]] || misused "there is no check '$check'"
done
need_tools jq curl
trap 'exit 130' INT TERM

read_allowed() {
  allowed=$(jq '.' "$allow_file" 2>/dev/null) || problem "$allow_file is no JSON: repair it, or name another with --allow"
  local bad
  bad=$(jq --raw-output 'if type != "array" then "it is no list" else [.[]
    | select((.check | type) != "string" or (.subject | type) != "string" or ((.reason // "") | length) < 10) | "\(.check) \(.subject)"] | first // "" end' <<<"$allowed")
  [ -z "$bad" ] || problem "$allow_file: each entry needs check, subject and a reason of ten characters or more ($bad)"
}

: >"$scratch/findings"
read_allowed
if [ "${checks[*]}" != advisories ]; then
  need_tools aws
  step 'credentials' sign_in
  step 'stack' find_stack
fi
for check in "${checks[@]}"; do step "look at $check" look_at "$check"; done
judge_findings
