/* parts_audit_history_test.c - random histories of abnormality reports, service cards, freight
 * bills, charges and decisions taken back, against lists kept here.
 *
 * Reports: every pair of report and card is looked at by brute force; each report ends as exactly
 * one of matched, unmatched, reversed, exempt, has one verdict, and the assessments that stand sum
 * to those of the unmatched. Where a report and a card agree or not as members of a class, the
 * order in which they come within the month changes nothing. Money: the net cost of a note, and of
 * the unit over its months, is that of the bills and vouchers in the list. Rules PRT-018, PRT-019,
 * PRT-061 … PRT-063, PRT-066, PRT-067, PRT-069, PRT-071, PRT-076. */
#include "tests/unit/parts_audit_door.h"

#define REPORTS 14
#define CARDS 14
#define DAYS 2
#define CUTOFF "2026-04-06T00:01"

static unsigned seed;

static unsigned roll(unsigned n)
{
    return (unsigned)rand_r(&seed) % n;
}

/* ---- reports and cards ---- */

enum { NOT_THERE, WAITING, MATCHED, UNMATCHED, REVERSED, EXEMPT };
enum { NO_CARD, VALID, VOID, RESTORED };
struct side {
    int state, day, customer, call,
        other; /* other: its counterpart, or for cards what it is void for */
    long value;
};
struct desk {
    struct side report[REPORTS], card[CARDS];
    struct stage *s;
};

static const char *const report_states[] = {"none",      "waiting",  "matched",
                                            "unmatched", "reversed", "exempt"};
static const char *const card_states[] = {"none", "valid", "void", "reversed"};

/* What both say is the same, and there is something both say. */
static bool agree(const struct side *a, const struct side *b)
{
    if (a->day != b->day) return false;
    bool customer = a->customer && b->customer, call = a->call && b->call;
    if ((customer && a->customer != b->customer) || (call && a->call != b->call)) return false;
    return customer || call;
}

static bool cites(const struct side *card, const struct side *r)
{
    return card->day == r->day && ((card->call && card->call == r->call) ||
                                   (card->customer && card->customer == r->customer));
}

static bool is_free(const struct side *card)
{
    return (card->state == VALID || card->state == RESTORED) && card->other < 0;
}

static struct words_of site_of(const struct side *x)
{
    struct words_of w = {""};
    if (x->customer) w = said(",'customer':'M%d'", x->customer);
    return x->call ? said("%s,'call_no':'C-%d'", w.text, x->call) : w;
}

static void judge(struct desk *f, int r)
{
    f->report[r].state = UNMATCHED;
    for (int c = 0; c < CARDS; c++) {
        struct side *card = &f->card[c];
        if (card->state != VALID || card->other >= 0 || !cites(card, &f->report[r])) continue;
        card->state = VOID, card->other = r;
    }
}

static void restore(struct desk *f, int r)
{
    f->report[r].state = REVERSED;
    for (int c = 0; c < CARDS; c++) {
        if (f->card[c].state != VOID || f->card[c].other != r) continue;
        f->card[c].state = RESTORED, f->card[c].other = -1;
    }
}

static void tell_report(struct desk *f, int r, bool by_class)
{
    struct side *x = &f->report[r];
    bool person = by_class || roll(10), parts = by_class || roll(10);
    *x = (struct side){.state = WAITING, .day = (int)roll(DAYS), .other = -1};
    x->customer = 1 + (int)roll(2);
    x->value = by_class ? 10000 * x->customer : 100 * (long)(1 + roll(50));
    if (!by_class && roll(3)) x->call = 1 + (int)roll(2);
    if (!by_class && x->call && roll(2)) x->customer = 0;
    struct words_of data = said("'report_no':'R%02d','value':'%ld.00'%s%s%s", r, x->value / 100,
                                site_of(x).text, person ? ",'person':'T9'" : "",
                                parts ? ",'parts_requested':[{'part_no':'SEAT','qty':1}]" : "");
    tell(f->s, "IND", "abnormal.logged", said("2026-03-1%dT10:00", x->day).text, data.text);
    if (!person || !parts) x->state = EXEMPT;
    for (int c = 0; x->state == WAITING && c < CARDS; c++) {
        if (!f->card[c].state || !is_free(&f->card[c]) || !agree(x, &f->card[c])) continue;
        x->state = MATCHED, x->other = c;
        f->card[c].other = r;
    }
}

