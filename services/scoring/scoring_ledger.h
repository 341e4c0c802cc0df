/* scoring_ledger.h - what the files of the ledgers share. Nobody else includes it. */
#ifndef CUIBAN_SERVICES_SCORING_LEDGER_H
#define CUIBAN_SERVICES_SCORING_LEDGER_H

#include "services/scoring/scoring_private.h"

/* An entry that is booked or taken back; the caller keeps the row. */
struct booking {
    struct conduct_told told; /* as its key has it */
    struct key key;
    struct rec_row_conduct *row;
    uint64_t count; /* of the counter in the year, after it */
};
/* A person, kind, case and day, as an entry's key has them. */
struct key scoring_entry_key(struct str person, struct str kind, struct str case_no, int32_t day);
/* Of a key behind its person: kind and case, in the arena. */
MUST_CHECK enum err scoring_entry_named(struct step *st, const struct key *key, size_t prefix,
                                        struct str *kind, struct str *case_no);
bool scoring_key_same(const struct key *a, const struct key *b);
/* What follows from a confirmed entry; marked: its mark is that of a published sanction. */
MUST_CHECK enum err scoring_book(struct step *st, struct booking *b, bool marked);
/* Takes back what followed from it alone, but what a person has decided; row->by and row->reason
 * say who and why. */
MUST_CHECK enum err scoring_unbook(struct step *st, struct booking *b);

#endif
