/* story.c - see story.h. Read story_next: what kind of fact the lot wants, then one function for
 * each kind. story_acts.c holds what people say about a call. */
#include "common/contract.h"
#include "common/step.h"
#include "tests/sim/story_private.h"
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_DAY day_of(2026, 9, 14)
#define OPEN_MAX 14 /* calls that people work on at a time */

int64_t story_start(uint64_t seed)
{
    struct lot lot = {~seed};
    int64_t local = (FIRST_DAY + (int64_t)lot_below(&lot, 11)) * DAY_MS;
    return local - 8 * HOUR_MS + 7 * HOUR_MS + (int64_t)lot_below(&lot, 4 * HOUR_MS);
}

struct story *story_open(uint64_t seed, const struct policy *policy)
{
    struct story *s = calloc(1, sizeof *s);
    REQUIRE(s != NULL);
    REQUIRE(str_is(policy->name, "sim")); /* its words stand in what is told */
    s->lot.state = seed;
    s->paper_share = 10 + 15 * (seed / 3 % 4);
    s->assesses = seed / 3 % 5 == 1;
    if (s->assesses) s->paper_share = 90;
    return s;
}

void story_close(struct story **sp)
{
    struct story *s = *sp;
    if (!s) return;
    for (uint32_t i = 0; i < COUNT_OF(s->old); i++)
        buf_fini(&s->old[i]);
    arena_fini(&s->arena);
    free(s->about);
    free(s);
    *sp = NULL;
}

/* ---- making a fact ---- */

struct draft {
    const struct event_type *type;
    uint32_t id;
    struct str source;
    int64_t at_ms;
    const void *payload;
};

static uint32_t next_id(struct story *s, uint32_t call, const struct story_act *act)
{
    if (s->told == s->about_cap) {
        s->about_cap = s->about_cap ? 2 * s->about_cap : 256;
        s->about = realloc(s->about, s->about_cap * sizeof *s->about);
        REQUIRE(s->about != NULL);
    }
    s->about[s->told] = (struct story_about){.call = call, .act = act};
    return s->told++;
}

static void write_fact(const struct draft *d, struct slice data, struct buf *out)
{
    char id[16];
    struct rec_fact f = {.number = d->type->number,
                         .source = d->source,
                         .occurred = d->at_ms,
                         .actor = STR("clerk"),
                         .data = data};
    f.id = (struct str){id, (uint32_t)snprintf(id, sizeof id, "f%u", d->id)};
    buf_clear(out);
    proto_encode(shape_fact(), &f, out);
}

static void keep(struct story *s, const struct buf *fact)
{
    struct buf *b = &s->old[s->old_count++ % COUNT_OF(s->old)];
    buf_clear(b);
    buf_put(b, fact->p, fact->n);
}

static void tell(struct story *s, const struct draft *d, struct buf *out)
{
    struct buf data = {0};
    proto_encode(d->type->shape(), d->payload, &data);
    write_fact(d, buf_slice(&data), out);
    buf_fini(&data);
    if (lot_chance(&s->lot, 200)) keep(s, out);
}

/* Mostly a few minutes ago; sometimes told hours late; sometimes at a round distance from the call,
 * where limits lie. */
static int64_t when(struct story *s, const struct story_call *c, int64_t now_ms)
{
    static const int round_min[] = {30, 60, 90, 120, 180, 240, 300};
    uint64_t draw = lot_below(&s->lot, 100);
    if (c && draw < 8) {
        int64_t at = c->received_ms + round_min[lot_below(&s->lot, 7)] * MINUTE_MS;
        if (at <= now_ms) return at;
    }
    if (draw < 20) return now_ms - (int64_t)lot_below(&s->lot, 4 * HOUR_MS);
    return now_ms - (int64_t)lot_below(&s->lot, 3 * MINUTE_MS);
}

/* ---- the files of the company ---- */

static const struct {
    const char *person, *unit, *role;
} staff[] = {{"T1", "U1", "technician"},
             {"T2", "U1", "technician"},
             {"T3", "U2", "technician"},
             {"T4", "U2", "technician"},
             {"S1", "U1", "supervisor"}};
