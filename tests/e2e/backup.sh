#!/usr/bin/env bash
# backup: hot backups at moments drawn by lot while facts are fed (row 24; N5, N7, N8, N10). Each is restored, proven,
# started and fed the same file again: what it had is known as duplicates, nothing else is, and every log and figure
# ends as in an undisturbed run. The stack that was copied does not notice. A half backup is not taken for a whole one,
# a changed byte is refused, and stores are never replaced.
#
#   BACKUP_SEED=n   another lot (default drawn, and printed)
. "$(dirname "$0")/lib.bash"
seed=${BACKUP_SEED:-$RANDOM}
RANDOM=$seed
say "BACKUP_SEED=$seed"
export TMPDIR=$work
"$cuiban" sample --quiet-end --units 8 --days 20 --calls 12 --seed 11 --end 2026-06-30T18:00:00+08:00 >"$work/facts.ndjson"
facts=$(wc -l <"$work/facts.ndjson")
until_at=2026-07-20T00:00:00Z

up() { stack_start "$1" --policy deploy/policy/appliance --clock event --no-redis; }
figures() { # figures DIR: everything that may not differ
  "$cuiban" kpi --dir "$1" --json --spans --at 2026-06-15 --at 2026-07-01 >"$1.kpi" || fail "kpi of $1"
  "$cuiban" reminders --dir "$1" --json >"$1.reminders" || fail "reminders of $1"
  records "$1" hashes >"$1.hashes" || fail "hashes of $1"
}
same() {
  local what
  for what in kpi reminders hashes; do
    cmp -s "$1.$what" "$2.$what" || { diff "$1.$what" "$2.$what" | head -n 20; fail "$what differ: $1 and $2"; }
  done
}
number() { python3 -c 'import json, sys; print(eval("m" + sys.argv[2], {"m": json.load(open(sys.argv[1]))}))' "$@"; }
back_up() { "$cuiban" backup --dir "$@" >>"$work/said" 2>&1 || { tail -n 5 "$work/said"; fail "cuiban backup of $*"; }; }
restored() { "$cuiban" restore --from "$1" --dir "$2" >>"$work/said" 2>&1; }

# ---- undisturbed ----
calm=$work/calm
up "$calm"
stack_ready "$calm"
feed "$calm" --json --until $until_at "$work/facts.ndjson" >"$calm.feed" 2>"$calm.err" || fail 'the undisturbed feed'
stack_settled "$calm" 120
figures "$calm"
stack_end "$calm" TERM || fail 'the undisturbed stack did not stop cleanly'
say "undisturbed: $(<"$calm.feed")"

# ---- copied while it is fed ----
hot=$work/hot
up "$hot"
stack_ready "$hot"
mkfifo "$work/line"
feed "$hot" --json --until $until_at --patience 120 - <"$work/line" >"$hot.feed" 2>"$hot.err" &
feeder=$!
exec 9>"$work/line"
split -n l/5 -d "$work/facts.ndjson" "$work/part."
taken=0
for how in --no-verify '' --no-verify ''; do # also quickly, so that there is much left to be fed
  cat "$work/part.0$taken" >&9 &
  writer=$!
  sleep "0.$(printf %03d $((RANDOM % 300)))"
  back_up "$hot" --to "$work/b$taken" $how 9>&-
  wait $writer
  taken=$((taken + 1))
done
cat "$work/part.04" >&9
exec 9>&-
wait $feeder || fail "the feed ended with $?: $(tail -n 3 "$hot.err")"
stack_settled "$hot" 120
figures "$hot"
same "$calm" "$hot"
say "$taken backups while $facts facts were fed; the stack ended as the undisturbed one"

# ---- a backup that is cut off ----
"$cuiban" backup --dir "$hot" --to "$work/cut" >/dev/null 2>&1 &
cut=$!
half() { [[ -e $work/cut.new/data ]]; }
until_true 20 half || fail 'the backup does not begin'
kill -9 $cut
wait $cut 2>/dev/null
[[ ! -e $work/cut ]] || fail 'a backup that was cut off has its name'
restored "$work/cut.new" "$work/from-cut" && fail 'half a backup was restored'
[[ ! -e $work/from-cut/data ]] || fail 'half a backup left stores behind'
back_up "$hot" --to "$work/cut"
[[ ! -e $work/cut.new ]] || fail 'what was cut off is still there'
"$cuiban" backup --dir "$hot" --to "$work/cut" >/dev/null 2>&1 && fail 'a backup was overwritten'
expect 'records in the last backup' "$(number "$work/cut/manifest.json" "['services']['intake']['records']")" \
  "$(records "$hot" intake | wc -l)"
