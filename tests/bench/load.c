/* load.c - the product's load program for the door: FRAME facts in each frame, for SECONDS, each
 * moving a deadline of one of CASES open calls; latency = send of a frame to its answer.
 *
 * load [--far HOST:PORT KEYS] RUN CASES HOW N FRAME SECONDS [HOW N FRAME SECONDS]...
 *   closed N   N facts in flight: the next frame leaves when one is answered
 *   rate N     N facts a second whatever is in flight, 0: half of the fastest measured before;
 *              latency from the instant a frame was due, so that a stall is seen by all it delays
 *   new N      N frames in flight, each a call not seen before and its promise: a ticket (FRAME 2)
 *   papers N   N facts in flight, of calls from which goods are taken away, repaired and brought
 *              back, each with its slips: register, repair card, vouchers, daily report (CASES 0)
 *   parts N    N facts in flight, of spare parts asked for, issued, used, and written off with
 *              their old parts, or back unused (CASES 0)
 *   sheets N   N facts in flight, of people scored for the last month: their orders, the entries of
 *              their sheet, handed in, published, signed (CASES 0)
 * First registers a unit and CASES calls, each with a promise; then one measurement per four words.
 *
 * Prints lines R<TAB>product<TAB>metric<TAB>unit<TAB>value, to stand beside those of the limit
 * programs; "# prepared" before the first measurement and "# ..." after each, for who watches the
 * service meanwhile. */
