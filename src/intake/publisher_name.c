/* SPDX-License-Identifier: MIT */
#include "intake/publisher_name.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/unicode.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Longer words always count as part of a name; only so many bytes of a name are compared. */
enum { SHORT_WORD = 3, NAME_MAXIMUM = 300 };

/* The name's words, case-folded, with one space before and behind each; with_short: also those of
 * up to SHORT_WORD letters. */
static const char *words_of(struct arena *arena, const char *name, bool with_short)
{
    struct string_builder text;
    size_t offset = 0;
    size_t letters = 0;
    uint32_t c;
    string_builder_init(&text, 0);
    string_builder_append_character(&text, ' ');
    size_t word = text.length;
    const char *folded = unicode_fold(arena,
                                      arena_copy_bytes(arena, name, strnlen(name, NAME_MAXIMUM)));
    size_t length = strlen(folded);
    for (bool more = true; more;) {
        size_t start = offset;
        more = utf8_next(folded, length, &offset, &c);
        if (more && unicode_is_alphanumeric(c)) {
            string_builder_append_bytes(&text, folded + start, offset - start);
            letters++;
            continue;
        }
        if (letters > SHORT_WORD || (letters && with_short))
            string_builder_append_character(&text, ' ');
        else
            string_builder_truncate(&text, word);
        word = text.length;
        letters = 0;
    }
    const char *result = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return result;
}

/* Both names without short words, if both have longer ones. */
static void both(struct arena *arena, const char *name, const char *publisher, const char **a,
                 const char **b)
{
    *a = words_of(arena, name, false);
    *b = words_of(arena, publisher, false);
    if (strcmp(*a, " ") != 0 && strcmp(*b, " ") != 0)
        return;
    *a = words_of(arena, name, true);
    *b = words_of(arena, publisher, true);
}

bool publisher_name_is(struct arena *arena, const char *name, const char *publisher)
{
    const char *a;
    const char *b;
    both(arena, name, publisher, &a, &b);
    return strcmp(a, b) == 0;
}

bool publisher_name_is_near(struct arena *arena, const char *name, const char *publisher)
{
    const char *a;
    const char *b;
    both(arena, name, publisher, &a, &b);
    return strcmp(a, " ") == 0 || strcmp(b, " ") == 0 || strstr(a, b) || strstr(b, a);
}

bool publisher_name_begins(struct arena *arena, const char *text, const char *publisher)
{
    const char *a;
    const char *b;
    both(arena, text, publisher, &a, &b);
    return strcmp(b, " ") != 0 && strncmp(a, b, strlen(b)) == 0;
}
