"""What a user would otherwise build or install: PostgreSQL, BullMQ, Request Tracker and the npm libraries for working
time, each with the settings, statements and programs of the kit's folder `peers`.

A server is started by the first side that needs it and lasts as long as its group. While the product is measured it
stands still (SIGSTOP), so that neither its checkpoints nor its cleaning takes anything from the product."""
import contextlib
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from harness import Absent, Failed, figures_of

PG_BIN = "/usr/lib/postgresql/15/bin"
PG_CONF = """listen_addresses=''
port={port}
unix_socket_directories='{folder}'
shared_buffers=2GB
max_wal_size=4GB
synchronous_commit=on
fsync=on
max_connections=60
"""
RT_HOME = "/usr/share/request-tracker5"
RT_DB_PORT = 15434   # as the kit's RT_SiteConfig.pm.in has it
RT_QUEUE_WITH_SLA = "update queues set sladisabled=0 where name='General'"
RT_TOKEN = """use RT; RT::LoadConfig(); RT::Init(); use RT::AuthToken;
my $u = RT::CurrentUser->new; $u->LoadByName('root');
my ($ok, $text, $token) = RT::AuthToken->new($u)->Create(Owner => $u->id, Description => 'bench');
print $token // die $text"""
RT_OVERDUE = """update tickets set due = date_trunc('second', now() - interval '1 hour'), priority = 0,
status = 'open'"""
RT_COUNT = "select count(*), count(*) filter (where priority = 99) from tickets"
NPM = ["dayjs@1.11", "dayjs-business-time@1.0.4", "moment@2.30", "moment-business-time@2.0.0"]
CLAIM_ROWS = """TRUNCATE deadlines; TRUNCATE events;
INSERT INTO deadlines SELECT i, CASE WHEN i <= {due} THEN date_trunc('milliseconds', now()) + interval '3 s'
ELSE now() + interval '7 days' + i * interval '1 ms' END, NULL FROM generate_series(1, {pending}) i;
ANALYZE deadlines; CHECKPOINT;"""
CLAIM_LATENESS = """select count(*),
1e3 * extract(epoch from percentile_cont(0.5) within group (order by fired - due)),
1e3 * extract(epoch from percentile_cont(0.99) within group (order by fired - due))
from deadlines where fired is not null"""


def kit(bench):
    folder = os.path.join(bench.kit, "peers")
    if not os.path.isdir(folder):
        raise Absent(f"no peers in {os.path.relpath(bench.kit, bench.root)}")
    return folder


def scratch(bench):
    """Where the kit's node programs lie beside their node_modules."""
    return os.path.join(bench.build, "peers")


def install(bench):
    """Debian's packages, and the libraries of npm in a copy of the kit's folder. Needs root."""
    done = subprocess.run([os.path.join(bench.root, "deploy/packages/install"), "peers"])
    if done.returncode:
        raise Failed("the peers' packages could not be installed")
    shutil.copytree(kit(bench), scratch(bench), dirs_exist_ok=True)
    for command in (["npm", "install"], ["npm", "install", "--no-save", *NPM]):
        done = subprocess.run([*command, "--no-audit", "--no-fund", "--silent"], cwd=scratch(bench))
        if done.returncode:
            raise Failed(f"{' '.join(command)} failed")


def node_module(bench, name):
    """Its version; Absent when it is not installed."""
    path = os.path.join(scratch(bench), "node_modules", name, "package.json")
    if not os.path.isfile(path):
        raise Absent(f"{name} is not installed (--peers)")
    with open(path) as f:
        return json.load(f)["version"]


def versions(bench):
    found = {}
    for name in ("bullmq", "dayjs-business-time", "moment-business-time"):
        with contextlib.suppress(Absent):
            found[name] = node_module(bench, name)
    return found


# ---- servers ----

class Server:
    """Processes that last over the runs of a group and stand still while the product is measured. Made, then begun;
    stop() may come at any time after it is made."""

    def __init__(self):
        self.children = []   # with the signal that ends each

    def start(self, command, sig=signal.SIGTERM, **how):
        child = subprocess.Popen(command, start_new_session=True, **how)
        self.children.append((child, sig))
        return child

    def signal_all(self, sig):
        for child, _ in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, sig)   # a session of its own, so its workers too

    @contextlib.contextmanager
    def awake(self):
        self.signal_all(signal.SIGCONT)
        try:
            yield self
        finally:
            self.signal_all(signal.SIGSTOP)

    def stop(self):
        self.signal_all(signal.SIGCONT)
        for child, sig in reversed(self.children):
            if child.poll() is None:
                child.send_signal(sig)
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self.children = []


def wait_until(ready, what, seconds=30):
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise Failed(f"{what} did not start")
        time.sleep(0.05)


