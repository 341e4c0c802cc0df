/* world.c - see world.h. */
#include "tests/fuzz/lib/world.h"
#include "common/contract.h"
#include "services/complaint/complaint.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/headoffice/headoffice.h"
#include "services/intake/intake.h"
#include "services/parts/parts.h"
#include "services/scoring/scoring.h"
#include <stdio.h>
#include <string.h>

#define POLICIES 3u

const struct service *const world_services[] = {
    &intake_service,  &dispatch_service,   &parts_service,     &complaint_service,
    &scoring_service, &escalation_service, &headoffice_service};

struct policy *world_policy(unsigned number)
{
    static struct policy *sets[POLICIES];
    static const char *const names[POLICIES] = {"deploy/policy/appliance",
                                                "deploy/policy/it-project", "deploy/policy/bus"};
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n;
    struct policy **p = &sets[number % POLICIES];
    if (*p) return *p;
    enum err e = policy_load(names[number % POLICIES], p, faults, POLICY_FAULTS_MAX, &n);
    REQUIRE(e == ERR_OK);
    return *p;
}

void world_stores_born(void)
{
    char path[100];
    (void)fuzz_dir_empty();
    for (size_t i = 0; i < WORLD_SERVICES; i++) {
        snprintf(path, sizeof path, "%s/%s", fuzz_dir(), world_services[i]->name);
        fuzz_store_born(path);
    }
}

/* What the words of a field are drawn from, by its name. */
struct pool {
    const char *fields; /* blank-separated, with a blank at both ends */
    const char *words[6];
};

static const struct pool pools[] = {
    {" call_no case_no subject first repeat_of other new_case_no ", {"C1", "C2", "C3", "C4"}},
    {" unit to copy default_unit by_unit ", {"U1", "U1", "U2", "BIZ", "GMO", "QA"}},
    {" technician person lead by from supervisor manager delegated_by ", {"T1", "T2", "T3", "S1"}},
    {" customer ", {"K1", "K2", "K3"}},
    {" product ", {"P1", "P2", "P3"}},
    {" product_line ", {"appliance", "IT", "bus"}},
    {" contract ", {"H1", "H2"}},
    {" voucher ", {"V1", "V2"}},
    {" number ", {"CB-U1-20260302-001", "CB-U1-20260302-002", "QY-U1-20260302-001"}},
    {" register_no ", {"U1/2026-03-02", "U1/2026-03-03"}},
    {" calendar ", {"CN", "CN", "no such"}},
    {" policy service_policy default_policy ",
     {"SP-APPL-URBAN", "SP-APPL-SUBURB", "SP-IT-TRIAL", "SP-IT-WARR-SYS", "no such"}},
    {" name ", {"job.arrival", "job.repair", "call.reply", "dispatch.assign"}},
    {" order_kind ", {"repair", "install", "desk", "inspection"}},
    {" role ", {"technician", "supervisor"}},
    {" district ", {"Q1", "Q2"}},
    {" receipt_no card_no quote_no workorder vehicle complaint_no ", {"N1", "N1", "N2"}},
    {" step ", {"qa", "manufacturing", "rd", "business", "gmo_synthesis"}},
    {" level ", {"業務部經理", "副總經理", "總經理"}},
    {" scheme ", {"tb_130", "tb_130", "4s_ae", "sup_100", "no such"}},
    {" item ", {"quality", "disputes", "cooperation", "execution", "complaint", "refund_rate"}},
    {" word ", {"優", "良", "差", "minor"}},
    {" order_no rating_no praise_no ", {"O1", "O2", "O3"}},
    {" text ", {"carried 1 2026-03-02", "policy SP-APPL-SUBURB", "help"}},
};

static const struct pool *pool_of(const char *name)
{
    char wanted[40];
    snprintf(wanted, sizeof wanted, " %.36s ", name);
    for (size_t i = 0; i < COUNT_OF(pools); i++) {
        if (strstr(pools[i].fields, wanted)) return &pools[i];
    }
    return NULL;
}

static struct str pool_word(const struct pool *p, uint8_t which)
{
    uint32_t n = 0;
    while (n < COUNT_OF(p->words) && p->words[n])
        n++;
    return str_of(p->words[which % n]);
}

/* One byte a field: its low half chooses the value, its high half whether there is one. */
static void tame(struct fuzz_in *in, const struct field *f, int64_t now_ms, void *member)
{
    const struct pool *pool = f->type == FT_TEXT ? pool_of(f->name) : NULL;
    bool key = pool && pool < pools + 3;
    if (f->type != FT_TIME && f->type != FT_DATE && f->type != FT_TEXT) return;
    uint8_t b = fuzz_u8(in);
    if (f->type == FT_TIME) {
        *(int64_t *)member = now_ms + (b - 128) * 10 * MINUTE_MS;
    } else if (f->type == FT_DATE) {
        *(int32_t *)member = (int32_t)(now_ms / DAY_MS) + (b - 128) * 3;
    } else if (pool) {
        *(struct str *)member = pool_word(pool, b & 15);
    }
    bool leave_out = !f->must && (key ? b >> 4 == 15 : b >> 4 >= 8);
    if (leave_out)
        memset(member, 0,
               f->type == FT_TIME   ? sizeof(int64_t)
               : f->type == FT_DATE ? sizeof(int32_t)
                                    : sizeof(struct str));
}

