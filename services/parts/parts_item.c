/* parts_item.c - the catalogue of parts: clear specification, quantity and quality (PRT-037). */
#include "services/parts/parts_private.h"

enum err parts_item_get(struct step *st, struct str part_no, struct rec_row_item *out)
{
    struct key k = key_of(part_no);
    *out = (struct rec_row_item){0};
    enum err e = step_get(st, PARTS_TABLE(ITEM), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* What is not said stays as it was. */
#define TAKE(field) r.field = ev->field ? ev->field : r.field
#define TAKE_TEXT(field) r.field = ev->field.n ? ev->field : r.field

enum err parts_item_upserted(struct step *st, const struct ev_item_upserted *ev)
{
    struct rec_row_item r;
    enum err e = parts_item_get(st, ev->part_no, &r);
    if (e != ERR_OK) return e;
    TAKE_TEXT(name);
    TAKE_TEXT(spec);
    TAKE_TEXT(material);
    TAKE_TEXT(manufacturer);
    TAKE_TEXT(supplier);
    TAKE_TEXT(class);
    TAKE(origin);
    TAKE(unit_cost);
    TAKE(purchase_cost);
    TAKE(safety_qty);
    TAKE(origin_proof);
    TAKE(original);
    struct key k = key_of(ev->part_no);
    step_put(st, PARTS_TABLE(ITEM), &k, &r);
    return ERR_OK;
}
