/* parts_audit_report.c - abnormality reports 產品異常信息報告 against service cards 現場服務卡, one
 * by one, where the parts policy has a factor for what cannot be matched (PRT-062, PRT-063).
 *
 * A report that applies for parts has its verdict when a card of its person, day and site is there,
 * at the latest at the cut-off of its month (parts_audit_month.c): without counterpart the cards
 * of that person and day that cite it are void and the person is assessed with a multiple of the
 * value. A card that was handed in before the cut-off and is told of later takes that back of
 * itself (CV-5); any other way only the head of department does (PRT-069).
 * Invariant: a report that waits stands in audit_open. */
#include "services/parts/parts_private.h"

#define VALUE_MAX INT64_C(1000000000000000)

/* ---- rows ---- */

static enum err report_get(struct step *st, struct str no, struct rec_row_audit_report *out)
{
    struct key k = key_of(no);
    return step_get(st, PARTS_TABLE(AUDIT_REPORT), &k, out);
}

static void report_put(struct step *st, struct str no, const struct rec_row_audit_report *r)
{
    struct key k = key_of(no);
    step_put(st, PARTS_TABLE(AUDIT_REPORT), &k, r);
}

static enum err card_get(struct step *st, struct str no, struct rec_row_audit_card *out)
{
    struct key k = key_of(no);
    return step_get(st, PARTS_TABLE(AUDIT_CARD), &k, out);
}

static void card_put(struct step *st, struct str no, const struct rec_row_audit_card *c)
{
    struct key k = key_of(no);
    step_put(st, PARTS_TABLE(AUDIT_CARD), &k, c);
}

/* ---- do they agree (PRT-061) ---- */

/* What both say is the same; counts what they have in common. */
static bool same(struct str a, struct str b, unsigned *common)
{
    if (!a.n || !b.n) return true;
    *common += 1;
    return str_eq(a, b);
}

/* Person and day are the same already. A site is the call or the customer: what both say agrees,
 * and there is something both say. */
static bool agree(const struct step *st, const struct rec_row_parts_document *a,
                  const struct rec_row_parts_document *b)
{
    struct words keys = st->policy->parts.match_keys;
    unsigned site = 0, product = 0;
    bool same_site = same(a->call_no, b->call_no, &site) && same(a->customer, b->customer, &site);
    if (words_have(keys, STR("site")) && (!same_site || !site)) return false;
    return !words_have(keys, STR("product")) || same(a->product, b->product, &product);
}

/* The card names the report's call or customer. */
static bool cites(const struct rec_row_parts_document *card,
                  const struct rec_row_parts_document *report)
{
    return (card->call_no.n && str_eq(card->call_no, report->call_no)) ||
           (card->customer.n && str_eq(card->customer, report->customer));
}

/* ---- verdicts ---- */

static int64_t at_most(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* By the catalogue when it has a price for each part, else as the report says. */
static enum err value_of(struct step *st, const struct rec_row_audit_report *r, int64_t *out)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < r->parts.n; i++) {
        struct rec_row_item item;
        enum err e = parts_item_get(st, r->parts.v[i].part_no, &item);
        if (e != ERR_OK) return e;
        if (item.unit_cost == 0) {
            *out = r->value;
            return ERR_OK;
        }
        int64_t line = at_most((int64_t)r->parts.v[i].qty * item.unit_cost, VALUE_MAX);
        sum = at_most(sum + line, VALUE_MAX);
    }
    *out = sum;
    return ERR_OK;
}

static void say(struct step *st, struct str no, const struct rec_row_audit_report *r)
{
    struct ev_audit_abnormal ev = {.report_no = no,
                                   .unit = r->unit,
                                   .person = r->person,
                                   .day = r->day,
                                   .card_no = r->card_no,
                                   .value = r->value};
    step_emit_as(st, "PRT-062", EV_audit_abnormal, &ev);
}

