/* intake_sms.c - what technicians report by SMS, compared with the other documents on the same
 * work: the abnormality report 產品異常信息報告 it names or that names its call, and the call
 * itself.
 *
 * Whichever of the two comes later finds the other one. Only what both say is compared; of user and
 * site the user's key decides where both have it. The call tells of user, site and product only:
 * what the customer said was wrong is not what the technician found. A message that disagrees is
 * called back once, however many documents it disagrees with. Rules INT-080, DSP-053. */
#include "services/intake/intake_private.h"

#define FIELDS_MAX 16 /* of sms.mismatch */

/* What a document says; absent is not said. */
struct document {
    struct str report_no, call_no, site, customer, product, fault;
    int32_t day;
    const struct rec_part_line *parts;
    uint32_t part_count;
};

/* ---- comparing ---- */

static bool texts_differ(struct str a, struct str b)
{
    return a.n && b.n && !str_eq(a, b);
}

static bool date_differs(const struct rec_row_sms *s, const struct document *d)
{
    return s->day && d->day && s->day != d->day;
}

static bool site_differs(const struct rec_row_sms *s, const struct document *d)
{
    if (s->customer.n && d->customer.n) return !str_eq(s->customer, d->customer);
    return texts_differ(s->site, d->site);
}

static bool product_differs(const struct rec_row_sms *s, const struct document *d)
{
    return texts_differ(s->product, d->product);
}

static bool fault_differs(const struct rec_row_sms *s, const struct document *d)
{
    return texts_differ(s->fault, d->fault);
}

static uint64_t pieces(const struct rec_part_line *v, uint32_t n, struct str part_no)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += str_eq(v[i].part_no, part_no) ? v[i].qty : 0;
    return sum;
}

/* As many of every part, in whatever order and lines. */
static bool parts_differ(const struct rec_row_sms *s, const struct document *d)
{
    const struct rec_part_line *a = s->parts.v, *b = d->parts;
    uint32_t n = s->parts.n, m = d->part_count;
    if (n == 0 || m == 0) return false;
    for (uint32_t i = 0; i < n + m; i++) {
        struct str part_no = i < n ? a[i].part_no : b[i - n].part_no;
        if (pieces(a, n, part_no) != pieces(b, m, part_no)) return true;
    }
    return false;
}

static const struct {
    const char *word; /* of sms_compared_fields */
    bool (*differs)(const struct rec_row_sms *s, const struct document *d);
} comparisons[] = {
    {"date", date_differs},   {"site", site_differs},  {"product", product_differs},
    {"fault", fault_differs}, {"parts", parts_differ},
};

static bool differs(struct str word, const struct rec_row_sms *s, const struct document *d)
{
    for (size_t i = 0; i < COUNT_OF(comparisons); i++) {
        if (str_is(word, comparisons[i].word)) return comparisons[i].differs(s, d);
    }
    return false;
}

static enum err call_back(struct step *st, struct str sms_no, const struct rec_row_sms *s)
{
    struct ev_followup_created out = {.ref = sms_no,
                                      .unit = s->unit,
                                      .call_no = s->call_no,
                                      .customer = s->customer,
                                      .product = s->product,
                                      .technician = s->technician};
    return intake_followup_create(st, followup_kind_sms, &out);
}

static enum err compare(struct step *st, struct str sms_no, const struct rec_row_sms *s,
                        const struct document *d)
{
    struct rec_name_line fields[FIELDS_MAX];
    struct ev_sms_mismatch out = {
        .sms_no = sms_no, .report_no = d->report_no, .call_no = d->call_no};
    out.fields.v = fields;
    struct words wanted = st->policy->keys.sms_compared_fields;
    for (uint32_t i = 0; i < wanted.n && out.fields.n < FIELDS_MAX; i++) {
        if (differs(wanted.v[i], s, d)) fields[out.fields.n++].name = wanted.v[i];
    }
    if (out.fields.n == 0) return ERR_OK;
    enum err e = paper_act(st, &intake_sms, EV_sms_mismatch, &out);
    return e == ERR_OK ? call_back(st, sms_no, s) : e;
}

/* ---- the documents ---- */

