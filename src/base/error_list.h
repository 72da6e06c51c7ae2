/* SPDX-License-Identifier: MIT */
#ifndef BASE_ERROR_LIST_H
#define BASE_ERROR_LIST_H

#include "base/error.h"

#include <stddef.h>

struct arena;

/* What is wrong with files that people wrote. Readers collect all of it instead of stopping at the
 * first, so that the person mends a file once. */
struct file_error {
    const char *file;   /* as shown to the person; NULL where the list had none */
    struct error error; /* ERROR_INPUT, and the line: 0: the file as a whole */
    struct file_error *next;
};

/* At most so many are kept; further ones are only counted. */
enum { ERROR_LIST_MAXIMUM = 100 };

struct error_list {
    struct arena *arena; /* what messages live in; readers may put values there too */
    const char *file;    /* of each error added from now on; borrowed */
    struct file_error *first;
    struct file_error *last;
    size_t count; /* those that were not kept included */
};

/* An empty list over arena. file may be NULL. */
void error_list_init(struct error_list *list, struct arena *arena, const char *file);

/* Control characters in the message are replaced, so that it stays one line. */
void error_list_add(struct error_list *list, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same of what a function reported; its place is the list's file. */
void error_list_add_error(struct error_list *list, const struct error *error);

/* Puts the problems of each file in the order of their lines; files stay in the order in which they
 * came. */
void error_list_sort(struct error_list *list);

#endif