/* Handed in at `local`: in time, or after the cut-off. */
static void tell_card(struct desk *f, int c, const char *local, bool in_time, bool by_class)
{
    struct side *x = &f->card[c];
    *x = (struct side){.state = VALID, .day = (int)roll(DAYS), .other = -1};
    x->customer = by_class ? 1 + (int)roll(2) : (int)roll(3);
    x->call = by_class ? 0 : (int)roll(3);
    struct words_of data = said("'card_no':'K%02d','technician':'T9','day':'2026-03-1%d'%s", c,
                                x->day, site_of(x).text);
    tell(f->s, "IND", "card.returned", local, data.text);
    for (int r = 0; x->other < 0 && r < REPORTS; r++) {
        struct side *report = &f->report[r];
        bool late = report->state == UNMATCHED && in_time;
        if ((report->state != WAITING && !late) || !agree(report, x)) continue;
        if (late) restore(f, r);
        if (report->state == WAITING) report->state = MATCHED;
        report->other = c, x->other = r;
    }
}

static void take_back(struct desk *f, const char *local)
{
    bool of_card = roll(2);
    int i = (int)roll(of_card ? CARDS : REPORTS);
    bool allowed = of_card ? f->card[i].state == VOID : f->report[i].state == UNMATCHED;
    struct words_of data = said("'subject':'%s','ref':'%c%02d','by':'H1','reason':'x'",
                                of_card ? "card" : "abnormal", of_card ? 'K' : 'R', i);
    if (!allowed) {
        deny(f->s, "IND", "audit.reversed", local, data.text, "PRT-069", "unknown_decision");
        return;
    }
    say(f->s, "IND", "audit.reversed", local, data.text);
    if (!of_card) restore(f, i);
    if (of_card) f->card[i].state = RESTORED, f->card[i].other = -1;
}

/* Fen of all records of a kind; NULL = any subject. */
static long sum_of(struct stage *s, const char *type, const char *subject)
{
    long sum = 0;
    for (size_t i = 0; i < count(s, type); i++) {
        if (subject && strcmp(stage_field(s, OWNER_parts, type, i, "subject"), subject)) continue;
        const char *text = stage_field(s, OWNER_parts, type, i, "amount");
        sum += *text ? (long)(strtod(text, NULL) * 100 + 0.5) : 0;
    }
    return sum;
}

/* No report waits beside a card that would do; each pair that was made agrees, and is made once. */
static void assert_pairs(const struct desk *f)
{
    for (int r = 0; r < REPORTS; r++) {
        for (int c = 0; c < CARDS; c++) {
            bool open = f->report[r].state == WAITING && f->card[c].state && is_free(&f->card[c]);
            assert_false(open && agree(&f->report[r], &f->card[c]));
        }
        int c = f->report[r].other;
        if (!f->report[r].state || c < 0) continue;
        assert_true(f->card[c].other == r && agree(&f->report[r], &f->card[c]));
    }
}

static void assert_rows(struct desk *f)
{
    for (int r = 0; r < REPORTS; r++) {
        struct rec_row_audit_report row = {0};
        struct words_of no = said("R%02d", r), card = said("K%02d", f->report[r].other);
        if (!f->report[r].state) continue;
        assert_true(row_at(f->s, PARTS_AUDIT_REPORT, key_of(str_of(no.text)), &row));
        assert_string_equal(code_word(&codes_audit_state, row.state),
                            report_states[f->report[r].state]);
        assert_true(f->report[r].other < 0 ? row.card_no.n == 0 : str_is(row.card_no, card.text));
    }
    for (int c = 0; c < CARDS; c++) {
        struct rec_row_audit_card row = {0};
        struct words_of no = said("K%02d", c);
        if (!f->card[c].state) continue;
        assert_true(row_at(f->s, PARTS_AUDIT_CARD, key_of(str_of(no.text)), &row));
        assert_string_equal(code_word(&codes_card_audit_state, row.state),
                            card_states[f->card[c].state]);
    }
}

/* Every report has one verdict; what is assessed and not taken back is twice the unmatched. */
static void assert_sums(struct desk *f)
{
    size_t verdicts = 0;
    long standing = 0;
    for (int r = 0; r < REPORTS; r++) {
        int state = f->report[r].state;
        assert_int_not_equal(state, WAITING);
        verdicts += state == MATCHED || state == UNMATCHED || state == REVERSED;
        standing += state == UNMATCHED ? 2 * f->report[r].value : 0;
    }
    assert_int_equal(count(f->s, "audit.abnormal"), verdicts);
    assert_int_equal(sum_of(f->s, "assessment.raised", NULL) -
                         sum_of(f->s, "audit.reversed", "abnormal"),
                     standing);
}

