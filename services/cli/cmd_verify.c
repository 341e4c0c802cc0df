/* cmd_verify.c - `cuiban verify`: proves that the logs are whole, that every deadline has one
 * outcome, that every level has one 催辦單, that the ledger of parts adds up, and that the figures
 * of head office follow from the logs (promises 2 and 4; N3, N6, N8, N10). */
#include "common/contract.h"
#include "services/cli/anchor.h"
#include "services/cli/audit.h"
#include "services/cli/commands.h"
#include "services/cli/recompute.h"
#include "services/cli/scrub.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *what;
} checks[AUDIT_COUNT] = {
    [AUDIT_chain] = {"chain", "records of the logs: each holds the hash of the one before, no gap"},
    [AUDIT_order] = {"order", "records: time never goes back, causes come before"},
    [AUDIT_deadlines] = {"deadlines",
                         "deadlines armed: each ends once, rows and due index agree with the log"},
    [AUDIT_ladder] = {"ladder",
                      "levels passed: once each, after their instant, while the deadline runs"},
    [AUDIT_reminders] = {"reminders",
                         "催辦單: one per level, each for a level that was passed, none missing"},
    [AUDIT_ledger] = {"ledger", "moves of parts: lines, balances and days are what they add up to, "
                                "each part 0 over all places; what is owed, what old parts say"},
};

/* ---- printing ---- */

static json_t *places_json(const struct buf *places)
{
    json_t *list = json_array();
    const char *p = (const char *)places->p, *end = p ? p + places->n : p;
    while (p < end) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));
        size_t n = (size_t)((line_end ? line_end : end) - p), skip = strspn(p, " ");
        json_array_append_new(list, json_stringn(p + skip, n > skip ? n - skip : 0));
        p += n + 1;
    }
    return list;
}

static void print_check(FILE *out, const char *name, uint64_t looked_at, const char *what,
                        uint64_t wrong)
{
    fprintf(out, "%-10s %10" PRIu64 " %s: ", name, looked_at, what);
    if (wrong) {
        fprintf(out, "%" PRIu64 " WRONG\n", wrong);
    } else {
        fputs("ok\n", out);
    }
}

static const struct listing_column balance_columns[] = {{"service", "service", false},
                                                        {"armed", "armed", true},
                                                        {"in_time", "in time", true},
                                                        {"late", "late", true},
                                                        {"superseded", "superseded", true},
                                                        {"cancelled", "cancelled", true},
                                                        {"open", "open", true},
                                                        {"withdrawn", "withdrawn", true},
                                                        {"rows", "rows", true}};

static void print_balance(FILE *out, const struct audit *a)
{
    struct listing *l =
        listing_begin(out, LISTING_table, balance_columns, COUNT_OF(balance_columns));
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        const struct audit_balance *b = &a->shown[o];
        if (!reader_has(a->view->reader, (enum owner)o)) continue;
        const uint64_t cells[] = {b->armed,     b->in_time, b->late,      b->superseded,
                                  b->cancelled, b->open,    b->withdrawn, b->rows};
        listing_text(l, str_of(owner_name((enum owner)o)));
        for (size_t i = 0; i < COUNT_OF(cells); i++)
            listing_number(l, (int64_t)cells[i]);
    }
    listing_end(&l, "");
}

static void print_people(FILE *out, const struct audit *a)
{
    for (int i = 0; i < AUDIT_COUNT; i++) {
        const struct audit_result *r = &a->results[i];
        print_check(out, checks[i].name, r->looked_at, checks[i].what, r->wrong);
        if (r->places.n) fwrite(r->places.p, 1, r->places.n, out);
        if (r->wrong > AUDIT_FAULTS_MAX)
            fprintf(out, "    … and %" PRIu64 " more\n", r->wrong - AUDIT_FAULTS_MAX);
        if (i == AUDIT_deadlines) print_balance(out, a);
    }
    if (a->unsettled) {
        fputs("the services kept writing while their rows were compared; stop the input and run it "
              "again\n",
              out);
    }
}

