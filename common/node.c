/* node.c - one service at work: see node.h. Read: records, running a step, the door, entries, time,
 * batches. The order inside a batch is fixed: a fact's own record first, then what it
 * caused. */
#include "common/contract.h"
#include "common/deadline.h"
#include "common/node_private.h"
#include "common/plant.h"
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define FUTURE_MAX_MS (10 * MINUTE_MS)           /* a centre's clock may be so much ahead */
#define SEAL_FACTOR UINT64_C(0x9e3779b97f4a7c15) /* odd; the order of the records counts */
#define TABLE_REFUSED 7 /* facts the door refused, so that a repetition is logged once */

static const struct table table_refused = {TABLE_REFUSED, "refused", "source, id", shape_row_seen};

/* ---- records ---- */

void node_hash(struct slice bytes, uint8_t out[NODE_HASH_BYTES])
{
    crypto_generichash(out, NODE_HASH_BYTES, bytes.p, bytes.n, NULL, 0);
}

static uint64_t append(struct node *n, struct rec_entry *e)
{
    e->seq = store_last_seq(n->store) + 1;
    e->now = n->clock_ms;
    e->policy = n->policy->version;
    memcpy(e->prev, n->prev, NODE_HASH_BYTES);
    if (PLANTED(chain_broken) && e->seq % 97 == 0) e->prev[0] ^= 1;
    buf_clear(&n->record);
    proto_encode(shape_entry(), e, &n->record);
    node_hash(buf_slice(&n->record), n->prev);
    return store_append(n->store, buf_slice(&n->record));
}

static void append_output(struct node *n, const struct step *st, const struct step_output *o,
                          enum owner from, uint64_t cause)
{
    struct rec_entry e = {.number = event_of(o->kind)->number,
                          .occurred = st->in->occurred,
                          .source = st->in->source,
                          .cause_log = cause ? from : 0,
                          .cause_seq = cause,
                          .rule = str_of(o->rule),
                          .data = o->data};
    append(n, &e);
}

/* The step's outputs as records, caused by record `cause` of the log `from`. */
static void append_outputs(struct node *n, const struct step *st, enum owner from, uint64_t cause)
{
    for (uint32_t i = 0; i < n->work.output_count; i++) {
        append_output(n, st, &n->work.outputs[i], from, cause);
    }
}

static void take_timers(struct node *n)
{
    for (uint32_t i = 0; i < n->work.timer_count; i++) {
        node_timer(n, n->work.timers[i].member, n->work.timers[i].due_ms);
    }
}

/* Each change of the due index comes with one of a timer. */
void node_timer(struct node *n, uint64_t member, int64_t due_ms)
{
    if (due_ms == 0) n->due_known = false;
    if (due_ms != 0 && due_ms < n->due_ms) n->due_ms = due_ms;
    if (n->timer_count == n->timer_cap) {
        n->timer_cap = n->timer_cap ? n->timer_cap * 2 : 256;
        n->timers = realloc(n->timers, n->timer_cap * sizeof *n->timers);
        REQUIRE(n->timers != NULL);
    }
    n->timers[n->timer_count++] = (struct timer_change){member, due_ms};
}

uint64_t node_member(struct node *n)
{
    return ++n->member;
}

/* ---- running a step ---- */

static struct step step_make(struct node *n, const struct rec_entry *in, enum owner from,
                             const struct event_type *type)
{
    step_work_clear(&n->work);
    if (n->work.units.count == UNIT_MEMO_MAX) unit_memo_clear(&n->work.units);
    return (struct step){.node = n,
                         .policy = n->policy,
                         .arena = &n->arena,
                         .now_ms = n->clock_ms,
                         .in = in,
                         .from = from,
                         .type = type,
                         .work = &n->work};
}

#define TOO_LARGE "too_large"

/* What a sender says may ask for more than one step can hold; it is his to divide. */
static enum err too_large(struct node *n, struct step *st)
{
    n->work.overfull = false;
    return fault_set(&st->fault, st->rule ? st->rule : "", TOO_LARGE, "",
                     "this changes more than %d rows or writes more than %d records at once; "
                     "report it in smaller portions",
                     STEP_WRITES_MAX, STEP_OUTPUTS_MAX);
}

