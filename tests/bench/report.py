"""What was measured, as text, as JSON that grows group by group, and as the table of README.md."""
import json
import os

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
SAME_MACHINE = ("cores", "cpu", "memory_gib", "kernel")


class Refused(Exception):
    """A result that cannot be used so."""


def number(x):
    return f"{x:,.0f}".replace(",", " ") if abs(x) >= 100 else f"{x:.3g}"


def three(s, unit):
    text = number(s["median"])
    if s["min"] != s["max"]:
        text += f" ({number(s['min'])}…{number(s['max'])})"
    return f"{text} {unit}".rstrip()


def target(line, name):
    wanted = line[name]
    if wanted is None:
        return ""
    sign = "≤" if line["less"] else "≥"
    met = line.get(name + "_met")
    return f"{name} {sign} {wanted:g} {'met' if met else '**missed**' if met is not None else '(no ratio)'}"


def targets(line):
    return ", ".join(t for t in (target(line, "must"), target(line, "aim")) if t)


def limit(line):
    if "limit" in line:
        return f"{three(line['limit'], line['unit'])} ({line['limit_is']})"
    return f"none: {line['no_ratio']} ({line['limit_is']})" if "no_ratio" in line else ""


def text_of(line):
    parts = [f"{line['case']:<4} {line['text']}: {three(line['product'], line['unit'])}", limit(line)]
    if "ratio" in line:
        parts.append(f"ratio {three(line['ratio'], '')}")
    return "  |  ".join(p for p in (*parts, targets(line)) if p)


# ---- the file ----

def load(path):
    if not path or not os.path.exists(path):
        return {"groups": {}}
    with open(path) as f:
        return json.load(f)


def merge(report, machine, versions, settings):
    """The heading of a result that more groups are to be added to: of one machine only."""
    old = report.get("machine", machine)
    for name in SAME_MACHINE:
        if old[name] != machine[name]:
            raise Refused(f"the file is of another machine: {name} {old[name]}, here {machine[name]}")
    report |= {"machine": machine, "versions": versions, "settings": settings}


def save(path, report):
    with open(path + ".new", "w") as f:
        json.dump(report, f, indent=1, ensure_ascii=False)
        f.write("\n")
    os.replace(path + ".new", path)


# ---- the table ----

def heading(report):
    m = report["machine"]
    versions = ", ".join(f"{name} {v}" for name, v in report["versions"].items())
    return (f"{m['cores']} cores ({m['cpu']}), {m['memory_gib']} GiB, {m['disk']}, kernel {m['kernel']}; {versions}."
            " Settings: as shipped.")


def table(report, order):
    rows = ["| | what | product | limit or peer | ratio | target |", "| --- | --- | --- | --- | --- | --- |"]
    for group in order:
        for line in report["groups"].get(group, {}).get("lines", []):
            ratio = three(line["ratio"], "") if "ratio" in line else ""
            product = three(line["product"], line["unit"])
            rows.append(f"| {line['case']} | {line['text']} | {product} | {limit(line)} | {ratio} | {targets(line)} |")
    return rows


def runs_table(report, order):
    rows = ["| group | measured (UTC) | commit | runs | took | load average before, after | stolen at most |",
            "| --- | --- | --- | --- | --- | --- | --- |"]
    for name in order:
        g = report["groups"].get(name)
        if g:
            stolen = max((s["steal"] for s in g["samples"]), default=0)
            rows.append(f"| {name} | {g['at']} | {g['commit']} | {len(g['samples'])} | {g['seconds']:.0f} s |"
                        f" {g['load_before']:.1f}, {g['load_after']:.1f} | {stolen:.1%} |")
    return rows


def measured(report, order, not_measured):
    """The part of the README between the marks; refuses figures that mean little."""
    quick = [name for name, g in report["groups"].items() if g["quick"]]
    if quick or not report["groups"]:
        raise Refused(f"not for the README: {'with --quick: ' + ', '.join(quick) if quick else 'no group'}")
    missing = [name for name in order if name not in report["groups"]]
    notes = [f"Not measured: {case}: {text}." for case, text in not_measured.items()]
    if missing:
        notes.append(f"Not in this result: {', '.join(missing)}.")
    return "\n".join([heading(report), "", *table(report, order), "", *notes, "", *runs_table(report, order)])


def write_readme(path, text):
    with open(path) as f:
        page = f.read()
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise Refused(f"{path} lacks the marks {BEGIN} and {END}")
    head, rest = page.split(BEGIN)
    with open(path, "w") as f:
        f.write(f"{head}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")