/* The card is the counterpart of the report. */
static enum err match(struct step *st, struct str no, struct rec_row_audit_report *r,
                      struct str card_no)
{
    struct rec_row_audit_card card;
    enum err e = card_get(st, card_no, &card);
    if (e == ERR_OK) e = value_of(st, r, &r->value);
    if (e != ERR_OK) return e;
    card.report_no = no;
    card_put(st, card_no, &card);
    r->card_no = card_no;
    if (r->state == audit_state_unmatched || r->state == audit_state_reversed) {
        report_put(st, no, r);
        return ERR_OK;
    }
    r->state = audit_state_matched;
    r->abnormal_at = step_occurred(st);
    report_put(st, no, r);
    say(st, no, r);
    return ERR_OK;
}

/* PRT-071: a card is the counterpart of one report; a void one of none. */
static enum err is_free(struct step *st, const struct parts_document_at *d, bool *out)
{
    struct rec_row_audit_card card;
    *out = false;
    if (d->kind != parts_document_card || d->r.voided) return ERR_OK;
    enum err e = card_get(st, d->doc_no, &card);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    *out =
        card.state != card_audit_state_void && (!card.report_no.n || !st->policy->parts.card_once);
    return ERR_OK;
}

/* ---- a report comes ---- */

static enum err find_card(struct step *st, const struct rec_row_audit_report *r,
                          const struct rec_row_parts_document *report, struct str *card_no)
{
    struct parts_document_at d;
    struct key at = {.n = 0};
    enum err e;
    *card_no = (struct str){0};
    while ((e = parts_document_next(st, r->person, r->day, &at, &d)) == ERR_OK) {
        bool open;
        e = is_free(st, &d, &open);
        if (e != ERR_OK) return e;
        if (!open || !agree(st, report, &d.r)) continue;
        *card_no = d.doc_no;
        return ERR_OK;
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err is_audited(struct step *st, const struct rec_row_audit_report *r, bool *out)
{
    const struct parts_policy *p;
    enum err e = parts_policy_for(st, r->call_no, r->unit, &p);
    *out = e == ERR_OK && p->unmatched_factor && r->parts.n && r->person.n;
    return e;
}

static enum err on_logged(struct step *st, const struct ev_abnormal_logged *ev)
{
    struct rec_row_audit_report r = {.state = audit_state_waiting,
                                     .unit = ev->unit.n ? ev->unit : st->in->source,
                                     .person = ev->person,
                                     .call_no = ev->call_no,
                                     .value = ev->value,
                                     .logged_at = step_occurred(st)};
    r.parts.v = ev->parts_requested.v, r.parts.n = ev->parts_requested.n;
    struct parts_document_at d = {.kind = parts_document_abnormal, .doc_no = ev->report_no};
    bool audited;
    r.day = d.day = step_day(st, r.unit);
    r.month = parts_charge_month(st, r.unit);
    enum err e = is_audited(st, &r, &audited);
    if (e == ERR_OK && !audited) {
        r.state = audit_state_exempt;
        report_put(st, ev->report_no, &r);
    }
    if (e != ERR_OK || !audited) return e;
    struct str card_no;
    e = parts_document_get(st, r.person, &d);
    if (e == ERR_OK) e = find_card(st, &r, &d.r, &card_no);
    if (e != ERR_OK) return e;
    if (card_no.n) return match(st, ev->report_no, &r, card_no);
    report_put(st, ev->report_no, &r);
    return parts_audit_wait(st, &r, ev->report_no);
}

/* ---- no counterpart (PRT-063) ---- */

static enum err void_card(struct step *st, struct str no, const struct rec_row_audit_report *r,
                          const struct parts_document_at *d)
{
    struct rec_row_audit_card card;
    enum err e = card_get(st, d->doc_no, &card);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (card.report_no.n || card.state != card_audit_state_valid) return ERR_OK;
    e = parts_document_void(st, r->person, r->day, parts_document_card, d->doc_no);
    if (e != ERR_OK) return e;
    card.state = card_audit_state_void;
    card.report_no = no;
    card.reason = STR("unmatched");
    card_put(st, d->doc_no, &card);
    struct ev_card_void ev = {
        .card_no = d->doc_no, .technician = r->person, .report_no = no, .reason = card.reason};
    step_emit_as(st, "PRT-063", EV_card_void, &ev);
    return ERR_OK;
}

static enum err void_cards(struct step *st, struct str no, const struct rec_row_audit_report *r)
{
    struct parts_document_at report = {.kind = parts_document_abnormal,
                                       .doc_no = no,
                                       .day = r->day},
                             d;
    struct key at = {.n = 0};
    enum err e = parts_document_get(st, r->person, &report);
    while (e == ERR_OK) {
        e = parts_document_next(st, r->person, r->day, &at, &d);
        if (e != ERR_OK) break;
        if (d.kind == parts_document_card && !d.r.voided && cites(&d.r, &report.r))
            e = void_card(st, no, r, &d);
    }
    return e == ERR_END ? ERR_OK : e;
}

static void assess(struct step *st, struct str no, struct rec_row_audit_report *r,
                   const struct parts_policy *p)
{
    r->assessment = at_most(r->value * (int64_t)p->unmatched_factor, VALUE_MAX);
    if (r->assessment == 0) return;
    struct ev_assessment_raised ev = {.report_no = no,
                                      .person = r->person,
                                      .unit = r->unit,
                                      .day = r->day,
                                      .value = r->value,
                                      .factor = p->unmatched_factor,
                                      .amount = r->assessment};
    step_emit_as(st, "PRT-063", EV_assessment_raised, &ev);
}

enum err parts_report_judge(struct step *st, struct str report_no)
{
    struct rec_row_audit_report r;
    const struct parts_policy *p;
    enum err e = report_get(st, report_no, &r);
    if (e == ERR_OK) e = parts_policy_for(st, r.call_no, r.unit, &p);
    if (e == ERR_OK) e = value_of(st, &r, &r.value);
    if (e != ERR_OK) return e;
    REQUIRE(r.state == audit_state_waiting);
    r.state = audit_state_unmatched;
    r.abnormal_at = step_occurred(st);
    say(st, report_no, &r);
    assess(st, report_no, &r, p);
    report_put(st, report_no, &r);
    e = void_cards(st, report_no, &r);
    return e == ERR_OK ? parts_audit_done(st, &r, report_no) : e;
}

/* ---- taken back (PRT-069) ---- */

static enum err restore(struct step *st, struct str card_no, struct rec_row_audit_card *card,
                        const struct ev_audit_reversed *by)
{
    enum err e =
        parts_document_restore(st, card->technician, card->day, parts_document_card, card_no);
    if (e != ERR_OK) return e;
    card->state = card_audit_state_reversed;
    card->report_no = (struct str){0};
    card->reason = by->reason, card->by = by->by;
    card->reversed_at = step_occurred(st);
    card_put(st, card_no, card);
    return ERR_OK;
}

/* The cards that are void for this report stand again. */
static enum err restore_cards(struct step *st, const struct rec_row_audit_report *r,
                              const struct ev_audit_reversed *by)
{
    struct parts_document_at d;
    struct rec_row_audit_card card;
    struct key at = {.n = 0};
    enum err e;
    while ((e = parts_document_next(st, r->person, r->day, &at, &d)) == ERR_OK) {
        if (d.kind != parts_document_card || !d.r.voided) continue;
        e = card_get(st, d.doc_no, &card);
        if (e != ERR_OK) return e;
        if (card.state != card_audit_state_void || !str_eq(card.report_no, by->ref)) continue;
        e = restore(st, d.doc_no, &card, by);
        if (e != ERR_OK) return e;
        struct ev_audit_reversed out = {.subject = audit_subject_card,
                                        .ref = d.doc_no,
                                        .by = by->by,
                                        .reason = by->reason,
                                        .automatic = yes_no_yes,
                                        .person = card.technician};
        step_emit_as(st, "PRT-069", EV_audit_reversed, &out);
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err parts_report_reverse(struct step *st, struct ev_audit_reversed *ev)
{
    struct rec_row_audit_report r;
    enum err e = report_get(st, ev->ref, &r);
    if (e != ERR_OK || r.state != audit_state_unmatched) return e == ERR_OK ? ERR_NOT_FOUND : e;
    r.state = audit_state_reversed;
    r.reason = ev->reason, r.by = ev->by;
    r.reversed_at = step_occurred(st);
    ev->person = r.person;
    ev->amount = r.assessment;
    report_put(st, ev->ref, &r);
    return restore_cards(st, &r, ev);
}

enum err parts_card_reverse(struct step *st, struct ev_audit_reversed *ev)
{
    struct rec_row_audit_card card;
    enum err e = card_get(st, ev->ref, &card);
    if (e != ERR_OK || card.state != card_audit_state_void) return e == ERR_OK ? ERR_NOT_FOUND : e;
    ev->person = card.technician;
    return restore(st, ev->ref, &card, ev);
}

/* ---- a card comes ---- */

/* Handed in in time, told of late: the verdict is taken back. */
static enum err prove(struct step *st, struct str no, struct rec_row_audit_report *r,
                      struct str card_no)
{
    struct ev_audit_reversed ev = {
        .subject = audit_subject_abnormal, .ref = no, .automatic = yes_no_yes};
    ev.reason =
        arena_printf(st->arena, "service card %.*s was handed in in time", STR_ARG(card_no));
    enum err e = parts_report_reverse(st, &ev);
    if (e != ERR_OK) return e;
    step_emit_as(st, "PRT-069", EV_audit_reversed, &ev);
    e = report_get(st, no, r);
    return e == ERR_OK ? match(st, no, r, card_no) : e;
}

/* Is this report served by the card that came; *used when it is. */
static enum err serve(struct step *st, struct str no, struct str card_no, bool *used)
{
    struct rec_row_audit_report r;
    enum err e = report_get(st, no, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    bool waits = r.state == audit_state_waiting;
    bool late = r.state == audit_state_unmatched &&
                step_occurred(st) <= parts_audit_cutoff(st, r.unit, r.month);
    *used = waits || late;
    if (late) return prove(st, no, &r, card_no);
    if (!waits) return ERR_OK;
    e = match(st, no, &r, card_no);
    return e == ERR_OK ? parts_audit_done(st, &r, no) : e;
}

static enum err on_returned(struct step *st, const struct ev_card_returned *ev)
{
    struct parts_document_at card = {.kind = parts_document_card, .doc_no = ev->card_no}, d;
    struct key at = {.n = 0};
    card.day = ev->day ? ev->day : step_day(st, ev->unit.n ? ev->unit : st->in->source);
    struct rec_row_audit_card row = {.state = card_audit_state_valid,
                                     .technician = ev->technician,
                                     .call_no = ev->call_no,
                                     .day = card.day};
    card_put(st, ev->card_no, &row);
    enum err e = parts_document_get(st, ev->technician, &card);
    bool used = false;
    while (e == ERR_OK && !(used && st->policy->parts.card_once)) {
        e = parts_document_next(st, ev->technician, card.day, &at, &d);
        if (e != ERR_OK) break;
        if (d.kind == parts_document_abnormal && agree(st, &d.r, &card.r))
            e = serve(st, d.doc_no, ev->card_no, &used);
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err parts_report_upstream(struct step *st, const void *payload)
{
    switch ((int)st->type->kind) {
    case EV_abnormal_logged:
        return on_logged(st, payload);
    case EV_card_returned:
        return on_returned(st, payload);
    }
    return ERR_STALE;
}