/* A step that does not succeed gives back the numbers it took, or a replay of the log, which tries
 * nothing twice, would count otherwise. */
static enum err step_run(struct node *n, struct step *st, const void *payload)
{
    uint64_t member = n->member;
    st->given = payload;
    enum err e = n->service->step(st, payload);
    if (n->work.overfull && (e == ERR_OK || e == ERR_STALE || e == ERR_REFUSED))
        e = too_large(n, st);
    if (e != ERR_OK) n->member = member;
    return e;
}

/* The step succeeded: its writes, outputs and timers become part of the batch. When the store could
 * not take one of them, the batch ends here: what came after would stand on rows that are not
 * there. */
MUST_CHECK static enum err step_take(struct node *n, const struct step *st, enum owner from,
                                     uint64_t cause)
{
    append_outputs(n, st, from, cause);
    take_timers(n);
    step_work_flush(&n->work, n->store);
    return store_first_failure(n->store, ERR_OK);
}

/* The step refused: nothing of it stays but what step_also said. */
static void keep_also(struct step_work *w)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < w->output_count; i++) {
        if (w->outputs[i].also) w->outputs[kept++] = w->outputs[i];
    }
    step_work_clear(w);
    w->output_count = kept;
}

static struct str subject_of(struct node *n, const struct step *st)
{
    const struct shape *shape = st->type->shape();
    struct str first = {0};
    struct fault why;
    if (shape->fields[0].type != FT_TEXT || shape->fields[0].max > 64) return first;
    void *payload = arena_take(&n->arena, shape->size);
    if (proto_decode(shape, st->in->data, &n->arena, payload, &why) != ERR_OK) return first;
    memcpy(&first, (char *)payload + shape->fields[0].offset, sizeof first);
    return first;
}

static void refused_record(struct node *n, const struct step *st, enum owner from)
{
    const struct rec_entry *in = st->in;
    const struct field *data = shape_field(shape_ev_refused_fact(), STR("data"));
    struct ev_refused_fact ev = {.number = st->type->number,
                                 .subject = subject_of(n, st),
                                 .rule = str_of(st->fault.rule[0] ? st->fault.rule : "contract"),
                                 .code = str_of(st->fault.code),
                                 .field = str_of(st->fault.field),
                                 .text = str_of(st->fault.text)};
    if (in->data.n <= (uint64_t)data->max) ev.data = in->data; /* a verdict may be longer */
    keep_also(&n->work);
    buf_clear(&n->work.scratch);
    proto_encode(shape_ev_refused_fact(), &ev, &n->work.scratch);
    struct rec_entry e = {.number = event_of(EV_refused_fact)->number,
                          .occurred = in->occurred,
                          .received = in->received,
                          .id = in->id,
                          .source = in->source,
                          .actor = in->actor,
                          .cause_log = in->seq ? from : 0,
                          .cause_seq = in->seq,
                          .rule = ev.rule,
                          .data = arena_copy(&n->arena, buf_slice(&n->work.scratch))};
    uint64_t seq = append(n, &e);
    append_outputs(n, st, n->service->owner, seq);
}

/* ---- the door ---- */

static void answer(struct rec_outcome *out, const char *verdict, const struct fault *why,
                   struct arena *a)
{
    *out = (struct rec_outcome){.verdict = str_of(verdict)};
    if (!why) return;
    out->rule = arena_str(a, str_of(why->rule));
    out->code = arena_str(a, str_of(why->code));
    out->field = arena_str(a, str_of(why->field));
    out->text = arena_str(a, str_of(why->text));
}

uint64_t node_content(const struct rec_fact *f)
{
    uint8_t out[crypto_generichash_BYTES_MIN];
    crypto_generichash_state h;
    crypto_generichash_init(&h, NULL, 0, sizeof out);
    crypto_generichash_update(&h, (const uint8_t *)&f->number, sizeof f->number);
    crypto_generichash_update(&h, (const uint8_t *)&f->occurred, sizeof f->occurred);
    crypto_generichash_update(&h, f->data.p, f->data.n);
    crypto_generichash_final(&h, out, sizeof out);
    return be_get64(out) >> 1;
}

