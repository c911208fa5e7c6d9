# shellcheck shell=bash disable=SC2154,SC2034 # Its variables are those of run.sh and aws.sh, and of who sources it.
# The stack: its state, its parameters and outputs, and changes to it by change set.

# describe_stack: the stack as JSON; nothing when there is none.
describe_stack() {
  local answer result=0
  answer=$(aws_try 'does not exist' cloudformation describe-stacks --stack-name "$stack") || result=$?
  case $result in
    0) jq '.Stacks[0]' <<<"$answer" ;;
    "$absent") ;;
    *) return 1 ;;
  esac
}

# read_stack: what is deployed: $stack_status (ABSENT when nothing is), $stack_parameters and $stack_outputs as JSON objects.
read_stack() {
  local described
  described=$(describe_stack) || return 1
  [ -n "$described" ] || described='{"StackStatus": "ABSENT"}'
  stack_status=$(jq --raw-output .StackStatus <<<"$described")
  stack_parameters=$(jq '[.Parameters[]? | {key: .ParameterKey, value: .ParameterValue}] | from_entries' <<<"$described")
  stack_outputs=$(jq '[.Outputs[]? | {key: .OutputKey, value: .OutputValue}] | from_entries' <<<"$described")
}

output() { # output NAME: an output that the stack must have
  local value
  value=$(jq --raw-output --arg name "$1" '.[$name] // ""' <<<"$stack_outputs")
  [ -n "$value" ] || problem "stack $stack has no output $1: it was not made from this repository's template"
  printf '%s\n' "$value"
}

# api_url: where machines ask. An emulator's address is not the one that the stack names.
api_url() {
  local url=${API_URL-}
  [ -n "$url" ] || url=$(output ApiUrl)
  printf '%s\n' "${url%/}"
}

parameter() { jq --raw-output --arg name "$1" '.[$name] // ""' <<<"$stack_parameters"; }

# wait_for_stack: reads the stack until nothing is under way; outlives a network that is away for a minute.
wait_for_stack() {
  local try failures=0
  for ((try = 0; try < poll_tries; try++)); do
    sleep "$poll_seconds"
    if read_stack 2>"$scratch/poll-said"; then
      failures=0
      case $stack_status in
        REVIEW_IN_PROGRESS) return 0 ;;
        *_IN_PROGRESS) ;;
        *) return 0 ;;
      esac
    else
      failures=$((failures + 1))
      [ "$failures" -lt 12 ] || { cat "$scratch/poll-said" >&2 && return 1; }
    fi
  done
  problem "stack $stack is still $stack_status: look at it in the console; when it has come to rest, run the same command again"
}

# settle_stack: waits for what an earlier run began, and says what to do about a stack that cannot be changed.
settle_stack() {
  read_stack
  case $stack_status in
    REVIEW_IN_PROGRESS) ;;
    *_IN_PROGRESS)
      note "stack $stack is $stack_status: waits for that to end"
      wait_for_stack
      ;;
  esac
  local again="then run the same command again"
  case $stack_status in
    ABSENT | REVIEW_IN_PROGRESS | CREATE_COMPLETE | UPDATE_COMPLETE | UPDATE_ROLLBACK_COMPLETE | IMPORT_COMPLETE | IMPORT_ROLLBACK_COMPLETE) ;;
    ROLLBACK_COMPLETE | ROLLBACK_FAILED | CREATE_FAILED | DELETE_FAILED)
      problem "stack $stack is $stack_status: it never came to be; remove it (aws cloudformation delete-stack --stack-name $stack), wait until it is gone, $again"
      ;;
    UPDATE_ROLLBACK_FAILED)
      problem "stack $stack is $stack_status: repair what its events name, aws cloudformation continue-update-rollback --stack-name $stack, $again"
      ;;
    UPDATE_FAILED)
      problem "stack $stack is $stack_status: aws cloudformation rollback-stack --stack-name $stack, $again"
      ;;
    *) problem "stack $stack is $stack_status, which this script does not know: bring it to UPDATE_COMPLETE, $again" ;;
  esac
}

