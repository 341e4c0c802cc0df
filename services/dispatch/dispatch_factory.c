/* dispatch_factory.c - products returned to the factory 產品返廠處理, by the 修理工作聯絡單.
 *
 * The form goes through its steps in their order, each stamped; the order is the order of the codes
 * of factory_step, and the state of the form is its last step. Rule DSP-042. */
#include "services/dispatch/dispatch_private.h"
#include <assert.h>

static int64_t *stamp_of(struct rec_row_factory *r, enum factory_step step)
{
    switch (step) {
    case factory_step_none:
        break;
    case factory_step_issued:
        return &r->issued_at;
    case factory_step_cause_analysed:
        return &r->cause_analysed_at;
    case factory_step_plan_made:
        return &r->plan_made_at;
    case factory_step_notified:
        return &r->notified_at;
    case factory_step_executed:
        return &r->executed_at;
    case factory_step_accepted:
        return &r->accepted_at;
    case factory_step_stored:
        return &r->stored_at;
    case factory_step_shipped:
        return &r->shipped_at;
    }
    return NULL;
}

static enum err on_step_done(struct step *st, const void *payload, void *row)
{
    const struct ev_factory_step_done *ev = payload;
    struct paper_at *a = row;
    struct rec_row_factory *r = a->row;
    enum factory_step next = (enum factory_step)(a->before + 1);
    if (a->before == factory_step_shipped) {
        return step_refuse(st, "step_order", "step",
                           "the product is shipped, the form is at its "
                           "end; issue another form");
    }
    if (ev->step != next) {
        return step_refuse(st, "step_order", "step",
                           "%s is not the next step of this form, which is %s; no step may be "
                           "skipped or done again",
                           code_word(&codes_factory_step, ev->step),
                           code_word(&codes_factory_step, next));
    }
    int64_t *at = stamp_of(r, ev->step);
    REQUIRE(at != NULL);
    *at = st->in->occurred;
    r->state = ev->step;
    return ERR_OK;
}

#define ANY                                                                                        \
    (IN(factory_step_issued) | IN(factory_step_cause_analysed) | IN(factory_step_plan_made) |      \
     IN(factory_step_notified) | IN(factory_step_executed) | IN(factory_step_accepted) |           \
     IN(factory_step_stored) | IN(factory_step_shipped))

static const struct transition rows[] = {
    {EV_factory_step_done, PAPER_NEW | ANY, 0, on_step_done, "DSP-042"},
};

const struct paper dispatch_factory = {.name = "factory",
                                       .label = "form 修理工作聯絡單",
                                       .table = &dispatch_tables[DISPATCH_FACTORY],
                                       .states = &codes_factory_step,
                                       .keys = {"form_no"},
                                       PAPER_ROWS(rows)};
