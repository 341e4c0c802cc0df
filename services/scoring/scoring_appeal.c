/* scoring_appeal.c - the appeal 申述 against a published result: first to the direct superior, then
 * in writing to a higher manager or HR; each level answers in its time. Who does not object in time
 * loses the right. A ruling that changes something publishes a new revision, against which one may
 * appeal again. Rules SCO-004, SCO-038. */
#include "common/contract.h"
#include "services/scoring/scoring_private.h"

static const struct deadline_row file_clock = {
    .name = "scoring.appeal_file", .rule = "SCO-038", .from = FROM_START, .due = DUE_SETTING};
static const struct deadline_row answer_clock = {
    .name = "scoring.appeal_answer", .rule = "SCO-038", .from = FROM_START, .due = DUE_SETTING};

static struct deadline_ctx ctx_of(struct step *st, const struct rec_row_score_sheet *sheet,
                                  struct str person)
{
    return (struct deadline_ctx){
        .case_no = paper_case(st, &scoring_sheet_paper, shape_row_score_sheet(), sheet),
        .unit = sheet->unit,
        .person = person,
        .occurred_ms = step_occurred(st),
        .start_ms = step_occurred(st)};
}

enum err scoring_appeal_open(struct step *st, struct rec_row_score_sheet *sheet, int64_t at_ms)
{
    struct rec_row_deadline row;
    struct deadline_ctx c = ctx_of(st, sheet, sheet->person);
    c.start_ms = at_ms;
    sheet->appeal_until = 0;
    enum err e = deadline_arm(st, &file_clock, &c, (struct str){0});
    if (e == ERR_OK) e = deadline_get(st, c.case_no, 0, file_clock.name, &row);
    if (e == ERR_OK && row.end == deadline_end_open) sheet->appeal_until = row.due;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Nobody is reminded: the right has lapsed. */
enum err scoring_appeal_passed(struct step *st, const struct passed *what)
{
    struct deadline_ctx c = {.case_no = arena_str(st->arena, what->case_no)};
    if (!what->is_due || !str_is(what->name, file_clock.name)) return ERR_OK;
    return deadline_cancel(st, &file_clock, &c, STR("the right to appeal has lapsed"));
}

/* ---- filed ---- */

static enum err check_written(struct step *st, const struct ev_scoring_appeal_filed *ev)
{
    if (ev->written == yes_no_yes && ev->to) return ERR_OK;
    return step_refuse(st, "written", ev->to ? "written" : "to",
                       "the second level is appealed to in writing, to a higher manager or HR");
}

static enum err check_filed(struct step *st, const struct rec_row_score_sheet *sheet,
                            const struct ev_scoring_appeal_filed *ev, uint64_t level)
{
    bool first = sheet->appeal == 0;
    bool goes_on =
        sheet->appeal == score_appeal_state_level1 || sheet->appeal == score_appeal_state_settled;
    if (level == 1 ? !first : !goes_on) {
        return step_refuse(st, "level", "level",
                           level == 1 ? "against this revision an appeal was filed; level 2 is next"
                                      : "it is first tried with the direct superior, level 1");
    }
    bool asked = sheet->appeal == score_appeal_state_level1; /* he has not answered yet */
    if (!asked && sheet->appeal_until && step_occurred(st) > sheet->appeal_until) {
        char until[40];
        time_format_local(sheet->appeal_until, step_zone(st, sheet->unit), until);
        return step_refuse(st, "lapsed", "first", "it could be appealed against until %s", until);
    }
    return level == 1 ? ERR_OK : check_written(st, ev);
}

enum err scoring_appeal_filed(struct step *st, const void *payload, void *row)
{
    const struct ev_scoring_appeal_filed *ev = payload;
    struct rec_row_score_sheet *sheet = ((struct paper_at *)row)->row;
    uint64_t level = ev->level ? ev->level : 1;
    enum err e = check_filed(st, sheet, ev, level);
    if (e != ERR_OK) return e;
    struct deadline_ctx c = ctx_of(st, sheet, level == 1 ? sheet->manager : sheet->next_level);
    sheet->appeal = level == 1 ? score_appeal_state_level1 : score_appeal_state_level2;
    sheet->appeal_to = level == 1 ? 0 : ev->to;
    e = deadline_stop(st, &file_clock, &c);
    if (e == ERR_OK) e = deadline_cancel(st, &answer_clock, &c, STR("to the next level"));
    return e == ERR_OK ? deadline_arm(st, &answer_clock, &c, (struct str){0}) : e;
}

/* ---- ruled ---- */

/* Level 1 is his superior's; level 2 the next level's or HR's, and not again the superior's. */
static enum err check_ruler(struct step *st, const struct rec_row_score_sheet *sheet, struct str by)
{
    const char *what = "answers this appeal";
    const struct scheme *s;
    struct str who = scoring_actor(st, by), named = sheet->next_level;
    if (sheet->appeal == score_appeal_state_level1)
        return scoring_judge(st, sheet, sheet->manager, by, what);
    bool hr = sheet->appeal_to == score_appeal_to_hr;
    if (hr) named = (struct str){0};
    enum err e = scoring_scheme(st, sheet->scheme, sheet->first, &s);
    if (e == ERR_OK) e = scoring_judge(st, sheet, named, by, what);
    if (e == ERR_OK && hr) e = scoring_may(st, s->sheet.archive, by, what);
    if (e != ERR_OK || str_eq(who, named) || !str_eq(who, sheet->manager)) return e;
    return step_refuse(st, "no_right", "by", "%.*s was the first level; a higher one or HR answers",
                       STR_ARG(who));
}

/* Final only if it was: who has not signed yet still does (SCO-004). */
static uint32_t state_before(const struct rec_row_score_sheet *sheet)
{
    bool is_signed = sheet->signed_employee.n && sheet->signed_manager.n;
    return is_signed && sheet->interviewed_on ? score_sheet_state_acknowledged
                                              : score_sheet_state_published;
}

static enum err correct(struct step *st, struct rec_row_score_sheet *sheet,
                        const struct ev_scoring_appeal_ruled *ev, struct scoring_entries *all)
{
    enum err e = scoring_entries_load(st, sheet, all);
    for (uint32_t i = 0; e == ERR_OK && i < ev->lines.n; i++) {
        const struct rec_score_line *l = &ev->lines.v[i];
        struct ev_scoring_item_scored entry = {.person = sheet->person,
                                               .scheme = sheet->scheme,
                                               .first = sheet->first,
                                               .item = l->item,
                                               .rater = l->rater,
                                               .word = l->word,
                                               .points = l->points,
                                               .actual = l->actual,
                                               .reason = l->reason,
                                               .entry = l->event,
                                               .by = scoring_actor(st, ev->by)};
        e = scoring_entry_add(st, sheet, all, &entry);
    }
    return e;
}

static enum err change(struct step *st, struct rec_row_score_sheet *sheet,
                       const struct ev_scoring_appeal_ruled *ev)
{
    struct scoring_entries all;
    enum err e = correct(st, sheet, ev, &all);
    const struct reckoned *r = e == ERR_OK ? scoring_entries_reckon(st, &all, &e) : NULL;
    if (e != ERR_OK) return e;
    if (scoring_print(r) == sheet->print) {
        return step_refuse(st, "unchanged", "changed",
                           "with these entries the result stays as it is; say which are right, or "
                           "changed: no");
    }
    e = scoring_entries_tell(st, sheet, r);
    return e == ERR_OK ? scoring_publish(st, sheet, r) : e;
}

enum err scoring_appeal_ruled(struct step *st, const void *payload, void *row)
{
    const struct ev_scoring_appeal_ruled *ev = payload;
    struct rec_row_score_sheet *sheet = ((struct paper_at *)row)->row;
    struct deadline_ctx c = ctx_of(st, sheet, (struct str){0});
    bool level1 = sheet->appeal == score_appeal_state_level1;
    if (ev->lines.n && ev->changed != yes_no_yes) {
        return step_refuse(st, "unchanged", "lines",
                           "a ruling that changes nothing has no entries; leave them out");
    }
    enum err e = check_ruler(st, sheet, ev->by);
    if (e == ERR_OK) e = deadline_stop(st, &answer_clock, &c);
    if (e != ERR_OK) return e;
    if (ev->changed == yes_no_yes) return change(st, sheet, ev);
    sheet->state = state_before(sheet);
    sheet->appeal = level1 ? score_appeal_state_settled : score_appeal_state_ruled;
    return level1 ? scoring_appeal_open(st, sheet, step_occurred(st)) : ERR_OK;
}
