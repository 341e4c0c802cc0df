#!/usr/bin/env bash
# settled_instant: on the event clock a deadline of a later service falls on the instant at which an import ends. Due with
# the last fact: its slip is there when the import has settled. Due a millisecond later: what the owner writes waits for
# time; `status --settled` ends all the same and shows it, also after a restart, and the next fact brings the slip.
# A feed whose --until is over lets no time pass: the next fact of the same instant is not late by a millisecond.
. "$(dirname "$0")/lib.bash"
called=1772500000000 due=1772500060000 # the minute that the policy allows
start() {
  stack_start "$1" --policy tests/e2e/policy-minute --clock event --no-redis
  stack_ready "$1"
}
slips() { records "$1" escalation reminder.issued | grep -c '"case_no":"A"'; }
passed() { records "$1" dispatch deadline.passed | wc -l; }
# waiting DIR: the logs of whose records the desk says that they wait for time.
waiting() {
  "$cuiban" status --dir "$1" --json | python3 -c 'import json, sys
print(*(c["log"] for c in json.load(sys.stdin)["escalation"]["cursors"] if c.get("waits")))'
}
# import DIR END_MS [OPTION…]: a call that nobody reaches, and a fact at the end.
import() {
  {
    unit_fact $called
    fact person.upserted $called '{"person":"T1","unit":"E2E","role":"technician","certified_to":"2035-12-31"}' person
    fact call.registered $called "{\"call_no\":\"A\",\"received_at\":\"$(utc $called)\",\"phone\":\"1\",\"fault\":\"不冷\"}" A
    fact job.assigned $called '{"call_no":"A","technician":"T1"}' assigned
    fact unit.upserted "$2" '{"unit":"E2E","name":"測試站","kind":"station"}' end
  } >"$1.facts"
  feed "$1" "$1.facts" "${@:3}" >"$1.fed" || { cat "$1.fed"; fail 'a fact was refused'; }
}

start "$work/at"
import "$work/at" $due
stack_settled "$work/at" 10
expect 'due with the last fact: passed, slips' "$(passed "$work/at") $(slips "$work/at")" '1 1'
expect 'due with the last fact: waiting' "$(waiting "$work/at")" ''

dir=$work/before
start "$dir"
import "$dir" $((due - 1))
stack_settled "$dir" 10
expect 'due a millisecond later: passed, slips' "$(passed "$dir") $(slips "$dir")" '1 0'
expect 'due a millisecond later: waiting' "$(waiting "$dir")" dispatch
still=$(records "$dir" hashes)
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'
start "$dir"
stack_settled "$dir" 10
expect 'after a restart: waiting' "$(waiting "$dir")" dispatch
expect 'what is settled stays' "$(records "$dir" hashes)" "$still"
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'verify'; }
fact unit.upserted $((due + 60000)) '{"unit":"E2E","name":"測試站","kind":"station"}' later >"$work/later"
feed "$dir" "$work/later" >"$work/fed" || fail 'the later fact'
stack_settled "$dir" 10
expect 'after the next fact: passed, slips, waiting' "$(passed "$dir") $(slips "$dir") $(waiting "$dir")" '1 1 '

start "$work/still"
import "$work/still" $due --until 1970-01-01T00:00:00.001Z
fact unit.upserted $due '{"unit":"E2E","name":"測試站","kind":"station"}' same >"$work/same"
feed "$work/still" "$work/same" >"$work/fed" || fail 'a fact of the same instant'
expect 'an --until that is over: the clock of the next fact' \
  "$(records "$work/still" intake unit.upserted | tail -n 1 | grep -o '"now":"[^"]*"')" "\"now\":\"$(utc $due | sed 's/\.000//')\""
for dir in "$work/at" "$work/before" "$work/still"; do stack_end "$dir" TERM || fail 'the stack did not stop cleanly'; done
say 'settled at the instant of a deadline: the slip is there, or what waits for time is told apart'
