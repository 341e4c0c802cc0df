#!/usr/bin/env bash
# warranty_data: 179 real warranty claims through the mapping into the live stack on the event clock; parts repaired and
# replaced, old parts due back and values, by part and by service centre, must be those computed elsewhere. Skips without
# the reference data ($CUIBAN_SHARED).
. "$(dirname "$0")/lib.bash"
data=${CUIBAN_SHARED:-../shared}/data
[[ -r $data/answers.json ]] || { echo "no $data/answers.json"; exit 77; }
dir=$work/x
stack_start "$dir" --policy deploy/policy/appliance-warranty --clock event --no-redis
stack_ready "$dir"
feed "$dir" --map deploy/mappings/appliance-warranty.yaml --rejects "$work" "$data/appliance-warranty/claims.csv" \
  >"$work/fed" 2>&1 || { cat "$work/fed"; fail 'a row or a fact was refused'; }
unit_fact 1767755820000 >"$work/later" # 2026-01-07: time goes on, what stands at one instant is over
feed "$dir" "$work/later" >/dev/null || fail 'the later fact'
stack_settled "$dir"
expect 'facts refused behind the door' "$("$cuiban" refused --dir "$dir" --json)" '[]'
for log in intake parts complaint; do records "$dir" "$log" >"$work/$log.log" || fail "the log of $log"; done
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'verify'; }
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'
python3 -B tests/e2e/warranty_data.py "$data" "$work" || fail 'figures differ'
