# shellcheck shell=bash disable=SC2154,SC2034 # Its variables are those of run.sh, aws.sh and stack.sh.
# The bucket of the artifacts: what each release was made of, kept for the way back.
#   STAGE/releases/VERSION/{packaged.yaml, parameters.json, code/, page/, release.json}   STAGE/rollback.json   STAGE/underway.json

kept_versions=10

kept() { printf 's3://%s/%s/releases/%s\n' "$bucket" "$stage" "$1"; }

has_bucket() {
  local result=0
  aws_try '404|NoSuchBucket|Not Found' s3api head-bucket --bucket "$bucket" >/dev/null || result=$?
  case $result in
    0) has_bucket=yes ;;
    "$absent") has_bucket=no ;;
    *) return 1 ;;
  esac
}

# make_bucket: private, encrypted and versioned, whatever an earlier run may have left undone.
make_bucket() {
  local place=()
  has_bucket
  if [ "$has_bucket" = no ]; then
    [ "$region" = us-east-1 ] || place=(--create-bucket-configuration "LocationConstraint=$region")
    aws_call s3api create-bucket --bucket "$bucket" ${place[@]+"${place[@]}"} >/dev/null
  fi
  [ "$(aws_call s3api get-bucket-versioning --bucket "$bucket" | jq --raw-output '.Status // ""')" != Enabled ] || return 0
  aws_call s3api put-public-access-block --bucket "$bucket" --public-access-block-configuration \
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true >/dev/null
  aws_call s3api put-bucket-encryption --bucket "$bucket" --server-side-encryption-configuration \
    '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}' >/dev/null
  aws_call s3api put-bucket-policy --bucket "$bucket" --policy "$(jq --null-input --arg arn "arn:aws:s3:::$bucket" '{
    Version: "2012-10-17", Statement: [{Sid: "OnlyByTls", Effect: "Deny", Principal: "*", Action: "s3:*",
      Resource: [$arn, "\($arn)/*"], Condition: {Bool: {"aws:SecureTransport": "false"}}}]}')" >/dev/null
  aws_call s3api put-bucket-versioning --bucket "$bucket" --versioning-configuration Status=Enabled >/dev/null
}

# read_object KEY: a small object's text; nothing when there is none.
read_object() {
  local result=0
  aws_try '404|NoSuchKey|Not Found|NoSuchBucket' s3api get-object --bucket "$bucket" --key "$1" "$scratch/object" >/dev/null || result=$?
  case $result in
    0) cat "$scratch/object" ;;
    "$absent") ;;
    *) return 1 ;;
  esac
}

write_object() { # write_object KEY TEXT: whole or not at all
  printf '%s\n' "$2" >"$scratch/object"
  aws_call s3api put-object --bucket "$bucket" --key "$1" --body "$scratch/object" --content-type application/json >/dev/null
}

# digest_directory DIRECTORY: one digest of all files and their names.
digest_directory() {
  local file
  (cd "$1" && find . -type f | sort | while IFS= read -r file; do printf '%s %s\n' "$(sha256 "$file")" "$file"; done) | sha256
}

# keep_release VERSION: packages what was built and keeps it under its version, and its page with the headers that it is served with.
keep_release() {
  local to page=$root/frontend-client/app/dist
  to=$(kept "$1")
  aws_call s3 rm --only-show-errors --recursive "$to/"
  aws_call cloudformation package --template-file "$root/template.yaml" --s3-bucket "$bucket" \
    --s3-prefix "$stage/releases/$1/code" --output-template-file "$scratch/packaged.yaml" >/dev/null
  template_sha256=$(sha256 "$scratch/packaged.yaml")
  page_sha256=$(digest_directory "$page")
  index_sha256=$(sha256 "$page/index.html")
  aws_call s3 cp --only-show-errors --recursive "$page/assets" "$to/page/assets" --cache-control 'public, max-age=31536000, immutable'
  aws_call s3 cp --only-show-errors --recursive "$page" "$to/page" --exclude 'assets/*' --cache-control no-cache
  aws_call s3 cp --only-show-errors "$scratch/packaged.yaml" "$to/packaged.yaml"
}

