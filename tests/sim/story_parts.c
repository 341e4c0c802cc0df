/* story_parts.c - what facts of parts say in a story: everything is part P1 of the one store, drawn
 * by a note, a requisition or a transfer with the thread's own number. The store may be short of
 * it, and threads of one unit share what is there. */
#include "common/contract.h"
#include "tests/sim/story_private.h"

#define STORE STR("U1")
#define PART STR("P1")

const enum event_kind story_note[STORY_NOTE] = {
    EV_stock_received, EV_part_requested,   EV_issue_opened, EV_issue_drawn,
    EV_part_used,      EV_oldpart_returned, EV_part_used,    EV_oldpart_returned};
const enum event_kind story_requisition[STORY_REQUISITION] = {
    EV_stock_received, EV_requisition_opened,    EV_requisition_approved, EV_stock_issued,
    EV_stock_issued,   EV_stock_returned_unused, EV_stock_written_off,    EV_part_used};
const enum event_kind story_station[STORY_STATION] = {EV_stock_received, EV_station_shipped,
                                                      EV_station_received, EV_station_used,
                                                      EV_station_returned};

/* A list of one line that lives as long as the fact. */
#define ONE(arena, list, ...)                                                                      \
    do {                                                                                           \
        (list).v = arena_take(arena, sizeof *(list).v);                                            \
        *(list).v = __VA_ARGS__;                                                                   \
        (list).n = 1;                                                                              \
    } while (0)

static uint64_t some(struct story *s)
{
    return 1 + lot_below(&s->lot, 4);
}

static void fit_store(struct story *s, enum event_kind kind, void *p)
{
    if (kind == EV_stock_received) {
        struct ev_stock_received *e = p;
        e->source = stock_source_none, e->quality = stock_quality_none;
        e->copies = 2, e->store = STORE;
        ONE(&s->arena, e->lines, (struct rec_stock_note_line){PART, 2 + some(s), 700});
    } else if (kind == EV_stock_issued) {
        struct ev_stock_issued *e = p;
        e->line = 1, e->part_no = PART, e->qty = some(s), e->store = STORE;
    } else if (kind == EV_stock_returned_unused) {
        struct ev_stock_returned_unused *e = p;
        e->line = 1, e->part_no = PART, e->qty = 1, e->store = STORE, e->covered = 0;
    } else if (kind == EV_stock_written_off) {
        struct ev_stock_written_off *e = p;
        e->line = 1, e->used = e->old_qty = some(s) - 1;
        e->report = STR("SR"), e->user_signed = e->leader_ok = yes_no_yes;
        e->written_off = e->outstanding = e->lost = 0;
    } else if (kind == EV_requisition_opened) {
        struct ev_requisition_opened *e = p;
        ONE(&s->arena, e->lines, (struct rec_requisition_line){PART, 1 + some(s)});
    }
}

static void fit_station(struct story *s, enum event_kind kind, void *p)
{
    if (kind == EV_station_shipped) {
        struct ev_station_shipped *e = p;
        e->store = STORE, e->station = STR("U2");
        ONE(&s->arena, e->lines, (struct rec_stock_note_line){PART, some(s), 0});
    } else if (kind == EV_station_received) {
        struct ev_station_received *e = p;
        e->line = 1, e->qty = lot_chance(&s->lot, 500) ? 0 : 1;
    } else if (kind == EV_station_used) {
        struct ev_station_used *e = p;
        e->line = 1, e->qty = 1, e->old_qty = 0, e->report = STR("SR");
        e->user_signed = e->leader_ok = yes_no_yes;
    } else if (kind == EV_station_returned) {
        struct ev_station_returned *e = p;
        e->line = 1, e->qty = 1;
    }
}

static void fit_note(struct story *s, enum event_kind kind, void *p)
{
    if (kind == EV_part_requested) {
        struct ev_part_requested *e = p;
        e->entitlement = entitled_yes;
        ONE(&s->arena, e->lines, (struct rec_request_line){.part_no = PART, .qty = 1 + some(s)});
    } else if (kind == EV_issue_opened) {
        struct ev_issue_opened *e = p;
        e->store = STORE;
        ONE(&s->arena, e->lines, (struct rec_issue_line){PART, some(s), 900, {0}, 0});
    } else if (kind == EV_part_used) {
        struct ev_part_used *e = p;
        e->line = 1, e->qty = 1, e->reason = e->name = e->report = STR("worn");
        e->user_signed = e->leader_ok = yes_no_yes;
    } else if (kind == EV_oldpart_returned) {
        struct ev_oldpart_returned *e = p;
        e->doc = parts_doc_issue, e->line = 1, e->qty = 0;
    }
}

void story_fit_parts(struct story *s, bool by_note, enum event_kind kind, void *payload)
{
    fit_store(s, kind, payload);
    fit_station(s, kind, payload);
    fit_note(s, kind, payload);
    if (kind == EV_part_used)
        ((struct ev_part_used *)payload)->doc = by_note ? parts_doc_issue : parts_doc_requisition;
}
