/* story_papers.c - papers along a call: goods taken away with receipt, repair card and return; the
 * fee; a quotation; a repair order of the shop; the report and the opinion card. And complaint
 * cases 客戶投訴 on their way from unit to unit, parts (story_parts.c), score sheets
 * (story_scoring.c).
 *
 * A paper is a thread: facts that follow each other. Now and then one is told out of its turn or
 * hours late, and a thread goes back some facts, because its sender does not know what the services
 * took; that also brings on what the wires have put out of order. Read: the
 * threads, what a field holds, what only one kind of fact says, telling. */
#include "common/calendar.h"
#include "common/contract.h"
#include "common/step.h"
#include "tests/sim/story_private.h"
#include <stdio.h>
#include <string.h>

/* ---- the threads ---- */

#define AT_CUSTOMER (IN(STAGE_SITE) | IN(STAGE_WORK) | IN(STAGE_AWAY))
#define LATER (IN(STAGE_WORK) | IN(STAGE_AWAY) | IN(STAGE_DONE) | IN(STAGE_SIGNED))
#define ANY_TIME (LATER | IN(STAGE_OPEN) | IN(STAGE_SENT) | IN(STAGE_ROAD) | IN(STAGE_SITE))

static const enum event_kind goods[] = {
    EV_goods_taken_away,      EV_voucher_signed,          EV_goods_logged_in,
    EV_repaircard_opened,     EV_repaircard_work_added,   EV_repair_rescheduled,
    EV_repaircard_work_added, EV_repair_assist_requested, EV_repair_done,
    EV_repair_inspected,      EV_goods_returned,          EV_voucher_signed,
    EV_receipt_voided};
static const enum event_kind lost[] = {
    EV_goods_taken_away,      EV_voucher_signed, EV_goods_logged_in,  EV_repaircard_opened,
    EV_repaircard_work_added, EV_repair_done,    EV_repair_inspected, EV_receipt_lost,
    EV_goods_returned,        EV_voucher_signed};
static const enum event_kind fee[] = {EV_fee_assessed,  EV_fee_collected,  EV_fee_handed_in,
                                      EV_fee_handed_in, EV_invoice_issued, EV_invoice_mailed};
static const enum event_kind quote[] = {EV_quote_issued, EV_quote_refused, EV_quote_accepted};
static const enum event_kind report[] = {EV_job_photographed, EV_job_guidance_given,
                                         EV_job_returned_to_unit, EV_evidence_submitted,
                                         EV_evidence_filed};
static const enum event_kind card[] = {EV_survey_sent, EV_survey_returned};
static const enum event_kind shop[] = {
    EV_vehicle_received,       EV_workorder_opened,   EV_board_changed, EV_board_answered,
    EV_workorder_item_changed, EV_board_answered,     EV_board_changed, EV_exit_inspected,
    EV_workorder_settled,      EV_vehicle_handed_over};

#define TO_THE_NUMBER                                                                              \
    EV_complaint_form_filed, EV_complaint_accepted, EV_complaint_registered, EV_complaint_step_done
#define TO_THE_CLOSE                                                                               \
    EV_complaint_decided, EV_complaint_decision_returned, EV_complaint_customer_contacted,         \
        EV_complaint_customer_replied, EV_complaint_negotiated, EV_complaint_result_reviewed,      \
        EV_complaint_final_opinion_done, EV_complaint_decided, EV_complaint_closed,                \
        EV_complaint_called_back
static const enum event_kind complaint[] = {EV_complaint_received,  TO_THE_NUMBER,
                                            EV_complaint_step_done, EV_complaint_step_done,
                                            EV_complaint_step_done, TO_THE_CLOSE};
