#!/usr/bin/env bash
# kill_feed: 100,000 facts on the event clock; while they are fed, every service and the supervisor are killed with -9
# again and again at moments drawn by lot (N1, N3, N6, N8; promises 1 and 3). Afterwards nothing is lost and nothing
# doubled: feed counts, key figures, 催辦單 and the last hash of every log equal those of an undisturbed run. The same
# file fed again is 100,000 duplicates and changes nothing.
#
#   KILL_SEED=n   another lot (default drawn, and printed)
. "$(dirname "$0")/lib.bash"
facts=100000 seed=${KILL_SEED:-$RANDOM}
RANDOM=$seed
say "KILL_SEED=$seed"

# A sample of more than enough, cut: a feed may end anywhere.
"$cuiban" sample --quiet-end --units 20 --days 50 --calls 12 --seed 7 --end 2026-06-30T18:00:00+08:00 |
  head -n $facts >"$work/facts.ndjson"
expect 'facts in the file' "$(wc -l <"$work/facts.ndjson")" $facts
until_at=2026-07-20T00:00:00Z # what is open falls due until then

up() { stack_start "$1" --clock event --no-redis; }
figures() { # figures DIR: everything that may not differ, without processes
  "$cuiban" kpi --dir "$1" --json --spans --at 2026-06-01 --at 2026-06-15 --at 2026-07-01 >"$1.kpi" || fail "kpi of $1"
  "$cuiban" reminders --dir "$1" --json >"$1.reminders" || fail "reminders of $1"
  "$cuiban" reminders --dir "$1" --inquiries --json >"$1.inquiries" || fail "inquiries of $1"
  records "$1" hashes >"$1.hashes" || fail "hashes of $1"
}
same() { cmp -s "$1.$3" "$2.$3" || { diff "$1.$3" "$2.$3" | head -n 20; fail "$3 differ: $1 and $2"; }; }

# ---- undisturbed ----
calm=$work/calm
up "$calm"
stack_ready "$calm"
before=$SECONDS
feed "$calm" --json --until $until_at "$work/facts.ndjson" >"$calm.feed" 2>"$calm.feed.err"
stack_settled "$calm" 120
figures "$calm"
say "undisturbed: $(<"$calm.feed"), $((SECONDS - before)) s"
stack_end "$calm" TERM || fail 'the undisturbed stack did not stop cleanly'

# ---- killed ----
wild=$work/wild
up "$wild"
stack_ready "$wild"
before=$SECONDS
feed "$wild" --json --until $until_at --patience 120 "$work/facts.ndjson" >"$wild.feed" 2>"$wild.feed.err" &
feeder=$!
declare -A killed=()
rounds=0
# Each in turn twice, then by lot, as long as the feed goes on.
victims=(intake dispatch parts complaint scoring escalation headoffice supervisor)
while kill -0 $feeder 2>/dev/null; do
  victim=${victims[RANDOM % ${#victims[@]}]}
  ((rounds >= 2 * ${#victims[@]})) || victim=${victims[rounds % ${#victims[@]}]}
  if [[ $victim == supervisor ]]; then
    stack_end "$wild" KILL
    up "$wild"
  else
    pid=$(child_pid "$wild" "$victim")
    if [[ $(cat "/proc/$pid/comm" 2>/dev/null) != cuiban-* ]] || ! kill -9 "$pid" 2>/dev/null; then
      sleep 0.02 # it is being started again
      continue
    fi
  fi
  rounds=$((rounds + 1))
  killed[$victim]=$((${killed[$victim]:-0} + 1))
  sleep "0.$(printf %03d $((50 + RANDOM % 250)))"
done
wait $feeder || fail "the feed ended with $?: $(tail -n 3 "$wild.feed.err")"
for victim in "${victims[@]}"; do printf '  killed -9: %s %d times\n' "$victim" "${killed[$victim]:-0}"; done
for victim in "${victims[@]}"; do ((${killed[$victim]:-0} > 0)) || fail "$victim was never killed; the feed was too quick"; done
# Also when nothing comes any more, and the time let pass at the end fires nothing: it stays passed.
stack_settled "$wild" 120
for victim in intake dispatch parts complaint scoring escalation headoffice; do
  kill -9 "$(child_pid "$wild" $victim)" 2>/dev/null
  stack_settled "$wild" 120
done
figures "$wild"
say "killed: $(<"$wild.feed"), $((SECONDS - before)) s"

# ---- the same ----
# A fact that was durable, but not answered when the door died, is a duplicate when it is sent again.
python3 - "$calm.feed" "$wild.feed" $facts <<'P' || fail 'feed counts'
import json, sys
calm, wild = (json.load(open(p)) for p in sys.argv[1:3])
assert calm["duplicate"] == 0 and calm["accepted"] + calm["refused"] == int(sys.argv[3]), calm
assert wild["accepted"] + wild["duplicate"] == calm["accepted"] and wild["refused"] == calm["refused"], (calm, wild)
print(f'  {wild["duplicate"]} facts had been durable without an answer and were known again')
P
for what in hashes reminders inquiries kpi; do same "$calm" "$wild" $what; done
say 'equal: figures, 催辦單, 洽辦單 and the last hash of every log:'
sed 's/^/  /' "$wild.hashes" | cut -c1-60
"$cuiban" verify --dir "$wild" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'cuiban verify'; }
say "cuiban verify: $(tail -n 1 "$work/verified")"

# ---- again ----
feed "$wild" --json --until $until_at "$work/facts.ndjson" >"$work/again" 2>/dev/null
stack_settled "$wild" 120
records "$wild" hashes | cmp -s - "$wild.hashes" || fail 'feeding the same file again changed a log'
say "fed again: $(<"$work/again"); no log changed"
python3 - "$work/again" "$calm.feed" <<'P' || fail 'feed counts of the second time'
import json, sys
again, calm = (json.load(open(p)) for p in sys.argv[1:3])
assert again["accepted"] == 0 and again["duplicate"] == calm["accepted"], again
P
# ---- time ----
# Let pass with nothing falling due, it is durable all the same: the door comes back at that instant.
head -n 1 "$work/facts.ndjson" >"$work/one.ndjson"
feed "$wild" --until 2026-12-01T00:00:00Z "$work/one.ndjson" >/dev/null
stack_settled "$wild"
feed "$wild" --until 2027-01-01T00:00:00Z "$work/one.ndjson" >/dev/null
stack_settled "$wild"
kill -9 "$(child_pid "$wild" intake)"
stack_settled "$wild"
grep -q '^intake .* 2027-01-01T00:00:00' "$work/settled" || fail "time went back at the door: $(sed -n 2p "$work/settled")"
say 'time that passed stays passed when the door is killed'
# A feed that lost the answer asks again for the same instant: the clock must not move on with each question.
feed "$wild" --until 2027-01-01T00:00:00Z "$work/one.ndjson" >/dev/null
stack_settled "$wild"
grep -q '^intake .* 2027-01-01T00:00:00Z' "$work/settled" || fail "time moved on: $(sed -n 2p "$work/settled")"
stack_end "$wild" TERM || fail 'the stack did not stop cleanly'
no_children "$wild" || fail 'a process was left behind'