static void print_rows(FILE *out, const struct scrub *s)
{
    char what[80];
    if (s->stores == 0) {
        fputs("rows       not looked at where they lie: the stores are not in data/ of this "
              "directory\n",
              out);
        return;
    }
    (void)snprintf(what, sizeof what, "rows of %" PRIu64 " stores: check value, key, number",
                   s->stores);
    print_check(out, "rows", s->rows, what, s->wrong);
    if (s->places.n) fwrite(s->places.p, 1, s->places.n, out);
}

static json_t *rows_json(const struct scrub *s)
{
    return json_pack("{s:I, s:I, s:o}", "looked_at", (json_int_t)s->rows, "wrong",
                     (json_int_t)s->wrong, "places", places_json(&s->places));
}

static json_t *audit_json(const struct audit *a)
{
    json_t *all = json_object(), *balance = json_object();
    for (int i = 0; i < AUDIT_COUNT; i++) {
        const struct audit_result *r = &a->results[i];
        json_object_set_new(all, checks[i].name,
                            json_pack("{s:I, s:I, s:o}", "looked_at", (json_int_t)r->looked_at,
                                      "wrong", (json_int_t)r->wrong, "places",
                                      places_json(&r->places)));
    }
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        const struct audit_balance *b = &a->shown[o];
        if (!reader_has(a->view->reader, (enum owner)o)) continue;
        json_object_set_new(
            balance, owner_name((enum owner)o),
            json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "armed", (json_int_t)b->armed,
                      "in_time", (json_int_t)b->in_time, "late", (json_int_t)b->late, "superseded",
                      (json_int_t)b->superseded, "cancelled", (json_int_t)b->cancelled, "open",
                      (json_int_t)b->open, "withdrawn", (json_int_t)b->withdrawn, "rows",
                      (json_int_t)b->rows));
    }
    json_object_set_new(all, "balance", balance);
    json_object_set_new(all, "unsettled", json_boolean(a->unsettled));
    return all;
}

/* ---- the whole ---- */

static bool audit_is_clean(const struct audit *a)
{
    uint64_t wrong = 0;
    for (int i = 0; i < AUDIT_COUNT; i++)
        wrong += a->results[i].wrong;
    return wrong == 0;
}

static json_t *state_json(const struct recompute_result *r)
{
    char hash[2 * RECOMPUTE_HASH_BYTES + 1];
    recompute_hash_text(r, hash);
    return json_pack("{s:I, s:I, s:I, s:s, s:I, s:b, s:b, s:s, s:o}", "rows", (json_int_t)r->rows,
                     "records", (json_int_t)r->records, "batches", (json_int_t)r->batches, "hash",
                     hash, "wrong", (json_int_t)r->differences, "unproven", r->unproven,
                     "unsettled", r->unsettled, "note", r->note, "places",
                     places_json(&r->details));
}

static int verify_state(struct view *v, enum owner o, const char *tmp, json_t *all)
{
    struct recompute_result r;
    struct fault why = {0};
    enum err e = recompute_service(v, o, tmp, &r, &why);
    int rc = e == ERR_OK ? CLI_OK : CLI_FAILED;
    if (e != ERR_OK) {
        fprintf(v->err, "cuiban verify: %s cannot be made again: %s\n", owner_name(o),
                why.text[0] ? why.text : err_name(e));
    } else if (all) {
        json_object_set_new(all, owner_name(o), state_json(&r));
        rc = recompute_is_clean(&r) ? CLI_OK : CLI_REFUSED;
    } else {
        rc = recompute_report(v->out, o, &r);
    }
    recompute_fini(&r);
    return rc;
}

/* State = replay of the log, for every service there is; the exit status of this part. */
static int verify_states(struct view *v, const char *tmp, json_t *all)
{
    json_t *states = all ? json_object() : NULL;
    int worst = CLI_OK;
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        if (!reader_has(v->reader, (enum owner)o)) continue;
        int rc = verify_state(v, (enum owner)o, tmp, states);
        if (rc > worst) worst = rc;
    }
    if (all) json_object_set_new(all, "state", states);
    return worst;
}

