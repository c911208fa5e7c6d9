#!/usr/bin/env bash
# Releases what is checked out: see release.sh --help, and docs/RELEASE_ROLLBACK_PLAYBOOK.md.
# shellcheck disable=SC2154,SC2034,SC2317 # Variables and functions are shared with the files that it sources.
set -euo pipefail

usage="usage: scripts/release.sh [--stage dev|prod] [--parameter NAME=VALUE]... [--dry-run] VERSION"

help() {
  cat <<HELP
$usage

Checks and builds what is checked out, keeps it under VERSION, shows what would change, runs new migrations, deploys,
and tries the result. If that fails, the version that served before serves again when this ends. Exit status 0 only when
VERSION serves.

  VERSION             such as 1.4.0; each can be released once a stage
  --parameter N=V     sets a parameter of template.yaml; the others stay as they are
HELP
  common_help
}

# shellcheck source=scripts/common/run.sh
source "$(dirname "${BASH_SOURCE[0]}")/common/run.sh"
use aws lock stack artifacts records deploy

version=
given='{}'
while [ $# -gt 0 ]; do
  case $1 in
    --parameter)
      [[ ${2-} =~ ^[A-Za-z0-9]+= ]] || misused "--parameter must be NAME=VALUE"
      [[ ! ${2%%=*} =~ ^(Release|Stage|Deployment)$ ]] || misused "${2%%=*} is not set by hand"
      given=$(jq --arg name "${2%%=*}" --arg value "${2#*=}" '.[$name] = $value' <<<"$given")
      taken=2
      ;;
    -*) common_option "$@" ;;
    *) take_version "$1" ;;
  esac
  shift "$taken"
done
[ -n "$version" ] || misused "which VERSION?"
is_version "$version" || misused "VERSION must look like 1.4.0, not '$version'"
need_tools aws jq curl git npm
cd "$root"
recorded=
began_at=$(now)
trap 'tell "it was interrupted: run the same command again"; exit 130' INT TERM

check_tree() {
  commit=$(git rev-parse HEAD 2>/dev/null) || problem "this is not a git working tree: clone the repository, and release from there"
  local changed
  # The records of earlier releases are no part of what is released.
  changed=$(git status --porcelain -- . ':!releases')
  [ -z "$changed" ] || problem "the working tree has changes ($(head -n 1 <<<"$changed")): commit or stash them, then run the same command again"
  note "commit ${commit:0:12}"
}

quietly() { # quietly WHAT COMMAND...: shows the output only of what fails
  "${@:2}" >"$scratch/output" 2>&1 && return 0
  tail -n 30 "$scratch/output"
  problem "$1 failed, as shown above: nothing was deployed; repair it, commit, and run the same command again"
}

build() {
  quietly 'the bundles of the functions' npm run --silent build:aws
  quietly 'the page' npm run --silent build:page
}

# read_before: the stage as it is; refuses a version that was used.
read_before() {
  has_bucket
  record='{"current": null, "previous": null, "kept": []}' underway=null
  [ "$has_bucket" = yes ] || return 0
  read_record
  before=$(of_record .current.version)
  [ "$underway" = null ] || note "$(jq --raw-output '"a \(.kind) of \(.version) by \(.by) began at \(.at) and did not come to its end"' <<<"$underway")"
  refuse_used "$(read_object "$stage/releases/$version/release.json")"
}

# is_told_here: whether releases/ in the working tree names VERSION as the one that serves.
is_told_here() {
  [ "$(jq --raw-output --arg stage "$stage" '.[$stage].current.version' "$root/releases/rollback.json" 2>/dev/null)" = "$version" ] \
    && [ -s "$root/releases/$version.json" ]
}

refuse_used() { # refuse_used ENTRY
  local again="give this one another version"
  if [ "$before" = "$version" ] && [ "$(of_record .current.commit)" = "$commit" ] && { [ -z "$1" ] || ! is_told_here; }; then
    complete=yes
    return 0
  fi
  local used
  used=$(jq --raw-output --arg version "$version" 'any(.kept[]; .version == $version)' <<<"$record")
  [ -n "$1" ] || [ "$used" = true ] || return 0
  if [ "$used" = true ] || [ "$(jq --raw-output .result <<<"$1")" = released ]; then problem "$version was released on $stage before: $again"; fi
  [ "$(jq --raw-output .commit <<<"$1")" = "$commit" ] \
    || problem "$version was tried on $stage with another commit ($(jq --raw-output '.commit[:12]' <<<"$1")): $again"
}

check_parameters() {
  settle_stack
  # What the stack has already may be said again: the command of a first release that failed is the same.
  is_new_stack || jq --exit-status --argjson current "$stack_parameters" \
    '[to_entries[] | select((.key | IN("AuthMode", "AllowPublicNone")) and .value != $current[.key])] == []' <<<"$given" >/dev/null \
    || problem "a release does not change who may come in: use scripts/auth-toggle.sh for AuthMode"
  note "stack $stack: $stack_status"
}

keep() {
  keep_release "$version"
  work_out_parameters "$version" "$(jq --arg stage "$stage" --arg release "$version" '. + {Stage: $stage, Release: $release}' <<<"$given")"
  aws_call s3 cp --only-show-errors "$scratch/parameters.json" "$(kept "$version")/parameters.json"
  note "template ${template_sha256:0:12}, page ${page_sha256:0:12}"
}