static const char *const customers[] = {"K1", "K2", "K3"};
static const char *const products[] = {"P1", "P2", "P3"};
static const char *const lines[] = {"", "office", "agreed", "bench"};

static void tell_unit(struct story *s, struct draft *d, uint32_t n, struct buf *out)
{
    struct ev_unit_upserted e = {.unit = story_unit((uint8_t)(n + 1)), .kind = unit_kind_center};
    if (n == 0) e.calendar = STR("SIM-OFFICE");
    d->type = event_of(EV_unit_upserted);
    d->payload = &e;
    tell(s, d, out);
}

static void tell_person(struct story *s, struct draft *d, uint32_t n, struct buf *out)
{
    struct ev_person_upserted e = {.person = str_of(staff[n].person),
                                   .unit = str_of(staff[n].unit),
                                   .role = str_of(staff[n].role)};
    if (n != 3) e.certified_to = FIRST_DAY + 5;
    d->type = event_of(EV_person_upserted);
    d->payload = &e;
    tell(s, d, out);
}

static void tell_customer(struct story *s, struct draft *d, uint32_t n, struct buf *out)
{
    struct ev_customer_upserted e = {.customer = str_of(customers[n]), .name = STR("王")};
    d->type = event_of(EV_customer_upserted);
    d->payload = &e;
    tell(s, d, out);
}

static void tell_product(struct story *s, struct draft *d, uint32_t n, struct buf *out)
{
    struct ev_product_upserted e = {.product = str_of(products[n]),
                                    .customer = str_of(customers[n]),
                                    .model = STR("AC-1"),
                                    .product_line = str_of(lines[n + 1]),
                                    .purchased = FIRST_DAY - 300};
    if (n == 1) e.warranty_policy = STR("W-IND-OEM"); /* nothing agreed: a question is asked */
    d->type = event_of(EV_product_upserted);
    d->payload = &e;
    tell(s, d, out);
}

enum {
    UNITS = 2,
    STAFF = COUNT_OF(staff),
    CUSTOMERS = COUNT_OF(customers),
    MASTER = UNITS + STAFF + CUSTOMERS + COUNT_OF(products)
};

static void tell_master(struct story *s, uint32_t n, int64_t now_ms, struct buf *out)
{
    struct draft d = {.id = next_id(s, 0, NULL), .source = STR("U1"), .at_ms = now_ms};
    if (n < UNITS) {
        tell_unit(s, &d, n, out);
    } else if (n < UNITS + STAFF) {
        tell_person(s, &d, n - UNITS, out);
    } else if (n < UNITS + STAFF + CUSTOMERS) {
        tell_customer(s, &d, n - UNITS - STAFF, out);
    } else {
        tell_product(s, &d, n - UNITS - STAFF - CUSTOMERS, out);
    }
}

/* ---- calls ---- */

static void describe(struct story *s, struct story_call *c, struct ev_call_registered *e)
{
    static const char *const kinds[] = {"", "visit", "short", "paper"};
    static const char *const faults[] = {"leak", "noise"};
    uint64_t line = lot_below(&s->lot, 4);
    e->unit = story_unit(c->unit);
    if (!lot_chance(&s->lot, 60)) e->customer_name = STR("王");
    if (!lot_chance(&s->lot, 60)) e->address = STR("1 Road");
    e->channel = channel_phone;
    e->fault = str_of(faults[lot_below(&s->lot, 2)]);
    e->product_line = str_of(lines[line]);
    if (lot_chance(&s->lot, 350)) {
        uint64_t n = lot_below(&s->lot, 3);
        e->customer = str_of(customers[n]);
        e->product = str_of(products[n]);
    }
    uint64_t kind = lot_below(&s->lot, 8);
    if (kind < COUNT_OF(kinds)) e->order_kind = str_of(kinds[kind]);
    c->paper = kind == 3;
    if (lot_chance(&s->lot, 80)) e->severity = severity_major;
    if (lot_chance(&s->lot, 80)) e->from_complaint = yes_no_yes;
}

