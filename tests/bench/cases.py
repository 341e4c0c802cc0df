"""The cases. Each side does one measurement and returns its figures by name; a Figure says what is compared and what
must come out. `ideal`, `ideal_timer`, `chain`, `replay` and `codec` are the limit programs: the same work without
rules, checks, hashes or policy, at the same durability."""
import os
import signal
import subprocess
import time
from harness import Failed, Figure, Group, children_of, cpu_s, figures_of, memory_kib, name_of

FIGURES_OF_LOAD = 5   # lines bench-load prints a measurement
SERVICES = ("intake", "dispatch", "escalation", "headoffice")


# ---- the door ----

def load(bench, run, intake, cases, triples, cut_short=False):
    """bench-load against a door; figures per triple (in flight, a frame, seconds), with the CPU intake took a fact and
    the records it wrote a fact.

    cut_short: the last triple is not measured; intake is killed in the middle of it."""
    args = [str(x) for triple in triples for x in triple]
    child = bench.start([f"{bench.bin}/bench-load", run, str(cases), *args], stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL if cut_short else None, text=True)
    found, lines, at, before = {}, [], 0, None
    wanted = triples[:-1] if cut_short else triples

    def close_triple():
        got = figures_of(lines)
        prefix = f"w{wanted[at - 1][0]}"
        found.update({f"{prefix}.{k}": got["product", name] for k, name in (
            ("rate", "durable events"), ("p50", "ack p50"), ("p99", "ack p99"), ("max", "ack max"))})
        found[f"{prefix}.cpu"] = spent[0] * 1e6 / got["product", "sent"]
        found[f"{prefix}.records"] = spent[1] / got["product", "sent"]

    def meters():
        return cpu_s(intake.pid), bench.tool("ask", run, "intake")["product", "committed"]

    while at < len(wanted) or len(figures_of(lines)) < FIGURES_OF_LOAD:
        line = child.stdout.readline()
        if not line:
            raise Failed("bench-load ended early")
        if not line.startswith("#"):
            lines.append(line)
            continue
        if line.startswith("# prepared"):
            before = meters()
            continue
        if at:
            close_triple()
        now = meters()
        spent, before = (now[0] - before[0], now[1] - before[1]), now
        at, lines = at + 1, []
    close_triple()
    if cut_short:
        time.sleep(0.5)
        bench.stop(intake, signal.SIGKILL)
    bench.stop(child)
    return found


def restart(bench, run):
    """Start after kill -9, from exec to the first answer, with whatever the log was ahead of the state."""
    began = time.monotonic()
    intake = bench.service("intake", run, "civic-requests")
    got = bench.tool("ask", run, "intake")
    return intake, {"restart_s": got["product", "answered at"] - began, "records": got["product", "committed"]}


def disk_bytes(path):
    return os.stat(path).st_blocks * 512


def door(bench):
    run, cases = bench.fresh(), 10_000 if bench.quick else 100_000
    seconds = 1 if bench.quick else 3
    intake = bench.service("intake", run, "civic-requests")
    bench.tool("ask", run, "intake")
    found = load(bench, run, intake, cases, [(512, 1, seconds), (1, 1, 1), (512, 1, 5)], cut_short=True)
    intake, again = restart(bench, run)
    found |= again
    began = time.monotonic()
    reader = bench.service("headoffice", run, "civic-requests")
    bench.tool("ask", run, "headoffice", "intake", int(again["records"]))
    found["catch_up"] = again["records"] / (time.monotonic() - began)
    bench.stop(reader)
    bench.stop(intake)
    log = bench.tool("space", f"{run}/data/intake")
    found["record_bytes"] = log["product", "record bytes"] / log["product", "records"]
    found["disk_bytes"] = disk_bytes(f"{run}/data/intake/log/data.mdb") / log["product", "records"]
    found["live"] = found["w512.rate"] * found["w512.records"]
    return found


def ideal(store, window, cases=100_000, seconds=3):
    def side(bench):
        t, k = (1, 10_000) if bench.quick else (seconds, cases)
        got = bench.limit("ideal", "-s", store, "-w", window, "-f", 1, "-t", t, "-k", k, "-d", "DIR")
        names = {m: v for (_, m), v in got.items()}
        return {"rate": names["durable events"], "p50": names["ack p50"], "p99": names["ack p99"],
                "cpu": names["server cpu/event"]}
    return side


