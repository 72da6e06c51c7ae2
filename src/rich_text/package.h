/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_PACKAGE_H
#define RICH_TEXT_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "rich_text/rich_text.h"

/* Inside rich_text/ only: the parts of a zip file from a stranger (Open Packaging Conventions,
 * ECMA-376 part 2; OpenDocument part 2), within bounds. Sizes that the file says of itself are
 * never believed: what comes out is counted. */

enum {
    PACKAGE_ENTRIES_MAXIMUM = 4000,
    PACKAGE_PART_MAXIMUM = 24 * 1024 * 1024, /* bytes of one part, inflated */
    PACKAGE_ALL_MAXIMUM = 64 * 1024 * 1024,  /* of all that were read */
    PACKAGE_RATIO_MAXIMUM = 200              /* of a part over 1 MB: inflated to deflated */
};

struct package;

/* Opens the bytes, which must stay. NULL with *fault and *detail (a word for messages): no zip
 * file, a damaged or encrypted one, too many entries, names that lead out of it ("../", "/abs",
 * "a\b"), one name twice (case folded), entries that overlap. Closed by package_close(). */
struct package *package_open(struct arena *arena, const char *bytes, size_t length,
                             enum rich_text_fault *fault, const char **detail);

/* Takes NULL. */
void package_close(struct package *package);

/* The names of its entries, in their order; NULL past the last. */
const char *package_name(const struct package *package, size_t index);

/* A part by its name, ASCII letters of either case, with or without a "/" before it: its bytes with
 * a NUL behind them, in the arena. NULL: there is none, or it passes a bound or is damaged; then
 * the package has that fault, and gives no more parts. */
const char *package_part(struct package *package, const char *name, size_t *length);

enum rich_text_fault package_fault(const struct package *package, const char **detail);

#endif
