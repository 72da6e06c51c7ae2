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

/* What an import did, or would do, for people or as JSON: its lines by what became of them and why,
 * with the first few of each. Memory does not grow with the file, but for the refused and changed
 * lines of the JSON form. Lives in the command's arena; file is borrowed. */
struct import_report *import_report_new(struct command_context *context, const char *file,
                                        bool is_dry_run);

/* What became of one line. What is refused or changed is said at once, unless all is a dry run. */
void import_report_line(struct import_report *report, const struct subscriber_import_line *line);

/* What is no error, and yet to be known: a column that is left out. Said at once. */
void import_report_note(struct import_report *report, int64_t line, const char *text);

/* The end of it, to standard output. is_done false: the import failed behind what is counted. Where
 * too many would be asked nothing was written, and it is a dry run alone that says anything. */
void import_report_print(struct import_report *report,
                         const struct subscriber_import_counts *counts, bool is_done);

#endif