DOOR = Group("door", {"product": door, "rows": ideal("lmdb", 512), "log": ideal("log", 512),
                      "log1": ideal("log", 1, seconds=1)}, [
    Figure("P1", "door, 512 in flight, 1 a frame", "1/s", "product.w512.rate", ("rows.rate",), "ideal, rows", must=0.8),
    Figure("P1", "the same", "1/s", "product.w512.rate", ("log.rate",), "ideal, log only", aim=0.6),
    Figure("P3", "ack p50, 1 in flight", "us", "product.w1.p50", ("log1.p50",), "ideal, log only", True, must=1.5),
    Figure("P3", "ack p99, 512 in flight", "us", "product.w512.p99", ("rows.p99",), "ideal, rows", True, must=1),
    Figure("P3", "the same", "us", "product.w512.p99", ("log.p99",), "ideal, log only", True, aim=2),
    Figure("P7", "restart after kill -9, to the first answer", "s", "product.restart_s", less=True, must=2),
    Figure("P7", "records in that log", "", "product.records"),
    Figure("P7", "head office catches up", "records/s", "product.catch_up", ("product.live",),
           "intake's log growing at P1's speed", aim=5),
    Figure("P9", "log file, bytes a record", "B", "product.disk_bytes", ("product.record_bytes",),
           "the encoded record", True, must=1.6, aim=1.4),
    Figure("P10", "CPU of intake a fact, 512 in flight", "us", "product.w512.cpu", ("log.cpu",), "ideal, log only",
           True, must=3, aim=2),
], limits=("rows", "log", "log1"))


# ---- growth ----

def grown(cases, quick_cases, name):
    def side(bench):
        run = bench.fresh()
        intake = bench.service("intake", run, "civic-requests")
        bench.tool("ask", run, "intake")
        found = load(bench, run, intake, quick_cases if bench.quick else cases, [(512, 1, 1 if bench.quick else 4),
                                                                              (512, 1, 5)], cut_short=True)
        intake, again = restart(bench, run)
        found = {f"{name}.rate": found["w512.rate"], f"{name}.max": found["w512.max"] / 1e3}
        return found | {f"{name}.{k}": v for k, v in again.items()}
    return side


GROWTH = Group("growth", {"small": grown(10_000, 2_000, "n"), "large": grown(1_000_000, 50_000, "n")}, [
    Figure("P8", "door at 10^6 open cases (--quick: 5 x 10^4)", "1/s", "large.n.rate", ("small.n.rate",),
           "itself at 10^4 (--quick: 2 x 10^3)", must=0.7, aim=0.9),
    Figure("P3", "longest acknowledgement at 10^6 cases", "ms", "large.n.max", less=True, aim=100),
    Figure("P7", "restart after kill -9 at 10^6 cases", "s", "large.n.restart_s", less=True, must=2),
    Figure("P7", "records in that log", "", "large.n.records"),
], once=True)


# ---- deadlines ----

def redis_used(sock):
    out = subprocess.run(["redis-cli", "-s", sock, "info", "memory"], stdout=subprocess.PIPE, text=True).stdout
    return float(next(line.split(":")[1] for line in out.splitlines() if line.startswith("used_memory:")))


def burst(bench):
    run, pending, due = bench.fresh(), 10_000 if bench.quick else 100_000, 1_000 if bench.quick else 10_000
    up = bench.stack(run, "civic-requests")
    sock = f"{run}/redis.sock"
    time.sleep(0.5)
    found, before = {}, redis_used(sock)
    for pid in children_of(up.pid):
        name = name_of(pid).replace("cuiban-", "")
        if name in SERVICES:
            rss, anonymous = memory_kib(pid)
            found[f"{name}.rss"], found[f"{name}.anonymous"] = rss / 1024, anonymous / 1024
    found["rss_max"] = max(found[f"{s}.rss"] for s in SERVICES)
    found["anonymous_max"] = max(found[f"{s}.anonymous"] for s in SERVICES)
    got = bench.tool("due", run, pending, due, "intake")
    found |= {q: got["product", f"lateness {q}"] for q in ("p50", "p99", "max")}
    bench.cli("status", "-d", run, "--settled", "--wait", 60)
    # The claim of each has its next level open again: as many timers as before.
    count = subprocess.run(["redis-cli", "-s", sock, "zcard", "due:{main}:intake"], stdout=subprocess.PIPE, text=True).stdout
    found["timer_bytes"] = (redis_used(sock) - before) / max(1, int(count))
    return found


