/* SPDX-License-Identifier: MIT */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

/* Inside cli/ only: printf() to standard output for all that people read: what files, relays and
 * readers have written into it can move no cursor, ring no bell and turn no line around
 * (base/printable.h). */
void terminal_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
