"""What is compared, in which order, and what must come out. The sides are in sides.py and peers.py."""
import peers
import sides
from harness import Figure, Group

DOOR = Group("door", {"product": sides.door, "rows": sides.ideal("lmdb", 512), "log": sides.ideal("log", 512),
                      "log1": sides.ideal("log", 1, seconds=1)}, [
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
])

NETWORK = Group("network", {"curve": sides.own_or_far(True), "plain": sides.own_or_far(False)}, [
    Figure("P10", "door over tcp with CURVE, 512 in flight, 1 a frame", "1/s", "curve.w512.rate", ("plain.w512.rate",),
           "the same over its Unix socket", must=0.7, aim=0.9),
    Figure("P10", "the same, 64 a frame", "1/s", "curve.w512f64.rate", ("plain.w512f64.rate",), "the same"),
    Figure("P10", "ack p50 over tcp with CURVE, 1 in flight", "us", "curve.w1.p50", ("plain.w1.p50",), "the same", True),
    Figure("P10", "CPU of intake a fact over tcp with CURVE, 512 in flight", "us", "curve.w512.cpu",
           ("plain.w512.cpu",), "the same", True),
])

POSTGRES = Group("postgres", {"product": sides.door_in_steps, "pg": peers.postgres_accepts}, [
    Figure("P2", "door, 32 in flight, 1 a frame", "1/s", "product.w32.rate", ("pg.c32",),
           "PostgreSQL, a statement an event, 32 clients", must=3),
    Figure("P2", "door, 512 in flight, 1 a frame", "1/s", "product.w512.rate", ("pg.best",),
           "PostgreSQL, a statement an event, the better of 8 and 32 clients", aim=10),
    Figure("P2", "door, 256 in flight, 1 a frame", "1/s", "product.w256.rate", ("pg.tx64",),
           "PostgreSQL, 64 events a transaction, 4 clients", must=1.5, aim=4),
    Figure("P2", "door, 256 in flight, 64 a frame", "1/s", "product.w256f64.rate", ("pg.tx64",), "the same"),
    Figure("P3", "ack p99 at half of the door's load", "us", "product.half.p99", ("pg.c8.p99",),
           "PostgreSQL, a statement an event, 8 clients", True, aim=1),
    Figure("P3", "the same, p50", "us", "product.half.p50"),
    Figure("P3", "facts a second at half load", "1/s", "product.half.rate"),
])

GROWTH = Group("growth", {"small": sides.grown(10_000, 2_000, "n"), "large": sides.grown(1_000_000, 50_000, "n")}, [
    Figure("P8", "door at 10^6 open cases (--quick: 5 x 10^4)", "1/s", "large.n.rate", ("small.n.rate",),
           "itself at 10^4 (--quick: 2 x 10^3)", must=0.7, aim=0.9),
    Figure("P3", "longest acknowledgement at 10^6 cases", "ms", "large.n.max", less=True, aim=100),
    Figure("P7", "restart after kill -9 at 10^6 cases", "s", "large.n.restart_s", less=True, must=2),
    Figure("P7", "records in that log", "", "large.n.records"),
], once=True)

TIMERS = Group("timers", {"product": sides.burst_alone, "log": sides.ideal_timer(10_000, "mem"),
                          "rows": sides.ideal_timer(10_000), "pg": peers.postgres_claims, "bullmq": peers.bullmq,
                          "memory": sides.redis_memory, "zadd": sides.variadic}, [
    Figure("P4", "10 k of 100 k due at one instant, lateness p99", "ms", "product.p99", ("log.p99",),
           "ideal, Redis + log", True, aim=2),
    Figure("P4", "the same", "ms", "product.p99", ("rows.p99",), "ideal, Redis + rows", True),
    Figure("P4", "the same", "ms", "product.p99", ("pg.p99",), "PostgreSQL, SKIP LOCKED, 2 workers", True, must=1),
    Figure("P4", "the same", "ms", "product.p99", ("bullmq.p99",), "BullMQ, 10 k and none besides", True, must=0.2,
           aim=0.1),
    Figure("P4", "the same, lateness p50", "ms", "product.p50", ("log.p50",), "ideal, Redis + log", True),
    Figure("P7", "Redis emptied and refilled, timers", "1/s", "product.refill", ("zadd.rate",),
           "variadic ZADD; the time may be 1.5 times as long", aim=0.667),
    Figure("P9", "Redis, bytes an open deadline", "B", "product.timer_bytes", ("memory.bytes",),
           "8-byte members, 10^6", True, must=1.1),
    Figure("P9", "idle service, resident (the largest)", "MiB", "product.rss_max", less=True, aim=16),
    Figure("P9", "of it no file: anonymous", "MiB", "product.anonymous_max", less=True),
])

