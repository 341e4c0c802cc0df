"""survey_data - calls, answers and ratings against answers.json; run by survey_data.sh.

Every key of answers.json is compared; a new key fails. What is asked twice comes from two places: counts from the log of
intake and from head office, ratings from what scoring published, exact."""
import collections
import datetime
import json
import sys
from fractions import Fraction
from figures import Comparison, decimal_of, span

NO_RATING = "(none)"
MARKS = "12345"


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def instant(record):
    return datetime.datetime.fromisoformat(record["time"].replace("Z", "+00:00"))


def published(path):
    """The last revision of each figure of January: (kpi, who) -> (numerator, denominator, value), who "" is the unit."""
    out, revisions = {}, {}
    for r in lines(path):
        d = r["data"]
        key = d["kpi"], d.get("person", "")
        if d["period"] != "month" or d["first"] != "2021-01-01" or d.get("revision", 0) < revisions.get(key, 0):
            continue
        revisions[key] = d["revision"]
        part = [Fraction(d.get(k, 0), d[k + "_den"]) if d.get(k + "_den") else None for k in ("numerator", "denominator")]
        out[key] = (*part, Fraction(d.get("value_num", 0), d["value_den"]) if d.get("value_den") else None)
    return out


class Log:
    """What intake has of the calls, by their number."""

    def __init__(self, records):
        by = collections.defaultdict(dict)
        for r in records:
            by[r["type"]][r["data"].get("call_no")] = r
        self.calls, self.answers, self.ended = by["call.registered"], by["call.replied"], by["call.closed"]
        self.ratings = by["survey.returned"]

    def agent(self, no):
        return self.calls[no]["actor"]

    def talk_s(self, no):
        """The card is sent and returned when the talk is over."""
        return int((instant(self.ratings[no]) - instant(self.answers[no])).total_seconds())

    def mark(self, no):
        return self.ratings[no]["data"]["rating"] if no in self.ratings else NO_RATING


def figures_of(log, scored, agent):
    """agent "" is all of them."""
    mine = [no for no in log.calls if agent in ("", log.agent(no))]
    total, n, mean = scored["rating_mean", agent]
    return {
        "calls": len(mine),
        "answered": sum(no in log.answers for no in mine),
        "resolved": sum(no in log.ended for no in mine),
        "ratings": int(n),
        "rating_sum": int(total),
        "rating_mean": float(decimal_of(mean, 4)),
        "rating_4_or_5": int(scored["rating_good", agent][0]),
        "rating_1_or_2": int(scored["rating_bad", agent][0]),
        "talk_seconds": sum(log.talk_s(no) for no in mine if no in log.answers),
    }


def compare_agents(check, known, log, scored):
    agents = sorted({log.agent(no) for no in log.calls})
    check.equal("agents", agents, sorted(known["by_agent"]))
    for agent in ["", *agents]:
        wanted = known["by_agent"][agent] if agent else known["all"]
        got = figures_of(log, scored, agent)
        check.equal(f"keys of {agent or 'all'}", sorted(got), sorted(wanted))
        for key in wanted:
            check.equal(f"{agent or 'all'}: {key}", got.get(key), wanted[key])
    for no, r in log.answers.items():
        if r["data"]["by"] != log.agent(no):
            check.equal(f"who answered {no}", r["data"]["by"], log.agent(no))


def compare_marks(check, known, log, scored):
    """By the log and by scoring."""
    marks = collections.Counter(log.mark(no) for no in log.calls)
    check.equal("by_rating", dict(sorted(marks.items())), known["by_rating"])
    for m in MARKS:
        check.equal(f"by_rating {m}, published", int(scored[f"ratings_{m}", ""][0]), known["by_rating"][m])
    bad = [no for no in log.ended if log.mark(no) in MARKS[:2]]
    check.equal("resolved_but_rating_1_or_2", len(bad), known["resolved_but_rating_1_or_2"])


def compare_office(check, known, kpi, log):
    total, by_day = kpi["total"], kpi["calls_by_day"]
    check.equal("calls of head office", total["calls"], known["all"]["calls"])
    check.equal("closed of head office", total["closed"], known["all"]["resolved"])
    check.equal("cancelled", total["cancelled"], known["all"]["calls"] - known["all"]["answered"])
    reply = span(total["kpi"]["K-06"], 1000)
    check.equal("answer_seconds", {**reply, "mean": float(reply["mean"])}, known["answer_seconds"])
    check.equal("answered_over_60_seconds", total["deadlines"]["call.reply"]["late"], known["answered_over_60_seconds"])
    topics = {k: v["calls"] for k, v in kpi["service_classes"].items()}
    check.equal("by_topic", topics, known["by_topic"])
    check.equal("from", min(by_day), known["from"])
    check.equal("to", max(by_day), known["to"])
    busiest = sorted(by_day.items(), key=lambda d: (-d[1], d[0]))[:len(known["busiest_days"])]
    check.equal("busiest_days", [list(d) for d in busiest], known["busiest_days"])
    weekend = sum(n for day, n in by_day.items() if datetime.date.fromisoformat(day).isoweekday() > 5)
    check.equal("weekend_calls", weekend, known["weekend_calls"])
    check.equal("calls without a talk", len(log.calls) - len(log.answers), known["by_rating"][NO_RATING])


KEYS = {"from", "to", "all", "by_agent", "answer_seconds", "answered_over_60_seconds", "by_rating",
        "resolved_but_rating_1_or_2", "by_topic", "busiest_days", "weekend_calls"}


def main(data, work):
    known = load(f"{data}/answers.json")["call-survey"]
    log, scored = Log(lines(f"{work}/intake")), published(f"{work}/published")
    check = Comparison()
    check.equal("keys", sorted(known), sorted(KEYS))
    compare_agents(check, known, log, scored)
    compare_marks(check, known, log, scored)
    compare_office(check, known, load(f"{work}/kpi"), log)
    check.finish("call-survey")


main(*sys.argv[1:])
