/* policy_money.c - what a company says about the money of its complaints: items and bands of
 * administrative punishment (CMP-070, CMP-071), how a loss is worked out (CMP-064), and the plain
 * keys of the money rules with their defaults. */
#include "common/policy_schema.h"
#include <string.h>

/* ---- schema ---- */

static const cyaml_schema_field_t item[] = {
    SET("item", MUST, struct sanction_item, code), TEXT("label", MUST, struct sanction_item, label),
    FLAG("needs_text", OPT, struct sanction_item, needs_text), CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_sanction_item = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct sanction_item, item)};

static const cyaml_schema_field_t band[] = {NAME("kind", MUST, struct raw_sanction_band, kind),
                                            TEXT("from", OPT, struct raw_sanction_band, from),
                                            CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_sanction_band = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_sanction_band, band)};

static const cyaml_strval_t basis_words[] = {{"none", LOSS_none},
                                             {"granted", LOSS_granted},
                                             {"resale", LOSS_resale},
                                             {"rework", LOSS_rework},
                                             {"exchange", LOSS_exchange}};
static const cyaml_schema_field_t basis[] = {
    NAME("method", MUST, struct loss_basis, method),
    WORD("basis", MUST, struct loss_basis, basis, basis_words), CYAML_FIELD_END};
const cyaml_schema_value_t policy_schema_loss_basis = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct loss_basis, basis)};

/* ---- items ---- */

void policy_money_item(struct policy_build *b, const void *raw, void *out, struct policy_origin at)
{
    (void)b, (void)at;
    memcpy(out, raw, sizeof(struct sanction_item));
}

void policy_money_band(struct policy_build *b, const void *raw, void *out, struct policy_origin at)
{
    const struct raw_sanction_band *r = raw;
    struct sanction_band *band_of = out;
    *band_of = (struct sanction_band){.kind = r->kind};
    if (!str_is(r->kind, "none") && !code_number(&codes_sanction_kind, r->kind)) {
        policy_fault_item(b, PART_sanction_bands, at, "kind",
                          "must be none, warning, minor_demerit or major_demerit");
    }
    if (r->from.n && !exact_money_parse(r->from, &band_of->from_fen)) {
        policy_fault_item(b, PART_sanction_bands, at, "from",
                          "must be an amount in yuan, like 5000.00");
    }
}

void policy_money_basis(struct policy_build *b, const void *raw, void *out, struct policy_origin at)
{
    struct loss_basis *r = out;
    memcpy(r, raw, sizeof *r);
    if (code_number(&codes_handling_method, r->method)) return;
    policy_fault_item(b, PART_loss_basis, at, "method",
                      "\"%.*s\" is no way to handle a complaint (handling_method)",
                      STR_ARG(r->method));
}

/* ---- keys ---- */

#define LISTED(v) ((struct words){v, COUNT_OF(v)})
static const struct str unit_departments[] = {{"manufacturing", 13}};             /* CMP-068 */
static const struct str person_departments[] = {{"business", 8}, {"service", 7}}; /* CMP-069 */
static const struct str return_proofs[] = {
    {"original_invoice", 16}, {"annotated_copy", 14}, {"return_certificate", 18}}; /* CMP-090 */
static const struct str allowance_proofs[] = {
    {"annotated_copy", 14}, {"allowance_certificate", 21}, {"original_invoice", 16}}; /* CMP-091 */

static int64_t money(struct str written, const char *otherwise)
{
    int64_t fen;
    return exact_money_parse(written.n ? written : str_of(otherwise), &fen) ? fen : -1;
}

void policy_money_keys(const struct raw_complaint_keys *raw, struct complaint_keys *out)
{
    if (out->review_day == 0) out->review_day = 10;
    if (out->resale_months == 0) out->resale_months = 1;
    if (out->bases_default == 0) out->bases_default = 1;
    out->resale_loss_floor_fen = money(raw->resale_loss_floor, "0.00");
    out->warn_min_fen = money(raw->warn_min, "400.00");
    out->minor_min_per_base_fen = money(raw->minor_min_per_base, "800.00");
    if (!out->unit_departments.n) out->unit_departments = LISTED(unit_departments);
    if (!out->person_departments.n) out->person_departments = LISTED(person_departments);
    if (!out->return_proofs.n) out->return_proofs = LISTED(return_proofs);
    if (!out->allowance_proofs.n) out->allowance_proofs = LISTED(allowance_proofs);
}

/* ---- checks ---- */

static void check_bands(struct policy_build *b)
{
    const struct policy_list *l = &b->lists[PART_sanction_bands];
    const struct sanction_band *v = l->v;
    for (uint32_t i = 0; i < l->n; i++) {
        if (i == 0 ? v[i].from_fen == 0 : v[i].from_fen > v[i - 1].from_fen) continue;
        policy_fault_item(b, PART_sanction_bands, l->at[i], "from",
                          "bands stand by rising amounts, the first one without from");
    }
}

static void check_proofs(struct policy_build *b, const char *key, struct words w)
{
    for (uint32_t i = 0; i < w.n; i++) {
        if (code_number(&codes_proof_kind, w.v[i])) continue;
        policy_check_key(b, key, "lists words of proof_kind only");
    }
}

#define AMOUNT_MAX INT64_C(10000000) /* so that 100 times 1,000 bases stay an amount of money */

static void check_amount(struct policy_build *b, const char *key, int64_t fen)
{
    if (fen >= 0 && fen <= AMOUNT_MAX) return;
    policy_check_key(b, key, "must be an amount in yuan from 0 to 100000.00, like 400.00");
}

void policy_money_check(struct policy_build *b)
{
    const struct complaint_keys *k = &b->policy->complaint;
    check_bands(b);
    check_proofs(b, "complaint.return_proofs", k->return_proofs);
    check_proofs(b, "complaint.allowance_proofs", k->allowance_proofs);
    check_amount(b, "complaint.resale_loss_floor", k->resale_loss_floor_fen);
    check_amount(b, "complaint.warn_min", k->warn_min_fen);
    check_amount(b, "complaint.minor_min_per_base", k->minor_min_per_base_fen);
    if (k->review_day > 28)
        policy_check_key(b, "complaint.review_day", "must be a day every month has, 1 to 28");
    if (k->resale_months > 120)
        policy_check_key(b, "complaint.resale_months", "must be at most 120 months");
    if (k->over_ratio_bp > 10000)
        policy_check_key(b, "complaint.over_ratio_bp", "must be at most 10000 (100 %)");
}
