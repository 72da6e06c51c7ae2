/* SPDX-License-Identifier: MIT */
#ifndef LIST_TOOL_H
#define LIST_TOOL_H

#include "list/list.h"

/* Inside list/ only: what other programs export, read as they write it. A program is a file
 * tool_NAME.c and a row in the table of tool_reader.c. */
struct list_tool_reader;

/* For settings->tool, which is not NULL: list_reader_new() of such a file. ERROR_USAGE where no
 * program of that name is known. The caller frees. */
struct list_tool_reader *list_tool_reader_new(FILE *stream, const struct list_settings *settings,
                                              struct error *error);
void list_tool_reader_free(struct list_tool_reader *reader);

/* As the functions of list_reader. */
enum list_result list_tool_reader_next(struct list_tool_reader *reader, struct error *error);
const char *list_tool_reader_field(const struct list_tool_reader *reader, enum list_key key);
int64_t list_tool_reader_line(const struct list_tool_reader *reader);

#endif