static enum err with_report(struct step *st, struct str sms_no, const struct rec_row_sms *s,
                            struct str report_no)
{
    struct rec_row_abnormal r;
    struct key k = key_of(report_no);
    enum err e = step_get(st, INTAKE_TABLE(ABNORMAL), &k, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    const struct calendar *cal = step_calendar(st, r.unit, NULL);
    struct document d = {.report_no = report_no,
                         .customer = r.customer,
                         .product = r.product,
                         .fault = r.fault,
                         .day = zone_day(calendar_zone(cal), r.logged_at),
                         .parts = r.parts_requested.v,
                         .part_count = r.parts_requested.n};
    return compare(st, sms_no, s, &d);
}

static enum err with_call(struct step *st, struct str sms_no, const struct rec_row_sms *s)
{
    struct call c;
    enum err e = intake_call_get(st, s->call_no, &c);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    struct document d = {.call_no = c.no,
                         .site = c.row.address,
                         .customer = c.row.customer,
                         .product = c.row.product};
    return compare(st, sms_no, s, &d);
}

/* Index: what belongs to the call or report `of`. */
static void index_put(struct step *st, const struct table *t, struct str of, struct str no)
{
    if (of.n == 0) return;
    struct key k = key_of(of);
    key_str(&k, no);
    step_put(st, t, &k, &(struct rec_row_mark){.set = true});
}

static enum err index_next(struct step *st, const struct table *t, struct str of, struct key *at,
                           struct str *no)
{
    struct key prefix = key_of(of);
    struct rec_row_mark mark;
    if (of.n == 0) return ERR_END;
    enum err e = step_next(st, t, &prefix, at, &mark);
    if (e != ERR_OK) return e;
    struct key_reader r = {{at->b + prefix.n, at->n - prefix.n}};
    if (key_take_str(&r, no)) return ERR_CORRUPT;
    *no = arena_str(st->arena, *no);
    return ERR_OK;
}

/* ---- the message comes later ---- */

static enum err with_reports_of_call(struct step *st, struct str sms_no,
                                     const struct rec_row_sms *s)
{
    struct key at = {.n = 0};
    struct str no;
    enum err e;
    while ((e = index_next(st, INTAKE_TABLE(REPORT_OF), s->call_no, &at, &no)) == ERR_OK) {
        if (!str_eq(no, s->report_no)) e = with_report(st, sms_no, s, no);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err intake_sms_reported(struct step *st, const void *payload)
{
    const struct ev_sms_reported *ev = payload;
    enum err e = paper_fact(st, &intake_sms, payload);
    struct rec_row_sms row;
    if (e == ERR_OK) e = paper_get(st, &intake_sms, st->type->shape(), payload, &row);
    if (e != ERR_OK) return e;
    index_put(st, INTAKE_TABLE(SMS_OF), ev->call_no, ev->sms_no);
    index_put(st, INTAKE_TABLE(SMS_OF), ev->report_no, ev->sms_no);
    if (ev->call_no.n) e = with_call(st, ev->sms_no, &row);
    if (e == ERR_OK && ev->report_no.n) e = with_report(st, ev->sms_no, &row, ev->report_no);
    return e == ERR_OK ? with_reports_of_call(st, ev->sms_no, &row) : e;
}

/* ---- the report comes later ---- */

static enum err with_messages(struct step *st, struct str of, struct str report_no)
{
    struct key at = {.n = 0};
    struct str no;
    enum err e;
    while ((e = index_next(st, INTAKE_TABLE(SMS_OF), of, &at, &no)) == ERR_OK) {
        struct rec_row_sms row;
        struct key k = key_of(no);
        if (step_get(st, INTAKE_TABLE(SMS), &k, &row) != ERR_OK) return ERR_CORRUPT;
        bool by_report = str_eq(row.report_no, report_no);
        if (by_report == str_eq(of, report_no)) e = with_report(st, no, &row, report_no);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err intake_sms_logged(struct step *st, const void *payload)
{
    const struct ev_abnormal_logged *ev = payload;
    enum err e = paper_fact(st, &intake_abnormal, payload);
    if (e != ERR_OK) return e;
    index_put(st, INTAKE_TABLE(REPORT_OF), ev->call_no, ev->report_no);
    e = with_messages(st, ev->report_no, ev->report_no);
    if (e != ERR_OK || str_eq(ev->call_no, ev->report_no)) return e;
    return with_messages(st, ev->call_no, ev->report_no);
}

/* ---- the paper ---- */

#define ANY (IN(sms_state_reported) | IN(sms_state_mismatched))

static const struct transition sms_rows[] = {
    {EV_sms_reported, PAPER_NEW, sms_state_reported, NULL, "INT-080"},
    {EV_sms_mismatch, ANY, sms_state_mismatched, NULL, "INT-080"},
};

const struct paper intake_sms = {.name = "sms",
                                 .label = "report by SMS 短信",
                                 .table = INTAKE_TABLE(SMS),
                                 .states = &codes_sms_state,
                                 .keys = {"sms_no"},
                                 PAPER_ROWS(sms_rows)};
