#!/usr/bin/env bash
# live_equals_replay: a history gives the same figures whether the live stack takes it on the event clock (four
# processes, sockets, stores) or `cuiban replay` in one process: byte for byte, backlog and spans included.
# A month of the sample company, and the data beside the project where it is.
. "$(dirname "$0")/lib.bash"
data=${CUIBAN_SHARED:-../shared}/data

# compare NAME POLICY AT OPTION_AND_FILE...
compare() {
  local name=$1 policy=deploy/policy/$2 at=$3 dir=$work/$1 before=$SECONDS
  shift 3
  "$cuiban" replay --policy "$policy" --json --at "$at" --rejects "$work" "$@" >"$dir.replay" 2>"$dir.err"
  (($? <= 1)) || { cat "$dir.err"; fail "$name: replay"; }
  stack_start "$dir" --policy "$policy" --clock event --no-redis
  stack_ready "$dir"
  feed "$dir" --json "$@" >"$dir.fed" 2>"$dir.err"
  (($? <= 1)) || { cat "$dir.err"; fail "$name: feed"; }
  stack_settled "$dir" 120
  "$cuiban" kpi --dir "$dir" --json --spans --at "$at" >"$dir.live" || fail "$name: kpi"
  "$cuiban" verify --dir "$dir" >"$dir.verified" 2>&1 || { tail -n 20 "$dir.verified"; fail "$name: verify"; }
  stack_end "$dir" TERM || fail "$name: the stack did not stop cleanly"
  cmp "$dir.replay" "$dir.live" || { diff "$dir.replay" "$dir.live" | head -n 20; fail "$name: the figures differ"; }
  say "$name: $(<"$dir.fed") $(python3 -c 'import json, sys
t = json.load(open(sys.argv[1]))["total"]
print(f"""{t["calls"]} calls, K-01 {t["kpi"]["K-01"]["value"]}""")' "$dir.live"), $(wc -c <"$dir.live") bytes equal, $((SECONDS - before)) s"
}

"$cuiban" sample --quiet-end --units 12 --days 30 --seed 3 --end 2026-06-30T18:00:00+08:00 >"$work/sample.ndjson"
compare sample appliance 2026-06-15 "$work/sample.ndjson"
[[ -d $data ]] || { echo "skipped the data sets: no $data; the sample was equal" && exit 0; }
compare field-dispatch field-dispatch 2017-01-04 --map deploy/mappings/field-dispatch-sf.yaml "$data/field-dispatch/units.csv.gz"
compare civic-requests civic-requests 2015-06-01 --map deploy/mappings/civic-requests-boston.yaml \
  "$data/civic-requests-boston/requests.csv.gz"
compare itsm-incidents itsm-incidents 2016-03-25 --map deploy/mappings/itsm-incidents.yaml "$data/itsm-incidents/events.csv.gz"
