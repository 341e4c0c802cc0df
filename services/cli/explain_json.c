/* explain_json.c - an explained deadline as JSON; records are CloudEvents with `log` and `seq`, so
 * that each can be found again. */
#include "common/contract.h"
#include "services/cli/explain_print.h"

static json_t *record_json(struct explain_case *c, const struct view_record *r)
{
    json_t *j = entry_to_json(owner_name(r->log), &r->entry, &c->arena);
    json_object_set_new(j, "log", json_string(owner_name(r->log)));
    if (r->type) json_object_set_new(j, "means", json_string(r->type->help));
    return j;
}

static json_t *chain_json(struct explain_case *c, const struct view_record *r)
{
    struct view_record chain[EXPLAIN_CHAIN_MAX];
    uint32_t n = explain_chain(c, r, chain);
    json_t *list = json_array();
    for (uint32_t i = 0; i < n; i++)
        json_array_append_new(list, record_json(c, &chain[i]));
    json_array_append_new(list, record_json(c, r));
    return list;
}

static json_t *time_json(int64_t ms, const struct zone *z)
{
    char text[40];
    time_format(ms, z, text);
    return json_string(text);
}

static json_t *clock_json(const struct explain_instance *i)
{
    struct explain_clock k;
    explain_clock(i, &k);
    const struct zone *z = k.calendar ? calendar_zone(k.calendar) : NULL;
    json_t *spans = json_array(), *days = json_array();
    for (uint32_t n = 0; n < k.span_count; n++) {
        json_array_append_new(
            spans, json_pack("{s:o, s:o, s:I}", "from", time_json(k.spans[n].from_ms, z), "to",
                             time_json(k.spans[n].to_ms, z), "minutes",
                             (json_int_t)((k.spans[n].to_ms - k.spans[n].from_ms) / MINUTE_MS)));
    }
    for (uint32_t n = 0; n < k.day_count; n++) {
        char day[11];
        day_format(k.days[n], day);
        json_array_append_new(days, json_string(day));
    }
    json_t *j = json_pack("{s:s, s:I, s:o, s:o, s:o, s:o}", "clock",
                          code_word(&codes_clock_kind, i->ev->clock), "minutes",
                          (json_int_t)i->ev->minutes, "start", time_json(i->ev->start, z), "due",
                          time_json(i->ev->due, z), "work", spans, "working_days", days);
    REQUIRE(j != NULL);
    if (k.moved_from_ms) json_object_set_new(j, "moved_from", time_json(k.moved_from_ms, z));
    if (k.known) json_object_set_new(j, "counted_again", time_json(k.due_ms, z));
    if (k.known) json_object_set_new(j, "agrees", json_boolean(k.due_ms == i->ev->due));
    return j;
}

static json_t *ladder_json(const struct explain_instance *i)
{
    struct rec_row_deadline row;
    json_t *list = json_array();
    if (!explain_row(i, &row)) return list;
    for (uint32_t k = 0; k < row.levels.n; k++) {
        const struct rec_level_line *l = &row.levels.v[k];
        const struct view_record *slip = l->level ? explain_reminder(i, l->level) : NULL;
        json_t *j = proto_to_json(shape_level_line(), l);
        json_object_set_new(j, "passed", json_boolean(k < row.passed));
        if (slip) {
            struct str number = view_text_of(slip, "number");
            json_object_set_new(j, "number", json_stringn(number.p, number.n));
        }
        json_array_append_new(list, j);
    }
    return list;
}

static json_t *of_kinds(const struct explain_instance *i, const enum event_kind *kinds,
                        size_t count)
{
    json_t *list = json_array();
    for (size_t k = 0; k < count; k++) {
        uint32_t at = 0;
        const struct view_record *r;
        while ((r = explain_record(i, kinds[k], &at)) != NULL) {
            json_array_append_new(list, record_json(i->of, r));
        }
    }
    return list;
}

json_t *explain_to_json(const struct explain_instance *i)
{
    static const enum event_kind levels[] = {EV_deadline_approaching, EV_deadline_passed};
    static const enum event_kind ends[] = {EV_deadline_stopped, EV_deadline_withdrawn,
                                           EV_deadline_dropped};
    return json_pack(
        "{s:s, s:s%, s:s%, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "holder", owner_name(i->holder),
        "case", i->ev->case_no.p, (size_t)i->ev->case_no.n, "deadline", i->ev->name.p,
        (size_t)i->ev->name.n, "item", (json_int_t)i->ev->item, "round", (json_int_t)i->ev->round,
        "started_by", chain_json(i->of, i->armed), "clock", clock_json(i), "ladder", ladder_json(i),
        "passed", of_kinds(i, levels, COUNT_OF(levels)), "end", of_kinds(i, ends, COUNT_OF(ends)));
}

json_t *explain_slip_to_json(struct explain_case *c, const struct view_record *slip)
{
    return chain_json(c, slip);
}