static const enum event_kind inspected[] = {EV_complaint_received,
                                            EV_complaint_joint_inspection_needed,
                                            EV_complaint_joint_inspection_requested,
                                            EV_complaint_investigated,
                                            EV_complaint_report_submitted,
                                            TO_THE_NUMBER,
                                            EV_complaint_step_skipped,
                                            EV_complaint_step_done,
                                            EV_complaint_step_done,
                                            EV_complaint_not_established,
                                            EV_complaint_customer_replied,
                                            EV_complaint_closed};
static const enum event_kind paused[] = {
    EV_complaint_received,         TO_THE_NUMBER,          EV_complaint_paused,
    EV_complaint_market_corrected, EV_complaint_step_done, EV_complaint_resumed,
    EV_complaint_step_done,        EV_complaint_step_done, TO_THE_CLOSE};
/* What is said of a case at any time. */
static const enum event_kind beside[] = {
    EV_complaint_severity_set,     EV_complaint_major_reported, EV_complaint_visited,
    EV_complaint_market_corrected, EV_complaint_demand_set,     EV_complaint_supplier_involved,
    EV_complaint_validated,        EV_complaint_invalidated,    EV_complaint_resubmitted};

static const struct chain {
    const enum event_kind *facts;
    uint8_t count;
    uint8_t weight;
    uint32_t from; /* stages of a call; 0 = of none */
} chains[] = {{goods, COUNT_OF(goods), 24, AT_CUSTOMER},
              {lost, COUNT_OF(lost), 10, AT_CUSTOMER},
              {fee, COUNT_OF(fee), 8, LATER},
              {quote, COUNT_OF(quote), 2, ANY_TIME},
              {report, COUNT_OF(report), 6, LATER},
              {card, COUNT_OF(card), 4, LATER},
              {shop, COUNT_OF(shop), 3, ANY_TIME},
              {complaint, COUNT_OF(complaint), 4, 0},
              {inspected, COUNT_OF(inspected), 2, 0},
              {paused, COUNT_OF(paused), 2, 0},
              {story_note, STORY_NOTE, 14, 0},
              {story_requisition, STORY_REQUISITION, 10, 0},
              {story_station, STORY_STATION, 10, 0},
              {story_sheet, STORY_SHEET, 30, 0},
              {story_counted, STORY_COUNTED, 16, 0}};

static const struct chain *chain_of(const struct story_thread *t)
{
    return &chains[t->chain];
}

static const struct chain *any_chain(struct story *s)
{
    struct lot *lot = &s->lot;
    uint64_t total = 0;
    if (s->assesses) return &chains[COUNT_OF(chains) - (lot_chance(lot, 400) ? 1 : 2)];
    for (size_t i = 0; i < COUNT_OF(chains); i++)
        total += chains[i].weight;
    uint64_t draw = lot_below(lot, total);
    size_t i = 0;
    for (; draw >= chains[i].weight; i++)
        draw -= chains[i].weight;
    return &chains[i];
}

static struct story_call *some_call(struct story *s, uint32_t stages)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->call_count; i++)
        n += (IN(s->calls[i].stage) & stages) != 0;
    if (n == 0) return NULL;
    uint64_t draw = lot_below(&s->lot, n);
    for (uint32_t i = 0;; i++) {
        if (IN(s->calls[i].stage) & stages && draw-- == 0) return &s->calls[i];
    }
}

/* False when there is no call for what the lot wants. */
static bool begin(struct story *s)
{
    const struct chain *c = any_chain(s);
    bool alone = c->from == 0 && lot_chance(&s->lot, 500);
    struct story_call *call = alone ? NULL : some_call(s, c->from ? c->from : ANY_TIME);
    if (c->from && !call) return false;
    s->threads[s->thread_count++] =
        (struct story_thread){.chain = (uint8_t)(c - chains),
                              .unit = (uint8_t)(call ? call->unit : 1 + lot_below(&s->lot, 2)),
                              .call = call ? (uint32_t)(call - s->calls) + 1 : 0};
    if (c->facts[0] == EV_goods_taken_away) call->stage = STAGE_AWAY;
    return true;
}

