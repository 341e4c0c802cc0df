/* explain_print.c - an explained deadline for people: what started it, how its due instant was
 * counted, the ladder and whom each level went to, and how it ended. */
#include "services/cli/explain_print.h"
#include "common/contract.h"
#include "services/cli/explain.h"
#include <inttypes.h>
#include <string.h>

/* "Mon 2026-03-02 15:00" */
static const char *when(int64_t ms, const struct zone *z, char out[48])
{
    static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    char text[40];
    int32_t day = 0;
    time_format_local(ms, z, text);
    (void)!day_parse((struct str){text, 10}, &day);
    (void)snprintf(out, 48, "%s %s", names[day_weekday(day) - 1], text);
    return out;
}

static const struct zone *zone_of(const struct explain_instance *i)
{
    struct view *v = i->of->view;
    const struct calendar *c = view_calendar(v, i->ev->calendar, i->ev->unit);
    return c ? calendar_zone(c) : NULL;
}

/* One record of the chain, with what its contract says it means. */
static void print_record(FILE *out, const struct view_record *r, const struct zone *z)
{
    static const char *const skip[] = {"case_no", "call_no", "item",   "name", "round",
                                       "unit",    "person",  "policy", NULL};
    const struct rec_entry *e = &r->entry;
    char text[48];
    fprintf(out, "  %s  %s #%" PRIu64 "  %s, rule %.*s: %s\n", when(e->now, z, text),
            owner_name(r->log), e->seq, r->type ? r->type->type : "unknown", STR_ARG(e->rule),
            r->type ? r->type->help : "");
    fputs("      ", out);
    if (e->occurred) fprintf(out, "happened %s, ", when(e->occurred, z, text));
    if (e->received) fprintf(out, "received %s, ", when(e->received, z, text));
    if (e->source.n) fprintf(out, "reported by %.*s, ", STR_ARG(e->source));
    if (e->id.n) fprintf(out, "id %.*s, ", STR_ARG(e->id));
    if (e->actor.n) fprintf(out, "done by %.*s, ", STR_ARG(e->actor));
    fprintf(out, "policy version %" PRIu64 "\n", e->policy);
    if (!r->payload) return;
    fputs("      ", out);
    view_print_fields(out, r->type->shape(), r->payload, z, skip);
    fputc('\n', out);
}

/* ---- the clock ---- */

static void print_days(FILE *out, const struct explain_clock *k)
{
    char text[11];
    for (uint32_t i = 0; i < k->day_count; i++) {
        day_format(k->days[i], text);
        fprintf(out, "      working day %" PRIu32 ": %s\n", i + 1, text);
    }
}

/* "126 min" or "126 min 25 s", so that the parts add up for the reader. */
static void print_length(FILE *out, int64_t ms)
{
    fprintf(out, "%" PRId64 " min", ms / MINUTE_MS);
    if (ms % MINUTE_MS) fprintf(out, " %g s", (double)(ms % MINUTE_MS) / 1000);
}

static void print_spans(FILE *out, const struct explain_clock *k, const struct zone *z)
{
    char from[48], to[48];
    for (uint32_t i = 0; i < k->span_count; i++) {
        const struct explain_span *s = &k->spans[i];
        bool same_day = zone_day(z, s->from_ms) == zone_day(z, s->to_ms);
        when(s->from_ms, z, from);
        when(s->to_ms, z, to);
        fprintf(out, "      %s-%s  ", from, same_day ? to + 15 : to);
        print_length(out, s->to_ms - s->from_ms);
        fputc('\n', out);
    }
    if (!k->cut) return;
    fputs("      … and so on, ", out);
    print_length(out, k->worked_ms);
    fputs(" in all\n", out);
}

static void print_verdict(FILE *out, const struct explain_instance *i,
                          const struct explain_clock *k, const struct zone *z)
{
    char text[48];
    fprintf(out, "      -> due %s", when(i->ev->due, z, text));
    int64_t last = k->span_count ? k->spans[k->span_count - 1].to_ms : i->ev->due;
    if (i->ev->clock == clock_kind_working && !k->cut && last < i->ev->due) {
        fputs(" (used up at a closing: on time until work begins again)", out);
    }
    if (k->known && k->due_ms == i->ev->due) fputs(", counted again: agrees\n", out);
    if (k->known && k->due_ms != i->ev->due) {
        fprintf(out, ", but today's policy set gives %s: it was changed since\n",
                when(k->due_ms, z, text));
    }
    if (!k->known)
        fputs(k->calendar ? "\n" : " (its calendar is not in today's policy set)\n", out);
}

