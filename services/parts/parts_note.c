/* parts_note.c - the three-guarantee note 三包單: opened on what was approved, then signed,
 * stamped, drawn, shipped, tracked and received, each step once and in this order.
 *
 * Which steps a note must go through the parts policy says; a step that is not asked for may be
 * left out, drawing alone may not. Drawing moves the pieces from the store into the hand of who
 * draws them. Rules PRT-003, PRT-008, PRT-009, PRT-014, PRT-015. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

enum err parts_note_get(struct step *st, struct str note_no, struct rec_row_issue *out)
{
    struct key k = key_of(note_no);
    return step_get(st, PARTS_TABLE(ISSUE), &k, out);
}

struct str parts_note_holder(const struct rec_row_issue *note)
{
    return note->person.n ? note->person : note->unit;
}

/* ---- the basis: an approved request or report (PRT-002, PRT-003) ---- */

struct basis {
    struct rec_row_part_request request;
    struct rec_row_parts_report report;
};

static enum err refuse_unsigned(struct step *st, const char *what, struct str no, const char *state)
{
    st->rule = "PRT-003";
    return step_refuse(st, "not_approved", "request_no",
                       "%s %.*s is %s; a note is opened when the competent leader has signed", what,
                       STR_ARG(no), state);
}

static enum err load_request(struct step *st, struct rec_row_issue *r, struct basis *b)
{
    if (!r->request_no.n) return ERR_OK;
    st->rule = "PRT-003";
    enum err e = parts_request_find(st, r->request_no, &b->request);
    if (e != ERR_OK) return e;
    const struct rec_row_part_request *q = &b->request;
    if (q->state != part_request_state_approved) {
        return refuse_unsigned(st, "request", r->request_no,
                               code_word(&codes_part_request_state, q->state));
    }
    st->rule = "PRT-002";
    if (r->abnormal_no.n && q->abnormal_no.n && !str_eq(r->abnormal_no, q->abnormal_no)) {
        return step_refuse(st, "other_report", "abnormal_no",
                           "request %.*s rests on report %.*s, not on %.*s", STR_ARG(r->request_no),
                           STR_ARG(q->abnormal_no), STR_ARG(r->abnormal_no));
    }
    if (!r->abnormal_no.n) r->abnormal_no = q->abnormal_no;
    if (!r->call_no.n) r->call_no = q->call_no;
    return ERR_OK;
}

static enum err load_report(struct step *st, struct rec_row_issue *r, struct basis *b)
{
    if (!r->abnormal_no.n) return ERR_OK;
    st->rule = "PRT-002";
    enum err e = parts_report_get(st, r->abnormal_no, &b->report);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_report", "abnormal_no",
                           "there is no abnormality report %.*s; it begins with abnormal.logged",
                           STR_ARG(r->abnormal_no));
    }
    if (e != ERR_OK) return e;
    if (b->report.state != abnormal_state_approved) {
        return refuse_unsigned(st, "report", r->abnormal_no,
                               code_word(&codes_abnormal_state, b->report.state));
    }
    if (!r->call_no.n) r->call_no = b->report.call_no;
    return ERR_OK;
}

static enum err load_basis(struct step *st, struct rec_row_issue *r, struct basis *b)
{
    *b = (struct basis){0};
    enum err e = load_request(st, r, b);
    if (e == ERR_OK) e = load_report(st, r, b);
    if (e != ERR_OK || r->request_no.n || r->abnormal_no.n) return e;
    st->rule = "PRT-003";
    return step_refuse(st, "missing", "request_no",
                       "a note follows an approved request or abnormality report; name it");
}

/* ---- no more than was approved (PRT-015) ---- */

enum basis_kind { BASIS_REQUEST = 1, BASIS_REPORT };

static struct key issued_key(enum basis_kind kind, struct str no, struct str part_no)
{
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)kind);
    key_str(&k, no);
    key_str(&k, part_no);
    return k;
}

