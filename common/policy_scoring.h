/* policy_scoring.h - assessment 績效考核 as data: what is counted, the schemes with their items,
 * bands and pay, and the keys of the scoring service (scoring.md). Part of policy.h. */
#ifndef CUIBAN_COMMON_POLICY_SCORING_H
#define CUIBAN_COMMON_POLICY_SCORING_H

#include "common/formula.h"
#include "common/score_year.h"
#include "common/scoring_names.h"
#include "common/words.h"
#include "proto/proto.h"

/* What is counted (SCO-008): one kind of event, for a person and his unit, on a day. A formula
 * speaks of it by its id: how many there are in the period, or the sum of `amount`. */
struct score_fact {
    struct str id; /* attendance_late */
    struct str on; /* attendance.recorded, see score_events.h; "" = scoring works it out itself */
    enum event_kind kind; /* EV_NONE without `on` */
    struct words where;   /* "kind=late": fields and their words, all of which must be so */
    struct str person;    /* TEXT field that says who; "" = of the unit only */
    struct str unit;      /* TEXT field; "" = the person's unit, else the source */
    struct str day;       /* DATE or TIME field; "" = when it happened */
    struct str amount;    /* UINT, INT or MONEY field that is summed; "" = one each */
    struct words ref; /* fields that name the fact: told again, it replaces the one before; none =
                         every event is its own */
    enum formula_type type; /* of the sum: count (default), money, points, ratio in 1/10000 */
};

enum score_period { SCORE_PERIOD_month, SCORE_PERIOD_quarter, SCORE_PERIOD_year };
enum score_entry {
    SCORE_ENTRY_option, /* one of the words listed */
    SCORE_ENTRY_points, /* points up to the maximum */
    SCORE_ENTRY_deduct, /* starts at the maximum; each deduction has its reason */
    SCORE_ENTRY_actual, /* a figure; the formula makes points of it and of the facts */
    SCORE_ENTRY_facts   /* nothing is entered */
};
enum score_missing { SCORE_MISSING_scale, SCORE_MISSING_as_is, SCORE_MISSING_placeholder };
enum score_boundary { SCORE_BOUNDARY_lower, SCORE_BOUNDARY_upper }; /* who owns a shared point */

struct score_option {
    struct str word; /* 優 */
    struct frac points;
};
struct score_item {
    struct str id, name, area, source, target; /* target: for people */
    enum score_entry entry;
    struct frac max;                    /* points */
    struct frac cap;                    /* most it can bring; max, or more (SCO-058) */
    struct frac weight;                 /* of its points in the total; 1 */
    struct words classes;               /* of the posts that are asked it; none = all (SCO-025) */
    const struct score_option *options; /* entry option: its words, default quality_levels of the
                                           maximum; entry deduct: the standard, none = free */
    uint32_t option_count;
    const struct formula *award; /* points; entries actual, facts; else of the points entered */
    enum formula_type actual;    /* what is entered, entry actual */
    struct str provider;         /* role that provides it */
    bool placeholder;            /* a lost row: takes no score (SCO-006) */
};
/* Deductions 扣分 and bonuses 加分 beside the items. */
struct score_adjust {
    struct str id, name;
    bool bonus;
    const struct formula *points; /* reckoned from facts; NULL = entered, within least…most */
    struct frac least, most;      /* of one; with a formula: of one fact, or no value */
    uint32_t times;               /* at most so often in a period; 0 = any number */
    const struct score_option *options; /* entered by a word instead of points */
    uint32_t option_count;
    const struct formula *judged; /* how many facts there are to be judged by an entry each … */
    struct frac each;             /* … and what one counts that has none (SCO-048) */
};
/* From the best to the worst; the worst has no `from`. */
struct score_grade {
    struct str grade, label;
    struct frac from; /* FRAC_NONE: everything below */
    enum score_boundary boundary;
};
/* A figure made of the score and the facts, for what is paid and for people (SCO-063). */
struct score_figure {
    struct str id, name;
    enum formula_type type;
    const struct formula *value;
};
/* What is paid: the parts of the month's pay, in order; a later one may speak of an earlier. */
struct score_pay {
    struct str id; /* kpi */
    struct str name;
    bool bonus; /* part of the bonus of the month (SCO-126) */
    const struct formula *amount;
};
/* A post of the scheme and its class, whose values the formulas speak of. `服務站*` and `*經理`
 * stand for all that begin or end so; the exact name goes before them, the longer before the
 * shorter one (SCO-020). */
