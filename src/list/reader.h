/* SPDX-License-Identifier: MIT */
#ifndef LIST_READER_H
#define LIST_READER_H

#include "base/arena.h"
#include "base/string_builder.h"
#include "list/csv.h"
#include "list/list.h"

/* Inside list/ only. A record is read in two steps: what the file says in its own words (raw:
 * column.h, or tool.h), and what that means in ours (value.h). */

/* A value as the file has it, and what it means here: mostly that of the record before. */
struct list_value {
    struct string_builder raw;
    struct string_builder meaning;
    bool is_known;
};

/* A day of the settings' zone. */
struct list_day {
    int64_t number;  /* civil_to_days() */
    char offset[10]; /* "+02:00" */
    bool is_known;
    bool is_regular; /* no clock is changed on it, the day before, or the day after */
};

enum { LIST_DAYS_KEPT = 4096 };

struct list_reader {
    struct list_settings settings;
    struct list_tool_reader *tool; /* reads what another program wrote; NULL: none is said */
    struct arena record;           /* of the present record, for whoever needs more than the file */
    struct csv_reader csv;
    int64_t header_line;
    size_t column_count; /* of the header line, up to its last name */
    bool is_unnamed[CSV_FIELDS_MAXIMUM];
    int position[LIST_KEY_COUNT];       /* of the key's column; -1: there is none */
    const char *raw[LIST_KEY_COUNT];    /* never NULL */
    const char *values[LIST_KEY_COUNT]; /* what list_reader_field() tells */
    struct list_value known[LIST_KEY_COUNT];
    struct list_day days[LIST_DAYS_KEPT];
    struct zone *universal; /* of times without an offset where settings name no zone; or NULL */
};

#endif
