/* policy_load.c - a policy set from its files.
 *
 * In this order: policy.yaml names the included files; these and the set's own files are read, then
 * the calendars. Every file is compared with its schema, calendars are compiled. If all are well
 * formed, the items are put together (an own item replaces the included one of the same name),
 * checked against each other (policy_check.c) and hashed. Faults of form hide faults of sense,
 * because half a set makes no sense; within each of the two stages all are found. Rules CV-11,
 * INT-099. */
#include "common/contract.h"
#include "common/policy_private.h"
#include <dirent.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define HASH_BYTES 32

/* ---- file names ---- */

static struct str text_copy(struct arena *a, const char *text)
{
    size_t n = strlen(text);
    char *p = arena_take(a, n + 1);
    memcpy(p, text, n);
    return (struct str){p, (uint32_t)n};
}

static struct str path_join(struct arena *a, struct str dir, struct str name)
{
    char *p = arena_take(a, (size_t)dir.n + name.n + 2);
    memcpy(p, dir.p, dir.n);
    p[dir.n] = '/';
    memcpy(p + dir.n + 1, name.p, name.n);
    return (struct str){p, dir.n + 1 + name.n};
}

/* The same for people: "deploy/policy/bus" and "../common/x.yaml" give
 * "deploy/policy/common/x.yaml". */
static struct str path_show(struct arena *a, struct str dir, struct str name)
{
    while (name.n > 3 && memcmp(name.p, "../", 3) == 0) {
        uint32_t cut = dir.n;
        while (cut > 0 && dir.p[cut - 1] != '/')
            cut--;
        struct str last = {dir.p + cut, dir.n - cut};
        if (cut < 2 || str_is(last, ".") || str_is(last, "..")) break;
        dir.n = cut - 1;
        name = (struct str){name.p + 3, name.n - 3};
    }
    return path_join(a, dir, name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct str *)a)->p, ((const struct str *)b)->p);
}

/* Names of the *.yaml files of a folder, sorted; none when there is no such folder. */
static uint32_t list_folder(struct policy_build *b, struct str path, struct str *out)
{
    DIR *d = opendir(path.p);
    if (!d) return 0;
    uint32_t n = 0;
    for (const struct dirent *x = readdir(d); x && n < POLICY_FILES_MAX; x = readdir(d)) {
        size_t len = strlen(x->d_name);
        if (x->d_name[0] == '.' || len < 6 || strcmp(x->d_name + len - 5, ".yaml") != 0) continue;
        out[n++] = text_copy(b->arena, x->d_name);
    }
    closedir(d);
    qsort(out, n, sizeof *out, by_name);
    return n;
}

/* ---- reading ---- */

struct reading {
    struct policy_build *b;
    struct str dir;
    enum err e; /* ERR_IO once a file could not be read */
};

static const cyaml_schema_value_t *schema_of(enum policy_file kind)
{
    if (kind == FILE_policy) return &policy_schema_policy;
    return kind == FILE_part ? &policy_schema_part : &policy_schema_calendar;
}

/* Read and parse one file; `asked` is the line of policy.yaml that names it, 0 when none does. */
static void read_file(struct reading *r, struct str name, enum policy_file kind, uint32_t asked)
{
    struct policy_build *b = r->b;
    struct str shown = path_show(b->arena, r->dir, name);
    if (b->file_count == POLICY_FILES_MAX) {
        policy_fault_add(&b->faults, &b->files[0], asked, "file", "files",
                         "a set has at most %d files", POLICY_FILES_MAX);
        return;
    }
    struct policy_yaml *f = &b->files[b->file_count++];
    *f = (struct policy_yaml){.kind = kind, .name = name, .shown = shown};
    f->own = memchr(name.p, '/', name.n) == NULL || strncmp(name.p, "calendars/", 10) == 0;
    enum err e = policy_yaml_read(f, path_join(b->arena, r->dir, name).p, b->arena);
    if (e != ERR_OK) {
        r->e = ERR_IO;
        policy_fault_add(&b->faults, asked ? &b->files[0] : f, asked, asked ? "include" : "file",
                         "unreadable", "%.150s%s%s", asked ? shown.p : "", asked ? " " : "",
                         e == ERR_IO ? "cannot be read" : "is longer than 1 MiB");
        return;
    }
    policy_yaml_parse(f, schema_of(kind), b->arena, &b->faults);
}

static void read_includes(struct reading *r)
{
    const struct raw_policy *raw = r->b->files[0].v;
    for (uint32_t i = 0; raw && i < raw->include.n; i++) {
        char path[24];
        snprintf(path, sizeof path, "include[%u]", i);
        uint32_t line = policy_yaml_line(&r->b->files[0], path);
        read_file(r, text_copy(r->b->arena, raw->include.v[i].p), FILE_part, line);
    }
}

