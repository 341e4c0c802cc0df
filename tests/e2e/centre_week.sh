#!/usr/bin/env bash
# centre_week: a week of one service centre through `cuiban feed` into the live stack on the event clock: calls,
# carry-over, an item taken away for repair, contract notices, surveys, daily reports. The figures are worked out by
# hand from centre-week/week.txt; those of the replay are the same.
. "$(dirname "$0")/lib.bash"
week=tests/e2e/centre-week/week.txt
dir=$work/week

python3 - "$week" >"$work/week.ndjson" <<'P'
import json, sys
for n, line in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
    if line.strip() and not line.startswith("#"):
        time, kind, data = line.split(" ", 2)
        print(json.dumps({"specversion": "1.0", "source": "SZ1", "id": f"w{n}", "type": kind, "time": time + ":00+08:00",
                          "data": json.loads(data)}, ensure_ascii=False))
P
stack_start "$dir" --policy deploy/policy/appliance --clock event --no-redis
stack_ready "$dir"
feed "$dir" "$work/week.ndjson" >"$work/fed" 2>"$work/fed.err" || { cat "$work/fed" "$work/fed.err"; fail 'a fact was refused'; }
stack_settled "$dir"
for log in intake dispatch escalation; do records "$dir" $log; done >"$work/records"
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'verify'; }
"$cuiban" kpi --dir "$dir" --json --spans >"$work/kpi" || fail 'kpi'
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'

# said TYPE FIELD...: the records of this type, one a line, these fields of each.
said() {
  python3 - "$work/records" "$@" <<'P'
import json, sys
wanted, fields = sys.argv[2], sys.argv[3:]
for line in open(sys.argv[1], encoding="utf-8"):
    r = json.loads(line)
    if r["type"] == wanted:
        print(" ".join(str(r["data"].get(f, "-")) for f in fields))
P
}

# Monday 3 calls, 2 dispatched (A2 came at 15:05); Tuesday B1; Thursday D1, dispatched and then cancelled.
expect 'registers' "$(said register.day_closed register_no calls dispatched)" \
  'SZ1/2026-03-02 3 2
SZ1/2026-03-03 1 1
SZ1/2026-03-05 1 1'
expect 'carried over' "$(said call.carried_over call_no times day)" 'A2 1 2026-03-02'
# A1-A3 are inside the year (free), B1 is six years old (paid).
expect 'categories' "$(said call.classified call_no category | sort)" $'A1 c\nA2 c\nA3 c\nB1 a\nD1 c'
expect 'fees' "$(said fee.mode_set call_no amount mode)" 'B1 120.00 collect_on_spot'
expect 'custody' "$(said custody.mismatch unit)" ''
# The notice day is a month before the expiry: Mon 2 March, Wed 4 March.
expect 'contract notices' "$(said contract.notice_due contract notice_by)" $'K1 2026-03-02\nK2 2026-03-04'
# Sums of the technicians' reports: Mon 120+240 C, 180 D; Tue 135 A, 130 C, 60 D; Wed 150 C, 420 D; Thu 90 C, 300 D.
expect 'daily sums' "$(said supervisor.daily_computed day a_min b_min c_min d_min total_min | tail -n 4)" \
  '2026-03-02 - - 360 180 540
2026-03-03 135 - 130 60 325
2026-03-04 - - 150 420 570
2026-03-05 - - 90 300 390'
# 15:05 and six hours: 145 min on Monday, 210 until Tuesday noon, 5 after lunch: 13:05; he came at 13:20. The repair was
# promised for Wed 15:00. Tuesday's register was due by Wed 24:00, K2's notice too, T2's report by Thu 24:00.
expect '催辦單' "$(said reminder.issued name case_no due level | sort)" \
  'contract.notice contract/K2 2026-03-04T16:00:00Z 1
job.arrival A2 2026-03-03T05:05:00Z 1
register.send REG/SZ1/2026-03-03 2026-03-04T16:00:00Z 1
repair.promised repaircard/RK-1 2026-03-04T07:00:00Z 1
tech.daily daily/T2/2026-03-05 2026-03-05T16:00:00Z 1'
expect '洽辦單' "$(said inquiry.issued name case_no late_min | sort)" \
  'contract.notice contract/K2 630
job.arrival A2 15
register.send REG/SZ1/2026-03-03 570
repair.promised repaircard/RK-1 60
tech.daily daily/T2/2026-03-05 540'
expect 'help asked for by itself' "$(said repair.assist_requested card_no automatic)" 'RK-1 yes'
# Every call has its card, D1 too: a job was assigned for it (INT-022, INT-088).
expect 'cards' "$(said survey.sent call_no | sort | tr '\n' ' ')" 'A1 A2 A3 B1 D1 '
expect 'cards missing' "$(said survey.count_mismatch register_no)" ''
# 3 of 4 arrived in time; the cancelled one is not counted.
expect 'K-01' "$(python3 -c 'import json, sys
k = json.load(open(sys.argv[1]))["total"]["kpi"]["K-01"]
print(k["value"])' "$work/kpi")" 75.00
"$cuiban" replay --policy deploy/policy/appliance --json --rejects "$work" "$work/week.ndjson" >"$work/replay" 2>/dev/null
cmp "$work/kpi" "$work/replay" || { diff "$work/kpi" "$work/replay" | head -n 20; fail "the replay has other figures"; }
say "$(wc -l <"$work/week.ndjson") facts, $(wc -l <"$work/records") records, $(said reminder.issued number | wc -l) 催辦單, $(said inquiry.issued number | wc -l) 洽辦單, all as worked out by hand"
