"""absence_data - absences, disciplinary entries and the monthly target against answers.json; run by absence_data.sh.

Every key of answers.json is compared; a new key fails. Sums over the records are sums over the two years in which the
mapping puts them: 2008, and 2007 for the record of month 0. No personal column of the table may stand in the log."""
import collections
import csv
import datetime
import json
import sys
from fractions import Fraction
from figures import Comparison, decimal_of

YEARS = ("2007-01-01", "2008-01-01")
UNIT = "STAFF"
HOUR_MIN = 60
FIELDS = {"attendance.recorded": {"person", "day", "kind", "no", "minutes"},
          "conduct.confirmed": {"person", "kind", "case_no", "day", "by"},
          "kpi.actual_reported": {"metric", "unit", "month", "value"}}


def published(records):
    """The last revision of each figure of a year: (kpi, who, year) -> (numerator, denominator, value)."""
    out = {}
    for r in records:
        d = r["data"]
        if r["type"] != "scoring.kpi_published" or d["period"] != "year":
            continue
        parts = ((d.get("numerator", 0), d.get("numerator_den")), (d.get("denominator", 0), d.get("denominator_den")),
                 (d.get("value_num", 0), d.get("value_den")))
        out[d["kpi"], d.get("person") or d["unit"], d["first"]] = [Fraction(n, den) if den else None for n, den in parts]
    return out


def over_years(scored, kpi, who, part=2):
    found = [scored[kpi, who, year][part] for year in YEARS if (kpi, who, year) in scored]
    return sum(f for f in found if f is not None)


def weekday(text):
    """As the table counts: 2 = Monday."""
    return str(datetime.date.fromisoformat(text).isoweekday() + 1)


def compare(check, known, facts, scored):
    seen = set()

    def equal(name, got):
        seen.add(name)
        check.equal(name, got, known[name])

    attendance = [r["data"] for r in facts["attendance.recorded"]]
    booked = [r["data"] for r in facts["conduct.booked"]]
    staff = {d["person"] for d in attendance + booked}
    equal("records", len(attendance) + len(booked))
    check.equal("records that tell the target", int(over_years(scored, "hit_target", UNIT, 1)), known["records"])
    equal("employees", len(staff))
    equal("hours_total", int(over_years(scored, "absence_hours", UNIT)))
    hours = {p: int(over_years(scored, "absence_hours", p)) for p in staff}
    check.equal("hours of all of them", sum(hours.values()), known["hours_total"])
    top = sorted(hours.items(), key=lambda h: (-h[1], h[0]))[:len(known["top_employees_hours"])]
    equal("top_employees_hours", [list(h) for h in top])
    equal("disciplinary_failures", len(booked))
    check.equal("disciplinary, published", int(over_years(scored, "disciplinary", UNIT)), known["disciplinary_failures"])
    equal("employees_with_disciplinary_failure", len({d["person"] for d in booked}))
    persons = sum(over_years(scored, "disciplinary", p) > 0 for p in staff)
    check.equal("who has one, published", persons, known["employees_with_disciplinary_failure"])
    target = over_years(scored, "hit_target", UNIT, 0) / over_years(scored, "hit_target", UNIT, 1)
    equal("hit_target_mean", float(decimal_of(target, 4)))
    equal("unjustified_reason26_records", int(over_years(scored, "absences_unjustified", UNIT)))
    check.equal("absent, told", sum(d["kind"] == "absent" for d in attendance), known["unjustified_reason26_records"])
    minutes = collections.Counter()
    for d in attendance:
        minutes[weekday(d["day"])] += d.get("minutes", 0)
    equal("hours_by_weekday_2_to_6", {k: Fraction(v, HOUR_MIN) for k, v in sorted(minutes.items())})
    check.equal("keys", sorted(seen), sorted(known))


def main(data, log):
    with open(f"{data}/answers.json", encoding="utf-8") as f:
        known = json.load(f)["staff-absence"]
    with open(f"{data}/staff-absence/absence.csv", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    with open(log, encoding="utf-8") as f:
        records = [json.loads(line) for line in f]
    facts = collections.defaultdict(list)
    for r in records:
        facts[r["type"]].append(r)
    check = Comparison()
    compare(check, known, facts, published(records))
    for kind, fields in FIELDS.items():
        told = set().union(*(r["data"] for r in facts[kind]))
        check.equal(f"fields of {kind}", sorted(told - fields), [])
    # Record for record: who, which weekday and month, how long.
    wanted = collections.Counter((x["ID"], x["Day of the week"], int(x["Month of absence"]) or 12,
                                  int(x["Absenteeism time in hours"]) * HOUR_MIN) for x in rows)
    got = collections.Counter((d["person"], weekday(d["day"]), int(d["day"][5:7]), d.get("minutes", 0))
                              for d in (r["data"] for r in facts["attendance.recorded"] + facts["conduct.booked"]))
    check.equal("records alike", (got & wanted).total(), len(rows))
    check.finish("staff-absence")


main(*sys.argv[1:])
