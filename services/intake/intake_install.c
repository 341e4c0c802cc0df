/* intake_install.c - delivery, installation, acceptance; what papers prove of a product.
 *
 * The form 客戶安裝調試信息表 is the source of the commissioning date (INT-038): it goes into the
 * product's file at once and open calls of the product are judged again. The file is replaced whole
 * by the next product.upserted, so what a paper said is kept beside it (table `proven`) and stands
 * wherever a later file says nothing. A delivery is told by install.delivered and not taken from
 * the file: a file is loaded years after the goods were delivered. Rules INT-049, INT-061 …
 * INT-064. */
#include "common/contract.h"
#include "services/intake/intake_private.h"

/* ---- proven dates ---- */

enum err intake_install_proven(struct step *st, struct str product, struct rec_row_proven *out)
{
    *out = (struct rec_row_proven){0};
    if (product.n == 0) return ERR_OK;
    struct key k = key_of(product);
    enum err e = step_get(st, INTAKE_TABLE(PROVEN), &k, out);
    if (e == ERR_NOT_FOUND) *out = (struct rec_row_proven){0};
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void put_proven(struct step *st, struct str product, const struct rec_row_proven *row)
{
    struct key k = key_of(product);
    step_put(st, INTAKE_TABLE(PROVEN), &k, row);
}

static void keep(int32_t *day, int32_t said)
{
    if (said) *day = said;
}

static void take(struct rec_row_proven *into, const struct rec_row_proven *said)
{
    keep(&into->shipped, said->shipped);
    keep(&into->delivered, said->delivered);
    keep(&into->commissioned, said->commissioned);
    keep(&into->accepted, said->accepted);
    if (said->evidence) into->evidence = said->evidence;
}

static void fill(int32_t *day, int32_t proven)
{
    if (*day == 0) *day = proven;
}

enum err intake_install_recall(struct step *st, struct ev_product_upserted *file)
{
    struct rec_row_proven proven;
    enum err e = intake_install_proven(st, file->product, &proven);
    if (e != ERR_OK) return e;
    fill(&file->shipped, proven.shipped);
    fill(&file->delivered, proven.delivered);
    fill(&file->accepted, proven.accepted);
    bool same = !file->commissioned || file->commissioned == proven.commissioned;
    fill(&file->commissioned, proven.commissioned);
    if (!file->evidence && same) file->evidence = proven.evidence;
    return ERR_OK;
}

static void write_into(struct ev_product_upserted *file, const struct rec_row_proven *said)
{
    keep(&file->shipped, said->shipped);
    keep(&file->delivered, said->delivered);
    keep(&file->commissioned, said->commissioned);
    keep(&file->accepted, said->accepted);
    if (said->evidence) file->evidence = said->evidence;
}

enum err intake_install_prove(struct step *st, struct str product, const char *field,
                              const struct rec_row_proven *said)
{
    struct ev_product_upserted file;
    struct key k = key_of(product);
    enum err e = step_get(st, INTAKE_TABLE(PRODUCT), &k, &file);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "product_unknown", field,
                           "no file of product %.*s; send product.upserted first",
                           STR_ARG(product));
    }
    if (e != ERR_OK) return e;
    write_into(&file, said);
    e = intake_master_dates(st, file.shipped, file.commissioned);
    struct rec_row_proven proven;
    if (e == ERR_OK) e = intake_install_proven(st, product, &proven);
    if (e != ERR_OK) return e;
    take(&proven, said);
    put_proven(st, product, &proven);
    step_put(st, INTAKE_TABLE(PRODUCT), &k, &file);
    const char *rule = st->rule;
    e = intake_master_judge(st, product);
    st->rule = rule;
    return e;
}

enum err intake_install_mileage(struct step *st, struct str product, uint64_t km)
{
    if (product.n == 0 || km == 0) return ERR_OK;
    struct rec_row_proven proven;
    enum err e = intake_install_proven(st, product, &proven);
    if (e != ERR_OK) return e;
    proven.mileage = km;
    put_proven(st, product, &proven);
    return ERR_OK;
}

/* ---- delivery and installation (INT-061 … INT-063) ---- */