enum err node_policy_adopt(struct node *n)
{
    n->adopted = true;
    struct slice last;
    struct str hash = str_of(n->policy->hash);
    struct slice key = {(const uint8_t *)"policy", 6}, now = {(const uint8_t *)hash.p, hash.n};
    enum err e = store_get(n->store, TABLE_META, key, &last);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK && last.n == now.n && memcmp(last.p, now.p, now.n) == 0) return ERR_OK;
    struct rec_entry in = {.occurred = n->clock_ms};
    struct step st = step_make(n, &in, n->service->owner, event_of(EV_policy_adopted));
    struct ev_policy_adopted ev = {.name = n->policy->name,
                                   .version = n->policy->version,
                                   .hash = hash,
                                   .effective = n->policy->effective_ms};
    st.rule = "CV-11";
    step_emit(&st, EV_policy_adopted, &ev);
    store_put(n->store, TABLE_META, key, now);
    return step_take(n, &st, n->service->owner, 0);
}

/* Contract, sender's clock, known type: what can be said without state. */
static enum err fact_check(struct node *n, struct slice bytes, struct rec_fact *f,
                           const struct event_type **type, struct fault *why)
{
    enum err e = proto_scan(bytes, why);
    if (e == ERR_OK) e = proto_decode(shape_fact(), bytes, &n->arena, f, why);
    if (e != ERR_OK) return e;
    *type = event_by_number(f->number);
    if (!*type) {
        return fault_set(why, "contract", "unknown_event", "type",
                         "event number %llu is not known here; see `cuiban schema`",
                         (unsigned long long)f->number);
    }
    if (event_is_verdict(*type) || (*type)->owner == OWNER_any) {
        return fault_set(why, "CV-13", "verdict_only", "type",
                         "%s is written by a service and cannot come from outside", (*type)->type);
    }
    if (f->occurred <= 0 || f->occurred > TIME_MAX_MS) {
        return fault_set(why, "CV-5", "out_of_range", "time", "time lies outside 1970 to 2100");
    }
    if (n->mode == CLOCK_MODE_wall && f->occurred > n->clock_ms + FUTURE_MAX_MS) {
        return fault_set(
            why, "CV-5", "future", "time",
            "time is more than 10 minutes ahead of the door's clock; set the centre's clock");
    }
    return ERR_OK;
}

/* ERR_STALE: taken before with the same content. */
static enum err fact_seen(struct node *n, const struct key *k, uint64_t hash,
                          struct rec_row_seen *row, struct fault *why)
{
    struct step st = step_make(n, NULL, n->service->owner, NULL);
    enum err e = step_get(&st, &table_seen, k, row);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK) return e;
    if (PLANTED(duplicate_taken)) return ERR_OK;
    if (row->hash == hash) return ERR_STALE;
    return fault_set(
        why, "INT-104", "id_reused", "id",
        "this id was taken as record %llu with other content; give the fact an id of its own",
        (unsigned long long)row->seq);
}

static enum err fact_refused(struct node *n, struct step *st, const struct key *k, uint64_t hash,
                             struct rec_outcome *out)
{
    struct fault why = st->fault;
    struct rec_row_seen row;
    enum err e = step_get(st, &table_refused, k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_NOT_FOUND || row.hash != hash) {
        refused_record(n, st, n->service->owner);
        step_work_clear(&n->work);
        row = (struct rec_row_seen){.seq = store_last_seq(n->store), .hash = hash};
        step_put(st, &table_refused, k, &row);
        step_work_flush(&n->work, n->store);
    }
    answer(out, "refused", &why, &n->arena);
    return ERR_OK;
}

/* The fact as the log keeps it: with what was filled in, and a way back. */
static void complete(const struct step *st, uint64_t hash, struct rec_entry *in)
{
    if (!st->completed.n) return;
    in->data = st->completed;
    in->filled = st->filled;
    in->content = hash;
}

