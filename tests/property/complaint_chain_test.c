/* complaint_chain_test.c - whatever happens to a case and whoever holds it: the links of its chain
 * follow each other without a gap, from the complaint to the close, and their times sum up to the
 * whole. Rules CMP-036, CMP-054.
 *
 * Random histories: at each turn a fact of the walk, of the right unit or a wrong one, some time
 * later, sometimes earlier than what is known; complaint takes it or refuses it. A seed that fails
 * is printed. */
#include "tests/unit/complaint_door.h"

#define HISTORIES 25
#define TURNS 60

static uint64_t seed;

static uint32_t draw(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

static const struct walk_fact others[] = {
    {"GMO", "complaint.market_corrected", "'market':'foreign'"},
    {"GMO", "complaint.not_established", "'reason':'wrong use'"},
    {"QA", "complaint.invalidated", "'reason':'not ours'"},
    {"BIZ", "complaint.joint_inspection_needed", ""},
    {"BIZ", "complaint.joint_inspection_requested", ""},
    {"QA", "complaint.investigated", "'result':'bad'"},
    {"GMO", "complaint.step_skipped", "'step':'rd'"},
    {"BIZ", "complaint.negotiated", "'result':'refused'"},
    {"BIZ", "complaint.resubmitted", "'new_case_no':'A2'"},
    {"GMO", "complaint.step_done", "'rd_required':'no','opinion':'no'"},
    {"QA", "complaint.severity_set", "'severity':'major'"},
};

/* What comes next in the walk is told most often; anything else now and then. */
static struct walk_fact choose(enum walked *next)
{
    if (draw(8) == 0) return others[draw(COUNT_OF(others))];
    if (draw(10) == 0) return walk_facts[W_FILED + draw(W_CLOSED - W_FILED + 1)];
    struct walk_fact f = walk_facts[*next];
    if (*next < W_CLOSED) (*next)++;
    return f.type ? f : walk_facts[*next];
}

static struct moment moment_of(int64_t at_ms)
{
    struct moment m;
    char text[40];
    time_format(at_ms + 8 * HOUR_MS, NULL, text);
    text[strlen(text) - 1] = 0; /* Z */
    snprintf(m.text, sizeof m.text, "%s", text);
    return m;
}

static void check_chain(struct stage *s, const char *no, bool *over)
{
    struct rec_row_complaint r = case_row(s, no), *c = &r;
    uint64_t links = c->links;
    int64_t begin = c->received_at, closed = c->closed_at, at = begin, whole = 0;
    *over = c->state == complaint_state_closed || c->state == complaint_state_superseded;
    assert_true(links > 0);
    for (uint64_t n = 1; n <= links; n++) {
        struct rec_row_complaint_link l;
        struct key k = key_of(str_of(no));
        key_u64(&k, n);
        assert_true(row_at(s, COMPLAINT_LINK, k, &l));
        assert_true(l.since == at); /* no gap, no overlap */
        bool last_one = n == links && !*over;
        if (last_one ? l.until != 0 : l.until < l.since) fail_msg("link %d", (int)n);
        if (last_one) break;
        whole += l.until - l.since;
        at = l.until;
    }
    if (*over) assert_true(at == closed && whole == closed - begin);
}

static void history(uint64_t with)
{
    seed = with;
    struct stage *s = desk_open(POLICY_STD);
    int64_t now = instant("2024-03-01T10:00");
    drive(s, "A1", W_RECEIVED, "2024-03-01T10:00");
    enum walked next = W_FILED;
    bool over = false;
    for (int i = 0; i < TURNS && !over; i++) {
        struct walk_fact f = choose(&next);
        now += draw(3) * 7 * HOUR_MS + draw(3600) * 1000;
        int64_t then = draw(6) ? now : now - draw(30) * HOUR_MS;
        size_t refused = count(s, "refused.fact");
        const char *unit = draw(12) ? f.unit : "HR";
        tell(s, unit, f.type, moment_of(then).text, about("A1", f.data).text);
        /* Refused: said again later, as people do. */
        if (count(s, "refused.fact") > refused && next > W_FILED && draw(3)) next--;
        check_chain(s, "A1", &over);
    }
    if (over && case_row(s, "A1").child_no.n) {
        bool of_child;
        check_chain(s, "A2", &of_child);
    }
    stage_close(s);
}

static void CMP_054_every_second_belongs_to_one_holder(void **state)
{
    (void)state;
    for (uint64_t i = 1; i <= HISTORIES; i++) {
        print_message("seed %d\n", (int)i);
        history(i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(CMP_054_every_second_belongs_to_one_holder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
