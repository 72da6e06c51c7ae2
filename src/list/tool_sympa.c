/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

#include "base/error.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* "sympa dump" (member.dump, before 6.2.31 subscribers.db.dump): a paragraph a person, lines of a
 * key and its value. "sympa review" and the lists of addresses from the web pages: an address a
 * line, with a name behind it or not; what review says of bounced and suspended people under a
 * heading of its own has stood above already. */

/* From this score on Sympa itself removes who bounces (bounce_level2_rate). */
enum { BOUNCE_SCORE_OUT = 75 };

static bool sympa_begin(struct list_tool_reader *reader, struct error *error)
{
    return list_tool_columns_refuse(reader, error);
}

/* ---- headings of "sympa review" ---- */

/* "3 member(s) in list press@lists.example." */
static bool line_is_heading(const char *line)
{
    return isdigit((unsigned char)*line) && strstr(line, "member(s) in list ");
}

static void heading_take(struct list_tool_reader *reader, const char *line)
{
    const char *name = strstr(line, " in list ") + sizeof " in list " - 1;
    size_t length = strlen(name);
    reader->is_left_out = strstr(line, " bounced ") || strstr(line, " suspended ");
    if (reader->is_left_out && *line != '0')
        list_tool_note(reader, reader->line,
                       "who stands under \"%.80s\" stands above too and comes in; take out who "
                       "should not, or import what \"sympa dump\" writes",
                       line);
    if (length && name[length - 1] == '.')
        length--;
    string_builder_clear(&reader->list);
    string_builder_append_bytes(&reader->list, name, length);
}

/* The list is named with its domain or without. */
static bool name_is_list(const char *name, const char *list)
{
    size_t length = strlen(name);
    return strncasecmp(name, list, length) == 0 && (list[length] == '\0' || list[length] == '@');
}

/* False with ERROR_INPUT where the operator names lists, and not this one. */
static bool feeds_take(struct list_tool_reader *reader, struct error *error)
{
    bool is_first = !reader->is_begun;
    reader->is_begun = true;
    if (reader->list.length == 0) {
        if (is_first && !list_tool_feeds_check(reader, error))
            return false;
        list_tool_feeds_set_all(reader);
        return true;
    }
    for (size_t i = 0; i < reader->settings.list_count; i++) {
        const struct list_map *map = &reader->settings.lists[i];
        if (strcmp(map->name, "*") == 0 || name_is_list(map->name, reader->list.data))
            list_tool_feed_add(reader, map->meaning);
    }
    return reader->settings.list_count == 0 || reader->values[LIST_FEEDS].length > 0 ||
           error_set_at(error, ERROR_INPUT, reader->line,
                        "the list \"%.80s\" is none that --map-list names" ERROR_ADVICE "add "
                        "--map-list \"%.80s=FEED\"",
                        reader->list.data, reader->list.data);
}

/* ---- paragraphs of "sympa dump" ---- */

static bool line_begins_paragraph(const char *line)
{
    size_t key = strspn(line, "abcdefghijklmnopqrstuvwxyz_");
    return key && line[key] == ' ' && !strchr(line, '<');
}

static const char *value_of(const char *line, const char *key)
{
    size_t length = strlen(key);
    return strncmp(line, key, length) == 0 && line[length] == ' ' ? line + length + 1 : NULL;
}

static void paragraph_line_take(struct list_tool_reader *reader, const char *line)
{
    struct list_paragraph *paragraph = &reader->paragraph;
    const char *value;
    if ((value = value_of(line, "email")))
        list_tool_set(reader, LIST_ADDRESS, value);
    else if ((value = value_of(line, "date")))
        (void)snprintf(paragraph->date, sizeof paragraph->date, "%s", value);
    else if ((value = value_of(line, "reception")))
        (void)snprintf(paragraph->reception, sizeof paragraph->reception, "%s", value);
    else if ((value = value_of(line, "bounce_score")))
        paragraph->bounce_score = strtol(value, NULL, 10);
    else if ((value = value_of(line, "suspend")))
        paragraph->is_suspended = strcmp(value, "1") == 0;
}

static bool reception_is_digest(const char *reception)
{
    return strncmp(reception, "digest", 6) == 0 || strcmp(reception, "summary") == 0;
}

/* What the paragraph as a whole says; false with ERROR_INPUT where it cannot go in. */
static bool paragraph_finish(struct list_tool_reader *reader, struct error *error)
{
    const struct list_paragraph *paragraph = &reader->paragraph;
    if (!strchr(list_tool_reader_field(reader, LIST_ADDRESS), '@'))
        return error_set(error, ERROR_INPUT, "no line \"email ADDRESS\" in this paragraph");
    if (paragraph->is_suspended)
        return error_set(error, ERROR_INPUT,
                         "the person has suspended the subscription" ERROR_ADVICE
                         "take them in when they "
                         "resume it");
    list_tool_confirmed_set(reader, paragraph->date);
    list_tool_evidence_add(reader, "subscribed", list_tool_reader_field(reader, LIST_CONFIRMED_AT));
    if (strcmp(paragraph->reception, "nomail") == 0) {
        list_tool_set(reader, LIST_STATE, "unsubscribed");
        list_tool_evidence_add(reader, "reception", paragraph->reception);
    } else if (paragraph->bounce_score >= BOUNCE_SCORE_OUT) {
        list_tool_set(reader, LIST_STATE, "bounced");
        list_tool_evidence_add(reader, "bounce_score", "75 or more");
    }
    if (reception_is_digest(paragraph->reception))
        list_tool_set(reader, LIST_CADENCE, "daily");
    return true;
}

/* Reads on to the paragraph's end; line is its first. */
static enum list_result paragraph_read(struct list_tool_reader *reader, const char *line,
                                       struct error *error)
{
    int64_t first = reader->line;
    enum list_result result = LIST_RECORD;
    reader->paragraph = (struct list_paragraph){ .is_suspended = false };
    while (result == LIST_RECORD && *line) {
        paragraph_line_take(reader, line);
        result = list_tool_line_read(reader, &line, error);
    }
    reader->line = first;
    if (result == LIST_MALFORMED || result == LIST_FAILED)
        return result;
    return paragraph_finish(reader, error) ? LIST_RECORD : LIST_MALFORMED;
}

/* ---- records ---- */

/* Whether a person begins in the line; takes it where it is something else. */
static bool line_is_person(struct list_tool_reader *reader, const char *line)
{
    if (line_is_heading(line)) {
        heading_take(reader, line);
        return false;
    }
    return *line && *line != '-' && !reader->is_left_out;
}

static enum list_result sympa_next(struct list_tool_reader *reader, struct error *error)
{
    const char *line;
    enum list_result result;
    do
        result = list_tool_line_read(reader, &line, error);
    while (result == LIST_RECORD && !line_is_person(reader, line));
    if (result != LIST_RECORD)
        return result;
    if (line_begins_paragraph(line))
        result = paragraph_read(reader, line, error);
    else if (!list_tool_address_take(reader, line, error))
        result = LIST_MALFORMED;
    if (result == LIST_RECORD && !feeds_take(reader, error))
        result = LIST_FAILED;
    return result;
}

const struct list_tool list_tool_sympa = {
    .name = "sympa",
    .title = "Sympa",
    .begin = sympa_begin,
    .next = sympa_next,
};