BREACH = Group("breach", {"product": sides.breach, "timer": sides.ideal_timer(1), "chain": sides.chain(3, 1)}, [
    Figure("P5", "one breach to its durable reminder, idle, p99", "ms", "product.p99", ("timer.p99", "chain.p99_ms"),
           "single ideal timer + ideal chain of 3, rows", True, must=5, aim=2.5),
    Figure("P5", "the same, p50", "ms", "product.p50", ("timer.p50", "chain.p50_ms"), "the same", True),
])

DEADLINES = Group("deadlines", {"small": sides.burst_alone, "product": sides.deadlines, "log": sides.ideal_timer(
    10_000, "mem", of=1_000_000, quick_by=20), "zadd": sides.variadic}, [
    Figure("P4", "10 k of 1 M due at one instant, lateness p99 (--quick: 1 k of 50 k)", "ms", "product.p99",
           ("small.p99",), "itself with 100 k open", True, aim=1.2),
    Figure("P4", "the same", "ms", "product.p99", ("log.p99",), "ideal, Redis + log, 1 M open", True),
    Figure("P7", "Redis emptied and refilled, timers", "1/s", "product.refill", ("zadd.rate",),
           "variadic ZADD; the time may be 1.5 times as long", aim=0.667),
    Figure("P9", "1 M open deadlines: memory of Redis", "MiB", "product.redis_mib"),
    Figure("P9", "state files of all services", "MiB", "product.state"),
    Figure("P9", "of it intake's, who owns them", "MiB", "product.intake.state"),
    Figure("P9", "log files of all services", "MiB", "product.log"),
    Figure("P9", "all services resident, maps of files included", "MiB", "product.rss_sum"),
    Figure("P9", "of it no file: anonymous", "MiB", "product.anonymous_sum"),
    Figure("P7", "the whole stack started after kill -9 with 1 M open", "s", "product.start_s", less=True, must=2),
], once=True)

EVENTS = Group("events", {"product": sides.events}, [
    Figure("P9", "log of intake, a million records", "MiB", "product.intake.log"),
    Figure("P9", "logs of all services for them", "MiB", "product.log"),
    Figure("P9", "states of all services (10^4 open cases)", "MiB", "product.state"),
    Figure("P9", "all services resident, maps of files included", "MiB", "product.rss_sum"),
    Figure("P9", "of it no file: anonymous", "MiB", "product.anonymous_sum"),
    Figure("P7", "the whole stack started after kill -9, a million records", "s", "product.start_s", less=True, must=2),
    Figure("P7", "dispatch catches up from nothing, a million records", "s", "product.dispatch.catch_up_s"),
    Figure("P7", "the desk", "s", "product.escalation.catch_up_s"),
    Figure("P7", "head office", "s", "product.headoffice.catch_up_s"),
    Figure("P7", "records in that log of intake", "", "product.records"),
], once=True)

STEADY = Group("steady", {"product": sides.steady}, [
    Figure("P9", "steady load: memory of all services that is no file, its growth from the middle third to the last",
           "%", "product.growth", less=True, aim=1),
    Figure("P9", "it comes to, all services together", "MiB", "product.anonymous"),
    Figure("P9", "seconds", "", "product.seconds"),
    Figure("P9", "facts a second", "1/s", "product.rate"),
    Figure("P3", "ack p99 meanwhile", "us", "product.p99"),
    Figure("P3", "longest", "ms", "product.max"),
], once=True)

TICKETS = Group("tickets", {"product": sides.tickets, "rt": peers.request_tracker}, [
    Figure("P12", "tickets with a deadline accepted, 4 in flight", "1/s", "product.w4", ("rt.tickets",),
           "Request Tracker 5 on PostgreSQL, 4 clients", must=1000),
    Figure("P12", "the same, 512 in flight", "1/s", "product.w512", ("rt.tickets",), "the same, 4 clients", aim=10_000),
    Figure("P5", "10 k breaches at once, reminders until the last", "1/s", "product.reminders", ("rt.escalated",),
           "Request Tracker's escalations, its start not counted", aim=500),
])

