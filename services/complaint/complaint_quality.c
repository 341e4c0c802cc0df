/* complaint_quality.c - what the room of the quality issues hears: of the cases that grow from
 * them, of sorting, suspect goods, vehicles and break points in dispatch's log, of its clocks.
 *
 * Dispatch may be ahead of the report of an issue: what it tells is kept by the quality number,
 * whether the issue is known or not. Rules CMP-095, CMP-102 … CMP-106, CMP-116. */
#include "services/complaint/complaint_private.h"
#include <string.h>

/* ---- cases ---- */

/* CMP-095: liability of our own needs a defect that is confirmed to be ours. */
static enum err link_case(struct step *st, const struct complaint *c)
{
    struct rec_row_quality r;
    enum err e = complaint_quality_find(st, c->r.quality_no, "quality_no", &r);
    if (e != ERR_OK) return e;
    if (r.type != quality_type_quality) {
        st->rule = "CMP-095";
        return step_refuse(st, "not_our_defect", "quality_no",
                           "quality issue %.*s is of type %s; only a confirmed defect of ours "
                           "質量問題 leads to a complaint (quality.type_changed)",
                           STR_ARG(c->r.quality_no),
                           r.type ? code_label(&codes_quality_type, r.type) : "not said");
    }
    r.case_no = c->no;
    complaint_quality_put(st, c->r.quality_no, &r);
    return ERR_OK;
}

enum err complaint_quality_on_case(struct step *st, struct complaint *c, const void *payload)
{
    (void)payload;
    enum err e = ERR_OK;
    bool opened = st->type->kind == EV_complaint_received;
    if (opened && c->r.quality_no.n) e = link_case(st, c);
    if (e != ERR_OK || !c->r.project.n) return e;
    if (opened) return complaint_quality_project(st, c->r.project, PROJECT_CASE, c->no);
    if (st->type->kind == EV_complaint_resubmitted && c->r.child_no.n)
        return complaint_quality_project(st, c->r.project, PROJECT_CASE, c->r.child_no);
    return ERR_OK;
}

/* A case does not wait for its quality issue, which has a clock of its own. */
/* ---- what dispatch tells ---- */

enum err complaint_quality_plant(struct step *st, struct str no, struct rec_row_quality_plant *out)
{
    struct key k = key_of(no);
    *out = (struct rec_row_quality_plant){0};
    enum err e = step_get(st, COMPLAINT_TABLE(QUALITY_PLANT), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void plant_put(struct step *st, struct str no, const struct rec_row_quality_plant *p)
{
    struct key k = key_of(no);
    step_put(st, COMPLAINT_TABLE(QUALITY_PLANT), &k, p);
}

enum item_kind { ITEM_SUSPECT = 1, ITEM_DEFECT = 2 };

static struct key item_key(enum item_kind kind, struct str number, struct str body_no)
{
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)kind);
    key_str(&k, number);
    key_str(&k, body_no);
    return k;
}

static enum err count(struct step *st, struct str no, enum item_kind kind, bool open)
{
    struct rec_row_quality_plant p;
    enum err e = complaint_quality_plant(st, no, &p);
    if (e != ERR_OK) return e;
    uint64_t *n = kind == ITEM_SUSPECT ? &p.suspects : &p.defects;
    REQUIRE(open || *n > 0);
    *n = open ? *n + 1 : *n - 1;
    plant_put(st, no, &p);
    return ERR_OK;
}

