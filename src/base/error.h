/* SPDX-License-Identifier: MIT */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

/* What the caller does next is what the kind says. */
enum error_kind {
    ERROR_NONE,
    ERROR_USAGE,     /* mend the command line or the configuration */
    ERROR_INPUT,     /* this one item is bad: say so, go on with the others */
    ERROR_TEMPORARY, /* try again later */
    ERROR_PERMANENT, /* refused for good */
    ERROR_SYSTEM     /* disk, database, memory of a library: stop the batch */
};

enum { ERROR_MESSAGE_SIZE = 1024 };

/* Caller-owned, fixed size, so that reporting needs no memory. Every function that takes one leaves
 * it untouched on success and fills it on failure. The message is one line, "PLACE: what is wrong;
 * what to do". */
struct error {
    enum error_kind kind;
    char message[ERROR_MESSAGE_SIZE];
};

/* Fills *error; control characters in the result are replaced, so that it stays one line. Always
 * returns false, so that a function can end with `return error_set(…)`. */
bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with ": " and the text of errno_value behind the message. ERROR_SYSTEM unless the caller
 * knows better. */
bool error_set_errno(struct error *error, enum error_kind kind, int errno_value, const char *format,
                     ...) __attribute__((format(printf, 4, 5)));

/* Puts "PREFIX: " before a message that is already set: what only the caller knows. Always returns
 * false. */
bool error_prefix(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