static void read_folder(struct reading *r, const char *folder, enum policy_file kind)
{
    struct arena *a = r->b->arena;
    struct str *names = arena_take(a, POLICY_FILES_MAX * sizeof *names);
    struct str path = folder[0] ? path_join(a, r->dir, str_of(folder)) : r->dir;
    uint32_t n = list_folder(r->b, path, names);
    for (uint32_t i = 0; i < n; i++) {
        if (kind == FILE_part && str_is(names[i], "policy.yaml")) continue;
        struct str name = folder[0] ? path_join(a, str_of(folder), names[i]) : names[i];
        read_file(r, name, kind, 0);
    }
}

static enum err read_set(struct reading *r)
{
    read_file(r, STR("policy.yaml"), FILE_policy, 0);
    read_includes(r);
    read_folder(r, "", FILE_part);
    read_folder(r, "../calendars", FILE_calendar);
    read_folder(r, "calendars", FILE_calendar);
    return r->e;
}

/* ---- putting items together ---- */

void policy_fault_item(struct policy_build *b, enum policy_part_kind kind, struct policy_origin at,
                       const char *key, const char *text, ...)
{
    char said[240], path[64];
    va_list ap;
    va_start(ap, text);
    vsnprintf(said, sizeof said, text, ap);
    va_end(ap);
    snprintf(path, sizeof path, "%s[%u]%s%.32s", policy_schema_part_names[kind], at.index,
             key[0] ? "." : "", key);
    policy_fault_add(&b->faults, at.file, policy_yaml_line(at.file, path), path, "policy", "%s",
                     said);
}

/* Every struct of policy.h that is an item begins with its name. */
static struct str item_name(const struct policy_list *l, size_t size, uint32_t i)
{
    struct str name;
    memcpy(&name, (const uint8_t *)l->v + i * size, sizeof name);
    return name;
}

static const void *raw_item(enum policy_part_kind kind, struct policy_origin at)
{
    const struct policy_items *items = &((const struct policy_part *)at.file->v)->items[kind];
    return (const uint8_t *)items->v + at.index * policy_converts[kind].raw_size;
}

/* Of two rows of one name: are they the same item? Where nothing stands, always. */
static bool (*const same_item[PART_COUNT])(const void *raw, const void *other_raw) = {
    [PART_schemes] = policy_scheme_same};

/* Its place in the list: that of the same item, or the one behind the last. */
static uint32_t place_of(const struct policy_list *l, enum policy_part_kind kind, const void *raw,
                         struct str name)
{
    const struct policy_convert *x = &policy_converts[kind];
    for (uint32_t i = 0; i < l->n; i++) {
        if (!str_eq(item_name(l, x->size, i), name)) continue;
        if (!same_item[kind] || same_item[kind](raw, raw_item(kind, l->at[i]))) return i;
    }
    return l->n;
}

static void add_item(struct policy_build *b, enum policy_part_kind kind, const void *raw,
                     struct policy_origin at)
{
    const struct policy_convert *x = &policy_converts[kind];
    struct policy_list *l = &b->lists[kind];
    struct str name;
    memcpy(&name, raw, sizeof name);
    uint32_t i = place_of(l, kind, raw, name);
    if (i < l->n && !(at.file->own && !l->at[i].file->own)) {
        char path[48];
        snprintf(path, sizeof path, "%s[%u]", policy_schema_part_names[kind], l->at[i].index);
        policy_fault_item(b, kind, at, kind == PART_targets ? "kpi" : "",
                          "%.*s is defined already in %.100s, line %u; keep one%s", STR_ARG(name),
                          l->at[i].file->shown.p, policy_yaml_line(l->at[i].file, path),
                          same_item[kind] ? ", or give a version its own effective_from" : "");
        return;
    }
    if (i == l->n) l->n++;
    l->at[i] = at;
    x->make(b, raw, (uint8_t *)l->v + i * x->size, at);
}

static uint32_t count_items(const struct policy_build *b, enum policy_part_kind kind)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < b->file_count; i++) {
        const struct policy_yaml *f = &b->files[i];
        if (f->kind == FILE_part) n += ((const struct policy_part *)f->v)->items[kind].n;
    }
    return n;
}

static void gather(struct policy_build *b, enum policy_part_kind kind)
{
    const struct policy_convert *x = &policy_converts[kind];
    struct policy_list *l = &b->lists[kind];
    uint32_t n = count_items(b, kind);
    l->v = arena_take(b->arena, (n + 1) * x->size);
    l->at = arena_take(b->arena, (n + 1) * sizeof *l->at);
    for (uint32_t i = 0; i < b->file_count; i++) {
        const struct policy_yaml *f = &b->files[i];
        if (f->kind != FILE_part) continue;
        uint32_t items = ((const struct policy_part *)f->v)->items[kind].n;
        for (uint32_t j = 0; j < items; j++) {
            struct policy_origin at = {f, j};
            add_item(b, kind, raw_item(kind, at), at);
        }
    }
}

