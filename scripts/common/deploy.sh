# shellcheck shell=bash disable=SC2154,SC2034 # Its variables are those of the files before it.
# Brings a kept version to serve: a release and every way back take this one road.

# no_smoke: nothing was tried yet.
no_smoke() { printf 'null\n' >"$scratch/smoke.json"; }
no_smoke

# deploy_kept VERSION [MIGRATE]: from the version's kept template, parameters ($scratch/parameters.json) and page.
# MIGRATE is a command that runs before a stack is changed, or after a new one was made.
deploy_kept() {
  local version=$1 migrate=${2-:} after=:
  if is_new_stack; then after=$migrate migrate=:; fi
  step "change set for $version" make_change_set "release-${version//./-}" "$scratch/parameters.json" --template-url "$(template_url "$version")"
  [ "$migrate" = : ] || step 'migrations' "$migrate"
  step "deploy $version" execute_change_set
  read_stack
  [ "$after" = : ] || step 'migrations' "$after"
  step 'page' put_page "$version"
  step 'invalidate CloudFront' invalidate
  step "$version serves" await_version "$version"
  step 'smoke' run_smoke
}

# would_deploy VERSION [STEP]: what a dry run leaves out of that, and of what follows; STEP comes before the stack is changed.
would_deploy() {
  printf 'would  %s\n' "change set for $1" "${@:2}" "deploy $1" 'page' 'invalidate CloudFront' "$1 serves" 'smoke' 'record'
}

# put_page VERSION: new assets beside the old ones, and last the index that names them.
put_page() {
  local from to
  from=$(kept "$1")/page
  to=s3://$(output PageBucket)
  aws_call s3 cp --only-show-errors --recursive "$from" "$to" --exclude index.html
  aws_call s3 cp --only-show-errors "$from/index.html" "$to/index.html"
  # Where a device enters its code: the same page, under a name that a person can type.
  aws_call s3 cp --only-show-errors "$from/index.html" "$to/pair"
}

invalidate() {
  local distribution id status try
  distribution=$(output DistributionId)
  id=$(aws_call cloudfront create-invalidation --distribution-id "$distribution" --paths '/*' | jq --raw-output .Invalidation.Id)
  for ((try = 0; try < poll_tries; try++)); do
    status=$(aws_call cloudfront get-invalidation --distribution-id "$distribution" --id "$id" | jq --raw-output .Invalidation.Status)
    [ "$status" != Completed ] || return 0
    sleep "$poll_seconds"
  done
  problem "CloudFront has not finished invalidation $id of $distribution: look at it in the console"
}

# await_version VERSION: until the site says that it is that version, and its page is that version's.
await_version() {
  local page try said='' got
  page=$(output PublicUrl)
  for ((try = 0; try < 12; try++)); do
    [ "$try" -eq 0 ] || sleep "$poll_seconds"
    got=$(curl --silent --show-error --max-time 20 "${page%/}/health" 2>&1 | jq --raw-output '.data.version // "no version"' 2>/dev/null) || got='no answer'
    if [ "$got" != "$1" ]; then
      said="${page%/}/health says $got"
      continue
    fi
    if ! curl --silent --show-error --fail --max-time 20 --output "$scratch/index.html" "${page%/}/" 2>"$scratch/curl-said"; then
      said="${page%/}/ does not answer: $(tail -n 1 "$scratch/curl-said")"
    elif [ "$(sha256 "$scratch/index.html")" != "$index_sha256" ]; then
      said="${page%/}/ is not the page of $1"
    else
      return 0
    fi
  done
  problem "$1 was deployed, but $said"
}

# run_smoke: walks the product; signed where people must sign in. $smoke tells the result.
run_smoke() {
  local mode url options=() result=0
  mode=$(output AuthMode)
  url=$(output PublicUrl)
  if [ "$mode" != none ]; then
    export_credentials
    url=$(api_url)/machine
    options=(--machine)
  fi
  smoke=$(jq --null-input --arg url "$url" --arg at "$(now)" '{result: "failed", url: $url, at: $at}')
  "$root/scripts/smoke.sh" "$url" ${options[@]+"${options[@]}"} | sed 's/^/       /' || result=$?
  printf '%s\n' "$smoke" >"$scratch/smoke.json"
  [ "$result" -eq 0 ] || problem "the smoke test of $url failed: what it expected and got stands above"
  smoke=$(jq '.result = "passed"' <<<"$smoke")
  printf '%s\n' "$smoke" >"$scratch/smoke.json"
}

# fetch_kept VERSION: what a kept version was made of, held against its record.
fetch_kept() {
  local entry given wanted
  entry=$(jq --arg version "$1" '.kept[] | select(.version == $version)' <<<"$record")
  fetch_template "$1"
  aws_call s3 cp --only-show-errors "$(kept "$1")/parameters.json" "$scratch/kept-parameters.json"
  wanted=$(jq --raw-output .artifacts.templateSha256 <<<"$entry")
  [ "$template_sha256" = "$wanted" ] || problem "the kept template of $1 is not the one that was released: restore that object's earlier version in $bucket, then run the same command again"
  index_sha256=$(jq --raw-output .artifacts.indexSha256 <<<"$entry")
  # Who may come in is not a matter of the version: the way back does not open a stage that was closed since.
  given=$(jq --argjson current "$stack_parameters" '
    [.[] | select(has("ParameterValue")) | {key: .ParameterKey, value: .ParameterValue}] | from_entries
    | . + ($current | with_entries(select(.key | IN("AuthMode", "AllowPublicNone"))))' "$scratch/kept-parameters.json")
  work_out_parameters "$1" "$given"
}
