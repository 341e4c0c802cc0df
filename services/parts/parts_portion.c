/* parts_portion.c - one fact may change more old parts than a step holds: all that a shipment
 * eases, all that a technician carries. It changes so many; a clock of the system itself
 * (oldpart.portion), due at once, goes on with the others, until none is left. Rules PRT-020,
 * PRT-025. */
#include "services/parts/parts_private.h"
#include <string.h>

static const struct deadline_row clock_row = {
    .name = "oldpart.portion", .rule = "PRT-020", .from = FROM_START, .due = DUE_GIVEN};

enum err parts_portion_go_on(struct step *st, const struct parts_portion *next)
{
    struct deadline_ctx c = {.case_no = next->case_no,
                             .person = next->person,
                             .occurred_ms = st->now_ms,
                             .start_ms = st->now_ms,
                             .given_ms = st->now_ms};
    if (!next->more) return deadline_cancel(st, &clock_row, &c, STR("whole"));
    return deadline_arm(st, &clock_row, &c, (struct str){0});
}

static const struct {
    const char *head; /* of the case */
    parts_passes *go_on;
} portions[] = {{"posted/", parts_oldpart_posted_passed},
                {"carried/", parts_oldpart_carried_passed}};

enum err parts_portion_passed(struct step *st, const struct passed *what)
{
    if (!what->is_due || !str_is(what->name, clock_row.name)) return ERR_OK;
    for (size_t i = 0; i < COUNT_OF(portions); i++) {
        size_t n = strlen(portions[i].head);
        bool fits = what->case_no.n > n && memcmp(what->case_no.p, portions[i].head, n) == 0;
        if (fits) return portions[i].go_on(st, what);
    }
    return ERR_CORRUPT;
}
