/* SPDX-License-Identifier: MIT */
#include "inbound/quotation.h"

#include "base/arena.h"
#include "locale/mail_quote.h"

#include <string.h>

static bool is_run(const struct mail_word *line, size_t count, const struct mail_words *mail,
                   size_t at)
{
    for (size_t i = 0; i < count; i++)
        if (at + i >= mail->count || strcmp(line[i].text, mail->items[at + i].text) != 0)
            return false;
    return true;
}

static bool is_whole(const struct mail_words *mail, size_t at)
{
    return at == mail->count || mail->items[at].begins_line;
}

bool quotation_is_of(struct arena *arena, const char *lines, const char *mail)
{
    const struct mail_words quoted = mail_words_of(arena, lines);
    const struct mail_words ours = mail_words_of(arena, mail);
    size_t at = 0; /* where in ours the last line ended */
    for (size_t i = 0, count; i < quoted.count; i += count) {
        count = 1;
        while (i + count < quoted.count && !quoted.items[i + count].begins_line)
            count++;
        const struct mail_word *line = quoted.items + i;
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
