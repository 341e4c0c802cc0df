"""What the cases share: programs, processes, the machine, and a run of all sides of a group next to each other.

A group has sides (functions that do one measurement and return figures by name) and figures (what is printed).
The sides run one after another, A B C A B C ..., so that product and limit see the same hour of the same machine."""
import os
import re
import shutil
import signal
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from typing import Callable, Optional

STEAL_MAX = 0.10   # of the machine's time taken by its neighbours: the pair is run again
REPEATS_MAX = 3
NOBODY = 65534
LIMITS = {"ideal": "-lzmq -llmdb -lpthread", "ideal_timer": "-lhiredis -llmdb", "replay": "-llmdb",
          "chain": "-lzmq -llmdb", "redis_limit": "-lhiredis", "codec": "-lmsgpackc -ljansson -lcjson"}


class Failed(Exception):
    """A measurement that gave no figure."""


class Absent(Exception):
    """What a side measures is not on this machine; the text says what is missing."""


@dataclass
class Figure:
    """One line of the report. Without `limit` the targets are for the product's own figure, else for the ratio."""
    case: str
    text: str
    unit: str
    product: str
    limit: tuple = ()          # names of figures, added up
    limit_is: str = ""
    less: bool = False         # less is better
    must: Optional[float] = None
    aim: Optional[float] = None


@dataclass
class Group:
    name: str
    sides: dict[str, Callable]
    figures: list[Figure]
    once: bool = False         # long: run once whatever --runs says
    samples: list = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)   # sides that gave nothing, and why


