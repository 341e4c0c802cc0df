/* parts_claimlist.c - warranty part tags 保修零部件鑒別標簽 and the claims return lists
 * 三包索賠件返廠清單 they go with.
 *
 * A list is counted part by part when it has arrived. What agrees is credited at once; of what does
 * not, the lesser of listed and received is credited until the difference is resolved. The final
 * credit closes the old parts on it (parts_oldpart_claim.c). Rules PRT-016, PRT-033 … PRT-036. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

/* ---- tags (PRT-033) ---- */

static enum err on_printed(struct step *st, const void *payload, void *row)
{
    const struct ev_tag_printed *ev = payload;
    struct rec_row_warranty_tag *r = ((struct paper_at *)row)->row;
    if (ev->origin.n != 1) {
        return step_refuse(st, "origin", "origin",
                           "%u origins are circled; circle exactly one, 日產零部件 or 國產零部件",
                           ev->origin.n);
    }
    r->circled = ev->origin.v[0].origin;
    return ERR_OK;
}

static const struct transition tag_rows[] = {
    {EV_tag_printed, PAPER_NEW | IN(warranty_tag_state_printed), warranty_tag_state_printed,
     on_printed, "PRT-033"},
};
const struct paper parts_warranty_tag = {.name = "warranty_tag",
                                         .label = "tag 保修零部件鑒別標簽",
                                         .table = PARTS_TABLE(WARRANTY_TAG),
                                         .states = &codes_warranty_tag_state,
                                         .keys = {"tag_no"},
                                         PAPER_ROWS(tag_rows)};

/* ---- tags of a list (PRT-036) ---- */

/* A tag hangs on one part and goes with one list; one nobody printed counts for nothing. */
static enum err attach(struct step *st, struct str list_no, struct str tag_no,
                       struct parts_count *tags)
{
    struct rec_row_warranty_tag tag;
    struct key k = key_of(tag_no);
    enum err e = step_get(st, PARTS_TABLE(WARRANTY_TAG), &k, &tag);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK) return e;
    if (tag.state == warranty_tag_state_attached) {
        return step_refuse(st, "tag_used", "tags",
                           "tag %.*s is with a part of list %.*s already; each part has its own",
                           STR_ARG(tag_no), STR_ARG(tag.list_no));
    }
    tag.state = warranty_tag_state_attached;
    tag.list_no = list_no;
    step_put(st, PARTS_TABLE(WARRANTY_TAG), &k, &tag);
    parts_count_add(tags, tag.part_no, 0, 1);
    return ERR_OK;
}

static enum err check_tags(struct step *st, const struct ev_claimlist_packed *ev, uint64_t *missing)
{
    struct parts_count c = parts_count_new(st, ev->lines.n + ev->tags.n);
    enum err e = ERR_OK;
    for (uint32_t i = 0; i < ev->lines.n; i++)
        parts_count_add(&c, ev->lines.v[i].part_no, ev->lines.v[i].qty, 0);
    for (uint32_t i = 0; e == ERR_OK && i < ev->tags.n; i++)
        e = attach(st, ev->list_no, ev->tags.v[i].tag_no, &c);
    for (uint32_t i = 0; e == ERR_OK && i < c.n; i++) {
        const struct rec_claim_count_line *l = &c.v[i];
        if (l->received > l->listed) {
            return step_refuse(st, "tags", "tags",
                               "%llu tags of part %.*s for %llu pieces on the list; each piece has "
                               "one tag",
                               (unsigned long long)l->received, STR_ARG(l->part_no),
                               (unsigned long long)l->listed);
        }
        if (l->received == l->listed) continue;
        *missing += l->listed - l->received;
        struct ev_claimlist_tag_missing no = {ev->list_no, l->part_no, l->listed, l->received};
        step_emit_as(st, "PRT-036", EV_claimlist_tag_missing, &no);
    }
    return e;
}

/* ---- packed (PRT-034, PRT-016) ---- */

static enum err check_repairs(struct step *st, const struct ev_claimlist_packed *ev)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < ev->lines.n; i++) {
        const struct rec_claim_line *l = &ev->lines.v[i];
        bool allowed;
        e = parts_exchange_allowed(st, l->repair_no, ev->unit, l->repair_no, &allowed);
        if (e != ERR_OK || allowed) continue;
        return step_refuse(st, "no_feedback", "lines",
                           "line %u, part %.*s: its repair %.*s is not fed back 維修信息反饋; "
                           "nothing is exchanged for it until it is",
                           i + 1, STR_ARG(l->part_no), STR_ARG(l->repair_no));
    }
    return e;
}

static enum err on_packed(struct step *st, const void *payload, void *row)
{
    const struct ev_claimlist_packed *ev = payload;
    struct rec_row_claimlist *r = ((struct paper_at *)row)->row;
    if (ev->stamped != yes_no_yes) {
        return step_refuse(st, "stamp", "stamped",
                           "the list is stamped 蓋章 before the box is closed");
    }
    st->rule = "PRT-016";
    enum err e = check_repairs(st, ev);
    if (e != ERR_OK) return e;
    st->rule = "PRT-036";
    e = check_tags(st, ev, &r->tags_missing);
    if (e != ERR_OK) return e;
    st->rule = "PRT-034";
    return parts_oldpart_pack(st, ev, r);
}

/* ---- counted (PRT-035) ---- */

