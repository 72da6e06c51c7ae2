/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

/* mlmmj-list, and the files in subscribers.d: an address a line, and nothing else. */
const struct list_tool list_tool_mlmmj = {
    .name = "mlmmj",
    .title = "mlmmj",
    .begin = list_tool_lines_begin,
    .next = list_tool_lines_next,
};
