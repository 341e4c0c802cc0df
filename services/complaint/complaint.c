/* complaint.c - the complaint service: its tables and papers, and the step.
 *
 * The case is complaint_case.c; what follows from it and what stands beside it are rooms of their
 * own: money, quality issues (complaint_quality*.c), voice (service complaints,
 * opinions, anomaly slips, petitions, improvements). README.md names the files; rules by id in
 * RULES.md. */
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
    [COMPLAINT_ACCOUNT] = {TABLE_OWN + 20, "complaint_account", "case_no",
                           shape_row_complaint_account},
    [COMPLAINT_LIABILITY] = {TABLE_OWN + 21, "liability", "case_no", shape_row_liability},
    [COMPLAINT_RESALE] = {TABLE_OWN + 22, "resale", "case_no", shape_row_resale},
    [COMPLAINT_SANCTION] = {TABLE_OWN + 23, "sanction", "case_no, no", shape_row_sanction},
    [COMPLAINT_PENALTY] = {TABLE_OWN + 24, "penalty", "case_no, no", shape_row_penalty},
    [COMPLAINT_RETURN] = {TABLE_OWN + 25, "return", "slip_no", shape_row_return},
    [COMPLAINT_ALLOWANCE] = {TABLE_OWN + 26, "allowance", "slip_no", shape_row_allowance},
    [COMPLAINT_RECEIVABLE] = {TABLE_OWN + 27, "receivable", "case_no", shape_row_receivable},
    [COMPLAINT_MONTH] = {TABLE_OWN + 28, "month", "month", shape_row_complaint_month},
    [COMPLAINT_MONTH_CASE] = {TABLE_OWN + 29, "month_case", "month, case_no",
                              shape_row_complaint_month_case},
    /* quality: TABLE_OWN + 50 … */
    [COMPLAINT_QUALITY] = {TABLE_OWN + 50, "quality", "quality_no", shape_row_quality},
    [COMPLAINT_QUALITY_TYPE] = {TABLE_OWN + 51, "quality_type", "quality_no, n",
                                shape_row_quality_type},
    [COMPLAINT_QUALITY_PLANT] = {TABLE_OWN + 52, "quality_plant", "quality_no",
                                 shape_row_quality_plant},
    [COMPLAINT_QUALITY_ITEM] = {TABLE_OWN + 53, "quality_item", "slip or vehicle, number, body_no",
                                shape_row_quality_item},
    [COMPLAINT_QUALITY_CLOSED] = {TABLE_OWN + 54, "quality_closed", "customer, drawing, code",
                                  shape_row_quality_closed},
    [COMPLAINT_QUALITY_WATCH] = {TABLE_OWN + 55, "quality_watch", "quality_no",
                                 shape_row_quality_watch},
    [COMPLAINT_QUALITY_PROJECT] = {TABLE_OWN + 56, "quality_project",
                                   "project, issue or case, number", shape_row_quality_project},
    [COMPLAINT_LINE_STOP] = {TABLE_OWN + 57, "line_stop", "customer, line, end",
                             shape_row_line_stop},
    [COMPLAINT_LINE_STOP_MONTH] = {TABLE_OWN + 58, "line_stop_month", "customer, month",
                                   shape_row_line_stop_month},
    /* voice: TABLE_OWN + 70 … */
    [COMPLAINT_SERVICE] = {TABLE_OWN + 70, "service_complaint", "case_no",
                           shape_row_service_complaint},
    [COMPLAINT_ANOMALY] = {TABLE_OWN + 71, "anomaly", "anomaly_no", shape_row_anomaly},
    [COMPLAINT_PETITION] = {TABLE_OWN + 72, "petition", "petition_no", shape_row_petition},
    [COMPLAINT_IMPROVEMENT] = {TABLE_OWN + 73, "improvement", "improvement_no",
                               shape_row_improvement},
    [COMPLAINT_OPINION] = {TABLE_OWN + 75, "opinion", "opinion_no", shape_row_opinion},
    [COMPLAINT_OPINION_QUEUE] = {TABLE_OWN + 76, "opinion_queue",
                                 "unit, rank, received_at, opinion_no", shape_row_opinion_queue},
    [COMPLAINT_WEEK] = {TABLE_OWN + 77, "complaint_week", "unit, week", shape_row_week_review},
    [COMPLAINT_COUNT] = {TABLE_OWN + 78, "complaint_count", "unit, kind, first day",
                         shape_row_complaint_count},
    [COMPLAINT_CATEGORY] = {TABLE_OWN + 79, "complaint_category", "unit, kind, first day, category",
                            shape_row_complaint_category},
    [COMPLAINT_OPEN] = {TABLE_OWN + 80, "complaint_open", "unit, kind, case_no",
                        shape_row_complaint_open},
    [COMPLAINT_CALL] = {TABLE_OWN + 81, "complaint_call", "call_no", shape_row_complaint_call},
    [COMPLAINT_REQUEST] = {TABLE_OWN + 82, "complaint_request", "request_no",
                           shape_row_complaint_request},
    [COMPLAINT_CUSTOMER_NOTE] = {TABLE_OWN + 83, "customer_note", "customer, at, call_no",
                                 shape_row_customer_note},
    [COMPLAINT_REPEAT] = {TABLE_OWN + 84, "repeat", "product, call_no, job", shape_row_repeat},
    /* parts: TABLE_OWN + 90 … */
    [COMPLAINT_OLDPART] = {TABLE_OWN + 90, "complaint_oldpart", "case or quality, number, old_no",
                           shape_row_complaint_oldpart},
    [COMPLAINT_GOODS] = {TABLE_OWN + 91, "complaint_goods", "case or quality, number, return_no",
                         shape_row_complaint_goods},
    [COMPLAINT_FILE] = {TABLE_OWN + 85, "complaint_file", "by, value, case_no",
                        shape_row_complaint_file},
};

