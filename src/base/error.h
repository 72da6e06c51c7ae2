/* SPDX-License-Identifier: MIT */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The kind decides what the caller does next. */
enum error_kind {
    ERROR_NONE,
    ERROR_USAGE,     /* mend the command line or the configuration */
    ERROR_INPUT,     /* this one item is bad: say so, go on with the others */
    ERROR_TEMPORARY, /* try again later */
    ERROR_PERMANENT, /* refused for good */
    ERROR_SYSTEM     /* disk, database, memory of a library: stop the batch */
};

enum { ERROR_MESSAGE_SIZE = 1024 };

/* Stands between what is wrong and what to do about it, in a format or in an argument of ours, and
 * is shown as "; ":
 * error_set(error, ERROR_USAGE, "%s: no such feed" ERROR_ADVICE "write it into feeds/", name). */
#define ERROR_ADVICE "\x1f"

/* Caller-owned, fixed size, so that reporting needs no memory. Every function that takes one leaves
 * it untouched on success and fills it on failure. The message is one line, "PLACE: what is wrong;
 * what to do", and the other fields say which part of it is what, so that nobody reads it back. */
struct error {
    enum error_kind kind;
    int64_t line; /* of the file that it is about, from 1; 0: of none */
    char message[ERROR_MESSAGE_SIZE];
    uint16_t wrong;  /* where in the message stands what is wrong, behind PLACE and line */
    uint16_t advice; /* where stands what to do; 0: there is no advice */
};

/* What is wrong and what to do, without the place. Lives as long as the error. */
const char *error_wrong(const struct error *error);

/* Length of what error_wrong() returns, up to the advice. */
size_t error_wrong_length(const struct error *error);

/* What to do; NULL: there is no advice. */
const char *error_advice(const struct error *error);

/* Fills *error; control characters in the result are replaced, so that it stays one line. Always
 * returns false, so that a function can end with `return error_set(…)`. */
bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same of a line of a file: its message begins with "line 7: ". */
bool error_set_at(struct error *error, enum error_kind kind, int64_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Either with its arguments as a va_list; line 0: of no line. */
bool error_set_list(struct error *error, enum error_kind kind, int64_t line, const char *format,
                    va_list arguments) __attribute__((format(printf, 4, 0)));

/* The same with ": " and the text of errno_value behind the message. ERROR_SYSTEM unless the caller
 * knows better. */
bool error_set_errno(struct error *error, enum error_kind kind, int errno_value, const char *format,
                     ...) __attribute__((format(printf, 4, 5)));

/* Puts "PREFIX: " before a message that is already set: what only the caller knows. Always returns
 * false. */
bool error_prefix(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* For who has nobody to hand an error to and cannot go on: a line on standard error, and the end of
 * the process with exit code 2 (the configuration cannot be used), or what error_set_end() asked
 * for. What is half done is left to the next run, as after a kill. */
void error_end_program(const struct error *error) __attribute__((noreturn));
void error_set_end(int exit_code);

#endif
