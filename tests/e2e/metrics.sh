#!/usr/bin/env bash
# metrics: `cuiban up --metrics PORT` opens /metrics, /healthz and /readyz of each service on loopback, in house order,
# and the figures are those of what was fed.
. "$(dirname "$0")/lib.bash"
dir=$work/x
port=$((20000 + RANDOM % 20000))
get() { curl -fsS --max-time 5 "http://127.0.0.1:$(($port + $1))$2"; }
figure() { get "$1" /metrics | awk -v name="$2" '$1 == name { print $2 }'; }

stack_start "$dir" --policy tests/e2e/policy-minute --metrics "$port"
stack_ready "$dir"
for i in 0 1 2 3 4 5 6; do
  until_true 10 get $i /readyz || fail "service $i is not ready"
  get $i /healthz >/dev/null || fail "service $i does not say that it lives"
done
unit_fact "$(now_ms)" >"$work/facts.ndjson"
fact unit.upserted "$(now_ms)" '{"unit":"E2E"}' unit >>"$work/facts.ndjson" # the id of before, other content
feed "$dir" "$work/facts.ndjson" >/dev/null
stack_settled "$dir"
expect 'facts accepted' "$(figure 0 'cuiban_facts_total{verdict="accepted"}')" 1
expect 'facts refused' "$(figure 0 'cuiban_facts_total{verdict="refused"}')" 1
expect 'records of intake' "$(figure 0 cuiban_log_records)" "$(records "$dir" intake | wc -l)"
expect 'timers published' "$(figure 0 cuiban_timers_published)" 1
(($(figure 1 cuiban_entries_total) > 0)) || fail 'dispatch has read nothing'
say 'seven services, each with its figures'
stack_end "$dir" TERM || fail 'status after SIGTERM'
