/* note.h - what loop and main tell the operator: one JSON object per line on stderr. Nobody else
 * logs. */
#ifndef CUIBAN_COMMON_NOTE_H
#define CUIBAN_COMMON_NOTE_H

#include <stdint.h>

enum note_level { NOTE_debug, NOTE_info, NOTE_warn, NOTE_error };
/* Name of the process, put into every line. Call once, from main. */
void note_name(const char *name);
/* The rest are pairs of key and value, both texts, ended by NULL. */
__attribute__((sentinel)) void note(enum note_level level, const char *event, ...);
/* For a value: a number as text, in one of a few rotating buffers. */
const char *note_num(int64_t v);

#endif