struct score_post {
    struct str post, class;
};
struct score_value {
    struct str class, name;
    enum formula_type type;
    struct frac value;
};
struct score_rater {
    struct str id;      /* self, supervisor, leader */
    struct frac weight; /* share; of those who rated */
};
/* sheet: a day on which something of a scheme's sheets is due (SCO-022, SCO-030, SCO-031). */
enum score_date_for {
    SCORE_DATE_targets,  /* targets, in the month in which the period begins */
    SCORE_DATE_provider, /* the figures of `role`; this and the next, in the month behind it */
    SCORE_DATE_sheets,   /* all sheets handed in */
    SCORE_DATE_assess    /* all sheets reviewed */
};
enum score_shift {
    SCORE_SHIFT_none,
    SCORE_SHIFT_weekend, /* from Saturday and Sunday to Monday */
    SCORE_SHIFT_workday  /* from every day off to the next working day */
};
enum score_late_days {
    SCORE_LATE_started_24h,  /* each started 24 hours after the due instant */
    SCORE_LATE_calendar_date /* each date on which it was still missing after it */
};
#define SCORE_DATES_MAX 16
struct score_date {
    struct str deadline; /* its name under deadlines: */
    enum score_date_for what;
    enum score_role role;
    bool sheets;        /* provider: it waits for all sheets, too */
    uint32_t from, day; /* of the month; from: the clock begins, 1 */
    int32_t at_min;     /* minute of the day, 1440 = 24:00 */
    enum score_shift shift;
    struct str holder; /* role of the person responsible in the centre; "" = the manager */
    bool fined;        /* SCO-032 */
};
struct scheme_sheet {
    struct str form; /* record a sheet fills (SCO-019) */
    const struct score_date *dates;
    uint32_t date_count;
    uint32_t targets_min, targets_max; /* SCO-023; max 0 = any number */
    bool targets_refused;              /* outside of them, instead of warned */
    int64_t late_fine;                 /* fen a day (SCO-032) */
    enum score_late_days late_days;
    struct words trainings;                      /* passed before the post is taken (SCO-017) */
    struct words assign, score, review, archive; /* roles that may; none = anybody (SCO-009) */
};
/* Who may change a scheme (SCO-005); one that has no such row is approved by anybody. */
struct scheme_approvers {
    struct str scheme;
    struct words roles; /* one of them is its approved_by */
};
enum score_level_day { SCORE_LEVEL_DAY_first, SCORE_LEVEL_DAY_last }; /* SCO-052 */
struct scheme {
    struct str id, name, source;
    enum score_period period;
    struct str approved_by, owner; /* roles (SCO-005) */
    int32_t effective_from;        /* first day of a period; 0 = always (SCO-003) */
    uint64_t print;                /* of what sheets are scored by, in 63 bits (SCO-003) */
    int32_t effective_until;       /* first day of its next version; 0 = there is none */
    bool primary;                  /* a person has one of these (SCO-001) */
    struct frac total;             /* points */
    struct frac cut;               /* above it a score is cut; FRAC_NONE = never */
    enum score_missing missing;
    enum score_boundary boundary;
    bool evidence; /* a score below the maximum needs its reason (SCO-057) */
    const struct score_item *items;
    const struct score_rater *raters; /* none: one rater */
    const struct score_adjust *adjusts;
    const struct score_grade *grades;
    const struct formula *passes; /* truth; NULL = nothing to pass */
    const struct score_figure *figures;
    const struct score_pay *pay;
    const struct score_post *posts; /* none: the scheme takes any post */
    const struct score_value *values;
    uint32_t item_count, rater_count, adjust_count, grade_count, figure_count, pay_count,
        post_count, value_count;
    const struct formula_names *names; /* of all its formulas */
    struct scoring_places at;          /* where among them what stands */
    struct frac wage_min;              /* yuan; who earns less is not assessed (SCO-021) */
    bool excludes_probation;           /* SCO-021 */
    /* sheet */
    struct scheme_sheet sheet;
    /* year */
    struct scheme_year year;
    /* pay */
    enum score_level_day level_day; /* his post on which day of the period says what is paid */
};

