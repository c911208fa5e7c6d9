# shellcheck shell=bash disable=SC2154,SC2034
# What the scripts for AWS do alike: options, steps with their seconds, problems in one line, a clean end.
# Whoever sources this sets $usage, and has a function help.

((BASH_VERSINFO[0] > 4 || (BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] >= 4))) || {
  echo "$0: needs bash 4.4 or newer: install it, and run this with it" >&2
  exit 1
}
# A command that fails in $( ) fails what stands around it, too.
shopt -s inherit_errexit
export LC_ALL=C # Numbers with a decimal point, wherever this runs.
script=${0##*/}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
stage=dev
region=${AWS_REGION:-${AWS_DEFAULT_REGION-}}
profile=${AWS_PROFILE-}
break_lock=
dry_run=
# The unit in which changes on AWS are waited for.
poll_seconds=${POLL_SECONDS:-5}
poll_tries=${POLL_TRIES:-720}
step=
step_began=0
scratch=$(mktemp -d)

# use PART...: sources further parts of this folder.
use() {
  local part
  for part in "$@"; do
    # shellcheck source=/dev/null
    source "$root/scripts/common/$part.sh"
  done
}

# Every script ends here, however it ends. One that has more to do has a function before_end, which gets the exit status.
before_end() { :; }
release_lock() { :; }
finish() {
  local result=$?
  trap - EXIT
  tell_failed_step
  before_end "$result"
  release_lock
  rm -rf "$scratch"
  exit "$result"
}
trap finish EXIT

# problem TEXT: says in one line what happened and what to do, and ends.
problem() {
  tell "$1"
  exit 1
}

# tell TEXT: the same without the end. The last one stands in the record of a release that failed.
tell() {
  printf '%s\n' "$1" >"$scratch/problem"
  printf '%s: %s\n' "$script" "$1" >&2
}

last_problem() { cat "$scratch/problem" 2>/dev/null || echo 'it was interrupted'; }

misused() {
  printf '%s: %s\n%s\n' "$script" "$1" "$usage" >&2
  exit 2
}

note() { printf '       %s\n' "$1"; }

common_help() {
  cat <<HELP
  --stage dev|prod    the stage (dev)
  --region REGION     the AWS region (AWS_REGION, or the profile's)
  --profile NAME      the profile of the AWS CLI (AWS_PROFILE)
  --dry-run           looks at everything, changes nothing, and says what it would do
  --break-lock OWNER  takes over the lock of a run that is dead; OWNER as the refusal names it
  --help              this text

Needs bash 4.4, the AWS CLI, jq and curl.
HELP
}

# common_option ARGUMENTS: reads one option that all scripts know; $taken says how many arguments it took.
common_option() {
  taken=2
  case $1 in
    -h | --help) help && exit 0 ;;
    --dry-run) dry_run=yes taken=1 && return 0 ;;
    --stage | --region | --profile | --break-lock) [[ -n ${2-} && ${2-} != --* ]] || misused "$1 needs a value" ;;
    -*) misused "unknown option $1" ;;
    *) misused "unexpected argument $1" ;;
  esac
  case $1 in
    --stage)
      [[ $2 == dev || $2 == prod ]] || misused "--stage must be dev or prod, not '$2'"
      stage=$2
      ;;
    --region)
      [[ $2 =~ ^[a-z]{2}(-[a-z]+)+-[0-9]$ ]] || misused "--region must be an AWS region such as eu-central-1, not '$2'"
      region=$2
      ;;
    --profile) profile=$2 ;;
    --break-lock) break_lock=$2 ;;
  esac
}

is_version() { [[ $1 =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]]; }

# take_version ARGUMENT: the one VERSION of a command line.
take_version() {
  [ -z "$version" ] || misused "one VERSION only"
  version=$1 taken=1
}

need_tools() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || problem "needs $tool, which is not installed: install it, then run the same command again"
  done
}

# step NAME COMMAND...: one step; it ends the script when it fails.
step() {
  step=$1
  step_began=$SECONDS
  printf '..     %s\n' "$step"
  "${@:2}"
  printf 'ok     %-44s %5d s\n' "$step" $((SECONDS - step_began))
  step=
}

# change NAME COMMAND...: a step that changes something, which a dry run only names.
change() {
  if [ -n "$dry_run" ]; then printf 'would  %s\n' "$1"; else step "$@"; fi
}

# tell_failed_step: to be called when the script ends badly.
tell_failed_step() {
  [ -z "$step" ] || printf 'FAILED %-44s %5d s\n' "$step" $((SECONDS - step_began))
  step=
}

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi | cut -d ' ' -f 1; }
