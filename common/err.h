/* err.h - outcomes of operations. A domain outcome is not an error (it is an event), a bug is not
 * an error (it is a REQUIRE); what remains is listed here and is checked at once by every caller.
 */
#ifndef CUIBAN_COMMON_ERR_H
#define CUIBAN_COMMON_ERR_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum err {
    ERR_OK,
    ERR_NOT_FOUND, /* no such row */
    ERR_END,       /* nothing further: end of a scan, of a file, of a log */
    ERR_REFUSED,   /* outside data breaks a contract or a rule; struct fault says which */
    ERR_STALE,     /* the fact is known already or comes too late to change anything */
    ERR_FULL,      /* a named maximum is reached */
    ERR_AGAIN,     /* not now: no data, no peer, a time-out */
    ERR_IO,        /* the system refused: disk, socket, memory */
    ERR_CORRUPT    /* our own stored bytes do not decode */
};

/* One sentence-less word for logs and metrics, e.g. "refused". Static. */
const char *err_name(enum err e);

/* Why outside data was refused: what an operator needs to mend it. All text is UTF-8, cut to fit.
 */
struct fault {
    char field[64]; /* dotted path of the field, "" when the whole is meant */
    char rule[24];  /* rule id or contract, e.g. "DSP-004" */
    char code[32];  /* stable word for programs, e.g. "lead_missing" */
    char text[240]; /* one sentence: what is wrong and what would be right */
};

/* Fill `out` and return ERR_REFUSED, so that a check can say `return fault_set(...)`. out may be
 * NULL. */
__attribute__((format(printf, 5, 6))) enum err fault_set(struct fault *out, const char *rule,
                                                         const char *code, const char *field,
                                                         const char *text, ...);

#endif
