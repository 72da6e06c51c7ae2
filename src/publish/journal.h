/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_JOURNAL_H
#define PUBLISH_JOURNAL_H

#include <stdbool.h>

struct database;
struct error;
struct string_builder;

/* Inside publish/ only: what a flush is about to touch in public/, written down before it does:
 * one row that is there only while files are being renamed. */

/* Adds a file to what is to be written down. */
void journal_append(struct string_builder *lines, const char *owner, const char *path,
                    bool has_gzip);

/* In the caller's transaction. */
bool journal_store(struct database *database, const struct string_builder *lines,
                   struct error *error);

/* Inside the transaction that says what stands now. */
bool journal_clear(struct database *database, struct error *error);

/* After a killed run: the manifest no longer says what those files hold, and their owners are to be
 * written again. */
bool journal_recover(struct database *database, struct error *error);

#endif