#include "common/bus.h"
#include "common/calendar.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/keys.h"
#include "common/loop.h"
#include "common/wire.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define UNIT STR("BENCH")
#define LATENCIES_MAX ((size_t)1 << 22)
#define PATIENCE_MS 20000
#define WARM_NS 300000000
#define TECHNICIANS 50
#define NAP_NS 100000 /* at most, between two looks for answers at a given rate */

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static uint64_t rng(uint64_t *s)
{
    uint64_t z = (*s += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct load {
    struct bus *bus;
    struct bus_socket *socket;
    struct buf frame, data, fact;
    uint32_t count;  /* facts in the frame being filled */
    uint64_t serial; /* of facts */
    uint64_t refused;
    char prefix[32]; /* of fact ids: another one each run */
    uint64_t cases;
    uint64_t made;  /* calls made by now, the cases included */
    uint64_t told;  /* facts about papers, parts, or sheets */
    uint8_t *kept;  /* by case: its promise is kept */
    double fastest; /* facts a second, of the measurements before */
};

static void frame_begin(struct load *l, uint64_t tag)
{
    buf_clear(&l->frame);
    wire_u8(&l->frame, 'P');
    wire_u64(&l->frame, tag);
    wire_u32(&l->frame, 0);
    l->count = 0;
}

static void add(struct load *l, enum event_kind kind, const void *payload)
{
    char id[64];
    int n = snprintf(id, sizeof id, "%s-%" PRIu64, l->prefix, ++l->serial);
    buf_clear(&l->data);
    buf_clear(&l->fact);
    proto_encode(event_of(kind)->shape(), payload, &l->data);
    struct rec_fact f = {.number = event_of(kind)->number,
                         .id = {id, (uint32_t)n},
                         .source = UNIT,
                         .occurred = clock_wall_ms(),
                         .actor = STR("clerk-0172"),
                         .data = buf_slice(&l->data)};
    proto_encode(shape_fact(), &f, &l->fact);
    wire_bytes(&l->frame, buf_slice(&l->fact));
    l->count++;
    memcpy(l->frame.p + 9, &l->count, 4);
}

static void send_frame(struct load *l)
{
    while (bus_send(l->socket, NULL, buf_slice(&l->frame)) != ERR_OK)
        clock_sleep_ms(1);
}

static void on_answer(struct load *l, struct slice answer, uint64_t *tag)
{
    struct wire w = {answer, false};
    struct arena a = {0};
    REQUIRE(wire_take_u8(&w) == 'p');
    *tag = wire_take_u64(&w);
    uint32_t n = wire_take_u32(&w);
    for (uint32_t i = 0; i < n; i++) {
        struct rec_outcome o;
        struct fault why;
        REQUIRE(proto_decode(shape_outcome(), wire_take_bytes(&w), &a, &o, &why) == ERR_OK);
        if (!str_is(o.verdict, "refused")) continue;
        if (!l->refused++) fprintf(stderr, "load: refused: %.*s\n", STR_ARG(o.text));
    }
    arena_fini(&a);
}

/* One answer if there is one; its tag. */
static bool try_answer(struct load *l, uint64_t *tag)
{
    struct bus_message m = {0};
    if (bus_receive(l->socket, &m) != ERR_OK) return false;
    on_answer(l, m.bytes, tag);
    bus_message_fini(&m);
    return true;
}

static uint64_t take_answer(struct load *l)
{
    uint64_t tag;
    int64_t until = clock_mono_ms() + PATIENCE_MS;
    while (!try_answer(l, &tag)) {
        bus_wait(l->bus, 100);
        if (clock_mono_ms() > until) {
            fprintf(stderr, "load: no answer in time\n");
            exit(1);
        }
    }
    return tag;
}

static int64_t promise_due(uint64_t *seed)
{
    return clock_wall_ms() + DAY_MS + (int64_t)(rng(seed) % (uint64_t)(60 * DAY_MS));
}

/* Makes the promise of a case, or keeps it: the deadline is armed, or stopped, in turn. */
static void add_promise(struct load *l, uint64_t c, uint64_t *seed)
{
    char call[40];
    int n = snprintf(call, sizeof call, "B%09" PRIu64, c);
    if (c < l->cases) l->kept[c] ^= 1;
    if (c < l->cases && !l->kept[c]) {
        struct ev_promise_kept kept = {.call_no = {call, (uint32_t)n}};
        add(l, EV_promise_kept, &kept);
        return;
    }
    struct ev_promise_made ev = {
        .call_no = {call, (uint32_t)n},
        .due = promise_due(seed),
        .text = STR("\xe7\x94\xb2\xe5\xb7\xa5\xe7\xa8\x8b\xe5\xb8\xab\xe5\x9b\x9e\xe9\x9b\xbb")};
    add(l, EV_promise_made, &ev);
}

static void add_call(struct load *l, uint64_t c)
{
    char call[40];
    int n = snprintf(call, sizeof call, "B%09" PRIu64, c);
    struct ev_call_registered ev = {.call_no = {call, (uint32_t)n},
                                    .unit = UNIT,
                                    .channel = channel_phone,
                                    .order_kind = STR("desk")};
    add(l, EV_call_registered, &ev);
}

/* ---- papers: a call and what is written because of it, fact by fact ---- */

struct names {
    char call[40], receipt[40], entry[40], card[40], person[16];
};

static void name_papers(uint64_t c, struct names *w)
{
    snprintf(w->call, sizeof w->call, "B%09" PRIu64, c);
    snprintf(w->receipt, sizeof w->receipt, "R%09" PRIu64, c);
    snprintf(w->entry, sizeof w->entry, "G%09" PRIu64, c);
    snprintf(w->card, sizeof w->card, "K%09" PRIu64, c);
    snprintf(w->person, sizeof w->person, "T%d", (int)(c % TECHNICIANS));
}

/* The call until somebody is there. */
static void add_visit(struct load *l, uint64_t step, const struct names *w)
{
    struct str call = str_of(w->call), person = str_of(w->person);
    struct ev_call_registered made = {.call_no = call,
                                      .unit = UNIT,
                                      .customer_name = STR("\xe7\x8e\x8b"),
                                      .address = STR("1 Road"),
                                      .phone = STR("02-1"),
                                      .product_line = STR("appliance"),
                                      .model = STR("AC-35"),
                                      .channel = channel_phone};
    struct ev_job_assigned sent = {.call_no = call, .technician = person};
    struct ev_job_arrived there = {.call_no = call, .technician = person};
    if (step == 0) add(l, EV_call_registered, &made);
    if (step == 1) add(l, EV_job_assigned, &sent);
    if (step == 2) add(l, EV_job_arrived, &there);
}

/* The item and its repair card. */
static void add_goods(struct load *l, uint64_t step, const struct names *w)
{
    struct str call = str_of(w->call), receipt = str_of(w->receipt), card = str_of(w->card);
    struct ev_goods_taken_away away = {
        .receipt_no = receipt, .call_no = call, .product = STR("AC-35"), .condition = STR("used")};
    struct ev_voucher_signed voucher = {
        .call_no = call, .purpose = step == 4 ? voucher_purpose_take_away : voucher_purpose_return};
    struct ev_goods_logged_in in = {.receipt_no = receipt, .register_no = str_of(w->entry)};
    struct ev_repaircard_opened opened = {.card_no = card, .register_no = str_of(w->entry)};
    struct ev_repaircard_work_added work = {.card_no = card, .minutes = 40};
    struct ev_repair_done done = {.card_no = card};
    struct ev_repair_inspected looked = {
        .card_no = card, .result = repair_result_pass, .by = STR("S1")};
    struct ev_goods_returned back = {.receipt_no = receipt};
    struct ev_receipt_voided over = {.receipt_no = receipt};
    if (step == 3) add(l, EV_goods_taken_away, &away);
    if (step == 4 || step == 11) add(l, EV_voucher_signed, &voucher);
    if (step == 5) add(l, EV_goods_logged_in, &in);
    if (step == 6) add(l, EV_repaircard_opened, &opened);
    if (step == 7) add(l, EV_repaircard_work_added, &work);
    if (step == 8) add(l, EV_repair_done, &done);
    if (step == 9) add(l, EV_repair_inspected, &looked);
    if (step == 10) add(l, EV_goods_returned, &back);
    if (step == 12) add(l, EV_receipt_voided, &over);
}

#define STEPS 14

/* The next fact. The calls stand side by side, TECHNICIANS at a time, so that no two facts that
 * follow each other are of one call. */
static void add_paper(struct load *l)
{
    uint64_t round = l->told / (TECHNICIANS * STEPS), in_round = l->told % (TECHNICIANS * STEPS);
    uint64_t step = in_round / TECHNICIANS;
    struct names w;
    name_papers(round * TECHNICIANS + in_round % TECHNICIANS, &w);
    struct rec_daily_line line = {.call_no = str_of(w.call), .category = category_c, .minutes = 40};
    struct ev_tech_daily_reported day = {.technician = str_of(w.person),
                                         .day = (int32_t)(clock_wall_ms() / DAY_MS),
                                         .lines = {&line, 1}};
    add_visit(l, step, &w);
    add_goods(l, step, &w);
    if (step == STEPS - 1) add(l, EV_tech_daily_reported, &day);
    l->told++;
}

/* ---- parts: two pieces by requisition, from the shelf to the write-off ---- */

#define PART STR("P-1")
#define LIFE 6

/* One is used, and its old part comes with the write-off; the other comes back unused. */
static void add_part(struct load *l)
{
    uint64_t round = l->told / (TECHNICIANS * LIFE), in_round = l->told % (TECHNICIANS * LIFE);
    uint64_t step = in_round / TECHNICIANS;
    char no[40], person[16];
    int n = snprintf(no, sizeof no, "Q%09" PRIu64, round * TECHNICIANS + in_round % TECHNICIANS);
    struct str q = {no, (uint32_t)n};
    snprintf(person, sizeof person, "T%d", (int)(in_round % TECHNICIANS));
    struct rec_requisition_line line = {.part_no = PART, .qty = 2};
    struct ev_requisition_opened opened = {
        .requisition_no = q, .person = str_of(person), .lines = {&line, 1}};
    struct ev_requisition_approved approved = {.requisition_no = q, .by = STR("S1")};
    struct ev_stock_issued issued = {.requisition_no = q, .line = 1, .part_no = PART, .qty = 2};
    struct ev_part_used used = {.doc = parts_doc_requisition,
                                .doc_no = q,
                                .line = 1,
                                .qty = 1,
                                .person = str_of(person),
                                .reason = STR("worn"),
                                .name = STR("relay"),
                                .report = STR("R1")};
    struct ev_stock_written_off off = {.requisition_no = q,
                                       .line = 1,
                                       .old_qty = 1,
                                       .report = STR("R1"),
                                       .user_signed = yes_no_yes,
                                       .leader_ok = yes_no_yes};
    struct ev_stock_returned_unused back = {
        .requisition_no = q, .line = 1, .part_no = PART, .qty = 1};
    if (step == 0) add(l, EV_requisition_opened, &opened);
    if (step == 1) add(l, EV_requisition_approved, &approved);
    if (step == 2) add(l, EV_stock_issued, &issued);
    if (step == 3) add(l, EV_part_used, &used);
    if (step == 4) add(l, EV_stock_written_off, &off);
    if (step == 5) add(l, EV_stock_returned_unused, &back);
    l->told++;
}

static void fill_shelf(struct load *l)
{
    struct ev_item_upserted item = {
        .part_no = PART, .name = STR("relay"), .spec = STR("R1"), .unit_cost = 1000};
    struct rec_stock_note_line line = {.part_no = PART, .qty = 100000000};
    struct ev_stock_received in = {.note_no = STR("G1"), .copies = 2, .lines = {&line, 1}};
    frame_begin(l, 0);
    add(l, EV_item_upserted, &item);
    add(l, EV_stock_received, &in);
    send_frame(l);
    take_answer(l);
}

/* ---- sheets: the month of a clerk of a web shop, from the orders to the signature ---- */

#define ENTRIES 4
#define SHEET_STEPS (3 + ENTRIES + 3)

static int32_t last_month(void)
{
    int y, m, d;
    int32_t today = (int32_t)(clock_wall_ms() / DAY_MS);
    day_split(today, &y, &m, &d);
    return day_add_months(today - d + 1, -1);
}

static void add_sheet(struct load *l)
{
    static const char *const items[ENTRIES] = {"quality", "disputes", "cooperation", "execution"};
    uint64_t side = TECHNICIANS * SHEET_STEPS, step = l->told % side / TECHNICIANS;
    char name[16];
    int n = snprintf(name, sizeof name, "C%09" PRIu64,
                     l->told / side * TECHNICIANS + l->told % TECHNICIANS);
    struct str who = {name, (uint32_t)n}, scheme = STR("tb_130"), boss = STR("S1");
    int32_t first = last_month();
    struct ev_person_upserted person = {.person = who, .unit = UNIT, .role = STR("clerk")};
    struct ev_scoring_scheme_assigned assigned = {
        .person = who, .scheme = scheme, .post = STR("普通售後客服"), .from = first, .by = boss};
    struct ev_order_counted orders = {.order_no = who, .person = who, .day = first, .orders = 60};
    struct ev_scoring_item_scored entry = {
        .person = who, .scheme = scheme, .first = first, .word = STR("優"), .by = boss};
    struct ev_scoring_sheet_submitted over = {
        .person = who, .scheme = scheme, .first = first, .by = boss};
    struct ev_scoring_reviewed seen = {
        .person = who, .scheme = scheme, .first = first, .by = STR("HR")};
    struct ev_scoring_acknowledged signed_by = {.person = who,
                                                .scheme = scheme,
                                                .first = first,
                                                .signed_employee = who,
                                                .signed_manager = boss,
                                                .interviewed_on =
                                                    (int32_t)(clock_wall_ms() / DAY_MS)};
    if (step == 0) add(l, EV_person_upserted, &person);
    if (step == 1) add(l, EV_scoring_scheme_assigned, &assigned);
    if (step == 2) add(l, EV_order_counted, &orders);
    if (step >= 3 && step < 3 + ENTRIES) {
        entry.item = str_of(items[step - 3]);
        add(l, EV_scoring_item_scored, &entry);
    }
    if (step == 3 + ENTRIES) add(l, EV_scoring_sheet_submitted, &over);
    if (step == 4 + ENTRIES) add(l, EV_scoring_reviewed, &seen);
    if (step == 5 + ENTRIES) add(l, EV_scoring_acknowledged, &signed_by);
    l->told++;
}

static void add_people(struct load *l)
{
    struct ev_person_upserted e = {.person = STR("S1"), .unit = UNIT, .role = STR("supervisor")};
    add(l, EV_person_upserted, &e);
    for (uint64_t i = 0; i < TECHNICIANS; i++) {
        struct names w;
        name_papers(i, &w);
        e.person = str_of(w.person);
        e.role = STR("technician");
        e.certified_to = (int32_t)(clock_wall_ms() / DAY_MS) + 3650;
        add(l, EV_person_upserted, &e);
    }
}

static int prepare(struct load *l, uint64_t cases)
{
    uint64_t seed = 7, answered = 0, sent = 0;
    frame_begin(l, 0);
    struct ev_unit_upserted unit = {.unit = UNIT, .name = STR("Bench"), .kind = unit_kind_center};
    add(l, EV_unit_upserted, &unit);
    add_people(l);
    send_frame(l);
    take_answer(l);
    for (uint64_t c = 0; c < cases;) {
        frame_begin(l, ++sent);
        for (int i = 0; i < 32 && c < cases; i++, c++) {
            add_call(l, c);
            add_promise(l, c, &seed);
        }
        send_frame(l);
        if (sent - answered >= 64) {
            take_answer(l);
            answered++;
        }
    }
    while (answered++ < sent)
        take_answer(l);
    printf("# prepared\n");
    return l->refused ? 1 : 0;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

enum how { HOW_closed, HOW_rate, HOW_new, HOW_papers, HOW_parts, HOW_sheets, HOW_COUNT };
static const struct {
    const char *name;
    void (*add)(struct load *l); /* the next fact of a life */
} hows[HOW_COUNT] = {{"closed", NULL},      {"rate", NULL},      {"new", NULL},
                     {"papers", add_paper}, {"parts", add_part}, {"sheets", add_sheet}};

static int usage(void)
{
    fprintf(stderr,
            "usage: load [--far HOST:PORT KEYS] RUN CASES (closed|rate|new|papers|parts|sheets) "
            "N FRAME SECONDS...\n");
    return 2;
}

struct measurement {
    struct load *l;
    enum how how;
    uint64_t n, frame, seed;
    int64_t end, warm;   /* of sending; what is answered before warm does not count */
    int64_t first, last; /* answers counted */
    uint64_t flying, acked, count;
    int64_t *took;
};

static void put_frame(struct measurement *m, int64_t tag)
{
    struct load *l = m->l;
    frame_begin(l, (uint64_t)tag);
    if (m->how == HOW_new) {
        add_call(l, l->made);
        add_promise(l, l->made++, &m->seed);
    } else if (hows[m->how].add) {
        for (uint64_t i = 0; i < m->frame; i++)
            hows[m->how].add(l);
    } else {
        for (uint64_t i = 0; i < m->frame; i++)
            add_promise(l, rng(&m->seed) % l->cases, &m->seed);
    }
    send_frame(l);
    m->flying += m->frame;
}

static void count_answer(struct measurement *m, int64_t sent, int64_t now)
{
    m->flying -= m->frame;
    if (now <= m->warm || now > m->end) return;
    if (!m->first) m->first = now;
    m->last = now;
    m->acked += m->frame;
    if (m->count < LATENCIES_MAX) m->took[m->count++] = now - sent;
}

static void keep_in_flight(struct measurement *m)
{
    uint64_t most = m->how == HOW_new ? m->n * m->frame : m->n < m->frame ? m->frame : m->n;
    for (int64_t now = now_ns(); now < m->end || m->flying > 0;) {
        while (now < m->end && m->flying + m->frame <= most)
            put_frame(m, now_ns());
        int64_t sent = (int64_t)take_answer(m->l);
        now = now_ns();
        count_answer(m, sent, now);
    }
}

static void keep_pace(struct measurement *m)
{
    double rate = m->n ? (double)m->n : m->l->fastest / 2;
    int64_t next = now_ns(), gap = (int64_t)((double)m->frame * 1e9 / rate);
    for (int64_t now = next; now < m->end || m->flying > 0; now = now_ns()) {
        for (; next <= now && next < m->end; next += gap)
            put_frame(m, next);
        uint64_t sent;
        if (try_answer(m->l, &sent)) {
            count_answer(m, (int64_t)sent, now_ns());
        } else if (now > m->end + PATIENCE_MS * INT64_C(1000000)) {
            fprintf(stderr, "load: no answer in time\n");
            exit(1);
        } else {
            int64_t nap = next > now && next - now < NAP_NS ? next - now : NAP_NS;
            nanosleep(&(struct timespec){0, nap}, NULL);
        }
    }
}

static void print(struct measurement *m, uint64_t sent)
{
    uint64_t n = m->count;
    qsort(m->took, n, sizeof *m->took, compare);
    double rate = n > 1 ? (double)m->acked / ((double)(m->last - m->first) / 1e9) : 0;
    if (rate > m->l->fastest) m->l->fastest = rate;
    printf("# %" PRIu64 " cases, %s %" PRIu64 ", %" PRIu64 " a frame\n", m->l->cases,
           hows[m->how].name, m->n, m->frame);
    printf("R\tproduct\tsent\tfacts\t%" PRIu64 "\n", sent);
    printf("R\tproduct\tdurable events\t1/s\t%.6g\n", rate);
    printf("R\tproduct\tack p50\tus\t%.6g\n", n ? (double)m->took[n / 2] / 1e3 : 0);
    printf("R\tproduct\tack p99\tus\t%.6g\n", n ? (double)m->took[n * 99 / 100] / 1e3 : 0);
    printf("R\tproduct\tack max\tus\t%.6g\n", n ? (double)m->took[n - 1] / 1e3 : 0);
}

static int run(struct load *l, char **words)
{
    struct measurement m = {.l = l,
                            .n = strtoull(words[1], NULL, 10),
                            .frame = strtoull(words[2], NULL, 10),
                            .seed = (uint64_t)now_ns()};
    while (m.how < HOW_COUNT && strcmp(words[0], hows[m.how].name) != 0)
        m.how++;
    bool none = l->cases == 0;
    if (m.how == HOW_COUNT || m.frame == 0 || (m.how == HOW_new && m.frame != 2) ||
        none != (hows[m.how].add != NULL))
        return usage();
    if (m.how == HOW_parts && l->told == 0) fill_shelf(l);
    m.took = malloc(LATENCIES_MAX * sizeof *m.took);
    REQUIRE(m.took != NULL);
    uint64_t before = l->serial;
    m.warm = now_ns() + WARM_NS;
    m.end = m.warm + (int64_t)(strtod(words[3], NULL) * 1e9);
    if (m.how == HOW_rate)
        keep_pace(&m);
    else
        keep_in_flight(&m);
    print(&m, l->serial - before);
    free(m.took);
    return l->refused ? 1 : 0;
}

/* Over its socket in the directory `run`, or over the network. */
static void dial(struct load *l, const char *run, char **far)
{
    char endpoint[LOOP_ENDPOINT_SIZE];
    struct keys keys;
    struct fault why;
    REQUIRE(bus_open(&l->bus) == ERR_OK);
    if (!far) {
        loop_endpoint(endpoint, run, "intake");
        REQUIRE(bus_connect(l->bus, endpoint, NULL, &l->socket) == ERR_OK);
        return;
    }
    REQUIRE(keys_load(far[1], &keys, &why) == ERR_OK);
    REQUIRE(bus_connect_curve(l->bus, far[0], &keys.own, keys.door, &l->socket) == ERR_OK);
    keys_fini(&keys);
}

int main(int argc, char **argv)
{
    char **far = argc > 3 && strcmp(argv[1], "--far") == 0 ? argv + 2 : NULL;
    if (far) {
        argc -= 3;
        argv += 3;
    }
    if (argc < 7 || argc % 4 != 3) return usage();
    struct load l = {0};
    setvbuf(stdout, NULL, _IOLBF, 0);
    snprintf(l.prefix, sizeof l.prefix, "%" PRIx64, (uint64_t)clock_wall_ms());
    dial(&l, argv[1], far);
    l.cases = l.made = strtoull(argv[2], NULL, 10);
    l.kept = calloc(l.cases + 1, 1);
    REQUIRE(l.kept != NULL);
    int rc = prepare(&l, l.cases);
    for (int i = 3; rc == 0 && i < argc; i += 4)
        rc = run(&l, argv + i);
    free(l.kept);
    bus_close(&l.bus);
    buf_fini(&l.frame);
    buf_fini(&l.data);
    buf_fini(&l.fact);
    return rc;
}