static enum err on_delivered(struct step *st, const void *payload, void *row)
{
    struct ev_install_delivered known = *(const struct ev_install_delivered *)payload;
    struct paper_at *a = row;
    struct rec_row_install *r = a->row;
    int32_t today = step_day(st, r->unit);
    if (!known.delivered) known.delivered = today;
    if (known.delivered > today) {
        return step_refuse(st, "delivered_in_future", "delivered",
                           "a delivery is reported when it has happened; correct the day");
    }
    r->delivered = known.delivered;
    a->start_ms = zone_day_start(step_zone(st, r->unit), r->delivered);
    known.unit = r->unit;
    step_complete(st, &known);
    struct rec_row_proven said = {.delivered = r->delivered};
    return intake_install_prove(st, known.product, "product", &said);
}

static enum err on_form(struct step *st, const void *payload, void *row)
{
    (void)row;
    const struct ev_install_form_entered *ev = payload;
    struct rec_row_proven said = {.shipped = ev->shipped,
                                  .delivered = ev->delivered,
                                  .commissioned = ev->commissioned,
                                  .evidence = ev->evidence};
    return intake_install_prove(st, ev->product, "product", &said);
}

static enum err on_called_back(struct step *st, const void *payload, void *row)
{
    (void)st;
    const struct ev_install_called_back *ev = payload;
    struct rec_row_install *r = ((struct paper_at *)row)->row;
    r->confirmed = ev->confirmed ? ev->confirmed : yes_no_yes;
    return ERR_OK;
}

/* INT-062: what the customer does not confirm is not entered; a corrected form comes first. */
static enum err on_sheet(struct step *st, const void *payload, void *row)
{
    (void)payload;
    const struct rec_row_install *r = ((struct paper_at *)row)->row;
    if (r->confirmed != yes_no_no) return ERR_OK;
    return step_refuse(st, "not_confirmed", "",
                       "the customer did not confirm the report when he was called; enter the "
                       "corrected form and call him again");
}

static enum err on_trained(struct step *st, const void *payload, void *row)
{
    (void)row;
    const struct ev_install_user_trained *ev = payload;
    struct call c;
    return intake_desk_call(st, ev->call_no, &c);
}

#define DELIVERED IN(install_state_delivered)
#define FORM IN(install_state_form_entered)
#define CALLED IN(install_state_called_back)
#define ACCEPTED IN(install_state_accepted)

/* A delivery told after the form keeps the state and starts nothing. */
static const struct transition install_rows[] = {
    {EV_install_delivered, PAPER_NEW | DELIVERED, install_state_delivered, on_delivered, "INT-061"},
    {EV_install_delivered, FORM | CALLED | ACCEPTED, 0, on_delivered, "INT-061"},
    {EV_install_form_entered, PAPER_NEW | DELIVERED | FORM | CALLED, install_state_form_entered,
     on_form, "INT-061"},
    {EV_install_called_back, FORM | CALLED, install_state_called_back, on_called_back, "INT-062"},
    {EV_install_accepted, CALLED, install_state_accepted, on_sheet, "INT-062"},
    {EV_install_user_trained, DELIVERED | FORM | CALLED | ACCEPTED, 0, on_trained, "INT-063"},
};

static bool no_form_yet(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return ((const struct rec_row_install *)c->row)->state == install_state_delivered;
}

/* The form is the report of the installation. */
static const struct deadline_row install_clocks[] = {
    {.name = "install.form",
     .rule = "INT-061",
     .from = FROM_START,
     .due = DUE_SETTING,
     .start = {EV_install_delivered},
     .stop = {EV_install_form_entered},
     .starts = no_form_yet},
    {.name = "install.callback",
     .rule = "INT-062",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_install_form_entered},
     .stop = {EV_install_called_back}},
};

const struct paper intake_install = {.name = "install",
                                     .label = "installation",
                                     .table = INTAKE_TABLE(INSTALL),
                                     .states = &codes_install_state,
                                     .keys = {"product"},
                                     PAPER_ROWS(install_rows),
                                     PAPER_CLOCKS(install_clocks)};

/* ---- projects (INT-064) ---- */

static enum err on_project(struct step *st, const void *payload, void *row)
{
    (void)row;
    const struct ev_project_accepted *ev = payload;
    struct rec_row_proven said = {.accepted = ev->date};
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < ev->products.n; i++)
        e = intake_install_prove(st, ev->products.v[i].name, "products", &said);
    return e;
}

static const struct transition project_rows[] = {
    {EV_project_accepted, PAPER_NEW | IN(project_state_accepted), project_state_accepted,
     on_project, "INT-064"},
};

const struct paper intake_project = {.name = "project",
                                     .label = "project",
                                     .table = INTAKE_TABLE(PROJECT),
                                     .states = &codes_project_state,
                                     .keys = {"project"},
                                     PAPER_ROWS(project_rows)};
