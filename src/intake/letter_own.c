/* SPDX-License-Identifier: MIT */
/* What of a mail its sender wrote for readers. Programs' own lines are known by the phrases of
 * languages; where a line may be the sender's own, it stays: nothing but what is plainly around a
 * text is left out, and all of it is told. */
#include "intake/letter.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/left_out.h"
#include "intake/reader.h"
#include "intake/text_mark.h"
#include "intake/text_section.h"
#include "locale/language_words.h"
#include "locale/mail_quote.h"
#include "locale/unicode.h"

#include <string.h>

/* What a line of a mail is. */
enum letter_line {
    LETTER_OWN,       /* written for readers */
    LETTER_GREETING,  /* "Hej alle," */
    LETTER_SIGNATURE, /* below "-- ", or a closing and a name below the contacts */
    LETTER_DEVICE,    /* "Sendt fra min iPhone" */
    LETTER_QUOTED,    /* what it answers or passes on, and the line that says whose it is */
    LETTER_LINE_COUNT
};

enum {
    HEADER_LINES_LEAST = 3, /* of who wrote what is quoted; two may be a programme's "Fra", "Til" */
    GREETING_WORDS = 6,
    CLOSING_WORDS = 5,
    SIGNATURE_LINES = 10, /* below a closing */
    SIGNATURE_COLUMNS = 80
};

static size_t count_words(const char *line)
{
    size_t count = 0;
    for (const char *at = line; *at;) {
        at += strspn(at, " \t\n");
        count += *at != '\0';
        at += strcspn(at, " \t\n");
    }
    return count;
}

/* ---- what is quoted ---- */

/* Whether an unmarked quotation begins at the line: Outlook's header, or words between dashes. */
static bool begins_quotation(struct arena *arena, const struct mail_lines *lines, size_t at)
{
    const char *line = lines->lines[at];
    if (mail_header_length(lines, at) >= HEADER_LINES_LEAST)
        return true;
    if (!*line || !mail_line_is_separator(lines, line))
        return false;
    if (*line != '_')
        return mail_line_is_made_of(arena, lines, line, QUOTATION_WORD);
    size_t next = at + 1; /* a rule alone parts what is the sender's own */
    while (next < lines->count && !*lines->lines[next])
        next++;
    return next < lines->count && mail_header_length(lines, next) > 0;
}

static bool holds_address(const struct mail_lines *lines, size_t at, size_t length)
{
    for (size_t i = at; i < at + length; i++)
        if (strchr(lines->lines[i], '@'))
            return true;
    return false;
}

/* The lines of "Den 9. juni skrev Mette Holm <…>:" where a quotation follows; 0: it is a sentence.
 * *is_marked: each line of that has a mark of its own. */
static size_t attribution_length(struct arena *arena, const struct mail_lines *lines, size_t at,
                                 bool *is_marked)
{
    size_t length = *lines->lines[at] ? mail_attribution_length(arena, lines, at) : 0;
    size_t next = at + length;
    while (length && next < lines->count && !*lines->lines[next])
        next++;
    *is_marked = length && next < lines->count && *lines->lines[next] == '>';
    return *is_marked || (length && holds_address(lines, at, length)) ? length : 0;
}

static void find_quotations(struct arena *arena, const struct mail_lines *lines,
                            enum letter_line *kinds)
{
    enum letter_line below = LETTER_OWN; /* what all lines are from here on */
    for (size_t at = 0; at < lines->count; at++) {
        bool is_marked = false;
        size_t attribution = attribution_length(arena, lines, at, &is_marked);
        if (begins_quotation(arena, lines, at) || (attribution && !is_marked))
            below = LETTER_QUOTED;
        else if (below == LETTER_OWN && mail_line_is_signature(lines->lines[at]))
            below = LETTER_SIGNATURE;
        kinds[at] = below;
        if (*lines->lines[at] == '>')
            kinds[at] = LETTER_QUOTED;
        else if (below == LETTER_OWN && mail_line_is_advertisement(arena, lines, lines->lines[at]))
            kinds[at] = LETTER_DEVICE;
        for (; attribution > 1; attribution--)
            kinds[at++] = LETTER_QUOTED;
        if (attribution)
            kinds[at] = LETTER_QUOTED;
    }
}

/* ---- what stands around a text ---- */

static bool is_own(const struct mail_lines *lines, const enum letter_line *kinds, size_t at)
{
    return kinds[at] == LETTER_OWN && *lines->lines[at];
}

