/* view.c - see view.h. Read: options, opening, zones, records. */
#include "services/cli/view.h"
#include "common/contract.h"
#include "common/nearest.h"
#include "proto/value.h"
#include "services/complaint/complaint.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/headoffice/headoffice.h"
#include "services/intake/intake.h"
#include "services/parts/parts.h"
#include "services/scoring/scoring.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- options ---- */

enum { OPTION_JSON = 'j', OPTION_CSV = 1001 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct view_options *o = state->input;
    switch (key) {
    case 'd':
        o->dir = arg;
        return 0;
    case 'p':
        if (!o->policy) {
            o->policy = arg;
        } else if (o->more_count < VIEW_POLICIES_MAX - 1) {
            o->more[o->more_count++] = arg;
        } else {
            argp_error(state, "at most %d policy sets", VIEW_POLICIES_MAX);
        }
        return 0;
    case OPTION_JSON:
        o->form = LISTING_json;
        return 0;
    case OPTION_CSV:
        o->form = LISTING_csv;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

#define WHERE                                                                                      \
    {"dir", 'd', "DIR", 0, "directory given to `cuiban up` (default run)", 8},                     \
    {                                                                                              \
        "policy", 'p', "DIR", 0,                                                                   \
            "policy set for calendars and zones (default CUIBAN_POLICY, else the one `cuiban up` " \
            "was given); again for each older set that the logs name",                             \
            8                                                                                      \
    }
#define JSON                                                                                       \
    {                                                                                              \
        "json", OPTION_JSON, NULL, 0, "print JSON", 8                                              \
    }

static const struct argp_option place_options[] = {WHERE, {0}};
static const struct argp_option single_options[] = {WHERE, JSON, {0}};
static const struct argp_option all_options[] = {
    WHERE, JSON, {"csv", OPTION_CSV, NULL, 0, "print CSV with a header", 8}, {0}};
const struct argp view_argp = {all_options, parse, NULL, NULL, NULL, NULL, NULL};
const struct argp view_argp_single = {single_options, parse, NULL, NULL, NULL, NULL, NULL};
const struct argp view_argp_place = {place_options, parse, NULL, NULL, NULL, NULL, NULL};

error_t view_parse(int key, char *arg, struct argp_state *state, const char *option)
{
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = state->input;
        return 0;
    }
    if (key != ARGP_KEY_ARG) return ARGP_ERR_UNKNOWN;
    argp_error(state, "%s: what is wanted is said with options, e.g. %s %s", arg, option, arg);
    return 0;
}

bool view_instant(const char *text, const struct zone *zone, int64_t *out)
{
    struct fault why;
    char utc[64];
    int32_t day;
    if (time_parse(str_of(text), out, &why) == ERR_OK) return true;
    if (day_parse(str_of(text), &day) == ERR_OK) {
        *out = zone ? zone_day_start(zone, day) : day * DAY_MS;
        return true;
    }
    if (strlen(text) > 24) return false;
    (void)snprintf(utc, sizeof utc, "%s%sZ", text, strlen(text) == 16 ? ":00" : "");
    if (time_parse(str_of(utc), out, &why) != ERR_OK) return false;
    if (zone) *out = zone_to_utc(zone, *out);
    return true;
}

/* ---- opening ---- */

/* Which set: the option, the environment, else what `cuiban up` noted; false: nobody says. */
static bool policy_path(const struct view_options *o, char out[PATH_MAX])
{
    const char *env = getenv("CUIBAN_POLICY");
    if (o->policy) return str_copy(str_of(o->policy), out, PATH_MAX);
    if (env && *env) return str_copy(str_of(env), out, PATH_MAX);
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/policy", o->dir);
    FILE *f = fopen(path, "r");
    bool got = f && fgets(out, PATH_MAX, f);
    if (f) fclose(f);
    if (got) out[strcspn(out, "\n")] = 0;
    return got && out[0];
}

static int open_set(const char *path, struct policy **out)
{
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    if (policy_load(path, out, faults, POLICY_FAULTS_MAX, &n) == ERR_OK) return CLI_OK;
    policy_print_faults(stderr, faults, n < POLICY_FAULTS_MAX ? n : POLICY_FAULTS_MAX);
    return CLI_REFUSED;
}

static int open_policies(const struct view_options *o, struct view *v)
{
    for (uint32_t i = 0; i < o->more_count; i++) {
        if (open_set(o->more[i], &v->owned[i + 1]) != CLI_OK) return CLI_REFUSED;
        v->policies[v->policy_count++] = v->owned[i + 1];
    }
    return CLI_OK;
}

static int open_policy(const struct view_options *o, const char *command, struct view *v)
{
    char path[PATH_MAX];
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    if (!policy_path(o, path)) {
        if (!o->need_policy) return CLI_OK;
        fprintf(stderr, "%s: which policy set? %s/policy does not say; name it with --policy DIR\n",
                command, o->dir);
        return CLI_REFUSED;
    }
    if (policy_load(path, &v->owned[0], faults, POLICY_FAULTS_MAX, &n) == ERR_OK) {
        v->policy = v->policies[0] = v->owned[0];
        v->policy_count = 1;
        return open_policies(o, v);
    }
    if (!o->need_policy && !o->policy) {
        fprintf(stderr, "%s: policy set %s does not load; times are shown in UTC\n", command, path);
        return CLI_OK;
    }
    policy_print_faults(stderr, faults, n < POLICY_FAULTS_MAX ? n : POLICY_FAULTS_MAX);
    return CLI_REFUSED;
}

void view_begin(struct view *v, struct reader *reader, const struct policy *policy)
{
    *v = (struct view){.reader = reader, .policy = policy, .out = stdout, .err = stderr};
    v->policies[0] = policy;
    v->policy_count = policy != NULL;
}

int view_open(const struct view_options *o, const char *command, struct view *out)
{
    struct fault why = {0};
    view_begin(out, NULL, NULL);
    out->form = o->form;
    enum err e = reader_open(o->dir, &out->reader, &why);
    if (e != ERR_OK) {
        fprintf(stderr, "%s: %s\n", command, why.text[0] ? why.text : err_name(e));
        return e == ERR_REFUSED ? CLI_REFUSED : CLI_FAILED;
    }
    int rc = open_policy(o, command, out);
    if (rc != CLI_OK) view_close(out);
    return rc;
}

void view_close(struct view *v)
{
    for (size_t i = 0; i < COUNT_OF(v->owned); i++)
        policy_close(&v->owned[i]);
    reader_close(&v->reader);
    arena_fini(&v->arena);
}

int view_run(const struct view_command *c, int argc, char **argv, void *arguments)
{
    struct view v;
    if (argp_parse(c->argp, argc, argv, 0, NULL, arguments)) return CLI_USAGE;
    struct view_options *o = arguments;
    int rc = o->first ? o->first(o) : CLI_OK;
    if (rc == CLI_OK) rc = view_open(o, argv[0], &v);
    if (rc != CLI_OK) return rc;
    rc = c->run(&v, arguments);
    view_close(&v);
    return rc;
}

int view_result(struct view *v, enum err e, const char *what)
{
    const char *advice = "";
    if (e == ERR_OK || e == ERR_END || e == ERR_NOT_FOUND) return CLI_OK;
    if (e == ERR_AGAIN) advice = ": the service does not answer any more; see `cuiban status`";
    if (e == ERR_CORRUPT) advice = ": bytes are damaged; `cuiban verify` says where";
    if (e == ERR_IO || e == ERR_FULL) advice = ": the system refused; look at the disk";
    fprintf(v->err, "cuiban: cannot read %s (%s)%s\n", what, err_name(e), advice);
    return CLI_FAILED;
}

/* ---- units ---- */

int view_unit(struct view *v, const char *command, struct str unit)
{
    struct key at = {.n = 0}, wanted = key_of(unit);
    struct slice value;
    struct nearest near = nearest_begin(unit);
    char hint[NEAREST_HINT_MAX];
    bool any = false;
    if (unit.n == 0 || !reader_has(v->reader, OWNER_intake)) return CLI_OK;
    if (reader_get(v->reader, OWNER_intake, TABLE_UNIT, &wanted, &value) == ERR_OK) return CLI_OK;
    while (reader_row(v->reader, OWNER_intake, TABLE_UNIT, NULL, &at, &value) == ERR_OK) {
        struct key_reader r = {{at.b, at.n}};
        struct str known;
        if (key_take_str(&r, &known) != ERR_OK) continue;
        nearest_offer(&near, known);
        any = true;
    }
    if (!any) return CLI_OK;
    nearest_hint(&near, hint);
    fprintf(v->err, "cuiban %s: there is no unit %.*s%s\n", command, STR_ARG(unit), hint);
    return CLI_REFUSED;
}

/* ---- zones ---- */

enum err view_decode(struct view *v, const struct shape *shape, struct slice bytes, void *out)
{
    struct fault why;
    arena_reset(&v->arena);
    return proto_decode(shape, bytes, &v->arena, out, &why) == ERR_OK ? ERR_OK : ERR_CORRUPT;
}

static const struct calendar *unit_calendar(struct view *v, struct str unit)
{
    struct key k = key_of(unit);
    struct slice value;
    struct rec_row_unit row;
    struct arena a = {0};
    struct fault why;
    const struct calendar *c = NULL;
    if (unit.n && reader_get(v->reader, OWNER_intake, TABLE_UNIT, &k, &value) == ERR_OK &&
        proto_decode(shape_row_unit(), value, &a, &row, &why) == ERR_OK && row.calendar.n) {
        c = policy_calendar(v->policy, row.calendar);
    }
    arena_fini(&a);
    return c;
}

const struct calendar *view_calendar(struct view *v, struct str name, struct str unit)
{
    if (!v->policy) return NULL;
    const struct calendar *c = name.n ? policy_calendar(v->policy, name) : NULL;
    if (!c) c = unit_calendar(v, unit);
    return c ? c : policy_calendar(v->policy, (struct str){0});
}

const struct zone *view_zone_of(struct view *v, struct str unit)
{
    if (!v->policy) return NULL;
    for (uint32_t i = 0; i < v->zone_count; i++) {
        if (str_is(unit, v->zones[i].unit)) return v->zones[i].zone;
    }
    const struct zone *z = calendar_zone(view_calendar(v, (struct str){0}, unit));
    if (v->zone_count == VIEW_ZONES_MAX) v->zone_count = 0;
    struct view_zone *known = &v->zones[v->zone_count];
    if (str_copy(unit, known->unit, sizeof known->unit)) {
        known->zone = z;
        v->zone_count++;
    }
    return z;
}

const struct service *view_service(enum owner o)
{
    static const struct service *const services[OWNER_COUNT] = {
        [OWNER_intake] = &intake_service,         [OWNER_dispatch] = &dispatch_service,
        [OWNER_parts] = &parts_service,           [OWNER_complaint] = &complaint_service,
        [OWNER_scoring] = &scoring_service,       [OWNER_escalation] = &escalation_service,
        [OWNER_headoffice] = &headoffice_service,
    };
    return services[o];
}

const struct table *view_table(const struct service *s, uint8_t id)
{
    static const struct table *const common[] = {&table_deadline, &table_unit, &table_person,
                                                 &table_seen};
    for (size_t i = 0; i < s->table_count; i++) {
        if (s->tables[i].id == id) return &s->tables[i];
    }
    for (size_t i = 0; i < COUNT_OF(common); i++) {
        if (common[i]->id == id) return common[i];
    }
    return NULL;
}

/* ---- records ---- */

enum err view_record(struct arena *a, enum owner log, struct slice bytes, struct view_record *out)
{
    struct fault why;
    *out = (struct view_record){.log = log, .bytes = bytes};
    if (proto_decode(shape_entry(), bytes, a, &out->entry, &why) != ERR_OK) return ERR_CORRUPT;
    out->type = event_by_number(out->entry.number);
    if (!out->type) return ERR_OK;
    const struct shape *shape = out->type->shape();
    out->payload = arena_take(a, shape->size);
    if (proto_decode(shape, out->entry.data, a, out->payload, &why) != ERR_OK) out->payload = NULL;
    return ERR_OK;
}

static const struct field *field_of(const struct view_record *r, const char *name,
                                    enum field_type type)
{
    if (!r->payload) return NULL;
    const struct field *f = shape_field(r->type->shape(), str_of(name));
    return f && f->type == type ? f : NULL;
}

struct str view_text_of(const struct view_record *r, const char *field)
{
    const struct field *f = field_of(r, field, FT_TEXT);
    return f ? *(const struct str *)value_in(f, r->payload) : (struct str){0};
}

uint64_t view_number_of(const struct view_record *r, const char *field)
{
    const struct field *f = field_of(r, field, FT_UINT);
    return f ? (uint64_t)value_number(f, value_in(f, r->payload)) : 0;
}

static void print_text(FILE *out, struct str s)
{
    bool plain = memchr(s.p, ' ', s.n) == NULL;
    if (!plain) fputc('"', out);
    listing_print_padded(out, s, 0, false);
    if (!plain) fputc('"', out);
}

static void print_value(FILE *out, const struct field *f, const void *member,
                        const struct zone *zone)
{
    char text[40];
    if (f->type == FT_TEXT) {
        print_text(out, *(const struct str *)member);
    } else if (f->type == FT_RAW || f->type == FT_HASH) {
        fputs("…", out);
    } else if (f->type == FT_CODE) {
        fputs(code_word(f->codes, (uint32_t)value_number(f, member)), out);
    } else if (f->type == FT_TIME) {
        time_format_local(value_number(f, member), zone, text);
        fprintf(out, "\"%s\"", text);
    } else {
        value_number_print(f, value_number(f, member), text);
        fputs(f->type == FT_FLAG ? "yes" : text, out);
    }
}

/* A list as name=[a,b] or, where a line has several fields, [a/b/c,…]. */
static void print_list(FILE *out, const struct field *f, const void *member,
                       const struct zone *zone)
{
    const struct shape *line = f->record();
    struct value_list list = value_list(member);
    fputc('[', out);
    for (uint32_t i = 0; i < list.n; i++) {
        const void *obj = value_line(line, list, i);
        bool first = true;
        if (i) fputc(',', out);
        for (uint32_t k = 0; k < line->count; k++) {
            if (value_is_zero(&line->fields[k], value_in(&line->fields[k], obj))) continue;
            if (!first) fputc('/', out);
            print_value(out, &line->fields[k], value_in(&line->fields[k], obj), zone);
            first = false;
        }
    }
    fputc(']', out);
}

void view_print_fields(FILE *out, const struct shape *s, const void *obj, const struct zone *zone,
                       const char *const *skip)
{
    const char *blank = "";
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        const void *member = value_in(f, obj);
        bool left_out = value_is_zero(f, member);
        for (const char *const *k = skip; k && *k; k++)
            left_out |= strcmp(*k, f->name) == 0;
        if (left_out) continue;
        fprintf(out, "%s%s=", blank, f->name);
        if (f->type == FT_LIST) {
            print_list(out, f, member, zone);
        } else {
            print_value(out, f, member, zone);
        }
        blank = " ";
    }
}