static void credit(struct step *st, struct str list_no, const struct rec_row_claimlist *r,
                   bool final)
{
    struct ev_claimlist_credited ev = {
        .list_no = list_no, .agreed = r->agreed, .final = final ? yes_no_yes : yes_no_no};
    ev.lines.v = r->counts.v, ev.lines.n = r->counts.n;
    for (uint32_t i = 0; i < r->counts.n; i++) {
        ev.listed_total += r->counts.v[i].listed;
        ev.received_total += r->counts.v[i].received;
    }
    step_emit_as(st, "PRT-035", EV_claimlist_credited, &ev);
}

static void say_differences(struct step *st, struct str list_no, const struct rec_row_claimlist *r)
{
    for (uint32_t i = 0; i < r->counts.n; i++) {
        const struct rec_claim_count_line *l = &r->counts.v[i];
        if (l->listed == l->received) continue;
        struct ev_claimlist_discrepancy ev = {.list_no = list_no,
                                              .part_no = l->part_no,
                                              .listed = l->listed,
                                              .received = l->received,
                                              .diff = (int64_t)l->received - (int64_t)l->listed};
        step_emit_as(st, "PRT-035", EV_claimlist_discrepancy, &ev);
    }
}

static enum err on_counted(struct step *st, const void *payload, void *row)
{
    const struct ev_claimlist_counted *ev = payload;
    struct paper_at *a = row;
    struct rec_row_claimlist *r = a->row;
    struct parts_count c = parts_count_new(st, r->lines.n + ev->lines.n);
    for (uint32_t i = 0; i < r->lines.n; i++)
        parts_count_add(&c, r->lines.v[i].part_no, r->lines.v[i].qty, 0);
    for (uint32_t i = 0; i < ev->lines.n; i++)
        parts_count_add(&c, ev->lines.v[i].part_no, 0, ev->lines.v[i].qty);
    r->counts.v = c.v, r->counts.n = c.n;
    r->agreed = parts_count_agrees(&c) ? yes_no_yes : yes_no_no;
    bool agrees = r->agreed == yes_no_yes;
    r->state = agrees ? claimlist_state_credited : claimlist_state_discrepancy;
    a->start_ms = r->received_at; /* the contact is prompt from the receipt on */
    say_differences(st, ev->list_no, r);
    credit(st, ev->list_no, r, agrees);
    return agrees ? parts_oldpart_settle(st, ev->list_no, r) : ERR_OK;
}

/* ---- resolved (PRT-035) ---- */

static enum err settle(struct step *st, struct rec_row_claimlist *r, const struct rec_part_line *p)
{
    for (uint32_t i = 0; i < r->counts.n; i++) {
        struct rec_claim_count_line *l = &r->counts.v[i];
        uint64_t most = l->listed > l->received ? l->listed : l->received;
        if (!str_eq(l->part_no, p->part_no)) continue;
        if (p->qty > most) {
            return step_refuse(st, "quantity", "lines",
                               "%llu of %.*s are credited; at most %llu were listed or received",
                               (unsigned long long)p->qty, STR_ARG(p->part_no),
                               (unsigned long long)most);
        }
        l->credit = p->qty;
        return ERR_OK;
    }
    return step_refuse(st, "unknown_part", "lines",
                       "part %.*s was neither listed nor received with this list",
                       STR_ARG(p->part_no));
}

static enum err on_resolved(struct step *st, const void *payload, void *row)
{
    const struct ev_claimlist_resolved *ev = payload;
    struct rec_row_claimlist *r = ((struct paper_at *)row)->row;
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < ev->lines.n; i++)
        e = settle(st, r, &ev->lines.v[i]);
    if (e != ERR_OK) return e;
    credit(st, ev->list_no, r, true);
    return parts_oldpart_settle(st, ev->list_no, r);
}

/* ---- the paper ---- */

static bool differs(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    const struct rec_row_claimlist *r = c->row;
    (void)st, (void)payload;
    return r->agreed == yes_no_no;
}

static const struct transition rows[] = {
    {EV_claimlist_packed, PAPER_NEW, claimlist_state_packed, on_packed, "PRT-034"},
    {EV_claimlist_shipped, IN(claimlist_state_packed), claimlist_state_shipped, NULL, "PRT-034"},
    {EV_claimlist_received, IN(claimlist_state_shipped), claimlist_state_received, NULL, "PRT-034"},
    {EV_claimlist_counted, IN(claimlist_state_received), 0, on_counted, "PRT-035"},
    {EV_claimlist_contacted, IN(claimlist_state_discrepancy), claimlist_state_contacted, NULL,
     "PRT-035"},
    {EV_claimlist_resolved, IN(claimlist_state_contacted), claimlist_state_credited, on_resolved,
     "PRT-035"},
};
static const struct deadline_row clocks[] = {
    {.name = "claimlist.contact",
     .rule = "PRT-035",
     .from = FROM_START,
     .due = DUE_SETTING,
     .start = {EV_claimlist_counted},
     .stop = {EV_claimlist_contacted},
     .starts = differs},
    {.name = "claimlist.resolve",
     .rule = "PRT-035",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_claimlist_contacted},
     .stop = {EV_claimlist_resolved}},
};
const struct paper parts_claimlist = {.name = "claimlist",
                                      .label = "claims list 三包索賠件返廠清單",
                                      .table = PARTS_TABLE(CLAIMLIST),
                                      .states = &codes_claimlist_state,
                                      .keys = {"list_no"},
                                      PAPER_ROWS(rows),
                                      PAPER_CLOCKS(clocks)};
