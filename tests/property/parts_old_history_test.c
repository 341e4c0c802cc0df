/* parts_old_history_test.c - random facts about old parts, in any order, against a small model:
 * exactly what the model allows is accepted; what is owed and what came back sum to what was used;
 * what was offset is what went into a store or was credited by the maker, at the cost of issue.
 * After each fact the law of the ledger holds. Rules PRT-024 … PRT-028, PRT-031, PRT-035, PRT-067.
 */
#include "tests/unit/parts_old_door.h"

#define NOTES 3
#define OLDS_MAX 60
#define FACTS 200

enum place {
    OWED,
    RETURNED,
    LABELLED,
    INSPECTED,
    ANALYSED,
    ON_NOTE,
    ON_LIST,
    OFFSET,
    DISPOSED,
    LOST
};
enum list { NO_LIST, PACKED, SENT, DIFFERS };

struct world {
    struct {
        enum place at;
        unsigned note, qty;
    } old[OLDS_MAX];
    unsigned olds, slips, open_slip, offsets, seed;
    unsigned lists, open_list, listed, received, claims; /* one claims list at a time */
    enum list list;
    enum place before;
    unsigned used[NOTES];
    bool slip_signed;
    struct stage *s;
};

static unsigned roll(struct world *w, unsigned n)
{
    return (unsigned)rand_r(&w->seed) % n;
}

/* Told; whether parts takes it is as the model says. */
static void fact(struct world *w, bool allowed, const char *type, const char *data)
{
    size_t own = count(w->s, type), refused = count(w->s, "refused.fact");
    tell(w->s, "IND", type, "2026-03-02T10:00", data);
    if (count(w->s, type) - own != (allowed ? 1U : 0U))
        fail_msg("%s {%s}: %s", type, data, last(w->s, "refused.fact", "text"));
    assert_int_equal(count(w->s, "refused.fact") - refused, allowed ? 0 : 1);
}

static void use(struct world *w)
{
    unsigned n = roll(w, NOTES), qty = 1 + roll(w, 3);
    if (w->olds + 4 > OLDS_MAX || w->used[n] + qty > 20) return;
    struct text data = text_of("'doc':'issue','doc_no':'N%u','line':1,'qty':%u,'reason':'x',"
                               "'name':'y','report':'R'",
                               n, qty);
    fact(w, true, "part.used", data.text);
    w->used[n] += qty;
    w->old[w->olds].note = n, w->old[w->olds].qty = qty;
    w->old[w->olds++].at = OWED;
}

/* Some come back; the others get the next number. */
static void bring(struct world *w, unsigned i)
{
    unsigned qty = 1 + roll(w, 3);
    bool allowed = w->old[i].at == OWED && qty <= w->old[i].qty && w->olds < OLDS_MAX;
    if (w->olds == OLDS_MAX) return;
    fact(w, allowed, "oldpart.returned", text_of("'old_no':'OP-%u','qty':%u", i + 1, qty).text);
    if (!allowed) return;
    if (qty < w->old[i].qty) {
        w->old[w->olds] = w->old[i];
        w->old[w->olds++].qty -= qty;
    }
    w->old[i].at = RETURNED, w->old[i].qty = qty;
}

static void step(struct world *w, unsigned of)
{
    static const struct {
        const char *type, *more;
        enum place from, to;
    } steps[] = {
        {"oldpart.labelled", "'tag':'T'", RETURNED, LABELLED},
        {"oldpart.inspected", "'match':'yes'", LABELLED, INSPECTED},
        {"oldpart.analysed", "'cause':'c','liable':'own'", INSPECTED, ANALYSED},
        {"oldpart.lost", "'gap':'lost','document':'D','reason':'r','approved_by':'b'", OWED, LOST}};
    size_t k = roll(w, 10) == 0 ? 3 : roll(w, 3);
    for (size_t i = 0; roll(w, 3) && i < 3; i++) /* mostly the one that is next */
        k = w->old[of].at == steps[i].from ? i : k;
    bool allowed = w->old[of].at == steps[k].from;
    fact(w, allowed, steps[k].type, text_of("'old_no':'OP-%u',%s", of + 1, steps[k].more).text);
    if (allowed) w->old[of].at = steps[k].to;
}

static void dispose(struct world *w, unsigned i)
{
    bool allowed = w->old[i].at >= RETURNED && w->old[i].at <= ANALYSED;
    fact(w, allowed, "oldpart.disposed",
         text_of("'old_no':'OP-%u','disposal':'scrap'", i + 1).text);
    if (allowed) w->old[i].at = DISPOSED;
}

/* One slip at a time, of one old part. */
static void slip(struct world *w, unsigned i)
{
    struct text no = text_of("'note_no':'S%u'", w->slips);
    if (w->open_slip) {
        fact(w, w->slip_signed, "return_note.in_store", no.text);
        if (w->slip_signed) {
            w->old[w->open_slip - 1].at = OFFSET;
            w->open_slip = 0, w->slip_signed = false;
            w->offsets++;
        } else {
            fact(w, true, "return_note.signed", text_of("%s,'by':'z'", no.text).text);
            w->slip_signed = true;
        }
        return;
    }
    for (unsigned of = 0; roll(w, 4) && of < w->olds; of++) /* mostly one that may */
        i = w->old[of].at == ANALYSED ? of : i;
    bool allowed = w->old[i].at == ANALYSED;
    w->slips++;
    fact(w, allowed, "return_note.opened",
         text_of("'note_no':'S%u','lines':[{'old_no':'OP-%u'}]", w->slips, i + 1).text);
    if (!allowed) return;
    w->old[i].at = ON_NOTE;
    w->open_slip = i + 1;
}

/* The maker credits so many of the old part on the list; the others are here, as before or under
 * another number. */