static void find_greeting(const struct intake_reading *reading, const struct mail_lines *lines,
                          enum letter_line *kinds)
{
    size_t at = 0;
    while (at < lines->count && !is_own(lines, kinds, at))
        at++;
    if (at == lines->count || count_words(lines->lines[at]) > GREETING_WORDS)
        return;
    size_t length = strlen(lines->lines[at]);
    bool is_address = strchr(",!:", lines->lines[at][length - 1]) ||
                      count_words(lines->lines[at]) < 3;
    if (is_address && strcmp(text_furniture_begins(reading, lines->lines[at]), "greeting") == 0)
        kinds[at] = LETTER_GREETING;
}

/* Whether readers are told above the line whom to ask: then what stands below a closing adds
 * nothing for them. */
static bool has_contact_above(const struct intake_reading *reading, const struct mail_lines *lines,
                              const enum letter_line *kinds, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        const char *entry = NULL;
        const char *line = lines->lines[i];
        if (!is_own(lines, kinds, i))
            continue;
        const char *folded = unicode_fold(
            reading->arena, arena_copy_bytes(reading->arena, line, strcspn(line, ":")));
        const struct language_word *word = language_words_find(reading->words, WORD_GROUP_SECTION,
                                                               NULL, folded, false);
        if (strchr(line, '@') || (word && strcmp(word->name, "contacts") == 0) ||
            text_section_is_contact(reading, line, &entry))
            return true;
    }
    return false;
}

bool letter_is_closing(const struct intake_reading *reading, const char *line)
{
    size_t length = strlen(line);
    return length && count_words(line) <= CLOSING_WORDS && line[length - 1] != '.' &&
           strcmp(text_furniture_begins(reading, line), "closing") == 0;
}

/* "Med venlig hilsen" and a name, at the end and below the contacts. */
static void find_closing(const struct intake_reading *reading, const struct mail_lines *lines,
                         enum letter_line *kinds)
{
    size_t below = 0;
    for (size_t at = lines->count; at-- > 0 && below <= SIGNATURE_LINES;) {
        const char *line = lines->lines[at];
        if (!is_own(lines, kinds, at))
            continue;
        if (letter_is_closing(reading, line)) {
            for (size_t i = at; has_contact_above(reading, lines, kinds, at) && i < lines->count;
                 i++)
                kinds[i] = kinds[i] == LETTER_OWN ? LETTER_SIGNATURE : kinds[i];
            return;
        }
        if (strlen(line) > SIGNATURE_COLUMNS)
            return;
        below++;
    }
}

/* What each line of the text is, which ends in LF but for the last; *count: of them. In arena. */
static enum letter_line *classify(struct intake_reading *reading, const char *text, size_t *count)
{
    const struct mail_lines lines = mail_lines_split(reading->arena, reading->words,
                                                     reading->source->phrases, text);
    enum letter_line *kinds = arena_allocate_array(reading->arena, lines.count, sizeof *kinds);
    find_quotations(reading->arena, &lines, kinds);
    find_greeting(reading, &lines, kinds);
    find_closing(reading, &lines, kinds);
    *count = lines.count;
    return kinds;
}

const bool *letter_own_lines(struct intake_reading *reading, const char *text, size_t *count)
{
    const enum letter_line *kinds = classify(reading, text, count);
    bool *is_own = arena_allocate_array(reading->arena, *count + 1, sizeof *is_own);
    for (size_t i = 0; i < *count; i++)
        is_own[i] = kinds[i] == LETTER_OWN;
    return is_own;
}

/* ---- what is told ---- */

const char *letter_line_of(struct arena *arena, const char *words)
{
    char *line = arena_copy(arena, words + strspn(words, " \t\n\r>-_*"));
    size_t length = 0;
    for (const char *c = line; *c; c++) {
        bool is_space = strchr(" \t\n\r", *c) != NULL;
        if (!is_space || (length && line[length - 1] != ' '))
            line[length++] = (char)(is_space ? ' ' : *c);
    }
    line[length - (length && line[length - 1] == ' ')] = '\0';
    return line;
}

/* Who wrote to whom stands in no note and no log. */
static const char *without_addresses(struct arena *arena, const char *line)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    while (*line) {
        size_t length = strcspn(line, " ");
        if (!memchr(line, '@', length))
            string_builder_append_format(&text, "%s%.*s", text.length ? " " : "", (int)length,
                                         line);
        line += length + (line[length] == ' ');
    }
    const char *result = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return result;
}

