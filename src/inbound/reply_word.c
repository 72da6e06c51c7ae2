/* SPDX-License-Identifier: MIT */
#include "inbound/reply.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "locale/language_words.h"
#include "locale/mail_quote.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <string.h>

/* Behind a greeting's or a closing's first words. */
enum { GREETING_WORDS_MAXIMUM = 6, SIGNATURE_LINES_MAXIMUM = 6 };

/* Lines of one answer that are looked at. */
enum { LINES_MAXIMUM = 60 };

/* Moves over white space and marks around a word. */
static const char *skip_marks(const char *at)
{
    return at + strspn(at, " \t*_.,;:!?\"'-()");
}

/* Behind the longest of the words of that name that at begins with; NULL: none. */
static const char *skip_word(const struct language_words *words, enum word_group group,
                             const char *name, const char *at)
{
    size_t count = 0;
    size_t longest = 0;
    const struct language_word *list = language_words_list(words, group, &count);
    for (size_t i = 0; i < count; i++) {
        if (list[i].folded[0] != *at)
            continue;
        size_t length = strlen(list[i].folded);
        if (length > longest && strcmp(list[i].name, name) == 0 &&
            strncmp(at, list[i].folded, length) == 0 && !isalnum((unsigned char)at[length]) &&
            !(at[length] & 0x80))
            longest = length;
    }
    return longest ? at + longest : NULL;
}

static const char *skip_reply(const struct language_words *words, const char *name, const char *at)
{
    return skip_word(words, WORD_GROUP_REPLY, name, at);
}

/* Behind all of them, and the marks around. */
static const char *skip_replies(const struct language_words *words, const char *name,
                                const char *at)
{
    const char *behind = skip_marks(at);
    for (const char *next; (next = skip_reply(words, name, behind)) != NULL;)
        behind = skip_marks(next);
    return behind;
}

static const char *first_line(struct arena *arena, const char *text)
{
    return unicode_fold(arena, arena_copy_bytes(arena, text, strcspn(text, "\n")));
}

bool reply_is_yes(const struct language_words *words, const char *own_text)
{
    struct arena arena = { 0 };
    size_t length = strcspn(own_text, "\n");
    const char *line = first_line(&arena, own_text);
    const char *behind = skip_reply(words, "agree", skip_marks(line));
    if (behind)
        behind = skip_replies(words, "thanks", behind);
    const char *next = own_text + length + (own_text[length] == '\n');
    bool is_yes = behind && !*behind &&
                  !mail_says_no(&arena, words, arena_copy_bytes(&arena, next, strcspn(next, "\n")));
    arena_release(&arena);
    return is_yes;
}

static bool begins_with(const struct language_words *words, const char *name, const char *own_text)
{
    struct arena arena = { 0 };
    bool begins = skip_reply(words, name, skip_marks(first_line(&arena, own_text))) != NULL;
    arena_release(&arena);
    return begins;
}

bool reply_begins_with_yes(const struct language_words *words, const char *own_text)
{
    return begins_with(words, "agree", own_text);
}

bool reply_begins_with_stop(const struct language_words *words, const char *own_text)
{
    return begins_with(words, "halt", own_text);
}

/* ---- lines ---- */

enum line_kind { LINE_LEAVES, LINE_POLITE, LINE_CLOSING, LINE_OTHER };

static bool has_few_words(const char *text)
{
    int words = 0;
    for (const char *c = text; *c; c++)
        words += *c == ' ';
    return words < GREETING_WORDS_MAXIMUM;
}

static enum line_kind line_kind(struct arena *arena, const struct language_words *words,
                                const char *line)
{
    const char *folded = skip_marks(unicode_fold(arena, line));
    const char *begins = skip_replies(words, "please", folded);
    const char *leaves = skip_reply(words, "leave", begins);
    if (!leaves) /* "stop venligst": what is polite may be a part of it */
        leaves = skip_reply(words, "leave", folded);
    if (leaves && !*skip_replies(words, "please", leaves))
        return LINE_LEAVES;
    if (!*begins)
        return LINE_POLITE;
    if (skip_word(words, WORD_GROUP_FURNITURE, "closing", folded) && has_few_words(folded))
        return LINE_CLOSING;
    if (skip_word(words, WORD_GROUP_FURNITURE, "greeting", folded) && has_few_words(folded))
        return LINE_POLITE;
    return LINE_OTHER;
}

