/* intake_site.c - files of customers' sites: contacts, parts as they are used there, handling
 * rules.
 *
 * They come in any order, as files of customers and products do; what a later fact leaves out stays
 * as it was told before. Roles are policy (`contact_roles`), working hours are a calendar of the
 * set. Rules INT-101 … INT-103. */
#include "common/contract.h"
#include "services/intake/intake_private.h"

#define KEPT (PAPER_NEW | IN(file_state_valid))

static enum err on_contact(struct step *st, const void *payload, void *row)
{
    (void)row;
    const struct ev_contact_upserted *ev = payload;
    if (words_have(st->policy->keys.contact_roles, ev->role)) return ERR_OK;
    return step_refuse(st, "unknown_role", "role",
                       "%.*s is no role of a contact; use one of contact_roles of the policy",
                       STR_ARG(ev->role));
}

static const struct transition contact_rows[] = {
    {EV_contact_upserted, KEPT, file_state_valid, on_contact, "INT-101"},
};

const struct paper intake_contact = {.name = "contact",
                                     .label = "contact",
                                     .table = INTAKE_TABLE(CONTACT),
                                     .states = &codes_file_state,
                                     .keys = {"site", "role", "product", "station"},
                                     PAPER_ROWS(contact_rows)};

static const struct transition site_part_rows[] = {
    {EV_site_part_upserted, KEPT, file_state_valid, NULL, "INT-102"},
};

const struct paper intake_site_part = {.name = "site_part",
                                       .label = "part of a site",
                                       .table = INTAKE_TABLE(SITE_PART),
                                       .states = &codes_file_state,
                                       .keys = {"site", "part_no"},
                                       PAPER_ROWS(site_part_rows)};

static enum err on_site(struct step *st, const void *payload, void *row)
{
    (void)row;
    const struct ev_site_upserted *ev = payload;
    if (ev->calendar.n == 0 || policy_calendar(st->policy, ev->calendar)) return ERR_OK;
    return step_refuse(st, "unknown_calendar", "calendar",
                       "%.*s is no calendar of this policy set; add it to the set, or name another",
                       STR_ARG(ev->calendar));
}

static const struct transition site_rows[] = {
    {EV_site_upserted, KEPT, file_state_valid, on_site, "INT-103"},
};

const struct paper intake_site = {.name = "site",
                                  .label = "site",
                                  .table = INTAKE_TABLE(SITE),
                                  .states = &codes_file_state,
                                  .keys = {"site"},
                                  PAPER_ROWS(site_rows)};