/* Tells of words that were left out, in so many lines of that kind, without addresses in them; of
 * OWN nothing. */
static void tell(struct intake_reading *reading, enum letter_line kind, const char *words,
                 size_t lines)
{
    static const enum intake_message_id messages[LETTER_LINE_COUNT] = {
        [LETTER_GREETING] = INTAKE_MESSAGE_MAIL_COVER,
        [LETTER_SIGNATURE] = INTAKE_MESSAGE_MAIL_SIGNATURE,
        [LETTER_DEVICE] = INTAKE_MESSAGE_MAIL_SIGNATURE,
        [LETTER_QUOTED] = INTAKE_MESSAGE_MAIL_QUOTED,
    };

    if (kind == LETTER_OWN || !lines)
        return;
    bool is_polite = kind == LETTER_GREETING || kind == LETTER_DEVICE; /* nobody misses it */
    if (!left_out_count(words, strlen(words)))
        return;
    const char *told = without_addresses(reading->arena, letter_line_of(reading->arena, words));
    left_out_cut(reading, words, told);
    left_out_report(reading, is_polite ? INTAKE_ADVICE : INTAKE_NOTICE, 0, messages[kind], told,
                    lines);
}

const char *letter_own(struct intake_reading *reading, const char *text, const char **left_out)
{
    struct string_builder words[LETTER_LINE_COUNT];
    size_t lines[LETTER_LINE_COUNT] = { 0 };
    struct string_builder others;
    size_t count = 0;
    const enum letter_line *kinds = classify(reading, text, &count);
    string_builder_init(&others, 0);
    for (int kind = 0; kind < LETTER_LINE_COUNT; kind++)
        string_builder_init(&words[kind], 0);
    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(text, "\n");
        string_builder_append_bytes(&words[kinds[i]], text, length);
        string_builder_append(&words[kinds[i]], "\n");
        lines[kinds[i]] += length > 0;
        text += length + (text[length] == '\n');
    }
    for (int kind = LETTER_OWN + 1; kind < LETTER_LINE_COUNT; kind++) {
        tell(reading, (enum letter_line)kind, words[kind].data, lines[kind]);
        string_builder_append(&others, words[kind].data);
    }
    const char *own = arena_copy_bytes(reading->arena, words[LETTER_OWN].data,
                                       words[LETTER_OWN].length);
    *left_out = arena_copy_bytes(reading->arena, others.data, others.length);
    string_builder_release(&others);
    for (int kind = 0; kind < LETTER_LINE_COUNT; kind++)
        string_builder_release(&words[kind]);
    return own;
}

/* ---- subjects ---- */

/* Behind "Re:", "SV[2]:", "VS :"; NULL: the subject begins with none. */
static const char *behind_mark(const struct mail_phrases *phrases, enum phrase_meaning meaning,
                               const char *subject)
{
    const struct phrase *mark = NULL;
    while ((mark = mail_phrases_begin(phrases, meaning, mark, subject)) != NULL) {
        const char *behind = subject + mark->length;
        if (*behind == '[' || *behind == '(')
            behind += strcspn(behind, ")]") + (strpbrk(behind, ")]") != NULL);
        behind += strspn(behind, " ");
        if (*behind == ':')
            return behind + 1;
    }
    return NULL;
}

/* Behind "[presse]", which mailing lists put before; NULL. */
static const char *behind_list(const char *subject)
{
    enum { NAME_MAXIMUM = 40 };

    size_t length = strcspn(subject, "]");
    return *subject == '[' && subject[length] == ']' && length <= NAME_MAXIMUM &&
                   subject[length + 1] == ' '
               ? subject + length + 1
               : NULL;
}

const char *letter_subject(struct intake_reading *reading, const char *subject)
{
    const struct mail_phrases *phrases = reading->source->phrases;
    const char *at = subject + strspn(subject, " ");
    for (;;) {
        const char *behind = behind_mark(phrases, QUOTATION_MARK, at);
        behind = behind ? behind : behind_mark(phrases, QUOTATION_FORWARD, at);
        behind = behind ? behind : behind_list(at);
        if (!behind || !behind[strspn(behind, " ")])
            break;
        at = behind + strspn(behind, " ");
    }
    left_out_cut(reading, subject, at);
    return at;
}
