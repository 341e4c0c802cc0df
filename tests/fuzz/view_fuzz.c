/* view_fuzz.c - any records and rows in the stores of a stopped house, read by the commands:
 * show, explain, deadlines, reminders, refused, kpi, verify.
 *
 * Records are drawn from their contracts, in any order and about the same few cases, or are raw
 * bytes; so are rows. Whatever stands there: a command ends, with one of its exit statuses; what it
 * prints is valid UTF-8 without a control character that a terminal would obey; and --json gives
 * JSON.
 *
 * Bytes: which command in which form, then what is in the stores. */
#include "common/contract.h"
#include "common/deadline.h"
#include "common/house.h"
#include "services/cli/commands.h"
#include "services/cli/line_reader.h"
#include "tests/fuzz/lib/world.h"
#include <stdlib.h>
#include <string.h>

#define PUTS_MAX 100

struct shelf {
    struct fuzz_in in;
    struct house *house;
    const struct policy *policy;
    int64_t now_ms;
    struct arena arena;
};

static struct store *store_at(struct shelf *s, uint8_t which)
{
    return node_store(house_node(s->house, world_services[which % WORLD_SERVICES]->owner));
}

static void put_record(struct shelf *s, struct store *to, bool raw)
{
    uint64_t seq = store_last_seq(to) + 1;
    store_append(to, raw ? fuzz_bytes(&s->in) : world_record(&s->in, seq, &s->now_ms, &s->arena));
}

static struct key key_at(struct shelf *s, bool deadline)
{
    static const char *const words[] = {"C1", "U1", "T1", "CB-U1-20260302-001"};
    static const char *const names[] = {"job.arrival", "call.reply", "job.repair", "x"};
    uint8_t how = fuzz_u8(&s->in);
    struct key k = key_of(str_of(words[how & 3]));
    if (deadline) return deadline_key(STR("C1"), how & 3, str_of(names[how >> 2 & 3]));
    if (how & 4) key_u8(&k, how >> 4);
    if (how & 8) key_u64(&k, (uint64_t)s->now_ms);
    if (how & 16) key_str(&k, str_of(names[how >> 5 & 3]));
    return k;
}

static void put_row(struct shelf *s, uint8_t which, bool raw)
{
    const struct service *service = world_services[which % WORLD_SERVICES];
    uint8_t n = fuzz_u8(&s->in) % (uint8_t)(service->table_count + 1);
    const struct table *t = n < service->table_count ? &service->tables[n] : &table_deadline;
    struct key k = key_at(s, t == &table_deadline);
    struct buf b = {0};
    void *obj = arena_take(&s->arena, t->shape()->size);
    if (!raw) world_object(&s->in, t->shape(), s->now_ms, &s->arena, obj);
    if (!raw) proto_encode(t->shape(), obj, &b);
    struct slice bytes = raw ? fuzz_bytes(&s->in) : buf_slice(&b);
    store_put(store_at(s, which), t->id, (struct slice){k.b, k.n}, bytes);
    buf_fini(&b);
}

static void fill(struct shelf *s)
{
    for (unsigned i = 0; i < PUTS_MAX && s->in.n > 0; i++) {
        uint8_t c = fuzz_u8(&s->in);
        bool raw = (c & 0x1c) == 0x1c;
        if (c & 0x20) {
            put_row(s, c & 3, raw);
        } else {
            put_record(s, store_at(s, c & 3), raw);
        }
    }
    for (uint8_t i = 0; i < WORLD_SERVICES; i++) {
        struct journal j = {.now_ms = s->now_ms};
        enum err e = store_commit(store_at(s, i), &j);
        if (e == ERR_OK) e = store_checkpoint(store_at(s, i));
        REQUIRE(e == ERR_OK);
    }
}

static int command(struct view *v, uint8_t which)
{
    struct kpi_ask ask = {.from_day = 20510, .to_day = 20600, .spans = true, .at_count = 1};
    ask.at[0] = WORLD_START_MS;
    switch (which & 7) {
    case 0:
        return show_case(v, STR("C1"));
    case 1:
        return explain_case(v, STR("C1"), (struct str){0});
    case 2:
        return explain_case(v, STR("CB-U1-20260302-001"), (struct str){0});
    case 3:
        return deadlines_list(v, &(struct deadlines_query){.within_min = -1});
    case 4:
        return reminders_list(v, &(struct reminders_query){.inquiries = which & 8});
    case 5:
        return refused_list(v, &(struct refused_query){.unit = {0}});
    case 6:
        return kpi_report(v, &ask);
    }
    return verify_all(v, NULL, fuzz_tmp());
}

/* A line of CSV ends with CR LF. */
static void check_text(const char *text, size_t n, bool csv)
{
    bool whole = line_reader_utf8((struct str){text, (uint32_t)n});
    REQUIRE(whole);
    for (size_t i = 0; i < n; i++)
        REQUIRE((uint8_t)text[i] >= 0x20 || text[i] == '\n' || text[i] == '\t' ||
                (csv && text[i] == '\r'));
}

static void check_json(const char *text, size_t n, int rc)
{
    json_t *j = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
    REQUIRE(j != NULL || n == 0 || rc != CLI_OK);
    json_decref(j);
}

static void read_shelf(struct shelf *s, uint8_t which)
{
    struct reader *r;
    struct view v;
    char *out = NULL, *said = NULL;
    size_t out_n, said_n;
    enum err e = reader_of_house(s->house, &r);
    REQUIRE(e == ERR_OK);
    view_begin(&v, r, s->policy);
    v.form = (enum listing_form)((which >> 4) % 3);
    v.out = open_memstream(&out, &out_n);
    v.err = open_memstream(&said, &said_n);
    REQUIRE(v.out && v.err);
    int rc = command(&v, which);
    fclose(v.out);
    fclose(v.err);
    REQUIRE(rc == CLI_OK || rc == CLI_REFUSED || rc == CLI_FAILED);
    REQUIRE(rc != CLI_FAILED || said_n > 0 || out_n > 0);
    check_text(out, out_n, v.form == LISTING_csv);
    check_text(said, said_n, false);
    if (v.form == LISTING_json) check_json(out, out_n, rc);
    view_close(&v);
    free(out);
    free(said);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct shelf s = {.in = {bytes, n}, .now_ms = WORLD_START_MS, .policy = world_policy(0)};
    struct fault why;
    uint8_t which = fuzz_u8(&s.in);
    world_stores_born();
    enum err e = house_open(fuzz_dir(), s.policy, world_services, WORLD_SERVICES, &s.house, &why);
    REQUIRE(e == ERR_OK);
    fill(&s);
    read_shelf(&s, which);
    house_close(&s.house);
    arena_fini(&s.arena);
    return 0;
}