/* Octets of a character that is not seen and turns what stands around it; 0: it is none. */
static size_t unseen_length(const char *at)
{
    static const char *const unseen[] = { "\u200b", "\u200e", "\u200f", "\u202a", "\u202b",
                                          "\u202c", "\u202d", "\u202e", "\u2060", "\u2066",
                                          "\u2067", "\u2068", "\u2069", "\ufeff" };
    for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++)
        if (strncmp(at, unseen[i], strlen(unseen[i])) == 0)
            return strlen(unseen[i]);
    return 0;
}

static void append_line(struct string_builder *text, const char *line)
{
    bool is_gap = text->length > 0;
    for (const char *at = line; *at; at++) {
        size_t unseen = unseen_length(at);
        if (unseen) {
            at += unseen - 1;
        } else if ((unsigned char)*at <= ' ' || *at == 0x7f) {
            is_gap = text->length > 0;
        } else {
            if (is_gap)
                string_builder_append(text, " ");
            is_gap = false;
            string_builder_append_bytes(text, at, 1);
        }
    }
}

/* ---- a yes and no more ---- */

/* A person's name as it stands below a mail: two to four words with a capital each, none of them in
 * capitals alone, so that what is shouted is not taken for one. */
static bool is_name(struct arena *arena, const char *line)
{
    int count = 0;
    bool is_word = false;
    const char *folded = unicode_fold(arena, line);
    if (strpbrk(line, "?!:;,") || strlen(folded) != strlen(line))
        return false;
    for (const char *at = line; *at; at++) {
        bool begins = *at != ' ' && (at == line || at[-1] == ' ');
        /* folding changes a capital, and nothing behind it */
        if (begins) {
            size_t length = strcspn(at, " ");
            size_t first = (unsigned char)*at < 0x80 ? 1 : 2;
            const char *low = folded + (at - line);
            if (length <= first || strncmp(at, low, first) == 0 ||
                strncmp(at + first, low + first, length - first) != 0)
                return false;
            count++;
        }
        is_word = is_word || begins;
    }
    return is_word && count >= 2 && count <= 4;
}

bool reply_is_nothing_but_yes(const struct language_words *words, const char *own_text)
{
    struct arena arena = { 0 };
    char *rest = arena_copy(&arena, own_text);
    const char *first = strsep(&rest, "\n");
    bool is_alone = reply_is_yes(words, own_text) && !strchr(first, '?');
    bool is_below = false; /* a closing or a name was read */
    bool is_behind_gap = false;
    for (char *line = strsep(&rest, "\n"); is_alone && line; line = strsep(&rest, "\n")) {
        enum line_kind kind = line_kind(&arena, words, line);
        is_below = is_below || kind == LINE_CLOSING || (is_behind_gap && is_name(&arena, line));
        is_alone = (is_below || kind == LINE_POLITE) && !mail_says_no(&arena, words, line);
        is_behind_gap = !line[strspn(line, " \t\r")];
    }
    arena_release(&arena);
    return is_alone;
}

/* ---- a paragraph ---- */

const char *reply_paragraph(struct arena *arena, const struct language_words *words,
                            const char *own_text)
{
    struct string_builder text;
    char *rest = arena_copy(arena, own_text);
    string_builder_init(&text, 0);
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        enum line_kind kind = line_kind(arena, words, line);
        if (kind == LINE_CLOSING && text.length)
            break;
        if (kind != LINE_POLITE || text.length)
            append_line(&text, line);
    }
    const char *paragraph = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return paragraph;
}

/* ---- leaving ---- */

/* Lines of own_text one after the other; what follows a closing is its writer's name. */
static enum inbound_leaving leaving_of(struct arena *arena, const struct language_words *words,
                                       const char *own_text)
{
    bool leaves = false;
    bool says_more = false;
    int signature = 0;
    int lines = 0;
    char *rest = arena_copy(arena, own_text);
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        enum line_kind kind = ++lines > LINES_MAXIMUM ? LINE_OTHER : line_kind(arena, words, line);
        if (signature && ++signature <= SIGNATURE_LINES_MAXIMUM && kind != LINE_LEAVES)
            continue;
        leaves = leaves || kind == LINE_LEAVES;
        says_more = says_more || kind == LINE_OTHER;
        if (kind == LINE_CLOSING)
            signature = 1;
    }
    if (!leaves)
        return LEAVING_NOT;
    return says_more ? LEAVING_AMONG_OTHERS : LEAVING_ALONE;
}

enum inbound_leaving reply_leaving(struct arena *arena, const struct language_words *words,
                                   const char *own_text, const char *subject)
{
    return leaving_of(arena, words, *own_text ? own_text : subject);
}