/* One that goes on, the newer the likelier; NULL when a new one is to begin. */
static struct story_thread *go_on(struct story *s)
{
    uint64_t open = 0;
    for (uint32_t i = 0; i < s->thread_count; i++)
        open += s->threads[i].at < chain_of(&s->threads[i])->count;
    if (open == 0 || lot_below(&s->lot, 10 * open * open) == 0) return NULL;
    for (uint32_t i = s->thread_count;; i = i ? i : s->thread_count) {
        struct story_thread *t = &s->threads[--i];
        if (t->at < chain_of(t)->count && lot_chance(&s->lot, 600)) return t;
    }
}

/* ---- what a field holds ---- */

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);
    return n >= m && strcmp(name + n - m, end) == 0;
}

static struct str numbered(struct story *s, char mark, const struct story_thread *t)
{
    return arena_printf(&s->arena, "%c%u", mark, (unsigned)(t - s->threads) + 1);
}

/* Numbers of papers are the thread's own, so that they meet. */
static bool is_key(struct story *s, const struct story_thread *t, const char *name, struct str *v)
{
    static const struct {
        const char *name;
        char mark;
    } keys[] = {{"receipt_no", 'R'}, {"register_no", 'G'},    {"card_no", 'K'},
                {"quote_no", 'Q'},   {"vehicle", 'V'},        {"workorder", 'W'},
                {"case_no", 'M'},    {"note_no", 'N'},        {"doc_no", 'N'},
                {"request_no", 'P'}, {"requisition_no", 'N'}, {"transfer_no", 'N'}};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (strcmp(name, keys[i].name) != 0) continue;
        *v = numbered(s, keys[i].mark, t);
        return true;
    }
    if (strcmp(name, "call_no") != 0 || !t->call) return false;
    *v = str_of(s->calls[t->call - 1].no);
    return true;
}

static void fill_text(struct story *s, const struct story_thread *t, const struct field *f,
                      struct str *v)
{
    bool supervisor = strcmp(f->name, "by") == 0 || strcmp(f->name, "approved_by") == 0;
    if (is_key(s, t, f->name, v)) return;
    if (supervisor) {
        *v = STR("S1");
    } else if (ends_with(f->name, "technician") && t->call) {
        *v = story_technician(s->calls[t->call - 1].technician);
    } else if (!f->must) {
        *v = (struct str){0};
    }
}

/* What must be said is drawn; what may be left out is, but for what this file speaks of. */
static void fill(struct story *s, const struct story_thread *t, const struct field *f,
                 int64_t now_ms, void *at)
{
    int32_t today = (int32_t)((now_ms + 8 * HOUR_MS) / DAY_MS);
    if (f->type == FT_TEXT) fill_text(s, t, f, at);
    if (f->type == FT_DATE) *(int32_t *)at = f->must ? today - 3 : 0;
    if (f->type == FT_TIME)
        *(int64_t *)at = f->must ? now_ms + (int64_t)(20 + lot_below(&s->lot, 600)) * MINUTE_MS : 0;
    if (f->type == FT_CODE && !f->must) *(int *)at = 0;
    if ((f->type == FT_UINT || f->type == FT_INT) && !f->must) *(uint64_t *)at = 0;
    if (f->type == FT_MONEY) *(int64_t *)at = f->must ? 100 * (1 + (int64_t)t->call) : 0;
}

#define FIRST_SHIPPED day_of(2026, 9, 1)

/* ---- what only one kind of fact says ---- */

static void fit_goods(struct story *s, const struct story_thread *t, enum event_kind kind, void *p)
{
    bool second = t->at > 2, well = !lot_chance(&s->lot, 150);
    if (kind == EV_voucher_signed)
        ((struct ev_voucher_signed *)p)->purpose =
            second == well ? voucher_purpose_return : voucher_purpose_take_away;
    if (kind == EV_repair_inspected)
        ((struct ev_repair_inspected *)p)->result = well ? repair_result_pass : repair_result_fail;
    if (kind == EV_repaircard_work_added) ((struct ev_repaircard_work_added *)p)->minutes = 30;
    if (kind == EV_quote_issued) ((struct ev_quote_issued *)p)->total = 0;
    if (kind == EV_survey_returned) ((struct ev_survey_returned *)p)->attitude = 3;
}