static void shuffle(int *order, int n)
{
    for (int i = 0; i < n; i++)
        order[i] = i;
    for (int i = n - 1; i > 0; i--) {
        int k = (int)roll((unsigned)i + 1), keep = order[i];
        order[i] = order[k], order[k] = keep;
    }
}

static void cut_off(struct desk *f)
{
    until(f->s, CUTOFF);
    for (int r = 0; r < REPORTS; r++) {
        if (f->report[r].state == WAITING) judge(f, r);
    }
}

static void history(unsigned with)
{
    struct desk f = {.s = audit_open(false)};
    int order[REPORTS + CARDS];
    seed = with;
    print_message("seed %u\n", with);
    shuffle(order, REPORTS + CARDS);
    for (int i = 0; i < REPORTS + CARDS; i++) {
        int n = order[i] < REPORTS ? order[i] : order[i] - REPORTS;
        if (roll(4) == 0) continue; /* told of later, or never */
        if (order[i] < REPORTS) tell_report(&f, n, false);
        if (order[i] >= REPORTS) tell_card(&f, n, "2026-03-20T10:00", true, false);
        assert_pairs(&f);
    }
    cut_off(&f);
    assert_rows(&f);
    for (int i = 0; i < 3 * CARDS; i++) {
        bool in_time = roll(2);
        int c = (int)roll(CARDS);
        if (roll(3) == 0) {
            take_back(&f, "2026-04-08T10:00");
        } else if (!f.card[c].state) {
            tell_card(&f, c, in_time ? "2026-04-05T23:59" : "2026-04-06T00:30", in_time, false);
        }
        assert_rows(&f);
    }
    assert_pairs(&f);
    assert_sums(&f);
    stage_close(f.s);
}

static void PRT_062_random_reports_and_cards(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 6; i++)
        history(i);
}

/* The same documents of two customers and two days in another order: as many match, and as much is
 * assessed; which one of two alike is not said. */
static void PRT_062_the_order_of_arrival_does_not_matter(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 2; i++) {
        long assessed[2];
        size_t voided[2];
        for (int again = 0; again < 2; again++) {
            struct desk f = {.s = audit_open(false)};
            int order[REPORTS + CARDS], least = 0;
            seed = 100 * i + (unsigned)again;
            shuffle(order, REPORTS + CARDS);
            for (int k = 0; k < REPORTS + CARDS; k++) {
                bool report = order[k] < REPORTS;
                int n = report ? order[k] : order[k] - REPORTS;
                seed = 1000 * i + (unsigned)order[k]; /* what it says is its own */
                if (report) tell_report(&f, n, true);
                if (!report) tell_card(&f, n, "2026-03-20T10:00", true, true);
            }
            for (int k = 0; k < 2 * DAYS; k++) { /* of each class the lesser number */
                int reports = 0, cards = 0;
                for (int n = 0; n < REPORTS; n++)
                    reports += f.report[n].day == k / 2 && f.report[n].customer == 1 + k % 2;
                for (int n = 0; n < CARDS; n++)
                    cards += f.card[n].day == k / 2 && f.card[n].customer == 1 + k % 2;
                least += reports < cards ? reports : cards;
            }
            assert_int_equal(count(f.s, "audit.abnormal"), least);
            cut_off(&f);
            assert_rows(&f);
            assert_sums(&f);
            assessed[again] = sum_of(f.s, "assessment.raised", NULL);
            voided[again] = count(f.s, "card.void");
            stage_close(f.s);
        }
        assert_int_equal(assessed[0], assessed[1]);
        assert_int_equal(voided[0], voided[1]);
    }
}

/* ---- freight, charges, the notes of a month ---- */

#define NOTES 3
#define BILLS 10
#define TURNS 90

enum { NO_BILL, BILLED, BOOKED, REJECTED };
struct money {
    struct {
        int state, note; /* of its waybill; -1 = nobody's */
        bool back, shipped, right;
        long amount;
    } bill[BILLS];
    struct {
        long out, back, charges, issued;
        int used, returned, lost, left;
        bool shipped;
    } note[NOTES];
    int vouchers;
    struct stage *s;
};

static void book(struct money *m, int b)
{
    m->bill[b].state = BOOKED;
    *(m->bill[b].back ? &m->note[m->bill[b].note].back : &m->note[m->bill[b].note].out) +=
        m->bill[b].amount;
}

static void send_note(struct money *m, int n, const char *local)
{
    int b = (int)roll(BILLS);
    if (m->note[n].shipped) return;
    shipped(m->s, said("N%d", n).text, said("W%d", b).text,
            ",'destination':'Ningbo','notice_no':'D1'", local);
    m->note[n].shipped = true;
    if (m->bill[b].note >= 0) return; /* the first one has it */
    m->bill[b].note = n, m->bill[b].shipped = true;
    if (m->bill[b].state == NO_BILL) m->bill[b].back = false;
}

