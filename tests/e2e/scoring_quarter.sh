#!/usr/bin/env bash
# scoring_quarter: a quarter of a company with four schemes through `cuiban feed` into the live stack on the event clock: a web
# shop, a 4S shop, a head rated by two, a quarter sheet; conduct, a late provider, an appeal, a fact corrected after publication, a
# penalty borne by two months. The figures are worked out by hand in scoring-quarter/story.txt.
. "$(dirname "$0")/lib.bash"
dir=$work/quarter
python3 -B tests/e2e/story.py tests/e2e/scoring-quarter/story.txt >"$work/story.ndjson"
stack_start "$dir" --policy deploy/policy/general --clock event --no-redis
stack_ready "$dir"
feed "$dir" "$work/story.ndjson" >"$work/fed" 2>"$work/fed.err" || { cat "$work/fed" "$work/fed.err"; fail 'the door refused a fact'; }
stack_settled "$dir"
for log in intake dispatch parts complaint scoring escalation; do records "$dir" $log; done >"$work/records"
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'verify'; }
"$cuiban" scores --dir "$dir" --json >"$work/scores" || fail 'cuiban scores'
"$cuiban" scores --dir "$dir" --json --stale >"$work/stale" || fail 'cuiban scores --stale'
# explained FILE PERSON SCHEME PERIOD
explained() {
  local file=$work/$1
  shift
  "$cuiban" explain score "$@" --dir "$dir" --json >"$file" || fail "cuiban explain score $*"
}
explained lan LAN tb_130 2026-01
explained lan2 LAN tb_130 2026-02
explained lan3 LAN tb_130 2026-03
explained mei MEI tb_130 2026-02
explained gao GAO 4s_ae 2026-02
explained sun SUN sup_100 2026-01
explained qi QI q_post 2026-Q1
"$cuiban" explain score GAO 4s_ae 2026-02 --dir "$dir" >"$work/gao.text" || fail 'cuiban explain score as text'
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'
python3 - "$work" <<'P' || fail 'not as worked out by hand'
import json, sys
work = sys.argv[1]
rows = [json.loads(line) for line in open(f"{work}/records", encoding="utf-8")]
def file(name): return json.load(open(f"{work}/{name}", encoding="utf-8"))

def said(kind, *fields, **where):
    """These fields of every record of this type for which the others have these values."""
    found = [r["data"] for r in rows if r["type"] == kind and all(r["data"].get(k) == v for k, v in where.items())]
    return [tuple(d.get(f) for f in fields) if len(fields) > 1 else d.get(fields[0]) for d in found]

wrong = 0
def expect(what, got, wanted):
    global wrong
    if got != wanted:
        wrong += 1
        print(f"{what}:\n  got    {got}\n  wanted {wanted}")

expect("refused", sorted(said("refused.fact", "rule", "code")), [
    ("SCO-001", "primary"), ("SCO-008", "counted"), ("SCO-038", "level"), ("SCO-048", "case"), ("SCO-049", "times"), ("SCO-057", "reason"),
    ("SCO-107", "role"), ("SCO-107", "state")])

# ---- tb_130 ----
def results(person, scheme): return said("scoring.result_published", "first", "revision", "score", "grade", "passed", person=person, scheme=scheme)
def paid(person): return said("scoring.pay_computed", "month", "revision", "bonus", "total", "change", person=person)
expect("LAN", results("LAN", "tb_130"), [("2026-01-01", 1, "91.00", None, "yes"), ("2026-02-01", 1, "139.00", None, "yes"),
                                         ("2026-03-01", 1, "130.00", None, "yes")])
expect("MEI", results("MEI", "tb_130"), [("2026-01-01", 1, "89.00", None, "no"), ("2026-02-01", 1, "125.00", None, "yes"),
                                         ("2026-02-01", 2, "130.00", None, "yes"), ("2026-03-01", 1, "110.00", None, "yes")])
expect("LAN is paid", paid("LAN"), [("2026-01-01", 1, "700.00", "2700.00", "2700.00"), ("2026-02-01", 1, "1000.00", "3000.00", "3000.00"),
                                    ("2026-03-01", 1, "1000.00", "3000.00", "3000.00"), ("2026-03-01", 2, "0.00", "2000.00", "-1000.00")])
expect("MEI is paid", paid("MEI"), [("2026-01-01", 1, "0.00", "2500.00", "2500.00"), ("2026-02-01", 1, "961.54", "3461.54", "3461.54"),
                                    ("2026-02-01", 2, "1000.00", "3500.00", "38.46"), ("2026-03-01", 1, "846.15", "3846.15", "3846.15")])
