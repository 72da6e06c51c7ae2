/* SPDX-License-Identifier: MIT */
#ifndef CLI_IMPORT_REPORT_H
#define CLI_IMPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

struct command_context;
struct import_report;
struct json_t;
struct subscriber_import_counts;
struct subscriber_import_line;

/* Inside cli/ only: what an import did, or would do, for people or as JSON: its lines by what
 * became of them and why, with the first few of each. Memory does not grow with the file, but for
 * the refused and changed lines of the JSON form. Lives in the command's arena; file is borrowed.
 */
struct import_report *import_report_new(struct command_context *context, const char *file,
                                        bool is_dry_run);

/* Adds one line's outcome. A refused or changed line is printed at once, except in a dry run. */
void import_report_line(struct import_report *report, const struct subscriber_import_line *line);

/* Prints at once what is no error but should be known: a column that is left out. */
void import_report_note(struct import_report *report, int64_t line, const char *text);

/* Prints the totals. is_done false: the import failed after the lines counted here. An import that
 * would ask too many people writes nothing; then only a dry run prints totals. */
void import_report_print(struct import_report *report,
                         const struct subscriber_import_counts *counts, bool is_done);

#endif