void world_object(struct fuzz_in *in, const struct shape *s, int64_t now_ms, struct arena *a,
                  void *obj)
{
    uint64_t seed = fuzz_u16(in);
    proto_random(s, &seed, a, obj);
    for (uint32_t i = 0; i < s->count; i++)
        tame(in, &s->fields[i], now_ms, (uint8_t *)obj + s->fields[i].offset);
}

static struct slice encoded(struct arena *a, const struct shape *s, const void *obj)
{
    struct buf b = {0};
    proto_encode(s, obj, &b);
    struct slice bytes = arena_copy(a, buf_slice(&b));
    buf_fini(&b);
    return bytes;
}

/* There are more kinds of events than a byte counts: `part` says which 256 of them. */
static uint32_t nth_kind(uint8_t which, uint32_t part)
{
    return which + 256 * (part % (1 + EVENT_KIND_COUNT / 256));
}

static const struct event_type *outside_type(uint32_t which)
{
    for (uint32_t i = 0;; i++) {
        const struct event_type *t =
            event_of((enum event_kind)(1 + (which + i) % (EVENT_KIND_COUNT - 1)));
        if (!event_is_verdict(t)) return t;
    }
}

struct slice world_fact(struct fuzz_in *in, int64_t now_ms, struct arena *a)
{
    uint8_t which = fuzz_u8(in), id = fuzz_u8(in), when = fuzz_u8(in);
    const struct event_type *t = outside_type(nth_kind(which, when / 32));
    void *obj = arena_take(a, t->shape()->size);
    world_object(in, t->shape(), now_ms, a, obj);
    struct rec_fact f = {.number = t->number,
                         .id = arena_printf(a, "f%u-%s", id, t->type),
                         .source = STR("U1"),
                         .occurred = now_ms - (when < 192 ? 0 : (when - 192) * 10 * MINUTE_MS),
                         .data = encoded(a, t->shape(), obj)};
    return encoded(a, shape_fact(), &f);
}

struct slice world_record(struct fuzz_in *in, uint64_t seq, int64_t *now_ms, struct arena *a)
{
    uint32_t kind = nth_kind(fuzz_u8(in), (uint32_t)seq);
    uint8_t how = fuzz_u8(in);
    const struct event_type *t = event_of((enum event_kind)(1 + kind % (EVENT_KIND_COUNT - 1)));
    void *obj = arena_take(a, t->shape()->size);
    *now_ms += (how & 15) * MINUTE_MS;
    world_object(in, t->shape(), *now_ms, a, obj);
    struct rec_entry e = {.seq = seq,
                          .now = *now_ms,
                          .number = t->number,
                          .occurred = *now_ms - (how >> 4) * MINUTE_MS,
                          .received = how & 16 ? *now_ms : 0,
                          .id = how & 16 ? STR("f1") : (struct str){0},
                          .source = STR("U1"),
                          .cause_log = how & 32 ? 1u + how % 3 : 0,
                          .cause_seq = how & 32 ? 1u + how / 64 : 0,
                          .rule = str_of(t->rule),
                          .policy = 1,
                          .data = encoded(a, t->shape(), obj)};
    return encoded(a, shape_entry(), &e);
}

struct slice world_line(struct slice line, struct arena *a)
{
    struct rec_fact fact;
    struct fault fault;
    uint32_t n;
    struct str text = {(const char *)line.p, (uint32_t)line.n};
    if (fact_from_json(text, a, &fact, &fault, 1, &n) != ERR_OK) return (struct slice){0};
    return encoded(a, shape_fact(), &fact);
}

#define LINE(id, type, data)                                                                       \
    "{\"specversion\":\"1.0\",\"id\":\"" id "\",\"source\":\"U1\",\"type\":\"" type                \
    "\",\"time\":\"2026-03-01T09:00:00+08:00\",\"data\":" data "}"

const char *world_prelude(unsigned i)
{
    static const char *const lines[] = {
        LINE("p1", "unit.upserted",
             "{\"unit\":\"U1\",\"calendar\":\"CN\",\"supervisor\":\"S1\",\"urban\":[{\"name\":"
             "\"Q1\"}],\"suburban\":[{\"name\":\"Q2\"}]}"),
        LINE("p2", "person.upserted",
             "{\"person\":\"T1\",\"unit\":\"U1\",\"role\":\"technician\","
             "\"certified_to\":\"2030-12-31\"}"),
        LINE("p3", "person.upserted",
             "{\"person\":\"T2\",\"unit\":\"U1\",\"role\":\"technician\","
             "\"certified_to\":\"2030-12-31\"}"),
        LINE("p4", "customer.upserted",
             "{\"customer\":\"K1\",\"name\":\"A\",\"address\":\"B\",\"phone\":\"1\","
             "\"district\":\"Q1\"}"),
        LINE("p5", "product.upserted",
             "{\"product\":\"P1\",\"customer\":\"K1\",\"model\":\"AC\","
             "\"product_line\":\"appliance\",\"purchased\":\"2025-10-01\"}"),
        LINE("p6", "scoring.scheme_assigned",
             "{\"person\":\"T1\",\"scheme\":\"tb_130\",\"post\":\"普通售後客服\","
             "\"from\":\"2026-01-01\"}"),
    };
    return i < COUNT_OF(lines) ? lines[i] : NULL;
}
