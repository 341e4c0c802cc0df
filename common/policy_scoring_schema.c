/* policy_scoring_schema.c - the keys of a scheme, as libcyaml schemas; how to read a row:
 * policy_schema.c. What they mean: policy_scoring.h. */
#include "common/policy_schema.h"

#define LIST_OF(key_, need, type, member, entry, min_, max_)                                       \
    {                                                                                              \
        .key = key_, .data_offset = offsetof(type, member.v),                                      \
        .count_offset = offsetof(type, member.n), .count_size = sizeof(uint32_t), .value = {       \
            CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER | (need), *((type *)NULL)->member.v, entry,    \
                                 min_, max_)                                                       \
        }                                                                                          \
    }
#define VALUE_OF(type, fields)                                                                     \
    {                                                                                              \
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, type, fields)                                      \
    }

static const cyaml_strval_t period[] = {
    {"month", SCORE_PERIOD_month}, {"quarter", SCORE_PERIOD_quarter}, {"year", SCORE_PERIOD_year}};
static const cyaml_strval_t entry[] = {{"option", SCORE_ENTRY_option},
                                       {"points", SCORE_ENTRY_points},
                                       {"deduct", SCORE_ENTRY_deduct},
                                       {"actual", SCORE_ENTRY_actual},
                                       {"facts", SCORE_ENTRY_facts}};
static const cyaml_strval_t missing[] = {{"scale", RAW_MISSING_scale},
                                         {"as_is", RAW_MISSING_as_is},
                                         {"placeholder", RAW_MISSING_placeholder}};
static const cyaml_strval_t boundary[] = {{"lower", SCORE_BOUNDARY_lower},
                                          {"upper", SCORE_BOUNDARY_upper}};
static const cyaml_strval_t grade_boundary[] = {{"lower", RAW_BOUNDARY_lower},
                                                {"upper", RAW_BOUNDARY_upper}};
static const cyaml_strval_t type_word[] = {{"points", FORMULA_points},
                                           {"money", FORMULA_money},
                                           {"ratio", FORMULA_ratio},
                                           {"count", FORMULA_count}};

static const cyaml_schema_field_t option[] = {NAME("word", MUST, struct raw_option, word),
                                              NAME("points", MUST, struct raw_option, points),
                                              CYAML_FIELD_END};
static const cyaml_schema_value_t option_value = VALUE_OF(struct raw_option, option);
static const cyaml_schema_field_t item[] = {
    NAME("id", MUST, struct raw_item, i.id),
    ROLE("name", MUST, struct raw_item, i.name),
    NAME("area", OPT, struct raw_item, i.area),
    TEXT("source", OPT, struct raw_item, i.source),
    TEXT("target", OPT, struct raw_item, i.target),
    WORD("entry", OPT, struct raw_item, i.entry, entry),
    NAME("max", MUST, struct raw_item, max),
    NAME("cap", OPT, struct raw_item, cap),
    NAME("weight", OPT, struct raw_item, weight),
    WORDS("classes", OPT, struct raw_item, i.classes),
    LIST_OF("options", OPT, struct raw_item, option, &option_value, 1, POLICY_SCHEME_ROWS_MAX),
    TEXT("award", OPT, struct raw_item, award),
    WORD("actual", OPT, struct raw_item, i.actual, type_word),
    ROLE("provider", OPT, struct raw_item, i.provider),
    FLAG("placeholder", OPT, struct raw_item, i.placeholder),
    CYAML_FIELD_END};
static const cyaml_schema_value_t item_value = VALUE_OF(struct raw_item, item);

static const cyaml_schema_field_t rater[] = {NAME("id", MUST, struct raw_rater, r.id),
                                             NAME("weight", MUST, struct raw_rater, weight),
                                             CYAML_FIELD_END};
static const cyaml_schema_value_t rater_value = VALUE_OF(struct raw_rater, rater);

static const cyaml_schema_field_t adjust[] = {
    NAME("id", MUST, struct raw_adjust, a.id),
    ROLE("name", MUST, struct raw_adjust, a.name),
    TEXT("points", OPT, struct raw_adjust, points),
    NAME("least", OPT, struct raw_adjust, least),
    NAME("most", OPT, struct raw_adjust, most),
    UINT("times", OPT, struct raw_adjust, a.times),
    LIST_OF("options", OPT, struct raw_adjust, option, &option_value, 1, POLICY_SCHEME_ROWS_MAX),
    TEXT("judged", OPT, struct raw_adjust, judged),
    NAME("each", OPT, struct raw_adjust, each),
    CYAML_FIELD_END};
static const cyaml_schema_value_t adjust_value = VALUE_OF(struct raw_adjust, adjust);

/* Grades and labels travel in events, where they have 32 bytes. */
static const cyaml_schema_field_t grade[] = {
    CALENDAR("grade", MUST, struct raw_grade, g.grade),
    CALENDAR("label", OPT, struct raw_grade, g.label), NAME("from", OPT, struct raw_grade, from),
    WORD("boundary_owner", OPT, struct raw_grade, boundary, grade_boundary), CYAML_FIELD_END};