static enum err issued_get(struct step *st, enum basis_kind kind, struct str no, struct str part_no,
                           struct rec_row_part_issued *out)
{
    struct key k = issued_key(kind, no, part_no);
    *out = (struct rec_row_part_issued){0};
    enum err e = no.n ? step_get(st, PARTS_TABLE(ISSUED), &k, out) : ERR_OK;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err parts_note_has(struct step *st, struct str request_no, struct str report_no,
                        struct str part_no, bool *out)
{
    struct rec_row_part_issued a, b;
    enum err e = issued_get(st, BASIS_REQUEST, request_no, part_no, &a);
    if (e == ERR_OK) e = issued_get(st, BASIS_REPORT, report_no, part_no, &b);
    if (e == ERR_OK) *out = a.qty || b.qty;
    return e;
}

static enum err take(struct step *st, enum basis_kind kind, struct str no,
                     const struct rec_issue_line *l, uint64_t approved)
{
    struct key k = issued_key(kind, no, l->part_no);
    struct rec_row_part_issued issued;
    if (!no.n) return ERR_OK;
    enum err e = issued_get(st, kind, no, l->part_no, &issued);
    if (e != ERR_OK) return e;
    uint64_t allowed = approved > issued.qty ? approved - issued.qty : 0;
    st->rule = "PRT-015";
    if (l->qty > allowed) {
        return step_refuse(st, "over_approved", "lines",
                           "%llu of %.*s on the note, %llu are allowed: %llu were approved by "
                           "%.*s and %llu are on notes already",
                           (unsigned long long)l->qty, STR_ARG(l->part_no),
                           (unsigned long long)allowed, (unsigned long long)approved, STR_ARG(no),
                           (unsigned long long)issued.qty);
    }
    issued.qty += l->qty;
    step_put(st, PARTS_TABLE(ISSUED), &k, &issued);
    return ERR_OK;
}

static uint64_t in_lines(const struct rec_part_line *v, uint32_t n, struct str part_no)
{
    uint64_t qty = 0;
    for (uint32_t i = 0; i < n; i++)
        qty += str_eq(v[i].part_no, part_no) ? v[i].qty : 0;
    return qty;
}

static uint64_t by_request(const struct rec_row_part_request *q, struct str part_no)
{
    uint64_t qty = 0;
    if (q->approved.n) return in_lines(q->approved.v, q->approved.n, part_no);
    for (uint32_t i = 0; i < q->lines.n; i++)
        qty += str_eq(q->lines.v[i].part_no, part_no) ? q->lines.v[i].qty : 0;
    return qty;
}

static enum err take_all(struct step *st, const struct rec_row_issue *r, const struct basis *b)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < r->lines.n; i++) {
        const struct rec_issue_line *l = &r->lines.v[i];
        e = take(st, BASIS_REQUEST, r->request_no, l, by_request(&b->request, l->part_no));
        if (e != ERR_OK) break;
        e = take(st, BASIS_REPORT, r->abnormal_no, l,
                 in_lines(b->report.parts.v, b->report.parts.n, l->part_no));
    }
    return e;
}

/* A note that is void gives back what it had taken. */
static enum err give_back(struct step *st, enum basis_kind kind, struct str no,
                          const struct rec_issue_line *l)
{
    struct key k = issued_key(kind, no, l->part_no);
    struct rec_row_part_issued issued;
    if (!no.n) return ERR_OK;
    enum err e = step_get(st, PARTS_TABLE(ISSUED), &k, &issued);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    issued.qty -= l->qty < issued.qty ? l->qty : issued.qty;
    step_put(st, PARTS_TABLE(ISSUED), &k, &issued);
    return ERR_OK;
}

/* ---- who pays (PRT-001, PRT-009) ---- */

static enum err class_of(struct step *st, struct rec_row_issue *r, struct basis *b)
{
    struct rec_row_part_request plain = {.call_no = r->call_no}, *q = &plain;
    if (r->request_no.n) q = &b->request;
    enum part_class before = q->class;
    enum err e = ERR_OK;
    if (r->request_no.n) {
        e = parts_request_classify(st, r->request_no, q);
        struct key k = key_of(r->request_no);
        if (e == ERR_OK && q->class != before) step_put(st, PARTS_TABLE(REQUEST), &k, q);
    } else {
        e = parts_request_class(st, q);
    }
    r->class = q->class;
    return e;
}

static enum err check_quote(struct step *st, const struct rec_row_issue *r)
{
    struct rec_row_parts_call call;
    struct rec_row_mark mark;
    struct key k = key_of(r->call_no);
    if (r->class != part_class_paid || !r->call_no.n) return ERR_OK;
    enum err e = parts_call_get(st, r->call_no, &call);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    const struct service_policy *sp = policy_service(st->policy, call.policy);
    if (!sp || !sp->quote_required) return ERR_OK;
    e = step_get(st, PARTS_TABLE(QUOTED), &k, &mark);
    if (e != ERR_NOT_FOUND) return e;
    st->rule = "PRT-009";
    return step_refuse(st, "no_quote", "call_no",
                       "the parts for call %.*s are paid for; the customer accepts a quotation "
                       "before they are supplied (quote.accepted)",
                       STR_ARG(r->call_no));
}