def ideal_timer(due, *state):
    def side(bench):
        folder = bench.fresh()
        child, sock = bench.redis(folder)
        os.chmod(folder, 0o755)
        pending = 10_000 if bench.quick else 100_000
        n = due // 10 if bench.quick and due > 1 else due
        got = {m: v for (_, m), v in bench.limit("ideal_timer", "redis", "DIR", sock, pending, n, *state).items()}
        bench.stop(child)
        return {"p50": got["lateness p50"], "p99": got["lateness p99"]}
    return side


def redis_memory(bench):
    """Takes some seconds and does not vary: once a run."""
    if "redis_memory" not in bench.kept:
        folder = os.path.join(bench.build, "limit-redis")
        got = bench.run(["bash", "limits/redis_memory.sh", folder], cwd=bench.kit)
        bench.kept["redis_memory"] = got["8-byte members", "memory"]
    return {"bytes": bench.kept["redis_memory"]}


TIMERS = Group("timers", {"product": burst, "log": ideal_timer(10_000, "mem"), "rows": ideal_timer(10_000),
                          "memory": redis_memory}, [
    Figure("P4", "10 k of 100 k due at one instant, lateness p99", "ms", "product.p99", ("log.p99",),
           "ideal, Redis + log", True, aim=2),
    Figure("P4", "the same", "ms", "product.p99", ("rows.p99",), "ideal, Redis + rows", True),
    Figure("P4", "the same, lateness p50", "ms", "product.p50", ("log.p50",), "ideal, Redis + log", True),
    Figure("P9", "Redis, bytes an open deadline", "B", "product.timer_bytes", ("memory.bytes",),
           "8-byte members, 10^6", True, must=1.1),
    Figure("P9", "idle service, resident (the largest)", "MiB", "product.rss_max", less=True, aim=16),
    Figure("P9", "of it no file: anonymous", "MiB", "product.anonymous_max", less=True),
], limits=("log", "rows", "memory"))


