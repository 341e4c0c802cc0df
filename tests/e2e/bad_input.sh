#!/usr/bin/env bash
# bad_input: whatever comes, it is refused with a reason that names the field, line or rule, or cut off; no service ends,
# and a good fact before and after is in effect. In order: raw bytes at the sockets, facts as JSON, what
# only the domain can refuse, spreadsheets, and starts with a wrong policy or setting.
. "$(dirname "$0")/lib.bash"
dir=$work/x
stack_start "$dir" --policy tests/e2e/policy-minute --no-redis
stack_ready "$dir"
started=$(child_pids "$dir")
unit_fact "$(now_ms)" | feed "$dir" - >/dev/null || fail 'the unit was refused'

# said FILE PATTERN...: each stands in the file.
said() {
  local file=$1 pattern
  shift
  for pattern in "$@"; do
    grep -qE -- "$pattern" "$file" || { cat "$file"; fail "it is not said: $pattern"; }
  done
}
# good ID: a fact that must be taken now.
good() { fact person.upserted "$(now_ms)" '{"person":"P1","unit":"E2E","role":"technician"}' "$1" | feed "$dir" --json - >"$work/good"; }
takes_good() {
  good "good-$1" && grep -q '"accepted":1,' "$work/good" || fail "after $1 a good fact is not taken: $(<"$work/good")"
}
same_processes() {
  "$cuiban" status --dir "$dir" >/dev/null || fail "after $1 a service does not answer"
  expect "processes after $1" "$(child_pids "$dir")" "$started"
}

