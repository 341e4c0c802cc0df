/* show_complaint.c - `cuiban show complaint NUMBER`: the way of a 客戶抱怨處理表, link by link, and
 * whose time it was.
 *
 * The links of a case follow each other without a gap (complaint_relay.c), and every link gets the
 * whole seconds between two running sums, so that the parts add up to the whole exactly, on the
 * wall clock and on the working calendar of the set alike. A limit is counted on the clock of its
 * own deadline. Rules CMP-036, CMP-051, CMP-054. */
#include "common/contract.h"
#include "common/deadline.h"
#include "services/cli/commands.h"
#include "services/complaint/complaint.h"
#include <inttypes.h>
#include <string.h>

#define LINKS_MAX 512
#define TOTAL "complaint.total"

/* Seconds on the clock of a limit. */
struct limit {
    bool known;
    enum clock_kind clock;
    int64_t limit_s, used_s, overdue_s;
    bool late; /* also when no working second lies between limit and end */
};

struct link {
    struct rec_row_complaint_link r;
    int64_t since_ms, until_ms;
    int64_t elapsed_s, working_s;
    struct limit limit;
};

struct holder {
    struct str unit;
    uint64_t links, late;
    int64_t elapsed_s, working_s;
};

struct tale {
    struct view *v;
    struct arena arena;
    struct str no;
    struct rec_row_complaint row;
    const struct calendar *calendar; /* NULL: no policy set, nothing is said of working time */
    const struct zone *zone;
    int64_t from_ms, to_ms;
    struct link *links;
    struct holder *holders;
    uint32_t link_count, holder_count;
    struct limit total;
    int64_t total_due_ms;
};

/* ---- rows ---- */

static enum err decoded(struct tale *t, enum err e, const struct shape *shape, struct slice value,
                        void *row)
{
    struct fault why;
    if (e != ERR_OK) return e;
    e = proto_decode(shape, arena_copy(&t->arena, value), &t->arena, row, &why);
    return e == ERR_OK ? ERR_OK : ERR_CORRUPT;
}

static enum err row_of(struct tale *t, uint8_t table, const struct shape *shape,
                       const struct key *k, void *row)
{
    struct slice value;
    enum err e = reader_get(t->v->reader, OWNER_complaint, table, k, &value);
    return decoded(t, e, shape, value, row);
}

