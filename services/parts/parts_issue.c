/* parts_issue.c - what this room hears: requests (parts_request.c), backorders
 * (parts_backorder.c), three-guarantee notes (parts_note.c), use and repair cards (parts_use.c). */
#include "services/parts/parts_private.h"

static const struct paper *const papers[] = {&parts_request, &parts_backorder, &parts_note, NULL};

enum err parts_issue_fact(struct step *st, const void *payload)
{
    if (st->type->kind == EV_part_used) return parts_use_used(st, payload);
    if (st->type->kind == EV_part_arrived) return parts_request_arrived(st, payload);
    const struct paper *p = paper_of(papers, st->type->kind);
    if (p == &parts_backorder) return parts_backorder_fact(st, payload);
    return p ? paper_fact(st, p, payload) : ERR_STALE;
}

enum err parts_issue_heard(struct step *st, const void *payload)
{
    (void)st, (void)payload;
    return ERR_OK;
}

enum err parts_issue_upstream(struct step *st, const void *payload)
{
    enum err e = parts_request_upstream(st, payload);
    return e == ERR_STALE ? parts_card_upstream(st, payload) : e;
}

enum err parts_issue_passed(struct step *st, const struct passed *what)
{
    (void)st, (void)what;
    return ERR_OK;
}
