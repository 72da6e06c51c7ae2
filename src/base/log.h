/* SPDX-License-Identifier: MIT */
#ifndef BASE_LOG_H
#define BASE_LOG_H

/* Lines on standard error, "pressroom: PLACE: what; what to do". Only stages, the endpoint's
 * request handler and cli/ log; everything below returns its error. Nothing logged here may let a
 * reader of logs act for a person: no token, no password, and no whole address below LOG_DEBUG. */
enum log_level { LOG_ERROR, LOG_WARNING, LOG_NOTICE, LOG_DEBUG };

/* Lines above this level are dropped. LOG_NOTICE at the start. */
void log_set_level(enum log_level level);
enum log_level log_level(void);

void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* How many lines of LOG_ERROR were logged: what exit code 1 rests on. */
unsigned log_error_count(void);

#endif