def listens(port):
    with contextlib.closing(socket.socket()) as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    with contextlib.closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Postgres(Server):
    """A cluster of its own in a folder beside the product's stores, on a Unix socket, everything durable."""

    def __init__(self, bench, name="pg", port=15433):
        super().__init__()
        if not os.path.exists(f"{PG_BIN}/initdb"):
            raise Absent("postgresql-15 is not installed (--peers)")
        self.folder, self.port, self.kit = os.path.join(bench.build, "peer-" + name), port, kit(bench)
        self.how = {"env": {"PATH": f"{PG_BIN}:/usr/bin:/bin", "HOME": "/tmp", "PGHOST": self.folder,
                            "PGPORT": str(port), "PGUSER": "postgres"}, "cwd": self.folder}

    def begin(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        if os.geteuid() == 0:   # which PostgreSQL refuses to be
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.how |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.tool("initdb", "-D", f"{self.folder}/data", "-A", "trust", "-U", "postgres", "--locale=C.UTF-8")
        with open(f"{self.folder}/data/postgresql.conf", "a") as f:
            f.write(PG_CONF.format(port=self.port, folder=self.folder))
        with open(f"{self.folder}/log", "wb") as log:
            self.start([f"{PG_BIN}/postgres", "-D", f"{self.folder}/data"], signal.SIGINT, stdout=log, stderr=log,
                       **self.how)
        wait_until(lambda: subprocess.run([f"{PG_BIN}/pg_isready", "-q"], **self.how).returncode == 0, "PostgreSQL")

    def tool(self, name, *args, text=None):
        done = subprocess.run([f"{PG_BIN}/{name}", *args], input=text, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=120, **self.how)
        if done.returncode:
            raise Failed(f"{name}: {(done.stderr or done.stdout)[-500:]}")
        return done.stdout

    def sql(self, text, database="postgres"):
        return self.tool("psql", "-qAtF", " ", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-", text=text)

    def script(self, name):
        shutil.copy(f"{self.kit}/pg/{name}.sql", self.folder)
        return f"{self.folder}/{name}.sql"

    def stop(self):
        super().stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class EventStore(Postgres):
    """The tables of the kit's own design: events, cases, deadlines."""

    def begin(self):
        super().begin()
        with open(f"{self.kit}/pg/schema.sql") as f:
            self.sql(f.read())


def event_store(bench):
    return bench.lasting("postgres", lambda: EventStore(bench)).awake()


def accept(pg, script, clients, events, seconds):
    """Events a second of pgbench, and the 99th percentile of its transactions."""
    pg.sql("CHECKPOINT")
    path, prefix = pg.script(script), f"{pg.folder}/log-of-run"
    out = pg.tool("pgbench", "-n", "-M", "prepared", "-f", path, "-c", str(clients), "-j", "2", "-T", str(seconds),
                  "-l", f"--log-prefix={prefix}", "postgres")
    took = []
    for name in os.listdir(pg.folder):
        if name.startswith("log-of-run"):
            with open(f"{pg.folder}/{name}") as f:
                took += [int(line.split()[2]) for line in f]
            os.unlink(f"{pg.folder}/{name}")
    took.sort()
    tps = float(re.search(r"^tps = ([\d.]+)", out, re.M).group(1))
    return {"rate": tps * events, "p99": took[len(took) * 99 // 100]}


def postgres_accepts(bench):
    seconds = 1 if bench.quick else 3
    with event_store(bench) as pg:
        eight, thirty_two = (accept(pg, "accept1", c, 1, seconds) for c in (8, 32))
        many = accept(pg, "accept64", 4, 64, seconds)
        pg.sql("CHECKPOINT")
    return {"c8": eight["rate"], "c8.p99": eight["p99"], "c32": thirty_two["rate"],
            "best": max(eight["rate"], thirty_two["rate"]), "tx64": many["rate"]}


def postgres_claims(bench):
    pending, due = (10_000, 1_000) if bench.quick else (100_000, 10_000)
    with event_store(bench) as pg:
        pg.sql(CLAIM_ROWS.format(pending=pending, due=due))
        pg.tool("pgbench", "-n", "-M", "prepared", "-f", pg.script("claim"), "-c", "2", "-j", "2", "-T",
                "5" if bench.quick else "7", "postgres")
        fired, p50, p99 = pg.sql(CLAIM_LATENESS).split()
        pg.sql("CHECKPOINT")
    if int(fired) != due:
        raise Failed(f"PostgreSQL fired {fired} of {due} in time")
    return {"p50": float(p50), "p99": float(p99)}


def bullmq(bench):
    """As many jobs due at one instant, and none besides; Redis writes its file every second."""
    node_module(bench, "bullmq")
    kit(bench)
    port, folder, due = free_port(), bench.fresh(), 1_000 if bench.quick else 10_000
    redis = bench.start(["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", folder, "--save", "",
                         "--appendonly", "yes", "--appendfsync", "everysec"], stdout=subprocess.DEVNULL)
    wait_until(lambda: listens(port), "Redis")
    got = bench.run(["node", f"{scratch(bench)}/bullmq.mjs", str(port), "fire", str(due), "100"])
    bench.stop(redis)
    by_name = {metric: value for (_, metric), value in got.items()}
    return {"p50": by_name["lateness p50"], "p99": by_name["lateness p99"]}


def npm_hours(bench):
    for name in ("dayjs-business-time", "moment-business-time"):
        node_module(bench, name)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hours.mjs")
    got = bench.run(["node", script, scratch(bench), "0.2" if bench.quick else "0.5"])
    return {what: min(got[name, what] for name in ("dayjs-business-time", "moment-business-time"))
            for what in ("add", "between")}


# ---- Request Tracker ----

class RequestTracker(Server):
    """The kit's site configuration on a cluster of its own; the web server on a port of loopback, two workers."""

    def __init__(self, bench):
        super().__init__()
        if not os.path.exists(f"{RT_HOME}/libexec/rt-server"):
            raise Absent("request-tracker5 is not installed (--peers)")
        if os.geteuid() != 0:
            raise Absent("Request Tracker needs root to be set up")
        self.kit, self.port, self.quick = kit(bench), free_port(), bench.quick
        self.pg = Postgres(bench, "rt", RT_DB_PORT)

    def begin(self):
        self.pg.begin()
        folder = self.pg.folder
        os.makedirs(f"{folder}/conf.d")
        with open(f"{self.kit}/rt/RT_SiteConfig.pm.in") as f:
            text = f.read().replace("@D@", folder).replace("18080", str(self.port))
        with open(f"{folder}/RT_SiteConfig.pm", "w") as f:
            f.write(text)
        self.env = os.environ | {"RT_SITE_CONFIG": f"{folder}/RT_SiteConfig.pm",
                                 "RT_SITE_CONFIG_DIR": f"{folder}/conf.d"}
        self.command("rt-setup-database-5", "--action", "init", "--dba", "postgres", "--dba-password", "x")
        self.pg.sql(RT_QUEUE_WITH_SLA, "rt5")
        with open(f"{folder}/rt.log", "wb") as log:
            self.start([f"{RT_HOME}/libexec/rt-server", "--server", "Starlet", "--host", "127.0.0.1", "--port",
                        str(self.port), "--max-workers", "2"], env=self.env, stdout=log, stderr=log)
        wait_until(lambda: listens(self.port), "Request Tracker", 60)
        # With a token, so that not the hash of the password is measured (half a second a request).
        self.env["RT_TOKEN"] = self.command("perl", f"-I{RT_HOME}/lib", "-e", RT_TOKEN)
        self.rest(10, 1)   # warms up
        self.command("perl", f"{self.kit}/rt/create.pl", "10" if self.quick else "100")   # to be overdue later

    def command(self, *args):
        done = subprocess.run(args, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=300)
        if done.returncode:
            raise Failed(f"{args[0]}: {(done.stderr or done.stdout)[-500:]}")
        return done.stdout

    def rest(self, tickets, clients):
        out = self.command("node", f"{self.kit}/rt/rest.mjs", str(self.port), str(tickets), str(clients))
        return {metric: value for (_, metric), value in figures_of(out.splitlines()).items()}

    def cron_pass(self):
        began = time.monotonic()
        self.command("rt-crontool-5", "--search", "RT::Search::FromSQL", "--search-arg",
                     "Queue = 'General' AND Status = 'open' AND Due < 'now'", "--condition", "RT::Condition::Overdue",
                     "--action", "RT::Action::SetPriority", "--action-arg", "99")
        return time.monotonic() - began

    def escalate(self):
        """Tickets a second of RT's own tool over its overdue tickets, without the time it takes to start."""
        self.pg.sql("update tickets set due = now() + interval '1 day'", "rt5")
        start = self.cron_pass()
        self.pg.sql(RT_OVERDUE, "rt5")
        took = self.cron_pass() - start
        tickets, done = self.pg.sql(RT_COUNT, "rt5").split()
        if tickets != done or took <= 0:
            raise Failed(f"Request Tracker escalated {done} of {tickets} in {took:.1f} s")
        return int(done) / took

    def signal_all(self, sig):
        super().signal_all(sig)
        self.pg.signal_all(sig)

    def stop(self):
        super().stop()
        self.pg.stop()


def request_tracker(bench):
    with bench.lasting("rt", lambda: RequestTracker(bench)).awake() as rt:
        tickets = rt.rest(8 if bench.quick else 32, 4)["tickets"]
        return {"tickets": tickets, "escalated": rt.escalate()}
