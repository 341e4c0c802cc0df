/* warranty.c - see warranty.h.
 *
 * Read down: the date a term starts from, one term, the earliest of all, what happens when a date
 * is missing. An extension (INT-040) is added to every term, or to the result, by extension_mode.
 */
#include "common/warranty.h"
#include "common/contract.h"
#include <stdarg.h>
#include <stdio.h>

/* A computation under way: the earliest term so far. */
struct sum {
    const struct policy_keys *keys;
    const struct warranty_policy *policy;
    const struct warranty_facts *facts;
    struct warranty_result *out;
    uint32_t missing; /* terms whose date is not known */
};

static int32_t anchor_day(const struct warranty_facts *f, struct str anchor)
{
    if (str_is(anchor, "shipped")) return f->shipped;
    if (str_is(anchor, "commissioned")) return f->commissioned;
    if (str_is(anchor, "purchased")) return f->purchased;
    if (str_is(anchor, "supplied")) return f->supplied;
    if (str_is(anchor, "delivered")) return f->delivered;
    if (str_is(anchor, "accepted")) return f->accepted;
    if (str_is(anchor, "term_end")) return f->term_end;
    return 0;
}

/* The day that ends `months` after the anchor, with the extension on the term or on the result. */
static int32_t term_end(const struct sum *s, int32_t from, uint32_t months)
{
    uint32_t more = s->policy->extension_months;
    bool on_term = s->keys->extension_mode == EXTENSION_anchor;
    int32_t day = day_add_months(from, (int)(months + (on_term ? more : 0)));
    return on_term || more == 0 ? day : day_add_months(day, (int)more);
}

__attribute__((format(printf, 2, 3))) static void because(struct warranty_result *r,
                                                          const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(r->basis, sizeof r->basis, fmt, ap);
    va_end(ap);
}

static void take_term(struct sum *s, struct str anchor, uint32_t months, int32_t from)
{
    int32_t day = term_end(s, from, months);
    if (s->out->last_day && s->out->last_day <= day) return;
    s->out->last_day = day;
    because(s->out, "%.*s + %u months%s", STR_ARG(anchor), months,
            s->policy->extension_months ? " + extension" : "");
}

/* INT-039: what stands for a commissioning that is not proven. True when the term is settled. */
static bool take_unproven(struct sum *s, const struct warranty_term *t)
{
    const struct warranty_facts *f = s->facts;
    bool commissioning = s->policy->evidence_required && str_is(t->anchor, "commissioned");
    if (!commissioning || (f->commissioned && f->evidence)) return false;
    s->out->provisional = true;
    bool as_shipped = f->commissioned && s->keys->no_evidence == NO_EVIDENCE_ship_as_commissioning;
    if (as_shipped && f->shipped)
        take_term(s, STR("shipped as commissioning"), t->months, f->shipped);
    return true; /* not commissioned, or ship_cap: the term from shipment alone decides */
}

/* INT-046: the maker's own letter goes before the months of the first term. */
static uint32_t term_months(const struct sum *s, uint32_t i)
{
    bool maker = i == 0 && s->policy->maker_overrides && s->facts->maker_months;
    return maker ? s->facts->maker_months : s->policy->terms[i].months;
}

static void take_terms(struct sum *s)
{
    for (uint32_t i = 0; i < s->policy->term_count; i++) {
        const struct warranty_term *t = &s->policy->terms[i];
        if (take_unproven(s, t)) continue;
        int32_t from = anchor_day(s->facts, t->anchor);
        if (from)
            take_term(s, t->anchor, term_months(s, i), from);
        else
            s->missing++;
    }
}

/* INT-043, INT-044, INT-047: the agreement's own end, or its months from the first date we know. */
static bool take_agreement(struct sum *s)
{
    const struct warranty_facts *f = s->facts;
    if (!s->policy->agreement) return false;
    if (f->term_end) {
        s->out->last_day = f->term_end;
        because(s->out, "end given by the agreement");
        return true;
    }
    int32_t from = s->policy->term_count ? anchor_day(f, s->policy->terms[0].anchor) : 0;
    if (!from) from = f->delivered ? f->delivered : f->supplied ? f->supplied : f->shipped;
    if (!f->term_months || !from) return false;
    take_term(s, STR("agreement"), f->term_months, from);
    return true;
}

/* No date at all: what the policy says then. */
static void settle_missing(struct sum *s)
{
    struct warranty_result *r = s->out;
    r->provisional = true;
    r->kind = entitled_undetermined;
    if (s->policy->on_missing == MISSING_hold) r->kind = entitled_on_hold;
    if (s->policy->on_missing == MISSING_trial) r->kind = entitled_provisional; /* INT-064 */
    because(r, "%s",
            s->policy->on_missing == MISSING_trial ? "not accepted yet: trial run"
                                                   : "the date it runs from is not known");
}

static bool refused_unproven(const struct sum *s)
{
    const struct warranty_facts *f = s->facts;
    return s->policy->evidence_required && s->keys->no_evidence == NO_EVIDENCE_refuse &&
           !(f->commissioned && f->evidence);
}

static void settle(struct sum *s)
{
    struct warranty_result *r = s->out;
    if (r->last_day == 0 || refused_unproven(s)) {
        r->last_day = 0;
        settle_missing(s);
        return;
    }
    if (s->missing) r->provisional = true; /* a date still to come could end it earlier */
    r->kind = r->provisional ? entitled_provisional : entitled_yes;
}

enum err warranty_last_day(const struct policy_keys *keys, const struct warranty_policy *policy,
                           const struct warranty_facts *facts, struct warranty_result *out,
                           struct fault *why)
{
    REQUIRE(policy->term_count <= COUNT_OF(policy->terms));
    if (facts->shipped && facts->commissioned && facts->commissioned < facts->shipped) {
        return fault_set(why, "INT-038", "commissioned_before_shipped", "commissioned",
                         "the product cannot be commissioned before it left the factory; one of "
                         "the two dates is wrong");
    }
    *out = (struct warranty_result){.kind = entitled_none};
    struct sum s = {.keys = keys, .policy = policy, .facts = facts, .out = out};
    if (!take_agreement(&s)) take_terms(&s);
    settle(&s);
    ENSURE(out->kind != entitled_none);
    return ERR_OK;
}

bool warranty_covers(int32_t last_day, int32_t day)
{
    return day <= last_day;
}

enum entitled warranty_inside(const struct warranty_result *r, int32_t day)
{
    if (r->last_day == 0) return r->kind;
    if (!warranty_covers(r->last_day, day)) return entitled_no;
    return r->kind;
}

int32_t warranty_roll(const struct policy_keys *keys, const struct calendar *c, int32_t last_day)
{
    if (!keys->roll_last_day || last_day == 0) return last_day;
    int32_t day = calendar_workday(c, last_day, 0);
    return day == INT32_MAX ? last_day : day;
}

enum category warranty_category(struct warranty_case c)
{
    if (c.internal) return category_d;
    if (c.inside && (!c.requires_quality || c.quality)) return category_c;
    return c.contract ? category_b : category_a;
}

enum phase project_phase(int32_t accepted, int32_t date, int32_t last_day)
{
    if (accepted == 0 || accepted > date) return phase_trial;
    return warranty_covers(last_day, date) ? phase_warranty : phase_post;
}