static void fit_shop(struct story *s, const struct story_thread *t, enum event_kind kind, void *p)
{
    if (kind == EV_exit_inspected)
        ((struct ev_exit_inspected *)p)->result =
            lot_chance(&s->lot, 800) ? exit_result_pass : exit_result_fail;
    if (kind == EV_workorder_item_changed)
        ((struct ev_workorder_item_changed *)p)->new = STR("oil");
    if (kind == EV_workorder_opened) ((struct ev_workorder_opened *)p)->signed_by = STR("王");
    if (kind == EV_board_answered)
        ((struct ev_board_answered *)p)->consent =
            lot_chance(&s->lot, 800) ? yes_no_yes : yes_no_no;
    if (kind != EV_board_changed) return;
    struct ev_board_changed *e = p;
    e->to = t->at < 5 ? board_state_waiting_reply : board_state_finished;
    if (lot_chance(&s->lot, 200)) e->to = (enum board_state)(1 + lot_below(&s->lot, 6));
    e->person = STR("S1");
    e->question = e->reason = STR("which one");
    e->part_request = STR("PR1");
}

/* The inspected case needs research, and the step is left out; of the others every other one. */
static bool by_rd(const struct story *s, const struct story_thread *t)
{
    return chain_of(t)->facts == inspected || (t - s->threads) % 2;
}

/* Mostly the unit that has the form: one of a route that leads through rd or past it. */
static struct str holder(struct story *s, const struct story_thread *t)
{
    static const char *const routes[2][4] = {{"QA", "BIZ", "GMO", "GMO"},
                                             {"QA", "RD", "BIZ", "GMO"}};
    const struct chain *c = chain_of(t);
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->at; i++)
        n += c->facts[i] == EV_complaint_step_done || c->facts[i] == EV_complaint_step_skipped;
    if (lot_chance(&s->lot, 120)) n = (uint32_t)lot_below(&s->lot, 4);
    return str_of(routes[by_rd(s, t)][n & 3]);
}

static void fit_step(struct story *s, const struct story_thread *t, enum event_kind kind, void *p)
{
    if (kind == EV_complaint_step_skipped)
        ((struct ev_complaint_step_skipped *)p)->step = STR("rd");
    if (kind != EV_complaint_step_done) return;
    struct ev_complaint_step_done *e = p;
    e->by_unit = holder(s, t);
    e->cause_class = complaint_cause_quality;
    e->rd_required = by_rd(s, t) ? yes_no_yes : yes_no_no;
    e->opinion = e->cause = STR("cast too cold");
}

static void fit_form(struct story *s, enum event_kind kind, void *p)
{
    if (kind == EV_complaint_received) {
        struct ev_complaint_received *e = p;
        e->kind = lot_chance(&s->lot, 850) ? complaint_kind_goods : complaint_kind_platform;
        if (e->kind == complaint_kind_platform) e->platform_kind = platform_kind_report;
        if (lot_chance(&s->lot, 150)) e->origin = complaint_origin_authority;
        if (e->origin && lot_chance(&s->lot, 800)) e->authority_body = STR("消協");
    } else if (kind == EV_complaint_form_filed) {
        struct ev_complaint_form_filed *e = p;
        if (lot_chance(&s->lot, 900)) e->market = (enum market)(1 + lot_below(&s->lot, 2));
        e->order_no = e->material = STR("N1");
        e->demand = STR("all new");
        e->shipped_on = FIRST_SHIPPED;
        e->qty = 20;
        e->defective_qty = lot_below(&s->lot, 22);
        e->demand_qty = lot_below(&s->lot, 20);
    } else if (kind == EV_complaint_paused) {
        ((struct ev_complaint_paused *)p)->reason =
            lot_chance(&s->lot, 850) ? STR("holiday") : STR("rain");
    }
}

