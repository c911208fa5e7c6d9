# shellcheck shell=bash disable=SC2154,SC2034 # Its variables are those of run.sh.
# How the scripts speak to AWS, and what its refusals mean.

export AWS_PAGER='' AWS_MAX_ATTEMPTS=${AWS_MAX_ATTEMPTS:-5} SAM_CLI_TELEMETRY=0

run_aws() {
  local options=(--output json --cli-connect-timeout 10 --cli-read-timeout 60)
  [ -z "$region" ] || options+=(--region "$region")
  [ -z "$profile" ] || options+=(--profile "$profile")
  # Older AWS CLIs do not look at the variable by themselves.
  [ -z "${AWS_ENDPOINT_URL-}" ] || options+=(--endpoint-url "$AWS_ENDPOINT_URL")
  aws "${options[@]}" "$@"
}

# explain OPERATION: turns what the AWS CLI said last into one line that says what to do.
explain() {
  local said
  said=$(grep -v '^ *$' "$scratch/aws-said" | tail -n 1 || true)
  case $said in
    *'Unable to locate credentials'* | *NoCredentials* | *'Unable to load credentials'*)
      said="no AWS credentials: set AWS_PROFILE or give --profile (aws configure sso makes one), then run the same command again"
      ;;
    *ExpiredToken* | *'token included in the request is expired'* | *'SSO Token'* | *'SSO session'* | *'has expired'* | *UnauthorizedSSOToken*)
      said="the AWS session has expired: sign in again (aws sso login), then run the same command again"
      ;;
    *InvalidClientTokenId* | *'security token included in the request is invalid'* | *SignatureDoesNotMatch* | *InvalidAccessKeyId*)
      said="AWS does not know these credentials: check AWS_PROFILE or the access key, then run the same command again"
      ;;
    *'could not be found'*'profile'* | *'profile'*'could not be found'*)
      said="there is no profile '$profile' in the configuration of the AWS CLI: aws configure list-profiles names them"
      ;;
    *'must specify a region'* | *NoRegion*) said="no AWS region: set AWS_REGION or give --region, then run the same command again" ;;
    *'Could not connect'* | *'onnect timeout'* | *'Read timeout'* | *'Connection was closed'* | *'Connection reset'* | *'onnection aborted'* | *'EndpointConnection'* | *'name resolution'* | *'Failed to resolve'*)
      said="the network to AWS was lost in $1: when it is back, run the same command again"
      ;;
    *AccessDenied* | *'not authorized'* | *UnauthorizedOperation* | *Forbidden*)
      said="these credentials may not $1: use those of the stage's deployer, or let its role do that (${said:0:300})"
      ;;
    *Throttling* | *'Rate exceeded'* | *RequestLimitExceeded*) said="AWS asks for patience in $1: run the same command again in a minute" ;;
    '') said="$1 failed without a word: run the same command again" ;;
    *) said="$1 failed: ${said:0:400}: repair that, then run the same command again" ;;
  esac
  tell "$said"
}

# aws_call SERVICE OPERATION...: the AWS CLI; a failure is explained, and is one.
aws_call() {
  run_aws "$@" 2>"$scratch/aws-said" && return 0
  explain "$1 $2"
  return 1
}

# The exit status of aws_try when AWS answered what was expected of a thing that is not there.
absent=44

# aws_try PATTERN SERVICE OPERATION...: the same, but a refusal that contains PATTERN is $absent and not explained.
aws_try() {
  run_aws "${@:2}" 2>"$scratch/aws-said" && return 0
  if grep -Eq "$1" "$scratch/aws-said"; then return "$absent"; fi
  explain "$2 $3"
  return 1
}

# sign_in: finds out who asks, in which account and region.
sign_in() {
  local identity
  identity=$(aws_call sts get-caller-identity)
  account=$(jq --raw-output .Account <<<"$identity")
  who=$(jq --raw-output .Arn <<<"$identity")
  [ -n "$region" ] || region=$(aws configure get region ${profile:+--profile "$profile"} 2>/dev/null || true)
  [ -n "$region" ] || problem "no AWS region: set AWS_REGION or give --region, then run the same command again"
  export AWS_REGION=$region
  stack=status-board-$stage
  bucket=status-board-artifacts-$account-$region
  note "$who, account $account, $region, stack $stack"
}

# export_credentials: puts the keys where curl and Node find them.
export_credentials() {
  [ -z "${AWS_ACCESS_KEY_ID-}" ] || return 0
  local found
  found=$(run_aws configure export-credentials --format process 2>"$scratch/aws-said") || {
    explain 'configure export-credentials'
    return 1
  }
  AWS_ACCESS_KEY_ID=$(jq --raw-output .AccessKeyId <<<"$found")
  AWS_SECRET_ACCESS_KEY=$(jq --raw-output .SecretAccessKey <<<"$found")
  AWS_SESSION_TOKEN=$(jq --raw-output '.SessionToken // ""' <<<"$found")
  export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
  if [ -n "$AWS_SESSION_TOKEN" ]; then export AWS_SESSION_TOKEN; else unset AWS_SESSION_TOKEN; fi
}