/* ---- lines (PRT-008) ---- */

static enum err check_condition(struct step *st, const struct rec_issue_line *l,
                                const struct rec_row_item *item)
{
    bool is_new =
        l->condition == part_condition_none || l->condition == part_condition_new_original;
    if (is_new && item->original != yes_no_no) return ERR_OK;
    st->rule = "PRT-008";
    return step_refuse(
        st, "not_original", "lines",
        "%.*s is not new, complete, unused original goods 全新、完整、未使用的原裝品; "
        "nothing else is issued under this guarantee",
        STR_ARG(l->part_no));
}

/* The row has its own lines: each with its cost. */
static enum err fill_lines(struct step *st, struct rec_row_issue *r, bool new_only)
{
    struct rec_issue_line *v = arena_take(st->arena, r->lines.n * sizeof *v);
    for (uint32_t i = 0; i < r->lines.n; i++) {
        struct rec_row_item item;
        v[i] = r->lines.v[i];
        enum err e = parts_item_get(st, v[i].part_no, &item);
        if (e == ERR_OK && new_only) e = check_condition(st, &v[i], &item);
        if (e != ERR_OK) return e;
        if (!v[i].unit_cost) v[i].unit_cost = item.unit_cost;
        if (!v[i].name.n) v[i].name = item.name;
    }
    r->lines.v = v;
    return ERR_OK;
}

/* ---- opened ---- */

/* What the note does not say it has from its request, its report, its sender. */
static void fill_from(struct step *st, const struct ev_issue_opened *ev, struct rec_row_issue *r,
                      const struct basis *b)
{
    struct str unit = b->request.unit.n ? b->request.unit : b->report.unit;
    r->unit = ev->unit.n ? ev->unit : unit.n ? unit : st->in->source;
    if (!r->person.n) r->person = b->request.person;
    if (!r->store.n) r->store = r->unit;
}

static enum err on_opened(struct step *st, const void *payload, void *row)
{
    struct rec_row_issue *r = ((struct paper_at *)row)->row;
    const struct parts_policy *p;
    struct basis b;
    enum err e = load_basis(st, r, &b);
    if (e != ERR_OK) return e;
    fill_from(st, payload, r, &b);
    e = parts_policy_for(st, r->call_no, r->unit, &p);
    if (e != ERR_OK) return e;
    r->policy = p->id;
    st->rule = "PRT-002";
    if (p->request == PARTS_REQUEST_abnormal && !r->abnormal_no.n) {
        return step_refuse(st, "missing", "abnormal_no",
                           "under %.*s a note is opened on an abnormality report 產品異常信息報告",
                           STR_ARG(p->id));
    }
    e = class_of(st, r, &b);
    if (e == ERR_OK) e = check_quote(st, r);
    bool new_only = p->new_original || b.request.condition == part_condition_new_original;
    if (e == ERR_OK) e = fill_lines(st, r, new_only);
    return e == ERR_OK ? take_all(st, r, &b) : e;
}

/* ---- steps (PRT-014) ---- */

static enum issue_state step_of(enum event_kind kind)
{
    switch ((int)kind) {
    case EV_issue_signed:
        return issue_state_signed;
    case EV_issue_stamped:
        return issue_state_stamped;
    case EV_issue_drawn:
        return issue_state_drawn;
    case EV_issue_shipped:
        return issue_state_shipped;
    case EV_issue_tracked:
        return issue_state_tracked;
    }
    REQUIRE(kind == EV_issue_received);
    return issue_state_received;
}

static bool is_asked(const struct parts_policy *p, enum issue_state step)
{
    return step == issue_state_drawn ||
           words_have(p->issue_steps, str_of(code_word(&codes_issue_state, step)));
}

static enum err check_order(struct step *st, const struct parts_policy *p, enum issue_state done,
                            enum issue_state step)
{
    if (step <= done) {
        return step_refuse(st, "step_order", "note_no",
                           "the note is %s already; each step is done once",
                           code_word(&codes_issue_state, done));
    }
    for (enum issue_state s = done + 1; s < step; s++) {
        if (!is_asked(p, s)) continue;
        return step_refuse(st, "step_order", "note_no", "the note is %s; %s %s comes before %s",
                           code_word(&codes_issue_state, done), code_word(&codes_issue_state, s),
                           code_label(&codes_issue_state, s), code_word(&codes_issue_state, step));
    }
    return ERR_OK;
}