expect("bonus of MEI", said("scoring.bonus_published", "month", "amount", "change", person="MEI"), [
    ("2026-01-01", "0.00", None), ("2026-02-01", "961.54", "961.54"), ("2026-02-01", "1000.00", "38.46"), ("2026-03-01", "846.15", "846.15")])
expect("stale", said("scoring.result_stale", "person", "first", "revision", "fact", "day", "was", "would_be"), [
    ("LAN", "2026-02-01", 1, "attendance_late", "2026-02-10", "139.00", "134.00")])
expect("refunds of the shop", said("scoring.kpi_published", "first", "value", kpi="refund_rate", unit="SHOP", period="month"), [
    ("2026-01-01", "8.00%"), ("2026-02-01", "1.43%"), ("2026-03-01", "4.50%")])

# ---- conduct, the penalty ----
expect("ledgers", said("conduct.booked", "person", "kind", "ledger", "month", "fine", "mark"), [
    ("LAN", "late", 2, "2026-01-01", "100.00", None), ("QI", "single_award", 3, "2026-02-01", None, "award"),
    ("LAN", "missed_sorting", 2, "2026-03-01", "200.00", None)])
expect("award cancelled", said("scoring.award_cancelled", "person", "month", "kind"), [("LAN", "2026-03-01", "missed_sorting")])
expect("penalty", said("penalty.assessed", "case_no", "amount"), [("A", "600.00")])
expect("paid, as it seemed", said("penalty.settled", "person", "case_no", "month"), [("LAN", "A", "2026-03-01")])
expect("instalments", said("penalty.instalment_due", "person", "month", "amount", "change", "cap", "outstanding"), [
    ("LAN", "2026-02-01", "500.00", "500.00", "500.00", "100.00"), ("LAN", "2026-03-01", "100.00", "100.00", "500.00", "0.00"),
    ("LAN", "2026-03-01", "0.00", "-100.00", "0.00", "100.00")])

# ---- 4s_ae ----
expect("GAO", results("GAO", "4s_ae"), [("2026-01-01", 1, "82.00", "D", None), ("2026-02-01", 1, "71.38", "D", None), ("2026-03-01", 1, "96.20", "C", None)])
expect("GAO is paid", paid("GAO"), [("2026-01-01", 1, "4100.00", "4100.00", "4100.00"), ("2026-02-01", 1, "3084.11", "3084.11", "3084.11"),
                                    ("2026-03-01", 1, "5772.00", "5772.00", "5772.00")])
expect("GAO's quarter", results("GAO", "4s_quarter"), [("2026-01-01", 1, "83.19", "D", None)])
expect("two D: a plan", said("scoring.improvement_opened", "person", "track", "begins", "opened"), [("GAO", "D", "2026-01-01", "2026-02-01")])
expect("it was set in time", said("deadline.stopped", "name", "late", name="scoring.improvement_plan"), [("scoring.improvement_plan", None)])
expect("no warning yet", said("scoring.serious_warning_issued", "person"), [])
expect("targets", said("scoring.targets_count_warned", "first", "count", "least"), [("2026-02-01", 2, 3)])
expect("a provider is late", said("scoring.sheet_late", "first", "role", "responsible", "name", "due"), [
    ("2026-01-01", "cs", "CSM", "scoring.4s_sheet_cs", "2026-02-05T09:30:00Z")])
expect("500 a day", said("scoring.late_fined", "role", "responsible", "days", "amount", "at"), [
    ("cs", "CSM", 1, "500.00", None), ("cs", "CSM", 1, "500.00", "2026-02-06T08:00:00Z")])

# ---- sup_100, q_post ----
expect("SUN", results("SUN", "sup_100"), [("2026-01-01", 1, "88.67", "優秀", None)])
expect("QI", results("QI", "q_post"), [("2026-01-01", 1, "95.74", None, None)])
expect("QI is paid", paid("QI"), [("2026-01-01", 1, "0.00", "8000.00", "8000.00")])

# ---- 催辦單 ----
expect("催辦單", sorted((name, level, time) for name, level, time in
                        [(r["data"]["name"], r["data"]["level"], r["time"]) for r in rows if r["type"] == "reminder.issued"]
                        if name.startswith("scoring.")), [
    ("scoring.4s_sheet_cs", 1, "2026-02-05T09:30:00.001Z"), ("scoring.4s_targets", 1, "2026-02-05T16:00:00.001Z"),
    ("scoring.q_post_sheet", 1, "2026-04-10T16:00:00.001Z"), ("scoring.q_post_sheet", 2, "2026-04-11T16:00:00.001Z"),
    ("scoring.q_post_sheet", 3, "2026-04-12T16:00:00.001Z")])