static const struct paper *const papers[] = {
    /* money */
    &complaint_liability_paper, &complaint_resale_paper, &complaint_sanction_paper,
    &complaint_penalty_paper, &complaint_return_paper, &complaint_allowance_paper,
    &complaint_receivable_paper,
    /* quality */
    &complaint_quality_paper,
    /* voice */
    &complaint_service_paper, &complaint_anomaly, &complaint_petition, &complaint_improvement,
    &complaint_opinion, &complaint_week, NULL};

static enum err on_fact(struct step *st, const void *payload)
{
    const struct paper *seen = complaint_voice_paper(st, payload);
    if (seen) return paper_fact(st, seen, payload);
    enum err e = complaint_case_fact(st, payload);
    /* quality */
    if (e == ERR_STALE) e = complaint_quality_fact(st, payload);
    if (e != ERR_STALE) return e;
    /* money */
    if (st->type->kind == EV_complaint_month_reviewed) return complaint_month_review(st, payload);
    const struct paper *p = paper_of(papers, st->type->kind);
    return p ? paper_fact(st, p, payload) : ERR_STALE;
}

/* What other logs tell, and which rooms it is for. */
#define HEARING_ROOMS_MAX 2
typedef enum err room_upstream(struct step *st, const void *payload);
static const struct heard {
    enum event_kind on;
    room_upstream *rooms[HEARING_ROOMS_MAX];
} heard[] = {
    {EV_job_diagnosed, {complaint_case_upstream}},
    {EV_job_class_raised, {complaint_case_upstream}},
    {EV_job_plan_reviewed, {complaint_case_upstream}},
    {EV_call_graded, {complaint_case_upstream}},
    {EV_call_major_reported, {complaint_case_upstream}},
    {EV_call_meeting_called, {complaint_case_upstream}},
    {EV_project_feedback, {complaint_case_upstream}},
    {EV_repeat_detected, {complaint_case_upstream, complaint_voice_upstream}},
    /* quality */
    {EV_sorting_plan_agreed, {complaint_quality_upstream}},
    {EV_sorting_opened, {complaint_quality_upstream}},
    {EV_sorting_area_done, {complaint_quality_upstream}},
    {EV_breakpoint_given, {complaint_quality_upstream}},
    {EV_breakpoint_online, {complaint_quality_upstream}},
    {EV_breakpoint_valid, {complaint_quality_upstream}},
    {EV_breakpoint_failed, {complaint_quality_upstream}},
    {EV_suspect_opened, {complaint_quality_upstream}},
    {EV_suspect_released, {complaint_quality_upstream}},
    {EV_suspect_exchanged, {complaint_quality_upstream}},
    {EV_defect_tracked, {complaint_quality_upstream}},
    {EV_defect_verified, {complaint_quality_upstream}},
    /* voice */
    {EV_call_queued, {complaint_voice_upstream}},
    {EV_job_closed, {complaint_voice_upstream}},
    {EV_survey_returned, {complaint_voice_upstream}},
    {EV_customer_dissatisfied, {complaint_voice_upstream}},
    {EV_request_result_recorded, {complaint_voice_upstream}},
    /* parts */
    {EV_oldpart_analysed, {complaint_parts_upstream}},
    {EV_secondary_settled, {complaint_parts_upstream}},
    {EV_customer_return_opened, {complaint_parts_upstream}},
};

static const struct heard *heard_of(enum event_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(heard); i++) {
        if (heard[i].on == kind) return &heard[i];
    }
    return NULL;
}

static bool is_own(enum owner from, enum event_kind kind)
{
    return from == OWNER_intake && event_of(kind)->owner == OWNER_complaint;
}

static bool hears(enum owner from, enum event_kind kind)
{
    return step_is_master(kind) || is_own(from, kind) || heard_of(kind);
}

static enum err on_upstream(struct step *st, const void *payload)
{
    const struct heard *h = heard_of(st->type->kind);
    enum err whole = ERR_STALE;
    for (size_t i = 0; h && i < HEARING_ROOMS_MAX && h->rooms[i]; i++) {
        enum err e = h->rooms[i](st, payload);
        if (e != ERR_OK && e != ERR_STALE) return e;
        if (e == ERR_OK) whole = ERR_OK;
    }
    return whole;
}

static enum err complaint_step(struct step *st, const void *payload)
{
    REQUIRE(st->type != NULL);
    st->rule = st->type->rule;
    if (step_is_master(st->type->kind)) return step_master(st, payload);
    bool own = is_own(st->from, st->type->kind);
    return own ? on_fact(st, payload) : on_upstream(st, payload);
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
                                          .upstream = IN(OWNER_intake) | IN(OWNER_dispatch) |
                                                      IN(OWNER_parts),
                                          .tables = complaint_tables,
                                          .table_count = COMPLAINT_TABLES,
                                          .deadlines = complaint_clock_rows,
                                          .deadline_count = COMPLAINT_CLOCKS,
                                          .step = complaint_step,
                                          .hears = hears,
                                          .address = complaint_clock_address,
                                          .on_passed = on_passed};
