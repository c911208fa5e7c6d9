# shellcheck shell=bash disable=SC2154,SC2034 # Its variables are those of run.sh, aws.sh, stack.sh and security-audit.sh.
# What the security audit looks at. Each finding is a line: check, subject, what is wrong.

secret_max_days=90
# A rotation may come a few days late.
secret_grace_days=7

finding() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$scratch/findings"; }

# each_finding CHECK: findings that jq made, as lines of subject, tab, what is wrong.
each_finding() {
  local subject what
  while IFS=$'\t' read -r subject what; do [ -z "$subject" ] || finding "$1" "$subject" "$what"; done
}

find_stack() {
  read_stack
  ! is_new_stack || problem "stack $stack does not exist: check --stage, --region and --profile"
  resources=$(aws_call cloudformation list-stack-resources --stack-name "$stack")
}

# of_type TYPE: the physical names of the stack's resources of a type.
of_type() { jq --raw-output --arg type "$1" '.StackResourceSummaries[] | select(.ResourceType == $type) | .PhysicalResourceId' <<<"$resources"; }
logical() { jq --raw-output --arg id "$1" '[.StackResourceSummaries[] | select(.PhysicalResourceId == $id) | .LogicalResourceId] | first // $id' <<<"$resources"; }

# look_at CHECK: a check that cannot be made is a finding, too.
look_at() {
  local result=0
  set +e
  (
    set -e
    "look_at_$1"
  )
  result=$?
  set -e
  [ "$result" -eq 0 ] || finding "$1" 'the check' "could not be made: $(last_problem)"
}

# The few actions that know no resource, which a policy can only grant on all.
resourceless='["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets", "cloudwatch:PutMetricData", "secretsmanager:GetRandomPassword"]'

