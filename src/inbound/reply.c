/* SPDX-License-Identifier: MIT */
#include "inbound/reading.h"

#include "base/arena.h"
#include "base/text.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { OWN_TEXT_MAXIMUM = 4000, ATTRIBUTION_LINES = 4 };

struct reply_lines {
    char **lines; /* without white space around them; "" for an empty one */
    size_t count;
};

static char *trim(char *line)
{
    while (isspace((unsigned char)*line) || strncmp(line, "\xC2\xA0", 2) == 0)
        line += isspace((unsigned char)*line) ? 1 : 2;
    size_t length = strlen(line);
    while (length && isspace((unsigned char)line[length - 1]))
        line[--length] = '\0';
    return line;
}

static struct reply_lines split(struct arena *arena, const char *text)
{
    struct reply_lines result = { .count = 1 };
    for (const char *c = text; *c; c++)
        result.count += *c == '\n';
    result.lines = arena_allocate_array(arena, result.count, sizeof *result.lines);
    char *rest = arena_copy(arena, text);
    for (size_t i = 0; i < result.count; i++) {
        char *line = strsep(&rest, "\n");
        result.lines[i] = trim(line);
    }
    return result;
}

static bool begins_with_one(const char *line, const char *const *words)
{
    for (; *words; words++)
        if (strncasecmp(line, *words, strlen(*words)) == 0)
            return true;
    return false;
}

/* "Fra: …" with "Sendt: …" or the like close behind: where Outlook begins to quote, without marks.
 */
static bool is_header_block(const struct reply_lines *lines, size_t at)
{
    static const char *const from[] = { "fra:",   "from:", "von:", "från:", "*fra:",
                                        "*from:", "de :",  "de:",  NULL };
    static const char *const sent[] = {
        "sendt:", "sent:",   "dato:",  "date:",  "gesendet:", "skickat:", "til:",     "to:",
        "an:",    "*sendt:", "*sent:", "*dato:", "*date:",    "emne:",    "subject:", NULL
    };
    if (!begins_with_one(lines->lines[at], from))
        return false;
    for (size_t i = at + 1; i < lines->count && i <= at + ATTRIBUTION_LINES; i++)
        if (begins_with_one(lines->lines[i], sent))
            return true;
    return false;
}

static bool is_separator(const char *line)
{
    static const char *const starts[] = { "-----Oprindelig",        "-----Original",
                                          "----- Oprindelig",       "----- Original",
                                          "-----Ursprüngliche",     "-------- Oprindelig",
                                          "-------- Original",      "-------- Forwarded",
                                          "-------- Videresendt",   "---------- Forwarded",
                                          "---------- Videresendt", "Begin forwarded message",
                                          "Start på videresendt",   NULL };
    size_t rule = strspn(line, "_");
    return begins_with_one(line, starts) || (rule >= 20 && line[rule] == '\0');
}

/* How many lines from at on are one "Den 9. juni 2026 kl. 10.12 skrev Region Nordhav <…>:", which
 * programs wrap as they please; 0: none. */
static size_t attribution_length(struct arena *arena, const struct reply_lines *lines, size_t at)
{
    static const char *const verbs[] = { "skrev",  "wrote",   "schrieb", "a écrit",
                                         "writes", "skriver", NULL };
    const char *joined = "";
    for (size_t i = at; i < lines->count && i < at + ATTRIBUTION_LINES; i++) {
        const char *line = lines->lines[i];
        size_t length = strlen(line);
        if (!length || *line == '>')
            return 0;
        joined = *joined ? arena_format(arena, "%s %s", joined, line) : line;
        if (line[length - 1] != ':')
            continue;
        for (const char *const *verb = verbs; *verb; verb++)
            if (strcasestr(joined, *verb) && (strpbrk(joined, "0123456789") || strchr(joined, '@')))
                return i - at + 1;
    }
    return 0;
}

static bool is_signature(const char *line)
{
    return strcmp(line, "--") == 0;
}

/* What telephones and mail programs put below. */
static bool is_advertisement(const char *line)
{
    static const char *const starts[] = { "Sendt fra ",   "Sent from ",  "Sent via ",
                                          "Hent Outlook", "Get Outlook", "Fås til ",
                                          "Sent with ",   "Sendt via ",  "Gesendet von ",
                                          "Von meinem ",  NULL };
    return begins_with_one(line, starts);
}

/* Behind an attribution: the marked lines it speaks of are skipped, and what follows them may be
 * the answer; without marks all the rest is quoted. */
static size_t behind_quote(const struct reply_lines *lines, size_t at)
{
    while (at < lines->count && !*lines->lines[at])
        at++;
    return at < lines->count && *lines->lines[at] == '>' ? at : lines->count;
}

const char *reply_own_text(struct arena *arena, const char *text)
{
    struct text own;
    struct reply_lines lines = split(arena, text);
    text_init(&own, OWN_TEXT_MAXIMUM);
    for (size_t at = 0; at < lines.count;) {
        const char *line = lines.lines[at];
        size_t attribution = *line ? attribution_length(arena, &lines, at) : 0;
        if (is_separator(line) || is_signature(line) || is_header_block(&lines, at))
            break;
        if (attribution) {
            at = behind_quote(&lines, at + attribution);
            continue;
        }
        if (*line && *line != '>' && !is_advertisement(line))
            text_append_format(&own, "%s%s", own.length ? "\n" : "", line);
        at++;
    }
    const char *result = arena_copy(arena, own.data);
    text_release(&own);
    return result;
}

/* Moves over white space and marks around a word. */
static const char *skip_marks(const char *at)
{
    return at + strspn(at, " \t*_.,;:!\"'-()");
}

static const char *skip_word(const char *at, const char *const *words)
{
    for (; *words; words++) {
        size_t length = strlen(*words);
        if (strncmp(at, *words, length) == 0 && !isalnum((unsigned char)at[length]) &&
            !(at[length] & 0x80))
            return at + length;
    }
    return NULL;
}

bool reply_is_yes(const char *own_text)
{
    static const char *const yes[] = { "ja", "yes", "ok", "bekræft", "bekraeft", "confirm", NULL };
    static const char *const thanks[] = { "tak", "please", "thanks", "thank you", NULL };
    struct arena arena = { 0 };
    size_t length = strcspn(own_text, "\n");
    if (!*own_text)
        return true;
    const char *line = unicode_fold(&arena, arena_copy_bytes(&arena, own_text, length));
    const char *behind = skip_word(skip_marks(line), yes);
    if (behind) {
        const char *polite = skip_word(skip_marks(behind), thanks);
        behind = skip_marks(polite ? polite : behind);
    }
    bool is_yes = behind && !*behind;
    arena_release(&arena);
    return is_yes;
}
