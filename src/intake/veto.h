/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_VETO_H
#define INTAKE_VETO_H

struct intake_unit;
struct release_row;
struct unit_context;

/* What the state of a known release forbids its file, so that the whole file is refused: an edit of
 * what is public that asks to wait (embargo, a later publication, draft) would show at once, and
 * what loses its NAME.yaml before it is public may have lost its embargo. original: of a version,
 * else NULL. Adds the problems. */
void veto_check(const struct unit_context *context, struct intake_unit *unit,
                const struct release_row *row, const struct release_row *original);

#endif
