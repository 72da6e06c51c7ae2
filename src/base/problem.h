/* SPDX-License-Identifier: MIT */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

#include <stddef.h>

struct arena;

/* Something wrong with a file that a person wrote. Readers collect all of them instead of stopping
 * at the first, so that the person mends the file once. */
struct problem {
    const char *file;    /* as shown to the person; NULL where the list had none */
    int line;            /* counted from 1; 0: the file as a whole */
    const char *message; /* "what is wrong; what to do", one line */
    struct problem *next;
};

/* At most so many are kept; further ones are only counted. */
enum { PROBLEM_MAXIMUM = 100 };

struct problem_list {
    struct arena *arena; /* what messages live in; readers may put values there too */
    const char *file;    /* stamped on each problem added from now on; borrowed */
    struct problem *first;
    struct problem *last;
    size_t count; /* those that were not kept included */
};

/* An empty list over arena. file may be NULL. */
void problem_list_init(struct problem_list *list, struct arena *arena, const char *file);

/* Control characters in the message are replaced, so that it stays one line. */
void problem_add(struct problem_list *list, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts the problems of each file in the order of their lines; files stay in the order in which they
 * came. */
void problem_list_sort(struct problem_list *list);

#endif
