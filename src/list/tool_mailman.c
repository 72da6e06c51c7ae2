/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

/* Mailman 2: list_members, with or without --fullnames. Mailman 3: "mailman members", and the CSV
 * that its web pages give, which has one column and no header line. None tells when somebody
 * joined, or how. */
const struct list_tool list_tool_mailman = {
    .name = "mailman",
    .title = "Mailman",
    .begin = list_tool_lines_begin,
    .next = list_tool_lines_next,
};