static void tell_call(struct story *s, int64_t now_ms, struct buf *out)
{
    struct story_call *c = &s->calls[s->call_count++];
    struct draft d = {.type = event_of(EV_call_registered), .at_ms = when(s, NULL, now_ms)};
    struct ev_call_registered e = {0};
    *c = (struct story_call){.unit = (uint8_t)(1 + lot_below(&s->lot, 2)), .stage = STAGE_ASKED};
    describe(s, c, &e);
    if (lot_chance(&s->lot, 500)) {
        snprintf(c->no, sizeof c->no, "C%04u", s->call_count);
        e.call_no = str_of(c->no);
    }
    c->received_ms = d.at_ms;
    if (lot_chance(&s->lot, 400)) {
        c->received_ms -= (int64_t)lot_below(&s->lot, 90 * MINUTE_MS);
        e.received_at = c->received_ms;
    }
    d.id = next_id(s, s->call_count, NULL);
    d.source = e.unit;
    d.payload = &e;
    tell(s, &d, out);
}

static const struct story_act *pick_act(struct story *s, uint32_t stage_bit)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < story_act_count; i++)
        total += story_acts[i].from & stage_bit ? story_acts[i].weight : 0;
    if (total == 0) return NULL;
    uint64_t draw = lot_below(&s->lot, total);
    uint32_t i = 0;
    for (;; i++) {
        uint64_t w = story_acts[i].from & stage_bit ? story_acts[i].weight : 0;
        if (draw < w) return &story_acts[i];
        draw -= w;
    }
}

static void tell_act(struct story *s, struct story_call *c, const struct story_act *act,
                     int64_t at_ms, uint32_t id, struct buf *out)
{
    _Alignas(16) uint8_t payload[STORY_PAYLOAD_MAX] = {0};
    const struct event_type *type = event_of(act->kind);
    REQUIRE(type->shape()->size <= sizeof payload);
    struct str no = str_of(c->no);
    memcpy(payload, &no, sizeof no); /* every one of them begins with the call */
    if (act->fill) act->fill(s, c, payload, at_ms);
    struct draft d = {
        .type = type, .id = id, .source = story_unit(c->unit), .at_ms = at_ms, .payload = payload};
    tell(s, &d, out);
}

static uint32_t count_open(const struct story *s)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->call_count; i++)
        n += s->calls[i].stage != STAGE_ASKED && s->calls[i].stage != STAGE_OVER;
    return n;
}

static struct story_call *pick_open(struct story *s)
{
    uint32_t n = count_open(s);
    if (n == 0) return NULL;
    uint64_t draw = lot_below(&s->lot, n);
    for (uint32_t i = 0;; i++) {
        if (s->calls[i].stage == STAGE_ASKED || s->calls[i].stage == STAGE_OVER) continue;
        if (draw-- == 0) return &s->calls[i];
    }
}

static bool tell_work(struct story *s, int64_t now_ms, struct buf *out)
{
    struct story_call *c = pick_open(s);
    const struct story_act *act = c ? pick_act(s, IN(c->stage)) : NULL;
    if (!act) return false;
    uint32_t id = next_id(s, (uint32_t)(c - s->calls) + 1, act);
    tell_act(s, c, act, when(s, c, now_ms), id, out);
    return true;
}

/* ---- papers of the desk and of the register; their numbers are guessed, as people mistype them --
 */

static void paper_number(struct story *s, char out[64], const char *mark, int64_t now_ms)
{
    int y, m, d;
    day_split((int32_t)((now_ms + 8 * HOUR_MS) / DAY_MS), &y, &m, &d);
    struct str unit = story_unit((uint8_t)(1 + lot_below(&s->lot, 2)));
    snprintf(out, 64, "%s-%.*s-%04d%02d%02d-%03d", mark, STR_ARG(unit), y, m, d,
             1 + (int)lot_below(&s->lot, *mark == 'C' ? 12 : 4));
}

