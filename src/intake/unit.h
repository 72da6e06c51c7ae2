/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_UNIT_H
#define INTAKE_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "intake/embargo.h"
#include "intake/problem.h"
#include "intake/version_name.h"

struct arena;
struct drop_directory;
struct drop_entry;
struct error;
struct intake_mention;
struct intake_settings;
struct intake_source;
struct likeness;
struct picture_memory;
struct refusal;
struct release;
struct text_sketch;
struct zone;

/* What reading a release needs besides its files. */
struct unit_context {
    const struct intake_settings *settings;
    const struct zone *zone;
    const struct drop_directory *look; /* for names beside a single text; NULL: none */
    int directory;                     /* where the entries are */
    int state_directory;               /* where assets are copied to; -1: nowhere */
    int64_t now_at;                    /* 0: not known */
    struct likeness *likeness;         /* of the run */
    struct picture_memory *pictures;   /* of the run */
    const struct refusal *refusals;    /* sorted, as they were before the run */
    size_t refusal_count;
};

/* One entry of the drop directory, read: its text, its fields, its pictures and documents. */
struct intake_unit {
    const struct drop_entry *entry;
    struct release *release; /* NULL: there was nothing to read */
    struct intake_problem_list problems;
    struct intake_source *source; /* its files; NULL: they could not be opened */
    struct embargo_words embargo; /* what the text says of it; judged where it is known which
                                     release this is */
    struct hash content_hash;     /* where nothing is refused */
    struct hash source_hash;      /* of the bytes of its text and fields */
    const char *stamp;
    const struct text_sketch *sketch; /* NULL until unit_sketch() */
    struct version_name version;      /* what its name says of its language */
    size_t text_bytes;
    bool is_told;     /* the same was said of it before */
    bool is_restless; /* something of it was being written: left for the next run */
};

/* The first half of unit_read(): its text is fetched. unit stays where it is. */
void unit_fetch(const struct unit_context *context, const struct drop_entry *entry,
                struct arena *arena, struct intake_unit *unit);

/* Lets the reading of its text begin, where that can be, while something else is done; true: that
 * of the next may begin too. In the order in which they are read. */
bool unit_begin(const struct unit_context *context, struct intake_unit *unit);

/* The second half: the same arena. Fails as unit_read() does. */
bool unit_read_fetched(const struct unit_context *context, struct intake_unit *unit,
                       struct arena *arena, struct error *error);

/* Everything lives in arena. What is wrong with the files is in unit->problems; false and
 * ERROR_SYSTEM when the disk failed, or what settings->reader fails with. */
bool unit_read(const struct unit_context *context, const struct drop_entry *entry,
               struct arena *arena, struct intake_unit *unit, struct error *error);

/* The sketch of its text, made when it is first asked for. */
const struct text_sketch *unit_sketch(struct intake_unit *unit);

/* The part of it that looks at pictures and documents (unit_assets.c): named ones, and in a folder
 * all others. */
bool unit_take_assets(const struct unit_context *context, struct intake_unit *unit,
                      struct intake_mention *mentions, struct arena *arena, struct error *error);

#endif
