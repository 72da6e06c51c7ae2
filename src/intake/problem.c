/* SPDX-License-Identifier: MIT */
#include "intake/problem.h"

#include "base/arena.h"
#include "intake/intake.h"

#include <string.h>

void intake_problem_list_init(struct intake_problem_list *list, struct arena *arena,
                              const char *file)
{
    *list = (struct intake_problem_list){ .arena = arena, .file = file };
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
            problem->file == other->file &&
            intake_message_is_same(&problem->message, &other->message))
            return true;
    return false;
}

void intake_problem_add_message(struct intake_problem_list *list, enum intake_severity severity,
                                int line, const struct intake_message *message)
{
    bool is_decisive = severity == INTAKE_REFUSED || severity == INTAKE_NOTICE;
    size_t *kept = is_decisive ? &list->kept_decisive : &list->kept;
    count_severity(list, severity);
    if (*kept >= INTAKE_PROBLEM_MAXIMUM)
        return;
    struct intake_problem *problem = arena_allocate(list->arena, sizeof *problem);
    *problem = (struct intake_problem){ .severity = severity,
                                        .file = list->file,
                                        .line = line,
                                        .message = intake_message_copy(message, list->arena) };
    if (is_repeated(list, problem))
        return;
    insert(list, problem);
    ++*kept;
}

void intake_problem_add_three(struct intake_problem_list *list, enum intake_severity severity,
                              int line, enum intake_message_id id, const char *a, const char *b,
                              const char *c)
{
    const struct intake_message message = {
        id, { intake_value_given(a), intake_value_given(b), intake_value_given(c) }
    };
    intake_problem_add_message(list, severity, line, &message);
}

void intake_problem_add(struct intake_problem_list *list, enum intake_severity severity, int line,
                        enum intake_message_id id, const char *a, const char *b)
{
    intake_problem_add_three(list, severity, line, id, a, b, NULL);
}

struct intake_wording intake_wording_of(const struct intake_settings *settings,
                                        const char *language)
{
    return (struct intake_wording){ .notes = settings->notes,
                                    .words = settings->words,
                                    .language = language };
}

const char *intake_problem_line(struct arena *arena, const struct intake_wording *wording,
                                const char *drop_directory, const struct intake_problem *problem)
{
    const char *text = intake_message_show(&problem->message, wording, arena);
    const char *file = problem->file ? problem->file : "";
    const char *slash = drop_directory[0] ? "/" : "";
    if (problem->line > 0)
        return arena_format(arena, "%s%s%s:%d: %s", drop_directory, slash, file, problem->line,
                            text);
    return arena_format(arena, "%s%s%s: %s", drop_directory, slash, file, text);
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
        copy->message = intake_message_copy(&problem->message, arena);
        *place = copy;
        place = &copy->next;
    }
    *place = NULL;
}
