/* SPDX-License-Identifier: MIT */
#ifndef MIME_PARSER_MIME_REPORT_H
#define MIME_PARSER_MIME_REPORT_H

#include <stdbool.h>

struct arena;
struct mime_message;
struct mime_part;

/* Inside mime_parser/ only. Fills statuses, report, feedback and original of message with the parts
 * of a report, wherever they stand: some servers wrap reports in a mixed message. */
void mime_report_read(struct arena *arena, struct mime_message *message,
                      const struct mime_part *part, bool is_root);

/* The same of a report that is passed on whole within a message, where message has none itself. */
void mime_report_read_wrapped(struct arena *arena, struct mime_message *message,
                              const struct mime_part *root);

#endif
