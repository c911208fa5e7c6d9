# shellcheck shell=bash disable=SC2154,SC2034 # Its variables are those of run.sh and aws.sh.
# One release, rollback or change of the sign-in at a time on a stage: a parameter that only one can make.

lock_owner=
lock_name() { printf '/status-board/%s/release-lock\n' "$stage"; }

# read_lock: what the lock says; nothing when there is none.
read_lock() {
  local answer result=0
  answer=$(aws_try ParameterNotFound ssm get-parameter --name "$(lock_name)") || result=$?
  case $result in
    0) jq --raw-output .Parameter.Value <<<"$answer" ;;
    "$absent") ;;
    *) return 1 ;;
  esac
}

refuse_lock() { # refuse_lock LOCK: says who holds it
  problem "$(jq --raw-output --arg stage "$stage" '
    "\(.what) by \(.owner) has held the lock of \($stage) since \(.at): wait for it; "
    + "if it no longer runs, repeat this command with --break-lock \(.owner)"' <<<"$1")"
}

# look_at_lock: for a dry run.
look_at_lock() {
  local lock
  lock=$(read_lock)
  [ -z "$lock" ] || [ "$(jq --raw-output .owner <<<"$lock")" = "$break_lock" ] || refuse_lock "$lock"
}

# take_lock WHAT: takes the lock, or says who has it.
take_lock() {
  local value lock result=0
  [ -z "$break_lock" ] || drop_lock_of "$break_lock" tell || return 1
  lock_owner=${USER:-somebody}@$(uname -n)-$(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')
  value=$(jq --null-input --compact-output --arg owner "$lock_owner" --arg what "$1" --arg at "$(now)" --arg who "$who" \
    '{owner: $owner, what: $what, at: $at, who: $who}')
  # Without --overwrite exactly one of several succeeds.
  aws_try ParameterAlreadyExists ssm put-parameter --name "$(lock_name)" --type String --value "$value" >/dev/null || result=$?
  [ "$result" -ne 0 ] || return 0
  lock_owner=
  [ "$result" -eq "$absent" ] || return 1
  lock=$(read_lock)
  [ -n "$lock" ] || problem "the lock of $stage was let go this very moment: run the same command again"
  refuse_lock "$lock"
}

# drop_lock_of OWNER [tell]: deletes the lock if it is that owner's.
drop_lock_of() {
  local lock holder
  lock=$(read_lock) || return 1
  [ -n "$lock" ] || {
    [ -z "${2-}" ] || note "nobody holds the lock of $stage any more"
    return 0
  }
  holder=$(jq --raw-output .owner <<<"$lock")
  if [ "$holder" != "$1" ]; then
    [ -z "${2-}" ] || problem "the lock of $stage is not $1's but $holder's: name that owner if you are sure that it no longer runs"
    return 0
  fi
  aws_call ssm delete-parameter --name "$(lock_name)" >/dev/null || return 1
  [ -z "${2-}" ] || note "took the lock from $1"
}

# release_lock: lets go of what this run holds; says so when it cannot.
release_lock() {
  [ -n "$lock_owner" ] || return 0
  local owner=$lock_owner
  lock_owner=
  if drop_lock_of "$owner"; then return 0; fi
  echo "$script: the lock of $stage stays: give --break-lock $owner with the next command" >&2
}