static enum err draw_line(struct step *st, struct str note_no, const struct rec_row_issue *r,
                          uint32_t i)
{
    const struct rec_issue_line *l = &r->lines.v[i];
    bool waits = false;
    enum err e = parts_backorder_waits(st, r, l->part_no, &waits);
    if (e != ERR_OK) return e;
    if (waits) {
        st->rule = "PRT-005";
        return step_refuse(st, "not_arrived", "note_no",
                           "%.*s of %s %.*s is waited for; report part.arrived_in_store first",
                           STR_ARG(l->part_no), r->request_no.n ? "request" : "report",
                           STR_ARG(r->request_no.n ? r->request_no : r->abnormal_no));
    }
    struct parts_move m = {.doc = parts_doc_issue,
                           .doc_no = note_no,
                           .line = i + 1,
                           .part_no = l->part_no,
                           .from = ledger_place_store,
                           .from_holder = r->store,
                           .to = ledger_place_hand,
                           .to_holder = parts_note_holder(r),
                           .qty = (int64_t)l->qty,
                           .unit_cost_fen = l->unit_cost};
    e = parts_move(st, &m);
    return e == ERR_OK ? parts_card_issued(st, r->card_no, l->part_no, (int64_t)l->qty) : e;
}

/* Where nothing is shipped, who draws it has it. */
static enum err end_shipping(struct step *st, const struct parts_policy *p,
                             const struct rec_row_issue *r, enum issue_state step)
{
    bool drawn = step == issue_state_drawn && !is_asked(p, issue_state_shipped);
    return drawn || step == issue_state_shipped ? parts_backorder_shipped(st, r) : ERR_OK;
}

static enum err on_step(struct step *st, const void *payload, void *row)
{
    const struct paper_at *a = row;
    struct rec_row_issue *r = a->row;
    const struct parts_policy *p = policy_parts(st->policy, r->policy);
    struct str note_no = paper_text(st->type->shape(), payload, "note_no");
    enum issue_state step = step_of(st->type->kind);
    enum err e = check_order(st, p, (enum issue_state)a->before, step);
    for (uint32_t i = 0; e == ERR_OK && step == issue_state_drawn && i < r->lines.n; i++)
        e = draw_line(st, note_no, r, i);
    if (e != ERR_OK) return e;
    r->state = step;
    return end_shipping(st, p, r, step);
}

static enum err on_cancelled(struct step *st, const void *payload, void *row)
{
    (void)payload;
    const struct rec_row_issue *r = ((struct paper_at *)row)->row;
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < r->lines.n; i++) {
        e = give_back(st, BASIS_REQUEST, r->request_no, &r->lines.v[i]);
        if (e == ERR_OK) e = give_back(st, BASIS_REPORT, r->abnormal_no, &r->lines.v[i]);
    }
    return e;
}

/* ---- the paper ---- */

#define UNDRAWN (IN(issue_state_opened) | IN(issue_state_signed) | IN(issue_state_stamped))
#define ALIVE                                                                                      \
    (UNDRAWN | IN(issue_state_drawn) | IN(issue_state_shipped) | IN(issue_state_tracked) |         \
     IN(issue_state_received))

static const struct transition rows[] = {
    {EV_issue_opened, PAPER_NEW, issue_state_opened, on_opened, "PRT-014"},
    {EV_issue_signed, ALIVE, 0, on_step, "PRT-014"},
    {EV_issue_stamped, ALIVE, 0, on_step, "PRT-014"},
    {EV_issue_drawn, ALIVE, 0, on_step, "PRT-014"},
    {EV_issue_shipped, ALIVE, 0, on_step, "PRT-014"},
    {EV_issue_tracked, ALIVE, 0, on_step, "PRT-014"},
    {EV_issue_received, ALIVE, 0, on_step, "PRT-014"},
    {EV_issue_cancelled, UNDRAWN, issue_state_cancelled, on_cancelled, "PRT-014"},
};

static const struct deadline_row clocks[] = {
    {.name = "part.arrive_confirm",
     .rule = "PRT-013",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_issue_shipped},
     .stop = {EV_issue_received}},
};

const struct paper parts_note = {.name = "issue",
                                 .label = "three-guarantee note 三包單",
                                 .table = PARTS_TABLE(ISSUE),
                                 .states = &codes_issue_state,
                                 .keys = {"note_no"},
                                 PAPER_ROWS(rows),
                                 PAPER_CLOCKS(clocks)};
