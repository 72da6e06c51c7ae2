/* SPDX-License-Identifier: MIT */
#include "intake/problem.h"

#include "base/arena.h"
#include "base/printable.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/language_words.h"
#include "locale/locale.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* How much of a value is shown: of what a file says, and of what other modules report. */
enum { VALUE_MAXIMUM = 200, DETAIL_MAXIMUM = 500 };

void intake_problem_list_init(struct intake_problem_list *list, struct arena *arena,
                              const char *language, const char *file)
{
    *list = (struct intake_problem_list){ .arena = arena, .language = language, .file = file };
}

/* A value that may stand in a line: without terminal escapes, cut between characters. */
static const char *shown(struct arena *arena, const char *value, size_t maximum)
{
    struct string_builder text;
    size_t length = utf8_first(value, strlen(value), maximum);
    string_builder_init(&text, 0);
    printable_append(&text, value, length, false);
    if (value[length])
        string_builder_append(&text, "…");
    const char *result = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return result;
}

static void count_severity(struct intake_problem_list *list, enum intake_severity severity)
{
    if (severity == INTAKE_REFUSED)
        list->refused++;
    else if (severity == INTAKE_WARNING)
        list->warnings++;
    else if (severity == INTAKE_NOTICE)
        list->notices++;
    else
        list->advice++;
}

/* Inserts in the order of lines; problems of the whole file come last. */
static void insert(struct intake_problem_list *list, struct intake_problem *problem)
{
    struct intake_problem **place = &list->first;
    while (*place && (problem->line == 0 || (*place)->file != problem->file ||
                      ((*place)->line != 0 && (*place)->line <= problem->line)))
        place = &(*place)->next;
    problem->next = *place;
    *place = problem;
}

/* Whether the same was reported of that line already; a text can cause it a hundred times. */
static bool is_repeated(const struct intake_problem_list *list, const struct intake_problem *other)
{
    for (const struct intake_problem *problem = list->first; problem; problem = problem->next)
        if (problem->line == other->line && problem->severity == other->severity &&
            problem->file == other->file && strcmp(problem->message, other->message) == 0)
            return true;
    return false;
}

/* Returns NULL where the list is full, or has the same already. */
static struct intake_problem *append(struct intake_problem_list *list,
                                     enum intake_severity severity, int line, const char *message,
                                     const char *note)
{
    bool is_decisive = severity == INTAKE_REFUSED || severity == INTAKE_NOTICE;
    size_t *kept = is_decisive ? &list->kept_decisive : &list->kept;
    const struct intake_problem added = {
        .severity = severity, .file = list->file, .line = line, .message = message, .note = note
    };
    count_severity(list, severity);
    if (*kept >= INTAKE_PROBLEM_MAXIMUM || is_repeated(list, &added))
        return NULL;
    struct intake_problem *problem = arena_allocate(list->arena, sizeof *problem);
    *problem = added;
    insert(list, problem);
    ++*kept;
    return problem;
}

static const char *pattern_text(struct intake_problem_list *list, enum intake_message_id id,
                                bool danish, const char *a, const char *b, const char *c)
{
    return strings_format(list->arena, intake_message_pattern(id, danish), "a", a, "b", b, "c", c,
                          NULL);
}

/* A value as it stands in the message of one language. */
static const char *value_in(struct intake_problem_list *list, const char *value, size_t maximum,
                            bool danish)
{
    const char *parting = value ? strstr(value, INTAKE_VALUE_DANISH) : NULL;
    if (!value)
        return "";
    if (!parting)
        return shown(list->arena, value, maximum);
    if (danish)
        return shown(list->arena, parting + strlen(INTAKE_VALUE_DANISH), maximum);
    return shown(list->arena, arena_copy_bytes(list->arena, value, (size_t)(parting - value)),
                 maximum);
}

static const char *message_in(struct intake_problem_list *list, enum intake_message_id id,
                              bool danish, const char *const values[3])
{
    return pattern_text(list, id, danish, value_in(list, values[0], VALUE_MAXIMUM, danish),
                        value_in(list, values[1], DETAIL_MAXIMUM, danish),
                        value_in(list, values[2], DETAIL_MAXIMUM, danish));
}

