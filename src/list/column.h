/* SPDX-License-Identifier: MIT */
#ifndef LIST_COLUMN_H
#define LIST_COLUMN_H

#include "list/reader.h"

/* Inside list/ only: columns and what they are, by the names in the header line. */

/* Reads the header line. A name that is near to a column of ours, or is one in other programs,
 * refuses the file with advice; all other columns are left out, and named in one note. */
bool columns_read(struct list_reader *reader, struct error *error);

/* The next record into reader->raw; "" where there is no such column. */
enum list_result record_read(struct list_reader *reader, struct error *error);

/* False where quotes of the record hold other records; column: of the addresses. */
bool record_is_alone(const struct csv_reader *csv, int column, struct error *error);

#endif
