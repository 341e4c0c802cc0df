/* loop_door.c - questions that arrive at a service's socket: facts, credit, wake-ups, status. */
#include "common/contract.h"
#include "common/loop_private.h"
#include "common/note.h"
#include <stdlib.h>
#include <string.h>

static void answer_begin(struct loop *l, const struct caller *c)
{
    if (l->waiting_count == l->waiting_cap) {
        l->waiting_cap = l->waiting_cap ? l->waiting_cap * 2 : 64;
        l->waiting = realloc(l->waiting, l->waiting_cap * sizeof *l->waiting);
        REQUIRE(l->waiting != NULL);
    }
    l->waiting[l->waiting_count++] = (struct answer){*c, l->answers.n, 0};
}

static void answer_end(struct loop *l)
{
    struct answer *a = &l->waiting[l->waiting_count - 1];
    a->n = l->answers.n - a->from;
}

static void put_outcome(struct loop *l, const struct rec_outcome *o)
{
    loop_count(l,
               str_is(o->verdict, "accepted")    ? LOOP_METRIC_accepted
               : str_is(o->verdict, "duplicate") ? LOOP_METRIC_duplicate
                                                 : LOOP_METRIC_refused,
               1);
    buf_clear(&l->frame);
    proto_encode(shape_outcome(), o, &l->frame);
    wire_bytes(&l->answers, buf_slice(&l->frame));
}

/* Asked before each fact: a batch must not outgrow the rest of the map, because a commit that fails
 * ends the service, and the same batch comes again. The tenth kept back is for deadlines. */
static const char *door_full(struct loop *l)
{
    if (store_fill_percent(node_store(l->node)) < FILL_MAX_PERCENT) return NULL;
    return "the store of the door is nearly full; enlarge CUIBAN_MAP_MB, then send again";
}

/* Why the door takes nothing more, or NULL. N9: refuse, don't lie. */
static const char *door_look(struct loop *l)
{
    if (l->options->service->upstream) return "this service takes no facts; send them to intake";
    if (store_free_bytes(node_store(l->node)) >> 20 < (uint64_t)l->settings.free_min_mb) {
        return "the disk of the door is nearly full; free space, then send again";
    }
    return NULL;
}

static const char *door_shut(struct loop *l)
{
    if (l->mono_ms - l->space_ms >= SPACE_CHECK_MS || !l->space_ms) {
        l->space_ms = l->mono_ms;
        l->shut = door_look(l);
    }
    return l->shut;
}

static void put_refused(struct loop *l, const char *rule, const char *code, const char *text)
{
    put_outcome(l, &(struct rec_outcome){.verdict = STR("refused"),
                                         .rule = str_of(rule),
                                         .code = str_of(code),
                                         .text = str_of(text)});
}

static size_t facts_answer_begin(struct loop *l, const struct caller *c, uint64_t tag)
{
    answer_begin(l, c);
    wire_u8(&l->answers, 'p');
    wire_u64(&l->answers, tag);
    size_t count_at = l->answers.n;
    wire_u32(&l->answers, 0);
    return count_at;
}

static void facts_answer_end(struct loop *l, size_t count_at, uint32_t count)
{
    memcpy(l->answers.p + count_at, &count, sizeof count);
    answer_end(l);
}

/* A frame that cannot be read is refused like a fact, behind the outcomes of what stood whole in
 * it. */
static void on_broken(struct loop *l, const struct caller *c)
{
    size_t count_at = facts_answer_begin(l, c, 0);
    put_refused(l, "wire", "frame_broken",
                "this is no frame of ours; common/wire.h says what a frame is");
    facts_answer_end(l, count_at, 1);
}

static enum err on_facts(struct loop *l, const struct caller *c, struct wire *w)
{
    uint64_t tag = wire_take_u64(w);
    uint32_t count = wire_take_u32(w), answered = 0;
    const char *shut = door_shut(l);
    size_t count_at = facts_answer_begin(l, c, tag);
    enum err e = ERR_OK;
    while (e == ERR_OK && answered < count && !w->bad) {
        struct slice fact = wire_take_bytes(w);
        struct rec_outcome out;
        if (w->bad) break;
        answered++;
        if (!shut) shut = door_full(l);
        if (shut) { /* nothing to be stored: a commit on a full disk would be the end */
            put_refused(l, "N9", "unavailable", shut);
            continue;
        }
        if (!gate_lets(l, c, fact, &out)) {
            put_outcome(l, &out);
            continue;
        }
        l->taken++;
        e = node_fact(l->node, fact, &out);
        if (e == ERR_OK) put_outcome(l, &out);
    }
    if (w->bad) {
        note(NOTE_warn, "frame_broken", "kind", "P", "whole_facts", note_num(answered), NULL);
        answered++;
        put_refused(l, "wire", "frame_broken",
                    "the frame ends inside a fact; what stood whole before it is answered, send "
                    "the rest again");
    }
    facts_answer_end(l, count_at, answered);
    return e;
}

static void on_status(struct loop *l, const struct caller *c)
{
    struct store *s = node_store(l->node);
    struct rec_status r = {.service = str_of(l->options->service->name),
                           .clock = node_clock(l->node),
                           .committed = store_committed_seq(s),
                           .behind = store_behind(s),
                           .event_clock = l->event_clock,
                           .redis = timers_healthy(l->timers),
                           .policy = l->policy->name,
                           .version = l->policy->version,
                           .fill = store_fill_percent(s)};
    int64_t due = node_next_due(l->node);
    r.next_due = due == INT64_MAX ? 0 : due;
    struct rec_cursor_line lines[OWNER_COUNT];
    for (size_t i = 0; i < l->upstream_count; i++) {
        const struct upstream *u = &l->upstreams[i];
        lines[i] = (struct rec_cursor_line){.log = str_of(owner_name(u->owner)),
                                            .seq = l->committed_cursor[u->owner],
                                            .waits = u->waits};
    }
    r.cursors.v = lines;
    r.cursors.n = (uint32_t)l->upstream_count;
    buf_clear(&l->frame);
    wire_u8(&l->frame, 'i');
    proto_encode(shape_status(), &r, &l->frame);
    (void)!bus_send(c->via, &c->peer, buf_slice(&l->frame));
}

