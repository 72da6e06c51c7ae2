/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_OUTPUT_H
#define PUBLISH_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct database;
struct error;
struct hash;

/* Inside publish/ only: the folder public/. Every file belongs to an owner: a release
 * ("release:17"), a list ("topic:da:sundhed"), the style sheet. The files of one owner are handed
 * in together and compared with the manifest by hash; only what is new is written, to
 * temporaries. A flush then makes the temporaries durable, writes down in the database what it is
 * about to touch (the journal), renames in order, and stores what now stands there in the same
 * transaction as its caller's rows. */
struct output;

/* In the order in which a flush puts them in place: nothing links to what is not there yet. What
 * goes away goes first. */
enum output_rank { OUTPUT_ASSET, OUTPUT_PAGE, OUTPUT_LIST, OUTPUT_FEED, OUTPUT_RANK_COUNT };

enum { OUTPUT_PATH_MAXIMUM = 1024 };

/* Opens both folders (public/ is made) and takes away what a killed run left: its temporaries, and
 * what its journal names counts as unknown from then on, the owners of that as dirty. NULL on
 * failure. The caller closes. */
struct output *output_open(struct database *database, const char *public_path,
                           const char *state_path, struct error *error);

/* Drops what was not flushed. Takes NULL. */
void output_close(struct output *output);

/* Begins the files of an owner. Those of the manifest that are not put or kept before output_end()
 * go away with the flush. */
bool output_begin(struct output *output, const char *owner, struct error *error);

/* The same for an owner whose files stand in a folder of its own (path relative to public/, ends in
 * '/'): where nothing stands there yet, all of them appear at once. */
bool output_begin_folder(struct output *output, const char *owner, const char *folder,
                         struct error *error);

/* A text file and its .gz; path relative to public/. Bytes are borrowed for the call. */
bool output_put_text(struct output *output, const char *path, enum output_rank rank,
                     const void *bytes, size_t length, struct error *error);

/* A file that is not compressed. hash names what it was made from; where the manifest has the same
 * hash under this path, nothing is done: ask output_has() before making something dear. */
bool output_put_binary(struct output *output, const char *path, const struct hash *hash,
                       const void *bytes, size_t length, struct error *error);

/* The same, copied from an open file. */
bool output_put_copy(struct output *output, const char *path, const struct hash *hash,
                     int descriptor, struct error *error);

/* Whether the present owner has the file, made from what hash says; then it is kept as it is. */
bool output_has(struct output *output, const char *path, const struct hash *hash);

/* Keeps the files PREFIX n SUFFIX of the present owner for n from 1 to count: pages of a list that
 * cannot have changed. Stops before one that is not there, or whose bytes are not known. Returns
 * how many are kept. */
int64_t output_keep_numbered(struct output *output, const char *prefix, const char *suffix,
                             int64_t count);

/* Keeps all files of the present owner that were not put. */
void output_keep_rest(struct output *output);

/* Ends the owner's files. */
void output_end(struct output *output);

/* Forgets what was put since output_begin(): nothing of the owner changes. */
void output_cancel(struct output *output);

/* Rows to be written in the transaction that says what stands in public/: it may be undone and
 * called again (struct transaction). */
typedef bool output_commit(void *payload, struct error *error);

/* Whether what was handed in may still be put in place, asked in the transaction before the first
 * rename: from its commit on others find it noted. False with an error: nothing is changed. It may
 * be called again, as output_commit. */
typedef bool output_check(void *payload, struct error *error);

/* Puts everything handed in since the last flush in place. commit may be NULL. On failure the
 * database says what may have been touched, and nothing is half a file. With nothing to do and
 * without commit: no transaction. */
bool output_flush(struct output *output, output_commit *commit, void *payload, struct error *error)
    __attribute__((warn_unused_result));

/* The same, where check, which is given payload too, allows it. */
bool output_flush_checked(struct output *output, output_check *check, output_commit *commit,
                          void *payload, struct error *error) __attribute__((warn_unused_result));

/* Whether public/ holds the file at all. */
bool output_exists(const struct output *output, const char *path);

/* How long the file of public/ is; 0 where it is not there. */
int64_t output_size(const struct output *output, const char *path);

/* Makes every hash of the manifest unknown, for a public/ that somebody emptied. */
bool output_forget(struct output *output, struct error *error);

/* Since output_open(). */
int64_t output_files_written(const struct output *output);
int64_t output_files_removed(const struct output *output);

#endif
