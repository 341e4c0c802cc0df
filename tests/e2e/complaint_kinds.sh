#!/usr/bin/env bash
# complaint_kinds: a case of each kind through `cuiban feed` into the live stack on the event clock: a relay with a late
# step, a refused conclusion, one that does not stand, a platform dispute, an anomaly slip, an authority's, conduct, opinions,
# a quality issue, loss and penalty, the review of the month. The figures are worked out by hand from complaint-kinds/story.txt.
. "$(dirname "$0")/lib.bash"
dir=$work/kinds
python3 - tests/e2e/complaint-kinds/story.txt >"$work/story.ndjson" <<'P'
import json, sys
facts = []
for n, line in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
    if line.strip() and not line.startswith("#"):
        time, unit, kind, data = line.split(" ", 3)
        facts.append((time, n, {"specversion": "1.0", "source": unit, "id": f"k{n}", "type": kind,
                                "time": time + ":00+08:00", "data": json.loads(data)}))
for _, _, fact in sorted(facts, key=lambda f: f[:2]):
    print(json.dumps(fact, ensure_ascii=False))
P
stack_start "$dir" --policy tests/unit/data/policy-complaint --clock event --no-redis
stack_ready "$dir"
feed "$dir" "$work/story.ndjson" >"$work/fed" 2>"$work/fed.err" || { cat "$work/fed" "$work/fed.err"; fail 'the door refused a fact'; }
stack_settled "$dir"
for log in complaint escalation; do records "$dir" $log; done >"$work/records"
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'verify'; }
"$cuiban" show --dir "$dir" --json complaint 240301 >"$work/shown" || fail 'show complaint'
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'
python3 - "$work" <<'P' || fail 'not as worked out by hand'
import json, sys
work = sys.argv[1]
rows = [json.loads(line) for line in open(f"{work}/records", encoding="utf-8")]

def said(kind, *fields, **where):
    """These fields of every record of this type for which the others have these values."""
    found = [r["data"] for r in rows if r["type"] == kind and all(r["data"].get(k) == v for k, v in where.items())]
    return [tuple(d.get(f) for f in fields) if len(fields) > 1 else d.get(fields[0]) for d in found]

def when(kind, **where):
    return [r["time"] for r in rows if r["type"] == kind and all(r["data"].get(k) == v for k, v in where.items())]

def slip(case_no, name):
    return when("reminder.issued", case_no=case_no, name=name, level=1)

wrong = 0
def expect(what, got, wanted):
    global wrong
    if got != wanted:
        wrong += 1
        print(f"{what}: got {got}, wanted {wanted}")

expect("refused: the vice general manager decides up to 50,000", said("refused.fact", "subject", "rule", "code"),
       [("B", "CMP-042", "authority")])
expect("numbers", said("complaint.registered", "complaint_no"), ["240301", "240302", "240303"])
expect("outcomes", sorted(said("complaint.closed", "opened_as", "outcome", "overdue")),
       [("A", "accepted", "no"), ("C", "not_established", "no"), ("D", "invalid", "no")])
expect("a new round", said("complaint.opened", "case_no", parent_no="B"), ["B2"])

# A: quality had 8 working hours from Friday 13:00, that is until Monday 12:00; it took 10.
expect("slip to quality", slip("complaint/A", "complaint.qa_review"), ["2024-03-04T04:00:00.001Z"])
expect("asked at the close", when("inquiry.issued", case_no="complaint/A", name="complaint.qa_review"), ["2024-03-08T08:30:00Z"])
expect("limit and time taken", said("inquiry.issued", "limit_s", "taken_s", "overdue_s", name="complaint.qa_review"),
       [(8 * 3600, 10 * 3600, 2 * 3600)])
shown = json.load(open(f"{work}/shown", encoding="utf-8"))
whole = shown["whole"]
expect("the whole of A: 7 days 6.5 hours, of them 6.5 + 4 * 8 + 7 worked", (whole["elapsed_s"], whole["working_s"]),
       (7 * 86400 + 6 * 3600 + 1800, (13 + 64 + 14) * 1800))
for unit in ("elapsed_s", "working_s"):
    expect(f"the parts of A, {unit}", sum(h[unit] for h in shown["blame"]), whole[unit])

# 200 pieces at 50.00, sold again for 6,400.00; two parts and one part of the 3,600.00; 2,400 over 40 points.
expect("loss", said("complaint.loss_apportioned", "loss_kind", "loss"), [("final", "3600.00")])
expect("penalties", said("penalty.assessed", "party", "amount"), [("L2", "2400.00"), ("P1", "1200.00")])
expect("by base points", [(p["person"], p["amount"]) for p in said("penalty.assessed", "persons", party="L2")[0]],
       [("W1", "900.00"), ("W2", "1200.00"), ("W3", "300.00")])
expect("punishment", sorted(said("sanction.proposed", "case_no", "person", "kind", "amount"), key=str),
       [("A", "P1", "warning", "400.00"), ("S1", "T1", "major_demerit", None)])
expect("voucher", said("return.vouchered", "qty", "amount"), [(200, "9000.00")])

expect("F is major, an hour", slip("complaint/F", "complaint.major_report"), ["2024-03-11T02:00:00.001Z"])
expect("O2: four working hours from 16:30", slip("opinion/O2", "opinion.escalate"), ["2024-03-08T03:30:00.001Z"])
expect("O2: five working days", slip("opinion/O2", "opinion.reply"), ["2024-03-14T16:00:00.001Z"])
expect("O1 was told in time", slip("opinion/O1", "opinion.reply"), [])
expect("Q1: fifteen minutes", slip("quality/Q1", "quality.feedback_form"), ["2024-03-12T01:15:00.001Z"])
expect("Q1 closed before its node", slip("quality/Q1", "quality.rectification"), [])
expect("the line stood still for 40 minutes", said("quality.line_stopped", "stopped_s"), [2400])
expect("C paid in his term", slip("complaint/C", "complaint.receivable"), [])
expect("the improvement was in time", slip("improvement/I1", "improvement.target"), [])

# Closed in March: A, C, D, and B which was submitted again. E became a slip; S1 has its answer but is open.
expect("month", said("complaint.month_reviewed", "month", "cases"), [("2024-03-01", 4)])
expect("counts of March", said("complaint.month_counted", "received", "handled", "resolved", "superseded", "service_caused",
                               month="2024-03-01"), [(8, 5, 3, 1, 1)])
expect("reviewed by the 10th", slip("month/2024-03-01", "complaint.month_review"), [])
expect("apportioned by the 10th", slip("month/2024-03-01", "complaint.month_loss"), [])
expect("nothing went to HR by the 10th", slip("month/2024-03-01", "complaint.month_sanction"), ["2024-04-10T16:00:00.001Z"])
sys.exit(wrong > 0)
P
say "$(wc -l <"$work/story.ndjson") facts, $(wc -l <"$work/records") records, all as worked out by hand"
