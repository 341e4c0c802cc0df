#!/usr/bin/env bash
# complaints_data: 1,705 real complaints through the mapping into the live stack on the event clock; every figure of the
# register (`cuiban complaints`) and of its clock must be the one computed for them elsewhere. Skips without the
# reference data ($CUIBAN_SHARED).
. "$(dirname "$0")/lib.bash"
data=${CUIBAN_SHARED:-../shared}/data
[[ -r $data/answers.json ]] || { echo "no $data/answers.json"; exit 77; }
dir=$work/x
stack_start "$dir" --policy deploy/policy/consumer-complaints --clock event --no-redis
stack_ready "$dir"
feed "$dir" --map deploy/mappings/complaints-cfpb.yaml --rejects "$work" "$data/complaints-cfpb/complaints.csv" \
  >"$work/fed" 2>&1 || { cat "$work/fed"; fail 'a row or a fact was refused'; }
stack_settled "$dir"
expect 'facts refused behind the door' "$("$cuiban" refused --dir "$dir" --json)" '[]'
"$cuiban" complaints --dir "$dir" --json >"$work/register" || fail 'the register'
"$cuiban" reminders --dir "$dir" --json >"$work/slips" || fail 'the slips'
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'verify'; }
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'
python3 -B tests/e2e/complaints_data.py "$data" "$work/register" "$work/slips" || fail 'figures differ'
