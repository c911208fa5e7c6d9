# shellcheck shell=bash disable=SC2154,SC2034 # Its variables are those of smoke.sh, which sources it.
# How the smoke test speaks to the server, and how a step says that it does not hold.

# microseconds SECONDS: as curl and bash write them, with a decimal point or without.
microseconds() {
  local whole=${1%.*} rest=000000
  [[ $1 != *.* ]] || rest=${1#*.}000000
  printf '%d\n' "$((10#$whole * 1000000 + 10#${rest:0:6}))"
}

# send METHOD PATH [BODY]: the answer goes to $status, $body and $correlation.
send() {
  local data=()
  [ $# -lt 3 ] || data=(--header 'content-type: application/json' --data "$3")
  request=$((request + 1))
  correlation=smoke-$run-$request
  : >"$scratch/headers"
  : >"$scratch/body"
  local figures
  figures=$(curl --silent --show-error --max-time 20 --request "$1" --dump-header "$scratch/headers" \
    --output "$scratch/body" --write-out '%{http_code} %{time_total}' --header "x-correlation-id: $correlation" \
    ${signing[@]+"${signing[@]}"} "${headers[@]}" ${data[@]+"${data[@]}"} "$url$2" 2>"$scratch/problem") || figures="000 0"
  status=${figures% *}
  body=$(<"$scratch/body")
  [ "$status" != 000 ] || body=$(<"$scratch/problem")
  step_us=$((step_us + $(microseconds "${figures#* }")))
  local line
  while IFS= read -r line; do
    [[ $line != [Xx]-[Cc]orrelation-[Ii][Dd]:* ]] || correlation=${line#*:}
  done <"$scratch/headers"
  correlation=${correlation//[[:space:]]/}
}

# health_of URL: asks whether the process behind URL is up, which needs no signature.
health_of() {
  local url=$1 signing=()
  send GET /health
}

# sign_requests: from now on each is signed. The keys go by a file, because a command line can be read by others.
sign_requests() {
  (umask 077 && printf 'user = "%s:%s"\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" >"$scratch/keys")
  [ -z "${AWS_SESSION_TOKEN-}" ] || printf 'header = "x-amz-security-token: %s"\n' "$AWS_SESSION_TOKEN" >>"$scratch/keys"
  signing=(--config "$scratch/keys" --aws-sigv4 "aws:amz:$region:execute-api")
}

# fail EXPECTED GOT: names the step that does not hold, and ends.
fail() {
  {
    printf 'FAIL %s\n' "$step"
    printf '  expected: %s\n' "$1"
    printf '  got: %s\n' "${2:0:600}"
    printf '  correlation id: %s\n' "$correlation"
  } >&2
  exit 1
}

# expect STATUS DESCRIPTION [FILTER [jq options]]: judges the last answer.
expect() {
  local wanted=$1 description=$2 filter=${3-true}
  shift $(($# < 3 ? $# : 3))
  if [ "$status" = "$wanted" ] && jq --exit-status "$@" "$filter" <<<"$body" >/dev/null 2>&1; then return; fi
  fail "$wanted, $description" "$status $body"
}

# watch ID: subscribes to the board, and returns when everything on it is there. What the watcher says comes on 3.
watch() {
  request=$((request + 1))
  correlation=smoke-$run-$request
  mkfifo "$scratch/watch"
  "$node" --disable-warning=ExperimentalWarning --conditions=source "$root/scripts/watch.ts" \
    --url "$url" --date "$date" --until "$1" --timeout 10 ${machine[@]+"${machine[@]}"} "${headers[@]}" --header "x-correlation-id: $correlation" \
    >"$scratch/watch" 2>&1 &
  watcher=$!
  exec 3<"$scratch/watch"
  local line='' said=''
  while IFS= read -r line <&3; do
    said=$line
    [[ $line != *'  live: '* ]] || return 0
  done
  fail 'a live connection' "$said"
}

# await_change: the watcher ends by itself, well only when the change has come.
await_change() {
  local line='' said=''
  while IFS= read -r line <&3; do said=$line; done
  exec 3<&-
  local result=0
  wait "$watcher" || result=$?
  watcher=
  [ "$result" -eq 0 ] || fail "$1" "$said"
}
