/* fake_note.c - common/note.h without a word: a fuzz target would fill the screen. */
#include "common/note.h"

void note_name(const char *name)
{
    (void)name;
}

void note(enum note_level level, const char *event, ...)
{
    (void)level, (void)event;
}

const char *note_num(int64_t v)
{
    (void)v;
    return "";
}
