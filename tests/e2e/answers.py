"""answers - the figures of three real data sets against answers.json; run by answers.sh.

Every key of answers.json is either compared or stands in NOT_HELD with the reason. A new key in neither
fails, and so does a key of NOT_HELD that is no longer in the file."""
import decimal
import json
import os
import sys
from figures import Comparison, Replay, at, span, span_texts_agree

ZONE_HOURS = 8  # the mappings of these sets read their stamps at the offset of the calendar FULL

NOT_HELD = {
    "civic-requests-boston": {
        "flag_OnTime_Status": "the city's own verdict; ours is computed",
        "flag_disagrees_with_time": "as before",
        "target_before_open": "no figure of its own",
        "closure_kind": "the solution of a call is kept with it and not counted",
        "source": "the channel of a call is kept with it and not counted",
    },
    "field-dispatch": {
        "units": "technicians are not counted by themselves",
        "sla_seconds_by_final_priority": "what the policy is made from, not a figure",
        "busiest_units_seconds": "no figure by technician",
        "overlapping_jobs_same_unit": "no figure by technician",
        "rows_by_final_disposition": "the solution is kept with the job and not counted",
    },
    "itsm-incidents": {
        "last_update": "the last row tells nothing new, so it makes no fact",
        "cases_sla_breached": "the desk's own verdict (made_sla), by limits it does not say",
        "by_priority_cases_breached": "breaches as before; and the last priority, ours is that of the registration",
        "breach_rate": "as before",
        "events_made_sla_false": "as before",
        "top_groups_breached": "as before",
        "cases_never_assigned_person": "the team on it is the assignment; persons are not told apart",
        "first_assignee_minutes": "as before",
        "events_by_state": "rows of the file, not of the business",
        "cases_with_rows_out_of_time_order": "as before",
        "channel_cases": "the channel of a call is kept with it and not counted",
        "closed_5_to_5h1_days_after_resolved": "no span from completed to closed",
        "closed_before_resolved": "as before",
    },
}


def backlog(t, days, key):
    return {day: at(t[key], day, ZONE_HOURS) for day in days}


def first_day(report):
    return min(report["calls_by_day"])


def last_day(report):
    return max(report["calls_by_day"])


def day_of(stamp):
    return stamp.split(" ")[0]


def boston(r, known):
    report, t = r.report, r.report["total"]
    due = {u: line["deadlines"].get("promise.due") for u, line in report["units"].items()}
    levels = t["reminders"]["promise.due"]
    ladder = {"open_at_due-24h": "1", "open_at_due+0h": "2", "open_at_due+24h": "3",
              "open_at_due+72h": "4", "open_at_due+168h": "5"}
    return {
        "requests": t["calls"],
        "opened_from": first_day(report), "opened_to": last_day(report),
        "with_target": t["deadlines"]["promise.due"]["armed"],
        "late_closed_after_target": t["deadlines"]["promise.due"]["late"],
        "department_measured_late": {u: [d["armed"], d["late"]] for u, d in due.items() if d},
        "resolve_seconds": span(t["spans"]["close"], 1000),
        "lateness_seconds": span(t["spans"]["lateness"], 1000),
        "reminder_ladder": {name: levels[level]["issued"] for name, level in ladder.items()},
        "open_backlog_at": backlog(t, known["open_backlog_at"], "open_at"),
        "overdue_backlog_at": backlog(t, known["overdue_backlog_at"], "overdue_at"),
    }


def san_francisco(r, known):
    report, t, legs = r.report, r.report["total"], r.report["total"]["legs"]
    classes, units = report["service_classes"], report["units"]
    arrivals = {u: line["deadlines"]["job.arrival"] for u, line in units.items()}
    return {
        "unit_rows": legs["all"], "calls": t["calls"],
        "received_from": first_day(report), "received_to": last_day(report),
        "rows_never_on_scene": legs["not_arrived"], "calls_never_on_scene": t["never_arrived"],
        "rows_no_response": legs["not_departed"],
        "rows_no_available": legs["not_completed"] - legs["recalled"],
        "calls_multi_unit": t["several_legs"],
        "assign_seconds_received_to_dispatch": span(t["spans"]["assign"], 1000),
        "turnout_seconds_dispatch_to_response": span(t["spans"]["turnout"], 1000),
        "travel_seconds_response_to_scene": span(t["spans"]["travel"], 1000),
        "arrival_seconds_per_unit_row": span(t["spans"]["arrival"], 1000),
        "arrival_seconds_first_unit_per_call": span(t["spans"]["first_arrival"], 1000),
        "on_site_seconds_scene_to_available": span(t["spans"]["on_site"], 1000),
        "sla_calls_measured": {c: line["spans"]["first_arrival"]["n"] for c, line in classes.items()},
        "sla_calls_late": {c: line["deadlines"]["job.arrival"]["late"] for c, line in classes.items()},
        "sla_rows_late": {c: line["legs"]["late"] for c, line in classes.items()},
        "battalion_calls_late": {u: [d["on_time"] + d["late"], d["late"]] for u, d in arrivals.items()},
        "calls_per_day": report["calls_by_day"],
    }