class Bench:
    def __init__(self, root, quick, build):
        self.root, self.quick = root, quick
        self.build = build
        self.bin = os.path.join(build, "bin")
        self.limit_bin = os.path.join(build, "limits")
        self.work = os.path.join(build, "work")
        shared = os.environ.get("CUIBAN_SHARED", os.path.join(root, "../shared"))
        self.kit = os.path.realpath(os.path.join(shared, "bench"))
        self.has_limits = os.path.isfile(os.path.join(self.kit, "limits/ideal.c"))
        self.steady_s = 60
        self.children = []
        self.servers = {}      # that last over the runs of a group
        self.kept = {}         # figures that need not be measured twice

    # ---- building ----

    def make(self):
        cmake = ["cmake", "-S", self.root, "-B", self.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                 "-DCUIBAN_TESTS=OFF", "-DCUIBAN_BENCH=ON"]
        for command in (cmake, ["ninja", "-C", self.build, "--quiet"]):
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode:
                raise Failed(done.stdout[-3000:])

    def make_limits(self):
        if not self.has_limits:
            return
        os.makedirs(self.limit_bin, exist_ok=True)
        for name, libraries in LIMITS.items():
            source, out = f"{self.kit}/limits/{name}.c", f"{self.limit_bin}/{name}"
            if os.path.exists(out) and os.path.getmtime(out) > os.path.getmtime(source):
                continue
            command = ["gcc", "-O2", "-g", "-std=gnu11", "-w", f"-I{self.kit}/lib", "-o", out, source]
            done = subprocess.run(command + libraries.split(), stderr=subprocess.PIPE, text=True)
            if done.returncode:
                raise Failed(f"{name}: {done.stderr[-2000:]}")

    # ---- processes ----

    def start(self, command, **how):
        child = subprocess.Popen(command, **how)
        self.children.append(child)
        return child

    def stop(self, child, sig=signal.SIGTERM):
        if child.poll() is None:
            child.send_signal(sig)
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child in self.children:
            self.children.remove(child)

    def stop_all(self):
        for child in reversed(list(self.children)):
            self.stop(child)

    def kill(self, child):
        """A stack, at once and with all it started."""
        family = [child.pid, *children_of(child.pid)]
        for pid in family:
            os.kill(pid, signal.SIGKILL)
        child.wait()
        self.children.remove(child)
        while any(os.path.exists(f"/proc/{pid}") for pid in family):
            time.sleep(0.001)

    def lasting(self, name, make):
        """A server of this group; begun by the first run that needs it."""
        if name not in self.servers:
            server = make()
            try:
                server.begin()
            except BaseException:
                server.stop()
                raise
            self.servers[name] = server
        return self.servers[name]

    def stop_lasting(self):
        while self.servers:
            self.servers.popitem()[1].stop()

    def need_limits(self):
        if not self.has_limits:
            raise Absent(f"no limit programs in {os.path.relpath(self.kit, self.root)}")

    def fresh(self):
        """An empty directory for stores and sockets."""
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.work)
        return self.work

    def run(self, command, **how):
        """Runs to the end; returns the figures of its R lines as {(case, metric): value}."""
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=900, **how)
        if done.returncode:
            raise Failed(f"{os.path.basename(command[0])} ended with {done.returncode}: {done.stderr[-500:]}")
        return figures_of(done.stdout.splitlines())

    def limit(self, name, *args):
        """A limit program, as nobody where we are root: one of them would otherwise drop the page cache of all."""
        self.need_limits()
        folder = os.path.join(self.build, "limit-work")
        os.makedirs(folder, exist_ok=True)
        how = {}
        if os.geteuid() == 0:
            os.chmod(folder, 0o777)
            how = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        args = [folder if a == "DIR" else str(a) for a in args]
        return self.run([f"{self.limit_bin}/{name}", *args], **how)

    def tool(self, name, *args):
        return self.run([f"{self.bin}/bench-{name}", *map(str, args)])

    def cli(self, *args, ok=(0,)):
        done = subprocess.run([f"{self.bin}/cuiban", *map(str, args)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=300)
        if done.returncode not in ok:
            raise Failed(f"cuiban {args[0]} ended with {done.returncode}: {(done.stderr or done.stdout)[-500:]}")
        return done.stdout

    def policy(self, name):
        return os.path.join(self.root, "deploy/policy", name)

    def service(self, name, run, policy, **settings):
        """One service alone, on the wall clock, without Redis."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("CUIBAN_")}
        env |= {"CUIBAN_RUN": run, "CUIBAN_DIR": f"{run}/data", "CUIBAN_REDIS": "off",
                "CUIBAN_POLICY": self.policy(policy)} | settings
        with open(f"{run}/{name}.log", "ab") as log:
            return self.start([f"{self.bin}/cuiban-{name}"], env=env, stderr=log)

    def up(self, run, policy, clock="wall"):
        with open(f"{run}/up.log", "ab") as log:
            return self.start([f"{self.bin}/cuiban", "up", "-d", run, "-p", self.policy(policy), "-c", clock],
                              stdout=log, stderr=log)

    def stack(self, run, policy, clock="wall"):
        up = self.up(run, policy, clock)
        self.cli("status", "-d", run, "--wait", 20)
        return up

    def redis(self, folder):
        sock = f"{folder}/limit-redis.sock"
        child = self.start(["redis-server", "--port", "0", "--unixsocket", sock, "--unixsocketperm", "777", "--dir",
                            folder, "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while not os.path.exists(sock) and time.monotonic() < until:
            time.sleep(0.01)
        return child, sock


# ---- what the kernel says ----

def figures_of(lines):
    found = {}
    for line in lines:
        parts = line.rstrip("\n").split("\t")
        if len(parts) == 5 and parts[0] == "R":
            found.setdefault((parts[1], parts[2]), float(parts[4]))
    return found


def cpu_s(pid):
    with open(f"/proc/{pid}/stat") as f:
        parts = f.read().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def memory_kib(pid):
    """Resident, and the part of it that is no file: maps of LMDB count as resident, and are the page cache."""
    with open(f"/proc/{pid}/smaps_rollup") as f:
        text = f.read()
    return tuple(int(re.search(rf"^{name}:\s+(\d+)", text, re.M).group(1)) for name in ("Rss", "Anonymous"))


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return [int(p) for p in f.read().split()]


def name_of(pid):
    with open(f"/proc/{pid}/cmdline") as f:
        return os.path.basename(f.read().split("\0")[0])


def jiffies():
    with open("/proc/stat") as f:
        parts = [int(x) for x in f.readline().split()[1:9]]
    return sum(parts), parts[7]


def first_line(*command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.stdout.split("\n")[0]
    except OSError:
        return "none"


def package(name):
    found = re.match(r"ii ([^ ]+)", first_line("dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Version}", name))
    return found.group(1) if found else "none"


def machine(bench):
    with open("/proc/cpuinfo") as f:
        model = re.search(r"model name\s*:\s*(.*)", f.read())
    disk = subprocess.run(["df", "--output=source,fstype", bench.build], stdout=subprocess.PIPE, text=True).stdout
    return {"cores": os.cpu_count(), "cpu": model.group(1) if model else "unknown",
            "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            "disk": " ".join(disk.split("\n")[1].split()), "kernel": os.uname().release}


def versions():
    names = {"LMDB": "liblmdb0", "ZeroMQ": "libzmq5", "Redis": "redis-server", "PostgreSQL": "postgresql-15",
             "Request Tracker": "request-tracker5", "Business::Hours": "libbusiness-hours-perl", "Perl": "perl"}
    return {"gcc": first_line("gcc", "-dumpfullversion"), "node": first_line("node", "--version"),
            **{name: package(p) for name, p in names.items()}}


# ---- running and judging ----

def run_sides(bench, group):
    """All sides once, named side.figure; a side that is absent once is not asked again. In a long group a limit that
    fails takes nothing from the product's figures."""
    sample, judged = {}, {f.product.split(".")[0] for f in group.figures}
    for name, side in group.sides.items():
        if name in group.absent:
            continue
        try:
            sample |= {f"{name}.{k}": v for k, v in side(bench).items()}
        except Absent as e:
            group.absent[name] = str(e)
        except Failed as e:
            if not group.once or name in judged:
                raise
            group.absent[name] = str(e)
        finally:
            bench.stop_all()   # nothing of one side runs beside the next
    return sample


def run_group(bench, group, runs, say):
    """Fills group.samples: per run the figures of all sides, and the share of the machine that others took."""
    wanted, tries = 1 if group.once else runs, 0
    while len(group.samples) < wanted and tries < wanted + REPEATS_MAX:
        tries += 1
        before = jiffies()
        try:
            sample = run_sides(bench, group)
        except (Failed, subprocess.SubprocessError, OSError) as e:
            say(f"# {group.name}: no figure this time: {e}")
            continue
        after = jiffies()
        sample["steal"] = (after[1] - before[1]) / max(1, after[0] - before[0])
        if sample["steal"] > STEAL_MAX and tries < wanted + REPEATS_MAX:
            say(f"# {group.name}: {sample['steal']:.0%} of the machine were stolen; run again")
            continue
        group.samples.append(sample)
    bench.stop_lasting()


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def judge(group, figure):
    """A line of the report as data; None when the product gave no such figure."""
    got = [(s[figure.product], [s[k] for k in figure.limit if k in s]) for s in group.samples if figure.product in s]
    if not got:
        return None
    line = {"case": figure.case, "text": figure.text, "unit": figure.unit, "runs": len(got), "less": figure.less,
            "product": spread([p for p, _ in got]), "must": figure.must, "aim": figure.aim,
            "limit_is": figure.limit_is}
    pairs = [(p, sum(ls)) for p, ls in got if figure.limit and len(ls) == len(figure.limit) and sum(ls) > 0]
    if pairs:
        line["limit"] = spread([limit for _, limit in pairs])
        line["ratio"] = spread([p / limit for p, limit in pairs])
    elif figure.limit:
        sides = [k.split(".")[0] for k in figure.limit]
        line["no_ratio"] = next((group.absent[s] for s in sides if s in group.absent), "it gave no figure")
    judged = line.get("ratio") if figure.limit else line["product"]
    for target in ("must", "aim"):
        wanted = line[target]
        if judged and wanted is not None:
            line[target + "_met"] = judged["median"] <= wanted if figure.less else judged["median"] >= wanted
    return line