migrate() {
  export_credentials
  AWS_REGION=$region npm run --silent migrate -- up --board-table "$(output BoardTable)" --live-table "$(output LiveTable)" \
    --shop-id "$(parameter ShopId)" --shop-time-zone "$(parameter ShopTimeZone)" 2>&1 | sed 's/^/       /' \
    || problem "a migration failed, as shown above: run the same command again when it is repaired; the migrations before it stay"
}

# entry RESULT: what this run says of the version.
entry() {
  local result=$1 smoke
  smoke=$(cat "$scratch/smoke.json")
  jq --null-input --arg version "$version" --arg commit "$commit" --arg result "$result" --arg startedAt "$began_at" --arg endedAt "$(now)" \
    --arg by "$who" --arg template "$template_sha256" --arg page "$page_sha256" --arg index "$index_sha256" --arg at "$(kept "$version")" \
    --argjson migrations "$migrations" --argjson smoke "$smoke" --arg authMode "$(parameter AuthMode)" '
    {version: $version, commit: $commit, result: $result, startedAt: $startedAt, endedAt: $endedAt, by: $by, authMode: $authMode,
      artifacts: {at: $at, templateSha256: $template, pageSha256: $page, indexSha256: $index}, migrations: $migrations, smoke: $smoke}'
}

record_release() {
  local made new
  read_stack
  made=$(entry released)
  new=$(jq --argjson entry "$made" --argjson most "$kept_versions" '
    ([$entry] + [.kept[] | select(.version != $entry.version)]) as $all
    | {current: ($entry + {since: $entry.endedAt, how: "release"}), previous: (.current.version // null),
      kept: $all[:$most], dropped: [$all[$most:][].version]}' <<<"$record")
  write_record "$new" "$made"
}

# go_back: the version that served before serves again.
go_back() {
  settle_stack
  fetch_kept "$before"
  note "brings back $before"
  deploy_kept "$before"
}

record_failure() { # record_failure RESULT PROBLEM SMOKE
  local made new
  read_stack
  made=$(entry "$1" | jq --arg problem "$2" --arg serves "$before" --argjson smoke "$3" \
    '. + {problem: $problem, smoke: $smoke, servesInstead: (if $serves == "" then null else $serves end)}')
  new=$(jq --argjson made "$made" --slurpfile smoke "$scratch/smoke.json" '
    if $made.result == "rolled_back" then .current += {how: "automatic_rollback", smoke: $smoke[0]} else . end
    | .lastFailure = ($made | {version, endedAt, problem})' <<<"$record")
  write_record "$new" "$made"
}

# deploy: runs in a process of its own, so that whatever ends it leads to the way back.
attempt() { # attempt COMMAND...: $attempted is its status
  set +e
  (
    trap tell_failed_step EXIT
    trap 'exit 130' INT TERM
    set -e
    "$@"
  )
  attempted=$?
  set -e
}

before='' complete=
step 'working tree' check_tree
step 'credentials' sign_in
if [ -n "$dry_run" ]; then step 'lock' look_at_lock; else step 'lock' take_lock "a release of $version"; fi
step 'version unused' read_before
if [ -n "$complete" ]; then
  change_id=$(of_record .change)
  change "the record of $version, which an earlier run left unfinished" write_entry "$(jq --arg version "$version" '.kept[] | select(.version == $version)' <<<"$record")"
  printf 'done   %s serves on %s since %s\n' "$version" "$stage" "$(of_record .current.since)"
  exit
fi
step 'stack' check_parameters
step 'check' quietly 'npm run check' npm run --silent check
step 'build' build
migrations=$(npm run --silent migrate -- known) || problem "the migrations cannot be listed: run npm ci, then the same command again"
change 'bucket of the artifacts' make_bucket
change "keep $version" keep
if [ -n "$dry_run" ]; then
  would_deploy "$version" migrations
  printf 'done   nothing was changed; %s serves on %s\n' "${before:-nothing}" "$stage"
  exit
fi
step 'begin' begin_underway release "$version" "$before" "$migrations"

trap 'interrupted=yes' INT TERM
attempt deploy_kept "$version" migrate
if [ "$attempted" -eq 0 ]; then
  trap 'tell "it was interrupted while recording: run the same command again"; exit 130' INT TERM
  step 'record' record_release
  printf 'done   %s serves on %s, %d s in all; before it %s\n' "$version" "$stage" "$SECONDS" "${before:-nothing}"
  exit
fi

why=$(last_problem)
smoke_then=$(cat "$scratch/smoke.json")
trap 'echo "       going back: please wait"' INT TERM
if [ -z "$before" ]; then
  step 'record' record_failure failed "$why" "$smoke_then"
  problem "$version does not serve, and there is no earlier version to go back to: repair the cause (${why:0:200}), then run the same command again"
fi
printf 'back   %s does not serve; going back to %s\n' "$version" "$before"
no_smoke
attempt go_back
if [ "$attempted" -ne 0 ]; then
  problem "$version does not serve, and going back to $before failed: run scripts/rollback.sh --stage $stage as soon as that is repaired (the stage stays marked as half-done)"
fi
step 'record' record_failure rolled_back "$why" "$smoke_then"
problem "$version was not released, and $before serves again: ${why:0:300}"