enum err node_fact_apply(struct node *n, const struct rec_fact *f, const struct event_type *type,
                         uint64_t content, struct rec_outcome *out)
{
    struct fault why = {0};
    const struct shape *shape = type->shape();
    void *payload = arena_take(&n->arena, shape->size);
    if (proto_decode(shape, f->data, &n->arena, payload, &why) != ERR_OK) {
        answer(out, "refused", &why, &n->arena);
        return ERR_OK;
    }
    struct key k = key_of(f->source);
    key_str(&k, f->id);
    uint64_t hash = content ? content : node_content(f);
    struct rec_row_seen seen;
    enum err e = fact_seen(n, &k, hash, &seen, &why);
    if (e == ERR_STALE || e == ERR_REFUSED) {
        answer(out, e == ERR_STALE ? "duplicate" : "refused", e == ERR_STALE ? NULL : &why,
               &n->arena);
        return ERR_OK;
    }
    if (e != ERR_OK) return e;
    struct rec_entry in = {.number = f->number,
                           .occurred = f->occurred,
                           .received = n->clock_ms,
                           .id = f->id,
                           .source = f->source,
                           .actor = f->actor,
                           .data = f->data};
    struct step st = step_make(n, &in, n->service->owner, type);
    e = step_run(n, &st, payload);
    if (e == ERR_REFUSED) return fact_refused(n, &st, &k, hash, out);
    if (e != ERR_OK && e != ERR_STALE) return e;
    if (e == ERR_STALE) step_work_clear(&n->work);
    in.rule = str_of(e == ERR_OK && st.rule ? st.rule : type->rule);
    complete(&st, hash, &in);
    uint64_t seq = append(n, &in);
    seen = (struct rec_row_seen){.seq = seq, .hash = hash};
    step_put(&st, &table_seen, &k, &seen);
    answer(out, "accepted", st.fault.code[0] ? &st.fault : NULL, &n->arena);
    out->subject = st.subject;
    return step_take(n, &st, n->service->owner, seq);
}

enum err node_fact(struct node *n, struct slice bytes, struct rec_outcome *out)
{
    struct rec_fact f;
    const struct event_type *type = NULL;
    struct fault why = {0};
    enum err e = fact_check(n, bytes, &f, &type, &why);
    if (e == ERR_REFUSED) {
        answer(out, "refused", &why, &n->arena);
        return ERR_OK;
    }
    if (e != ERR_OK) return e;
    if (n->mode == CLOCK_MODE_event) {
        e = node_advance(n, f.occurred, UINT32_MAX, NULL);
        if (e != ERR_OK) return e;
    }
    if (!n->adopted) e = node_policy_adopt(n);
    return e == ERR_OK ? node_fact_apply(n, &f, type, 0, out) : e;
}

/* ---- entries of upstream logs ---- */

/* One byte: the log, and how many of its entries less one. */
static void run_add(struct node *n, enum owner log)
{
    static_assert(OWNER_COUNT <= 8, "three bits name a log");
    uint8_t *last = n->runs.n ? &n->runs.p[n->runs.n - 1] : NULL;
    if (last && *last >> 5 == log && (*last & 31) < 31) {
        ++*last;
        return;
    }
    uint8_t run = (uint8_t)(log << 5);
    buf_put(&n->runs, &run, 1);
}

