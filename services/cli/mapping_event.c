/* mapping_event.c - the events of a mapping: type, conditions, time, id, and whose word it is. */
#include "common/calendar.h"
#include "common/contract.h"
#include "common/nearest.h"
#include "services/cli/mapping_yaml.h"

#define EVENT_KEYS                                                                                 \
    "type about when time clock plus at not_before not_after id source actor once early data"

static void read_type(struct mapping_build *b, const struct mapping_node *n,
                      struct mapping_event *e)
{
    struct str name;
    char hint[NEAREST_HINT_MAX];
    if (!mapping_word(b, n, &name)) return;
    e->type = event_by_type(name);
    if (e->type && event_is_verdict(e->type)) {
        mapping_fault_add(b, n, "verdict",
                          "%.*s is written by the services themselves and is not taken "
                          "from outside",
                          STR_ARG(name));
    }
    if (e->type) return;
    struct nearest near = nearest_begin(name);
    for (uint32_t k = EV_NONE + 1; k < EVENT_KIND_COUNT; k++)
        nearest_offer(&near, str_of(event_of((enum event_kind)k)->type));
    nearest_hint(&near, hint);
    mapping_fault_add(b, n, "unknown_type", "there is no event \"%.*s\"%s%s", STR_ARG(name), hint,
                      hint[0] ? "" : "; `cuiban schema` lists them");
}

static void read_at(struct mapping_build *b, const struct mapping_node *n, struct mapping_event *e)
{
    struct timeform_stamp stamp;
    struct fault why;
    struct str s;
    if (!mapping_word(b, n, &s)) return;
    if (timeform_read(STR("iso"), s, &stamp) != ERR_OK &&
        timeform_any(&b->m->times, s, &stamp, &why) != ERR_OK) {
        mapping_fault_add(b, n, "time_invalid",
                          "\"%.*s\" is no time; write it as 2026-03-02T09:00:00+08:00", STR_ARG(s));
        return;
    }
    if (b->m->zone || stamp.has_offset) e->at_ms = timeform_utc(&stamp, b->m->zone);
}

/* What goes with a column of times: its time of day, what is added, between which it stays. */
static void read_time_more(struct mapping_build *b, const struct mapping_node *n, bool has_time,
                           struct mapping_event *e)
{
    struct mapping_refs *const refs[] = {&e->clock, &e->plus, &e->not_before, &e->not_after};
    static const char *const keys[] = {"clock", "plus", "not_before", "not_after"};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct mapping_node more = mapping_get(b, n, keys[i]);
        if (!more.y) continue;
        (void)mapping_ref_list(b, &more, refs[i]);
        if (!has_time) mapping_fault_add(b, n, "time", "%s goes with time", keys[i]);
    }
    if (e->clock.n > 1) mapping_fault_add(b, n, "clock", "clock is one column");
}

/* When it happened: columns, a fixed time, or of its own accord before everything else. */
static void read_time(struct mapping_build *b, const struct mapping_node *n,
                      struct mapping_event *e)
{
    struct mapping_node time = mapping_get(b, n, "time"), at = mapping_get(b, n, "at");
    struct mapping_node early = mapping_get(b, n, "early");
    e->early = mapping_yes(b, &early, false);
    if (time.y) (void)mapping_ref_list(b, &time, &e->time);
    if (at.y) read_at(b, &at, e);
    read_time_more(b, n, time.y != NULL, e);
    if ((time.y != NULL) + (at.y != NULL) + e->early != 1) {
        mapping_fault_add(b, n, "time",
                          "exactly one of time (a column), at (a fixed time) and early: yes "
                          "(the earliest time of the input) is wanted");
    }
}

static void read_text(struct mapping_build *b, const struct mapping_node *event,
                      const struct mapping_node *root, const char *key,
                      struct mapping_template *out)
{
    struct mapping_node own = mapping_get(b, event, key), general = mapping_get(b, root, key);
    const struct mapping_node *n = own.y ? &own : &general;
    if (n->y) (void)mapping_template(b, n, out);
}

static void read_event(struct mapping_build *b, const struct mapping_node *n,
                       const struct mapping_node *root, struct mapping_event *e)
{
    if (!mapping_check_keys(b, n, EVENT_KEYS)) return;
    struct mapping_node type = mapping_get(b, n, "type"), when = mapping_get(b, n, "when");
    struct mapping_node id = mapping_get(b, n, "id"), data = mapping_get(b, n, "data");
    struct mapping_node once = mapping_get(b, n, "once");
    e->line = mapping_node_line(n);
    e->once = mapping_yes(b, &once, false);
    e->when = mapping_load_when(b, &when, &e->when_count);
    read_time(b, n, e);
    read_text(b, n, root, "source", &e->source);
    read_text(b, n, root, "actor", &e->actor);
    if (e->source.count == 0) {
        mapping_fault_add(b, n, "source",
                          "source is missing, here or at the top: the unit that reports");
    }
    if (!id.y) {
        mapping_fault_add(b, n, "id",
                          "id is missing: what makes this fact unique for its source, such as "
                          "\"{number}:closed\"");
    } else {
        (void)mapping_template(b, &id, &e->id);
    }
    if (!type.y) {
        mapping_fault_add(b, n, "type", "type is missing, such as call.registered");
        return;
    }
    read_type(b, &type, e);
    if (!e->type) return;
    e->fields = mapping_load_fields(b, data.y ? &data : &(struct mapping_node){0}, e->type->shape(),
                                    &e->field_count);
}

void mapping_load_events(struct mapping_build *b, const struct mapping_node *root)
{
    struct mapping_node list = mapping_get(b, root, "events"), item;
    uint32_t size = mapping_size(&list);
    if (!mapping_is_list(&list) || size == 0 || size > MAPPING_EVENTS_MAX) {
        mapping_fault_add(b, list.y ? &list : root, "events",
                          "events: a list of 1 to %d events is wanted", MAPPING_EVENTS_MAX);
        return;
    }
    struct mapping_event *events = arena_take(&b->m->memory, size * sizeof *events);
    for (uint32_t i = 0; mapping_item(b, &list, i, &item); i++)
        read_event(b, &item, root, &events[i]);
    b->m->events = events;
    b->m->event_count = size;
}
