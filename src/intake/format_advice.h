/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_FORMAT_ADVICE_H
#define INTAKE_FORMAT_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "intake/file_kind.h"

/* Inside intake/ only: what is said of a file that can be no release, or is called something else
 * than it is. Values of messages live in arena. */

/* Whether a file of that name that is no release may be what somebody meant as one: "x.rtf",
 * "x.pdf". */
bool format_advice_is_due(const char *name);

/* Why a file is no release that has the name and is of that kind, and what to do. */
struct intake_message format_advice(struct arena *arena, const char *name, enum file_kind kind);

/* The same where it is what a folder has instead of a text. */
struct intake_message format_advice_of_folder(struct arena *arena, const char *file,
                                              enum file_kind kind);

/* Whether a file whose name says a format that we read is of another kind than it says; then
 * *message is the advice. */
bool format_advice_of_lie(struct arena *arena, const char *name, const char *bytes, size_t length,
                          struct intake_message *message);

/* As what a text is to be saved. */
struct intake_value format_wanted(struct arena *arena);

#endif
