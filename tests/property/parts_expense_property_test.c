/* parts_expense_property_test.c - random histories of advances and expense forms, told in any order
 * (PRT-054 … PRT-058, PRT-064, PRT-071). After each fact: a form is the sum of its lines, what is
 * approved of it is at most that; a voucher stands in the one form that has it; an advance knows
 * the forms that name it and what was approved of them; a person's unsettled and overdue advances
 * are counted right. A failure prints its seed. */
#include "tests/unit/parts_money.h"

#define RUNS 40
#define FACTS 60
#define FORMS 4
#define LOANS 3

static uint64_t random_state;

static unsigned draw(unsigned below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)((random_state >> 11) % below);
}

/* ---- a fact, sensible or not ---- */

static const char *const persons[] = {"T1", "T2"};
static const char *const kinds[] = {"hotel", "taxi", "train", "postage"};
static const char *const places[] = {"Ningbo", "Hangzhou"};

static void form_told(char *data, size_t size)
{
    size_t n = (size_t)snprintf(
        data, size,
        "'person':'%s','rank':'engineer','reason':'r','places':[{'name':'Ningbo'}],'home':'Taipei',"
        "'from_day':'2026-03-02','until_day':'2026-03-0%u'",
        persons[draw(2)], 3 + draw(3));
    if (draw(2)) n += (size_t)snprintf(data + n, size - n, ",'advance_no':'B%u'", draw(LOANS));
    unsigned lines = 1 + draw(3), first = draw(6);
    for (int list = 0; list < 2; list++) {
        n += (size_t)snprintf(data + n, size - n, list ? "],'vouchers':[" : ",'lines':[");
        for (unsigned i = 0; i < lines; i++) {
            unsigned fen = 100 + first + i;
            n += (size_t)snprintf(data + n, size - n, i ? "," : "");
            if (list) {
                n += (size_t)snprintf(data + n, size - n, "{'voucher_no':'V%u','amount':'%u.%02u'}",
                                      first + i, fen / 100, fen % 100);
                continue;
            }
            n += (size_t)snprintf(data + n, size - n,
                                  "{'day':'2026-03-0%u','kind':'%s','amount':'%u.%02u',"
                                  "'from':'Taipei','to':'%s'}",
                                  2 + draw(2), kinds[draw(4)], fen / 100, fen % 100,
                                  places[draw(2)]);
        }
    }
    (void)snprintf(data + n, size - n, "]");
}

static void tell_any(struct stage *s, const char *local)
{
    static const char *const steps[] = {"expense.audited", "expense.reviewed", "expense.approved",
                                        "expense.paid"};
    char data[2000], more[1800];
    switch (draw(8)) {
    case 0:
    case 1:
        form_told(more, sizeof more);
        snprintf(data, sizeof data, "'expense_no':'E%u',%s", draw(FORMS), more);
        tell(s, "BUS", "expense.submitted", local, data);
        return;
    case 2:
    case 3:
    case 4:
        snprintf(data, sizeof data, "'expense_no':'E%u','by':'L1'", draw(FORMS));
        tell(s, "BUS", steps[draw(4)], local, data);
        return;
    case 5:
        snprintf(data, sizeof data,
                 "'advance_no':'B%u','department':'d','person':'%s','amount':'300.00',"
                 "'amount_words':'叁佰元整','purpose':'p','scope':'foreign',"
                 "'from_day':'2026-03-02','return_day':'2026-03-04'",
                 draw(LOANS), persons[draw(2)]);
        tell(s, "BUS", "advance.opened", local, data);
        return;
    case 6:
        snprintf(data, sizeof data, "'advance_no':'B%u','reviewed_by':'L1','by':'GM'", draw(LOANS));
        tell(s, "BUS", "advance.approved", local, data);
        return;
    }
    snprintf(data, sizeof data, "'advance_no':'B%u'", draw(LOANS));
    tell(s, "BUS", draw(3) ? "advance.paid" : "advance.settled", local, data);
}

/* ---- the law, worked out from the rows anew ---- */

