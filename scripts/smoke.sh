#!/usr/bin/env bash
# Tries every step of the product against a running server, and leaves nothing behind.
# shellcheck disable=SC2016 # The variables in single quotes are jq's.
set -euo pipefail
export LC_ALL=C # Numbers with a decimal point, wherever this runs.

usage="usage: scripts/smoke.sh [--machine] [--header 'name: value']... URL"

help() {
  cat <<HELP
$usage

Works through health, services, a card, its moves, the figures and the live feed on a board far in
the future, prints a line for each step, and removes what it made. Exit status 0 only when all
steps hold.

  URL                      address of the server, e.g. http://127.0.0.1:3000
  --header 'name: value'   sent with every request; may be repeated
  --machine                signs each request by the keys in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                           and AWS_REGION. The URL then ends in /machine, and readiness, which stands behind the site
                           alone, is left out

Needs bash, curl and jq, and this repository's dependencies (npm ci).
HELP
}

misused() {
  printf '%s\n%s\n' "$1" "$usage" >&2
  exit 2
}

url=
machine=()
headers=(--header 'accept: application/json')
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) help && exit 0 ;;
    --header)
      [[ ${2-} == *:* ]] || misused "--header must be 'name: value'"
      headers+=(--header "$2")
      shift
      ;;
    --machine) machine=(--machine) ;;
    -*) misused "unknown option $1" ;;
    *)
      [ -z "$url" ] || misused "one URL only"
      url=${1%/}
      ;;
  esac
  shift
