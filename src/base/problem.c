/* SPDX-License-Identifier: MIT */
#include "base/problem.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

void problem_list_init(struct problem_list *list, struct arena *arena, const char *file)
{
    *list = (struct problem_list){ .arena = arena, .file = file };
}

void problem_add(struct problem_list *list, int line, const char *format, ...)
{
    va_list arguments;
    list->count++;
    if (list->count > PROBLEM_MAXIMUM)
        return;
    va_start(arguments, format);
    char *message = arena_format_list(list->arena, format, arguments);
    va_end(arguments);
    for (char *c = message; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    struct problem *problem = arena_allocate(list->arena, sizeof *problem);
    *problem = (struct problem){ .file = list->file, .line = line, .message = message };
    if (list->last)
        list->last->next = problem;
    else
        list->first = problem;
    list->last = problem;
}

/* Whether a stands behind b though it came before it: same file, higher line. */
static bool is_behind(const struct problem *a, const struct problem *b)
{
    bool same_file = a->file == b->file || (a->file && b->file && strcmp(a->file, b->file) == 0);
    return same_file && a->line > b->line;
}

void problem_list_sort(struct problem_list *list)
{
    struct problem *rest = list->first;
    list->first = NULL;
    list->last = NULL;
    while (rest) {
        struct problem *problem = rest;
        struct problem **link = &list->first;
        rest = problem->next;
        while (*link && !is_behind(*link, problem))
            link = &(*link)->next;
        problem->next = *link;
        *link = problem;
        if (!problem->next)
            list->last = problem;
    }
}