static enum err entry_apply(struct node *n, enum owner log, const struct rec_entry *in)
{
    const struct event_type *type = event_by_number(in->number);
    if (!type) return ERR_OK; /* a newer event: kept upstream, unknown here */
    const struct shape *shape = type->shape();
    void *payload = arena_take(&n->arena, shape->size);
    struct fault why;
    if (proto_decode(shape, in->data, &n->arena, payload, &why) != ERR_OK) return ERR_CORRUPT;
    struct step st = step_make(n, in, log, type);
    enum err e = step_run(n, &st, payload);
    bool own = type->owner == n->service->owner;
    /* Of others it is theirs to judge; but what no step here can hold would be missing silently. */
    if (e == ERR_REFUSED && (own || strcmp(st.fault.code, TOO_LARGE) == 0)) {
        n->refused++;
        refused_record(n, &st, log);
        return ERR_OK;
    }
    if (e == ERR_STALE || e == ERR_REFUSED) return ERR_OK;
    if (e != ERR_OK) return e;
    if (own) {
        struct rec_entry copy = *in;
        copy.cause_log = log;
        copy.cause_seq = in->seq;
        copy.rule = str_of(st.rule ? st.rule : type->rule);
        copy.filled = st.filled;
        copy.content = 0; /* the sender's bytes are known by his own log */
        if (st.completed.n) copy.data = st.completed;
        append(n, &copy);
    }
    return step_take(n, &st, log, in->seq);
}

/* Not for this service: of the record only its place in the log is wanted. */
static bool passes_by(const struct node *n, enum owner log, struct slice record,
                      struct rec_entry *in)
{
    if (!entry_ends(record, in)) return false;
    const struct event_type *type = event_by_number(in->number);
    return type && !(n->hears[type->kind] & IN(log));
}

enum err node_entry(struct node *n, enum owner log, struct slice record)
{
    REQUIRE(log < STORE_CURSORS_MAX && (n->service->upstream & IN(log)));
    struct rec_entry in;
    struct fault why;
    bool passes = passes_by(n, log, record, &in);
    if (!passes && proto_decode(shape_entry(), record, &n->arena, &in, &why) != ERR_OK)
        return ERR_CORRUPT;
    uint64_t next = n->cursor[log] + 1;
    if (in.seq < next && !PLANTED(repeat_taken)) return ERR_STALE;
    if (in.seq > next && !PLANTED(gap_taken)) return ERR_REFUSED;
    if (n->mode == CLOCK_MODE_event) {
        enum err e = node_advance(n, in.now, UINT32_MAX, NULL);
        if (e != ERR_OK) return e;
    }
    enum err e = passes ? ERR_OK : entry_apply(n, log, &in);
    if (e != ERR_OK) return e;
    n->cursor[log] = in.seq;
    run_add(n, log);
    n->seal = n->seal * SEAL_FACTOR + be_get64(in.prev);
    return ERR_OK;
}

/* ---- time ---- */

/* Finds n->due_ms: asked for each fact and entry, and mostly it is what it was. */
static enum err due_look(struct node *n)
{
    if (n->due_known) return ERR_OK;
    struct slice key, value;
    enum err e = store_next(n->store, TABLE_DUE, (struct slice){0}, false, &key, &value);
    if (e == ERR_OK && key.n < 8) return ERR_CORRUPT;
    if (e != ERR_OK && e != ERR_END) return e;
    n->due_ms = e == ERR_OK ? (int64_t)be_get64(key.p) : INT64_MAX;
    n->due_known = true;
    return ERR_OK;
}

enum err node_fire(struct node *n, struct slice due)
{
    struct key k = {.n = due.n};
    memcpy(k.b, due.p, due.n);
    int64_t at = (int64_t)be_get64(k.b);
    if (n->mode == CLOCK_MODE_event && n->clock_ms <= at) n->clock_ms = at + 1;
    struct rec_entry in = {.occurred = n->clock_ms};
    struct step st = step_make(n, &in, n->service->owner, event_of(EV_deadline_passed));
    enum err e = deadline_fire(&st, &k, n->service);
    REQUIRE(!n->work.overfull); /* a clock does its work in portions */
    if (e != ERR_OK) return e == ERR_REFUSED || e == ERR_STALE ? ERR_CORRUPT : e;
    if (n->service->upstream) run_add(n, n->service->owner);
    return step_take(n, &st, n->service->owner, 0);
}

