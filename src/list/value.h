/* SPDX-License-Identifier: MIT */
#ifndef LIST_VALUE_H
#define LIST_VALUE_H

#include "list/reader.h"

/* Inside list/ only: from reader->raw to reader->values, our words. False, and ERROR_INPUT, where
 * one cannot be read: the others are set all the same. */
bool values_read(struct list_reader *reader, struct error *error);

#endif
