/* policy_scoring_pay.c - the keys under `scoring: pay:` of policy.yaml: pay, rewards and deductions
 * (SCO-029, SCO-061, SCO-064 … SCO-067, SCO-077, SCO-078, SCO-126, SCO-139 … SCO-141). Where a
 * share, a rate or a limit is lost or the source is silent, the default of the rule stands. */
#include "common/exact.h"
#include "common/policy_schema.h"
#include <string.h>

/* ---- schema ---- */

static const cyaml_strval_t pay_month[] = {{"publication", PAY_MONTH_publication},
                                           {"assessed", PAY_MONTH_assessed}};
static const cyaml_strval_t order[] = {{"closing", PAY_ORDER_closing},
                                       {"approval", PAY_ORDER_approval}};
static const cyaml_strval_t scope[] = {{"person", PAY_SCOPE_person}, {"case", PAY_SCOPE_case}};
static const cyaml_strval_t rounding[] = {{"down", PAY_ROUNDING_down},
                                          {"half_up", PAY_ROUNDING_half_up}};
static const cyaml_strval_t first[] = {{"same", PAY_FIRST_same}, {"next", PAY_FIRST_next}};
static const cyaml_strval_t on_exit_words[] = {{"report", PAY_EXIT_report},
                                               {"keep", PAY_EXIT_keep}};
static const cyaml_strval_t yes_no[] = {{"yes", yes_no_yes}, {"no", yes_no_no}};

const cyaml_schema_field_t policy_schema_scoring_pay_keys[] = {
    WORD("pay_month", OPT, struct raw_scoring_pay_keys, k.pay_month, pay_month),
    NAME("bonus_kind", OPT, struct raw_scoring_pay_keys, k.bonus_kind),
    NAME("bonus_metric", OPT, struct raw_scoring_pay_keys, k.bonus_metric),
    UINT("penalty_cap_bp", OPT, struct raw_scoring_pay_keys, cap_bp),
    WORD("penalty_order", OPT, struct raw_scoring_pay_keys, k.order, order),
    WORD("penalty_cap_scope", OPT, struct raw_scoring_pay_keys, k.cap_scope, scope),
    WORD("penalty_cap_rounding", OPT, struct raw_scoring_pay_keys, k.cap_rounding, rounding),
    WORD("penalty_first_month", OPT, struct raw_scoring_pay_keys, k.penalty_first, first),
    WORD("penalty_on_exit", OPT, struct raw_scoring_pay_keys, k.on_exit, on_exit_words),
    WORD("sanction_before_penalty", OPT, struct raw_scoring_pay_keys, sanction_first, yes_no),
    WORDS("sanction_carry", OPT, struct raw_scoring_pay_keys, k.sanction_carry),
    WORD("sanction_month", OPT, struct raw_scoring_pay_keys, k.sanction_month, first),
    FLAG("conduct_takes_bonus", OPT, struct raw_scoring_pay_keys, k.conduct_takes_bonus),
    TEXT("vip_rate_a", OPT, struct raw_scoring_pay_keys, vip_a),
    TEXT("vip_rate_b", OPT, struct raw_scoring_pay_keys, vip_b),
    TEXT("maintenance_reward", OPT, struct raw_scoring_pay_keys, maintenance),
    TEXT("staff_share", OPT, struct raw_scoring_pay_keys, staff_share),
    TEXT("engineer_factor", OPT, struct raw_scoring_pay_keys, engineer_factor),
    WORD("zero_counts", OPT, struct raw_scoring_pay_keys, zero_counts, yes_no),
    WORDS("collection_staff", OPT, struct raw_scoring_pay_keys, k.staff),
    WORDS("collection_engineers", OPT, struct raw_scoring_pay_keys, k.engineers),
    WORDS("quarter_shares", OPT, struct raw_scoring_pay_keys, quarter_shares),
    NAME("profit_scheme", OPT, struct raw_scoring_pay_keys, k.profit_scheme),
    NAME("profit_gate", OPT, struct raw_scoring_pay_keys, k.profit_gate),
    WORDS("profit_pay", OPT, struct raw_scoring_pay_keys, k.profit_pay),
    WORDS("profit_exclusions", OPT, struct raw_scoring_pay_keys, exclusions),
    CYAML_FIELD_END};

/* ---- defaults ---- */

#define LISTED(v) ((struct words){v, COUNT_OF(v)})
/* SCO-141: 警告 and 小過 are carried, 大過 is not. */
static const struct str carry[] = {{"warning", 7}, {"minor_demerit", 13}};
/* SCO-066, SCO-067: after-sales staff; technical engineers, assistants too. */
static const struct str staff[] = {{"staff", 5}};
static const struct str engineers[] = {{"engineer", 8}, {"assistant", 9}};
/* SCO-061, source S003 note 3; the other quarters are lost. */
static const struct str quarter_shares[] = {{"Q2 10%", 6}};
/* SCO-064, source S003: the two conditions of five that can be read. */
static const struct str exclusions[] = {{"demerit_minor 3", 15}, {"demerit_major 2", 15}};
static const struct str profit_pay[] = {{"profit_share", 12}};

static int64_t money(struct str written)
{
    int64_t fen = 0;
    return written.n == 0 || exact_money_parse(written, &fen) ? fen : -1;
}

static struct frac share(struct str written, struct frac otherwise)
{
    struct frac f;
    if (!written.n) return otherwise;
    return policy_scoring_number(written, &f) ? f : FRAC_NONE;
}

