/* intake_mail.c - the record of calls and letters 來電、來函處理記錄, and the filing of replies.
 *
 * The record is kept by unit in the order of the time a call or letter came, then of its entry; it
 * is only ever added to: the number of an entry is given here and no fact changes or removes one.
 * Replies are filed within a day of being given: letters and the result of what was forwarded to a
 * maker, every reply where the policy says so (`filed_replies`); several unfiled ones are filed
 * with the first. Rules INT-006, INT-009, INT-013. */
#include "common/contract.h"
#include "services/intake/intake_private.h"

/* ---- the record (INT-006) ---- */

static enum err check_entry(struct step *st, const struct ev_mail_logged *known)
{
    if (known->unit.n > 32) {
        return step_refuse(st, "unit_too_long", "unit",
                           "the source is longer than a unit's key may be; name the unit");
    }
    if (known->entry) {
        return step_refuse(st, "entry_given", "entry",
                           "the record numbers its entries itself; leave the number out");
    }
    if (known->received_at < TIME_MIN_MS || known->received_at > st->in->occurred) {
        return step_refuse(st, "received_after_logged", "received_at",
                           "a letter cannot be entered before it came; received_at must not be "
                           "later than the event's time");
    }
    struct call c;
    return intake_desk_call(st, known->call_no, &c);
}

static enum err next_entry(struct step *st, struct str unit, uint64_t *out)
{
    struct rec_row_mail_book book = {0};
    struct key k = key_of(unit);
    enum err e = step_get(st, INTAKE_TABLE(MAIL_BOOK), &k, &book);
    if (e == ERR_NOT_FOUND) book = (struct rec_row_mail_book){0};
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = ++book.last;
    step_put(st, INTAKE_TABLE(MAIL_BOOK), &k, &book);
    return ERR_OK;
}

enum err intake_mail_logged(struct step *st, const void *payload)
{
    struct ev_mail_logged known = *(const struct ev_mail_logged *)payload;
    st->rule = "INT-006";
    if (known.unit.n == 0) known.unit = st->in->source;
    if (known.received_at == 0) known.received_at = st->in->occurred;
    enum err e = check_entry(st, &known);
    if (e == ERR_OK) e = next_entry(st, known.unit, &known.entry);
    if (e != ERR_OK) return e;
    struct key k = key_of(known.unit);
    key_time(&k, known.received_at);
    key_u64(&k, known.entry);
    step_put(st, INTAKE_TABLE(MAIL), &k,
             &(struct rec_row_mail){.channel = known.channel,
                                    .from = known.from,
                                    .customer = known.customer,
                                    .call_no = known.call_no,
                                    .text = known.text,
                                    .person = known.person});
    step_complete(st, &known);
    return ERR_OK;
}

/* ---- filing (INT-009) ---- */

enum err intake_mail_filed(struct step *st, const void *payload, void *row)
{
    struct call *c = row;
    bool runs = false;
    enum err e = intake_call_runs(st, c->no, 0, CLOCK_REPLY_FILE, &runs);
    if (e != ERR_OK) return e;
    if (!runs && !c->row.replied && !intake_call_ended(c)) {
        return step_refuse(st, "not_replied", "",
                           "call %.*s has no reply that could be filed; report call.replied first",
                           STR_ARG(c->no));
    }
    return intake_call_clocks(st, c, EV_reply_filed, payload);
}
