/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_READER_H
#define INTAKE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intake/intake.h"

struct arena;
struct embargo_phrase;
struct embargo_words;
struct language_words;
struct locale_context;
struct release;
struct zone;

/* Inside intake/ only: what reads one text file: the formats (format.c), what each gets and where
 * it puts what it found. */

/* Fields of a release, or-ed together: which ones a file has given already. */
enum intake_field {
    INTAKE_FIELD_ID = 1 << 0,
    INTAKE_FIELD_TITLE = 1 << 1,
    INTAKE_FIELD_LANGUAGE = 1 << 2,
    INTAKE_FIELD_TRANSLATION_OF = 1 << 3,
    INTAKE_FIELD_TYPE = 1 << 4,
    INTAKE_FIELD_PUBLISHED = 1 << 5,
    INTAKE_FIELD_EMBARGO = 1 << 6,
    INTAKE_FIELD_STATUS = 1 << 7,
    INTAKE_FIELD_LEAD = 1 << 8,
    INTAKE_FIELD_TOPICS = 1 << 9,
    INTAKE_FIELD_CONTACTS = 1 << 10,
    INTAKE_FIELD_IMAGES = 1 << 11,
    INTAKE_FIELD_DOCUMENTS = 1 << 12,
    INTAKE_FIELD_EVENT = 1 << 13,
    INTAKE_FIELD_CORRECTION = 1 << 14,
    INTAKE_FIELD_URGENT = 1 << 15,
    INTAKE_FIELD_MAIL = 1 << 16,
    INTAKE_FIELD_CHANGES = 1 << 17
};

/* A release with more pictures and documents is refused. */
enum { INTAKE_ASSETS_MAXIMUM = 500 };

/* Where a picture or document is named, for messages about it. */
struct intake_mention {
    const char *asset; /* as in struct release_asset */
    const char *file;  /* that names it */
    int line;
    bool is_optional; /* only what a press service's page listed: left out where it is not there */
    struct intake_mention *next;
};

/* What every reader gets, and where it puts what it found. */
struct intake_reading {
    struct arena *arena;                /* the release's */
    const struct intake_source *source; /* the file's bytes, as they are */
    const char *text;                   /* what intake_reading_decode() made of them, or, where a
                                           format is no text, the words that the reader found: an
                                           embargo is looked for in it. NUL-terminated; "" */
    size_t length;                      /* in bytes */
    bool is_unreadable;                 /* nothing could be read, and problems say why */
    const struct zone *zone;            /* of times without offset */
    const char *language;               /* the newsroom's; NULL: unknown */
    const struct language_words *words; /* NULL: our names only */
    struct locale_context *locale;      /* NULL: topics must be names */
    int64_t now_at;                     /* INSTANT_NONE: not known */
    const char *publisher;              /* the newsroom's, by name; NULL: unknown */
    struct release *release;            /* with an empty body; readers fill it */
    unsigned fields;                    /* enum intake_field: given so far */
    bool fields_unread;                 /* there are fields, but nobody could read them */
    const char *sidecar;                /* name of the file that gave them; NULL: none */
    const char *content;                /* the text behind its header; NULL: all of it */
    int content_line;                   /* number of its first line */
    struct embargo_phrase *embargo;     /* what the text says of its embargo, in words */
    bool embargo_is_none;               /* and that they are none */
    struct intake_mention *mentions;
    struct intake_part *parts; /* pictures and documents that the file itself holds, named as the
                                  assets that the reader has made of them; past
                                  INTAKE_PARTS_MAXIMUM_BYTES the release is refused */
    struct intake_problem_list *problems;
    const struct intake_format *(*format_of)(const char *name); /* intake_format_of(), for texts
                                                                   within texts */
};

/* Reads the file's bytes as text, for readers whose format is one: text is UTF-8 in normalization
 * form C with plain line feeds, free of control characters (intake/encoding.h). False where they
 * are no text, or an empty one; then is_unreadable is set, and the reader has nothing more to do.
 */
bool intake_reading_decode(struct intake_reading *reading);

/* What the text is in: its own language, else the newsroom's; NULL: unknown (reading_language.c).
 */
const char *intake_reading_language(const struct intake_reading *reading);

/* One format. Adds problems instead of failing; release then holds what could be read. */
typedef void intake_read(struct intake_reading *reading);

struct intake_format {
    const char *extension; /* without the dot, lower case */
    const char *name;      /* "Markdown" */
    intake_read *read;
    bool is_rich; /* it is no text that people see as it stands: Word; lines have no numbers */
};

/* The format of a file by its name; NULL where it is no text of a release (format.c). */
const struct intake_format *intake_format_of(const char *name);

/* How many bytes of a name stand before its ending ("x" of "x.md" and of "x.md.txt"). */
size_t intake_format_stem(const char *name);

/* Whether the name is that of a text in a format that people write releases in and that has no
 * reader: "x.docx". */
bool intake_format_is_unread(const char *name);

/* Reads by the source's format, applies the sidecar and checks what must hold for
 * every format: a title in one line, an embargo in words. Everything that is wrong is in problems;
 * without INTAKE_REFUSED the release can be used once its files are imported (intake/asset.h). What
 * text gets lives in arena. Reads no other file. */
void intake_read_source(struct arena *arena, const struct intake_source *source,
                        struct intake_text *text, struct intake_problem_list *problems);

/* The readers (markdown.c, plain_text.c, rich_text_read.c). */
intake_read markdown_read;
intake_read plain_text_read;
intake_read word_text_read;
intake_read open_document_read;
intake_read web_page_read;
intake_read eml_read; /* mail_file.c */

#endif
