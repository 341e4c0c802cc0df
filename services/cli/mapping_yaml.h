/* mapping_yaml.h - reading a YAML document node by node, every fault with its line. Only the
 * mapping*.c files include it.
 *
 * libyaml and not libcyaml: a value here may be a word, a list or a map, names of columns are keys
 * or values as their file spells them, and each fault has to name the line of its own node. */
#ifndef CUIBAN_CLI_MAPPING_YAML_H
#define CUIBAN_CLI_MAPPING_YAML_H

#include "services/cli/mapping.h"
#include <yaml.h>

/* What the parts of the loader share. */
struct mapping_build {
    struct mapping *m;
    yaml_document_t *doc;
    struct mapping_fault *faults;
    uint32_t cap, fault_count;
};

/* A node and the path that leads to it. */
struct mapping_node {
    const yaml_node_t *y; /* NULL: not there */
    char path[64];
};

__attribute__((format(printf, 4, 5))) void mapping_fault_add(struct mapping_build *b,
                                                             const struct mapping_node *n,
                                                             const char *code, const char *text,
                                                             ...);
uint32_t mapping_node_line(const struct mapping_node *n);

bool mapping_is_map(const struct mapping_node *n);
bool mapping_is_list(const struct mapping_node *n);
bool mapping_is_word(const struct mapping_node *n);

/* The value of a key; y is NULL when it is not there. map must be a map. */
struct mapping_node mapping_get(struct mapping_build *b, const struct mapping_node *map,
                                const char *key);
/* Key and value of the i-th pair, or the i-th element; false past the end. */
bool mapping_pair(struct mapping_build *b, const struct mapping_node *map, uint32_t i,
                  struct mapping_node *key, struct mapping_node *value);
bool mapping_item(struct mapping_build *b, const struct mapping_node *list, uint32_t i,
                  struct mapping_node *item);
uint32_t
mapping_size(const struct mapping_node *n); /* pairs or elements; 1 for a word, 0 for NULL */

/* Is it a map whose keys are all in `keys` (blank-separated) and none twice? Faults otherwise. */
bool mapping_check_keys(struct mapping_build *b, const struct mapping_node *map, const char *keys);

/* A word (YAML null and "" both give ""); fault when it is a list or map. Lives as long as the
 * mapping. */
bool mapping_word(struct mapping_build *b, const struct mapping_node *n, struct str *out);
bool mapping_is_null(const struct mapping_node *n);
/* yes/no, true/false; absent gives `otherwise`. */
bool mapping_yes(struct mapping_build *b, const struct mapping_node *n, bool otherwise);
/* A word or a list of words. */
bool mapping_words(struct mapping_build *b, const struct mapping_node *n, const struct str **out,
                   uint32_t *count);
/* A column by its name, or "prev." and its name; it is noted in m->columns. */
bool mapping_ref(struct mapping_build *b, const struct mapping_node *n, struct str name,
                 struct mapping_ref *out);
bool mapping_ref_list(struct mapping_build *b, const struct mapping_node *n,
                      struct mapping_refs *out);
bool mapping_template(struct mapping_build *b, const struct mapping_node *n,
                      struct mapping_template *out);

/* ---- mapping_event.c ---- */
void mapping_load_events(struct mapping_build *b, const struct mapping_node *root);
/* ---- mapping_value.c ---- */
/* The fields of an event or of a line; faults for unknown ones and for needed ones not there. */
const struct mapping_field *mapping_load_fields(struct mapping_build *b,
                                                const struct mapping_node *n,
                                                const struct shape *shape, uint32_t *count);
/* ---- mapping_when.c ---- */
const struct mapping_test *mapping_load_when(struct mapping_build *b, const struct mapping_node *n,
                                             uint32_t *count);

#endif
