/* anchor.c - see anchor.h. */
#include "services/cli/anchor.h"
#include "common/contract.h"
#include <sodium.h>
#include <string.h>

#define HASH_BYTES 32

static int check_log(struct view *v, FILE *out, enum owner o, const json_t *then)
{
    uint64_t seq = (uint64_t)json_integer_value(json_object_get(then, "records"));
    const char *want = json_string_value(json_object_get(then, "hash"));
    struct slice record;
    uint8_t hash[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1] = "";
    if (seq == 0 || !want) return CLI_OK; /* it wrote nothing until then */
    enum err e = reader_record(v->reader, o, seq, &record);
    if (e != ERR_OK && e != ERR_NOT_FOUND && e != ERR_CORRUPT) return CLI_FAILED;
    if (e == ERR_OK) {
        crypto_generichash(hash, sizeof hash, record.p, record.n, NULL, 0);
        sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    }
    bool same = strcmp(hex, want) == 0;
    fprintf(out, "anchor     %-10s #%llu hashes as when the backup was made: %s\n", owner_name(o),
            (unsigned long long)seq, same ? "ok" : "WRONG, it or one before it was changed since");
    return same ? CLI_OK : CLI_REFUSED;
}

int anchor_check(struct view *v, FILE *out, const char *manifest)
{
    json_error_t error = {0};
    json_t *m = json_load_file(manifest, JSON_REJECT_DUPLICATES, &error);
    const json_t *services = json_object_get(m, "services");
    int worst = CLI_OK;
    if (!services) {
        fprintf(v->err, "cuiban verify: %s is no manifest of a backup: %s\n", manifest, error.text);
        json_decref(m);
        return CLI_REFUSED;
    }
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        const json_t *then = json_object_get(services, owner_name((enum owner)o));
        int rc = then ? check_log(v, out, (enum owner)o, then) : CLI_OK;
        if (rc > worst) worst = rc;
    }
    json_decref(m);
    return worst;
}