# ---- raw bytes ----
frames=0 refusals=0
while IFS='|' read -r name wanted; do
  wait_ms=20000 # an answer comes at once; that none comes is given 300 ms
  [[ $wanted != none ]] || wait_ms=300
  python3 tests/e2e/frames.py "$name" | "$BIN/e2e-rawdoor" "$dir/intake.sock" $wait_ms >"$work/answer"
  got=$(python3 -c 'import json, sys
out = []
for line in sys.stdin:
    a = json.loads(line)
    if "answer" in a: out.append("none" if a["answer"] in ("none", "g") else a["answer"])
    elif a["verdict"] != "refused": out.append(a["verdict"])
    else:
        assert len(a["text"]) > 20 and a["rule"], a
        out.append("refused:%s:%s" % (a["code"], a.get("field", "")))
print(" ".join(out))' <"$work/answer") || fail "$name: $(<"$work/answer")"
  expect "$name" "$got" "$wanted"
  frames=$((frames + 1))
  [[ $wanted != *refused* ]] || refusals=$((refusals + 1))
done < <(python3 tests/e2e/frames.py list)
takes_good 'raw bytes'
same_processes 'raw bytes'
# What stood whole in a broken frame is in effect, once; what was cut is not.
expect 'facts kept of broken frames' \
  "$(records "$dir" intake unit.upserted | grep -cE '"id": ?"(kept|cut-[0-9])"')/$(records "$dir" intake | grep -cE '"id": ?"lost"')" 1/0
say "$frames raw messages: $refusals refused with code, rule and sentence, the others cut off; every neighbour taken, once"

# The other sockets get the same.
for service in dispatch parts complaint scoring escalation headoffice; do
  python3 tests/e2e/frames.py 'unknown event' | "$BIN/e2e-rawdoor" "$dir/$service.sock" 20000 >"$work/answer"
  said "$work/answer" '"rule":"N9".*send them to intake'
done
for service in intake dispatch parts complaint scoring escalation headoffice; do
  for name in empty 'one letter' 'unknown letter' 'credit from nowhere' 'clock without a time' 'larger than a message may be'; do
    for socket in sock query; do
      python3 tests/e2e/frames.py "$name" | "$BIN/e2e-rawdoor" "$dir/$service.$socket" 50 >/dev/null
    done
  done
  for letter in P G C W I Q; do
    python3 -c "import random, sys
sys.stdout.buffer.write(b'$letter' + random.Random('$service$letter').randbytes(90))" >"$work/noise"
    "$BIN/e2e-rawdoor" "$dir/$service.sock" 20 <"$work/noise" >/dev/null
    "$BIN/e2e-rawdoor" "$dir/$service.query" 20 <"$work/noise" >/dev/null
  done
done
takes_good noise
same_processes noise
records "$dir" hashes >/dev/null || fail 'a query socket does not answer any more'
say 'noise at all eight sockets: every service answers'

# ---- facts as JSON ----
t=$(utc "$(now_ms)")
printf '%s\n' \
  '{"specversion":"1.0","type":"person.upserted","source":"E2E","id":"j1","time":"'"$t"'","data":{"person":"P2","unit":"E2E","role":"technician"}}' \
  '{"specversion":"1.0","type":"call.registred","source":"E2E","id":"j2","time":"'"$t"'","data":{}}' \
  '{"specversion":"1.0","type":"call.registered","source":"E2E","id":"j3","time":"2026-06-01T10:00:00","data":{}}' \
  '{"specversion":"1.0","type":"call.registered","source":"E2E","id":"j4","time":"'"$t"'","data":{"recieved_at":"'"$t"'"}}' \
  '{"specversion":"1.0","type":"call.registered","source":"E2E","id":"j5","time":"'"$t"'","data":{"distance_m":"far"}}' \
  '{"specversion":"1.0","type":"call.registered","source":"E2E","id":"j6","time":"'"$t"'","data":{"zone":"moon"}}' \
  '{"specversion":"1.0","type":"job.arrived","source":"E2E","id":"j7","time":"'"$t"'","data":{}}' \
  '{"specversion":"1.0","type":"call.registered","source":"E2E","id":"j8","time":"'"$t"'","data":{"fault":"'$'\xff\xfe''"}}' \
  '{"specversion":"1.0","type":"call.registered","source":"E2E"' \
  'no JSON at all' \
  '{"specversion":"1.0","type":"person.upserted","source":"E2E","id":"j9","time":"'"$t"'","data":{"person":"P3","unit":"E2E","role":"technician"}}' \
  >"$work/facts.ndjson"
feed "$dir" --json "$work/facts.ndjson" >"$work/fed" 2>"$work/said"
expect 'exit status of the feed' $? 1
expect 'counts' "$(<"$work/fed")" '{"accepted":2,"duplicate":0,"refused":0,"repeated":0,"rejected":9}'
cat "$work/facts.ndjson".rejected.* "$work"/facts*rejected* >>"$work/said" 2>/dev/null
said "$work/said" 'facts.ndjson:2: .*did you mean .?"?call.registered' 'facts.ndjson:3: .*time.*zone' 'recieved_at.*received_at' \
  distance_m 'zone.*moon' 'call_no' 'decode byte 0xff'
for line in 2 3 4 5 6 7 8 9 10; do
  grep -qE "(facts.ndjson:$line:|\"line\": ?$line[,}])" "$work/said" || { cat "$work/said"; fail "line $line is not named"; }
done
say 'JSON: 9 of 11 lines rejected, each with line, field and what would be right; the good first and last are taken'

# ---- what only the services can refuse ----
{
  fact call.registered "$(now_ms)" '{"call_no":"K1"}' k1
  fact person.upserted "$(now_ms)" '{"person":"P4","unit":"NOWHERE","role":"technician"}' k2
  fact call.registered "$(now_ms)" '{"call_no":"K2","fault":"another content"}' k1
  fact job.completed "$(now_ms)" '{"call_no":"NEVER"}' k3
  fact call.closed "$(now_ms)" '{"call_no":"K1","solution":"x"}' k4
  fact job.signed "$(now_ms)" '{"call_no":"K1"}' k5
  fact job.assigned "$(now_ms)" '{"call_no":"K1","technician":"P2"}' k6
} >"$work/k.ndjson"
feed "$dir" --json "$work/k.ndjson" >"$work/fed" 2>"$work/said"
expect 'exit status of the feed' $? 1
expect 'counts' "$(<"$work/fed")" '{"accepted":4,"duplicate":0,"refused":3,"repeated":0,"rejected":0}'
said "$work/said" 'k2: unit: unit NOWHERE is not known here.*INT-105' 'k1: id: .*taken.*other content.*INT-104' 'k4: .*INT-017'
stack_settled "$dir"
"$cuiban" refused --dir "$dir" --json >"$work/refused.json" || fail 'cuiban refused'
python3 -c 'import json, sys
found = {r["id"]: (r["service"], r["rule"], r["code"]) for r in json.load(open(sys.argv[1])) if r["id"][0] == "k"}
wanted = {"k2": ("intake", "INT-105", "unknown_unit"), "k4": ("intake", "INT-017", "not_completed"),
          "k3": ("dispatch", "DSP-001", "unknown_job"), "k5": ("dispatch", "DSP-027", "state")}
assert found == wanted, found' "$work/refused.json" || fail 'cuiban refused lists something else'
"$cuiban" show --dir "$dir" K1 >"$work/shown" && grep -q P2 "$work/shown" || fail 'the good fact after the refused ones is not in effect'
takes_good 'refused facts'
same_processes 'refused facts'
say 'unknown unit, taken id, unknown job, impossible states: each refused with its rule, at the door or in the log; K1 goes on'

# ---- spreadsheets ----
cat >"$work/map.yaml" <<'M'
mapping: 1
name: test
input:
  format: csv
  times: ["%Y-%m-%d %H:%M"]
  zone: "+08:00"
source: E2E
events:
  - type: call.registered
    time: opened
    id: "{no}:registered"
    data: {call_no: "{no}", fault: "{fault}"}
M
printf '%s\n' 'no,opened,fault' 'S1,2026-06-01 10:00,good' 'S2,2026-06-01 10:01' 'S3,yesterday,bad time' \
  'S4,2026-06-01 10:03,too,many' 'S5,2026-06-01 10:04,"quote' 'S6,2026-06-01 10:05,'$'\xff\xfe' \
  "$(printf 'N%.0s' {1..50}),2026-06-01 10:06,number too long" 'S8,2026-06-01 10:07,good' >"$work/sheet.csv"
feed "$dir" --json --map "$work/map.yaml" "$work/sheet.csv" >"$work/fed" 2>"$work/said"
expect 'exit status of the feed' $? 1
cat "$work"/sheet.csv.rejected.ndjson >>"$work/said"
for line in 3 4 5 6 7 8; do
  grep -qE "(sheet.csv:$line:|\"line\": ?$line[,}])" "$work/said" || { cat "$work/said"; fail "line $line is not named"; }
done
stack_settled "$dir"
for number in S1 S8; do "$cuiban" show --dir "$dir" $number >/dev/null || fail "call $number of the good row is not there"; done
for number in S2 S3 S4 S6; do ! "$cuiban" show --dir "$dir" $number >/dev/null 2>&1 || fail "call $number of a broken row is there"; done
sed 's/opened$/openned/' "$work/map.yaml" >"$work/bad.yaml"
feed "$dir" --map "$work/bad.yaml" "$work/sheet.csv" >"$work/said" 2>&1
expect 'exit status with an unknown column' $? 1
said "$work/said" 'bad.yaml:10: .*openned.*did you mean .?"?opened'
sed 's/call_no:/call_nr:/' "$work/map.yaml" >"$work/bad.yaml"
feed "$dir" --map "$work/bad.yaml" "$work/sheet.csv" >"$work/said" 2>&1
expect 'exit status with an unknown field' $? 1
said "$work/said" 'bad.yaml:12: .*call_nr.*did you mean .?"?call_no'
feed "$dir" "$work/nowhere.ndjson" >"$work/said" 2>&1
(($? > 1)) || fail 'a file that is not there is no failure'
said "$work/said" 'nowhere.ndjson'
printf 'a,"b\nx"y,1\n' >"$work/quote.csv"
feed "$dir" --map "$work/map.yaml" "$work/quote.csv" >"$work/said" 2>&1
said "$work/said" 'map.yaml: .*quote.csv: a quote'
takes_good spreadsheets
same_processes spreadsheets
say 'CSV: 6 broken rows named by line, the good ones taken; a mapping with an unknown column or field is refused with its line'
"$cuiban" verify --dir "$dir" >"$work/said" 2>&1 || { cat "$work/said"; fail 'cuiban verify'; }
# Names nobody has are not "all is well".
for command in deadlines reminders complaints scores; do
  "$cuiban" "$command" --dir "$dir" --unit U99 >"$work/said" 2>&1
  expect "exit status of $command with an unknown unit" $? 1
  said "$work/said" "cuiban $command: there is no unit U99"
done
"$cuiban" scores --dir "$dir" --scheme 4s_ea >"$work/said" 2>&1
expect 'exit status with an unknown scheme' $? 1
said "$work/said" 'there is no scheme 4s_ea'
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'

# ---- command lines ----
# usage PATTERN COMMAND...: the words are refused with what would be right, before anything is done.
usage() {
  local pattern=$1
  shift
  timeout -k 5 20 "$cuiban" "$@" </dev/null >"$work/said" 2>&1
  expect "exit status of cuiban $*" $? 64
  said "$work/said" "$pattern"
}
usage '--only intaek: there is intake .*did you mean .intake' status --only intaek
usage '--wait soon: give a whole number' status --wait soon
usage '--days -3: give a whole number from 1' sample --days -3
usage '--days 4294967297: give a whole number' sample --days 4294967297
usage 'days: 5000; from 1 to 3660' sample --days 5000
usage '--seed abc: give a whole number' sample --seed abc
usage '--metrics abc: give a whole number' up --metrics abc
usage '--patience long: give a whole number' feed --patience long x
usage '--within 1h: give a whole number' deadlines --within 1h
usage '--from and --to go with --export' parts --from 2026-03-01
usage '--to lies before --from' parts --export --from 2026-03-09 --to 2026-03-01
usage 'whose score' explain score
usage 'which complaint' show complaint
usage 'no command kpis; did you mean .kpi' kpis
usage 'no command nonsense' help nonsense
say 'command lines: numbers, services, commands and pairs of options that cannot be, each with what would be right'

# ---- a replay ----
{
  unit_fact 1772409600000
  fact job.arrived 1772409600000 '{"call_no":"nope","job":1}' behind
} >"$work/behind.ndjson"
"$cuiban" replay --policy deploy/policy/appliance "$work/behind.ndjson" >"$work/said" 2>&1
expect 'exit status of a replay with a fact that its service refuses' $? 1
said "$work/said" '1 of the accepted were refused by the service'
said "$work/said" 'refused by dispatch: job.arrived nope: .*DSP-001'

# ---- starts ----
# refused_start WHAT PATTERN COMMAND...: ends with 1 by itself and says why; nothing is left behind.
refused_start() {
  local what=$1 pattern=$2 rc
  shift 2
  rm -f "$work/r.log"
  timeout -k 5 60 "$@" </dev/null >"$work/r.log" 2>&1
  rc=$?
  expect "exit status with $what" $rc 1
  said "$work/r.log" "$pattern"
  no_children "$work/r" || fail "$what: a process was left behind"
}
ln -s "$root/deploy" "$work/deploy"
set=$work/p/q/set # as deep as the one it is a copy of
policy() { # policy SED_SCRIPT: a copy of the set, changed
  rm -rf "$work/p"
  mkdir -p "$set"
  cp -r tests/e2e/policy-minute/. "$set"
  sed -i "$1" "$set/services.yaml"
  ! "$cuiban" policy check "$set" >"$work/check" 2>&1 || fail "cuiban policy check finds nothing wrong after $1"
}
refused_start 'a policy set that is not there' 'nowhere' "$cuiban" up --dir "$work/r" --no-redis --policy "$work/nowhere"
policy 's/arrival_min: 1/arrival_min: soon/'
refused_start 'a word for a number' 'services.yaml.*"line":"7".*arrival_min' "$cuiban" up --dir "$work/r" --no-redis --policy "$set"
policy 's/arrival_min/arival_min/'
refused_start 'an unknown key' 'services.yaml.*"line":"7".*arival_min' "$cuiban" up --dir "$work/r" --no-redis --policy "$set"
policy 's/ESC-E/ESC-X/'
refused_start 'an unknown ladder' 'services.yaml.*"line":"[0-9]+".*ESC-X' "$cuiban" up --dir "$work/r" --no-redis --policy "$set"
policy 's/^services:/services: [/'
refused_start 'broken YAML' 'services.yaml.*"line":"[0-9]+"' "$cuiban" up --dir "$work/r" --no-redis --policy "$set"
refused_start 'an unknown setting' 'CUIBAN_BATCHMAX.*help settings' \
  env CUIBAN_BATCHMAX=3 "$cuiban" up --dir "$work/r" --no-redis --policy tests/e2e/policy-minute
refused_start 'a setting out of range' 'CUIBAN_BATCH_MAX is 0; .*1 to 65536' \
  env CUIBAN_BATCH_MAX=0 "$cuiban" up --dir "$work/r" --no-redis --policy tests/e2e/policy-minute
refused_start 'an unknown clock' 'CUIBAN_CLOCK is wall or event' \
  "$cuiban" up --dir "$work/r" --no-redis --policy tests/e2e/policy-minute --clock moon
say 'wrong policies (file and line) and settings: status 1 and a sentence, no process left behind'
