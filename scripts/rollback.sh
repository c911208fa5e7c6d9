#!/usr/bin/env bash
# Brings back a kept version: see rollback.sh --help, and docs/RELEASE_ROLLBACK_PLAYBOOK.md.
# shellcheck disable=SC2154,SC2034,SC2317 # Variables and functions are shared with the files that it sources.
set -euo pipefail

usage="usage: scripts/rollback.sh [--stage dev|prod] [--past-migrations] [--dry-run] [VERSION]"

help() {
  cat <<HELP
$usage

Deploys what was kept of VERSION, tries it, and records it. Nothing is built, and nothing but AWS and the site is asked.
Without VERSION: the version before the one that serves; after a release that was cut off, the one that served before
it; after a rollback, the same once more, which changes nothing.

  --past-migrations   go back even past a migration with which VERSION is known not to work
HELP
  common_help
}

# shellcheck source=scripts/common/run.sh
source "$(dirname "${BASH_SOURCE[0]}")/common/run.sh"
use aws lock stack artifacts records deploy

version='' past_migrations=
while [ $# -gt 0 ]; do
  case $1 in
    --past-migrations) past_migrations=yes taken=1 ;;
    -*) common_option "$@" ;;
    *) take_version "$1" ;;
  esac
  shift "$taken"
done
[ -z "$version" ] || is_version "$version" || misused "VERSION must look like 1.4.0, not '$version'"
need_tools aws jq curl
[ -d "$root/node_modules" ] || problem "the smoke test needs this repository's dependencies: run npm ci, then the same command again"
recorded='' deploying=
before_end() {
  [ "$1" -ne 0 ] && [ -n "$deploying" ] && [ -z "$recorded" ] || return 0
  tell "the way back to $version did not come to its end: run the same command again, or name another version ($(kept_list))"
}
trap 'exit 130' INT TERM

kept_list() { jq --raw-output '[.kept[].version] | join(", ")' <<<"$record"; }

# choose: $version is where the way leads, $served what serves now or was about to.
choose() {
  has_bucket
  [ "$has_bucket" = yes ] || problem "nothing was ever released here: bucket $bucket does not exist; check --region and --profile"
  read_record
  [ -n "$(kept_list)" ] || problem "no version is kept on $stage: release one first (scripts/release.sh)"
  local how
  how=$(of_record .current.how)
  if [ -z "$version" ]; then
    if [ "$underway" != null ]; then
      note "$(jq --raw-output '"a \(.kind) of \(.version) began at \(.at) and did not come to its end"' <<<"$underway")"
      version=$(jq --raw-output '.goTo // ""' <<<"$underway")
    elif [[ $how == *rollback ]]; then
      version=$(of_record .current.version)
      note "$version serves since a rollback already: name a VERSION to go further back ($(kept_list))"
    else
      version=$(of_record .previous)
    fi
    [ -n "$version" ] || problem "there is no version before $(of_record '.current.version'): kept are $(kept_list)"
  fi
  jq --exit-status --arg version "$version" 'any(.kept[]; .version == $version)' <<<"$record" >/dev/null \
    || problem "$version is not kept on $stage: choose one of $(kept_list)"
  note "$(of_record .current.version) -> $version"
}

# judge_migrations: those that ran since VERSION stay: a migration is never undone.
judge_migrations() {
  local since line
  since=$(jq --argjson underway "$underway" --arg version "$version" '
    ([.kept[] | select(.version == $version) | .migrations[].id]) as $known
    | [(.current.migrations // [])[], ($underway.migrations // [])[]] | unique_by(.id) | map(select(.id | IN($known[]) | not))' <<<"$record")
  while IFS= read -r line; do [ -z "$line" ] || note "$line"; done < <(jq --raw-output --arg version "$version" '.[]
    | "migration \(.id) \(.name) stays, for a migration cannot be undone; "
      + if .earlierReleases == "work" then "\($version) works with it" else "\($version) does NOT work with it" end' <<<"$since")
  [ -n "$past_migrations" ] || jq --exit-status 'all(.[]; .earlierReleases == "work")' <<<"$since" >/dev/null \
    || problem "$version cannot work with the data as migrated: release a repaired version instead, or restore the tables (docs/RELEASE_ROLLBACK_PLAYBOOK.md) and give --past-migrations"
}

look_at_stack() {
  settle_stack
  ! is_new_stack || problem "stack $stack does not exist: there is nothing to bring back; release a version (scripts/release.sh)"
}

record_rollback() {
  local new
  read_stack
  new=$(jq --arg version "$version" --arg at "$(now)" --arg by "$who" --arg mode "$(parameter AuthMode)" --slurpfile smoke "$scratch/smoke.json" '
    .current.version as $from
    | .kept |= (if $from == $version then . else
        (map(.version) | index($version)) as $place
        | [to_entries[] | if .key < $place then .value + {withdrawnAt: (.value.withdrawnAt // $at)} else .value end] end)
    | (.kept | map(.version) | index($version)) as $place
    | .previous = ([.kept[$place + 1:][] | select(has("withdrawnAt") | not) | .version] | first // null)
    | .current = (.kept[$place] | del(.withdrawnAt)) + {
        since: (if $from == $version then .current.since else $at end), how: "rollback", rolledBackFrom: (if $from == $version then .current.rolledBackFrom else $from end),
        by: $by, authMode: $mode, smoke: $smoke[0]}
    | .kept[$place] |= del(.withdrawnAt)' <<<"$record")
  write_record "$new"
}

step 'credentials' sign_in
if [ -n "$dry_run" ]; then step 'lock' look_at_lock; else step 'lock' take_lock "a rollback"; fi
step 'version' choose
step 'migrations since' judge_migrations
step 'stack' look_at_stack
step "kept artifact of $version" fetch_kept "$version"
if [ -n "$dry_run" ]; then
  would_deploy "$version"
  printf 'done   nothing was changed\n'
  exit
fi
migrations=$(jq --argjson underway "$underway" '[(.current.migrations // [])[], ($underway.migrations // [])[]] | unique_by(.id)' <<<"$record")
step 'begin' begin_underway rollback "$version" "$version" "$migrations"
deploying=yes
deploy_kept "$version"
step 'record' record_rollback
printf 'done   %s serves on %s, %d s in all\n' "$version" "$stage" "$SECONDS"