def breach(bench):
    run, late = bench.fresh(), []
    bench.stack(run, "civic-requests")
    for _ in range(1 if bench.quick else 3):
        late.append(bench.tool("due", run, 1000, 1, "escalation")["product", "lateness p99"])
    return {"p50": sorted(late)[len(late) // 2], "p99": max(late)}


def chain(stages, window, *state):
    def side(bench):
        args = (stages, window, 1 if bench.quick else 2, "DIR") + (("100000", "1", *state) if state else ())
        got = {m: v for (_, m), v in bench.limit("chain", *args).items()}
        return {"rate": got["events through"], "p50_ms": got["end-to-end p50"] / 1e3,
                "p99_ms": got["end-to-end p99"] / 1e3}
    return side


BREACH = Group("breach", {"product": breach, "timer": ideal_timer(1), "chain": chain(3, 1)}, [
    Figure("P5", "one breach to its durable reminder, idle, p99", "ms", "product.p99", ("timer.p99", "chain.p99_ms"),
           "single ideal timer + ideal chain of 3, rows", True, must=5, aim=2.5),
    Figure("P5", "the same, p50", "ms", "product.p50", ("timer.p50", "chain.p50_ms"), "the same", True),
], limits=("timer", "chain"))


# ---- the whole road ----

def sample(bench):
    """A made-up history, written once; returns its path and the number of facts."""
    path = os.path.join(bench.build, "sample-quick.ndjson" if bench.quick else "sample.ndjson")
    options = ("--units", 12, "--days", 10) if bench.quick else ("--units", 60, "--days", 20)
    if "sample" not in bench.kept:
        with open(path, "w") as f:
            f.write(bench.cli("sample", *options, "--calls", 8, "--end", "2026-11-01T00:00:00Z", "--quiet-end"))
        with open(path) as f:
            bench.kept["sample"] = sum(1 for _ in f)
    return path, bench.kept["sample"]


def road(bench):
    path, facts = sample(bench)
    run = bench.fresh()
    bench.stack(run, "appliance", "event")
    began = time.monotonic()
    bench.cli("feed", "-d", run, path)
    fed = time.monotonic()
    bench.cli("status", "-d", run, "--settled", "--wait", 120)
    took = time.monotonic() - began
    committed = sum(bench.tool("ask", run, s)["product", "committed"] for s in SERVICES)
    bench.kept["records"] = committed
    return {"facts": facts / took, "records": committed / took, "door": facts / (fed - began)}


ROAD = Group("road", {"product": road, "rows": chain(5, 1024), "log": chain(5, 1024, "mem")}, [
    Figure("P6", "facts through all services, until head office has read everything", "1/s", "product.facts",
           ("rows.rate",), "chain of 5, rows", must=1.5),
    Figure("P6", "the same", "1/s", "product.facts", ("log.rate",), "chain of 5, log only", aim=0.5),
    Figure("P6", "records written on the way", "1/s", "product.records"),
], limits=("rows", "log"))


# ---- replay ----

def replay(bench):
    path, facts = sample(bench)
    policy = bench.policy("appliance")
    began = time.monotonic()
    bench.cli("replay", "--policy", policy, "--json", path)
    took = time.monotonic() - began
    began = time.monotonic()
    found = {"facts": facts / took, "seconds": took}
    if "compared" not in bench.kept:   # varies with the one before it: once is enough
        bench.cli("replay", "--policy", policy, "--compare", policy, "--json", path)
        found["both"] = time.monotonic() - began
        bench.kept["compared"] = True
    if "records" in bench.kept:
        found["records"] = bench.kept["records"] / took
    return found


def replay_limit(bench):
    got = bench.limit("replay", "DIR", 200_000 if bench.quick else 1_000_000, 100_000)
    return {"rate": got["warm cases=100000", "replay"]}


REPLAY = Group("replay", {"product": replay, "limit": replay_limit}, [
    Figure("P7", "cuiban replay, facts", "1/s", "product.facts", ("limit.rate",), "decode + fold of a log, warm",
           must=0.15, aim=0.4),
    Figure("P7", "the same, records of all services", "1/s", "product.records", ("limit.rate",), "the same"),
    Figure("P7", "two policies compared", "s", "product.both", ("product.seconds",), "one policy", True, aim=2.2),
], limits=("limit",))


# ---- in memory ----

def codec(bench):
    got = bench.tool("codec")
    return {"decode": got["entry", "decode"], "check": got["entry", "decode"] + got["entry", "scan"],
            "call": got["call.registered", "decode"], "read": got["read", "decode"]}


def codec_limit(bench):
    got = bench.limit("codec", 0.1 if bench.quick else 0.3)
    return {"decode": got["hand msgpack", "decode"]}


CODEC = Group("codec", {"product": codec, "hand": codec_limit}, [
    Figure("P10", "look over and decode a log entry (14 fields, 133 B)", "ns", "product.check", ("hand.decode",),
           "hand-written reader (15 fields, 328 B)", True, must=3, aim=1.5),
    Figure("P10", "read an entry the door wrote, and its event: all checks, one pass", "ns", "product.read",
           ("hand.decode",), "the same", True, must=3, aim=1.5),
    Figure("P10", "decode alone", "ns", "product.decode", ("hand.decode",), "the same", True),
    Figure("P10", "decode call.registered (28 fields, 144 B)", "ns", "product.call", ("hand.decode",), "the same", True),
], limits=("hand",))


def calendar(bench):
    got = bench.tool("calendar", bench.policy("appliance"))
    return both_ways(got["product", "add"], got["product", "between"])


def both_ways(add, between):
    """Nanoseconds a question, and questions a second."""
    return {"add": add, "between": between, "adds": 1e9 / add, "betweens": 1e9 / between}


def business_hours(bench):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hours.pl")
    done = subprocess.run(["perl", "-MBusiness::Hours", "-e", "1"], stderr=subprocess.DEVNULL)
    if done.returncode:
        return {}
    got = bench.run(["perl", script, "0.5"])
    return both_ways(got["Business::Hours", "add"], got["Business::Hours", "between"])


CALENDAR = Group("calendar", {"product": calendar, "perl": business_hours}, [
    Figure("P11", "working time added, calendar of ten years", "1/s", "product.adds", ("perl.adds",),
           "Business::Hours (Perl)", must=1000),
    Figure("P11", "one of them", "ns", "product.add", less=True, aim=100),
    Figure("P11", "working time between two instants", "1/s", "product.betweens", ("perl.betweens",),
           "Business::Hours (Perl)", must=1000),
    Figure("P11", "one of them", "ns", "product.between", less=True, aim=100),
])

GROUPS = [DOOR, GROWTH, TIMERS, BREACH, ROAD, REPLAY, CODEC, CALENDAR]
NOT_RUN = {"P2": "PostgreSQL, P12 Request Tracker, P4 BullMQ, P11 npm libraries: peers are not run from here"}
