"""The sides of the cases but the peers' (peers.py): each does one measurement and returns its figures by name.
`ideal`, `ideal_timer`, `chain`, `replay`, `codec` and `redis_limit` are the limit programs: the same work without
rules, checks, hashes or policy, at the same durability."""
import os
import shutil
import signal
import socket
import statistics
import subprocess
import time
import peers
from harness import Absent, Failed, children_of, cpu_s, figures_of, memory_kib, name_of

FIGURES_OF_LOAD = 5   # lines bench-load prints a measurement
SERVICES = ("intake", "dispatch", "parts", "complaint", "scoring", "escalation", "headoffice")


# ---- the door ----

def load(bench, run, intake, cases, measurements, cut_short=False, far=()):
    """bench-load against a door; figures by name per measurement (name, how, n, facts a frame, seconds), with the CPU
    intake took a fact and the records it wrote a fact.

    cut_short: the last one is not measured; intake is killed in the middle of it.
    far: address and keys of the door over the network."""
    args = [str(x) for m in measurements for x in m[1:]]
    child = bench.start([f"{bench.bin}/bench-load", *far, run, str(cases), *args], stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL if cut_short else None, text=True)
    found, lines, at, before = {}, [], 0, None
    wanted = measurements[:-1] if cut_short else measurements

    def close():
        got = figures_of(lines)
        prefix = wanted[at - 1][0]
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
            close()
        now = meters()
        spent, before = (now[0] - before[0], now[1] - before[1]), now
        at, lines = at + 1, []
    close()
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


def measured_door(bench, cases, measurements, policy="civic-requests"):
    """A door alone, with so many open cases, under one measurement after another."""
    run = bench.fresh()
    intake = bench.service("intake", run, policy)
    bench.tool("ask", run, "intake")
    found = load(bench, run, intake, cases, measurements)
    bench.stop(intake)
    return found


def disk_bytes(path):
    return os.stat(path).st_blocks * 512


def door(bench):
    run, cases = bench.fresh(), 10_000 if bench.quick else 100_000
    seconds = 1 if bench.quick else 3
    intake = bench.service("intake", run, "civic-requests")
    bench.tool("ask", run, "intake")
    found = load(bench, run, intake, cases, [("w512", "closed", 512, 1, seconds), ("w1", "closed", 1, 1, 1),
                                               ("cut", "closed", 512, 1, 5)], cut_short=True)
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


# ---- the door over the network ----

def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def own_or_far(far):
    """The same door, listening to the network too, called over its own socket or over tcp with CURVE."""
    def side(bench):
        run, at = bench.fresh(), f"127.0.0.1:{free_port()}"
        door = bench.cli("keys", "new", f"{run}/door.keys").strip()
        centre = bench.cli("keys", "new", f"{run}/centre.keys", "--door", door).strip()
        with open(f"{run}/door.keys", "a", encoding="utf-8") as f:
            f.write(f"allow {centre} *\n")
        intake = bench.service("intake", run, "civic-requests", CUIBAN_LISTEN=at, CUIBAN_KEYS=f"{run}/door.keys")
        bench.tool("ask", run, "intake")
        cases, seconds = (1_000, 1) if bench.quick else (10_000, 3)
        found = load(bench, run, intake, cases,
                     [("w512", "closed", 512, 1, seconds), ("w1", "closed", 1, 1, 1),
                      ("w512f64", "closed", 512, 64, seconds)],
                     far=("--far", at, f"{run}/centre.keys") if far else ())
        bench.stop(intake)
        return found
    return side


# ---- the door beside PostgreSQL ----

def door_in_steps(bench):
    cases, seconds = (10_000, 1) if bench.quick else (100_000, 2)
    return measured_door(bench, cases, [
        ("w32", "closed", 32, 1, seconds), ("w256", "closed", 256, 1, seconds), ("w512", "closed", 512, 1, seconds),
        ("half", "rate", 0, 1, seconds + 1), ("w256f64", "closed", 256, 64, seconds)])


# ---- growth ----

