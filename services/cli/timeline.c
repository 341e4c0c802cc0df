/* timeline.c - see timeline.h. */
#include "services/cli/timeline.h"
#include "common/contract.h"
#include <string.h>

#define ALL_LOGS ((IN(OWNER_COUNT) - 1) & ~IN(OWNER_any))

void timeline_begin(struct timeline *t, struct view *v, uint32_t owners)
{
    memset(t, 0, sizeof *t);
    t->view = v;
    t->owners = owners ? owners : ALL_LOGS;
}

void timeline_end(struct timeline *t)
{
    for (int o = 0; o < OWNER_COUNT; o++)
        arena_fini(&t->heads[o].arena);
}

static bool is_known(const struct timeline *t, struct str name)
{
    for (uint32_t i = 0; i < t->name_count; i++) {
        if (str_is(name, t->names[i])) return true;
    }
    return false;
}

bool timeline_name(struct timeline *t, struct str name)
{
    if (name.n == 0 || is_known(t, name)) return true;
    if (t->name_count == TIMELINE_NAMES_MAX || name.n >= TIMELINE_NAME_SIZE) return false;
    (void)str_copy(name, t->names[t->name_count++], TIMELINE_NAME_SIZE);
    return true;
}

bool timeline_is_about(const struct view_record *r, struct str name)
{
    static const char *const fields[] = {"case_no", "call_no", "number",  "first",
                                         "subject", "other",   "waiting", "register_no"};
    if (!r->payload) return false;
    const struct field *subject = event_subject(r->type);
    if (subject && str_eq(view_text_of(r, subject->name), name)) return true;
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (str_eq(view_text_of(r, fields[i]), name)) return true;
    }
    return false;
}

/* Looked for in the bytes first: that is many times cheaper than taking each record apart. */
static bool is_wanted(const struct timeline *t, struct slice bytes)
{
    for (uint32_t i = 0; i < t->name_count; i++) {
        if (memmem(bytes.p, bytes.n, t->names[i], strlen(t->names[i]))) return true;
    }
    return t->name_count == 0;
}

static bool is_about_any(const struct timeline *t, const struct view_record *r)
{
    for (uint32_t i = 0; i < t->name_count; i++) {
        if (timeline_is_about(r, str_of(t->names[i]))) return true;
    }
    return t->name_count == 0;
}

static enum err head_fill(struct timeline *t, enum owner o)
{
    struct timeline_head *h = &t->heads[o];
    while (!h->ready && !h->ended) {
        struct slice bytes;
        enum err e = reader_record(t->view->reader, o, h->seq + 1, &bytes);
        h->ended = e == ERR_NOT_FOUND;
        if (h->ended) return ERR_OK;
        if (e != ERR_OK) return e;
        h->seq++;
        if (!is_wanted(t, bytes)) continue;
        arena_reset(&h->arena);
        e = view_record(&h->arena, o, arena_copy(&h->arena, bytes), &h->record);
        if (e != ERR_OK) return e;
        h->ready = is_about_any(t, &h->record);
    }
    return ERR_OK;
}

enum err timeline_next(struct timeline *t, struct view_record *out)
{
    struct timeline_head *best = NULL;
    if (t->last) t->heads[t->last].ready = false;
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        if (!(t->owners & IN(o))) continue;
        struct timeline_head *h = &t->heads[o];
        enum err e = head_fill(t, (enum owner)o);
        if (e != ERR_OK) return e;
        if (!h->ready || (best && best->record.entry.now <= h->record.entry.now)) continue;
        best = h;
        t->last = o;
    }
    if (!best) return ERR_END;
    *out = best->record;
    return ERR_OK;
}