static void settle(struct world *w, unsigned credit)
{
    unsigned i = w->open_list, got = credit < w->listed ? credit : w->listed;
    w->list = NO_LIST;
    w->old[i].at = got ? OFFSET : w->before;
    if (got == 0 || got == w->listed) return;
    w->claims++;
    w->old[w->olds] = w->old[i];
    w->old[w->olds].at = RETURNED;
    w->old[w->olds++].qty = w->listed - got;
    w->old[i].qty = got;
}

static void pack(struct world *w, unsigned i)
{
    unsigned qty = roll(w, 5) ? w->old[i].qty : 1 + roll(w, 3);
    bool allowed = w->old[i].at <= ANALYSED && qty == w->old[i].qty;
    fact(w, allowed, "claimlist.packed",
         text_of("'list_no':'L%u','unit':'IND','date':'2026-03-02','packer':'P','prepared_by':'Z',"
                 "'manager':'M','stamped':'yes','lines':[{'part_no':'CON','qty':%u,"
                 "'old_no':'OP-%u'}]",
                 ++w->lists, qty, i + 1)
             .text);
    if (!allowed) return;
    w->list = PACKED, w->open_list = i, w->listed = qty;
    w->before = w->old[i].at == OWED ? RETURNED : w->old[i].at;
    w->old[i].at = ON_LIST;
}

/* One list at a time, of one old part. */
static void claim(struct world *w, unsigned i)
{
    struct text no = text_of("'list_no':'L%u'", w->lists);
    unsigned n = roll(w, w->listed + 2);
    if (w->list == NO_LIST) {
        pack(w, i);
    } else if (w->list == PACKED) {
        fact(w, true, "claimlist.shipped", no.text);
        fact(w, true, "claimlist.received", no.text);
        w->list = SENT;
    } else if (w->olds == OLDS_MAX) {
        return;
    } else if (w->list == SENT) {
        struct text lines = text_of("%s,'lines':[{'part_no':'CON','qty':%u}]", no.text, n);
        fact(w, true, "claimlist.counted", n ? lines.text : no.text);
        w->list = DIFFERS, w->received = n;
        if (n == w->listed) settle(w, n);
    } else {
        unsigned most = w->listed > w->received ? w->listed : w->received;
        unsigned credit = 1 + roll(w, most);
        fact(w, true, "claimlist.contacted", text_of("%s,'whom':'c'", no.text).text);
        fact(w, true, "claimlist.resolved",
             text_of("%s,'by':'M','text':'t','lines':[{'part_no':'CON','qty':%u}]", no.text, credit)
                 .text);
        settle(w, credit);
    }
}

static void assert_note(struct world *w, unsigned n)
{
    struct text no = text_of("N%u", n);
    struct rec_row_ledger_line l = ledger_line(w->s, parts_doc_issue, no.text, 1);
    struct rec_row_oldpart_offset sum = {0};
    struct key k = {.n = 0};
    int64_t at[LOST + 1] = {0};
    for (unsigned i = 0; i < w->olds; i++) {
        if (w->old[i].note == n) at[w->old[i].at] += w->old[i].qty;
    }
    assert_int_equal(l.in_owed, at[OWED]);
    assert_int_equal(l.in_lost, at[LOST]);
    assert_int_equal(l.in_old, at[RETURNED] + at[LABELLED] + at[INSPECTED] + at[ANALYSED] +
                                   at[ON_NOTE] + at[ON_LIST]);
    assert_int_equal(l.in_gone, at[OFFSET] + at[DISPOSED]);
    key_u8(&k, parts_doc_issue);
    key_str(&k, str_of(no.text));
    (void)row_at(w->s, PARTS_OLDPART_OFFSET, k, &sum);
    assert_int_equal(sum.qty, at[OFFSET]);
    assert_int_equal(sum.value, 46000 * at[OFFSET]);
}

static void assert_debt(struct world *w)
{
    struct rec_row_oldpart_debt debt = {0};
    int64_t owed = 0;
    (void)row_at(w->s, PARTS_OLDPART_DEBT, key_of(STR("T1")), &debt);
    for (unsigned i = 0; i < w->olds; i++)
        owed += w->old[i].at == OWED ? w->old[i].qty : 0;
    assert_int_equal(debt.pieces, owed);
    assert_int_equal(debt.value, 46000 * owed);
}

static void history(unsigned seed, unsigned *offsets, unsigned *claims)
{
    struct world w = {.seed = seed, .s = old_open()};
    catalogue(w.s);
    for (unsigned n = 0; n < NOTES; n++)
        drawn_at(w.s, "IND", text_of("N%u", n).text, "CON", 20, "460.00", "2026-03-02T10:00", "");
    use(&w);
    for (int i = 0; i < FACTS; i++) {
        unsigned of = roll(&w, w.olds), what = roll(&w, 14);
        if (what == 0) use(&w);
        if (what > 0 && what < 4) bring(&w, of);
        if (what >= 4 && what < 9) step(&w, of);
        if (what == 9 && roll(&w, 4) == 0) dispose(&w, of);
        if (what == 10 || what == 11) slip(&w, of);
        if (what > 11) claim(&w, of);
        for (unsigned n = 0; n < NOTES; n++)
            assert_note(&w, n);
        assert_debt(&w);
    }
    *offsets += w.offsets, *claims += w.claims;
    stage_close(w.s);
}

static void PRT_026_random_histories_of_old_parts(void **state)
{
    (void)state;
    unsigned offsets = 0, claims = 0;
    for (unsigned seed = 1; seed <= 3; seed++)
        history(seed, &offsets, &claims);
    assert_true(offsets > 0 && claims > 2); /* return notes; lists credited in part */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(PRT_026_random_histories_of_old_parts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