ROAD = Group("road", {"product": sides.road, "rows": sides.chain(5, 1024), "log": sides.chain(5, 1024, "mem"),
                      "one": sides.road_of_one, "log1": sides.chain(5, 1, "mem"),
                      "log3": sides.chain(3, 1, "mem")}, [
    Figure("P6", "facts through all services, until head office has read everything", "1/s", "product.facts",
           ("rows.rate",), "chain of 5, rows", must=1.5),
    Figure("P6", "the same", "1/s", "product.facts", ("log.rate",), "chain of 5, log only", aim=0.5),
    Figure("P6", "records written on the way", "1/s", "product.records"),
    Figure("P6", "a call alone through intake and dispatch into head office, p50", "ms", "one.p50", ("log1.p50_ms",),
           "chain of 5, log only, one in flight", True, aim=2),
    Figure("P6", "the same", "ms", "one.p50", ("log3.p50_ms",), "chain of 3, log only, one in flight", True),
])

def lives(how, policy, one):
    """What becomes of things, fact by fact, at the door and through all services."""
    return Group(how, {"product": sides.lives_at_the_door(how, policy), "rows": sides.ideal("lmdb", 512),
                       "log1": sides.ideal("log", 1, seconds=1), "road": sides.lives_on_the_road(how, policy),
                       "chain": sides.chain(5, 1024), "log": sides.chain(5, 1024, "mem")}, [
        Figure("P1", f"{how} at the door, 512 in flight, 1 a frame", "1/s", "product.w512.rate", ("rows.rate",),
               "ideal, rows", must=0.8),
        Figure("P3", "the same, ack p99", "us", "product.w512.p99", ("rows.p99",), "ideal, rows", True, must=1),
        Figure("P3", f"{one} fact, ack p50, 1 in flight", "us", "product.w1.p50", ("log1.p50",), "ideal, log only",
               True, must=1.5),
        Figure("P10", f"CPU of intake a fact of {how}, 512 in flight", "us", "product.w512.cpu"),
        Figure("P6", f"{how} through all services, until head office has read everything", "1/s", "road.facts",
               ("chain.rate",), "chain of 5, rows", must=1.5),
        Figure("P6", "the same", "1/s", "road.facts", ("log.rate",), "chain of 5, log only", aim=0.5),
        Figure("P6", "records written on the way", "1/s", "road.records"),
        Figure("P6", f"records of all services a fact of {how}", "", "road.record_fact"),
    ])


PAPERS = lives("papers", "appliance", "a paper's")
PARTS = lives("parts", "bus", "a part's")
SHEETS = lives("sheets", "appliance", "a sheet's")

REPLAY = Group("replay", {"product": sides.replay, "limit": sides.replay_limit}, [
    Figure("P7", "cuiban replay, facts", "1/s", "product.facts", ("limit.rate",), "decode + fold of a log, warm",
           must=0.15, aim=0.4),
    Figure("P7", "the same, records of all services", "1/s", "product.records", ("limit.rate",), "the same"),
    Figure("P7", "two policies compared", "s", "product.both", ("product.seconds",), "one policy", True, aim=2.2),
])

CODEC = Group("codec", {"product": sides.codec, "hand": sides.codec_limit}, [
    Figure("P10", "look over and decode a log entry (14 fields, 133 B)", "ns", "product.check", ("hand.decode",),
           "hand-written reader (15 fields, 328 B)", True, must=3, aim=1.5),
    Figure("P10", "read an entry the door wrote, and its event: all checks, one pass", "ns", "product.read",
           ("hand.decode",), "the same", True, must=3, aim=1.5),
    Figure("P10", "decode alone", "ns", "product.decode", ("hand.decode",), "the same", True),
    Figure("P10", "decode call.registered (28 fields, 144 B)", "ns", "product.call", ("hand.decode",), "the same",
           True),
])

CALENDAR = Group("calendar", {"product": sides.calendar, "perl": sides.business_hours, "npm": sides.npm_hours}, [
    Figure("P11", "working time added, calendar of ten years", "1/s", "product.adds", ("perl.adds",),
           "Business::Hours (Perl)", must=1000),
    Figure("P11", "the same", "1/s", "product.adds", ("npm.adds",),
           "the faster of dayjs- and moment-business-time (npm)", must=50),
    Figure("P11", "one of them", "ns", "product.add", less=True, aim=100),
    Figure("P11", "working time between two instants", "1/s", "product.betweens", ("perl.betweens",),
           "Business::Hours (Perl)", must=1000),
    Figure("P11", "the same", "1/s", "product.betweens", ("npm.betweens",),
           "the faster of dayjs- and moment-business-time (npm)", must=50),
    Figure("P11", "one of them", "ns", "product.between", less=True, aim=100),
])

GROUPS = [DOOR, NETWORK, POSTGRES, TIMERS, BREACH, ROAD, PAPERS, PARTS, SHEETS, REPLAY, GROWTH, DEADLINES, EVENTS, STEADY, TICKETS, CODEC, CALENDAR]
NOT_MEASURED = {}