static void publish(struct policy_build *b)
{
    struct policy *p = b->policy;
    const struct policy_list *l = b->lists;
    p->services = l[PART_services].v, p->service_count = l[PART_services].n;
    p->warranties = l[PART_warranties].v, p->warranty_count = l[PART_warranties].n;
    p->sets = l[PART_sets].v, p->set_count = l[PART_sets].n;
    p->deadlines = l[PART_deadlines].v, p->deadline_count = l[PART_deadlines].n;
    p->kinds = l[PART_kinds].v, p->kind_count = l[PART_kinds].n;
    p->targets = l[PART_targets].v, p->target_count = l[PART_targets].n;
    p->staff_reports = l[PART_staff_reports].v;
    p->staff_report_count = l[PART_staff_reports].n;
    p->departments = l[PART_departments].v, p->department_count = l[PART_departments].n;
    p->authority = l[PART_authority].v, p->authority_count = l[PART_authority].n;
    policy_complaint_order(b);
    /* money */
    p->sanction_items = l[PART_sanction_items].v;
    p->sanction_item_count = l[PART_sanction_items].n;
    p->sanction_bands = l[PART_sanction_bands].v;
    p->sanction_band_count = l[PART_sanction_bands].n;
    p->loss_bases = l[PART_loss_basis].v, p->loss_basis_count = l[PART_loss_basis].n;
    /* conduct */
    p->ledger_facts = l[PART_ledger_facts].v, p->ledger_fact_count = l[PART_ledger_facts].n;
    p->ledger_sources = l[PART_ledger_sources].v;
    p->ledger_source_count = l[PART_ledger_sources].n;
    /* parts */
    p->parts_policies = l[PART_parts_policies].v;
    p->parts_policy_count = l[PART_parts_policies].n;
    /* old */
    p->supplier_agreements = l[PART_supplier_agreements].v;
    p->supplier_agreement_count = l[PART_supplier_agreements].n;
    /* cost */
    p->expense_checks = l[PART_expense_checks].v;
    p->expense_check_count = l[PART_expense_checks].n;
    p->allowances = l[PART_allowances].v, p->allowance_count = l[PART_allowances].n;
    /* scoring */
    p->score_facts = l[PART_score_facts].v, p->score_fact_count = l[PART_score_facts].n;
    p->schemes = l[PART_schemes].v, p->scheme_count = l[PART_schemes].n;
    p->approvers = l[PART_approvers].v, p->approvers_count = l[PART_approvers].n;
    p->score_kpis = l[PART_score_kpis].v, p->score_kpi_count = l[PART_score_kpis].n;
    p->score_reports = l[PART_score_reports].v, p->score_report_count = l[PART_score_reports].n;
}

/* ---- calendars ---- */

static void add_calendar(struct policy_build *b, struct calendar **v, const struct policy_yaml *f)
{
    struct calendar *c = policy_calendar_make(b, f);
    if (!c) return;
    uint32_t i = 0, n = b->policy->calendar_count;
    while (i < n && !str_eq(calendar_name(v[i]), calendar_name(c)))
        i++;
    if (i < n && !(f->own && !b->calendar_at[i].file->own)) {
        policy_fault_add(&b->faults, f, policy_yaml_line(f, "name"), "name", "policy",
                         "%.*s is defined already in %.100s; keep one", STR_ARG(calendar_name(c)),
                         b->calendar_at[i].file->shown.p);
        calendar_close(&c);
        return;
    }
    if (i < n)
        calendar_close(&v[i]); /* the set's own calendar replaces the common one */
    else
        b->policy->calendar_count++;
    v[i] = c;
    b->calendar_at[i] = (struct policy_origin){f, 0};
}

static void gather_calendars(struct policy_build *b)
{
    struct calendar **v = arena_take(b->arena, POLICY_FILES_MAX * sizeof *v);
    b->calendar_at = arena_take(b->arena, POLICY_FILES_MAX * sizeof *b->calendar_at);
    b->policy->calendars = v;
    for (uint32_t i = 0; i < b->file_count; i++) {
        const struct policy_yaml *f = &b->files[i];
        if (f->kind == FILE_calendar && f->v) add_calendar(b, v, f);
    }
}

/* ---- the set as a whole ---- */

static int by_file_name(const void *a, const void *b)
{
    const struct policy_yaml *const *x = a, *const *y = b;
    return strcmp((*x)->name.p, (*y)->name.p);
}

