/* story_forms.c - facts about papers that belong to no call: forms, slips, cards, rosters.
 *
 * Drawn from their contracts, with numbers from so few that the papers meet, and names that no call
 * has, so that what the model knows of calls stays true. Most are refused somewhere, as most of
 * what is drawn by lot is; the rest arms and stops clocks of every kind. */
#include "common/calendar.h"
#include "common/contract.h"
#include "tests/sim/story_private.h"
#include <string.h>

/* Papers of intake and dispatch have the numbers from here on. */
#define FORMS_FROM 1100
#define FORMS_TO 1999

static bool is_form(const struct event_type *t)
{
    bool ours = t->owner == OWNER_intake || t->owner == OWNER_dispatch;
    return ours && !event_is_verdict(t) && t->number >= FORMS_FROM && t->number <= FORMS_TO;
}

static const struct event_type *any_form(struct lot *lot)
{
    if (lot_chance(lot, 30)) return event_of(EV_contract_upserted);
    for (;;) {
        const struct event_type *t =
            event_of((enum event_kind)(1 + lot_below(lot, EVENT_KIND_COUNT - 1)));
        if (is_form(t)) return t;
    }
}

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);
    return n >= m && strcmp(name + n - m, end) == 0;
}

/* A number, a key or a name: one of two. What is read by people stays as drawn. */
static void settle_text(struct lot *lot, const struct field *f, struct str *v)
{
    static const char *const names[] = {"F1", "F2"};
    static const char *const keys[] = {
        "customer", "product", "contract",  "order", "site",        "vehicle", "workorder",
        "tool",     "project", "equipment", "shift", "appointment", "ref",     "body_no"};
    bool key = ends_with(f->name, "_no");
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        key |= strcmp(f->name, keys[i]) == 0;
    bool person = ends_with(f->name, "technician") || strcmp(f->name, "person") == 0 ||
                  strcmp(f->name, "by") == 0 || strcmp(f->name, "next") == 0;
    if (key) *v = str_of(names[lot_below(lot, COUNT_OF(names))]);
    if (person) *v = story_technician((uint8_t)(1 + lot_below(lot, 4)));
    if (strcmp(f->name, "unit") == 0) *v = story_unit((uint8_t)(1 + lot_below(lot, 2)));
}

/* Instants within hours, days within weeks: what is far away never falls due. */
static void settle(struct lot *lot, const struct field *f, int64_t now_ms, void *at)
{
    int32_t today = (int32_t)((now_ms + 8 * HOUR_MS) / DAY_MS);
    int32_t days = (int32_t)lot_below(lot, 40) - (ends_with(f->name, "start") ? 300 : 5);
    if (f->type == FT_TEXT) settle_text(lot, f, at);
    if (f->type == FT_DATE) *(int32_t *)at = today + (lot_chance(lot, 500) ? 0 : days);
    if (f->type == FT_TIME)
        *(int64_t *)at = now_ms + ((int64_t)lot_below(lot, 720) - 120) * MINUTE_MS;
    if (f->type == FT_UINT && strcmp(f->name, "job") == 0) *(uint64_t *)at = 1;
}

const struct event_type *story_form(struct story *s, int64_t now_ms, void *payload)
{
    const struct event_type *t = any_form(&s->lot);
    const struct shape *shape = t->shape();
    REQUIRE(shape->size <= STORY_PAYLOAD_MAX);
    uint64_t seed = lot_draw(&s->lot);
    arena_reset(&s->arena);
    proto_random(shape, &seed, &s->arena, payload);
    for (uint32_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->fields[i];
        settle(&s->lot, f, now_ms, (char *)payload + f->offset);
    }
    return t;
}