def itsm(r, known):
    report, t = r.report, r.report["total"]
    days = report["calls_by_day"]
    return {
        "events": r.rows, "cases": t["calls"],
        "opened_from": first_day(report), "opened_to": last_day(report),
        "cases_reassigned": t["reassigned_calls"], "reassignments_total": t["reassignments"],
        "cases_reopened": t["reopened_calls"], "cases_ever_awaiting": t["paused_calls"],
        "resolve_minutes": span(t["spans"]["resolve"], 60000),
        "close_minutes": span(t["spans"]["close"], 60000),
        "cases_without_resolved_at": t["calls"] - t["spans"]["resolve"]["n"],
        "busiest_open_day": max(([d, n] for d, n in days.items()), key=lambda x: x[1]),
        "open_backlog_at": backlog(t, known["open_backlog_at"], "open_at"),
    }


# name: file, mapping, policy, figures
SETS = {
    "civic-requests-boston": ("requests.csv.gz", "civic-requests-boston", "civic-requests", boston),
    "field-dispatch": ("units.csv.gz", "field-dispatch-sf", "field-dispatch", san_francisco),
    "itsm-incidents": ("events.csv.gz", "itsm-incidents", "itsm-incidents", itsm),
}
# The first and the last stamp: head office has their days.
STAMPS = ("opened_from", "opened_to", "received_from", "received_to")


def as_known(key, value):
    return day_of(value) if key in STAMPS else value


def compare_value(check, name, got, known):
    """Down to single numbers, so that each difference is seen by itself."""
    if isinstance(known, dict) and isinstance(got, dict):
        for key in sorted(set(got) | set(known)):
            compare_value(check, f"{name}.{key}", got.get(key), known.get(key))
    elif isinstance(known, list) and isinstance(got, list) and len(known) == len(got):
        for i, (g, k) in enumerate(zip(got, known)):
            compare_value(check, f"{name}[{i}]", g, k)
    else:
        check.equal(name, got, known)


def compare_set(check, name, known, data):
    file, mapping, policy, figures = SETS[name]
    instants = [x for day in known.get("open_backlog_at", {}) for x in ("--at", day)]
    r = Replay(f"deploy/policy/{policy}", f"deploy/mappings/{mapping}.yaml",
               [os.path.abspath(os.path.join(data, name, file))], *instants)
    check.equal(f"{name}: status", r.status, 0)
    check.equal(f"{name}: rejected", [r.rows_rejected, r.facts_rejected], [0, 0])
    got = figures(r, known)
    for key in sorted(set(known) | set(got) | set(NOT_HELD[name])):
        if key in NOT_HELD[name]:
            check.equal(f"{name}: {key} is in the file and not compared", (key in known, key in got), (True, False))
        else:
            compare_value(check, f"{name}: {key}", got.get(key), as_known(key, known.get(key)))
    for key, s in r.report["total"]["spans"].items():
        span_texts_agree(check, f"{name}: {key}", s)
    check.equal(f"{name}: calls of the units", sum(u["calls"] for u in r.report["units"].values()),
                r.report["total"]["calls"])
    return r


def main(data):
    check = Comparison()
    with open(os.path.join(data, "answers.json"), encoding="utf-8") as f:
        answers = json.load(f, parse_float=decimal.Decimal)
    for name in SETS:
        r = compare_set(check, name, answers[name], data)
        held = len(answers[name]) - len(NOT_HELD[name])
        print(f"{name}: {r.rows} rows, {held} of {len(answers[name])} answers compared")
    check.finish("answers")


main(sys.argv[1])