# ---- what people read ----
expect("scores", sorted((s["person"], s["scheme"], s["period"], s["state"], s["revision"], s["score"]) for s in file("scores")
                        if "revision" in s), [
    ("GAO", "4s_ae", "2026-01", "acknowledged", 1, "82.00"), ("GAO", "4s_ae", "2026-02", "acknowledged", 1, "71.38"),
    ("GAO", "4s_ae", "2026-03", "published", 1, "96.20"), ("LAN", "tb_130", "2026-01", "published", 1, "91.00"),
    ("LAN", "tb_130", "2026-02", "published", 1, "139.00"), ("LAN", "tb_130", "2026-03", "published", 1, "130.00"),
    ("MEI", "tb_130", "2026-01", "published", 1, "89.00"), ("MEI", "tb_130", "2026-02", "published", 2, "130.00"),
    ("MEI", "tb_130", "2026-03", "published", 1, "110.00"), ("QI", "q_post", "2026-Q1", "published", 1, "95.74"),
    ("SUN", "sup_100", "2026-01", "published", 1, "88.67")])
expect("scores --stale", [(s["person"], s["period"]) for s in file("stale")], [("LAN", "2026-02")])
def points(e, *ids): return [i["points"] for name in ids for i in e["items"] + e["adjusts"] if i["id"] == name]
lan = file("lan")
expect("LAN's January", points(lan, "quality", "refund_rate", "disputes", "cooperation", "execution", "attendance", "low_rating", "praise"),
       ["20.00", "20.00", "15.00", "15.00", "10.00", "10.00", "5.00", "6.00"])
expect("what was counted", {c["fact"]: c["value"] for i in lan["items"] for c in i["counted"]},
       {"orders": "50.00", "orders_refunded": "3.00", "attendance_late": "1.00", "attendance_leave": "1.00", "attendance_absent": "0.00"})
late = [c["events"] for i in lan["items"] for c in i["counted"] if c["fact"] == "attendance_late"][0]
expect("its event", [(e["type"], e["day"]) for e in late], [("attendance.recorded", "2026-01-14")])
told = [r["id"] for r in rows if r["type"] == "attendance.recorded" and r["data"].get("day") == "2026-01-14"]
expect("whose number is in the log", len(late) == 1 and late[0]["event"].endswith(told[0]), True)
expect("LAN's February", [file("lan2")[k] for k in ("published", "score", "stale")], ["139.00", "134.00", True])
def pay(e): return [(p["id"], p["booked"], p["yuan"], p.get("why")) for p in e["pay"]]
expect("LAN's March, without award", pay(file("lan3")), [
    ("basic", True, "2000.00", None), ("kpi", True, "0.00", "the award of the month is cancelled: missed_sorting")])
expect("QI's share", pay(file("qi")), [("profit_share", True, "8000.00", None)])
expect("MEI's appeal", (points(file("mei"), "disputes"), file("mei")["stale"]), (["20.00"], False))
# 90 - 71.375, and D owns 90: more than 18.625 points.
gao = file("gao")
expect("GAO's next grade", [gao[k] for k in ("grade", "next_grade", "to_next")], ["D", "C", "18.63"])
text = open(f"{work}/gao.text", encoding="utf-8").read()
# In points of the score: (130 - 60) / 4 and so on.
for words in ("revision 1: 71.38 of 130.00, D 待改進", "80.00 of 130.00  學習/成長",
              "to C 良好: more than 18.63 points more; there was room in finance 17.50, market 14.88, kpi_profit 13.75, learning 12.50"):
    expect(words, words in text, True)
expect("SUN's items", points(file("sun"), "fault_reports", "faults", "callback_survey", "parts_management", "time_and_cost", "company_values"),
       ["8.50", "13.00", "12.00", "15.00", "8.50", "9.50"])
expect("QI's items", points(file("qi"), *(i["id"] for i in file("qi")["items"])),
       ["11.00", "9.00", "16.50", "10.00", "9.38", "5.00", "3.75", "10.00", "2.50"])
sys.exit(wrong > 0)
P
say "$(wc -l <"$work/story.ndjson") facts, $(wc -l <"$work/records") records, all as worked out by hand"
