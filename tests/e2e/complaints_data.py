"""complaints_data - the register of complaints and its 催辦單 against answers.json; run by complaints_data.sh.

Every key of answers.json is either compared or stands in NOT_HELD with the reason; a new key in neither fails."""
import collections
import decimal
import json
import sys
from figures import Comparison

NOT_HELD = {
    "response_in_progress": "0, and no case of ours is: every one is closed",
}
CHANNEL = {"Web": "request_form", "Phone": "phone", "Postal mail": "letter", "Fax": "fax", "Referral": "other"}
DAY_S = 86400


def rank(sorted_values, percent):
    """Nearest rank."""
    return sorted_values[max(0, -(-len(sorted_values) * percent // 100) - 1)]


def main(data, register, slips):
    with open(f"{data}/answers.json", encoding="utf-8") as f:
        known = json.load(f)["complaints-cfpb"]
    with open(register, encoding="utf-8") as f:
        cases = json.load(f)
    with open(slips, encoding="utf-8") as f:
        levels = collections.Counter(s["level"] for s in json.load(f) if s["deadline"] == "complaint.form_filing")
    check = Comparison()

    def counted(key, wanted=lambda c: True):
        return collections.Counter(c.get(key, "") for c in cases if wanted(c))

    def equal(name, got):
        check.equal(name, got, known[name])

    days = [c["received"][:10] for c in cases]
    equal("complaints", len(cases))
    equal("received_from", min(days))
    equal("received_to", max(days))
    equal("received_by_month", dict(collections.Counter(d[:7] for d in days)))
    equal("timely_no", counted("timely")["no"])
    content = counted("satisfied")
    equal("disputed", {"(blank)": content[""], "No": content["yes"], "Yes": content["no"]})
    equal("disputed_and_timely_no", counted("satisfied", lambda c: c["timely"] == "no")["no"])
    equal("by_channel", {k: counted("channel")[v] for k, v in CHANNEL.items()})
    equal("by_product", dict(counted("category")))
    equal("by_response", dict(counted("level")))
    equal("response_untimely", counted("level")["Untimely response"])
    company = counted("clerk")
    check.equal("top_companies", [n for _, n in company.most_common(5)], [n for _, n in known["top_companies"]])
    for key, wanted in (("top_companies", lambda c: True), ("top_companies_timely_no", lambda c: c["timely"] == "no"),
                        ("top_companies_disputed", lambda c: c.get("satisfied") == "no")):
        for name, n in known[key]:
            check.equal(f"{key}: {name}", counted("clerk", wanted)[name], n)
    # The six that were sent before they came stand on the day they came: a span of 0 in place of a negative one.
    span = sorted(c["to_accept_s"] for c in cases)
    check.equal("forward_days.n", len(span), known["forward_days"]["n"])
    check.equal("forward_days.median", rank(span, 50) // DAY_S, known["forward_days"]["median"])
    check.equal("forward_days.p90", rank(span, 90) // DAY_S, known["forward_days"]["p90"])
    check.equal("forward_days.max", span[-1] // DAY_S, known["forward_days"]["max"])
    check.equal("whole days", sum(s % DAY_S for s in span), 0)
    least = known["forward_days"]["mean"]
    mean = decimal.Decimal(sum(span)) / DAY_S / len(span)
    check.equal("forward_days.mean, not below that with the negative ones", mean >= decimal.Decimal(str(least)), True)
    for level, (over, n) in enumerate(known["forward_over_days"].items(), 1):
        check.equal(f"forward_over_days {over}", sum(s > int(over) * DAY_S for s in span), n)
        check.equal(f"催辦單 of level {level}", levels[level], n)
    seen = {"complaints", "received_from", "received_to", "received_by_month", "timely_no", "disputed",
            "disputed_and_timely_no", "by_channel", "by_product", "by_response", "response_untimely", "top_companies",
            "top_companies_timely_no", "top_companies_disputed", "forward_days", "forward_over_days"}
    check.equal("keys", sorted(seen | set(NOT_HELD)), sorted(known))
    check.finish("complaints-cfpb")


main(*sys.argv[1:])
