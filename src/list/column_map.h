/* SPDX-License-Identifier: MIT */
#ifndef LIST_COLUMN_MAP_H
#define LIST_COLUMN_MAP_H

#include "base/string_builder.h"
#include "list/csv.h"
#include "list/list.h"

/* Inside list/ only: names of columns, and what whoever brings the file says that they are. */

/* What --map says of a column that holds nothing for us. */
#define COLUMN_MEANING_NONE "none"

enum { COLUMN_LEFT_OUT = -1, COLUMN_NAMES_SHOWN = 24 };

/* Whether nothing but case and what joins words tells the names apart. */
bool column_name_is(const char *name, const char *other);

/* The key that is called so; COLUMN_LEFT_OUT where none is. */
int column_key(const char *name);

/* Appends the name in quotes, behind count others: at most as many as a person reads. */
void column_name_append(struct string_builder *text, size_t count, const char *name);

/* Whether what is said of columns can be meant; else ERROR_USAGE. */
bool column_maps_check(const struct list_settings *settings, struct error *error);

/* Whether the columns of which something is said stand in the header line, the present record; else
 * ERROR_INPUT. */
bool column_maps_fit(const struct list_settings *settings, const struct csv_reader *csv,
                     struct error *error);

/* What is said of the column: a key, or COLUMN_LEFT_OUT. False where nothing is. */
bool column_map_find(const struct list_settings *settings, const char *name, int *key);

#endif