def grown(cases, quick_cases, name):
    def side(bench):
        run = bench.fresh()
        intake = bench.service("intake", run, "civic-requests")
        bench.tool("ask", run, "intake")
        found = load(bench, run, intake, quick_cases if bench.quick else cases, [
            ("w512", "closed", 512, 1, 1 if bench.quick else 4), ("cut", "closed", 512, 1, 5)], cut_short=True)
        intake, again = restart(bench, run)
        found = {f"{name}.rate": found["w512.rate"], f"{name}.max": found["w512.max"] / 1e3}
        return found | {f"{name}.{k}": v for k, v in again.items()}
    return side


# ---- deadlines ----

class RedisLine:
    """Asks a Redis again and again, without a process each time."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.answers = self.socket.makefile("rb")

    def ask(self, *words):
        self.socket.sendall((" ".join(words) + "\r\n").encode())
        head = self.answers.readline().decode().rstrip()
        if head.startswith("-"):
            raise Failed(f"Redis: {head}")
        return self.answers.read(int(head[1:]) + 2).decode() if head.startswith("$") else head[1:]

    def number(self, *words):
        return int(self.ask(*words))

    def used(self):
        text = self.ask("INFO", "memory")
        return float(next(line.split(":")[1] for line in text.splitlines() if line.startswith("used_memory:")))

    def close(self):
        self.answers.close()
        self.socket.close()


TIMERS_OF_INTAKE = "due:{main}:intake"


def refill(redis):
    """Redis loses everything; seconds from the first timer of intake that is back to the last."""
    count, first = redis.number("ZCARD", TIMERS_OF_INTAKE), None
    redis.ask("FLUSHALL")
    until = time.monotonic() + 120
    while (back := redis.number("ZCARD", TIMERS_OF_INTAKE)) < count:
        if back and first is None:
            first = time.monotonic()
        if time.monotonic() > until:
            raise Failed(f"Redis has {back} of {count} timers after two minutes")
        time.sleep(0.001)
    return count, time.monotonic() - (first or time.monotonic())


def services_of(up):
    """Processes by name of service."""
    found = {name_of(pid).replace("cuiban-", ""): pid for pid in children_of(up.pid)}
    return {s: found[s] for s in SERVICES}


def memory(up):
    """MiB by service: resident, and the part of it that is no file."""
    found = {}
    for name, pid in services_of(up).items():
        rss, anonymous = memory_kib(pid)
        found[f"{name}.rss"], found[f"{name}.anonymous"] = rss / 1024, anonymous / 1024
    for kind in ("rss", "anonymous"):
        found[f"{kind}_max"] = max(found[f"{s}.{kind}"] for s in SERVICES)
        found[f"{kind}_sum"] = sum(found[f"{s}.{kind}"] for s in SERVICES)
    return found


def burst(bench, pending=100_000, due=10_000, quick_by=10):
    run = bench.fresh()
    if bench.quick:
        pending, due = pending // quick_by, due // 10
    up = bench.stack(run, "civic-requests")
    time.sleep(0.5)
    redis = RedisLine(f"{run}/redis.sock")
    found, before = memory(up), redis.used()
    got = bench.tool("due", run, pending, due, "intake")
    found |= {q: got["product", f"lateness {q}"] for q in ("p50", "p99", "max")}
    bench.cli("status", "-d", run, "--settled", "--wait", 120)
    # The claim of each has its next level open again: as many timers as before.
    found["redis_mib"] = (redis.used() - before) / 2**20
    found["timer_bytes"] = (redis.used() - before) / max(1, redis.number("ZCARD", TIMERS_OF_INTAKE))
    found["timers"], seconds = refill(redis)
    found["refill"] = found["timers"] / max(seconds, 0.001)
    redis.close()
    return found, run, up


def burst_alone(bench):
    return burst(bench)[0]


def variadic(bench):
    """The kit's redis_limit: ZADD of 64 members at a time, 16 of them under way."""
    bench.need_limits()
    child, sock = bench.redis(bench.fresh())
    got = bench.run([f"{bench.limit_bin}/redis_limit", sock, "0", "kit", "0.2" if bench.quick else "0.5"])
    bench.stop(child)
    return {"rate": got["kit ZADD variadic64 pipeline=16", "items"]}


