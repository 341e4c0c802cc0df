"""figures - `cuiban replay --json` and the comparison of its figures, one by one, with known ones.

A span has its exact milliseconds beside the texts for people; both are compared, the texts with the
exact figures and the exact figures with the known ones."""
import datetime
import decimal
import json
import os
import re
import subprocess
import sys
import tempfile
from fractions import Fraction

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.join(ROOT, os.environ.get("BIN", "build/test/bin"))


class Replay:
    """One run: report (or differences), exit status, and what the import said of its rows."""

    def __init__(self, policy, mapping, files, *options):
        if not os.access(os.path.join(BIN, "cuiban"), os.X_OK):
            sys.exit(f"no program {BIN}/cuiban; BIN is the directory of the programs")
        with tempfile.TemporaryDirectory() as rejects:
            run = subprocess.run(
                [os.path.join(BIN, "cuiban"), "replay", "--json", "--policy", policy, "--map", mapping,
                 "--rejects", rejects, *options, *files],
                cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.status, self.bytes = run.returncode, run.stdout
        self.notes = run.stderr.decode()
        if run.returncode not in (0, 1) or not run.stdout:
            sys.exit(f"cuiban replay of {files}: status {run.returncode}\n{self.notes}")
        self.report = json.loads(run.stdout)
        rows = re.search(r"(\d+) rows read.*, (\d+) rows and (\d+) facts rejected", self.notes)
        self.rows, self.rows_rejected, self.facts_rejected = map(int, rows.groups())


class Comparison:
    """Counts what agrees and prints what does not."""

    def __init__(self):
        self.alike = self.different = 0

    def equal(self, name, got, known):
        if got == known and isinstance(got, bool) == isinstance(known, bool):
            self.alike += 1
            return
        self.different += 1
        print(f"DIFFERS {name}: got {got!r}, known {known!r}")

    def finish(self, title):
        print(f"{title}: {self.alike} figures alike, {self.different} different")
        sys.exit(0 if self.different == 0 and self.alike > 0 else 1)


def decimal_of(fraction, places):
    """Half up, like everything that is shown to people (CV-10)."""
    scaled = fraction * 10**places
    n = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return decimal.Decimal(n).scaleb(-places)


def span(s, unit_ms):
    """A span in units of unit_ms; n 0 has nothing else."""
    if s["n"] == 0:
        return {"n": 0, "negative": s["negative"]}
    exact = {k: Fraction(s[k + "_ms"], unit_ms) for k in ("median", "p90", "max")}
    whole = {k: int(v) if v.denominator == 1 else v for k, v in exact.items()}
    mean = decimal_of(Fraction(s["sum_ms"], s["n"] * unit_ms), 4)
    return {"n": s["n"], "mean": mean, **whole, "negative": s["negative"]}


def span_texts_agree(check, name, s):
    """What people read is what is exact: means with four decimals, the rest in whole seconds here."""
    if s["n"] == 0:
        return
    exact = span(s, 1000)
    for k in ("mean", "median", "p90", "max"):
        check.equal(f"{name}.{k} as text", decimal.Decimal(s[k]), decimal.Decimal(exact[k]))


def at(instants, day, offset_hours):
    """The figure at 00:00 of a day in a fixed offset, by its key in the report."""
    start = datetime.datetime.fromisoformat(day) - datetime.timedelta(hours=offset_hours)
    return instants.get(start.strftime("%Y-%m-%dT%H:%M:%SZ"))


def of_path(report, path):
    """units/B01/deadlines/job.arrival/late; None when there is no such figure."""
    for part in path.split("/"):
        report = report.get(part) if isinstance(report, dict) else None
    return report
