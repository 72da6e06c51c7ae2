/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_LOOSENING_GUARD_H
#define INTAKE_LOOSENING_GUARD_H

struct source_bundle;
struct release_row;
struct source_bundle_context;

/* Inside intake/ only: edits that would make a release public too early are refused. */

/* Refuses the whole file where it would loosen what protects a known release: an edit of a public
 * release that asks to wait (embargo, a later publication, draft) would show at once, and a
 * release that loses its NAME.yaml before it is public may have lost its embargo. original: of a
 * version, else NULL. Adds the problems. */
void loosening_guard_check(const struct source_bundle_context *context,
                           struct source_bundle *bundle, const struct release_row *row,
                           const struct release_row *original);

#endif
