/* complaint_keep.c - files of goods and customers, and how long papers are kept.
 *
 * A clock runs from the end of a paper to the day on which it may be destroyed. A case is kept from
 * its archiving, which comes later than its end: its clock looks again until then. Rules CMP-020,
 * CMP-136. */
#include "services/complaint/complaint_private.h"
#include <string.h>

enum file_by { BY_CUSTOMER = 1, BY_PRODUCT, BY_MATERIAL, BY_CAUSE, BY_SUPPLIER, BY_CENTRE };

static void file_put(struct step *st, enum file_by by, struct str value, const struct complaint *c)
{
    struct key k = {.n = 0};
    struct rec_row_complaint_file row = {c->r.closed_at};
    if (value.n == 0) return;
    key_u8(&k, (uint8_t)by);
    key_str(&k, value);
    key_str(&k, c->no);
    step_put(st, COMPLAINT_TABLE(FILE), &k, &row);
}

enum err complaint_keep_file(struct step *st, const struct complaint *c)
{
    const struct rec_row_complaint *r = &c->r;
    bool caused = r->cause_class != complaint_cause_none;
    const char *cause = caused ? code_word(&codes_complaint_cause, r->cause_class) : "";
    REQUIRE(r->closed_at != 0);
    file_put(st, BY_CUSTOMER, r->customer, c);
    file_put(st, BY_PRODUCT, r->product, c);
    file_put(st, BY_MATERIAL, r->material, c);
    file_put(st, BY_CAUSE, str_of(cause), c);
    file_put(st, BY_SUPPLIER, r->supplier, c);
    file_put(st, BY_CENTRE, r->unit, c);
    return ERR_OK;
}

/* ---- how long (CMP-136) ---- */

#define MONTHS_OF_A_YEAR 12
#define PREFIX "keep/"

static const struct deadline_row keep_clock = {
    .name = "complaint.keep", .rule = "CMP-136", .from = FROM_START, .due = DUE_GIVEN};

static enum err arm(struct step *st, struct str case_no, struct str unit, int32_t day)
{
    struct deadline_ctx c = {.case_no = case_no,
                             .unit = unit,
                             .start_ms = st->now_ms,
                             .given_ms = paper_day_end(st, unit, day)};
    return deadline_arm(st, &keep_clock, &c, (struct str){0});
}

enum err complaint_keep_until(struct step *st, const char *kind, struct str no, struct str unit,
                              int32_t *keep_until)
{
    int years = (int)st->policy->complaint.case_years;
    struct str case_no = arena_printf(st->arena, PREFIX "%s/%.*s", kind, STR_ARG(no));
    *keep_until = day_add_months(step_day(st, unit), years * MONTHS_OF_A_YEAR);
    return arm(st, case_no, unit, *keep_until);
}

/* The last day on which a case is kept; 0 = it is not archived yet. */
static enum err case_kept(struct step *st, struct str no, int32_t *out)
{
    struct complaint c;
    enum err e = complaint_get(st, no, &c);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    bool done = c.r.state == complaint_state_archived || c.r.state == complaint_state_superseded ||
                c.r.state == complaint_state_no_loss;
    *out = done ? c.r.keep_until : 0;
    return ERR_OK;
}

static void expire(struct step *st, const char *kind, struct str no, struct str unit, int32_t day)
{
    struct rec_name_line papers[] = {{STR("客戶抱怨處理表")}, {STR("核決")}, {STR("獎罰通知單")}};
    struct ev_record_expired ev = {.kind = str_of(kind), .no = no, .unit = unit, .keep_until = day};
    if (strcmp(kind, "complaint") == 0) {
        ev.papers.v = papers;
        ev.papers.n = COUNT_OF(papers);
    }
    step_emit_as(st, "CMP-136", EV_record_expired, &ev);
}

enum err complaint_keep_passed(struct step *st, const struct passed *what)
{
    static const char *const kinds[] = {"complaint", "service_complaint", "opinion"};
    if (!what->is_due || !str_is(what->name, keep_clock.name)) return ERR_OK;
    int32_t today = zone_day(step_zone(st, what->unit), what->due_ms - 1), day = today;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct str head = arena_printf(st->arena, PREFIX "%s/", kinds[i]);
        if (what->case_no.n <= head.n || memcmp(what->case_no.p, head.p, head.n) != 0) continue;
        struct str no = {what->case_no.p + head.n, what->case_no.n - head.n};
        no = arena_str(st->arena, no);
        enum err e = i == 0 ? case_kept(st, no, &day) : ERR_OK;
        if (e != ERR_OK) return e;
        if (day == 0) day = day_add_months(today, 1);
        if (day > today) return arm(st, what->case_no, what->unit, day);
        expire(st, kinds[i], no, what->unit, day);
        return ERR_OK;
    }
    return ERR_CORRUPT;
}
