/* stage.c - see stage.h. */
#include "tests/lib/stage.h"
#include "common/house.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define FIELD_TEXTS 8

struct stage {
    char dir[64];
    struct policy *policy;
    struct house *house;
    struct arena arena;
    struct arena row;
    struct rec_outcome outcome;
    unsigned next_id;
    char id[24];
    json_t *last;
    char text[FIELD_TEXTS][512]; /* several stage_field in one assertion */
    unsigned text_at;
};

struct stage *stage_open(const char *policy_dir, const struct service *const *services,
                         size_t count)
{
    struct stage *s = calloc(1, sizeof *s);
    assert_non_null(s);
    snprintf(s->dir, sizeof s->dir, "%s/stage.XXXXXX",
             access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
    assert_non_null(mkdtemp(s->dir));
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    if (policy_load(policy_dir, &s->policy, faults, POLICY_FAULTS_MAX, &n) != ERR_OK) {
        for (uint32_t i = 0; i < n; i++)
            print_error("%s:%u: %s\n", faults[i].file, faults[i].line, faults[i].fault.text);
        fail_msg("policy %s does not load", policy_dir);
    }
    struct fault why = {0};
    if (house_open(s->dir, s->policy, services, count, &s->house, &why) != ERR_OK)
        fail_msg("house: %s", why.text);
    return s;
}

void stage_close(struct stage *s)
{
    house_close(&s->house);
    policy_close(&s->policy);
    arena_fini(&s->arena);
    arena_fini(&s->row);
    json_decref(s->last);
    char cmd[128];
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", s->dir);
    assert_int_equal(system(cmd), 0);
    free(s);
}

/* The fact is taken; what follows from it waits for house_settle. */
static const char *take(struct stage *s, const char *source, const char *id, const char *type,
                        const char *time, const char *data)
{
    arena_reset(&s->arena);
    struct buf line = {0};
    buf_printf(&line,
               "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"%s\",\"type\":\"%s\",\"time\":"
               "\"%s\",\"data\":%s}",
               id, source, type, time, data);
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] == '\'') line.p[i] = '"';
    }
    struct rec_fact fact;
    struct fault faults[8] = {0};
    uint32_t n = 0;
    enum err e = fact_from_json((struct str){(char *)line.p, (uint32_t)line.n}, &s->arena, &fact,
                                faults, 8, &n);
    buf_fini(&line);
    if (e != ERR_OK) fail_msg("%s: %s: %s", type, faults[0].field, faults[0].text);
    struct buf bytes = {0};
    proto_encode(shape_fact(), &fact, &bytes);
    e = house_fact(s->house, arena_copy(&s->arena, buf_slice(&bytes)), &s->outcome);
    buf_fini(&bytes);
    assert_int_equal(e, ERR_OK);
    struct rec_outcome *o = &s->outcome;
    struct str *texts[] = {&o->verdict, &o->subject, &o->rule, &o->code, &o->field, &o->text};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = arena_str(&s->arena, *texts[i]);
    return arena_printf(&s->arena, "%.*s%c", STR_ARG(o->verdict), 0).p;
}

const char *stage_tell_as(struct stage *s, const char *source, const char *id, const char *type,
                          const char *time, const char *data)
{
    const char *verdict = take(s, source, id, type, time, data);
    assert_int_equal(house_settle(s->house), ERR_OK);
    return verdict;
}

static const char *next_id(struct stage *s)
{
    snprintf(s->id, sizeof s->id, "t%u", ++s->next_id);
    return s->id;
}

const char *stage_tell(struct stage *s, const char *type, const char *time, const char *data)
{
    return stage_tell_as(s, "U1", next_id(s), type, time, data);
}

const char *stage_tell_open(struct stage *s, const char *type, const char *time, const char *data)
{
    return take(s, "U1", next_id(s), type, time, data);
}

const struct rec_outcome *stage_outcome(const struct stage *s)
{
    return &s->outcome;
}

void stage_until(struct stage *s, const char *time)
{
    int64_t t;
    struct fault why;
    if (time_parse(str_of(time), &t, &why) != ERR_OK) fail_msg("%s: %s", time, why.text);
    assert_int_equal(house_until(s->house, t), ERR_OK);
}

struct house *stage_house(struct stage *s)
{
    return s->house;
}

struct node *stage_node(struct stage *s, enum owner service)
{
    return house_node(s->house, service);
}

/* The n-th record of the type (SIZE_MAX: only count); *total gets how many there are. */
static json_t *find(struct stage *s, enum owner log, const char *type, size_t n, size_t *total)
{
    struct store *store = node_store(house_node(s->house, log));
    size_t count = 0;
    json_t *found = NULL;
    for (uint64_t seq = 1; seq <= store_last_seq(store); seq++) {
        struct slice record;
        struct rec_entry e;
        struct fault why;
        assert_int_equal(store_record(store, seq, &record), ERR_OK);
        if (proto_decode(shape_entry(), record, &s->arena, &e, &why) != ERR_OK)
            fail_msg("%s", why.text);
        const struct event_type *t = event_by_number(e.number);
        assert_non_null(t);
        if (*type && strcmp(t->type, type) != 0) continue;
        if (count++ == n) found = entry_to_json(owner_name(log), &e, &s->arena);
    }
    *total = count;
    return found;
}

size_t stage_count(struct stage *s, enum owner log, const char *type)
{
    size_t total;
    json_decref(find(s, log, type, SIZE_MAX, &total));
    return total;
}

const json_t *stage_nth(struct stage *s, enum owner log, const char *type, size_t n)
{
    size_t total;
    json_decref(s->last);
    s->last = find(s, log, type, n, &total);
    return s->last;
}

const char *stage_field(struct stage *s, enum owner log, const char *type, size_t n,
                        const char *field)
{
    const json_t *v = json_object_get(json_object_get(stage_nth(s, log, type, n), "data"), field);
    char *out = s->text[s->text_at++ % FIELD_TEXTS];
    out[0] = 0;
    if (!v) return out;
    char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
    bool quoted = text[0] == '"';
    snprintf(out, sizeof s->text[0], "%.*s", (int)strlen(text) - (quoted ? 2 : 0),
             text + (quoted ? 1 : 0));
    free(text);
    return out;
}

const char *stage_last(struct stage *s, enum owner log, const char *type, const char *field)
{
    size_t n = stage_count(s, log, type);
    return n ? stage_field(s, log, type, n - 1, field) : "";
}

bool stage_row(struct stage *s, enum owner service, const struct table *t, struct key k, void *row)
{
    struct slice v;
    struct fault why;
    struct store *store = node_store(stage_node(s, service));
    if (store_get(store, t->id, (struct slice){k.b, k.n}, &v) != ERR_OK) return false;
    arena_reset(&s->row);
    assert_int_equal(proto_decode(t->shape(), arena_copy(&s->row, v), &s->row, row, &why), ERR_OK);
    return true;
}

void stage_dump(struct stage *s)
{
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        if (!house_node(s->house, (enum owner)o)) continue;
        size_t n = stage_count(s, (enum owner)o, "");
        for (size_t i = 0; i < n; i++) {
            char *text = json_dumps(stage_nth(s, (enum owner)o, "", i), JSON_COMPACT);
            print_error("%s %s\n", owner_name((enum owner)o), text);
            free(text);
        }
    }
}