/* facts */
/* Figures made of what is counted (chapter 10): sums of facts, one over the other. */
enum score_compare {
    SCORE_COMPARE_none,
    SCORE_COMPARE_ge,
    SCORE_COMPARE_le,
    SCORE_COMPARE_lt,
    SCORE_COMPARE_gt,
    SCORE_COMPARE_eq
};
enum score_growth {
    SCORE_GROWTH_none,
    SCORE_GROWTH_last,  /* 環比: against the period before, of what it was then */
    SCORE_GROWTH_year,  /* 同比: against the same period of the year before */
    SCORE_GROWTH_points /* difference to the rate of the period before */
};
struct score_kpi {
    struct str id, name;
    struct words numerator, denominator; /* facts; "-" before one takes it off; none = an amount */
    struct frac target;                  /* FRAC_NONE: none */
    enum score_compare compare;
    struct words of;        /* unit, person */
    enum formula_type type; /* of the value: ratio, points, count or money */
    uint32_t per;           /* the value is divided by it: 60 makes minutes of seconds */
    bool reviewed;          /* provisional until the complaints of the month are (SCO-133) */
    bool falls;             /* it should fall */
    uint32_t alert;         /* so many months in the wrong direction are told; 0 = never */
    enum score_growth growth;
};
/* Whose date is judged: due by 24:00 of that day of the month after the period (SCO-084). */
struct score_report {
    struct str form;
    enum score_period period;
    uint32_t day;
};
/* conduct: a fact of the ledgers and what follows from it (scoring chapter 11). */
enum ledger_effect { /* proposed, a person confirms (ledger.consequences) */
                     LEDGER_EFFECT_none,
                     LEDGER_EFFECT_training,
                     LEDGER_EFFECT_qualification_loss,
                     LEDGER_EFFECT_dismissal
};
struct ledger_fact {
    struct str id, name; /* missed_handover: word of conduct.recorded.kind */
    uint32_t ledger;     /* 1 … 5 */
    struct str rule;     /* SCO-111 */
    struct words kinds;  /* other words for it */
    int64_t fine_fen;    /* each; 0 = none */
    struct str other;    /* what else, for people: 不予報銷 */
    struct words marks;  /* of conduct_mark; of several, who confirms says which */
    bool award;          /* the month's award is cancelled (SCO-125) */
    struct str counter;  /* facts with the same word count together; "" = not counted */
    uint32_t limit;      /* so many in an assessment year bring the effect; 0 = each */
    enum ledger_effect effect;
    struct str held; /* who enforces it instead: parts, sheet, pay; it takes no report */
};
/* Another event that tells such a fact. */
struct ledger_source {
    struct str id;
    struct str on; /* shift.handover_violated */
    enum event_kind kind;
    struct words where; /* "cause=untimely": fields and their words; "missed_area=*": it is said */
    struct str fact;    /* of ledger_facts */
    struct str person;  /* TEXT field that says who */
    struct str case_no; /* TEXT field: case or site; "" = none */
    struct str day;     /* DATE or TIME field; "" = when it happened */
    struct str text;    /* TEXT field: what was seen; "" = nothing */
    bool undated;       /* its day is not that of the fact: it meets the fact of any day */
};
enum same_fact { SAME_FACT_case, SAME_FACT_day, SAME_FACT_each }; /* ledger.same_fact */
/* May this event be a source? */
bool ledger_hears(enum event_kind kind);
/* What excludes a person from the excess profit: so many marks of a kind in an assessment year. */
enum profit_mark { PROFIT_demerit_minor, PROFIT_demerit_major };
struct profit_exclusion {
    struct str condition; /* demerit_minor */
    enum profit_mark mark;
    uint32_t at_least;
};
#define PROFIT_EXCLUSIONS_MAX 8

/* Keys of pay, rewards and deductions: `scoring: pay:` of policy.yaml (SCO-029, SCO-061 … SCO-067,
 * SCO-077, SCO-078, SCO-126, SCO-139 … SCO-141). */
