/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_SOURCE_BUNDLE_H
#define INTAKE_SOURCE_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "intake/drop_container.h"
#include "intake/embargo.h"
#include "intake/problem.h"
#include "intake/version_name.h"

struct arena;
struct drop_directory;
struct drop_entry;
struct error;
struct intake_settings;
struct intake_source;
struct intake_text;
struct similarity_index;
struct picture_cache;
struct refusal;
struct release;
struct text_sketch;
struct zone;

/* Inside intake/ only: a source bundle, which is all files of one entry, read together. */

/* What reading a release needs besides its files. */
struct source_bundle_context {
    const struct intake_settings *settings;
    const struct zone *zone;
    const struct drop_directory *scan;   /* for names beside a single text; NULL: none */
    int directory;                       /* where the entries are */
    int state_directory;                 /* where assets are copied to; -1: nowhere */
    int64_t now_at;                      /* 0: not known */
    struct similarity_index *similarity; /* of the run */
    struct picture_cache *pictures;      /* of the run */
    const struct refusal *refusals;      /* sorted, as they were before the run */
    size_t refusal_count;
};

/* A PDF of a release, which lies in a file of its own. */
struct bundle_pdf {
    const char *file; /* as the release names it */
    const char *path; /* below context.directory */
    struct bundle_pdf *next;
};

/* One entry of the drop directory, read: its text, its sidecar, its pictures and documents. */
struct source_bundle {
    const struct drop_entry *entry;
    struct release *release; /* NULL: there was nothing to read */
    struct intake_problem_list problems;
    struct intake_source *source;    /* text and sidecar; NULL: they could not be opened */
    struct embargo_words embargo;    /* what the text says of its embargo; judged once it is known
                                        which release this is */
    const struct intake_part *parts; /* of its assets, those that came within the text itself */
    struct bundle_pdf *pdfs;         /* in the order in which they were taken, the last first */
    struct hash content_hash;        /* where nothing is refused */
    struct hash source_hash;         /* of the bytes of its text and fields */
    const char *stat_fingerprint;
    const struct text_sketch *sketch; /* NULL until source_bundle_sketch() */
    struct version_name version;      /* what its name says of its language */
    struct drop_place place;          /* where it lies */
    size_t text_bytes;
    bool is_reported; /* the same was reported of it before */
    bool is_unstable; /* one of its files was being written: left for the next run */
};

/* The first half of source_bundle_read(): fetches its text. bundle must not be moved afterwards.
 * */
void source_bundle_fetch(const struct source_bundle_context *context,
                         const struct drop_entry *entry, struct arena *arena,
                         struct source_bundle *bundle);

/* Begins to read its text while the caller does something else; true: the next bundle may begin
 * too. In the order in which they are read. */
bool source_bundle_begin(const struct source_bundle_context *context, struct source_bundle *bundle);

/* The second half: the same arena. Fails as source_bundle_read() does. */
bool source_bundle_read_fetched(const struct source_bundle_context *context,
                                struct source_bundle *bundle, struct arena *arena,
                                struct error *error);

/* Reads a bundle; everything lives in arena. What is wrong with the files is in bundle->problems;
 * false and ERROR_SYSTEM when the disk failed, or what settings->reader fails with. */
bool source_bundle_read(const struct source_bundle_context *context, const struct drop_entry *entry,
                        struct arena *arena, struct source_bundle *bundle, struct error *error);

/* The sketch of its text, made when it is first asked for. */
const struct text_sketch *source_bundle_sketch(struct source_bundle *bundle);

/* Imports its pictures and documents (source_bundle_assets.c): those that the text names or holds
 * itself and, in a folder, all others. */
bool source_bundle_take_assets(const struct source_bundle_context *context,
                               struct source_bundle *bundle, const struct intake_text *text,
                               struct arena *arena, struct error *error);

#endif