/* By its own number or its complaint number. */
static enum err find(struct tale *t, struct str name)
{
    struct rec_row_complaint_number number;
    struct key k;
    t->no = name;
    if (!view_key_of(name, &k)) return ERR_NOT_FOUND;
    enum err e = row_of(t, complaint_tables[COMPLAINT_CASE].id, shape_row_complaint(), &k, &t->row);
    if (e != ERR_NOT_FOUND) return e;
    e = row_of(t, complaint_tables[COMPLAINT_NUMBER].id, shape_row_complaint_number(), &k, &number);
    if (e != ERR_OK) return e;
    t->no = number.case_no;
    k = key_of(t->no);
    e = row_of(t, complaint_tables[COMPLAINT_CASE].id, shape_row_complaint(), &k, &t->row);
    return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

static enum err read_links(struct tale *t)
{
    uint8_t table = complaint_tables[COMPLAINT_LINK].id;
    struct key prefix = key_of(t->no), at = {.n = 0};
    struct slice value;
    enum err e;
    t->links = arena_take(&t->arena, LINKS_MAX * sizeof *t->links);
    while ((e = reader_row(t->v->reader, OWNER_complaint, table, &prefix, &at, &value)) == ERR_OK) {
        if (t->link_count == LINKS_MAX) return ERR_FULL;
        struct link *l = &t->links[t->link_count++];
        *l = (struct link){0};
        e = decoded(t, ERR_OK, shape_row_complaint_link(), value, &l->r);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err deadline_of(struct tale *t, struct str name, struct rec_row_deadline *out)
{
    struct str case_no = arena_printf(&t->arena, "complaint/%.*s", STR_ARG(t->no));
    struct key k = deadline_key(case_no, 0, name);
    return row_of(t, TABLE_DEADLINE, shape_row_deadline(), &k, out);
}

/* ---- counting ---- */

static int64_t seconds(const struct tale *t, const struct rec_row_deadline *d, int64_t from_ms,
                       int64_t to_ms)
{
    if (to_ms <= from_ms) return 0;
    if (d->clock != clock_kind_working) return (to_ms - from_ms) / 1000;
    const struct calendar *c = view_calendar(t->v, d->calendar, d->unit);
    return c ? calendar_worked(c, from_ms, to_ms) / 1000 : 0;
}

static struct limit measured(const struct tale *t, const struct rec_row_deadline *d, int64_t to_ms)
{
    return (struct limit){.known = d->clock != clock_kind_working || t->calendar,
                          .clock = d->clock,
                          .limit_s = seconds(t, d, d->start, d->due),
                          .used_s = seconds(t, d, d->start, to_ms),
                          .overdue_s = seconds(t, d, d->due, to_ms),
                          .late = to_ms > d->due};
}

/* What a link that has ended says itself is what its 洽辦單 says; its deadline may have been armed
 * anew since. */
static enum err measure(struct tale *t, struct link *l)
{
    struct rec_row_deadline d;
    if (!l->r.deadline.n) return ERR_OK;
    enum err e = deadline_of(t, l->r.deadline, &d);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    l->limit = measured(t, &d, l->until_ms);
    if (!l->r.until || !l->r.due) return ERR_OK;
    l->limit.limit_s = (int64_t)l->r.limit_s;
    l->limit.used_s = (int64_t)l->r.taken_s;
    l->limit.overdue_s = (int64_t)l->r.overdue_s;
    l->limit.late = l->until_ms > l->r.due;
    return ERR_OK;
}

static struct holder *holder_of(struct tale *t, struct str unit)
{
    for (uint32_t i = 0; i < t->holder_count; i++) {
        if (str_eq(t->holders[i].unit, unit)) return &t->holders[i];
    }
    struct holder *h = &t->holders[t->holder_count++];
    *h = (struct holder){.unit = unit};
    return h;
}

static int64_t worked_s(const struct tale *t, int64_t to_ms)
{
    return t->calendar ? calendar_worked(t->calendar, t->from_ms, to_ms) / 1000 : 0;
}

/* A link that is open lasts to the end that is looked at. */
static enum err count(struct tale *t)
{
    enum err e = ERR_OK;
    t->holders = arena_take(&t->arena, (t->link_count + 1) * sizeof *t->holders);
    for (uint32_t i = 0; e == ERR_OK && i < t->link_count; i++) {
        struct link *l = &t->links[i];
        l->since_ms = l->r.since;
        l->until_ms = l->r.until ? l->r.until : t->to_ms;
        l->elapsed_s = (l->until_ms - t->from_ms) / 1000 - (l->since_ms - t->from_ms) / 1000;
        l->working_s = worked_s(t, l->until_ms) - worked_s(t, l->since_ms);
        e = measure(t, l);
        struct holder *h = holder_of(t, l->r.unit);
        h->links++;
        h->late += l->limit.late;
        h->elapsed_s += l->elapsed_s;
        h->working_s += l->working_s;
    }
    return e;
}

/* Who held it longest comes first. */
static void sort_holders(struct tale *t)
{
    for (uint32_t i = 1; i < t->holder_count; i++) {
        struct holder x = t->holders[i];
        uint32_t j = i;
        for (; j > 0 && t->holders[j - 1].elapsed_s < x.elapsed_s; j--)
            t->holders[j] = t->holders[j - 1];
        t->holders[j] = x;
    }
}

static enum err gather(struct tale *t)
{
    struct rec_row_deadline d;
    int64_t now_ms = 0;
    enum err e = read_links(t);
    if (e == ERR_OK) e = reader_now(t->v->reader, OWNER_complaint, &now_ms);
    if (e != ERR_OK || t->link_count == 0) return e == ERR_OK ? ERR_CORRUPT : e;
    const struct link *last = &t->links[t->link_count - 1];
    t->from_ms = t->links[0].r.since;
    t->to_ms = last->r.until ? last->r.until : now_ms;
    if (t->to_ms < last->r.since) t->to_ms = last->r.since; /* told before it happened */
    e = count(t);
    sort_holders(t);
    if (e == ERR_OK) e = deadline_of(t, STR(TOTAL), &d);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    t->total = measured(t, &d, t->to_ms);
    t->total_due_ms = d.due;
    return ERR_OK;
}

/* ---- printing ---- */

static const char *span_text(int64_t s, char out[40])
{
    snprintf(out, 40, "%" PRId64 ":%02d:%02d", s / 3600, (int)(s / 60 % 60), (int)(s % 60));
    return out;
}

/* Hours, minutes and seconds for people, seconds for programs. */
static void span(const struct tale *t, struct listing *l, int64_t s, bool known)
{
    char text[40];
    if (!known)
        listing_text(l, (struct str){0});
    else if (t->v->form == LISTING_table)
        listing_text(l, str_of(span_text(s, text)));
    else
        listing_number(l, s);
}

static void spans_of_limit(const struct tale *t, struct listing *l, const struct limit *m)
{
    listing_code(l, &codes_clock_kind, m->known ? m->clock : clock_kind_none);
    span(t, l, m->limit_s, m->known);
    span(t, l, m->used_s, m->known);
    span(t, l, m->limit_s - m->used_s, m->known && !m->late);
    span(t, l, m->overdue_s, m->known && m->late);
}

static const struct listing_column chain_columns[] = {{"n", "n", true},
                                                      {"step", "step", false},
                                                      {"state", "state", false},
                                                      {"holder", "holder", false},
                                                      {"since", "since", false},
                                                      {"until", "until", false},
                                                      {"clock", "clock", false},
                                                      {"limit_s", "limit", true},
                                                      {"used_s", "used", true},
                                                      {"slack_s", "slack", true},
                                                      {"overdue_s", "overdue", true},
                                                      {"elapsed_s", "elapsed", true},
                                                      {"working_s", "working", true}};

static void print_chain(const struct tale *t)
{
    struct listing *l =
        listing_begin(t->v->out, t->v->form, chain_columns, COUNT_OF(chain_columns));
    for (uint32_t i = 0; i < t->link_count; i++) {
        const struct link *x = &t->links[i];
        listing_number(l, (int64_t)i + 1);
        listing_text(l, x->r.step);
        listing_code(l, &codes_complaint_state, x->r.state);
        listing_text(l, x->r.unit);
        listing_time(l, x->since_ms, t->zone);
        listing_time(l, x->r.until, t->zone);
        spans_of_limit(t, l, &x->limit);
        span(t, l, x->elapsed_s, true);
        span(t, l, x->working_s, t->calendar != NULL);
    }
    listing_end(&l, "nobody held it yet");
}

static const struct listing_column blame_columns[] = {
    {"holder", "holder", false},    {"department", "department", false},
    {"links", "links", true},       {"late", "late", true},
    {"elapsed_s", "elapsed", true}, {"working_s", "working", true}};

static void print_holder(const struct tale *t, struct listing *l, const struct holder *h,
                         struct str label)
{
    listing_text(l, h->unit);
    listing_text(l, label);
    listing_number(l, (int64_t)h->links);
    listing_number(l, (int64_t)h->late);
    span(t, l, h->elapsed_s, true);
    span(t, l, h->working_s, t->calendar != NULL);
}

static struct holder whole_of(const struct tale *t)
{
    struct holder all = {.unit = STR("whole"),
                         .elapsed_s = (t->to_ms - t->from_ms) / 1000,
                         .working_s = worked_s(t, t->to_ms)};
    for (uint32_t i = 0; i < t->holder_count; i++) {
        all.links += t->holders[i].links;
        all.late += t->holders[i].late;
    }
    return all;
}

static void print_blame(const struct tale *t)
{
    struct listing *l =
        listing_begin(t->v->out, t->v->form, blame_columns, COUNT_OF(blame_columns));
    struct holder all = whole_of(t);
    for (uint32_t i = 0; i < t->holder_count; i++) {
        const struct holder *h = &t->holders[i];
        const struct department *d =
            t->v->policy ? policy_department_of(t->v->policy, h->unit) : NULL;
        print_holder(t, l, h, d ? d->label : (struct str){0});
    }
    if (t->v->form == LISTING_table) print_holder(t, l, &all, (struct str){0});
    listing_end(&l, "nobody held it yet");
}

static void print_head(const struct tale *t)
{
    FILE *out = t->v->out;
    char text[40], used[40];
    const struct rec_row_complaint *r = &t->row;
    fputs("complaint ", out);
    listing_print_padded(out, r->complaint_no.n ? r->complaint_no : STR("without a number"), 0,
                         false);
    fputs(", case ", out);
    listing_print_padded(out, t->no, 0, false);
    fprintf(out, ": %s %s", code_word(&codes_complaint_state, r->state),
            code_label(&codes_complaint_state, r->state));
    if (r->market) fprintf(out, ", %s", code_word(&codes_market, r->market));
    time_format_local(t->from_ms, t->zone, text);
    fprintf(out, "\nreceived %s, ", text);
    time_format_local(t->to_ms, t->zone, text);
    fprintf(out, "%s %s\n", r->closed_at ? "ended" : "looked at", text);
    if (!t->total.known) return;
    time_format_local(t->total_due_ms, t->zone, text);
    int64_t left_s = t->total.late ? t->total.overdue_s : t->total.limit_s - t->total.used_s;
    fprintf(out, "total due %s, %s %s\n", text, t->total.late ? "overdue" : "slack",
            span_text(left_s, used));
}

static void put_json(FILE *out, const char *name, json_t *taken)
{
    REQUIRE(taken != NULL);
    fprintf(out, "\"%s\": ", name);
    json_dumpf(taken, out, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(taken);
}

static json_t *text_json(struct str s)
{
    return json_stringn(s.n ? s.p : "", s.n);
}

static json_t *limit_json(const struct tale *t)
{
    char due[40];
    time_format(t->total_due_ms, t->zone, due);
    const struct limit *m = &t->total;
    return json_pack("{s:s, s:I, s:I, s:I, s:b}", "due", due, "limit_s", (json_int_t)m->limit_s,
                     "used_s", (json_int_t)m->used_s, "overdue_s", (json_int_t)m->overdue_s, "late",
                     (int)m->late);
}

static json_t *whole_json(const struct tale *t)
{
    char from[40], to[40];
    struct holder all = whole_of(t);
    time_format(t->from_ms, t->zone, from);
    time_format(t->to_ms, t->zone, to);
    json_t *j = json_pack("{s:s, s:s, s:I, s:I, s:I}", "from", from, "to", to, "links",
                          (json_int_t)all.links, "late", (json_int_t)all.late, "elapsed_s",
                          (json_int_t)all.elapsed_s);
    if (t->calendar) json_object_set_new(j, "working_s", json_integer(all.working_s));
    return j;
}

static void print_json(const struct tale *t)
{
    FILE *out = t->v->out;
    fputc('{', out);
    put_json(out, "case_no", text_json(t->no));
    fputs(", ", out);
    put_json(out, "complaint_no", text_json(t->row.complaint_no));
    fputs(", ", out);
    put_json(out, "state", json_string(code_word(&codes_complaint_state, t->row.state)));
    if (t->total.known) {
        fputs(",\n ", out);
        put_json(out, "total", limit_json(t));
    }
    fputs(",\n ", out);
    put_json(out, "whole", whole_json(t));
    fputs(",\n \"chain\": ", out);
    print_chain(t);
    fputs(", \"blame\": ", out);
    print_blame(t);
    fputs("}\n", out);
}

static void print(const struct tale *t)
{
    if (t->v->form == LISTING_json) {
        print_json(t);
        return;
    }
    print_head(t);
    fputs("\nchain of holders\n", t->v->out);
    print_chain(t);
    fputs("\nwhose time it was\n", t->v->out);
    print_blame(t);
}

int show_complaint(struct view *v, struct str name)
{
    struct tale t = {.v = v, .calendar = view_calendar(v, (struct str){0}, (struct str){0})};
    t.zone = view_zone_of(v, (struct str){0});
    enum err e = reader_has(v->reader, OWNER_complaint) ? find(&t, name) : ERR_NOT_FOUND;
    bool unknown = e == ERR_NOT_FOUND;
    if (e == ERR_OK) e = gather(&t);
    if (e == ERR_OK) print(&t);
    arena_fini(&t.arena);
    if (!unknown) return view_result(v, e, "the complaint");
    fprintf(v->err,
            "cuiban show: there is no complaint %.*s; give its complaint number YYMMNN or the "
            "number it was reported under\n",
            STR_ARG(name));
    return CLI_REFUSED;
}