# What is too wide in the policies of the roles named in $roles, as lines of subject, tab, what is wrong.
# shellcheck disable=SC2016 # The variables are jq's.
too_wide='def list: if type == "array" then . else [.] end;
  def breadth($subject): .Statement | list | .[] | select(.Effect == "Allow")
    | ((.Action // [] | list) | map(select(. == "*" or endswith(":*")))) as $wide
    | ((.Action // [] | list) | map(select(IN($free[]) | not))) as $bound
    | (if ($wide | length) > 0 then "may do \($wide | join(", "))" else empty end),
      (if (.NotAction or .NotResource) then "is granted all but some things" else empty end),
      (if ((.Resource // [] | list) | any(. == "*")) and ($bound | length) > 0 then "may do \($bound | join(", ")) on every resource" else empty end)
    | "\($subject)\t\(.)";
  (.Policies | map({key: .Arn, value: (.PolicyVersionList[] | select(.IsDefaultVersion) | .Document)}) | from_entries) as $own
  | (.RoleDetailList | map({key: .RoleName, value: .}) | from_entries) as $found
  | $roles | to_entries[] | .value as $role | $found[.key]
  | if . == null then "\($role)\tdoes not exist" else
      (.RolePolicyList[]? | .PolicyName as $name | .PolicyDocument | breadth("\($role)/\($name)")),
      (.AttachedManagedPolicies[]? | .PolicyName as $name | .PolicyArn
        | if $own[.] then $own[.] | breadth("\($role)/\($name)")
          elif test("/(AWSLambdaBasicExecutionRole|AWSXRayDaemonWriteAccess|AWSCodeDeployRoleForLambda[A-Za-z]*)$") then empty
          else "\($role)/\($name)\thas a policy of AWS\u0027s own, which is wider than the role needs" end),
      (.AssumeRolePolicyDocument.Statement | list
        | [.[] | select(.Effect == "Allow") | .Principal | if type == "object" then .AWS else . end] | flatten
        | if any(. == "*") then "\($role)\tmay be assumed by everybody" else empty end)
    end'

look_at_iam() {
  local roles
  roles=$(jq '[.StackResourceSummaries[] | select(.ResourceType == "AWS::IAM::Role") | {key: .PhysicalResourceId, value: .LogicalResourceId}] | from_entries' <<<"$resources")
  aws_call iam get-account-authorization-details --filter Role LocalManagedPolicy >"$scratch/iam.json"
  jq --raw-output --argjson free "$resourceless" --argjson roles "$roles" "$too_wide" "$scratch/iam.json" | each_finding iam
}

all_buckets() {
  of_type AWS::S3::Bucket
  printf '%s\n' "$bucket"
}

look_at_buckets() {
  local one answer result
  for one in $(all_buckets); do
    result=0
    answer=$(aws_try NoSuchPublicAccessBlock s3api get-public-access-block --bucket "$one") || result=$?
    [[ $result -eq 0 || $result -eq $absent ]] || return 1
    [ "$result" -eq 0 ] || answer='{}'
    jq --exit-status '.PublicAccessBlockConfiguration | [.BlockPublicAcls, .IgnorePublicAcls, .BlockPublicPolicy, .RestrictPublicBuckets] | all' <<<"$answer" >/dev/null \
      || finding buckets "$(logical "$one")" 'does not block all public access'
    result=0
    answer=$(aws_try NoSuchBucketPolicy s3api get-bucket-policy-status --bucket "$one") || result=$?
    [[ $result -eq 0 || $result -eq $absent ]] || return 1
    [ "$result" -ne 0 ] || [ "$(jq .PolicyStatus.IsPublic <<<"$answer")" != true ] || finding buckets "$(logical "$one")" 'its policy lets everybody in'
  done
}

look_at_cors() {
  local api site
  for api in $(of_type AWS::ApiGatewayV2::Api); do
    aws_call apigatewayv2 get-api --api-id "$api" | jq --raw-output --arg subject "$(logical "$api")" \
      'select(any(.CorsConfiguration.AllowOrigins[]?; . == "*" or startswith("http://*") or startswith("https://*"))) | "\($subject)\tanswers pages of every origin"' | each_finding cors
  done
  for site in "$(output PublicUrl)" "$(output ApiUrl)"; do
    if curl --silent --max-time 20 --dump-header - --output /dev/null --header 'origin: https://evil.example' "${site%/}/health" \
      | grep -Eiq '^access-control-allow-origin: *(\*|https://evil\.example)'; then finding cors "$site" 'answers a page of https://evil.example'; fi
  done
}

look_at_encryption() {
  local one
  for one in $(of_type AWS::DynamoDB::Table); do
    aws_call dynamodb describe-table --table-name "$one" | jq --raw-output --arg subject "$(logical "$one")" \
      '.Table | (select(.SSEDescription.Status != "ENABLED") | "\($subject)\tis not encrypted with a key of KMS"), (select(.DeletionProtectionEnabled != true) | "\($subject)\tcan be deleted by mistake")' | each_finding encryption
  done
  for one in $(all_buckets); do
    local result=0
    aws_try ServerSideEncryptionConfigurationNotFoundError s3api get-bucket-encryption --bucket "$one" >/dev/null || result=$?
    case $result in
      0) ;;
      "$absent") finding encryption "$(logical "$one")" 'is not encrypted' ;;
      *) return 1 ;;
    esac
  done
  for one in $(of_type AWS::SQS::Queue); do
    aws_call sqs get-queue-attributes --queue-url "$one" --attribute-names All | jq --raw-output --arg subject "$(logical "$one")" \
      '.Attributes | select(.SqsManagedSseEnabled != "true" and (.KmsMasterKeyId // "") == "") | "\($subject)\tis not encrypted"' | each_finding encryption
  done
  for one in $(of_type AWS::SNS::Topic); do
    aws_call sns get-topic-attributes --topic-arn "$one" | jq --raw-output --arg subject "$(logical "$one")" \
      '.Attributes | select((.KmsMasterKeyId // "") == "") | "\($subject)\tis not encrypted"' | each_finding encryption
  done
}

look_at_secrets() {
  local one
  for one in $(of_type AWS::SecretsManager::Secret); do
    # The AWS CLI writes moments as seconds or as ISO 8601, as its version and configuration have it.
    aws_call secretsmanager describe-secret --secret-id "$one" | jq --raw-output --arg subject "$(logical "$one")" --argjson most $((secret_max_days + secret_grace_days)) '
      def seconds: if type == "number" then . else (.[:19] + "Z" | fromdate) end;
      ((now - ((.LastRotatedDate // .LastChangedDate // .CreatedDate) | seconds)) / 86400 | floor) as $days
      | (select($days > $most) | "\($subject)\tis \($days) days old"), (select(.RotationEnabled != true) | "\($subject)\tis not rotated by itself")' | each_finding secrets
  done
}

want_header() { # want_header NAME PATTERN
  local value
  value=$(sed -n "s/^$1: *//Ip" "$scratch/headers" | tr -d '\r' | tail -n 1)
  [[ ${value,,} =~ $2 ]] || finding headers "$1" "is '${value:0:60}' on the live site"
}

look_at_headers() {
  local site host
  site=$(output PublicUrl)
  curl --silent --show-error --max-time 20 --dump-header "$scratch/headers" --output /dev/null "${site%/}/" 2>"$scratch/problem" || return 1
  want_header strict-transport-security 'max-age=[0-9]{8}'
  want_header content-security-policy "default-src '(self|none)'"
  want_header x-frame-options '^deny$'
  want_header x-content-type-options '^nosniff$'
  want_header referrer-policy '.'
  if grep -Eiq '^content-security-policy:.*(unsafe-inline|unsafe-eval)' "$scratch/headers"; then finding headers content-security-policy 'lets scripts or styles from the page itself run'; fi
  [[ $site == https://* ]] || { finding headers "$site" 'is not served by https' && return 0; }
  host=${site#https://}
  [[ $(curl --silent --max-time 20 --output /dev/null --write-out '%{http_code}' "http://${host%/}/" || true) =~ ^(30[178]|403|000)$ ]] \
    || finding headers "http://${host%/}/" 'answers without https'
}

look_at_advisories() {
  need_tools npm
  local answer
  answer=$(cd "$root" && npm audit --omit=dev --json 2>"$scratch/problem") || true
  jq --exit-status 'has("vulnerabilities")' <<<"$answer" >/dev/null 2>&1 || {
    tell "npm audit gave no answer: the registry of packages must be in reach"
    return 1
  }
  jq --raw-output '.vulnerabilities[] | select(.severity | IN("moderate", "high", "critical"))
    | "\(.name)\t\(.severity): \([.via[] | if type == "object" then .title else . end] | join("; "))"' <<<"$answer" | each_finding advisories
}

# judge_findings: prints the table; exit status 1 when something stands in it that nobody has allowed.
judge_findings() {
  local judged
  judged=$(jq --raw-input --slurp --argjson allowed "$allowed" --arg today "$(date -u +%F)" '
    def glob: "^" + (gsub("(?<c>[.+?^${}()|\\[\\]\\\\])"; "\\\(.c)") | gsub("\\*"; ".*")) + "$";
    [split("\n")[] | select(. != "") | split("\t") | {check: .[0], subject: .[1], what: .[2]}
      | . as $finding
      | . + {because: ([$allowed[] | . as $entry | select(.check == $finding.check and ((.until // "9999-12-31") >= $today)
          and ($finding.subject | test($entry.subject | glob)))] | first)}]' <"$scratch/findings") 2>/dev/null || judged=''
  [ -n "$judged" ] || problem "the findings could not be judged: look at $allow_file"
  printf '\n%-8s %-11s %-44s %s\n' result check subject what
  jq --raw-output '.[] | [(if .because then "allowed" else "FINDING" end), .check, .subject, (.what + (if .because then " (allowed: \(.because.reason))" else "" end))] | @tsv' <<<"$judged" \
    | while IFS=$'\t' read -r result check subject what; do printf '%-8s %-11s %-44s %s\n' "$result" "$check" "$subject" "$what"; done
  jq --raw-output --argjson allowed "$allowed" --arg checks "${checks[*]}" '. as $judged | $allowed[] | . as $entry
    | select(.check | IN(($checks | split(" "))[])) | select(any($judged[]; .because == $entry) | not)
    | "note     \(.check): nothing is found any more that the allow-list allows for \(.subject): remove the entry"' <<<"$judged"
  local open
  open=$(jq '[.[] | select(.because == null)] | length' <<<"$judged")
  printf '\n%d findings, %d of them allowed, %d to be dealt with\n' "$(jq length <<<"$judged")" "$(jq '[.[] | select(.because)] | length' <<<"$judged")" "$open"
  [ "$open" -eq 0 ] || exit 1
}