/* A bill, for freight back when it claims a note and nobody has the waybill. */
static void bill(struct money *m, int b, const char *local)
{
    int n = (int)roll(NOTES);
    bool claims = roll(2), right = roll(3);
    long amount = 100 * (long)(1 + roll(90));
    struct words_of data = said("'waybill':'W%d','amount':'%ld.00','destination':'%s'", b,
                                amount / 100, right ? "Ningbo" : "Hangzhou");
    if (claims) data = said("%s,'note_no':'N%d'", data.text, n);
    if (m->bill[b].state != NO_BILL) {
        deny(m->s, "IND", "freight.billed", local, data.text, "PRT-076", "state");
        return;
    }
    say(m->s, "IND", "freight.billed", local, data.text);
    m->bill[b].state = BILLED, m->bill[b].amount = amount, m->bill[b].right = right;
    m->bill[b].back = m->bill[b].note < 0 && claims;
    if (m->bill[b].back) m->bill[b].note = n;
}

/* Against a notice named here, or that of the shipment. */
static void audit(struct money *m, int b, const char *local)
{
    bool names = roll(2);
    struct words_of data =
        said("'waybill':'W%d'%s", b, names ? ",'notice_no':'D','notice_destination':'Ningbo'" : "");
    if (m->bill[b].state != BILLED) {
        tell(m->s, "IND", "freight.audited", local, data.text);
        return;
    }
    say(m->s, "IND", "freight.audited", local, data.text);
    bool good = m->bill[b].note >= 0 && (names || m->bill[b].shipped) && m->bill[b].right;
    m->bill[b].state = REJECTED;
    if (good) book(m, b);
}

static void pay_after_all(struct money *m, int b, const char *local)
{
    bool allowed = m->bill[b].state == REJECTED && m->bill[b].note >= 0;
    struct words_of data =
        said("'subject':'freight','ref':'W%d','by':'H1','reason':'the notice was lost'", b);
    if (allowed) {
        say(m->s, "IND", "audit.reversed", local, data.text);
        book(m, b);
    } else {
        size_t before = count(m->s, "audit.reversed");
        tell(m->s, "IND", "audit.reversed", local, data.text);
        assert_int_equal(count(m->s, "audit.reversed"), before);
    }
}

static void charge(struct money *m, int n, const char *local)
{
    long amount = 100 * (long)(1 + roll(50));
    int voucher = roll(4) ? m->vouchers : (int)roll((unsigned)m->vouchers + 1);
    struct words_of data =
        said("'voucher_no':'V%d','note_no':'N%d','amount':'%ld.00'", voucher, n, amount / 100);
    if (voucher < m->vouchers) {
        deny(m->s, "IND", "charge.offset", local, data.text, "PRT-018", "state");
        return;
    }
    say(m->s, "IND", "charge.offset", local, data.text);
    m->vouchers++;
    m->note[n].charges += amount;
}

/* Of ten contactors some are used; of these some come back, one is lost with a document. */
static void use(struct money *m, int n, const char *local)
{
    int qty = 1 + (int)roll(2);
    if (m->note[n].left < qty) return;
    used(m->s, said("N%d", n).text, qty, local);
    m->note[n].left -= qty, m->note[n].used += qty;
    struct words_of no = said("'old_no':'%s'", last(m->s, "oldpart.expected", "old_no"));
    unsigned what = roll(3);
    if (what == 0) say(m->s, "IND", "oldpart.returned", local, no.text);
    if (what == 0) m->note[n].returned += qty;
    if (what != 1) return;
    say(m->s, "IND", "oldpart.lost", local,
        said("%s,'gap':'lost','document':'D','reason':'r','approved_by':'b'", no.text).text);
    m->note[n].lost += qty;
}

static void assert_costs(struct money *m)
{
    long out = 0, back = 0, charges = 0, issued = 0;
    for (int n = 0; n < NOTES; n++) {
        struct rec_row_net_cost c = cost_of(m->s, parts_doc_issue, said("N%d", n).text);
        assert_int_equal(c.issued, m->note[n].issued);
        assert_int_equal(c.freight_out, m->note[n].out);
        assert_int_equal(c.freight_back, m->note[n].back);
        assert_int_equal(c.charges, m->note[n].charges);
        out += m->note[n].out, back += m->note[n].back;
        charges += m->note[n].charges, issued += m->note[n].issued;
    }
    struct rec_row_net_cost march = month_cost(m->s, "IND", day_of(2026, 3, 1));
    struct rec_row_net_cost april = month_cost(m->s, "IND", day_of(2026, 4, 1));
    assert_int_equal(march.freight_out + april.freight_out, out);
    assert_int_equal(march.freight_back + april.freight_back, back);
    assert_int_equal(march.charges + april.charges, charges);
    assert_int_equal(march.issued + april.issued, issued);
}

