#!/usr/bin/env bash
# complaint_kinds: a case of each kind through `cuiban feed` into the live stack on the event clock: a relay with a late
# step, a refused conclusion, one that does not stand, a platform dispute, an anomaly slip, an authority's, conduct, opinions,
# a quality issue, loss and penalty, the review of the month. The figures are worked out by hand from complaint-kinds/story.txt.
. "$(dirname "$0")/lib.bash"
dir=$work/kinds
python3 -B tests/e2e/story.py tests/e2e/complaint-kinds/story.txt >"$work/story.ndjson"
stack_start "$dir" --policy tests/unit/data/policy-complaint --clock event --no-redis
stack_ready "$dir"
feed "$dir" "$work/story.ndjson" >"$work/fed" 2>"$work/fed.err" || { cat "$work/fed" "$work/fed.err"; fail 'the door refused a fact'; }
stack_settled "$dir"
for log in complaint escalation; do records "$dir" $log; done >"$work/records"
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'verify'; }
"$cuiban" show --dir "$dir" --json complaint 240301 >"$work/shown" || fail 'show complaint'
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'
PYTHONPATH=tests/e2e python3 -B - "$work" <<'P' || fail 'not as worked out by hand'
import json
import sys
from figures import Comparison
from story import Records

work, check = sys.argv[1], Comparison()
records = Records(f"{work}/records")
said, when, slip, expect = records.said, records.when, records.slip, check.equal

expect("refused: the vice general manager decides up to 50,000", said("refused.fact", "subject", "rule", "code"),
       [("B", "CMP-042", "authority")])
expect("numbers", said("complaint.registered", "complaint_no"), ["240301", "240302", "240303"])
expect("outcomes", sorted(said("complaint.closed", "opened_as", "outcome", "overdue")),
       [("A", "accepted", "no"), ("C", "not_established", "no"), ("D", "invalid", "no")])
expect("a new round", said("complaint.opened", "case_no", parent_no="B"), ["B2"])

# A: quality had 8 working hours from Friday 13:00, that is until Monday 12:00; it took 10.
expect("slip to quality", slip("complaint.qa_review", case_no="complaint/A"), ["2024-03-04T04:00:00.001Z"])
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

expect("F is major, an hour", slip("complaint.major_report", case_no="complaint/F"), ["2024-03-11T02:00:00.001Z"])
expect("O2: four working hours from 16:30", slip("opinion.escalate", case_no="opinion/O2"), ["2024-03-08T03:30:00.001Z"])
expect("O2: five working days", slip("opinion.reply", case_no="opinion/O2"), ["2024-03-14T16:00:00.001Z"])
expect("O1 was told in time", slip("opinion.reply", case_no="opinion/O1"), [])
expect("Q1: fifteen minutes", slip("quality.feedback_form", case_no="quality/Q1"), ["2024-03-12T01:15:00.001Z"])
expect("Q1 closed before its node", slip("quality.rectification", case_no="quality/Q1"), [])
expect("the line stood still for 40 minutes", said("quality.line_stopped", "stopped_s"), [2400])
expect("C paid in his term", slip("complaint.receivable", case_no="complaint/C"), [])
expect("the improvement was in time", slip("improvement.target", case_no="improvement/I1"), [])

# Closed in March: A, C, D, and B which was submitted again. E became a slip; S1 has its answer but is open.
expect("month", said("complaint.month_reviewed", "month", "cases"), [("2024-03-01", 4)])
expect("counts of March", said("complaint.month_counted", "received", "handled", "resolved", "superseded", "service_caused",
                               month="2024-03-01"), [(8, 5, 3, 1, 1)])
expect("reviewed by the 10th", slip("complaint.month_review", case_no="month/2024-03-01"), [])
expect("apportioned by the 10th", slip("complaint.month_loss", case_no="month/2024-03-01"), [])
expect("nothing went to HR by the 10th", slip("complaint.month_sanction", case_no="month/2024-03-01"), ["2024-04-10T16:00:00.001Z"])
check.finish("complaint_kinds")
P
say "$(wc -l <"$work/story.ndjson") facts, $(wc -l <"$work/records") records, all as worked out by hand"
