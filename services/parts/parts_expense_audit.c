/* parts_expense_audit.c - an expense form against the documents of the field, line by line
 * (PRT-056, PRT-057, PRT-064); what has no counterpart is not reimbursed 凡對應不上不予報銷.
 *
 * A counterpart is a document of the same person, of the day of the line, and of its site: the call
 * or customer the line names. A line that names neither is matched by person and day alone.
 * Journeys may lie so many days beside the day of the service. Where the message names parts, or
 * parts were asked for on the call, there is an abnormality report, of that day or later, that the
 * message names or that is of the same site. What passes is paid up to the allowance standard
 * (PRT-055), which is that of a day: lines of one kind share it, on one form or on several of the
 * same person. That a voucher is false is for a
 * person to say, never found here. */
#include "common/contract.h"
#include "services/parts/parts_private.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct audit {
    struct str expense_no;
    struct rec_row_expense *form;
    bool checks[expense_check_consent + 1]; /* by enum expense_check */
};

struct line_audit {
    const struct rec_expense_line *l;
    uint32_t tolerance; /* days */
    struct parts_site site;
    struct parts_document_at sms, card; /* kind none = no such */
    struct ev_expense_line_audited out;
    char reason[200];
};

static enum yes_no answer(bool yes)
{
    return yes ? yes_no_yes : yes_no_no;
}

static bool is_of_kinds(struct words kinds, enum expense_kind kind)
{
    return words_have(kinds, str_of(code_word(&codes_expense_kind, kind)));
}

/* ---- message and card ---- */

