/* SPDX-License-Identifier: MIT */
#include "base/error_list.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

void error_list_init(struct error_list *list, struct arena *arena, const char *file)
{
    *list = (struct error_list){ .arena = arena, .file = file };
}

/* NULL where there are enough. */
static struct file_error *append(struct error_list *list)
{
    list->count++;
    if (list->count > ERROR_LIST_MAXIMUM)
        return NULL;
    struct file_error *added = arena_allocate(list->arena, sizeof *added);
    added->file = list->file;
    if (list->last)
        list->last->next = added;
    else
        list->first = added;
    list->last = added;
    return added;
}

void error_list_add(struct error_list *list, int line, const char *format, ...)
{
    va_list arguments;
    struct file_error *added = append(list);
    if (!added)
        return;
    va_start(arguments, format);
    (void)error_set_list(&added->error, ERROR_INPUT, 0, format, arguments);
    va_end(arguments);
    added->error.line = line;
}

void error_list_add_error(struct error_list *list, const struct error *error)
{
    struct file_error *added = append(list);
    if (!added)
        return;
    const char *advice = error_advice(error);
    if (advice)
        (void)error_set(&added->error, ERROR_INPUT, "%.*s" ERROR_ADVICE "%s",
                        (int)error_wrong_length(error), error_wrong(error), advice);
    else
        (void)error_set(&added->error, ERROR_INPUT, "%s", error_wrong(error));
    added->error.line = error->line;
}

/* Whether a, which was added before b, belongs behind it: same file, higher line. */
static bool is_behind(const struct file_error *a, const struct file_error *b)
{
    bool same_file = a->file == b->file || (a->file && b->file && strcmp(a->file, b->file) == 0);
    return same_file && a->error.line > b->error.line;
}

void error_list_sort(struct error_list *list)
{
    struct file_error *rest = list->first;
    list->first = NULL;
    list->last = NULL;
    while (rest) {
        struct file_error *problem = rest;
        struct file_error **link = &list->first;
        rest = problem->next;
        while (*link && !is_behind(*link, problem))
            link = &(*link)->next;
        problem->next = *link;
        *link = problem;
        if (!problem->next)
            list->last = problem;
    }
}