# fetch_template VERSION: the kept template, of which $template_sha256 is the digest.
fetch_template() {
  local result=0
  aws_try '404|NoSuchKey|Not Found|NoSuchBucket' s3 cp --only-show-errors "$(kept "$1")/packaged.yaml" "$scratch/packaged.yaml" || result=$?
  [ "$result" -ne "$absent" ] || problem "the template of $1 is not kept in $bucket: release a version with scripts/release.sh first"
  [ "$result" -eq 0 ] || return 1
  template_sha256=$(sha256 "$scratch/packaged.yaml")
}

# work_out_parameters VERSION GIVEN: writes the parameters for the version's template to a file, in the order of
# precedence: GIVEN, what the stack has, the template's defaults.
work_out_parameters() {
  local summary
  summary=$(aws_call cloudformation get-template-summary --template-url "$(template_url "$1")")
  jq --null-input --argjson summary "$summary" --argjson given "$2" --argjson current "$stack_parameters" '
    [$summary.Parameters[] | .ParameterKey as $key
      | if $given | has($key) then {ParameterKey: $key, ParameterValue: $given[$key]}
        elif $current | has($key) then
          (if .NoEcho == true then {ParameterKey: $key, UsePreviousValue: true} else {ParameterKey: $key, ParameterValue: $current[$key]} end)
        elif has("DefaultValue") then {ParameterKey: $key, ParameterValue: .DefaultValue}
        else {ParameterKey: $key, missing: true} end]' >"$scratch/parameters.json"
  local missing unknown
  missing=$(jq --raw-output '[.[] | select(.missing) | .ParameterKey] | join(", ")' "$scratch/parameters.json")
  [ -z "$missing" ] || problem "the template needs $missing: give each as --parameter NAME=VALUE"
  unknown=$(jq --raw-output --argjson given "$2" '[.[].ParameterKey] as $known | [$given | keys[] | select(IN($known[]) | not)] | join(", ")' "$scratch/parameters.json")
  [ -z "$unknown" ] || problem "the template has no parameter $unknown: look at the Parameters of template.yaml"
  local refused
  refused=$(jq --raw-output --argjson summary "$summary" '
    ($summary.Parameters | map({key: .ParameterKey, value: .ParameterConstraints.AllowedValues}) | from_entries) as $allowed
    | [.[] | .ParameterValue as $value | $allowed[.ParameterKey] as $choice | select($value and $choice and ($choice | index([$value]) | not))
        | "\(.ParameterKey) must be one of \($choice | map(select(. != "")) | join(", ")), not \u0027\($value)\u0027"] | first // ""' "$scratch/parameters.json")
  [ -z "$refused" ] || problem "$refused: give another value, with the same command"
  name_deployment "$template_sha256"
}

# name_deployment TEXT: sets Deployment, without which a parameter's new value would not reach the functions' aliases. The
# same template with the same parameters has the same one, so that deploying it again changes nothing.
name_deployment() {
  local digest
  digest=$({ printf '%s\n' "$1" && jq --compact-output 'map(select(.ParameterKey != "Deployment"))' "$scratch/parameters.json"; } | sha256)
  jq --arg digest "$digest" 'map(if .ParameterKey == "Deployment" then {ParameterKey, ParameterValue: $digest} else . end)' \
    "$scratch/parameters.json" >"$scratch/parameters.new"
  mv "$scratch/parameters.new" "$scratch/parameters.json"
}

# The form of address that aws cloudformation package itself writes.
template_url() { printf 'https://s3.%s.amazonaws.com/%s/%s/releases/%s/packaged.yaml\n' "$region" "$bucket" "$stage" "$1"; }

# prune_kept RECORD: forgets the artifacts of what is no longer in the record's list. Its release.json stays.
prune_kept() {
  local version
  for version in $(jq --raw-output '.dropped[]?' <<<"$1"); do
    aws_call s3 rm --only-show-errors --recursive "$(kept "$version")/" --exclude '*' --include 'page/*' --include 'code/*' --include packaged.yaml || true
  done
}
