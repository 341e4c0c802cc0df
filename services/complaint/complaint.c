/* complaint.c - the complaint service: its tables and papers, and the step.
 *
 * The case is complaint_case.c; what follows from it and what stands beside it are rooms of their
 * own: money (complaint_money*.c), quality issues (complaint_quality*.c), voice
 * (complaint_voice*.c: service complaints, opinions, anomaly slips, petitions, improvements). Rules
 * by id in RULES.md. */
#include "services/complaint/complaint_private.h"

const struct table complaint_tables[COMPLAINT_TABLES] = {
    [COMPLAINT_CASE] = {TABLE_OWN, "complaint", "case_no", shape_row_complaint},
    [COMPLAINT_NUMBER] = {TABLE_OWN + 1, "complaint_number", "complaint_no",
                          shape_row_complaint_number},
    [COMPLAINT_RUNNING] = {TABLE_OWN + 2, "complaint_running", "month",
                           shape_row_complaint_running},
    [COMPLAINT_LINK] = {TABLE_OWN + 3, "chain", "case_no, n", shape_row_complaint_link},
    [COMPLAINT_BY] = {TABLE_OWN + 4, "complaint_by", "call/ or project/, case_no",
                      shape_row_complaint_by},
    /* money: TABLE_OWN + 20 … */
    /* quality: TABLE_OWN + 50 … */
    /* voice: TABLE_OWN + 70 … */
};

static const struct paper *const papers[] = {
    /* money */
    /* quality */
    /* voice */
    NULL};

static enum err on_fact(struct step *st, const void *payload)
{
    enum err e = complaint_case_fact(st, payload);
    if (e != ERR_STALE) return e;
    const struct paper *p = paper_of(papers, st->type->kind);
    return p ? paper_fact(st, p, payload) : ERR_STALE;
}

typedef enum err room_upstream(struct step *st, const void *payload);

/* One fact may concern several rooms. */
static enum err on_upstream(struct step *st, const void *payload)
{
    room_upstream *const rooms[] = {complaint_case_upstream, complaint_money_upstream,
                                    complaint_quality_upstream, complaint_voice_upstream};
    enum err whole = ERR_STALE;
    for (size_t i = 0; i < COUNT_OF(rooms); i++) {
        enum err e = rooms[i](st, payload);
        if (e != ERR_OK && e != ERR_STALE) return e;
        if (e == ERR_OK) whole = ERR_OK;
    }
    return whole;
}

static enum err complaint_step(struct step *st, const void *payload)
{
    REQUIRE(st->type != NULL);
    st->rule = st->type->rule;
    if (st->type->kind == EV_unit_upserted || st->type->kind == EV_person_upserted)
        return step_master(st, payload);
    bool said = st->from == OWNER_intake && st->type->owner == OWNER_complaint;
    return said ? on_fact(st, payload) : on_upstream(st, payload);
}

typedef enum err room_passed(struct step *st, const struct passed *what);

static enum err on_passed(struct step *st, const struct passed *what)
{
    room_passed *const rooms[] = {complaint_case_passed, complaint_money_passed,
                                  complaint_quality_passed, complaint_voice_passed};
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < COUNT_OF(rooms); i++)
        e = rooms[i](st, what);
    return e;
}

const struct service complaint_service = {.name = "complaint",
                                          .owner = OWNER_complaint,
                                          .upstream = IN(OWNER_intake) | IN(OWNER_dispatch),
                                          .tables = complaint_tables,
                                          .table_count = COMPLAINT_TABLES,
                                          .deadlines = complaint_clock_rows,
                                          .deadline_count = COMPLAINT_CLOCKS,
                                          .step = complaint_step,
                                          .address = complaint_clock_address,
                                          .on_passed = on_passed};
