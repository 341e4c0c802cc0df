/* scoring_conduct.c - what this room hears: facts of conduct and what follows from them. The
 * ledgers are in scoring_ledger.c, the events that tell their facts in scoring_ledger_source.c, the
 * proposals in scoring_qualification.c, exams, plans and ratings in scoring_training.c. */
#include "services/scoring/scoring_private.h"

enum err scoring_decides(struct step *st, struct words roles, struct str person, struct str by)
{
    struct rec_row_person p;
    enum err e = scoring_person(st, by, "by", &p);
    if (e != ERR_OK) return e;
    if (str_eq(by, person)) {
        return step_refuse(st, "own", "by",
                           "%.*s does not decide about his own conduct; name who did", STR_ARG(by));
    }
    return scoring_may(st, roles, by, "decides about conduct");
}

static const struct paper *const papers[] = {&scoring_qualification, NULL};

enum err scoring_conduct_fact(struct step *st, const void *payload)
{
    enum err e = scoring_ledger_fact(st, payload);
    if (e == ERR_STALE) e = scoring_training_fact(st, payload);
    if (e != ERR_STALE) return e;
    const struct paper *p = paper_of(papers, st->type->kind);
    return p ? paper_fact(st, p, payload) : ERR_STALE;
}

/* Facts of other rooms that the policy names as sources of the ledgers, like attendance. */
enum err scoring_conduct_heard(struct step *st, const void *payload)
{
    enum err e = scoring_ledger_heard(st, payload);
    return e == ERR_STALE ? ERR_OK : e;
}

enum err scoring_conduct_upstream(struct step *st, const void *payload)
{
    switch ((unsigned)st->type->kind) {
    case EV_sanction_published:
        return scoring_ledger_sanction(st, payload);
    case EV_assessment_raised:
    case EV_mismatch_list_approved:
        return scoring_charge_heard(st, payload);
    case EV_shift_rostered:
        return scoring_shift_heard(st, payload);
    case EV_service_complaint_invalidated:
    case EV_deadline_withdrawn:
        return scoring_ledger_taken(st, payload);
    case EV_tech_rated:
    case EV_tech_certified:
        return scoring_rating_heard(st, payload);
    }
    return scoring_ledger_heard(st, payload);
}

enum err scoring_conduct_passed(struct step *st, const struct passed *what)
{
    enum err e = scoring_qualification_passed(st, what);
    return e == ERR_OK ? scoring_rating_passed(st, what) : e;
}
