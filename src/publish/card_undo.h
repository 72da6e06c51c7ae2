/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_CARD_UNDO_H
#define PUBLISH_CARD_UNDO_H

#include <stdbool.h>
#include <stdint.h>

struct card;
struct database;
struct error;
struct list_output;

/* Inside publish/ only: what lists showed of releases before their new cards were stored. Lists are
 * written from cards that are ahead of the releases' rows; until the rows have followed, a run that
 * was killed is undone from here (docs/decisions/0014-lists-are-written-ahead.md). */

/* Notes the card that stands: old, or NULL where there is none. Inside the transaction that stores
 * the new one. */
bool card_undo_note(struct database *database, int64_t row_id, const struct card *old,
                    struct error *error);

/* Inside the transaction that stores the rows: the new cards are to stay. */
bool card_undo_clear(struct database *database, struct error *error);

/* After a killed run: cards and entries become what they were, and all lists that they stood or
 * stand in are marked, as files of these may be in place. */
bool card_undo_recover(struct database *database, const struct list_output *const *outputs,
                       struct error *error);

#endif
