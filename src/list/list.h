/* SPDX-License-Identifier: MIT */
#ifndef LIST_LIST_H
#define LIST_LIST_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct error;
struct list_reader;
struct mail_phrases;
struct zone;

/* What a list of subscribers says, whatever program wrote it: one record each, in our words. */

enum list_key {
    LIST_ADDRESS,
    LIST_FEEDS,
    LIST_CADENCE,
    LIST_LANGUAGE,
    LIST_STATE,
    LIST_CONFIRMED_AT,
    LIST_EVIDENCE,
    LIST_KEY_COUNT
};

/* "address", "feeds" …: the columns of a list of ours, in the order in which it is written
 * (key.c). */
extern const char *const list_keys[LIST_KEY_COUNT];

/* What a name in the file means here. */
struct list_map {
    const char *name;
    const char *meaning;
};

/* All borrowed until list_reader_free(). */
struct list_settings {
    const char *tool;               /* the program that wrote the file; NULL: none that is said */
    const char *file;               /* its name, which says more of some exports; NULL: none */
    const struct list_map *columns; /* a column's name, and the key that it is */
    size_t column_count;
    const struct list_map *lists; /* a list's name there, and the feed that it is here */
    size_t list_count;
    const struct zone *zone; /* of times without an offset; NULL: UTC */
    const char *language;    /* of the people who write the files: in English, 6/7/2026 is refused,
                                since it reads two ways; NULL: so it is */
    const struct mail_phrases *phrases; /* what columns are called */
    /* What the operator should know and what refuses nothing: a column that is left out. May be
     * NULL. */
    void (*note)(void *payload, int64_t line, const char *text);
    void *payload;
};

/* Reads the header line of stream, which is borrowed. NULL with ERROR_INPUT where the file as a
 * whole is refused: the message says what to write instead. The caller frees. */
struct list_reader *list_reader_new(FILE *stream, const struct list_settings *settings,
                                    struct error *error);

/* Takes NULL. */
void list_reader_free(struct list_reader *reader);

enum list_result {
    LIST_RECORD,
    LIST_END,
    LIST_MALFORMED, /* this record is bad, *error (ERROR_INPUT) says why; the next may be read */
    LIST_FAILED     /* reading failed, or a record is too long to go on */
};

enum list_result list_reader_next(struct list_reader *reader, struct error *error);

/* The present record's value, "" where there is none: the bare address, feeds with a space between,
 * the names of our states, a BCP 47 tag, RFC 3339. Of a malformed record what could be read. Lives
 * until the next list_reader_next(). */
const char *list_reader_field(const struct list_reader *reader, enum list_key key);

/* Where the present record begins, from 1. */
int64_t list_reader_line(const struct list_reader *reader);

#endif
