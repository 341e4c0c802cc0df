/* parts_document.c - documents of the field by person and day: messages 短信, service cards
 * 現場服務卡 and abnormality reports 產品異常信息報告 of intake's log, for whoever matches them
 * with something else (PRT-061, PRT-064).
 *
 * A document belongs to the day of the service it names, else to the local day on which it came.
 * What it does not say of customer and product is what its call says, as far as the call was known
 * by then. */
#include "services/parts/parts_private.h"

#define UNIT_MAX 32 /* bytes, as the row has it */

static struct key key_of_day(struct str person, int32_t day)
{
    struct key k = key_of(person);
    key_day(&k, day);
    return k;
}

static struct key key_of_document(struct str person, int32_t day, enum parts_document kind,
                                  struct str doc_no)
{
    struct key k = key_of_day(person, day);
    key_u8(&k, (uint8_t)kind);
    key_str(&k, doc_no);
    return k;
}

/* ---- what comes in ---- */

static enum err keep(struct step *st, struct parts_document_at *d, struct str person)
{
    struct rec_row_parts_call call = {0};
    enum err e = d->r.call_no.n ? parts_call_get(st, d->r.call_no, &call) : ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (!d->r.customer.n) d->r.customer = call.customer;
    if (!d->r.product.n) d->r.product = call.product;
    if (!d->r.unit.n && st->in->source.n <= UNIT_MAX) d->r.unit = st->in->source;
    if (!d->day) d->day = step_day(st, d->r.unit);
    d->r.at = step_occurred(st);
    struct key k = key_of_document(person, d->day, d->kind, d->doc_no);
    step_put(st, PARTS_TABLE(DOCUMENT), &k, &d->r);
    bool work = d->kind == parts_document_sms || d->kind == parts_document_card;
    return work ? parts_expense_worked(st, d->r.unit, person, d->day) : ERR_OK;
}

static enum err on_sms(struct step *st, const struct ev_sms_reported *ev)
{
    struct parts_document_at d = {.kind = parts_document_sms,
                                  .doc_no = ev->sms_no,
                                  .day = ev->day,
                                  .r = {.unit = ev->unit,
                                        .call_no = ev->call_no,
                                        .report_no = ev->report_no,
                                        .customer = ev->customer,
                                        .product = ev->product,
                                        .site = ev->site,
                                        .parts = ev->parts.n > 0}};
    return keep(st, &d, ev->technician);
}

static enum err on_card(struct step *st, const struct ev_card_returned *ev)
{
    struct parts_document_at d = {.kind = parts_document_card,
                                  .doc_no = ev->card_no,
                                  .day = ev->day,
                                  .r = {.unit = ev->unit,
                                        .call_no = ev->call_no,
                                        .customer = ev->customer,
                                        .product = ev->product}};
    return keep(st, &d, ev->technician);
}

/* A report of nobody is nobody's counterpart. */
static enum err on_abnormal(struct step *st, const struct ev_abnormal_logged *ev)
{
    struct parts_document_at d = {.kind = parts_document_abnormal,
                                  .doc_no = ev->report_no,
                                  .r = {.unit = ev->unit,
                                        .call_no = ev->call_no,
                                        .customer = ev->customer,
                                        .product = ev->product,
                                        .parts = ev->parts_requested.n > 0}};
    return ev->person.n ? keep(st, &d, ev->person) : ERR_OK;
}

enum err parts_document_upstream(struct step *st, const void *payload)
{
    if (st->from != OWNER_intake) return ERR_STALE;
    switch ((int)st->type->kind) {
    case EV_sms_reported:
        return on_sms(st, payload);
    case EV_card_returned:
        return on_card(st, payload);
    case EV_abnormal_logged:
        return on_abnormal(st, payload);
    }
    return ERR_STALE;
}

/* ---- questions ---- */

#define KEY_DAY_0 INT64_C(0x100000000) /* 1970-01-01, as key_day writes it */

/* After *at, within what begins with prefix. */
static enum err next(struct step *st, const struct key *prefix, size_t person_n, struct key *at,
                     struct parts_document_at *out)
{
    enum err e = step_next(st, PARTS_TABLE(DOCUMENT), prefix, at, &out->r);
    if (e != ERR_OK) return e;
    struct key_reader r = {{at->b + person_n, at->n - person_n}};
    uint64_t day = 0;
    uint8_t kind = 0;
    e = key_take_u64(&r, &day);
    if (e == ERR_OK) e = key_take_u8(&r, &kind);
    if (e == ERR_OK) e = key_take_str(&r, &out->doc_no);
    if (e != ERR_OK) return e;
    out->doc_no = arena_str(st->arena, out->doc_no);
    out->kind = (enum parts_document)kind;
    out->day = (int32_t)((int64_t)day - KEY_DAY_0);
    return ERR_OK;
}

enum err parts_document_next(struct step *st, struct str person, int32_t day, struct key *at,
                             struct parts_document_at *out)
{
    struct key prefix = key_of_day(person, day);
    return next(st, &prefix, key_of(person).n, at, out);
}

enum err parts_document_since(struct step *st, struct str person, int32_t day, struct key *at,
                              struct parts_document_at *out)
{
    struct key prefix = key_of(person);
    if (at->n == 0) *at = key_of_day(person, day); /* before all documents of the day */
    return next(st, &prefix, prefix.n, at, out);
}

bool parts_document_same_site(const struct rec_row_parts_document *d, const struct parts_site *s)
{
    if (d->call_no.n && s->call_no.n) return str_eq(d->call_no, s->call_no);
    if (d->customer.n && s->customer.n) return str_eq(d->customer, s->customer);
    return d->site.n && s->site.n && str_eq(d->site, s->site);
}

enum err parts_document_get(struct step *st, struct str person, struct parts_document_at *out)
{
    struct key k = key_of_document(person, out->day, out->kind, out->doc_no);
    return step_get(st, PARTS_TABLE(DOCUMENT), &k, &out->r);
}

enum err parts_document_restore(struct step *st, struct str person, int32_t day,
                                enum parts_document kind, struct str doc_no)
{
    struct parts_document_at d = {.kind = kind, .doc_no = doc_no, .day = day};
    struct key k = key_of_document(person, day, kind, doc_no);
    enum err e = parts_document_get(st, person, &d);
    if (e != ERR_OK) return e;
    d.r.voided = false;
    step_put(st, PARTS_TABLE(DOCUMENT), &k, &d.r);
    return ERR_OK;
}

enum err parts_document_void(struct step *st, struct str person, int32_t day,
                             enum parts_document kind, struct str doc_no)
{
    struct rec_row_parts_document r;
    struct key k = key_of_document(person, day, kind, doc_no);
    enum err e = step_get(st, PARTS_TABLE(DOCUMENT), &k, &r);
    if (e != ERR_OK) return e;
    r.voided = true;
    step_put(st, PARTS_TABLE(DOCUMENT), &k, &r);
    return ERR_OK;
}