stack_end "$hot" TERM || fail 'the stack did not stop cleanly'
back_up "$hot" --to "$work/cold"
for state in intake dispatch parts complaint scoring escalation headoffice; do
  expect "state of $state, hot and stopped" "$(number "$work/cut/manifest.json" "['proof']['state']['$state']['hash']")" \
    "$(number "$work/cold/manifest.json" "['proof']['state']['$state']['hash']")"
done
say 'a backup killed with -9 is none; running and stopped give the same states'

# ---- restored, proven, fed again ----
for ((i = 0; i < taken; i++)); do
  dir=$work/r$i
  restored "$work/b$i" "$dir" || { tail -n 3 "$work/said"; fail "restore of backup $i"; }
  "$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail "verify of backup $i"; }
  restored "$work/b$i" "$dir" && fail 'a restore replaced stores'
  # What the door has of the file is what is in its log.
  had=$(records "$dir" intake | grep -cE '"id": ?"[A-Z0-9]+-[0-9]+".*"received"')
  up "$dir"
  stack_ready "$dir"
  feed "$dir" --json --until $until_at "$work/facts.ndjson" >"$dir.feed" 2>"$dir.err" || fail "the feed into backup $i"
  stack_settled "$dir" 120
  figures "$dir"
  same "$calm" "$dir"
  python3 - "$calm.feed" "$dir.feed" "$had" <<'P' || fail "feed counts of backup $i"
import json, sys
calm, again = (json.load(open(p)) for p in sys.argv[1:3])
assert again["accepted"] + again["duplicate"] == calm["accepted"], (calm, again)
assert again["duplicate"] + again["refused"] >= int(sys.argv[3]) >= again["duplicate"], (again, sys.argv[3])
P
  stack_end "$dir" TERM || fail 'a restored stack did not stop cleanly'
  say "  backup $i: $(number "$work/b$i/manifest.json" "['services']['intake']['records']") records of the door;" \
    "fed again: $(number "$dir.feed" "['duplicate']") known, $(number "$dir.feed" "['accepted']") new, logs and figures the same"
done

# ---- today's logs against an earlier manifest ----
against() { "$cuiban" verify --dir "$work/r0" --against "$1" >"$work/verified" 2>&1; }
against "$work/b1/manifest.json" || { tail -n 20 "$work/verified"; fail 'the logs are not those of an earlier backup'; }
sed 's/"hash": "[0-9a-f]/"hash": "x/' "$work/b1/manifest.json" >"$work/other.json"
against "$work/other.json" && fail 'logs that were linked anew are not found out'
grep -q 'anchor .*intake .*WRONG' "$work/verified" || fail 'the anchor is not named'
say 'the manifest of an earlier backup anchors the logs'

# ---- a changed byte ----
for file in intake/log dispatch/state escalation/log headoffice/state; do
  cp -r "$work/cold" "$work/bad"
  path=$work/bad/data/$file/data.mdb
  python3 - "$path" $RANDOM <<'P'
import sys
with open(sys.argv[1], "r+b") as f:
    size = f.seek(0, 2)
    at = (int(sys.argv[2]) * 7919) % size
    f.seek(at)
    byte = f.read(1)[0]
    f.seek(at)
    f.write(bytes([byte ^ 1]))
P
  restored "$work/bad" "$work/from-bad" && fail "a changed byte in $file was restored"
  grep -q "$file/data.mdb is not what the manifest says" "$work/said" || fail "$file: the place is not said"
  [[ ! -e $work/from-bad/data && ! -e $work/from-bad/data.new ]] || fail 'a refused backup left something behind'
  rm -r "$work/bad"
done
say 'a changed byte in a backup is refused, and its file named'