struct sums {
    uint64_t claims_open[LOANS];
    int64_t expenses[LOANS];
    uint64_t vouchers;
};

static void check_vouchers(struct stage *s, const char *no, uint64_t lines, struct sums *x)
{
    struct rec_row_parts_voucher v;
    char claim[24], voucher[8];
    uint64_t mine = 0;
    snprintf(claim, sizeof claim, "expense/%s", no);
    for (unsigned i = 0; i < 9; i++) {
        snprintf(voucher, sizeof voucher, "V%u", i);
        bool there = row_at(s, PARTS_VOUCHER, key_of(str_of(voucher)), &v);
        mine += there && str_is(v.claim, claim);
    }
    assert_int_equal(mine, lines);
    x->vouchers += mine;
}

static void check_form(struct stage *s, unsigned i, struct sums *x)
{
    struct rec_row_expense r;
    char no[8];
    snprintf(no, sizeof no, "E%u", i);
    if (!row_at(s, PARTS_EXPENSE, key_of(str_of(no)), &r)) return;
    int64_t claimed = 0, approved = 0;
    for (uint32_t n = 0; n < r.lines.n; n++) {
        claimed += r.lines.v[n].amount;
        assert_true(r.lines.v[n].amount == r.vouchers.v[n].amount);
    }
    for (uint32_t n = 0; n < r.results.n; n++) {
        approved += r.results.v[n].approved;
        assert_true(r.results.v[n].ok == yes_no_yes || r.results.v[n].approved == 0);
    }
    assert_true(r.claimed == claimed && r.approved == approved && approved <= claimed);
    assert_true((r.results.n == r.lines.n) == (r.state > expense_state_submitted));
    bool is_open = r.state < expense_state_approved;
    unsigned loan = r.advance_no.n ? (unsigned)(r.advance_no.p[1] - '0') : LOANS;
    if (loan < LOANS && is_open) x->claims_open[loan]++;
    if (loan < LOANS && !is_open) x->expenses[loan] += approved;
    check_vouchers(s, no, r.lines.n, x); /* reads other rows */
}

static void check_loans(struct stage *s, const struct sums *x)
{
    uint64_t unsettled[2] = {0}, overdue[2] = {0};
    for (unsigned i = 0; i < LOANS; i++) {
        struct rec_row_advance r;
        char no[8];
        snprintf(no, sizeof no, "B%u", i);
        if (!row_at(s, PARTS_ADVANCE, key_of(str_of(no)), &r)) continue;
        assert_int_equal(r.claims_open, x->claims_open[i]);
        assert_int_equal(r.expenses, x->expenses[i]);
        unsigned who = str_is(r.person, "T2");
        unsettled[who] += r.state == advance_state_paid;
        overdue[who] += r.overdue;
        assert_true(!r.overdue || r.state == advance_state_paid);
        if (r.state == advance_state_settled) assert_int_equal(r.settlement, r.expenses - r.amount);
    }
    for (unsigned i = 0; i < 2; i++) {
        struct rec_row_borrower b = {0};
        (void)row_at(s, PARTS_BORROWER, key_of(str_of(persons[i])), &b);
        assert_int_equal(b.unsettled, unsettled[i]);
        assert_int_equal(b.overdue, overdue[i]);
    }
}

static void PRT_058_forms_and_advances_add_up(void **state)
{
    (void)state;
    size_t settled = 0, paid = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
        struct stage *s = money_open();
        for (unsigned n = 0; n < FACTS; n++) {
            char local[24];
            struct sums x = {.vouchers = 0};
            snprintf(local, sizeof local, "2026-03-%02uT10:%02u", 6 + n / 4, n % 60);
            tell_any(s, local);
            for (unsigned i = 0; i < FORMS; i++)
                check_form(s, i, &x);
            check_loans(s, &x);
        }
        settled += count(s, "advance.settled");
        paid += count(s, "expense.paid");
        stage_close(s);
    }
    assert_true(settled > 0 && paid > 0); /* the histories go somewhere */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_058_forms_and_advances_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
