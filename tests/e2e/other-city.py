"""other-city - files of another shape and another policy, against figures worked out by hand.

The known figures are in expected.json of each folder: path in the report -> value. The working that leads
to them is in other-city/README.md."""
import json
import os
from figures import ROOT, Comparison, Replay, of_path, span, span_texts_agree

HERE = "tests/e2e/other-city/"
REQUESTS, REPAIRS = HERE + "requests-big5/", HERE + "repairs-gb18030/"


def compare(check, name, folder, known, r):
    with open(os.path.join(ROOT, folder, known), encoding="utf-8") as f:
        expected = json.load(f)
    for path, value in expected["figures"].items():
        check.equal(f"{name}: {path}", of_path(r.report, path), value)
    spans = r.report["total"]["spans"]
    for key, value in expected["span_seconds"].items():
        # n, negative, median, p90, max and the sum, from which the mean follows
        got = span(spans[key], 1000)
        check.equal(f"{name}: spans {key}", [got["n"], got["negative"], got["median"], got["p90"], got["max"],
                                             spans[key]["sum_ms"] // 1000], value)
        span_texts_agree(check, f"{name}: {key}", spans[key])
    for key in set(spans) - set(expected["span_seconds"]):
        check.equal(f"{name}: spans {key}", spans[key]["n"], 0)
    for what in ("units", "service_classes", "policies"):
        check.equal(f"{name}: {what}", sorted(r.report[what]), expected[what])


def requests(check):
    instants = [x for day in ("2024-07-04", "2024-07-05", "2024-07-13", "2024-07-14") for x in ("--at", day)]
    r = Replay("deploy/policy/civic-requests", REQUESTS + "mapping.yaml", [REQUESTS + "requests.csv"],
               "--until", "2024-08-31T00:00:00+08:00", *instants)
    check.equal("requests: status", r.status, 0)
    check.equal("requests: rows, rejected", [r.rows, r.rows_rejected, r.facts_rejected], [31, 0, 0])
    compare(check, "requests", REQUESTS, "expected.json", r)
    return r


def repairs(check, policy, known, *options):
    r = Replay(REPAIRS + policy, REPAIRS + "mapping.yaml", [REPAIRS + "log.csv"],
               "--until", "2024-06-10T00:00:00+08:00", *options)
    check.equal(f"{policy}: status says that something was rejected", r.status, 1)
    check.equal(f"{policy}: rows, rejected", [r.rows, r.rows_rejected, r.facts_rejected], [35, 0, 1])
    check.equal(f"{policy}: the line of the rejected one is named", "log.csv:36: job.arrived: 时刻:" in r.notes, True)
    if known:
        compare(check, policy, REPAIRS, known, r)
    return r


def main():
    check = Comparison()
    first = requests(check)
    check.equal("requests: the same again, bit for bit", requests(check).bytes == first.bytes, True)
    instants = ("--at", "2024-06-03T12:00:00+08:00", "--at", "2024-06-04T11:15:00+08:00")
    repairs(check, "policy", "expected.json", *instants)
    repairs(check, "policy-strict", "expected-strict.json")
    # What the memo would have changed, case by case.
    differences = repairs(check, "policy", None, "--compare", REPAIRS + "policy-strict").report
    check.equal("compare: cases", [x["case"] for x in differences], ["R3", "R4"])
    check.equal("compare: dues", [(x["due"], x["other_due"]) for x in differences],
                [("2024-06-03T07:00:00Z", "2024-06-03T05:30:00Z"), ("2024-06-04T03:00:00Z", "2024-06-04T01:30:00Z")])
    check.equal("compare: results", [(x["result"], x["other_result"]) for x in differences],
                [("in_time", "late"), ("late", "late")])
    check.finish("other cities")


main()
