/* policy_schema.h - how the schema files write a row: key, whether it must be there, struct,
 * member. */
#ifndef CUIBAN_COMMON_POLICY_SCHEMA_H
#define CUIBAN_COMMON_POLICY_SCHEMA_H

#include "common/contract.h"
#include "common/policy_private.h"

#define MUST CYAML_FLAG_DEFAULT
#define OPT CYAML_FLAG_OPTIONAL
#define TEXT_MAX 1000

#define TEXT_UPTO(key_, need, type, member, max_)                                                  \
    {                                                                                              \
        .key = key_, .data_offset = offsetof(type, member), .value = {                             \
            CYAML_VALUE_STRING(CYAML_FLAG_POINTER | (need), char, (need) == MUST, max_)            \
        }                                                                                          \
    }
#define TEXT(key_, need, type, member) TEXT_UPTO(key_, need, type, member, TEXT_MAX)
/* Names that travel in events are no longer than the contracts in proto allow. */
#define NAME(key_, need, type, member) TEXT_UPTO(key_, need, type, member, 48)
#define SET(key_, need, type, member) TEXT_UPTO(key_, need, type, member, 16)
#define CALENDAR(key_, need, type, member) TEXT_UPTO(key_, need, type, member, 32)
#define ROLE(key_, need, type, member) TEXT_UPTO(key_, need, type, member, 64)
#define WORDS_OF(key_, need, type, member, entry, min_, max_)                                      \
    {                                                                                              \
        .key = key_, .data_offset = offsetof(type, member),                                        \
        .count_offset = offsetof(type, member) + offsetof(struct words, n),                        \
        .count_size = sizeof(uint32_t), .value = {                                                 \
            CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER | (need), char *, entry, min_, max_)           \
        }                                                                                          \
    }
#define WORDS(key_, need, type, member)                                                            \
    WORDS_OF(key_, need, type, member, &policy_schema_word, 0, POLICY_WORDS_MAX)
#define UINT(key_, need, type, member) CYAML_FIELD_UINT(key_, need, type, member)
#define INT(key_, need, type, member) CYAML_FIELD_INT(key_, need, type, member)
#define INT_PTR(key_, need, type, member) CYAML_FIELD_INT_PTR(key_, need, type, member)
#define FLAG(key_, need, type, member) CYAML_FIELD_BOOL(key_, need, type, member)
#define WORD(key_, need, type, member, words)                                                      \
    CYAML_FIELD_ENUM(key_, CYAML_FLAG_STRICT | (need), type, member, words, COUNT_OF(words))
#define ITEMS(kind, raw, value_)                                                                   \
    {                                                                                              \
        .key = #kind, .data_offset = offsetof(struct policy_part, items[PART_##kind].v),           \
        .count_offset = offsetof(struct policy_part, items[PART_##kind].n),                        \
        .count_size = sizeof(uint32_t), .value = {                                                 \
            CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER | OPT, raw, value_, 0, POLICY_ITEMS_MAX)       \
        }                                                                                          \
    }

extern const cyaml_schema_value_t policy_schema_word;

/* ---- policy_parts.c ---- */
extern const cyaml_schema_value_t policy_schema_parts_policy, policy_schema_supplier_agreement;
extern const cyaml_schema_field_t policy_schema_parts_keys[];
/* cost */
extern const cyaml_schema_value_t policy_schema_expense_checks, policy_schema_allowance;

/* ---- policy_scoring_conduct.c ---- */
extern const cyaml_schema_value_t policy_schema_ledger_fact, policy_schema_ledger_source;

/* ---- policy_complaint.c ---- */
extern const cyaml_schema_value_t policy_schema_department, policy_schema_step,
    policy_schema_authority;
/* money */
extern const cyaml_schema_value_t policy_schema_sanction_item, policy_schema_sanction_band,
    policy_schema_loss_basis;
extern const cyaml_schema_field_t policy_schema_complaint_keys[];

/* ---- policy_scoring.c, policy_scoring_facts.c, policy_scoring_schema.c ---- */
extern const cyaml_schema_field_t policy_schema_scoring_keys[];
/* pay */
extern const cyaml_schema_field_t policy_schema_scoring_pay_keys[];
/* year */
extern const cyaml_schema_field_t policy_schema_scheme_year[];
extern const cyaml_schema_value_t policy_schema_score_fact, policy_schema_scheme;
/* facts */
extern const cyaml_schema_value_t policy_schema_score_kpi, policy_schema_score_report;
/* ---- policy_scoring_sheet.c ---- */
extern const cyaml_schema_field_t policy_schema_scheme_sheet[];
extern const cyaml_schema_value_t policy_schema_approvers;

#endif