is_new_stack() { [[ $stack_status == ABSENT || $stack_status == REVIEW_IN_PROGRESS ]]; }

# make_change_set NAME PARAMETERS-FILE TEMPLATE-OPTIONS...: makes one, and says whether it would change anything: $changes is yes or no.
make_change_set() {
  change_set=$1-$(date +%s)-$RANDOM
  local type=UPDATE answer status reason try
  if is_new_stack; then type=CREATE; fi
  aws_call cloudformation create-change-set --stack-name "$stack" --change-set-name "$change_set" \
    --change-set-type "$type" --parameters "file://$2" "${@:3}" \
    --capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND >/dev/null
  for ((try = 0; try < poll_tries; try++)); do
    answer=$(aws_call cloudformation describe-change-set --stack-name "$stack" --change-set-name "$change_set")
    status=$(jq --raw-output .Status <<<"$answer")
    reason=$(jq --raw-output '.StatusReason // ""' <<<"$answer")
    [[ $status == *PENDING || $status == *PROGRESS ]] || break
    sleep "$poll_seconds"
  done
  if [ "$status" = CREATE_COMPLETE ]; then
    changes=yes
    show_changes "$answer"
    return 0
  fi
  drop_change_set
  [[ $reason == *"didn't contain changes"* || $reason == *'No updates are to be performed'* ]] \
    || problem "the change set of $stack is $status: ${reason:0:400}: repair the template or its parameters, then run the same command again"
  changes=no
  note 'the stack already is as it should be'
}

drop_change_set() {
  aws_call cloudformation delete-change-set --stack-name "$stack" --change-set-name "$change_set" >/dev/null
}

# show_changes CHANGE-SET: a line each. What holds data is never replaced or removed in passing.
show_changes() {
  jq --raw-output '.Changes[]?.ResourceChange
    | "       \(.Action)\(if .Replacement == "True" then " (replaced)" elif .Replacement == "Conditional" then " (perhaps replaced)" else "" end)  \(.LogicalResourceId)  \(.ResourceType)"' <<<"$1"
  local lost
  lost=$(jq --raw-output '[.Changes[]?.ResourceChange
    | select(.ResourceType | IN("AWS::DynamoDB::Table", "AWS::Cognito::UserPool", "AWS::S3::Bucket"))
    | select(.Action == "Remove" or .Replacement == "True") | .LogicalResourceId] | join(", ")' <<<"$1")
  [ -n "$lost" ] || return 0
  drop_change_set
  problem "this would remove or replace $lost, and the data in it: nothing was changed; keep the logical name and the properties that force a replacement as they were"
}

# execute_change_set: carries it out, and waits for the end.
execute_change_set() {
  [ "$changes" = yes ] || return 0
  local began
  began=$(now)
  aws_call cloudformation execute-change-set --stack-name "$stack" --change-set-name "$change_set" >/dev/null
  wait_for_stack
  case $stack_status in
    CREATE_COMPLETE | UPDATE_COMPLETE) ;;
    *) problem "AWS could not make the change, and stack $stack is $stack_status: $(first_failure "$began")" ;;
  esac
}

# first_failure SINCE: the first thing that went wrong in the stack.
first_failure() {
  run_aws cloudformation describe-stack-events --stack-name "$stack" 2>/dev/null | jq --raw-output --arg since "$1" '
    [.StackEvents[] | select(.Timestamp >= $since and (.ResourceStatus | endswith("_FAILED")))
      | select((.ResourceStatusReason // "") | test("cancelled") | not)] | last
    | if . then "\(.LogicalResourceId): \(.ResourceStatusReason // .ResourceStatus)" else "its events tell why" end' \
    || echo 'its events tell why'
}
