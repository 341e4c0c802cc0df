#!/usr/bin/env bash
# live_minute: the promises that are times, on the wall clock, with a policy that allows one minute to arrive (N2, N3,
# N4, CV-12). Four stacks at once:
#
#   a  undisturbed             a 催辦單 is durable within 1 s after due; arrival stops the ladder and brings a 洽辦單;
#                              an arrival in time brings nothing; one told late but in time takes the 催辦單 back;
#                              the second level comes at its instant, or not at all when somebody came before
#   b  Redis killed for good   5 s before due                         催辦單 within 5 s; Redis is used again once back
#   s  Redis stopped dead      2 s before due: it neither answers nor hangs up                        within 5 s
#   c  FLUSHALL                just before and just after due         none lost, none doubled
#
# The limits are the promises themselves; no other time decides.
. "$(dirname "$0")/lib.bash"
policy=tests/e2e/policy-minute
calls=20 # a stack, that nobody reaches in time; their due instants are 37 ms apart

redis() { timeout 2 redis-cli -s "$work/$1/redis.sock" "${@:2}"; }

for stack in a b s c; do stack_start "$work/$stack" --policy "$policy"; done
for stack in a b s c; do stack_ready "$work/$stack"; done

# The calls. A… are not reached in time. B is reached in time. C is reached in time and says so late. D and E came in an
# hour ago, so that the second level, an hour after due, is near; E is reached before it.
python3 - "$calls" "$work" <<'P'
import json, sys, time
from datetime import datetime, timezone
calls, work = int(sys.argv[1]), sys.argv[2]
t0 = round(time.time() * 1000)
first = t0 - 37 * (calls - 1)
def utc(ms): return datetime.fromtimestamp(ms / 1000, timezone.utc).isoformat(timespec="milliseconds")
def fact(out, type, at, **data):
    out.append(json.dumps({"specversion": "1.0", "type": type, "source": "E2E", "id": f"f{len(out)}",
                           "time": utc(at), "data": data}, ensure_ascii=False))
out = []
fact(out, "unit.upserted", t0, unit="E2E", name="測試站", kind="station")
fact(out, "person.upserted", t0, person="T1", unit="E2E", role="technician", certified_to="2035-12-31")
numbers = [(f"A{i:02}", first + 37 * i) for i in range(calls)]
numbers += [("B", t0), ("C", t0), ("D", t0 - 3660000 + 30000), ("E", t0 - 3660000 + 30000)]
for number, at in numbers:
    fact(out, "call.registered", t0, call_no=number, received_at=utc(at), phone="0912-000111", fault="不冷")
    fact(out, "job.assigned", t0, call_no=number, technician="T1")
open(f"{work}/facts.ndjson", "w").write("\n".join(out) + "\n")
open(f"{work}/t0", "w").write(f"{t0} {first}\n")
P
read -r t0 first <"$work/t0"
due=$((first + 60000)) last_due=$((t0 + 60000))
for stack in a b s c; do feed "$work/$stack" "$work/facts.ndjson" >/dev/null || fail "stack $stack refused the calls"; done
say "4 stacks are up; $((calls + 4)) calls in each; due from $(utc $due) on"

arrive() { # arrive STACK CALL OCCURRED_MS
  fact job.arrived "$3" "{\"call_no\":\"$2\",\"technician\":\"T1\"}" "arrived-$2" | feed "$work/$1" - >/dev/null ||
    fail "the arrival of $2 was refused"
}
sleep_until() { # the calls have to become due: this is the subject, not a proof
  local left=$(($1 - $(now_ms)))
  ((left <= 0)) || sleep "$(printf '%d.%03d' $((left / 1000)) $((left % 1000)))"
}
issued() { records "$work/$1" escalation reminder.issued; }
issued_at_least() { (($(issued "$1" | grep -c "\"case_no\":\"$2") >= $3)); }

arrive a B $((t0 + 10000))
# E was due an hour ago: its first level is out; somebody comes before the second.
until_true 10 issued_at_least a E 1 || fail 'E has no 催辦單'
arrive a E "$(now_ms)"

sleep_until $((due - 5000))
kill -9 "$(child_pid "$work/b" redis)"
rm -f "$work/b/redis.sock"
mkdir "$work/b/redis.sock" # no other can come up in its place
sleep_until $((due - 2000))
stopped=$(child_pid "$work/s" redis)
kill -STOP "$stopped"
sleep_until $((due - 300))
redis c FLUSHALL >/dev/null || fail 'FLUSHALL before due'
sleep_until $((due + 200))
redis c FLUSHALL >/dev/null || fail 'FLUSHALL after due'
[[ $(redis b PING 2>&1) != PONG ]] || fail 'b has a Redis after all'