static enum err look_at_day(struct step *st, const struct audit *a, struct line_audit *x,
                            int32_t day)
{
    struct parts_document_at d = {.kind = parts_document_none};
    struct key at = {.n = 0};
    bool any = !x->site.call_no.n && !x->site.customer.n;
    enum err e;
    while ((e = parts_document_next(st, a->form->person, day, &at, &d)) == ERR_OK) {
        if (d.r.voided || !(any || parts_document_same_site(&d.r, &x->site))) continue;
        if (d.kind == parts_document_card) x->card = d;
        bool better = !x->sms.kind || d.r.parts;
        if (d.kind == parts_document_sms && better) x->sms = d;
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err look(struct step *st, const struct audit *a, struct line_audit *x)
{
    struct rec_row_parts_call call = {0};
    x->site = (struct parts_site){.call_no = x->l->call_no, .customer = x->l->customer};
    enum err e = x->l->call_no.n ? parts_call_get(st, x->l->call_no, &call) : ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (!x->site.customer.n) x->site.customer = call.customer;
    e = ERR_OK;
    int32_t n = (int32_t)x->tolerance;
    for (int32_t off = -n; e == ERR_OK && off <= n; off++)
        e = look_at_day(st, a, x, x->l->day + off);
    return e;
}

/* ---- abnormality report ---- */

/* The line's own site, else that of its message, else that of its card. */
static struct parts_site site_of(const struct line_audit *x)
{
    const struct rec_row_parts_document *d = x->sms.kind ? &x->sms.r : &x->card.r;
    if (x->site.call_no.n || x->site.customer.n) return x->site;
    return (struct parts_site){d->call_no, d->customer, d->site};
}

static enum err asked_for_parts(struct step *st, const struct line_audit *x, bool *out)
{
    struct rec_row_parts_asked r;
    struct key k = key_of(site_of(x).call_no);
    enum err e = step_get(st, PARTS_TABLE(ASKED), &k, &r);
    *out = e == ERR_OK || x->sms.r.parts;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err report_is_there(struct step *st, const struct audit *a, const struct line_audit *x,
                                bool *out)
{
    struct parts_document_at d;
    struct parts_site site = site_of(x);
    struct key at = {.n = 0};
    int32_t first = x->l->day - (int32_t)x->tolerance;
    enum err e = ERR_OK;
    *out = false;
    while (!*out && e == ERR_OK) {
        e = parts_document_since(st, a->form->person, first, &at, &d);
        if (e != ERR_OK || d.kind != parts_document_abnormal || d.r.voided) continue;
        bool named = x->sms.r.report_no.n && str_eq(x->sms.r.report_no, d.doc_no);
        *out = named || parts_document_same_site(&d.r, &site);
    }
    return e == ERR_END ? ERR_OK : e;
}

/* ---- place and consent ---- */

static bool is_of_trip(const struct rec_row_expense *form, struct str place, bool home_too)
{
    if (home_too && form->home.n && str_eq(form->home, place)) return true;
    for (uint32_t i = 0; i < form->places.n; i++) {
        if (str_eq(form->places.v[i].name, place)) return true;
    }
    return false;
}

static struct str place_of(const struct rec_expense_line *l)
{
    return l->place.n ? l->place : l->to;
}

static bool place_fits(const struct audit *a, const struct line_audit *x, bool travel)
{
    const struct rec_expense_line *l = x->l;
    if (!travel) return is_of_trip(a->form, place_of(l), false);
    return is_of_trip(a->form, l->from, true) && is_of_trip(a->form, l->to, true);
}

/* ---- one line ---- */

__attribute__((format(printf, 2, 3))) static void say(struct line_audit *x, const char *text, ...)
{
    size_t n = strlen(x->reason);
    va_list ap;
    if (n + 2 < sizeof x->reason && n) {
        memcpy(x->reason + n, "; ", 3);
        n += 2;
    }
    va_start(ap, text);
    vsnprintf(x->reason + n, sizeof x->reason - n, text, ap);
    va_end(ap);
}

static enum yes_no judge(struct line_audit *x, bool yes, const char *otherwise)
{
    if (!yes) {
        say(x, "%s", otherwise);
        x->out.ok = yes_no_no;
    }
    return answer(yes);
}

static enum err check_documents(struct step *st, const struct audit *a, struct line_audit *x)
{
    bool asked = false, there = false;
    enum err e = look(st, a, x);
    if (e == ERR_OK) e = asked_for_parts(st, x, &asked);
    if (e == ERR_OK && asked) e = report_is_there(st, a, x, &there);
    if (e != ERR_OK) return e;
    if (a->checks[expense_check_sms])
        x->out.sms = judge(x, x->sms.kind != parts_document_none, "no message 短信");
    if (a->checks[expense_check_card])
        x->out.card = judge(x, x->card.kind != parts_document_none, "no service card 現場服務卡");
    if (a->checks[expense_check_abnormal] && asked)
        x->out.abnormal = judge(x, there, "no abnormality report 產品異常信息報告");
    return ERR_OK;
}

static void check_form(struct step *st, const struct audit *a, struct line_audit *x, bool travel,
                       bool is_false)
{
    const struct parts_keys *k = &st->policy->parts;
    bool needs = is_of_kinds(k->needs_prior_consent, x->l->kind);
    if (a->checks[expense_check_place])
        x->out.place = judge(x, place_fits(a, x, travel), "not a place of the trip");
    if (a->checks[expense_check_consent] && needs)
        x->out.consent = judge(x, x->l->consent_no.n > 0, "no prior consent 事先同意");
    if (is_false) x->out.genuine = judge(x, false, "the voucher is false");
}

/* ---- the standard (PRT-055) ---- */

static const struct allowance *standard_of(struct step *st, const struct rec_row_expense *form,
                                           const struct rec_expense_line *l)
{
    return policy_allowance(st->policy, form->rank, place_of(l),
                            str_of(code_word(&codes_expense_kind, l->kind)));
}

static int32_t days_of(const struct rec_expense_line *l)
{
    return l->days ? (int32_t)l->days : 1;
}

static int32_t days_shared(const struct rec_expense_line *a, const struct rec_expense_line *b)
{
    int32_t from = a->day > b->day ? a->day : b->day;
    int32_t a_end = a->day + days_of(a), b_end = b->day + days_of(b);
    int32_t until = a_end < b_end ? a_end : b_end;
    return until > from ? until - from : 0;
}

struct others {
    struct str expense_no; /* of the line */
    const struct rec_expense_line *l;
    uint32_t line;
    int64_t sum;
    struct str other_form;
};

/* What other lines of the kind are paid for the same days; a line of several days is paid in equal
 * parts. */
static void add_paid(struct step *st, struct str expense_no, const struct rec_row_expense *form,
                     void *ctx)
{
    struct others *x = ctx;
    bool own = str_eq(expense_no, x->expense_no);
    int64_t before = x->sum;
    for (uint32_t i = 0; i < form->results.n; i++) {
        const struct rec_expense_line *other = &form->lines.v[i];
        bool itself = own && i == x->line;
        if (itself || other->kind != x->l->kind || !standard_of(st, form, other)) continue;
        int64_t days = days_of(other);
        x->sum += (form->results.v[i].approved * days_shared(x->l, other) + days / 2) / days;
    }
    if (!own && x->sum > before) x->other_form = expense_no;
}

static void add_others(struct step *st, struct str expense_no, const struct rec_row_expense *form,
                       void *ctx)
{
    const struct others *x = ctx;
    if (!str_eq(expense_no, x->expense_no)) add_paid(st, expense_no, form, ctx);
}

enum err parts_expense_payable(struct step *st, struct str expense_no,
                               const struct rec_row_expense *form, uint32_t line,
                               struct parts_payable *out)
{
    const struct rec_expense_line *l = &form->lines.v[line];
    const struct allowance *s = standard_of(st, form, l);
    struct others x = {.expense_no = expense_no, .l = l, .line = line};
    *out = (struct parts_payable){.standard = s, .amount = l->amount};
    if (!s) return ERR_OK;
    add_paid(st, expense_no, form, &x); /* its row is not written yet */
    enum err e = parts_expense_beside(st, form, add_others, &x);
    if (e != ERR_OK) return e;
    int64_t left = s->per_day_fen * days_of(l) - x.sum;
    if (left < 0) left = 0;
    if (l->amount > left) out->amount = left;
    out->other_form = x.other_form;
    return ERR_OK;
}

static enum err keep_standard(struct step *st, const struct audit *a, uint32_t line,
                              struct line_audit *x)
{
    struct parts_payable p;
    enum err e = parts_expense_payable(st, a->expense_no, a->form, line, &p);
    if (e != ERR_OK) return e;
    const struct allowance *s = p.standard;
    if (s) x->out.standard = s->per_day_fen * days_of(x->l);
    bool passes = x->out.ok == yes_no_yes, cut = p.amount < x->l->amount;
    x->out.approved = passes ? p.amount : 0;
    if (!cut || !passes) return ERR_OK;
    bool alone = x->l->amount > x->out.standard;
    say(x, "above the standard %.*s%s%.*s", (int)(s->name.n < 48 ? s->name.n : 48), s->name.p,
        p.other_form.n ? " with form "
        : alone        ? ""
                       : " with other lines of these days",
        STR_ARG(p.other_form));
    return ERR_OK;
}

/* ---- the line ---- */

/* Its result follows those of the lines before it. */
static enum err audit_line(struct step *st, const struct audit *a, uint32_t i, bool is_false)
{
    const struct parts_keys *k = &st->policy->parts;
    const struct rec_expense_line *l = &a->form->lines.v[i];
    bool travel = is_of_kinds(k->travel_kinds, l->kind);
    struct line_audit x = {.l = l, .tolerance = travel ? k->travel_tolerance_days : 0};
    x.out.line = i + 1;
    x.out.person = a->form->person;
    x.out.claimed = l->amount;
    x.out.ok = yes_no_yes;
    enum err e = check_documents(st, a, &x);
    if (e != ERR_OK) return e;
    check_form(st, a, &x, travel, is_false);
    e = keep_standard(st, a, i, &x);
    if (e != ERR_OK) return e;
    x.out.reason = str_of(x.reason);
    x.out.expense_no = a->expense_no;
    step_emit_as(st, "PRT-064", EV_expense_line_audited, &x.out);
    a->form->results.v[i] = (struct rec_expense_result){.ok = x.out.ok, .approved = x.out.approved};
    a->form->results.n = i + 1;
    return ERR_OK;
}

/* ---- the form ---- */

static bool is_false(const struct ev_expense_audited *ev, uint32_t i)
{
    for (uint32_t n = 0; n < ev->false_lines.n; n++) {
        if (ev->false_lines.v[n].line == i + 1) return true;
    }
    return false;
}

static enum err checks_of(struct step *st, struct audit *a)
{
    struct rec_row_unit u = {0};
    enum err e = step_unit(st, a->form->unit, &u);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    for (int c = expense_check_sms; c <= expense_check_consent; c++) {
        struct str word = str_of(code_word(&codes_expense_check, (uint32_t)c));
        a->checks[c] = policy_expense_check(st->policy, a->form->unit, u.default_policy, word);
    }
    return ERR_OK;
}

/* Fraud is punished, on the word of the person who audited (PRT-057). */
static void note_false(struct step *st, const struct rec_row_expense *r,
                       const struct ev_expense_audited *ev)
{
    for (uint32_t i = 0; i < r->lines.n; i++) {
        if (!is_false(ev, i)) continue;
        struct ev_conduct_recorded seen = {
            .kind = STR("false_claim"),
            .person = r->person,
            .call_no = r->lines.v[i].call_no,
            .text = arena_printf(st->arena, "form %.*s, line %u, by %.*s", STR_ARG(ev->expense_no),
                                 i + 1, STR_ARG(ev->by)),
            .site = ev->expense_no};
        step_emit_as(st, "PRT-057", EV_conduct_recorded, &seen);
    }
}

static enum err check_false(struct step *st, const struct rec_row_expense *r,
                            const struct ev_expense_audited *ev)
{
    for (uint32_t i = 0; i < ev->false_lines.n; i++) {
        if (ev->false_lines.v[i].line <= r->lines.n) continue;
        return step_refuse(st, "unknown_line", "false_lines",
                           "the form has %u lines; name one of them", r->lines.n);
    }
    return ERR_OK;
}

/* What a person says of the sums beforehand is what they come to. */
static enum err complete(struct step *st, const struct rec_row_expense *r,
                         const struct ev_expense_audited *said)
{
    struct ev_expense_audited ev = *said;
    int64_t rejected = r->claimed - r->approved;
    if ((ev.claimed && ev.claimed != r->claimed) || (ev.approved && ev.approved != r->approved) ||
        (ev.rejected && ev.rejected != rejected)) {
        return step_refuse(st, "amount", "approved",
                           "the audit comes to other sums than are stated; leave them out, they "
                           "are given here");
    }
    ev.claimed = r->claimed;
    ev.approved = r->approved;
    ev.rejected = rejected;
    if (!ev.rejected_lines.n)
        ev.rejected_lines.v = arena_take(st->arena, r->lines.n * sizeof *ev.rejected_lines.v);
    for (uint32_t i = 0; !said->rejected_lines.n && i < r->lines.n; i++) {
        if (r->results.v[i].ok == yes_no_no)
            ev.rejected_lines.v[ev.rejected_lines.n++].line = i + 1;
    }
    step_complete(st, &ev);
    return ERR_OK;
}

enum err parts_expense_audit(struct step *st, struct rec_row_expense *r,
                             const struct ev_expense_audited *ev)
{
    struct audit a = {.expense_no = ev->expense_no, .form = r};
    enum err e = check_false(st, r, ev);
    if (e == ERR_OK) e = checks_of(st, &a);
    r->results.v = arena_take(st->arena, r->lines.n * sizeof *r->results.v);
    r->results.n = 0;
    r->claimed = r->approved = 0;
    for (uint32_t i = 0; e == ERR_OK && i < r->lines.n; i++) {
        e = audit_line(st, &a, i, is_false(ev, i));
        r->claimed += r->lines.v[i].amount;
        if (e == ERR_OK) r->approved += r->results.v[i].approved;
    }
    if (e != ERR_OK) return e;
    note_false(st, r, ev);
    return complete(st, r, ev);
}