static int verify_in(struct view *v, const struct scrub *rows, const char *dir, const char *tmp)
{
    struct audit *a = calloc(1, sizeof *a);
    struct fault why = {0};
    REQUIRE(a != NULL);
    enum err e = audit_begin(a, v, dir, &why);
    if (e == ERR_OK) e = audit_run(a);
    int rc = view_result(v, e, "the logs");
    json_t *all = v->form == LISTING_json ? audit_json(a) : NULL;
    if (rows && all) json_object_set_new(all, "rows", rows_json(rows));
    if (rows && !all) print_rows(v->out, rows);
    if (!all) print_people(v->out, a);
    if (rc == CLI_OK && !audit_is_clean(a)) rc = CLI_REFUSED;
    int states = verify_states(v, tmp, all);
    if (all) {
        json_dumpf(all, v->out, JSON_INDENT(1));
        fputc('\n', v->out);
        json_decref(all);
    } else {
        fputs(rc == CLI_OK && states == CLI_OK ? "all is as it must be\n"
                                               : "NOT all is as it must be\n",
              v->out);
    }
    audit_end(a);
    free(a);
    return rc > states ? rc : states;
}

int verify_all(struct view *v, const struct scrub *rows, const char *tmp)
{
    char dir[RECOMPUTE_DIR_SIZE];
    if (recompute_dir_make(tmp, dir) != ERR_OK) {
        fprintf(v->err,
                "cuiban verify: cannot make a directory in %s; set TMPDIR to one with space\n",
                tmp);
        return CLI_FAILED;
    }
    int rc = verify_in(v, rows, dir, tmp);
    recompute_dir_remove(dir);
    return rc;
}

/* ---- the command ---- */

struct arguments {
    struct view_options view;
    const char *against;
    struct scrub rows;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;
    if (key == ARGP_KEY_ARG) argp_error(state, "%s: verify looks at everything in --dir", arg);
    if (key != 'a') return view_parse(key, arg, state, "");
    a->against = arg;
    return 0;
}

/* Damaged rows end it here: opening such a store for reading would let it recover by them. */
static int look_first(struct view_options *o)
{
    struct arguments *a = (struct arguments *)o; /* its first member */
    enum err e = scrub_run(o->dir, &a->rows);
    if (e != ERR_OK) {
        fprintf(stderr, "cuiban verify: cannot look at the stores in %s/data (%s)\n", o->dir,
                err_name(e));
        return CLI_FAILED;
    }
    if (a->rows.wrong == 0) return CLI_OK;
    if (o->form == LISTING_json) {
        json_t *all = json_pack("{s:o}", "rows", rows_json(&a->rows));
        json_dumpf(all, stdout, JSON_INDENT(1));
        fputc('\n', stdout);
        json_decref(all);
    } else {
        print_rows(stdout, &a->rows);
        fputs("the rest was not looked at; restore a backup, or what these rows belong to\n"
              "NOT all is as it must be\n",
              stdout);
    }
    return CLI_REFUSED;
}

static int run(struct view *v, void *arguments)
{
    struct arguments *a = arguments;
    FILE *lines = v->form == LISTING_json ? v->err : v->out;
    int anchored = a->against ? anchor_check(v, lines, a->against) : CLI_OK;
    int rc = verify_all(v, &a->rows, recompute_tmp());
    if (anchored != CLI_OK) fputs("NOT all is as it was when the backup was made\n", lines);
    return rc > anchored ? rc : anchored;
}

int cmd_verify(int argc, char **argv)
{
    static const struct argp_child children[] = {{&view_argp_single, 0, NULL, 0}, {0}};
    static const struct argp_option options[] = {
        {"against", 'a', "MANIFEST", 0,
         "manifest of an earlier backup: the logs must still be those it was made of", 0},
        {0}};
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "Prove that the stores are whole: every row, the chains of the logs, one end for every "
        "deadline, one 催辦單 for every level, a ledger of parts that adds up, and that each "
        "service's rows are what the replay of "
        "its log gives."
        "\vWorks on a running stack, on stopped stores and on a backup, and changes nothing. "
        "Scratch stores are written to TMPDIR meanwhile. Where the logs were written under several "
        "policy sets, name each with --policy. Exits 0 only when every check is ok; otherwise each "
        "line marked WRONG is followed by the services, records and rows concerned.",
        children,
        NULL,
        NULL};
    struct arguments a = {.view = VIEW_OPTIONS_DEFAULT};
    a.view.first = look_first;
    a.view.need_policy = true; /* without its rules no service can be made again */
    int rc = view_run(&(struct view_command){&argp, run}, argc, argv, &a);
    scrub_fini(&a.rows);
    return rc;
}