static void answer_clock(struct loop *l, const struct caller *c)
{
    answer_begin(l, c);
    wire_u8(&l->answers, 'c');
    answer_end(l);
    l->taken++; /* durable before it is answered, also when nothing fired */
}

/* The last record was written at the clock's own instant: more may come that belongs to it. */
static bool instant_open(struct loop *l)
{
    struct store *s = node_store(l->node);
    uint64_t last = store_last_seq(s);
    struct slice record;
    int64_t now;
    if (last == 0 || store_record(s, last, &record) != ERR_OK) return false;
    return entry_now(record, &now) == ERR_OK && now == node_clock(l->node);
}

static void on_clock(struct loop *l, const struct caller *c, struct wire *w)
{
    int64_t until = (int64_t)wire_take_u64(w);
    if (w->bad) on_broken(l, c);
    if (w->bad || l->options->service->upstream) return;
    l->advance_for = *c;
    /* Past an instant that has a record: what stands there is complete only then. Not past one that
     * has none, or the question asked again after a lost answer would move the clock on; nor when
     * time shall stand earlier than it does, for facts of this instant may be under way. */
    int64_t clock = node_clock(l->node);
    int64_t least = clock + (until >= clock && instant_open(l));
    l->advance_to_ms = until > least ? until : least;
    if (l->event_clock && l->advance_to_ms) return;
    l->advance_to_ms = 0; /* time passes by itself */
    answer_clock(l, c);
}

enum err loop_clock(struct loop *l)
{
    if (!l->advance_to_ms) return ERR_OK;
    uint32_t fired;
    enum err e = node_advance(l->node, l->advance_to_ms, FIRE_MAX, &fired);
    l->taken += fired;
    if (e != ERR_OK || fired == FIRE_MAX) return e;
    l->advance_to_ms = 0;
    answer_clock(l, &l->advance_for);
    return ERR_OK;
}

/* Over the network the door takes facts and says how it is; time moves for who speaks for all. */
static bool may_ask(const struct loop *l, const struct caller *c, uint8_t kind)
{
    if (!c->allowed || kind == 'P' || kind == 'I') return true;
    return kind == 'C' && (!l->event_clock || keys_speaks_for_all(c->allowed));
}

static void turn_away(struct loop *l, const struct caller *c, const char *code, const char *text)
{
    size_t count_at = facts_answer_begin(l, c, 0);
    gate_count(l, 1);
    put_refused(l, "S2", code, text);
    facts_answer_end(l, count_at, 1);
}

static enum err on_message(struct loop *l, struct bus_message *m, const struct caller *c)
{
    struct wire w = {m->bytes, false};
    uint8_t kind = wire_take_u8(&w);
    if (!may_ask(l, c, kind)) {
        turn_away(l, c, "not_here", "over the network this key may send facts, nothing else");
        return ERR_OK;
    }
    switch (kind) {
    case 'P':
        return on_facts(l, c, &w);
    case 'G':
        loop_credit(l, &c->peer, &w);
        return ERR_OK;
    case 'W':
        l->woken = true;
        return ERR_OK;
    case 'C':
        on_clock(l, c, &w);
        return ERR_OK;
    case 'I':
        on_status(l, c);
        return ERR_OK;
    default:
        note(NOTE_warn, "frame_unknown", NULL);
        on_broken(l, c);
        return ERR_OK;
    }
}

/* The next message: from this machine and from the network in turn. */
static bool hear(struct loop *l, struct bus_message *m, struct caller *c)
{
    for (int i = 0; i < 2; i++) {
        l->gate.turn = !l->gate.turn;
        c->via = l->gate.turn ? l->server : l->gate.socket;
        if (c->via && bus_receive(c->via, m) == ERR_OK) return true;
    }
    return false;
}

/* Its key has been taken out of the file since it came in. */
static bool is_barred(struct loop *l, const struct bus_message *m, struct caller *c)
{
    c->peer = m->peer;
    c->allowed = NULL;
    if (c->via == l->server) return false;
    c->allowed = m->key ? keys_find(&l->gate.keys, m->key) : NULL;
    if (!c->allowed) turn_away(l, c, "barred", "this key is no longer let in");
    return !c->allowed;
}

enum err loop_serve(struct loop *l)
{
    enum err e = ERR_OK;
    /* What comes behind a C waits until time has passed: or a second C would take the place of the
     * first, whose sender would never be answered. */
    uint32_t max = (uint32_t)l->settings.batch_max;
    for (uint32_t i = 0; e == ERR_OK && i < max && l->taken < max && !l->advance_to_ms; i++) {
        struct bus_message m = {0};
        struct caller c;
        if (!hear(l, &m, &c)) break;
        if (!is_barred(l, &m, &c)) e = on_message(l, &m, &c);
        bus_message_fini(&m);
    }
    return e;
}

void loop_answer_all(struct loop *l)
{
    for (size_t i = 0; i < l->waiting_count; i++) {
        const struct answer *a = &l->waiting[i];
        struct slice bytes = {l->answers.p + a->from, a->n};
        /* A sender that is gone asks again when it is back; its facts are then duplicates. */
        (void)!bus_send(a->to.via, &a->to.peer, bytes);
    }
    l->waiting_count = 0;
    buf_clear(&l->answers);
}