/* The names are as the set names them, so that the hash does not depend on where the set lies. */
static void hash_files(struct policy_build *b)
{
    const struct policy_yaml *order[POLICY_FILES_MAX];
    for (uint32_t i = 0; i < b->file_count; i++)
        order[i] = &b->files[i];
    qsort(order, b->file_count, sizeof *order, by_file_name);
    crypto_generichash_state h;
    REQUIRE(crypto_generichash_init(&h, NULL, 0, HASH_BYTES) == 0);
    for (uint32_t i = 0; i < b->file_count; i++) {
        uint8_t size[8];
        be_put64(size, order[i]->text.n);
        crypto_generichash_update(&h, (const uint8_t *)order[i]->name.p, order[i]->name.n + 1);
        crypto_generichash_update(&h, size, sizeof size);
        crypto_generichash_update(&h, order[i]->text.p, order[i]->text.n);
    }
    uint8_t digest[HASH_BYTES];
    crypto_generichash_final(&h, digest, sizeof digest);
    sodium_bin2hex(b->policy->hash, sizeof b->policy->hash, digest, sizeof digest);
}

/* "2026-01-01" begins in the zone of the default calendar; an instant is taken as written. */
static void set_effective(struct policy_build *b, struct str s)
{
    int32_t day = 0;
    const struct calendar *c = policy_calendar(b->policy, (struct str){0});
    if (s.n == 0 || !c) return;
    if (day_parse(s, &day) == ERR_OK) {
        b->policy->effective_ms = zone_day_start(calendar_zone(c), day);
        return;
    }
    struct fault why = {0};
    if (time_parse(s, &b->policy->effective_ms, &why) == ERR_OK) return;
    policy_fault_add(&b->faults, &b->files[0], policy_yaml_line(&b->files[0], "effective"),
                     "effective", "policy", "must be a date like 2026-01-31 or an instant: %.120s",
                     why.text);
}

static void assemble(struct policy_build *b)
{
    const struct raw_policy *raw = b->files[0].v;
    b->policy->name = raw->name;
    b->policy->version = raw->version;
    policy_items_keys(&raw->keys, &b->policy->keys);
    policy_parts_keys(&raw->parts, &b->policy->parts);
    policy_complaint_keys(&raw->complaint, &b->policy->complaint);
    policy_scoring_keys(b, &raw->scoring, &b->policy->scoring);
    for (int kind = 0; kind < PART_COUNT; kind++)
        gather(b, (enum policy_part_kind)kind);
    publish(b);
    policy_check(b);
    set_effective(b, raw->effective);
    hash_files(b);
}

static int by_place(const void *a, const void *b)
{
    const struct policy_fault *x = a, *y = b;
    int order = strcmp(x->file, y->file);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

enum err policy_load(const char *dir, struct policy **out, struct policy_fault *faults,
                     uint32_t cap, uint32_t *fault_count)
{
    REQUIRE(sodium_init() >= 0);
    struct policy *p = calloc(1, sizeof *p);
    REQUIRE(p != NULL);
    p->memory = calloc(1, sizeof *p->memory);
    REQUIRE(p->memory != NULL);
    struct arena *a = &p->memory->arena;
    struct policy_build b = {.policy = p, .arena = a, .faults = {.v = faults, .cap = cap}};
    b.files = arena_take(a, POLICY_FILES_MAX * sizeof *b.files);

    struct reading r = {.b = &b, .dir = text_copy(a, dir)};
    while (r.dir.n > 1 && r.dir.p[r.dir.n - 1] == '/')
        r.dir.n--;
    enum err e = read_set(&r);
    gather_calendars(&b);
    if (e == ERR_OK && b.faults.found == 0) assemble(&b);
    for (uint32_t i = 0; i < b.file_count; i++) {
        if (b.files[i].parsed) yaml_document_delete(&b.files[i].doc);
    }
    if (b.faults.n) qsort(faults, b.faults.n, sizeof *faults, by_place);
    *fault_count = b.faults.n;
    if (e == ERR_OK && b.faults.found > 0) e = ERR_REFUSED;
    if (e == ERR_OK)
        *out = p;
    else
        policy_close(&p);
    return e;
}

void policy_close(struct policy **p)
{
    if (!*p) return;
    for (uint32_t i = 0; i < (*p)->calendar_count; i++) {
        struct calendar *c = (*p)->calendars[i];
        calendar_close(&c);
    }
    arena_fini(&(*p)->memory->arena);
    free((*p)->memory);
    free(*p);
    *p = NULL;
}

void policy_print_faults(FILE *out, const struct policy_fault *faults, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct policy_fault *f = &faults[i];
        if (f->line) {
            fprintf(out, "%s:%u: %s: %s\n", f->file, f->line, f->fault.field, f->fault.text);
        } else {
            fprintf(out, "%s: %s: %s\n", f->file, f->fault.field, f->fault.text);
        }
    }
}
