#!/usr/bin/env bash
# absence_data: 345 real records of absence and discipline through the mapping into the live stack on the event clock; the
# figures scoring publishes, its ledger and the facts in its log must be the ones computed for them elsewhere. Skips without
# the reference data ($CUIBAN_SHARED).
. "$(dirname "$0")/lib.bash"
data=${CUIBAN_SHARED:-../shared}/data
[[ -r $data/answers.json && -r $data/staff-absence/absence.csv ]] || { echo "no absences in $data"; exit 77; }
dir=$work/x
stack_start "$dir" --policy deploy/policy/staff-absence --clock event --no-redis
stack_ready "$dir"
feed "$dir" --map deploy/mappings/staff-absence.yaml "$data/staff-absence/absence.csv" >"$work/fed" 2>&1 ||
  { cat "$work/fed"; fail 'a row or a fact was refused'; }
stack_settled "$dir" 120
expect 'facts refused behind the door' "$("$cuiban" refused --dir "$dir" --json)" '[]'
records "$dir" scoring >"$work/scoring" || fail 'the log of scoring'
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'verify'; }
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'
python3 -B tests/e2e/absence_data.py "$data" "$work/scoring" || fail 'figures differ'