/* A slip or a vehicle opens or ends; telling it twice counts once. */
static enum err item(struct step *st, struct key k, enum item_kind kind, struct str quality_no,
                     bool open)
{
    struct rec_row_quality_item row = {0};
    enum err e = step_get(st, COMPLAINT_TABLE(QUALITY_ITEM), &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (row.open == open) return ERR_OK;
    if (open) row.quality_no = quality_no;
    row.open = open;
    step_put(st, COMPLAINT_TABLE(QUALITY_ITEM), &k, &row);
    return count(st, row.quality_no, kind, open);
}

static enum err on_suspect(struct step *st, struct str form_no, struct str quality_no, bool open)
{
    return item(st, item_key(ITEM_SUSPECT, form_no, (struct str){0}), ITEM_SUSPECT, quality_no,
                open);
}

static enum err on_defect(struct step *st, struct str quality_no, struct str body_no, bool open)
{
    return item(st, item_key(ITEM_DEFECT, quality_no, body_no), ITEM_DEFECT, quality_no, open);
}

/* The measure stands and falls with its break point (CMP-106). */
static enum err move_issue(struct step *st, struct str no, enum quality_breakpoint now,
                           struct str missed_area)
{
    struct rec_row_quality r;
    enum err e = complaint_quality_get(st, no, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    bool planned = r.state == quality_state_measure_planned;
    bool verifying = r.state == quality_state_verifying;
    if (now == quality_breakpoint_online && planned) {
        r.state = quality_state_verifying;
    } else if (now == quality_breakpoint_failed && (planned || verifying)) {
        struct ev_quality_measure_reopened ev = {no, missed_area};
        r.state = quality_state_measure_planned;
        r.failures++;
        step_emit_as(st, "CMP-106", EV_quality_measure_reopened, &ev);
    } else {
        return ERR_OK;
    }
    complaint_quality_put(st, no, &r);
    return ERR_OK;
}

static enum err on_breakpoint(struct step *st, struct str no, enum quality_breakpoint now,
                              struct str identifier, struct str missed_area)
{
    struct rec_row_quality_plant p;
    enum err e = complaint_quality_plant(st, no, &p);
    if (e != ERR_OK) return e;
    p.breakpoint = now;
    if (identifier.n) p.identifier = identifier;
    if (now == quality_breakpoint_online) p.online_at = step_occurred(st);
    plant_put(st, no, &p);
    return move_issue(st, no, now, missed_area);
}

static enum err on_sorting(struct step *st, struct str no, enum event_kind kind)
{
    struct rec_row_quality_plant p;
    enum err e = complaint_quality_plant(st, no, &p);
    if (e != ERR_OK) return e;
    if (kind == EV_sorting_plan_agreed) p.plan_at = step_occurred(st);
    if (kind == EV_sorting_opened) p.opened_at = step_occurred(st);
    if (kind == EV_sorting_area_done) p.areas_done++;
    plant_put(st, no, &p);
    return ERR_OK;
}

enum err complaint_quality_upstream(struct step *st, const void *payload)
{
    const struct str none = {0};
    if (st->from != OWNER_dispatch) return ERR_STALE;
    const struct shape *s = st->type->shape();
    struct str no = paper_text(s, payload, "quality_no");
    struct str form_no = paper_text(s, payload, "form_no");
    struct str body_no = paper_text(s, payload, "body_no");
    switch ((int)st->type->kind) {
    case EV_sorting_plan_agreed:
    case EV_sorting_opened:
    case EV_sorting_area_done:
        return on_sorting(st, no, st->type->kind);
    case EV_breakpoint_given:
        return on_breakpoint(st, no, quality_breakpoint_given,
                             ((const struct ev_breakpoint_given *)payload)->identifier, none);
    case EV_breakpoint_online:
        return on_breakpoint(st, no, quality_breakpoint_online, none, none);
    case EV_breakpoint_valid:
        return on_breakpoint(st, no, quality_breakpoint_valid, none, none);
    case EV_breakpoint_failed:
        return on_breakpoint(st, no, quality_breakpoint_failed, none,
                             ((const struct ev_breakpoint_failed *)payload)->missed_area);
    case EV_suspect_opened:
        return on_suspect(st, form_no, no, true);
    case EV_suspect_released:
    case EV_suspect_exchanged:
        return on_suspect(st, form_no, no, false);
    case EV_defect_tracked:
        return on_defect(st, no, body_no, true);
    case EV_defect_verified:
        if (((const struct ev_defect_verified *)payload)->effective == yes_no_no) return ERR_OK;
        return on_defect(st, no, body_no, false);
    }
    return ERR_STALE;
}

/* ---- its clocks ---- */

enum err complaint_quality_passed(struct step *st, const struct passed *what)
{
    if (!what->is_due || !str_is(what->name, "quality.month")) return ERR_OK;
    return complaint_quality_report(st, what);
}
