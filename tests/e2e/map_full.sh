#!/usr/bin/env bash
# map_full: stores that may grow to 16 MiB (N5, N9). The door refuses with its reason before it is full and goes on
# answering; what it accepted stays; a deadline that falls due then brings its 催辦單 all the same; with a larger map the
# rest is taken, what was accepted is known, and nothing is missing.
. "$(dirname "$0")/lib.bash"
dir=$work/x
policy=tests/e2e/policy-minute
total() { python3 -c 'import json, sys
print(sum(json.load(open(p))[sys.argv[1]] for p in sys.argv[2:]))' "$@"; }
starts() { grep -c '"event":"child_started","child":"'"$1"'"' "$dir.log"; }

# Fillers: facts of about 2.5 kB about units, which arm nothing. The last of them do not fit.
python3 - "$work" <<'P'
import json, sys
from datetime import datetime, timezone
at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
with open(f"{sys.argv[1]}/filler.ndjson", "w") as out:
    for i in range(8000):
        urban = [{"name": f"{i:05} district {k:02} of the town"} for k in range(64)]
        out.write(json.dumps({"specversion": "1.0", "type": "unit.upserted", "source": "E2E", "id": f"fill-{i}", "time": at,
                              "data": {"unit": f"F{i % 10}", "kind": "station", "urban": urban}}) + "\n")
P
facts=$(wc -l <"$work/filler.ndjson")

CUIBAN_MAP_MB=16 stack_start "$dir" --policy "$policy" --no-redis
stack_ready "$dir"

# A call whose minute ends in 30 s, told before the store is full.
t=$(($(now_ms) - 30000))
{
  unit_fact "$t"
  fact person.upserted "$t" '{"person":"T1","unit":"E2E","role":"technician","certified_to":"2035-12-31"}'
  fact call.registered "$t" "{\"call_no\":\"A1\",\"received_at\":\"$(utc "$t")\",\"phone\":\"0912-000111\",\"fault\":\"不冷\"}"
  fact job.assigned "$t" '{"call_no":"A1","technician":"T1"}'
} >"$work/call.ndjson"
feed "$dir" "$work/call.ndjson" >/dev/null || fail 'the call is refused'

feed "$dir" --json "$work/filler.ndjson" >"$work/first" 2>"$work/first.err"
expect 'status of a feed with refused facts' $? 1
accepted=$(total accepted "$work/first")
refused=$(total refused "$work/first")
expect 'facts answered' $((accepted + refused)) "$facts"
((accepted > 0 && refused > 0)) || fail "$accepted accepted, $refused refused"
reject=$(head -n 1 "$work/filler.ndjson.refused.ndjson" 2>/dev/null)
grep -q 'unavailable' <<<"$reject" && grep -q 'CUIBAN_MAP_MB' <<<"$reject" || fail "the refusal says: $reject"
say "$accepted of $facts facts accepted, then refused: enlarge CUIBAN_MAP_MB"
for service in intake dispatch parts complaint scoring escalation headoffice; do expect "starts of $service" "$(starts $service)" 1; done

# ---- full, and alive ----
"$cuiban" status --dir "$dir" --json >"$work/status" || fail 'the full stack does not answer'
issued() { (($(records "$dir" escalation reminder.issued | grep -c '"case_no":"A1"') == 1)); }
(($(now_ms) < t + 60000)) || say 'note: the call fell due before the store was full'
until_true 90 issued || fail 'no 催辦單 from a full door'
records "$dir" escalation reminder.issued | ask '
late = [ms(r["now"]) - ms(r["data"]["due"]) for r in rows if r["data"]["case_no"] == "A1"]
assert len(late) == 1 and 0 < late[0] <= 5000, late
print(f"a deadline of a full door: its one reminder is durable {late[0]} ms after due")' || fail 'the reminder'

# ---- a larger map ----
stack_end "$dir" TERM
CUIBAN_MAP_MB=128 stack_start "$dir" --policy "$policy" --no-redis
stack_ready "$dir"
feed "$dir" --json "$work/filler.ndjson" >"$work/second" || fail 'the larger store refuses'
expect 'facts known from before' "$(total duplicate "$work/second")" "$accepted"
expect 'facts taken now' "$(total accepted "$work/second")" "$refused"
stack_settled "$dir"
issued || fail 'the 催辦單 is doubled or gone'
expect 'fillers in the log' "$(records "$dir" intake unit.upserted | grep -c '"id": \?"fill-')" "$facts"
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'cuiban verify'; }
say "a larger map: $accepted facts known, $refused taken, verified"
stack_end "$dir" TERM || fail 'status after SIGTERM'
