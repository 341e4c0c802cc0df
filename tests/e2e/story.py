"""story.py FILE: a story as facts, in the order of time. A line: local time (+08:00), unit that reports, event, data.
Records: what became of it, read from the records of logs."""
import json
import sys


class Records:
    """Of a file with a record a line; fields given by name have to have these values in its data."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            self.rows = [json.loads(line) for line in f]

    def of(self, kind, **where):
        return [r for r in self.rows if r["type"] == kind and all(r["data"].get(k) == v for k, v in where.items())]

    def said(self, kind, *fields, **where):
        """These fields of every such record: a tuple, or the value of a single one."""
        found = [r["data"] for r in self.of(kind, **where)]
        return [tuple(d.get(f) for f in fields) if len(fields) > 1 else d.get(fields[0]) for d in found]

    def when(self, kind, **where):
        return [r["time"] for r in self.of(kind, **where)]

    def slip(self, name, **where):
        """When the first 催辦單 of this deadline came."""
        return self.when("reminder.issued", name=name, level=1, **where)


def facts_of(path):
    facts = []
    for n, line in enumerate(open(path, encoding="utf-8"), 1):
        if line.strip() and not line.startswith("#"):
            time, unit, kind, data = line.split(" ", 3)
            facts.append((time, n, {"specversion": "1.0", "source": unit, "id": f"k{n}", "type": kind,
                                    "time": time + ":00+08:00", "data": json.loads(data)}))
    return [fact for _, _, fact in sorted(facts, key=lambda f: f[:2])]


if __name__ == "__main__":
    for fact in facts_of(sys.argv[1]):
        print(json.dumps(fact, ensure_ascii=False))
