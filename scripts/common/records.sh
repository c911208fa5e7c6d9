# shellcheck shell=bash disable=SC2154,SC2034 # Its variables are those of run.sh, aws.sh and artifacts.sh.
# What was released, and where the way back leads. The bucket's STAGE/rollback.json counts: it is written in one piece, when
# all is done. releases/ in the working tree tells the same of all stages.

# read_record: $record is the stage's record, $underway what an earlier run began and did not end.
read_record() {
  local found
  found=$(read_object "$stage/rollback.json")
  record=${found:-'{"current": null, "previous": null, "kept": []}'}
  found=$(read_object "$stage/underway.json")
  underway=${found:-null}
  # What the record already tells of has come to its end, even if its run could not clear up.
  [ "$(jq --raw-output '.id // ""' <<<"$underway")" != "$(jq --raw-output '.change // "-"' <<<"$record")" ] || underway=null
}

of_record() { jq --raw-output "$1 // \"\"" <<<"$record"; }

# begin_underway KIND VERSION GO-TO MIGRATIONS: notes that the stage is between two versions, and which one is safe.
begin_underway() {
  change_id=$lock_owner
  write_object "$stage/underway.json" "$(jq --null-input --arg id "$change_id" --arg kind "$1" --arg version "$2" --arg goTo "$3" \
    --argjson migrations "$4" --arg at "$(now)" --arg by "$who" \
    '{id: $id, kind: $kind, version: $version, goTo: (if $goTo == "" then null else $goTo end), migrations: $migrations, at: $at, by: $by}')"
}

end_underway() { aws_call s3api delete-object --bucket "$bucket" --key "$stage/underway.json" >/dev/null; }

# write_record NEW-RECORD [ENTRY]: the stage's record, then the entry of the version that it is about.
write_record() {
  record=$(jq --arg change "$change_id" '.change = $change' <<<"$1")
  write_object "$stage/rollback.json" "$(jq 'del(.dropped)' <<<"$record")"
  recorded=yes
  write_entry "${2-}"
  end_underway
  prune_kept "$record"
}

# write_entry [ENTRY]: completes what follows from the stage's record: the version's own, and the working tree's copies.
write_entry() {
  if [ -n "${1-}" ]; then
    local version
    version=$(jq --raw-output .version <<<"$1")
    write_object "$stage/releases/$version/release.json" "$1"
    put_local "$root/releases/$version.json" "$1"
  fi
  put_local "$root/releases/rollback.json" "$(jq 'del(.dropped, .change)' <<<"$record")"
}

# put_local FILE JSON: the stage's part of a file, which is replaced in one step.
put_local() {
  mkdir -p "$(dirname "$1")"
  local before='{}'
  [ ! -s "$1" ] || before=$(cat "$1")
  jq --arg stage "$stage" --argjson part "$2" '.[$stage] = $part' <<<"$before" >"$1.new" \
    || { rm -f "$1.new" && problem "$1 is not JSON: restore it from git, then run the same command again"; }
  mv "$1.new" "$1"
}