static void print_clock(FILE *out, const struct explain_instance *i, const struct explain_clock *k,
                        const struct zone *z)
{
    const struct ev_deadline_armed *ev = i->ev;
    char text[48];
    const char *word = code_word(&codes_clock_kind, ev->clock);
    if (ev->clock == clock_kind_given) {
        fprintf(out, "    the due instant was set%s, not counted\n",
                str_is(ev->basis, "agreed") ? " by the customer (agreed)" : "");
    } else if (k->moved_from_ms) {
        fprintf(out, "    moved by a pause, from %s by %" PRId64 " %s minutes on calendar %.*s\n",
                when(k->moved_from_ms, z, text),
                (ev->clock == clock_kind_working ? k->worked_ms : ev->due - k->moved_from_ms) /
                    MINUTE_MS,
                word, STR_ARG(ev->calendar));
    } else if (ev->clock == clock_kind_day) {
        fprintf(out, "    %" PRIu32 " working day%s after %s on calendar %.*s\n", k->day_count,
                k->day_count == 1 ? "" : "s", when(ev->start, z, text), STR_ARG(ev->calendar));
    } else {
        fprintf(out, "    %" PRIu64 " %s minutes from %s", ev->minutes, word,
                when(ev->start, z, text));
        if (ev->clock == clock_kind_working)
            fprintf(out, " on calendar %.*s", STR_ARG(ev->calendar));
        fputs(":\n", out);
    }
    print_days(out, k);
    print_spans(out, k, z);
    print_verdict(out, i, k, z);
}

/* ---- the ladder ---- */

static const struct view_record *level_record(const struct explain_instance *i, uint64_t level)
{
    static const enum event_kind kinds[] = {EV_deadline_approaching, EV_deadline_passed};
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        uint32_t at = 0;
        const struct view_record *r;
        while ((r = explain_record(i, kinds[k], &at)) != NULL) {
            if (view_number_of(r, "level") == level) return r;
        }
    }
    return NULL;
}

static void print_level(FILE *out, const struct explain_instance *i, const struct rec_level_line *l,
                        const struct zone *z)
{
    char text[48];
    const struct view_record *reached = level_record(i, l->level),
                             *slip = explain_reminder(i, l->level);
    if (l->level == 0) {
        fprintf(out, "  the due instant  %s", when(l->at, z, text));
    } else {
        fprintf(out, "  level %" PRIu64 "  after %s  to %.*s", l->level, when(l->at, z, text),
                STR_ARG(l->to));
    }
    if (l->copy.n) fprintf(out, ", copy to %.*s", STR_ARG(l->copy));
    if (reached) {
        fprintf(out, ": passed, seen %s (%s #%" PRIu64 ")", when(reached->entry.now, z, text),
                owner_name(reached->log), reached->entry.seq);
    } else {
        fputs(": not reached", out);
    }
    if (slip) {
        fprintf(out, ", 催辦單 %.*s (escalation #%" PRIu64 ")",
                STR_ARG(view_text_of(slip, "number")), slip->entry.seq);
    }
    fputc('\n', out);
}

/* The levels that the last list entry's repetition went through. */
static void print_repeats(FILE *out, const struct explain_instance *i, uint64_t from,
                          const struct zone *z)
{
    uint32_t at = 0;
    const struct view_record *r;
    while ((r = explain_record(i, EV_deadline_passed, &at)) != NULL) {
        const struct ev_deadline_passed *x = r->payload;
        if (x->level <= from || x->level == 0) continue;
        struct rec_level_line l = {.level = x->level, .at = x->at, .to = x->to, .copy = x->copy};
        print_level(out, i, &l, z);
    }
}