done
[[ $url == http://?* || $url == https://?* ]] || misused "URL must be an http or https address"
region=${AWS_REGION:-${AWS_DEFAULT_REGION-}}
if [ ${#machine[@]} -gt 0 ]; then
  [[ $url == */machine ]] || misused "with --machine the URL must end in /machine"
  for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; do
    [ -n "${!name-}" ] || misused "--machine needs $name"
  done
  [ -n "$region" ] || misused '--machine needs AWS_REGION'
fi
for tool in curl jq; do
  command -v "$tool" >/dev/null || { echo "smoke.sh needs $tool: install it first" >&2 && exit 1; }
done
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
node=$root/node_modules/.bin/node
[ -x "$node" ] || { echo "smoke.sh needs this repository's dependencies: run npm ci in $root first" >&2 && exit 1; }

appointments=/api/admin/appointments
services=/api/admin/services
date=2099-12-29
run=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
code=SMOKE-${run:0:12}
scratch=$(mktemp -d)
signing=()
request=0
step=start
step_us=0
made=no
watcher=

# A ULID of this second, from the 16 hexadecimal digits of this run.
mint_id() {
  local alphabet=0123456789ABCDEFGHJKMNPQRSTVWXYZ text='' ms
  ms=$(($(date +%s) * 1000))
  while [ ${#text} -lt 10 ]; do
    text=${alphabet:ms%32:1}$text
    ms=$((ms / 32))
  done
  printf '%s%s\n' "$text" "$(tr '[:lower:]' '[:upper:]' <<<"$run")"
}
card=$(mint_id)

# shellcheck source=scripts/common/smoke-calls.sh
source "$root/scripts/common/smoke-calls.sh"

begin() {
  step=$1
  step_us=0
}

pass() {
  printf 'ok   %-28s %5d ms\n' "$step" "$(((step_us + 500) / 1000))"
}

field() { jq --raw-output "$1" <<<"$body"; }

# remove PATH: removes the thing with the version that it has now, whoever changed it last.
remove() {
  local try
  for try in 1 2 3; do
    send GET "$1"
    [ "$status" != 404 ] || return 0
    send DELETE "$1?expectedVersion=$(jq --raw-output '.data.version // 1' <<<"$body" 2>/dev/null || echo 1)"
    [ "$status" != 200 ] || return 0
    sleep "0.$try"
  done
  return 1
}

# Looks for what this run may have made by names of its own, so that a lost answer leaves nothing behind either.
remove_all() {
  local id left=0
  remove "$appointments/$card" || left=1
  send GET "$services?search=$code"
  for id in $(jq --raw-output '.data.items[]?.id' <<<"$body" 2>/dev/null); do
    remove "$services/$id" || left=1
  done
  return "$left"
}

finish() {
  local result=$?
  trap - EXIT
  [ -z "$watcher" ] || kill "$watcher" 2>/dev/null || true
  if [ "$made" = yes ] && ! remove_all; then
    echo "could not clean up: look for card $card and service $code" >&2
    result=1
  fi
  rm -rf "$scratch"
  exit "$result"
}
trap finish EXIT
[ ${#machine[@]} -eq 0 ] || sign_requests
trap 'exit 130' INT
trap 'exit 143' TERM

begin 'health'
health_of "${url%/machine}"
expect 200 'status up' '.ok and .data.status == "up"'
pass

if [ ${#machine[@]} -eq 0 ]; then
  begin 'ready'
  send GET /ready
  expect 200 'status ready' '.ok and .data.status == "ready"'
  pass
fi

begin 'list services'
send GET "$services"
expect 200 'a list with its total' '.ok and (.data.items | type) == "array" and .data.total >= (.data.items | length)'
pass

made=yes
begin 'create service'
send POST "$services" "$(jq -n --arg code "$code" \
  '{code: $code, name: "Smoke test", priceCents: 4900, minutes: 30, mutationId: $code}')"
expect 201 'the service at version 1' '.data.code == $code and .data.version == 1 and .data.active' --arg code "$code"
service=$(field .data.id)
pass

begin 'list services, empty search'
send GET "$services?limit=1&search="
expect 200 'everything, as without a search' '.data.total >= 1 and (.data.items | length) == 1'
pass

begin 'search services'
send GET "$services?search=$(tr '[:upper:]' '[:lower:]' <<<"$code")"
expect 200 'the new service alone' '.data.total == 1 and .data.items[0].id == $id' --arg id "$service"
pass

begin 'edit service'
send PATCH "$services/$service" '{"expectedVersion": 1, "priceCents": 5900}'
expect 200 'the new price at version 2' '.data.priceCents == 5900 and .data.version == 2'
pass

begin 'board'
send GET "$appointments/board?date=$date"
expect 200 'five columns with their counts' '.data.date == $date and (.data.columns
  | keys == ["completed", "in_progress", "no_show", "ready", "scheduled"] and all(.[]; .count == (.items | length)))' \
  --arg date "$date"
pass

begin 'create card'
send POST "$appointments" "$(jq -n --arg id "$card" --arg code "$code" --arg date "$date" \
  '{id: $id, start: "\($date)T12:00:00Z", end: "\($date)T12:30:00Z", customer: {name: "Smoke test"}, vehicle: {},
    serviceCodes: [$code]}')"
expect 201 'a scheduled card at version 1, with the price of its service' \
  '.data | .id == $id and .version == 1 and .status == "scheduled" and .totalCents == 5900' --arg id "$card"
# The day of noon in UTC depends on the shop's time zone: the card says on which board it stands.
date=$(field .data.date)
send GET "$appointments/board?date=$date"
expect 200 'the card in scheduled' '[.data.columns.scheduled.items[].id] | index($id) != null' --arg id "$card"
pass

begin 'delete service'
send DELETE "$services/$service?expectedVersion=2"
expect 200 'the version of the removal' '.data.id == $id and .data.version == 3' --arg id "$service"
send GET "$services/$service"
expect 404 'not_found' '.error.code == "not_found"'
send GET "$appointments/$card"
expect 200 'the card as it was' '.data.version == 1 and .data.totalCents == 5900'
pass

move=$(jq -n --arg id "smoke-$run" '{newStatus: "in_progress", expectedVersion: 1, mutationId: $id}')
begin 'move'
send POST "$appointments/$card/move" "$move"
expect 200 'the card in progress at version 2' \
  '.data.status == "in_progress" and .data.version == 2 and .data.checkInAt != null'
pass

begin 'version conflict'
send POST "$appointments/$card/move" '{"newStatus": "ready", "expectedVersion": 1}'
expect 409 'version_conflict with the card as it is' '.error.code == "version_conflict"
  and .error.current.id == $id and .error.current.version == 2 and .error.current.status == "in_progress"' \
  --arg id "$card"
pass

begin 'invalid transition'
send POST "$appointments/$card/move" '{"newStatus": "no_show", "expectedVersion": 2}'
expect 409 'invalid_transition with what is allowed' '.error.code == "invalid_transition"
  and .error.from == "in_progress" and .error.to == "no_show" and (.error.allowed | index("ready")) != null'
pass

begin 'retry of a mutation'
send POST "$appointments/$card/move" "$move"
expect 200 'the card still at version 2' '.data.status == "in_progress" and .data.version == 2'
send GET "$appointments/$card"
expect 200 'no second effect' '.data.status == "in_progress" and .data.version == 2'
pass

begin 'stats'
send GET "/api/admin/dashboard/stats?date=$date"
expect 200 'figures that count the card' '.data | .date == $date and .statusCounts.in_progress >= 1 and .onPrem >= 1
  and .jobsToday == ([.statusCounts[]] | add) - .statusCounts.no_show and .unpaidCents >= 5900' --arg date "$date"
pass

begin 'undo'
send POST "$appointments/$card/undo" "$(jq -n --arg id "smoke-$run" '{mutationId: $id, expectedVersion: 2}')"
expect 200 'the card back in scheduled at version 3' \
  '.data.status == "scheduled" and .data.version == 3 and .data.checkInAt == null'
pass

begin 'live'
watch "$card"
before=$(jq -n now)
send POST "$appointments/$card/move" '{"newStatus": "ready", "expectedVersion": 3}'
expect 200 'the card ready at version 4' '.data.status == "ready" and .data.version == 4'
await_change 'the move as a change of the board'
step_us=$(microseconds "$(jq -n "now - $before")")
pass

begin 'clean up'
send DELETE "$appointments/$card?expectedVersion=4"
expect 200 'the version of the removal' '.data.id == $id and .data.version == 5' --arg id "$card"
send GET "$appointments/board?date=$date"
expect 200 'a board without the card' '[.data.columns[].items[].id] | index($id) == null' --arg id "$card"
send GET "$services?search=$code"
expect 200 'no such service' '.data.total == 0'
made=no
pass
