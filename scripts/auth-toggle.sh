#!/usr/bin/env bash
# Changes who may come in: see auth-toggle.sh --help, and docs/RELEASE_ROLLBACK_PLAYBOOK.md.
# shellcheck disable=SC2154,SC2034,SC2317 # Variables and functions are shared with the files that it sources.
set -euo pipefail

usage="usage: scripts/auth-toggle.sh [--stage dev|prod] [--confirm STAGE] [--dry-run] none|oidc|iam"

help() {
  cat <<HELP
$usage

Changes AuthMode of a stage, the template staying as it is, and proves it: an unsigned request is refused and a signed
one accepted, or, with none, an unsigned one accepted. When that does not hold, the mode before is put back.

  none                everybody on the internet is the manager: only for a stage without real data
  oidc                people sign in at the issuer; machines sign their requests
  iam                 only machines that sign; people are kept out
  --confirm STAGE     the stage's name, for none, where nobody can be asked for it
HELP
  common_help
}

# shellcheck source=scripts/common/run.sh
source "$(dirname "${BASH_SOURCE[0]}")/common/run.sh"
use aws lock stack artifacts records

mode='' confirmed=
while [ $# -gt 0 ]; do
  case $1 in
    --confirm)
      [ -n "${2-}" ] || misused "--confirm needs the stage's name"
      confirmed=$2 taken=2
      ;;
    -*) common_option "$@" ;;
    *)
      [ -z "$mode" ] || misused "one mode only"
      mode=$1 taken=1
      ;;
  esac
  shift "$taken"
done
[[ $mode == none || $mode == oidc || $mode == iam ]] || misused "the mode must be none, oidc or iam, not '$mode'"
need_tools aws jq curl

mode_before='' toggling=
before_end() {
  trap '' INT TERM
  if [ "$1" -ne 0 ] && [ -n "$toggling" ]; then put_back; fi
}
trap 'exit 130' INT TERM

confirm_none() {
  [ "$mode" = none ] || return 0
  local answer=$confirmed
  if [ -z "$answer" ] && [ -t 0 ]; then
    printf 'With none the whole internet may read and write %s. Type the name of the stage: ' "$stage"
    read -r answer
  fi
  [ "$answer" = "$stage" ] || problem "none opens $stage to everybody: give --confirm $stage if that is meant; nothing was changed"
}

look_at_stack() {
  settle_stack
  ! is_new_stack || problem "stack $stack does not exist: release a version first (scripts/release.sh)"
  fetch_template "$(parameter Release)"
  mode_before=$(parameter AuthMode)
  note "AuthMode is $mode_before"
}

# set_mode MODE: deploys the kept template of the release that the stack is made of. AWS does not promise to transform the
# stack's own once more, and without that the functions' aliases would stay with the mode before.
set_mode() {
  local allow='' release
  [ "$1" != none ] || allow=$stage
  read_stack
  release=$(parameter Release)
  work_out_parameters "$release" "$(jq --null-input --arg mode "$1" --arg allow "$allow" '{AuthMode: $mode, AllowPublicNone: $allow}')"
  make_change_set "auth-$1" "$scratch/parameters.json" --template-url "$(template_url "$release")"
  execute_change_set
  read_stack
}

# ask URL [curl options]: the status of a request for the shop's settings; 000 when there is none.
ask() { curl --silent --output /dev/null --write-out '%{http_code}' --max-time 20 "${@:2}" "$1/api/admin/shop" || true; }

ask_signed() {
  local token=()
  [ -z "${AWS_SESSION_TOKEN-}" ] || token=(--header "x-amz-security-token: $AWS_SESSION_TOKEN")
  # From a file, so that the secret does not stand in the list of processes.
  curl --config <(printf 'user = "%s:%s"\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY") --silent --output /dev/null --write-out '%{http_code}' \
    --max-time 20 --aws-sigv4 "aws:amz:$region:execute-api" ${token[@]+"${token[@]}"} "$1/machine/api/admin/shop" || true
}

# prove MODE: what the mode promises holds, within a minute.
prove() {
  local page api try unsigned machine signed
  page=$(output PublicUrl)
  api=$(api_url)
  page=${page%/}
  [ "$1" = none ] || export_credentials
  for ((try = 0; try < 12; try++)); do
    [ "$try" -eq 0 ] || sleep "$poll_seconds"
    unsigned=$(ask "$page")
    if [ "$1" = none ]; then
      [ "$unsigned" != 200 ] || return 0
      machine=- signed=-
      continue
    fi
    machine=$(ask "$api/machine")
    signed=$(ask_signed "$api")
    [[ ! $unsigned =~ ^40[13]$ || ! $machine =~ ^40[13]$ || $signed != 200 ]] || {
      note "unsigned $unsigned and $machine, signed $signed"
      return 0
    }
  done
  problem "$1 does not hold: an unsigned request got $unsigned, an unsigned one to /machine $machine, a signed one $signed"
}

put_back() {
  toggling=
  printf 'back   putting back %s\n' "$mode_before"
  if (
    set +e
    trap - EXIT
    ! (
      set -e
      settle_stack
      set_mode "$mode_before"
    )
  ); then
    tell "$mode_before could not be put back, and the mode is unclear: scripts/auth-toggle.sh --stage $stage $mode_before, as soon as that is repaired"
  else
    tell "$mode was not taken; AuthMode is $mode_before as before: repair what stands above, then run the same command again"
  fi
}

# record_mode: what the stage's record says of the present.
record_mode() {
  has_bucket
  [ "$has_bucket" = yes ] || return 0
  read_record
  [ -n "$(of_record .current.version)" ] || return 0
  change_id=$(of_record .change)
  record=$(jq --arg mode "$mode" --arg at "$(now)" --arg by "$who" '.current.authMode = $mode | .auth = {mode: $mode, since: $at, by: $by}' <<<"$record")
  write_object "$stage/rollback.json" "$record"
  write_entry
}

confirm_none
step 'credentials' sign_in
if [ -n "$dry_run" ]; then step 'lock' look_at_lock; else step 'lock' take_lock "a change to AuthMode $mode"; fi
step 'stack' look_at_stack
if [ -n "$dry_run" ]; then
  printf 'would  %s\n' "AuthMode $mode_before -> $mode" 'proof' 'record'
  printf 'done   nothing was changed\n'
  exit
fi
if [ "$mode_before" != "$mode" ]; then
  toggling=yes
  step "AuthMode $mode_before -> $mode" set_mode "$mode"
fi
step 'proof' prove "$mode"
toggling=
step 'record' record_mode
printf 'done   AuthMode of %s is %s\n' "$stage" "$mode"