for stack in a b s c; do
  until_true 30 issued_at_least "$stack" A "$calls" || fail "stack $stack: $(issued $stack | grep -c '"A') of $calls 催辦單"
done
sleep_until $((last_due + 5000)) # what would come twice had its time
for stack in a b s c; do
  limit=5000
  [[ $stack != a ]] || limit=1000
  issued $stack | ask "
limit, due, calls = $limit, $due, $calls"'
want = {f"A{i:02}": due + 37 * i for i in range(calls)}
late, seen = [], {}
for r in rows:
    d = r["data"]
    key = d["case_no"], d["name"], d.get("level")
    seen[key] = seen.get(key, 0) + 1
    if d["case_no"] in want:
        assert key[2] == 1 and ms(d["due"]) == want[d["case_no"]], r
        late.append(ms(r["now"]) - ms(d["due"]))
double = {k: n for k, n in seen.items() if n > 1}
assert not double, f"doubled: {double}"
assert len(late) == calls, f"{len(late)} of {calls}"
assert min(late) > 0, f"before due: {min(late)} ms"
assert max(late) <= limit, f"{max(late)} ms after due, {limit} allowed"
print(f"  {len(late)} reminders, each once, durable {min(late)} to {max(late)} ms after due (allowed {limit})")
' >"$work/figures" || fail "stack $stack"
  say "stack $stack:$(<"$work/figures")"
done

# ---- stack a: what becomes of them ----
arrive a A00 "$(now_ms)"          # late
arrive a C $((t0 + 30000))        # in time, told late
stack_settled "$work/a"
records "$work/a" escalation | ask '
of = {}
for r in rows:
    d = r["data"]
    of.setdefault(d.get("case_no", d.get("number")), []).append((r["type"], d.get("level"), d.get("number"), r))
def story(case): return [(t, l) for t, l, _, _ in of.get(case, [])]
assert story("A00") == [("reminder.issued", 1), ("reminder.stopped", None), ("inquiry.issued", None)], story("A00")
assert story("B") == [], story("B")
kinds = [t for t, _ in story("C")]
assert kinds[0] == "reminder.issued" and kinds[-1] == "reminder.withdrawn" and "inquiry.issued" not in kinds, kinds
assert kinds.count("reminder.issued") == kinds.count("reminder.withdrawn") == 1, kinds
assert story("E") == [("reminder.issued", 1), ("reminder.stopped", None), ("inquiry.issued", None)], story("E")
d = of["D"]
assert story("D") == [("reminder.issued", 1), ("reminder.issued", 2)], story("D")
second = ms(d[1][3]["now"]) - (ms(d[1][3]["data"]["due"]) + 3600000)
assert 0 < second <= 1000, f"second level {second} ms after its instant"
print("  arrived late: 催辦單 stopped, no second level, one 洽辦單; in time: nothing; told late: 催辦單 withdrawn")
print(f"  second level of a call nobody reached: {second} ms after its instant; reached before it: none")
' || fail 'the stories of stack a'

# ---- what a person is told ----
number=$("$cuiban" reminders --dir "$work/a" --case A00 --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["number"])')
"$cuiban" explain --dir "$work/a" "$number" >"$work/explained" || fail "explain $number"
for wanted in A00 job.arrival DSP-014 SP-MINUTE ESC-E 'call.registered' "$number"; do
  grep -qF -- "$wanted" "$work/explained" || { cat "$work/explained"; fail "explain $number does not say $wanted"; }
done
say "explain $number names the call, the deadline, the rule, the policy and the ladder"

# ---- Redis comes back to b and s and is used again ----
rmdir "$work/b/redis.sock"
kill -CONT "$stopped"
with_redis() {
  "$cuiban" status --dir "$work/$1" --json | python3 -c 'import json, sys
sys.exit(not all(s and s.get("redis") for n, s in json.load(sys.stdin).items() if n != "headoffice"))'
}
for stack in b s c; do
  until_true 30 with_redis $stack || fail "stack $stack does not use its Redis again"
done
say 'b, s and c use Redis again'
for stack in a b s c; do
  stack_end "$work/$stack" TERM || fail "stack $stack did not stop cleanly"
  no_children "$work/$stack" || fail "stack $stack left a process behind"
done