/* Keeps one character more than is shown, so that the other process cuts it at the same place. */
static const char *kept_part(struct arena *arena, const char *value, size_t length, size_t maximum)
{
    return arena_copy_bytes(arena, value, utf8_first(value, length, maximum + 1));
}

static const char *kept_value(struct arena *arena, const char *value, size_t maximum)
{
    const char *parting = value ? strstr(value, INTAKE_VALUE_DANISH) : NULL;
    if (!value)
        return NULL;
    if (!parting)
        return kept_part(arena, value, strlen(value), maximum);
    const char *danish = parting + strlen(INTAKE_VALUE_DANISH);
    return arena_format(arena, "%s" INTAKE_VALUE_DANISH "%s",
                        kept_part(arena, value, (size_t)(parting - value), maximum),
                        kept_part(arena, danish, strlen(danish), maximum));
}

void intake_problem_add_three(struct intake_problem_list *list, enum intake_severity severity,
                              int line, enum intake_message_id id, const char *a, const char *b,
                              const char *c)
{
    const char *const values[] = { a, b, c };
    const char *message = message_in(list, id, false, values);
    bool danish = intake_message_is_danish(list->language);
    struct intake_problem *problem = append(list, severity, line, message,
                                            danish ? message_in(list, id, true, values) : message);
    if (!problem || !list->keeps_parts)
        return;
    struct intake_message_parts *parts = arena_allocate(list->arena, sizeof *parts);
    parts->id = id;
    for (int i = 0; i < 3; i++)
        parts->values[i] = kept_value(list->arena, values[i], i ? DETAIL_MAXIMUM : VALUE_MAXIMUM);
    problem->parts = parts;
}

void intake_problem_add(struct intake_problem_list *list, enum intake_severity severity, int line,
                        enum intake_message_id id, const char *a, const char *b)
{
    intake_problem_add_three(list, severity, line, id, a, b, NULL);
}

const char *intake_value_weekday(struct arena *arena, const struct language_words *words,
                                 int weekday)
{
    static const char *const names[] = { "monday", "tuesday",  "wednesday", "thursday",
                                         "friday", "saturday", "sunday" };
    const char *name = names[weekday - 1];
    const char *english = language_words_show(words, WORD_GROUP_WEEKDAY, "en", name);
    const char *danish = language_words_show(words, WORD_GROUP_WEEKDAY, "da", name);
    return arena_format(arena, "%s" INTAKE_VALUE_DANISH "%s", english ? english : name,
                        danish ? danish : name);
}

void intake_problem_add_within(struct intake_problem_list *list, enum intake_severity severity,
                               int line, enum intake_message_id frame, enum intake_message_id id,
                               const char *a, const char *b, const char *c)
{
    const char *const values[] = { a, b, c };
    bool danish = intake_message_is_danish(list->language);
    const char *inner = message_in(list, id, false, values);
    const char *message = pattern_text(list, frame, false, inner, "", "");
    const char *note = message;
    if (danish)
        note = pattern_text(list, frame, true, message_in(list, id, true, values), "", "");
    append(list, severity, line, message, note);
}

const char *intake_problem_line(struct arena *arena, const char *drop_directory,
                                const struct intake_problem *problem)
{
    const char *file = problem->file ? problem->file : "";
    const char *slash = drop_directory[0] ? "/" : "";
    if (problem->line > 0)
        return arena_format(arena, "%s%s%s:%d: %s", drop_directory, slash, file, problem->line,
                            problem->message);
    return arena_format(arena, "%s%s%s: %s", drop_directory, slash, file, problem->message);
}

void intake_problem_list_copy(struct intake_problem_list *to,
                              const struct intake_problem_list *from, struct arena *arena)
{
    struct intake_problem **place = &to->first;
    *to = *from;
    to->arena = arena;
    to->file = from->file ? arena_copy(arena, from->file) : NULL;
    for (const struct intake_problem *problem = from->first; problem; problem = problem->next) {
        struct intake_problem *copy = arena_allocate(arena, sizeof *copy);
        *copy = *problem;
        copy->file = arena_copy(arena, problem->file);
        copy->message = arena_copy(arena, problem->message);
        copy->note = arena_copy(arena, problem->note);
        copy->parts = NULL;
        *place = copy;
        place = &copy->next;
    }
    *place = NULL;
}
