"""warranty_data - the logs of a stack that took the claims, against answers.json; run by warranty_data.sh.

Every key of answers.json is either compared or stands in NOT_HELD with the reason; a new key in neither fails."""
import collections
import decimal
import json
import sys
from figures import Comparison

NOT_HELD = {
    "fraud": "whose verdict it was is not in the file; an audit here compares documents that the file does not have",
    "fraud_value": "as fraud",
    "product_age": "there is no date of purchase or of the claim, from which an age would follow",
}
NOT_HELD_OF_CENTRE = {"fraud"}


def facts(work, log, kind):
    with open(f"{work}/{log}.log", encoding="utf-8") as f:
        for line in f:
            record = json.loads(line)
            if record["type"] == kind:
                yield record


def main(data, work):
    with open(f"{data}/answers.json", encoding="utf-8") as f:
        known = json.load(f)["appliance-warranty"]
    check = Comparison()

    claims = {r["data"]["report_no"]: dict(r["data"], centre=r["source"][3:])
              for r in facts(work, "intake", "abnormal.logged")}
    for r in facts(work, "intake", "sms.reported"):
        claims[r["data"]["report_no"]]["work"] = r["data"].get("parts", [])
    expected = [r["data"] for r in facts(work, "parts", "oldpart.expected")]
    complaints = list(facts(work, "complaint", "complaint.opened"))

    def value(claim):
        return decimal.Decimal(claim.get("value", "0"))

    def counted(key):
        return dict(collections.Counter(key(c) for c in claims.values()))

    def worked(how):
        return dict(collections.Counter(p["part_no"] for c in claims.values() for p in c["work"] if p["reason"] == how))

    check.equal("claims", len(claims), known["claims"])
    check.equal("order", list(claims), sorted(claims, key=lambda no: int(no[1:])))
    check.equal("claim_value_total", sum(map(value, claims.values())), decimal.Decimal(known["claim_value_total"]))
    check.equal("parts_repaired_code1", worked("repaired"), known["parts_repaired_code1"])
    check.equal("parts_replaced_code2", worked("replaced"), known["parts_replaced_code2"])
    # What the parts service made of it: each part replaced was issued and used, and its old part is due back.
    for name, kind, field in (("issued", "issue.opened", None), ("used", "part.used", "part_no")):
        parts = (r["data"] for r in facts(work, "parts", kind))
        part_nos = collections.Counter(d[field] if field else d["lines"][0]["part_no"] for d in parts)
        check.equal(f"parts {name}", dict(part_nos), known["parts_replaced_code2"])
    check.equal("old parts due back", dict(collections.Counter(d["part_no"] for d in expected)),
                known["parts_replaced_code2"])
    check.equal("old parts that must come back", {d["duty"] for d in expected}, {"must"})
    moved = collections.Counter((r["data"]["from"], r["data"]["to"]) for r in facts(work, "parts", "ledger.moved"))
    replaced = sum(known["parts_replaced_code2"].values())
    check.equal("moves of the ledger", dict(moved), {("store", "hand"): replaced, ("hand", "owed"): replaced})
    check.equal("by_product_claims", counted(lambda c: c["product"]), known["by_product_claims"])
    check.equal("by_purpose", counted(lambda c: c["fault"]), known["by_purpose"])
    check.equal("complaint cases", len(complaints), known["by_purpose"]["Complaint"])
    check.equal("by_region", counted(lambda c: c["customer"].split("/")[0]), known["by_region"])
    check.equal("centres", sorted(counted(lambda c: c["centre"])), sorted(known["by_service_centre"]))
    due = collections.Counter(d["unit"][3:] for d in expected)
    for centre, figures in known["by_service_centre"].items():
        of = [c for c in claims.values() if c["centre"] == centre]
        check.equal(f"centre {centre}: claims", len(of), figures["claims"])
        check.equal(f"centre {centre}: value", sum(map(value, of)), decimal.Decimal(figures["value"]))
        check.equal(f"centre {centre}: old parts due back", due[centre], figures["replaced"])
        check.equal(f"centre {centre}: keys", sorted({"claims", "value", "replaced"} | NOT_HELD_OF_CENTRE),
                    sorted(figures))
    check.equal("value_no_part_touched", sum(value(c) > 0 and not c["work"] for c in claims.values()),
                known["value_no_part_touched"])
    wrong = sum(any(p["part_no"][:2] != c["product"] for p in c["work"]) for c in claims.values())
    check.equal("wrong_product_component", wrong, known["wrong_product_component"])
    seen = {"claims", "claim_value_total", "parts_repaired_code1", "parts_replaced_code2", "by_product_claims",
            "by_purpose", "by_region", "by_service_centre", "value_no_part_touched", "wrong_product_component"}
    check.equal("keys", sorted(seen | set(NOT_HELD)), sorted(known))
    check.finish("appliance-warranty")


main(*sys.argv[1:])
