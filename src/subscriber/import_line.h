/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_IMPORT_LINE_H
#define SUBSCRIBER_IMPORT_LINE_H

#include "base/arena.h"
#include "list/list.h"
#include "subscriber/rows.h"
#include "subscriber/transfer.h"

/* Inside subscriber/ only. What lines say of their subscribers besides the address; those that
 * follow each other mostly say the same, and share it. */
struct import_attributes {
    const char *feeds; /* names with a space between; all known; what is followed by who is new */
    const char *language; /* the same */
    const char *evidence; /* NULL: none */
    const enum subscriber_cadence
        *cadences;        /* one for all feeds, or one each; the first is there */
    size_t cadence_count; /* as the line says: 0 for none */
    bool says_feeds;
    bool says_language;
    /* The line says only whether the feeds of these lists are followed, not what else is; NULL: it
     * says it of all feeds. */
    const struct list_settings *lists;
    enum subscriber_state state; /* pending where the line says none */
    int64_t consent_at;          /* INSTANT_NONE: the line says none */
};

/* One line of a list, read and checked, small enough to keep many. */
struct import_line {
    const char *typed;
    const char *folded;
    const char *rate_limit_key;
    const struct import_attributes *attributes;
    const char *fault;  /* of the address, so that nobody new may have it; NULL: none */
    const char *reason; /* NULL: none */
    uint32_t number;    /* in the file */
    uint8_t kind;       /* enum subscriber_import_kind; IMPORT_KIND_COUNT: not decided, or not
                           written */
};

/* A value of the file and what it means: kept, because most lines have that of the line before. */
struct import_cached_value {
    struct arena arena;
    const char *word; /* NULL: none yet */
    const void *meaning;
    size_t count;
};

/* What reading needs from line to line. */
struct import_reader {
    const struct subscriber_service *service;
    const struct subscriber_import *import;
    struct list_reader *list;
    int64_t started_at;
    struct import_cached_value language;
    struct import_cached_value feeds;
    struct import_cached_value cadences;
    struct import_cached_value evidence; /* the operator's and the line's */
};

/* Unsubscribed, bounced or complained. */
bool import_is_former(enum subscriber_state state);

/* Not one each, or the same for each. */
bool import_has_one_cadence(const struct import_attributes *attributes);

/* The present record; its strings live in arena. before: the attributes of another line in the
 * arena, NULL for the first. ERROR_INPUT says why the line cannot go in. */
bool import_line_read(struct import_reader *reader, struct arena *arena,
                      const struct import_attributes *before, struct import_line *line,
                      struct error *error);

/* Reads the header line. ERROR_INPUT where the file as a whole is refused; import_reader_release()
 * all the same. */
bool import_reader_init(struct import_reader *reader, const struct subscriber_service *service,
                        FILE *stream, const struct subscriber_import *import, int64_t started_at,
                        struct error *error);
void import_reader_release(struct import_reader *reader);

#endif