/* "Q2 10%" */
static bool take_quarter(struct str word, struct frac out[4])
{
    bool quarter = word.n > 3 && word.p[0] == 'Q' && word.p[1] >= '1' && word.p[1] <= '4';
    struct frac f;
    if (!quarter || word.p[2] != ' ') return false;
    if (!policy_scoring_number((struct str){word.p + 3, word.n - 3}, &f)) return false;
    if (f.num < 0 || frac_cmp(f, FRAC_INT(1)) > 0) return false;
    out[word.p[1] - '1'] = f;
    return true;
}

/* "demerit_minor 3" */
static bool take_exclusion(struct str word, struct profit_exclusion *out)
{
    static const struct {
        struct str name;
        enum profit_mark mark;
    } marks[] = {{{"demerit_minor", 13}, PROFIT_demerit_minor},
                 {{"demerit_major", 13}, PROFIT_demerit_major}};
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        uint32_t n = marks[i].name.n;
        struct frac count;
        if (word.n <= n + 1 || memcmp(word.p, marks[i].name.p, n) != 0 || word.p[n] != ' ')
            continue;
        if (!frac_parse((struct str){word.p + n + 1, word.n - n - 1}, &count)) return false;
        if (count.den != 1 || count.num < 1 || count.num > 1000) return false;
        *out = (struct profit_exclusion){marks[i].name, marks[i].mark, (uint32_t)count.num};
        return true;
    }
    return false;
}

static void take_lists(struct policy_build *b, const struct raw_scoring_pay_keys *raw,
                       struct scoring_pay_keys *out)
{
    struct words q = raw->quarter_shares.n ? raw->quarter_shares : LISTED(quarter_shares);
    struct words x = raw->exclusions.n ? raw->exclusions : LISTED(exclusions);
    for (uint32_t i = 0; i < q.n; i++) {
        if (take_quarter(q.v[i], out->quarter_shares)) continue;
        policy_check_key(b, "scoring.pay.quarter_shares",
                         "lists quarters and their shares of the year, like \"Q2 10%\"");
    }
    for (uint32_t i = 0; i < x.n && i < PROFIT_EXCLUSIONS_MAX; i++) {
        if (take_exclusion(x.v[i], &out->exclusions[out->exclusion_count])) {
            out->exclusion_count++;
            continue;
        }
        policy_check_key(b, "scoring.pay.profit_exclusions",
                         "lists a mark and how many exclude, like \"demerit_minor 3\"; marks are "
                         "demerit_minor and demerit_major");
    }
}

void policy_scoring_pay_keys(struct policy_build *b, const struct raw_scoring_pay_keys *raw,
                             struct scoring_pay_keys *out)
{
    *out = raw->k;
    out->cap_bp = raw->cap_bp ? raw->cap_bp : 5000; /* source S000 經濟處罰准則 (三)4 */
    out->sanction_first = raw->sanction_first != yes_no_no;
    out->zero_counts = raw->zero_counts != yes_no_no;
    out->vip_a_fen = money(raw->vip_a);
    out->vip_b_fen = money(raw->vip_b);
    out->maintenance_fen = money(raw->maintenance);
    out->staff_share = share(raw->staff_share, (struct frac){2, 25}); /* source S003 10.4.1: 8% */
    out->engineer_factor = share(raw->engineer_factor, FRAC_INT(2));  /* source S003 10.4.1 */
    if (!out->bonus_kind.n) out->bonus_kind = STR("效益獎金");        /* CMP-077 */
    if (!out->sanction_carry.n) out->sanction_carry = LISTED(carry);
    if (!out->staff.n) out->staff = LISTED(staff);
    if (!out->engineers.n) out->engineers = LISTED(engineers);
    if (!out->profit_scheme.n) out->profit_scheme = STR("q_post");
    if (!out->profit_gate.n) out->profit_gate = STR("division_target_met"); /* SCO-065 */
    if (!out->profit_pay.n) out->profit_pay = LISTED(profit_pay);
    take_lists(b, raw, out);
}

/* ---- checks ---- */

#define RATE_MAX INT64_C(100000000) /* 1,000,000.00 yuan for one card or lead */

static void check_rate(struct policy_build *b, const char *key, int64_t fen)
{
    if (fen >= 0 && fen <= RATE_MAX) return;
    policy_check_key(b, key, "must be an amount in yuan from 0 to 1000000.00, like 20.00");
}

static void check_share(struct policy_build *b, const char *key, struct frac f, int64_t most)
{
    bool good = frac_has(f) && f.num >= 0 && frac_cmp(f, FRAC_INT(most)) <= 0;
    if (good && f.den <= 1000000) return;
    policy_check_key(b, key, "must be a share or a factor of few decimals, like 8% or 2");
}

void policy_scoring_pay_check(struct policy_build *b)
{
    const struct scoring_pay_keys *k = &b->policy->scoring.pay;
    if (k->cap_bp > 10000)
        policy_check_key(b, "scoring.pay.penalty_cap_bp", "must be at most 10000 (100 %)");
    for (uint32_t i = 0; i < k->sanction_carry.n; i++) {
        struct str word = k->sanction_carry.v[i];
        if (str_is(word, "none") || str_is(word, "warning") || str_is(word, "minor_demerit"))
            continue;
        policy_check_key(b, "scoring.pay.sanction_carry",
                         "lists warning and minor_demerit, or none; a major demerit takes the "
                         "bonus of its month and nothing is carried");
    }
    check_rate(b, "scoring.pay.vip_rate_a", k->vip_a_fen);
    check_rate(b, "scoring.pay.vip_rate_b", k->vip_b_fen);
    check_rate(b, "scoring.pay.maintenance_reward", k->maintenance_fen);
    check_share(b, "scoring.pay.staff_share", k->staff_share, 1);
    check_share(b, "scoring.pay.engineer_factor", k->engineer_factor, 100);
}