enum pay_month { PAY_MONTH_publication, PAY_MONTH_assessed };
enum pay_order { PAY_ORDER_closing, PAY_ORDER_approval };
enum pay_scope { PAY_SCOPE_person, PAY_SCOPE_case };
enum pay_rounding { PAY_ROUNDING_down, PAY_ROUNDING_half_up };
enum pay_first { PAY_FIRST_same, PAY_FIRST_next };
enum pay_exit { PAY_EXIT_report, PAY_EXIT_keep };
struct scoring_pay_keys {
    enum pay_month pay_month;       /* with whose wage performance pay is paid */
    struct str bonus_kind;          /* bonus.kind */
    struct str bonus_metric;        /* of kpi.actual_reported: a bonus no scheme pays; "" = none */
    int64_t cap_bp;                 /* penalty.cap_share, 1/100 % */
    enum pay_order order;           /* penalty.order */
    enum pay_scope cap_scope;       /* penalty.cap_scope */
    enum pay_rounding cap_rounding; /* penalty.cap_rounding */
    enum pay_first penalty_first;   /* penalty.first_month */
    enum pay_exit on_exit;          /* penalty.on_exit */
    bool sanction_first;            /* sanction.before_penalty */
    struct words sanction_carry;    /* sanction.carry: kinds */
    enum pay_first sanction_month;  /* sanction.month */
    bool conduct_takes_bonus;       /* major_demerit.links_to_bonus (CMP-076) */
    int64_t vip_a_fen, vip_b_fen;   /* vip.rate */
    int64_t maintenance_fen;        /* maintenance.reward */
    struct frac staff_share;        /* q_post.staff_share */
    struct frac engineer_factor;    /* q_post.engineer_factor */
    bool zero_counts;               /* q_post.zero_counts */
    struct words staff, engineers;  /* roles of SCO-066 and SCO-067 */
    struct frac quarter_shares[4];  /* collect.quarter_share; no value: lost */
    struct str profit_scheme;       /* whose persons share the excess profit */
    struct str profit_gate;         /* fact of the division: shared only where there is one */
    struct words profit_pay;        /* its parts of the pay that are shares of it */
    struct profit_exclusion exclusions[PROFIT_EXCLUSIONS_MAX]; /* q_post.exclusions */
    uint32_t exclusion_count;
};

/* Keys of the scoring service: `scoring:` of policy.yaml. */
struct scoring_keys {
    struct frac quality_levels[4]; /* 優 良 中 差 (SCO-007) */
    uint32_t decimals;             /* score.decimals, 2 */
    /* sheet */
    /* facts */
    uint32_t kpi_day;              /* SCO-134: figures of a month are published after its 24:00 */
    uint32_t quarter_day;          /* SCO-075: of the month after the quarter */
    struct words low_rating_heads; /* SCO-047: roles that confirm a low rating; none = anybody */
    struct frac card_points;       /* SCO-074: of a valid card */
    struct frac evaluation[3];     /* SCO-074: weights of attitude, skill, efficiency */
    struct frac survey_target;     /* SCO-089 */
    struct frac survey_index_3[3], survey_index_4[4]; /* SCO-104 */
    struct words surveys_of_3, surveys_of_4; /* surveys by their levels (SCO-103, SCO-104) */
    struct words survey_subjects_3, survey_subjects_4; /* what they ask about; [any] */
    /* conduct */
    enum same_fact same_fact;       /* ledger.same_fact: person, kind, case or site, and day */
    struct words may_confirm;       /* roles that confirm or reject; none = any member of staff */
    struct words may_decide;        /* roles that decide on what is proposed; none = as above */
    struct words punished_schemes;  /* SCO-016: dqnj_100 */
    uint32_t training_months;       /* training.month, 1 */
    uint32_t training_pass_mark;    /* SCO-129, 60 of 100 */
    struct words training_subjects; /* SCO-129 */
    bool training_expiry;           /* training.on_expiry: the loss is proposed; yes */
    struct str rating_department;   /* 質量安環部, a department; qa */
    uint32_t rating_day;            /* rating.yearly: day of January, 31 */
    /* pay */
    struct scoring_pay_keys pay;
    /* year */
    uint32_t retention_years; /* 2; from the day a result is final (SCO-138) */
};

struct policy;
/* SCO-003: a scheme may have several versions, which differ neither in period nor in primary nor in
 * year. Any of them; NULL: no such scheme. */
const struct scheme *policy_scheme(const struct policy *p, struct str id);
/* The version by which the period that begins on this day is assessed; NULL: none yet. */
const struct scheme *policy_scheme_at(const struct policy *p, struct str id, int32_t first);
/* Is this the version of its scheme for a period that holds the day? */
bool scheme_holds(const struct scheme *s, int32_t day);
/* Class of a post; empty: the scheme has no such post, or no posts. */
struct str scheme_class(const struct scheme *s, struct str post);
/* May this post be assessed by it? */
bool scheme_takes(const struct scheme *s, struct str post);
const struct score_item *scheme_item(const struct scheme *s, struct str id);     /* or NULL */
const struct score_adjust *scheme_adjust(const struct scheme *s, struct str id); /* or NULL */
/* Is the item on the sheet of a post of this class? */
bool score_item_of(const struct score_item *i, struct str class);

/* Place in policy->score_facts; false when there is no such fact. */
bool policy_score_fact(const struct policy *p, struct str id, uint32_t *place);

#endif