static void say_about_paper(struct story *s, struct draft *d, struct str number, struct buf *out)
{
    struct ev_reminder_acknowledged seen = {.number = number, .by = STR("S1")};
    struct ev_reminder_answered answer = {.number = number, .text = STR("on the way")};
    struct ev_inquiry_answered why = {.number = number, .cause = STR("snow")};
    struct ev_inquiry_closed end = {.number = number};
    bool reminder = number.p[0] == 'C', first = lot_chance(&s->lot, 600);
    d->type = event_of(reminder ? first ? EV_reminder_acknowledged : EV_reminder_answered
                       : first  ? EV_inquiry_answered
                                : EV_inquiry_closed);
    d->payload = reminder ? first ? (void *)&seen : &answer : first ? (void *)&why : &end;
    tell(s, d, out);
}

static void tell_paper(struct story *s, int64_t now_ms, struct buf *out)
{
    char number[64];
    struct draft d = {.id = next_id(s, 0, NULL), .source = STR("U1"), .at_ms = now_ms};
    uint64_t draw = lot_below(&s->lot, 10);
    if (draw < 2) {
        const struct story_call *c = pick_open(s);
        struct ev_reminder_requested e = {.case_no = c ? str_of(c->no) : STR("C0001"),
                                          .text = STR("hurry")};
        d.type = event_of(EV_reminder_requested);
        d.payload = &e;
        tell(s, &d, out);
    } else if (draw < 3) {
        int y, m, mday;
        day_split((int32_t)((now_ms + 8 * HOUR_MS) / DAY_MS) - 1, &y, &m, &mday);
        snprintf(number, sizeof number, "U1/%04d-%02d-%02d", y, m, mday);
        struct ev_register_sent e = {.register_no = str_of(number)};
        d.type = event_of(EV_register_sent);
        d.payload = &e;
        tell(s, &d, out);
    } else {
        paper_number(s, number, draw < 7 ? "CB" : "QA", now_ms);
        say_about_paper(s, &d, str_of(number), out);
    }
}

static void tell_form(struct story *s, int64_t now_ms, struct buf *out)
{
    _Alignas(max_align_t) char payload[STORY_PAYLOAD_MAX];
    struct draft d = {.id = next_id(s, 0, NULL),
                      .source = story_unit((uint8_t)(1 + lot_below(&s->lot, 2))),
                      .at_ms = now_ms,
                      .payload = payload};
    d.type = story_form(s, now_ms, payload);
    tell(s, &d, out);
}

static bool tell_thread(struct story *s, int64_t now_ms, struct buf *out)
{
    _Alignas(max_align_t) char payload[STORY_PAYLOAD_MAX];
    struct story_told_paper p;
    if (!story_paper(s, now_ms, payload, &p)) return false;
    struct draft d = {.type = p.type,
                      .id = next_id(s, 0, NULL),
                      .source = story_unit(p.unit),
                      .at_ms = now_ms,
                      .payload = payload};
    if (lot_chance(&s->lot, 120)) d.at_ms -= (int64_t)lot_below(&s->lot, 4 * HOUR_MS);
    tell(s, &d, out);
    return true;
}

/* ---- wrong on purpose ---- */

static void tell_malformed(struct story *s, int64_t now_ms, struct buf *out)
{
    static const uint8_t empty[] = {0x90}, flag[] = {0x91, 0xc3}, text[] = {0xa1, 'x'};
    const struct slice bad[] = {{empty, 1}, {flag, 2}, {text, 2}};
    const struct story_act *act = &story_acts[lot_below(&s->lot, story_act_count)];
    struct draft d = {.type = event_of(act->kind),
                      .id = next_id(s, 0, NULL),
                      .source = STR("U1"),
                      .at_ms = now_ms};
    write_fact(&d, bad[lot_below(&s->lot, COUNT_OF(bad))], out);
}

/* What only a service may say. */
static void tell_verdict(struct story *s, int64_t now_ms, struct buf *out)
{
    struct ev_job_closed e = {.call_no = STR("C0001"), .job = 1};
    struct draft d = {.type = event_of(EV_job_closed),
                      .id = next_id(s, 0, NULL),
                      .source = STR("U1"),
                      .at_ms = now_ms,
                      .payload = &e};
    tell(s, &d, out);
}

