/* intake_ecom.c - after-sales of the web shop: problem cases, goods sent once more, the orders of a
 * week, queries.
 *
 * A case has exactly one category of the weekly table, whose list is policy (`ecom_categories`); an
 * order with two problems has two cases. The table itself is head office's (HQ-021). A query that
 * was answered stands in the log, which is the 物流信息登記表. Rules INT-093, INT-094. */
#include "common/contract.h"
#include "services/intake/intake_private.h"

static enum err check_category(struct step *st, struct str category)
{
    if (category.n == 0 || words_have(st->policy->keys.ecom_categories, category)) return ERR_OK;
    return step_refuse(st, "unknown_category", "category",
                       "%.*s is no category of the weekly table; use one of ecom_categories of "
                       "the policy",
                       STR_ARG(category));
}

static enum err on_opened(struct step *st, const void *payload, void *row)
{
    (void)row;
    return check_category(st, ((const struct ev_ecom_case_opened *)payload)->category);
}

static const struct transition ecom_rows[] = {
    {EV_ecom_case_opened, PAPER_NEW, ecom_state_opened, on_opened, "INT-093"},
    {EV_ecom_reissued, IN(ecom_state_opened) | IN(ecom_state_reissued), ecom_state_reissued, NULL,
     "INT-093"},
};

const struct paper intake_ecom = {.name = "ecom",
                                  .label = "case of the web shop",
                                  .table = INTAKE_TABLE(ECOM),
                                  .states = &codes_ecom_state,
                                  .keys = {"order", "item"},
                                  PAPER_ROWS(ecom_rows)};

/* Told again, the later count stands. */
static enum err on_counted(struct step *st, const void *payload, void *row)
{
    (void)row;
    const struct ev_ecom_orders_counted *ev = payload;
    if (day_weekday(ev->week) == 1) return ERR_OK;
    return step_refuse(st, "not_a_monday", "week",
                       "a week is named by its Monday; correct the date");
}

static const struct transition week_rows[] = {
    {EV_ecom_orders_counted, PAPER_NEW | IN(file_state_valid), file_state_valid, on_counted,
     "INT-093"},
};

const struct paper intake_ecom_week = {.name = "ecom_week",
                                       .label = "week of the web shop",
                                       .table = INTAKE_TABLE(ECOM_WEEK),
                                       .states = &codes_file_state,
                                       .keys = {"unit", "week"},
                                       PAPER_ROWS(week_rows)};

enum err intake_ecom_query(struct step *st, const void *payload)
{
    st->rule = "INT-094";
    return check_category(st, ((const struct ev_ecom_query_answered *)payload)->category);
}
