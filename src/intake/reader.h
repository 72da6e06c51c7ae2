/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_READER_H
#define INTAKE_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "intake/problem.h"

struct arena;
struct release;
struct zone;

/* What every reader gets, and where it puts what it found. The text is UTF-8 in normalization form
 * C with plain line feeds, free of control characters (intake/encoding.h sees to it). */
struct intake_reading {
    struct arena *arena;          /* the release's */
    const char *text;             /* NUL-terminated */
    size_t length;                /* in bytes */
    const struct zone *zone;      /* of times without offset */
    struct release *release;      /* zeroed, with an empty body; readers fill it */
    const struct release *beside; /* fields that the sidecar gave; NULL: no sidecar */
    struct intake_problem_list *problems;
    bool takes_folder; /* the format names no files itself: all of its folder's belong to it */
};

/* One format. Adds problems instead of failing; release then holds what could be read. */
typedef void intake_read(struct intake_reading *reading);

struct intake_format {
    const char *extension; /* without the dot, lower case */
    const char *name;      /* "Markdown" */
    intake_read *read;
    bool is_supported; /* false: known as a text that we cannot read yet; read says so */
};

/* The format of a file by its name; NULL where it is no text of a release. */
const struct intake_format *intake_format_of(const char *name);

/* What the reader of a whole text file gets, before any format is known. */
struct intake_source {
    const char *name; /* file within the drop directory, for messages and the format */
    const char *bytes;
    size_t length;
    const char *sidecar_name; /* NULL: none */
    const char *sidecar_bytes;
    size_t sidecar_length;
    const struct zone *zone;
};

/* Decodes, reads by the format of source->name, works the sidecar in and checks what must hold for
 * every format (CONTRACT section 3): a title in one line, the embargo field where the text begins
 * with EMBARGO or KLAUSULERET, an embargo not before … Everything that is wrong is in problems;
 * with none of INTAKE_REFUSED the release can be used, once its files are looked at
 * (intake/asset.h). The release lives in arena. Reads no other file. */
struct release *intake_read_source(struct arena *arena, const struct intake_source *source,
                                   struct intake_problem_list *problems);

/* The readers (markdown.c, wire_text.c, unread.c). */
intake_read markdown_read;
intake_read wire_text_read;
intake_read unread_format_read;

#endif
