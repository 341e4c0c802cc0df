#!/usr/bin/env bash
# restart_up: stopping and starting again. A stop by SIGTERM or SIGINT is clean (status 0, no process left, also in the
# middle of a feed); a start goes on where it was; a second stack in the same directory, and a second copy of one service,
# are refused with a sentence and harm nothing; a supervisor killed with -9 takes its children with it; a policy that has
# become wrong ends the whole with status 1.
. "$(dirname "$0")/lib.bash"
dir=$work/x
up() { stack_start "$dir" --policy deploy/policy/appliance --clock event --no-redis; }
hashes() { records "$dir" hashes; }
total() { python3 -c 'import json, sys
print(sum(json.load(open(p))[sys.argv[1]] for p in sys.argv[2:]))' "$@"; }

"$cuiban" sample --quiet-end --units 12 --days 20 --seed 5 --end 2026-06-30T18:00:00+08:00 >"$work/facts.ndjson"
facts=$(wc -l <"$work/facts.ndjson")

# ---- stopped in the middle of a feed, again and again ----
up
stack_ready "$dir"
mkfifo "$work/line"
feed "$dir" --json --patience 120 - <"$work/line" >"$work/fed" 2>"$work/fed.err" &
feeder=$!
exec 9>"$work/line"
split -n l/5 -d "$work/facts.ndjson" "$work/part."
stops=0
for part in 0 1 2 3 4; do
  taken=$(records "$dir" intake | wc -l)
  cat "$work/part.0$part" >&9 &
  writer=$!
  more() { (($(records "$dir" intake | wc -l) > taken)); }
  until_true 60 more || fail 'the feed does not go on'
  if ((part < 4)); then
    stops=$((stops + 1))
    signal=TERM
    ((stops % 2)) || signal=INT
    stack_end "$dir" $signal
    expect "exit status after SIG$signal" $? 0
    no_children "$dir" || fail "a process was left behind after SIG$signal"
    expect 'services that stopped by themselves' "$(grep -c '"event":"stopped"' "$dir.log")" $((7 * stops))
    up
    stack_ready "$dir"
  fi
  wait $writer
done
exec 9>&-
wait $feeder || fail "the feed ended with $?: $(<"$work/fed.err")"
stack_settled "$dir" 120
expect 'facts answered' $(($(total accepted "$work/fed") + $(total duplicate "$work/fed"))) "$facts"
expect 'facts in the log' "$(records "$dir" intake | grep -cE '"id": ?"[A-Z0-9]+-[0-9]+".*"received"')" "$facts"
say "$stops stops in the middle of a feed of $facts facts: status 0, nothing left behind, the feed ended by itself"
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'cuiban verify'; }

# ---- started again ----
hashes >"$work/before"
stack_end "$dir" TERM || fail 'status after SIGTERM'
records "$dir" hashes | cmp -s - "$work/before" || fail 'the logs of the stopped stack are not those of the running one'
up
stack_ready "$dir"
stack_settled "$dir"
hashes | cmp -s - "$work/before" || fail 'a start changed a log'
sed 's/"id":"/"id":"again-/; s/"type":"call.registered"/"type":"call.nothing"/' "$work/facts.ndjson" | head -n 1 >"$work/more.ndjson"
feed "$dir" --json "$work/more.ndjson" >"$work/more" || fail 'a new fact is refused after the start'
expect 'a new fact after the start' "$(total accepted "$work/more")" 1
stack_settled "$dir"
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'cuiban verify after the start'; }
say 'stopped, read while stopped, started, fed on: one chain, verified'

# ---- a second one ----
started=$(child_pids "$dir")
timeout -k 5 30 "$cuiban" up --dir "$dir" --no-redis --clock event </dev/null >"$work/second" 2>&1
expect 'exit status of a second stack' $? 1
grep -q "a stack runs in $dir already" "$work/second" || fail "a second stack says: $(<"$work/second")"
for service in intake dispatch parts complaint scoring escalation headoffice; do
  CUIBAN_DIR=$dir/data CUIBAN_RUN=$work/other CUIBAN_CLOCK=event CUIBAN_REDIS=off CUIBAN_POLICY=deploy/policy/appliance \
    timeout -k 5 30 "$BIN/cuiban-$service" </dev/null >"$work/second" 2>&1
  rc=$?
  ((rc == 1 || rc == 2)) || fail "a second $service ends with $rc"
  grep -qE 'start_refused.*held by another process' "$work/second" || fail "a second $service says: $(<"$work/second")"
done
"$cuiban" status --dir "$dir" >/dev/null || fail 'the first stack does not answer any more'
expect 'processes after the second ones' "$(child_pids "$dir")" "$started"
say 'a second stack and second copies of all services are refused; the first is undisturbed'

# ---- without its supervisor ----
stack_end "$dir" KILL
until_true 20 no_children "$dir" || fail 'children outlive their supervisor'
hashes >"$work/before"
up
stack_ready "$dir"
stack_settled "$dir"
hashes | cmp -s - "$work/before" || fail 'a log changed'
say 'the supervisor killed with -9: its children end, a new one goes on'

# ---- killed again and again, a service comes back; stopped dead, it is not waited for for ever ----
for service in intake dispatch parts complaint scoring escalation headoffice; do
  old=$(child_pid "$dir" $service)
  kill -9 "$old"
  another() { [[ $(child_pid "$dir" $service) != "$old" ]]; }
  until_true 20 another || fail "$service is not started again"
done
stack_settled "$dir"
stuck=$(child_pid "$dir" dispatch)
kill -STOP "$stuck"
stack_end "$dir" TERM
expect 'exit status with a service that does not react' $? 0
no_children "$dir" || fail 'the service that did not react was left behind'
say 'each service killed with -9 comes back; one that does not react is ended with the others'

# ---- a policy that has become wrong ----
ln -s "$root/deploy" "$work/deploy"
mkdir -p "$work/p/q"
cp -r tests/e2e/policy-minute "$work/p/q/set"
stack_start "$work/y" --policy "$work/p/q/set" --no-redis
stack_ready "$work/y"
sed -i 's/arrival_min: 1/arrival_min: never/' "$work/p/q/set/services.yaml"
kill -9 "$(child_pid "$work/y" dispatch)"
pid=${stack_pid[$work/y]}
gone() { ! kill -0 "$pid"; }
until_true 30 gone || fail 'the stack goes on with a policy that is refused'
stack_end "$work/y" TERM
expect 'exit status with a refused policy' $? 1
grep -q 'policy_refused.*services.yaml.*"line":"7".*arrival_min' "$work/y.log" || fail 'file and line are not said'
no_children "$work/y" || fail 'a process was left behind'
say 'a service that refuses its policy ends the stack: status 1, file and line, no process left'