static void fit_end(struct story *s, const struct story_thread *t, enum event_kind kind, void *p)
{
    if (kind == EV_complaint_decided) {
        struct ev_complaint_decided *e = p;
        e->level = lot_chance(&s->lot, 850) ? STR("manager") : STR("clerk");
        e->method = handling_method_allowance;
        e->amount = 100 * (int64_t)(1 + lot_below(&s->lot, 400));
        if (t->at + 3 > chain_of(t)->count) e->final = yes_no_yes;
    } else if (kind == EV_complaint_customer_replied) {
        ((struct ev_complaint_customer_replied *)p)->channel =
            lot_chance(&s->lot, 850) ? reply_channel_letter : reply_channel_visit;
    } else if (kind == EV_complaint_negotiated) {
        ((struct ev_complaint_negotiated *)p)->result =
            lot_chance(&s->lot, 850) ? negotiation_accepted : negotiation_refused;
    } else if (kind == EV_complaint_visited) {
        ((struct ev_complaint_visited *)p)->visitor_role = visitor_role_supervisor;
    } else if (kind == EV_complaint_resubmitted) {
        ((struct ev_complaint_resubmitted *)p)->new_case_no = numbered(s, 'N', t);
    }
}

/* ---- telling ---- */

/* The next fact of the thread. */
static enum event_kind next_fact(struct story *s, struct story_thread *t)
{
    const struct chain *c = chain_of(t);
    uint64_t draw = lot_below(&s->lot, 100);
    if (c->facts[0] == EV_complaint_received && draw >= 92)
        return beside[lot_below(&s->lot, COUNT_OF(beside))];
    if (draw >= 86) return c->facts[lot_below(&s->lot, c->count)];
    uint64_t back = draw >= 76 ? lot_below(&s->lot, 4) : 0;
    t->at = (uint8_t)(back < t->at ? t->at - back : 0);
    return c->facts[t->at];
}

/* The thread has told a fact. */
static void went_on(struct story *s, struct story_thread *t, enum event_kind kind)
{
    const struct chain *c = chain_of(t);
    if (kind != c->facts[t->at]) return;
    t->at++;
    bool away = c->facts[0] == EV_goods_taken_away;
    struct story_call *call = away ? &s->calls[t->call - 1] : NULL;
    if (call && call->stage == STAGE_AWAY && t->at == c->count) call->stage = STAGE_SIGNED;
}

bool story_paper(struct story *s, int64_t now_ms, void *payload, struct story_told_paper *out)
{
    struct story_thread *t = go_on(s);
    if (!t && (s->thread_count == STORY_THREADS_MAX || !begin(s))) return false;
    if (!t) t = &s->threads[s->thread_count - 1];
    enum event_kind kind = next_fact(s, t);
    const struct event_type *type = event_of(kind);
    const struct shape *shape = type->shape();
    REQUIRE(shape->size <= STORY_PAYLOAD_MAX);
    uint64_t seed = lot_draw(&s->lot);
    arena_reset(&s->arena);
    proto_random(shape, &seed, &s->arena, payload);
    for (uint32_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->fields[i];
        fill(s, t, f, now_ms, (char *)payload + f->offset);
    }
    fit_goods(s, t, kind, payload);
    fit_shop(s, t, kind, payload);
    fit_step(s, t, kind, payload);
    fit_form(s, kind, payload);
    fit_end(s, t, kind, payload);
    story_fit_parts(s, chain_of(t)->facts == story_note, kind, payload);
    story_fit_scoring(s, t, kind, payload, now_ms);
    went_on(s, t, kind);
    *out = (struct story_told_paper){.type = type, .unit = t->unit};
    return true;
}