def ideal_timer(due, *state, of=100_000, quick_by=10):
    def side(bench):
        bench.need_limits()
        folder = bench.fresh()
        child, sock = bench.redis(folder)
        os.chmod(folder, 0o755)
        pending = of // quick_by if bench.quick else of
        n = due // 10 if bench.quick and due > 1 else due
        got = {m: v for (_, m), v in bench.limit("ideal_timer", "redis", "DIR", sock, pending, n, *state).items()}
        bench.stop(child)
        return {"p50": got["lateness p50"], "p99": got["lateness p99"]}
    return side


def redis_memory(bench):
    """Takes some seconds and does not vary: once a run."""
    bench.need_limits()
    if "redis_memory" not in bench.kept:
        folder = os.path.join(bench.build, "limit-redis")
        got = bench.run(["bash", "limits/redis_memory.sh", folder], cwd=bench.kit)
        bench.kept["redis_memory"] = got["8-byte members", "memory"]
    return {"bytes": bench.kept["redis_memory"]}


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


# ---- a million open deadlines, a million records ----

def footprint(run, up):
    """MiB of each service: memory, and the files of its store."""
    found = memory(up)
    for part in ("log", "state"):
        sizes = {s: disk_bytes(f"{run}/data/{s}/{part}/data.mdb") / 2**20 for s in SERVICES}
        found |= {f"{s}.{part}": size for s, size in sizes.items()}
        found[part] = sum(sizes.values())
    return found


def start_up(bench, run):
    """The whole stack after kill -9, and the seconds until each service has answered."""
    began = time.monotonic()
    up = bench.up(run, "civic-requests")
    return up, max(bench.tool("ask", run, s)["product", "answered at"] for s in SERVICES) - began


def deadlines(bench):
    """The same burst among ten times as many open deadlines; then what they take, and a start with them."""
    found, run, up = burst(bench, 1_000_000, quick_by=20)
    found |= footprint(run, up)
    bench.kill(up)
    found["start_s"] = start_up(bench, run)[1]
    return found


def events(bench):
    """Facts through all services until intake's log holds more than a million records on 10^4 cases."""
    run, seconds = bench.fresh(), 1 if bench.quick else 16
    up = bench.stack(run, "civic-requests")
    bench.tool("load", run, 10_000, "closed", 512, 8, seconds)
    bench.cli("status", "-d", run, "--settled", "--wait", 120)
    records = bench.tool("ask", run, "intake")["product", "committed"]
    found = footprint(run, up)
    bench.kill(up)
    up, found["start_s"] = start_up(bench, run)
    bench.stop(up)
    found |= {f"{s}.catch_up_s": s_per_million(bench, run, s, records) for s in SERVICES[1:]}
    for what in ("log", "state", *(f"{s}.{part}" for s in SERVICES for part in ("log", "state"))):
        found[what] *= 1e6 / records
    return found | {"records": records}


def s_per_million(bench, run, reader, records):
    """A reader with an empty store, beside intake alone."""
    shutil.rmtree(f"{run}/data/{reader}")
    intake = bench.service("intake", run, "civic-requests")
    bench.tool("ask", run, "intake")
    began = time.monotonic()
    child = bench.service(reader, run, "civic-requests")
    bench.tool("ask", run, reader, "intake", int(records))
    took = time.monotonic() - began
    bench.stop(child)
    bench.stop(intake)
    return took * 1e6 / records


STEADY_RATE = 5000
STEADY_CASES = 10_000


