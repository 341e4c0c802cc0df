#!/usr/bin/env bash
# survey_data: 1,772 real calls with agent, outcome and rating through the mapping into the live stack on the event clock; the
# figures of head office (`cuiban kpi`), those scoring publishes of the ratings and the log of intake must be the ones computed
# for them elsewhere. Skips without the reference data ($CUIBAN_SHARED).
. "$(dirname "$0")/lib.bash"
data=${CUIBAN_SHARED:-../shared}/data
[[ -r $data/answers.json && -r $data/call-survey/calls.csv ]] || { echo "no calls in $data"; exit 77; }
dir=$work/x
stack_start "$dir" --policy deploy/policy/call-survey --clock event --no-redis
stack_ready "$dir"
feed "$dir" --map deploy/mappings/call-survey.yaml "$data/call-survey/calls.csv" >"$work/fed" 2>&1 ||
  { cat "$work/fed"; fail 'a row or a fact was refused'; }
# The figures of a month are published after the 10th of the next one.
unit_fact "$(date -u -d 2021-02-11 +%s%3N)" >"$work/later"
feed "$dir" "$work/later" >"$work/fed" 2>&1 || { cat "$work/fed"; fail 'the fact of February'; }
stack_settled "$dir" 120
expect 'facts refused behind the door' "$("$cuiban" refused --dir "$dir" --json)" '[]'
"$cuiban" kpi --dir "$dir" --json >"$work/kpi" || fail 'the figures of head office'
"$cuiban" kpi --dir "$dir" --recompute >"$work/kpi.again" || fail 'the figures of head office from the logs'
records "$dir" intake >"$work/intake" || fail 'the log of intake'
records "$dir" scoring scoring.kpi_published >"$work/published" || fail 'the figures of scoring'
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'verify'; }
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'
python3 -B tests/e2e/survey_data.py "$data" "$work" || fail 'figures differ'
