#!/usr/bin/env bash
# parts_month: a month of parts through `cuiban feed` into the live stack on the event clock: a three-guarantee note from the
# abnormality report to the old part, requisitions, a station, the count, feedback, an advance and its expense form. The figures
# are worked out by hand from parts-month/story.txt.
. "$(dirname "$0")/lib.bash"
dir=$work/month
python3 -B tests/e2e/story.py tests/e2e/parts-month/story.txt >"$work/story.ndjson"
# The policy of the tests, with the roles of who signs for money.
cp -r tests/unit/data/policy-parts "$work/policy"
sed -i "s#\.\./\.\./\.\./\.\./deploy#$PWD/deploy#" "$work/policy/policy.yaml"
sed -n '/^parts:/,/advance_approver/p' deploy/policy/general/policy.yaml >>"$work/policy/policy.yaml"
stack_start "$dir" --policy "$work/policy" --clock event --no-redis
stack_ready "$dir"
feed "$dir" "$work/story.ndjson" >"$work/fed" 2>"$work/fed.err" || { cat "$work/fed" "$work/fed.err"; fail 'the door refused a fact'; }
stack_settled "$dir"
for log in parts escalation; do records "$dir" $log; done >"$work/records"
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'verify'; }
"$cuiban" parts --dir "$dir" --json >"$work/now" || fail 'cuiban parts'
"$cuiban" parts --dir "$dir" --json --at 2026-03-11 >"$work/then" || fail 'cuiban parts of a past day'
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'
PYTHONPATH=tests/e2e python3 -B - "$work" <<'P' || fail 'not as worked out by hand'
import json
import sys
from figures import Comparison
from story import Records

work, check = sys.argv[1], Comparison()
records = Records(f"{work}/records")
said, slip, expect = records.said, records.slip, check.equal

def held(file):
    """(place, holder, part): pieces, where there are any."""
    return {(b["place"], b.get("holder", ""), b["part_no"]): b["qty"] for b in json.load(open(f"{work}/{file}")) if b["qty"]}

expect("refused: stamped before signed; issued before approved; 21 % is not between 10 and 20; signed by who is not the leader, the"
       " general manager, or anybody", sorted(said("refused.fact", "subject", "rule")),
       [("B1", "PRT-058"), ("E1", "PRT-055"), ("N1", "PRT-014"), ("OP-1", "PRT-029"), ("Q1", "PRT-004"), ("Q2", "PRT-040")])
expect("one signature: the request is approved with the report, and no clock ran",
       (said("part.approved", "request_no", "by"), said("deadline.armed", "name", name="part.decide")), ([("R1", "L1")], []))

# Contactors: 10 came, 2 went out on N1, both used; one old part is back and went to the maker's store, one is owed by T1; one is
# missing. Seals: 20 came, 5 and 5 went out, 1 came back, 6 to the station: 5. The station: 4 came, 2 used, 1 given back, which
# waits for its inspection; 2 are on their way. Four old seals are in the store, two with the station; Q2 is in T2's hands.
expect("where everything is", held("now"), {
    ("outside", "", "P1"): -10, ("outside", "", "P2"): -20,
    ("store", "WH", "P1"): 7, ("owed", "T1", "P1"): 1, ("gone", "", "P1"): 1, ("difference", "WH", "P1"): 1,
    ("store", "WH", "P2"): 5, ("inspect", "WH", "P2"): 1, ("hand", "T2", "P2"): 5, ("old", "WH", "P2"): 4,
    ("transit", "ST", "P2"): 2, ("station", "ST", "P2"): 1, ("old", "ST", "P2"): 2})
# At the end of 11 March: the note is used, nothing is back; the station's six are on their way.
expect("where everything was", held("then"), {
    ("outside", "", "P1"): -10, ("outside", "", "P2"): -20, ("store", "WH", "P1"): 8, ("owed", "T1", "P1"): 2,
    ("store", "WH", "P2"): 5, ("hand", "T2", "P2"): 5, ("old", "WH", "P2"): 4, ("transit", "ST", "P2"): 6})
expect("written off of Q1, and nothing outstanding", said("stock.written_off", "written_off", "outstanding", requisition_no="Q1"),
       [(4, None)])
expect("less than the safe stock of nine", said("stock.low", "part_no", "book", "safety_qty"), [("P1", 8, 9)])
expect("a contactor is missing", said("stock.mismatch", "part_no", "book", "physical", "diff"), [("P1", 8, 7, -1)])

# 560.00 + 85.00 + 75.00 = 720.00; a tenth until somebody decides, then 15 %: 108.00
expect("loss and liability", said("oldpart.mismatch", "loss", "rate_bp", "amount"),
       [("720.00", 1000, "72.00"), ("720.00", 1500, "108.00")])
expect("the list of March", said("mismatch.list_approved", "total"), ["108.00"])
expect("claimed from the supplier at purchase cost", said("secondary.opened", "supplier", "amount"), [("SUP", "480.00")])
expect("offset at the cost of issue", said("ledger.offset", "qty", "value"), [(1, "560.00")])
expect("by manufacturer and specification", [(g["manufacturer"], g["spec"], g["qty"]) for g in said("return_note.opened", "groups")[0]],
       [("MX", "R1", 1)])

# 2750.50 passes; a taxi without consent and a hotel in another town do not: 298.00. 2750.50 - 3000.00
expect("the expense form", said("expense.audited", "claimed", "approved", "rejected"), [("3048.50", "2750.50", "298.00")])
expect("paid back", said("advance.settled", "settlement"), [-24950])
expect("a repair outside the period feeds nothing back", said("feedback.line_refused", "repair_no"), ["V2"])

# Slips: an old part after 30 days, a requisition after 30 days, the second feedback of March, each a second past midnight;
# returned, counted, settled, listed, answered in time: none.
expect("old part of 6 March: 5 April", slip("oldpart.return"), ["2026-04-05T16:00:00.001Z"])
expect("requisition of 5 March: 4 April", slip("requisition.clear"), ["2026-04-04T16:00:00.001Z"])
expect("second half of March", slip("feedback.half", unit="VEH"), ["2026-03-31T16:00:00.001Z"])
expect("old seals of 10 March in the store and of 13 March with the station, not analysed in ten working days", slip("oldpart.analyse"),
       ["2026-03-24T16:00:00.001Z", "2026-03-27T16:00:00.001Z"])
for name in ("stock.count", "advance.settle", "mismatch.list", "secondary.claim", "expense.audit", "part.decide"):
    expect(name, slip(name), [])
check.finish("parts_month")
P
say "$(wc -l <"$work/story.ndjson") facts, $(wc -l <"$work/records") records, all as worked out by hand"
