#!/usr/bin/env bash
# Puts a load on a running board and judges it by the SLOs.
set -euo pipefail
export LC_ALL=C

usage="usage: scripts/load_test.sh --tool k6|artillery --profile quick|day|burst|peak|storm --url URL
                            [--header 'name: value']... [--machine] [--results DIRECTORY]"

help() {
  cat <<HELP
$usage

Fills a day far in the future with cards, puts a load on it while screens watch over WebSockets, and
writes what it came to. Exit status 0: every SLO is met. 1: one is not, or something is missing.

  --tool        k6 or artillery; neither is installed by this script, which says how to get it
  --profile     quick  15 s at 10 requests/s, 10 screens
                day    a shop's day in 5 minutes, up to 15 requests/s, 10 screens
                burst  10 minutes at 50 requests/s, 100 screens
                peak   2 minutes at 200 requests/s, 100 screens
                storm  500 screens that are all cut at once, twice in a minute
  --url         origin of the server, e.g. http://127.0.0.1:3000: this machine, or one that
                scripts/load-targets.txt names
  --header      sent with every request, e.g. a session's cookie; may be repeated
  --machine     signs each request by the keys in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
                AWS_SESSION_TOKEN and AWS_REGION, and sends it under /machine; a process beside the
                tool does it, whose work is in every latency
  --results     where the run gets its directory (default load_test_results)

A run's directory, named by its time in UTC, has raw/ (what the tool wrote), summary.json, report.md
(SLO, target, measured, margin, and the last run of the same kind) and latency.svg.

The day is 2098-06-16, and the cards stay there; the next run puts them back into their places.
Needs bash and this repository's dependencies (npm ci).
HELP
}

misused() {
  printf '%s\n%s\n' "$1" "$usage" >&2
  exit 2
}

missing() {
  printf '%s\n' "$@" >&2
  exit 1
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
load=$root/perf/load
date=2098-06-16
tool='' profile='' url='' machine='' results=$root/load_test_results
headers=()
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) help && exit 0 ;;
    --tool) tool=${2-} && shift ;;
    --profile) profile=${2-} && shift ;;
    --url) url=${2-} && shift ;;
    --machine) machine=yes ;;
    --results) results=${2-} && shift ;;
    --header)
      [[ ${2-} == *:* ]] || misused "--header must be 'name: value'"
      headers+=(--header "$2") && shift
      ;;
    *) misused "unknown option $1" ;;
  esac
  shift || misused "the last option has no value"
done
[[ $tool == k6 || $tool == artillery ]] || misused "--tool must be k6 or artillery"
[[ $profile =~ ^(quick|day|burst|peak|storm)$ ]] || misused "--profile must be quick, day, burst, peak or storm"
[ -n "$results" ] || misused "--results must name a directory"

node_bin=$root/node_modules/.bin/node
[ -x "$node_bin" ] || missing "load_test.sh needs this repository's dependencies: run npm ci in $root first"
node() { "$node_bin" --disable-warning=ExperimentalWarning --conditions=source "$@"; }

prepared=$(node "$load/prepare.ts" --profile "$profile" --url "$url" --targets "$root/scripts/load-targets.txt" \
  ${headers[@]+"${headers[@]}"}) || exit 1
{ read -r url && read -r cards && read -r seconds && read -r header_json && read -r phases; } <<<"$prepared"

if [ "$tool" = k6 ]; then
  command -v k6 >/dev/null || missing "k6 is missing. Either:" \
    "  go install go.k6.io/k6@v1.8.1     (Go 1.25 or newer; then put \$(go env GOPATH)/bin into PATH)" \
    "  or a package of https://github.com/grafana/k6/releases/tag/v1.8.1"
else
  [ -x "$load/node_modules/.bin/artillery" ] || missing "Artillery is missing. Its install scripts would download a browser, so leave them out:" \
    "  npm ci --ignore-scripts --prefix perf/load"
fi

signer_pid='' tool_pid=''
trap 'kill $signer_pid $tool_pid 2>/dev/null || true' EXIT
entrance=$url
if [ -n "$machine" ]; then
  exec {signer}< <(exec "$node_bin" --disable-warning=ExperimentalWarning --conditions=source "$load/signing-proxy.ts" "$url")
  signer_pid=$!
  read -r entrance <&"$signer" || exit 1
fi

node "$root/scripts/seed.ts" --url "$entrance" --date "$date" --cards "$cards" --reset ${headers[@]+"${headers[@]}"} || exit 1

started_at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
run=$(date -u +%Y%m%dT%H%M%SZ)
directory=$results/$run
mkdir -p "$results"
# Two runs may begin in one second; neither writes into the other's directory.
mkdir "$directory" || missing "$directory is there already"
raw=$directory/raw
mkdir "$raw"

export URL=$entrance DATE=$date PROFILE=$profile HEADERS=$header_json RUN=$run SUMMARY=$raw/k6-summary.json

if [ "$tool" = k6 ]; then
  k6 run --quiet --no-usage-report --no-color --log-format raw --log-output "file=$raw/requests.log" \
    "$load/k6-status-board.js" >"$raw/k6.out" 2>&1 &
else
  visit='status-board'
  [ "$profile" != storm ] || visit=storm
  ARTILLERY_DISABLE_TELEMETRY=true PATH=$root/node_modules/.bin:$PATH "$load/node_modules/.bin/artillery" run --quiet \
    --target "$entrance" --overrides "$phases" --output "$raw/artillery.json" "$load/artillery-$visit.yml" \
    >"$raw/artillery.out" 2>&1 &
fi
tool_pid=$!
began=$SECONDS
told=-30
while kill -0 "$tool_pid" 2>/dev/null; do
  if [ -t 2 ]; then
    printf '\r%s, %s: %d s of about %d s ' "$tool" "$profile" $((SECONDS - began)) "$seconds" >&2
  elif ((SECONDS - began >= told + 30)); then
    told=$((SECONDS - began))
    printf '%s, %s: %d s of about %d s\n' "$tool" "$profile" $((SECONDS - began)) "$seconds" >&2
  fi
  sleep 0.3
done
[ ! -t 2 ] || printf '\n' >&2
status=0
wait "$tool_pid" || status=$?
tool_pid=''
# k6 ends with 99 when a threshold is crossed: the report says which.
if ((status != 0 && status != 99)); then
  echo "$tool ended with $status; what it said is in $raw:" >&2
  tail -n 5 "$raw/$tool.out" >&2
  exit 1
fi

status=0
node "$load/report.ts" "$directory" "$tool" "$profile" "$url" "$started_at" || status=$?
echo "written to $directory"
exit "$status"
