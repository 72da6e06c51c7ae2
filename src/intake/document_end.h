/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_DOCUMENT_END_H
#define INTAKE_DOCUMENT_END_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Inside intake/ only: whether a document was copied completely. */

/* Whether a document is complete, by a few bounded reads at the places where its format says that
 * it ends; nothing is parsed further. True for formats that do not say it, and where a file says
 * what no half-copied one would. */
bool document_has_end(int descriptor, const char *media_type, int64_t size_bytes);

#endif