static const cyaml_schema_value_t grade_value = VALUE_OF(struct raw_grade, grade);

static const cyaml_schema_field_t figure[] = {
    NAME("id", MUST, struct raw_figure, f.id), ROLE("name", MUST, struct raw_figure, f.name),
    WORD("type", MUST, struct raw_figure, f.type, type_word),
    TEXT("value", MUST, struct raw_figure, value), CYAML_FIELD_END};
static const cyaml_schema_value_t figure_value = VALUE_OF(struct raw_figure, figure);

static const cyaml_schema_field_t pay[] = {
    NAME("id", MUST, struct raw_pay, p.id), ROLE("name", MUST, struct raw_pay, p.name),
    FLAG("bonus", OPT, struct raw_pay, p.bonus), TEXT("amount", MUST, struct raw_pay, amount),
    CYAML_FIELD_END};
static const cyaml_schema_value_t pay_value = VALUE_OF(struct raw_pay, pay);

static const cyaml_schema_field_t post[] = {ROLE("post", MUST, struct score_post, post),
                                            NAME("class", MUST, struct score_post, class),
                                            CYAML_FIELD_END};
static const cyaml_schema_value_t post_value = VALUE_OF(struct score_post, post);

static const cyaml_schema_field_t value[] = {
    NAME("class", MUST, struct raw_value, v.class), NAME("name", MUST, struct raw_value, v.name),
    NAME("value", MUST, struct raw_value, value), CYAML_FIELD_END};
static const cyaml_schema_value_t value_value = VALUE_OF(struct raw_value, value);

/* pay */
static const cyaml_strval_t level_day[] = {{"first", SCORE_LEVEL_DAY_first},
                                           {"last", SCORE_LEVEL_DAY_last}};

static const cyaml_schema_field_t scheme[] = {
    NAME("id", MUST, struct raw_scheme, s.id), ROLE("name", MUST, struct raw_scheme, s.name),
    TEXT("source", MUST, struct raw_scheme, s.source),
    WORD("period", MUST, struct raw_scheme, s.period, period),
    ROLE("approved_by", OPT, struct raw_scheme, s.approved_by),
    ROLE("owner", OPT, struct raw_scheme, s.owner),
    NAME("effective_from", OPT, struct raw_scheme, effective_from),
    FLAG("primary", OPT, struct raw_scheme, s.primary),
    NAME("total", MUST, struct raw_scheme, total), NAME("cut", OPT, struct raw_scheme, cut),
    WORD("missing_items", OPT, struct raw_scheme, missing, missing),
    WORD("boundary_owner", OPT, struct raw_scheme, s.boundary, boundary),
    FLAG("evidence_below_max", OPT, struct raw_scheme, s.evidence),
    WORDS("quality_levels", OPT, struct raw_scheme, quality_levels),
    LIST_OF("items", MUST, struct raw_scheme, items, &item_value, 1, POLICY_SCHEME_ITEMS_MAX),
    LIST_OF("raters", OPT, struct raw_scheme, raters, &rater_value, 1, POLICY_SCHEME_ROWS_MAX),
    LIST_OF("deductions", OPT, struct raw_scheme, deductions, &adjust_value, 0,
            POLICY_SCHEME_ROWS_MAX),
    LIST_OF("bonuses", OPT, struct raw_scheme, bonuses, &adjust_value, 0, POLICY_SCHEME_ROWS_MAX),
    LIST_OF("grades", OPT, struct raw_scheme, grades, &grade_value, 2, POLICY_SCHEME_ROWS_MAX),
    TEXT("passes", OPT, struct raw_scheme, passes),
    LIST_OF("figures", OPT, struct raw_scheme, figures, &figure_value, 0, POLICY_SCHEME_PAY_MAX),
    LIST_OF("pay", OPT, struct raw_scheme, pay, &pay_value, 0, POLICY_SCHEME_PAY_MAX),
    LIST_OF("posts", OPT, struct raw_scheme, posts, &post_value, 1, POLICY_SCHEME_POSTS_MAX),
    LIST_OF("values", OPT, struct raw_scheme, values, &value_value, 0, POLICY_SCHEME_POSTS_MAX),
    NAME("wage_min", OPT, struct raw_scheme, wage_min),
    FLAG("excludes_probation", OPT, struct raw_scheme, s.excludes_probation),
    /* sheet */
    CYAML_FIELD_MAPPING("sheet", OPT, struct raw_scheme, sheet, policy_schema_scheme_sheet),
    /* year */
    CYAML_FIELD_MAPPING("year", OPT, struct raw_scheme, year, policy_schema_scheme_year),
    /* pay */
    WORD("level_day", OPT, struct raw_scheme, s.level_day, level_day), CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_scheme = VALUE_OF(struct raw_scheme, scheme);
