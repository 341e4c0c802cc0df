/* intake_master.c - the files of customers, products and contracts, as last told; every change is
 * in the log (INT-015). Units and people are kept by step_master. Rules INT-015, INT-038, INT-039,
 * INT-058, INT-105. */
#include "services/intake/intake_private.h"

enum err intake_master_customer(struct step *st, const void *payload)
{
    const struct ev_customer_upserted *ev = payload;
    struct key k = key_of(ev->customer);
    step_put(st, INTAKE_TABLE(CUSTOMER), &k, ev);
    return intake_visit_customer(st, ev);
}

enum err intake_master_dates(struct step *st, int32_t shipped, int32_t commissioned)
{
    if (!shipped || !commissioned || commissioned >= shipped) return ERR_OK;
    st->rule = "INT-038";
    return step_refuse(
        st, "commissioned_before_shipped", "commissioned",
        "a product cannot be commissioned before it left the factory; one of the two dates "
        "is wrong");
}

enum err intake_master_product(struct step *st, const void *payload)
{
    const struct ev_product_upserted *ev = payload;
    struct ev_product_upserted file = *ev;
    enum err e = intake_install_recall(st, &file);
    if (e == ERR_OK) e = intake_master_dates(st, file.shipped, file.commissioned);
    if (e != ERR_OK) return e;
    if (ev->warranty_policy.n && !policy_warranty(st->policy, ev->warranty_policy)) {
        return step_refuse(st, "unknown_warranty_policy", "warranty_policy",
                           "%.*s is no warranty policy of this set; name one of its W-… or none",
                           STR_ARG(ev->warranty_policy));
    }
    struct key k = key_of(ev->product);
    step_put(st, INTAKE_TABLE(PRODUCT), &k, &file);
    return ERR_OK;
}

enum err intake_master_contract(struct step *st, const void *payload)
{
    const struct ev_contract_upserted *ev = payload;
    st->rule = "INT-058";
    if (ev->expiry < ev->start) {
        return step_refuse(st, "expiry_before_start", "expiry",
                           "a contract cannot end before it begins; one of the two dates is wrong");
    }
    if (ev->service_policy.n && !policy_service(st->policy, ev->service_policy)) {
        return step_refuse(st, "unknown_service_policy", "service_policy",
                           "%.*s is no service policy of this set; name one of its SP-… or none",
                           STR_ARG(ev->service_policy));
    }
    enum err e = intake_contract_registered(st, ev);
    if (e != ERR_OK) return e;
    struct ev_contract_upserted old;
    struct key k = key_of(ev->contract);
    e = step_get(st, INTAKE_TABLE(CONTRACT), &k, &old);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK) { /* it may have been somebody else's */
        struct key was = key_of(old.customer);
        key_str(&was, ev->contract);
        step_del(st, INTAKE_TABLE(CONTRACT_OF), &was);
    }
    struct key of = key_of(ev->customer);
    key_str(&of, ev->contract);
    step_put(st, INTAKE_TABLE(CONTRACT), &k, ev);
    step_put(st, INTAKE_TABLE(CONTRACT_OF), &of, &(struct rec_row_mark){.set = true});
    return ERR_OK;
}

enum err intake_master_judge(struct step *st, struct str product)
{
    struct key prefix = key_of(product), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e;
    while ((e = step_next(st, INTAKE_TABLE(OPEN_CALL), &prefix, &at, &mark)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str customer, no;
        uint64_t fault;
        struct call c;
        if (key_take_str(&r, &customer) || key_take_u64(&r, &fault) || key_take_str(&r, &no))
            return ERR_CORRUPT;
        if (intake_call_get(st, arena_str(st->arena, no), &c) != ERR_OK) return ERR_CORRUPT;
        e = intake_entitle_again(st, &c);
        if (e != ERR_OK) return e;
        intake_call_put(st, &c);
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err intake_master_evidence(struct step *st, const void *payload)
{
    const struct ev_warranty_evidence_added *ev = payload;
    struct rec_row_proven said = {.commissioned = ev->commissioned, .evidence = yes_no_yes};
    return intake_install_prove(st, ev->product, "product", &said);
}
