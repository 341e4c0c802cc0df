/* node_again.c - the inputs of a node once more, from its own records and journal: see node.h. */
#include "common/contract.h"
#include "common/node_private.h"

bool node_run_next(struct slice *runs, struct node_run *out)
{
    if (runs->n == 0) return false;
    *out = (struct node_run){(enum owner)(*runs->p >> 5), (*runs->p & 31u) + 1};
    runs->p++;
    runs->n--;
    return true;
}

void node_again_under(struct node *n, const struct policy *p, enum clock_mode mode)
{
    n->policy = p;
    n->mode = mode;
}

enum err node_again_fire(struct node *n)
{
    struct slice key, value;
    enum err e = store_next(n->store, TABLE_DUE, (struct slice){0}, false, &key, &value);
    if (e != ERR_OK) return e;
    bool early =
        key.n >= 8 && n->mode == CLOCK_MODE_wall && (int64_t)be_get64(key.p) >= n->clock_ms;
    return key.n < 8 || early ? ERR_CORRUPT : node_fire(n, key);
}

/* The sender's bytes out of a record to which the service added what it knew better. */
static enum err sent(struct node *n, const struct event_type *type, const struct rec_entry *e,
                     struct slice *out)
{
    const struct shape *s = type->shape();
    struct fault why;
    void *payload = arena_take(&n->arena, s->size);
    if (proto_decode(s, e->data, &n->arena, payload, &why) != ERR_OK) return ERR_CORRUPT;
    proto_unfill(s, e->filled, payload);
    buf_clear(&n->work.scratch);
    proto_encode(s, payload, &n->work.scratch);
    *out = arena_copy(&n->arena, buf_slice(&n->work.scratch));
    return ERR_OK;
}

static enum err fact_again(struct node *n, const struct rec_entry *e, uint64_t number,
                           struct slice data)
{
    const struct event_type *type = event_by_number(number);
    if (!type || event_is_verdict(type) || type->owner == OWNER_any) return ERR_CORRUPT;
    if (e->occurred <= 0 || e->occurred > TIME_MAX_MS || e->id.n == 0) return ERR_CORRUPT;
    struct rec_fact f = {.number = number,
                         .occurred = e->occurred,
                         .id = e->id,
                         .source = e->source,
                         .actor = e->actor,
                         .data = data};
    struct rec_outcome out;
    return node_fact_apply(n, &f, type, e->content, &out);
}

static enum err refused_again(struct node *n, const struct rec_entry *e)
{
    struct ev_refused_fact ev;
    struct fault why;
    if (proto_decode(shape_ev_refused_fact(), e->data, &n->arena, &ev, &why) != ERR_OK)
        return ERR_CORRUPT;
    return fact_again(n, e, ev.number, ev.data);
}

enum err node_again(struct node *n, const struct rec_entry *e)
{
    const struct event_type *type = event_by_number(e->number);
    if (!type || e->cause_seq || e->now < n->clock_ms) return ERR_CORRUPT;
    if (type->kind == EV_deadline_passed || type->kind == EV_deadline_approaching)
        return node_again_fire(n);
    /* On the event clock whatever was due before a fact has fired before it. */
    if (n->mode == CLOCK_MODE_event) {
        enum err fired = node_advance(n, e->now, UINT32_MAX, NULL);
        if (fired != ERR_OK) return fired;
    }
    if (type->kind == EV_policy_adopted && e->id.n == 0) return node_policy_adopt(n);
    if (type->kind == EV_refused_fact) return refused_again(n, e);
    struct slice data = e->data;
    enum err e1 = e->filled ? sent(n, type, e, &data) : ERR_OK;
    return e1 == ERR_OK ? fact_again(n, e, e->number, data) : e1;
}

uint64_t node_again_seal(const struct node *n)
{
    return n->seal;
}

enum err node_again_commit(struct node *n, int64_t now_ms)
{
    if (now_ms < n->clock_ms) return ERR_CORRUPT;
    n->clock_ms = now_ms;
    return node_commit(n);
}
