/* SPDX-License-Identifier: MIT */
#include "inbound/quotation.h"

#include "base/arena.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <string.h>

/* Octets of one white space, or of a bracket around a link; 0: none. */
static size_t gap_length(const char *at)
{
    if (strncmp(at, "\xC2\xA0", 2) == 0)
        return 2;
    return isspace((unsigned char)*at) || *at == '<' || *at == '>';
}

/* What some write where others write nothing: bullets and dashes. */
static bool is_mark(const char *word)
{
    return !*word || strcmp(word, "•") == 0 || strcmp(word, "·") == 0 || strcmp(word, "–") == 0 ||
           strcmp(word, "—") == 0;
}

static bool is_link(const char *word)
{
    return strncmp(word, "http://", 7) == 0 || strncmp(word, "https://", 8) == 0 ||
           strncmp(word, "mailto:", 7) == 0;
}

static const char *word_take(struct arena *arena, const char **at)
{
    const char *start = *at;
    while (**at && !gap_length(*at))
        (*at)++;
    const char *end = *at;
    while (start < end && ispunct((unsigned char)*start))
        start++;
    while (end > start && ispunct((unsigned char)end[-1]))
        end--;
    return arena_copy_bytes(arena, start, (size_t)(end - start));
}

struct reply_words reply_words(struct arena *arena, const char *text)
{
    struct reply_words words = { .count = 0 };
    const char *at = unicode_fold(arena, text);
    size_t room = strlen(at) / 2 + 1;
    bool begins_line = true;
    words.items = arena_allocate_array(arena, room, sizeof *words.items);
    while (*at) {
        size_t gap = gap_length(at);
        if (gap) {
            begins_line = begins_line || *at == '\n';
            at += gap;
            continue;
        }
        const char *word = word_take(arena, &at);
        if (is_mark(word) || is_link(word))
            continue;
        words.items[words.count++] = (struct reply_word){ word, begins_line };
        begins_line = false;
    }
    return words;
}

static bool is_run(const struct reply_word *line, size_t count, const struct reply_words *mail,
                   size_t at)
{
    for (size_t i = 0; i < count; i++)
        if (at + i >= mail->count || strcmp(line[i].text, mail->items[at + i].text) != 0)
            return false;
    return true;
}

static bool is_whole(const struct reply_words *mail, size_t at)
{
    return at == mail->count || mail->items[at].begins_line;
}

bool quotation_is_of(struct arena *arena, const char *lines, const char *mail)
{
    const struct reply_words quoted = reply_words(arena, lines);
    const struct reply_words ours = reply_words(arena, mail);
    size_t at = 0; /* where in ours the last line ended */
    for (size_t i = 0, count; i < quoted.count; i += count) {
        count = 1;
        while (i + count < quoted.count && !quoted.items[i + count].begins_line)
            count++;
        const struct reply_word *line = quoted.items + i;
        if (!is_run(line, count, &ours, at)) {
            /* A line that does not follow the one before may stand elsewhere in ours, at the
             * beginning of a line. */
            bool is_found = false;
            for (size_t from = 0; is_whole(&ours, at) && from < ours.count && !is_found; from++) {
                is_found = ours.items[from].begins_line && is_run(line, count, &ours, from);
                if (is_found)
                    at = from;
            }
            if (!is_found)
                return false;
        }
        at += count;
    }
    return is_whole(&ours, at);
}