static void print_ladder(FILE *out, const struct explain_instance *i, const struct zone *z)
{
    struct rec_row_deadline row;
    uint64_t highest = 0;
    fprintf(out, "ladder %.*s\n", STR_ARG(i->ev->set));
    bool has_row = explain_row(i, &row);
    for (uint32_t k = 0; has_row && k < row.levels.n; k++) {
        print_level(out, i, &row.levels.v[k], z);
        if (row.levels.v[k].level > highest) highest = row.levels.v[k].level;
    }
    print_repeats(out, i, highest, z);
}

/* ---- how it ended ---- */

static void print_end(FILE *out, const struct explain_instance *i, const struct zone *z)
{
    static const enum event_kind kinds[] = {EV_deadline_stopped, EV_deadline_withdrawn,
                                            EV_deadline_dropped};
    struct view_record chain[EXPLAIN_CHAIN_MAX];
    bool ended = false;
    fputs("end\n", out);
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        uint32_t at = 0;
        const struct view_record *r = explain_record(i, kinds[k], &at);
        if (!r) continue;
        uint32_t n = ended ? 0 : explain_chain(i->of, r, chain);
        for (uint32_t c = 0; c < n; c++)
            print_record(out, &chain[c], z);
        print_record(out, r, z);
        ended = true;
    }
    if (!ended) fputs("  still open\n", out);
}

/* What became of the slips of this deadline. */
static void print_slips(FILE *out, const struct explain_instance *i, const struct zone *z)
{
    bool any = false;
    for (uint32_t k = 0; k < i->of->count; k++) {
        const struct view_record *r = &i->of->records[k];
        if (strcmp(r->type->entity, "deadline") == 0 || r->log != OWNER_escalation) continue;
        if (r->type->kind == EV_reminder_issued || r->type->kind == EV_reminder_requested) continue;
        if (view_text_of(r, "name").n && !str_eq(view_text_of(r, "name"), i->ev->name)) continue;
        if (!any) fputs("催辦單 and 洽辦單 of the case afterwards\n", out);
        any = true;
        print_record(out, r, z);
    }
}

void explain_print(FILE *out, const struct explain_instance *i)
{
    const struct ev_deadline_armed *ev = i->ev;
    const struct zone *z = zone_of(i);
    struct view_record chain[EXPLAIN_CHAIN_MAX];
    struct explain_clock clock;
    fprintf(out, "deadline %.*s of %.*s", STR_ARG(ev->name), STR_ARG(ev->case_no));
    if (ev->item) fprintf(out, " / %" PRIu64, ev->item);
    fprintf(out, ", held by %s", owner_name(i->holder));
    if (ev->round) fprintf(out, ", armed %" PRIu64 " times before", ev->round);
    fputc('\n', out);
    if (ev->unit.n) fprintf(out, "  unit %.*s", STR_ARG(ev->unit));
    if (ev->person.n) fprintf(out, ", person %.*s", STR_ARG(ev->person));
    if (ev->policy.n) fprintf(out, ", service policy %.*s", STR_ARG(ev->policy));
    fputs("\nstarted by\n", out);
    uint32_t n = explain_chain(i->of, i->armed, chain);
    for (uint32_t k = 0; k < n; k++)
        print_record(out, &chain[k], z);
    print_record(out, i->armed, z);
    explain_clock(i, &clock);
    print_clock(out, i, &clock, z);
    print_ladder(out, i, z);
    print_end(out, i, z);
    print_slips(out, i, z);
}

void explain_print_slip(FILE *out, struct explain_case *c, const struct view_record *slip)
{
    const struct ev_reminder_issued *x = slip->payload;
    const struct zone *z = view_zone_of(c->view, x->unit);
    struct view_record chain[EXPLAIN_CHAIN_MAX];
    uint32_t n = explain_chain(c, slip, chain);
    fprintf(out, "催辦單 %.*s: %s %s", STR_ARG(x->number), code_word(&codes_reminder_kind, x->kind),
            code_label(&codes_reminder_kind, x->kind));
    if (x->level) fprintf(out, ", level %" PRIu64, x->level);
    if (x->to.n) fprintf(out, ", to %.*s", STR_ARG(x->to));
    if (x->kind == reminder_kind_overdue)
        fprintf(out, ", %" PRIu64 " min past due", x->overdue_min);
    fputs("\nissued because\n", out);
    for (uint32_t k = 0; k < n; k++)
        print_record(out, &chain[k], z);
    print_record(out, slip, z);
}