/* The notes of March as the audit of 5 April adds them up (PRT-067). */
static void assert_month(struct money *m)
{
    int gone = 0, lost = 0, left = 0, owed = 0;
    for (int n = 0; n < NOTES; n++) {
        gone += m->note[n].used - m->note[n].lost, lost += m->note[n].lost;
        left += m->note[n].left;
        owed += m->note[n].used - m->note[n].lost - m->note[n].returned;
    }
    static const char *const fields[] = {"lines", "issued", "used", "lost", "open", "owed"};
    const int figures[] = {NOTES, 10 * NOTES, gone, lost, left, owed};
    assert_int_equal(count(m->s, "audit.parts"), 1);
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        assert_int_equal(strtol(last(m->s, "audit.parts", fields[i]), NULL, 10), figures[i]);
}

static void PRT_018_random_bills_and_charges(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 3; i++) {
        struct money m = {.s = audit_open(false)};
        seed = i;
        print_message("seed %u\n", i);
        for (int b = 0; b < BILLS; b++)
            m.bill[b].note = -1;
        for (int n = 0; n < NOTES; n++) {
            drawn(m.s, said("N%d", n).text, "CON", 10, "300.00", "2026-03-02T10:00");
            m.note[n].issued = 300000, m.note[n].left = 10;
        }
        for (int turn = 0; turn < TURNS; turn++) {
            bool april = turn >= TURNS / 2;
            struct words_of local = said("2026-0%d-%02dT10:00", april ? 4 : 3, 6 + turn % 20);
            int n = (int)roll(NOTES), b = (int)roll(BILLS);
            if (turn == TURNS / 2) until(m.s, CUTOFF);
            if (turn == TURNS / 2) assert_month(&m);
            switch (roll(6)) {
            case 0:
                send_note(&m, n, local.text);
                break;
            case 1:
                bill(&m, b, local.text);
                break;
            case 2:
                audit(&m, b, local.text);
                break;
            case 3:
                pay_after_all(&m, b, local.text);
                break;
            case 4:
                charge(&m, n, local.text);
                break;
            default:
                if (!april) use(&m, n, local.text);
            }
            assert_costs(&m);
        }
        stage_close(m.s);
    }
}

/* ---- fees of cards outside the guarantee (PRT-066) ---- */

/* The first that differs, by a list of all that may be said. */
static void PRT_066_every_combination_of_fees(void **state)
{
    (void)state;
    static const int fen[] = {0, 8000, 12000};
    struct stage *s = audit_open(false);
    int n = 0;
    for (int i = 0; i < 81 * 2; i++) {
        int card = fen[i % 3], user = fen[i / 3 % 3], sales = fen[i / 9 % 3], in = fen[i / 27 % 3];
        bool reason = i / 81;
        const char *finding = user != card       ? "charged"
                              : sales != card    ? "sales"
                              : in != card       ? "handed_in"
                              : !card && !reason ? "no_reason"
                                                 : "";
        size_t before = count(s, "audit.fee_mismatch");
        struct words_of no = said("'card_no':'F%d'", ++n);
        tell(s, "IND", "card.returned", "2026-03-10T10:00",
             said("%s,'technician':'T9','day':'2026-03-10'", no.text).text);
        say(s, "IND", "audit.paid_card", "2026-03-11T10:00",
            said("%s,'card_fee':'%d.00','user_says':'%d.00','sales_says':'%d.00','handed_in':"
                 "'%d.00'%s",
                 no.text, card / 100, user / 100, sales / 100, in / 100,
                 reason ? ",'reason':'goodwill'" : "")
                .text);
        assert_int_equal(count(s, "audit.fee_mismatch") - before, *finding != '\0');
        if (*finding) assert_string_equal(last(s, "audit.fee_mismatch", "finding"), finding);
    }
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(PRT_062_random_reports_and_cards),
        cmocka_unit_test(PRT_062_the_order_of_arrival_does_not_matter),
        cmocka_unit_test(PRT_018_random_bills_and_charges),
        cmocka_unit_test(PRT_066_every_combination_of_fees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
