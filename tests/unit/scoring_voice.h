/* scoring_voice.h - a house in which the services before scoring only repeat what a test has them
 * say, verdicts too, so that scoring hears any record of any log; persons, units, the door and ways
 * to look are those of scoring_door.h. */
#ifndef CUIBAN_TESTS_UNIT_SCORING_VOICE_H
#define CUIBAN_TESTS_UNIT_SCORING_VOICE_H

#include "tests/unit/scoring_door.h"

/* What is said next. */
static struct {
    enum owner log;
    enum event_kind kind;
    const void *payload;
} voice_next;

/* Every log hears the carrier, a call for head office's help, and the one that is meant speaks. */
static inline enum err voice_step(struct step *st, enum owner me)
{
    st->rule = st->type->rule;
    bool carrier = st->type->kind == EV_call_hq_help_requested;
    if (carrier && voice_next.log == me) step_emit(st, voice_next.kind, voice_next.payload);
    return me == OWNER_intake || carrier ? ERR_OK : ERR_STALE;
}

static inline enum err voice_intake(struct step *st, const void *payload)
{
    (void)payload;
    return voice_step(st, OWNER_intake);
}

static inline enum err voice_dispatch(struct step *st, const void *payload)
{
    (void)payload;
    return voice_step(st, OWNER_dispatch);
}

static inline enum err voice_parts(struct step *st, const void *payload)
{
    (void)payload;
    return voice_step(st, OWNER_parts);
}

static inline enum err voice_complaint(struct step *st, const void *payload)
{
    (void)payload;
    return voice_step(st, OWNER_complaint);
}

static inline struct stage *voices_open_at(const char *policy_dir)
{
    static const struct service intake = {
        .name = "intake", .owner = OWNER_intake, .step = voice_intake};
    static const struct service dispatch = {.name = "dispatch",
                                            .owner = OWNER_dispatch,
                                            .upstream = IN(OWNER_intake),
                                            .step = voice_dispatch};
    static const struct service parts = {
        .name = "parts", .owner = OWNER_parts, .upstream = IN(OWNER_intake), .step = voice_parts};
    static const struct service complaint = {.name = "complaint",
                                             .owner = OWNER_complaint,
                                             .upstream = IN(OWNER_intake),
                                             .step = voice_complaint};
    static const struct service *const house[] = {
        &intake, &dispatch, &parts, &complaint, &scoring_service, &escalation_service};
    struct stage *s = stage_open(policy_dir, house, COUNT_OF(house));
    units_tell(s);
    return s;
}

static inline struct stage *voices_open(void)
{
    return voices_open_at(POLICY_SCORING);
}

/* Of records of one instant in several logs the later logs wait until it is over. */
static inline void instant_over(struct stage *s, enum owner log, const char *type)
{
    const json_t *e = stage_nth(s, log, type, stage_count(s, log, type) - 1);
    int64_t now_ms = 0;
    struct fault why;
    char text[40];
    assert_int_equal(
        time_parse(str_of(json_string_value(json_object_get(e, "now"))), &now_ms, &why), ERR_OK);
    time_format(now_ms + 1000, NULL, text);
    stage_until(s, text);
}

/* voice_next is said. */
static inline void voice(struct stage *s, const char *unit, const char *local)
{
    tell(s, unit, "call.hq_help_requested", local, "'call_no':'v'");
    voice_next.log = OWNER_any;
}

/* A record of a log of another service, as its unit told it. */
static inline void heard_from(struct stage *s, enum owner log, const char *unit, const char *type,
                              const char *local, const char *data)
{
    static struct arena arena;
    struct fault faults[4];
    uint32_t n = 0;
    char text[4000];
    arena_reset(&arena);
    snprintf(text, sizeof text, "{%s}", data);
    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    json_t *json = json_loads(text, 0, NULL);
    const struct event_type *t = event_by_type(str_of(type));
    assert_non_null(json);
    assert_non_null(t);
    void *payload = arena_take(&arena, t->shape()->size);
    if (proto_from_json(t->shape(), json, &arena, payload, faults, COUNT_OF(faults), &n) != ERR_OK)
        fail_msg("%s {%s}: %s %s", type, data, faults[0].field, faults[0].text);
    json_decref(json);
    voice_next.log = log, voice_next.kind = t->kind, voice_next.payload = payload;
    size_t before = stage_count(s, log, type);
    voice(s, unit, local);
    assert_int_equal(stage_count(s, log, type), before + 1);
    instant_over(s, log, type);
}

/* ---- tallies ---- */

static inline struct rec_row_score_tally tally_of(struct stage *s, int holder, const char *who,
                                                  int month, const char *fact)
{
    struct rec_row_score_tally t = {0};
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)holder);
    key_str(&k, str_of(who));
    key_day(&k, day_of(month / 100, month % 100, 1));
    key_str(&k, str_of(fact));
    (void)row_at(s, SCORING_TALLY, k, &t);
    return t;
}

/* How many, of a person or a unit; month as 202403. */
static inline int64_t counted(struct stage *s, const char *person, int month, const char *fact)
{
    return (int64_t)tally_of(s, 0, person, month, fact).n;
}

static inline int64_t counted_unit(struct stage *s, const char *unit, int month, const char *fact)
{
    return (int64_t)tally_of(s, 1, unit, month, fact).n;
}

static inline int64_t summed(struct stage *s, const char *person, int month, const char *fact)
{
    return tally_of(s, 0, person, month, fact).sum;
}

static inline int64_t summed_unit(struct stage *s, const char *unit, int month, const char *fact)
{
    return tally_of(s, 1, unit, month, fact).sum;
}

/* ---- figures ---- */

/* A field of the last kpi_published of this figure, holder (unit or person), period and first day;
 * "" when there is none. */
static inline const char *figure(struct stage *s, const char *kpi, const char *who,
                                 const char *period, const char *first, const char *field)
{
    const char *type = "scoring.kpi_published";
    for (size_t i = count(s, type); i-- > 0;) {
        bool is = strcmp(stage_field(s, OWNER_scoring, type, i, "kpi"), kpi) == 0 &&
                  strcmp(stage_field(s, OWNER_scoring, type, i, "period"), period) == 0 &&
                  strcmp(stage_field(s, OWNER_scoring, type, i, "first"), first) == 0;
        is = is && (strcmp(stage_field(s, OWNER_scoring, type, i, "unit"), who) == 0 ||
                    strcmp(stage_field(s, OWNER_scoring, type, i, "person"), who) == 0);
        if (is) return stage_field(s, OWNER_scoring, type, i, field);
    }
    return "";
}

#endif