static void tell_wrong(struct story *s, int64_t now_ms, struct buf *out)
{
    struct story_call none = {.no = "C9999", .unit = 1, .stage = STAGE_OPEN};
    bool known = s->call_count > 0 && !lot_chance(&s->lot, 150);
    struct story_call *c = known ? &s->calls[lot_below(&s->lot, s->call_count)] : &none;
    if (!c->no[0]) c = &none;
    const struct story_act *act = &story_acts[lot_below(&s->lot, story_act_count)];
    uint64_t draw = lot_below(&s->lot, 20);
    int64_t at_ms = when(s, c, now_ms);
    if (draw < 2) {
        tell_malformed(s, now_ms, out);
    } else if (draw < 3) {
        tell_verdict(s, now_ms, out);
    } else if (draw < 6 && s->told > 0) {
        tell_act(s, c, act, at_ms, (uint32_t)lot_below(&s->lot, s->told), out);
    } else {
        if (draw < 8) at_ms = now_ms + (int64_t)(11 + lot_below(&s->lot, 60)) * MINUTE_MS;
        if (draw == 8) at_ms = now_ms - (int64_t)lot_below(&s->lot, 3 * DAY_MS);
        uint32_t of = c == &none ? 0 : (uint32_t)(c - s->calls) + 1;
        tell_act(s, c, act, at_ms, next_id(s, of, act), out);
    }
}

/* ---- from outside ---- */

bool story_next(struct story *s, int64_t now_ms, struct buf *fact)
{
    buf_clear(fact);
    if (s->master < MASTER) {
        tell_master(s, s->master++, now_ms, fact);
        return true;
    }
    uint64_t draw = lot_below(&s->lot, 100);
    if (draw < 5 && s->old_count > 0) {
        uint64_t held = s->old_count < COUNT_OF(s->old) ? s->old_count : COUNT_OF(s->old);
        const struct buf *b = &s->old[lot_below(&s->lot, held)];
        buf_put(fact, b->p, b->n);
    } else if (draw < 18) {
        tell_wrong(s, now_ms, fact);
    } else if (draw < 19) {
        tell_master(s, (uint32_t)lot_below(&s->lot, MASTER), now_ms, fact);
    } else if (draw < 26) {
        tell_paper(s, now_ms, fact);
    } else if (draw < 36) {
        tell_form(s, now_ms, fact);
    } else if (lot_below(&s->lot, 100) < s->paper_share && tell_thread(s, now_ms, fact)) {
        return true;
    } else if ((draw < 52 && count_open(s) < OPEN_MAX) || !tell_work(s, now_ms, fact)) {
        if (s->call_count == STORY_CALLS_MAX) return false;
        tell_call(s, now_ms, fact);
    }
    return true;
}

static void registered(struct story_call *c, struct str number)
{
    if (c->stage != STAGE_ASKED) return;
    if (!str_copy(number, c->no, sizeof c->no)) return;
    c->stage = STAGE_OPEN;
}

void story_told(struct story *s, const struct rec_fact *sent, const struct rec_outcome *answer)
{
    char id[16];
    unsigned n;
    if (!str_copy(sent->id, id, sizeof id) || sscanf(id, "f%u", &n) != 1 || n >= s->told) return;
    struct story_about *a = &s->about[n];
    bool taken = str_is(answer->verdict, "accepted") || str_is(answer->verdict, "duplicate");
    if (a->call == 0 || a->answered || !taken) return;
    struct story_call *c = &s->calls[a->call - 1];
    if (sent->number == event_of(EV_call_registered)->number) {
        struct str no = answer->subject;
        if (no.n == 0 && c->no[0]) no = str_of(c->no);
        if (no.n == 0) return; /* a duplicate's answer names no number: it stays unknown here */
        registered(c, no);
    } else if (!a->act || event_of(a->act->kind)->number != sent->number) {
        return; /* its id was used again for something else */
    } else {
        if (a->act->to != STAGE_ASKED && (IN(c->stage) & a->act->from)) c->stage = a->act->to;
        if (a->act->kind == EV_promise_made) c->promises++;
    }
    a->answered = true;
}