def steady(bench):
    """Memory that is no file, of all services, looked at while the load goes on: the median of its last third against
    that of its middle third."""
    run, seconds = bench.fresh(), 9 if bench.quick else bench.steady_s
    up = bench.stack(run, "civic-requests")
    words = map(str, (run, STEADY_CASES, "rate", STEADY_RATE, 1, seconds))
    child = bench.start([f"{bench.bin}/bench-load", *words], stdout=subprocess.PIPE, text=True)
    while not (line := child.stdout.readline()).startswith("# prepared"):
        if not line:
            raise Failed("bench-load ended early")
    seen, began = [], time.monotonic()
    while time.monotonic() < began + seconds:
        seen.append(memory(up)["anonymous_sum"])
        time.sleep(seconds / 60)
    got = figures_of(child.communicate(timeout=60)[0].splitlines())
    if child.returncode:
        raise Failed("bench-load refused")
    third = len(seen) // 3
    middle, last = (statistics.median(part) for part in (seen[third:2 * third], seen[-third:]))
    return {"rate": got["product", "durable events"], "p99": got["product", "ack p99"],
            "max": got["product", "ack max"] / 1e3, "growth": (last / middle - 1) * 100, "anonymous": last,
            "seconds": seconds}


# ---- tickets ----

def tickets(bench):
    """A ticket: a call and its promise. Then 10 k promises at once to their reminders."""
    cases, seconds = (10_000, 1) if bench.quick else (100_000, 2)
    got = measured_door(bench, cases, [("w4", "new", 4, 2, seconds), ("w512", "new", 512, 2, seconds)])
    run, due = bench.fresh(), 1_000 if bench.quick else 10_000
    bench.stack(run, "civic-requests")
    late = bench.tool("due", run, due, due, "escalation")["product", "lateness max"]
    return {"w4": got["w4.rate"] / 2, "w512": got["w512.rate"] / 2, "reminders": due / late * 1e3}


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


# ---- papers: goods taken away, repaired and brought back, with their slips;
# ---- parts: asked for, issued, used, written off with their old parts;
# ---- sheets: a month of a person, counted, entered, handed in, published, signed ----

def lives_at_the_door(how, policy):
    def side(bench):
        seconds = 1 if bench.quick else 3
        return measured_door(bench, 0, [("w512", how, 512, 1, seconds), ("w1", how, 1, 1, 1)], policy)
    return side


def lives_on_the_road(how, policy):
    def side(bench):
        run = bench.fresh()
        bench.stack(run, policy)
        began = time.monotonic()
        sent = bench.tool("load", run, 0, how, 512, 8, 1 if bench.quick else 5)["product", "sent"]
        bench.cli("status", "-d", run, "--settled", "--wait", 120)
        took = time.monotonic() - began
        committed = sum(bench.tool("ask", run, s)["product", "committed"] for s in SERVICES)
        if bench.cli("refused", "-d", run, "--json").strip() not in ("", "[]"):
            raise Failed(how + " were refused")
        return {"facts": sent / took, "records": committed / took, "record_fact": committed / sent}
    return side


def road_of_one(bench):
    run = bench.fresh()
    bench.stack(run, "appliance")
    got = bench.tool("one", run, 50 if bench.quick else 500)
    return {"p50": got["product", "road p50"], "p99": got["product", "road p99"]}


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


# ---- in memory ----

def codec(bench):
    got = bench.tool("codec")
    return {"decode": got["entry", "decode"], "check": got["entry", "decode"] + got["entry", "scan"],
            "call": got["call.registered", "decode"], "read": got["read", "decode"]}


def codec_limit(bench):
    got = bench.limit("codec", 0.1 if bench.quick else 0.3)
    return {"decode": got["hand msgpack", "decode"]}


def calendar(bench):
    got = bench.tool("calendar", bench.policy("appliance"))
    return both_ways(got["product", "add"], got["product", "between"])


def both_ways(add, between):
    """Nanoseconds a question, and questions a second."""
    return {"add": add, "between": between, "adds": 1e9 / add, "betweens": 1e9 / between}


def business_hours(bench):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hours.pl")
    if subprocess.run(["perl", "-MBusiness::Hours", "-e", "1"], stderr=subprocess.DEVNULL).returncode:
        raise Absent("libbusiness-hours-perl is not installed (--peers)")
    got = bench.run(["perl", script, "0.5"])
    return both_ways(got["Business::Hours", "add"], got["Business::Hours", "between"])


def npm_hours(bench):
    return both_ways(**peers.npm_hours(bench))