enum err node_advance(struct node *n, int64_t t_ms, uint32_t limit, uint32_t *fired)
{
    uint32_t count = 0;
    enum err e = ERR_OK;
    if (t_ms > TIME_MAX_MS) t_ms = TIME_MAX_MS; /* time ends where records end */
    /* What a late report armed in the past fires before the next event, whatever that one tells: or
     * else it would depend on repetitions, which let time pass again. */
    if (n->mode == CLOCK_MODE_event && t_ms < n->clock_ms) t_ms = n->clock_ms;
    for (; e == ERR_OK && count < limit; count++) {
        struct slice key, value;
        e = due_look(n);
        if (e != ERR_OK || n->due_ms - (PLANTED(fires_early) ? 1000 : 0) >= t_ms) break;
        e = store_next(n->store, TABLE_DUE, (struct slice){0}, false, &key, &value);
        if (e == ERR_OK) e = node_fire(n, key);
    }
    if (fired) *fired = count;
    if (e != ERR_OK) return e;
    if (n->mode == CLOCK_MODE_event && count < limit && n->clock_ms < t_ms) n->clock_ms = t_ms;
    return ERR_OK;
}

uint64_t node_refused(const struct node *n)
{
    return n->refused;
}

int64_t node_clock(const struct node *n)
{
    return n->clock_ms;
}

int64_t node_next_due(struct node *n)
{
    return due_look(n) == ERR_OK ? n->due_ms : INT64_MAX;
}

/* ---- batches ---- */

uint64_t node_policy_number(const struct policy *p)
{
    char head[17] = {0};
    memcpy(head, p->hash, 16);
    return strtoull(head, NULL, 16);
}

void node_begin(struct node *n, int64_t wall_ms)
{
    arena_reset(&n->arena);
    buf_clear(&n->runs);
    n->seal = 0;
    n->timer_count = 0;
    if (n->mode == CLOCK_MODE_wall && wall_ms > n->clock_ms) n->clock_ms = wall_ms;
}

enum err node_commit(struct node *n)
{
    if (n->member != n->member_stored) {
        uint8_t b[8];
        be_put64(b, n->member);
        store_put(n->store, TABLE_META, (struct slice){(const uint8_t *)"member", 6},
                  (struct slice){b, 8});
        n->member_stored = n->member;
    }
    struct journal j = {.now_ms = n->clock_ms,
                        .mode = n->mode,
                        .policy = node_policy_number(n->policy),
                        .seal = n->seal,
                        .runs = buf_slice(&n->runs)};
    memcpy(j.cursor, n->cursor, sizeof j.cursor);
    if (PLANTED(cursor_behind)) {
        struct journal last;
        store_last_journal(n->store, &last);
        memcpy(j.cursor, last.cursor, sizeof j.cursor);
    }
    return store_commit(n->store, &j);
}

enum err node_checkpoint(struct node *n)
{
    return store_checkpoint(n->store);
}

uint64_t node_cursor(const struct node *n, enum owner log)
{
    REQUIRE(log < STORE_CURSORS_MAX);
    return n->cursor[log];
}

struct store *node_store(struct node *n)
{
    return n->store;
}

const struct service *node_service(const struct node *n)
{
    return n->service;
}

const struct timer_change *node_timers(const struct node *n, size_t *count)
{
    *count = n->timer_count;
    return n->timers;
}

enum err node_timer_next(struct node *n, struct key *at, struct timer_change *out)
{
    struct slice key, value;
    enum err e =
        store_next(n->store, TABLE_DUE, (struct slice){at->b, at->n}, at->n > 0, &key, &value);
    if (e != ERR_OK) return e;
    if (key.n < 8 || key.n > sizeof at->b) return ERR_CORRUPT;
    memcpy(at->b, key.p, key.n);
    at->n = key.n;
    e = store_get(n->store, TABLE_DEADLINE, (struct slice){at->b + 8, at->n - 8}, &value);
    if (e != ERR_OK) return ERR_CORRUPT;
    struct rec_row_deadline row;
    struct fault why;
    arena_reset(&n->arena);
    if (proto_decode(shape_row_deadline(), value, &n->arena, &row, &why) != ERR_OK)
        return ERR_CORRUPT;
    *out = (struct timer_change){row.member, (int64_t)be_get64(at->b)};
    return ERR_OK;
}
