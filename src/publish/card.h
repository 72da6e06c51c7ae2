/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_CARD_H
#define PUBLISH_CARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"

struct arena;
struct database;
struct error;
struct list_output;
struct site;
struct statement;
struct presentation;

/* Inside publish/ only: a public release as lists show it, and the lists it stands in. Kept in
 * tables of our own, so that a list is one query, and a list's page is written only when one of its
 * entries changed.
 *
 * A list's name is its kind and what it holds: "front:da", "year:da:2026", "month:da:2026-06",
 * "type:da:invitation", "topic:da:sundhed", "media:da", "feed:ID", "sitemap:2026". Entries are
 * ordered by public_at and row id. */
struct card {
    int64_t row_id;
    int64_t original_row_id;
    const char *language;
    const char *type;
    const char *title;
    const char *lead; /* cut; "" for none */
    const char *path; /* of the page's folder */
    int64_t public_at;
    int64_t updated_at;
    bool is_withdrawn;
    bool is_corrected;
    int64_t start_at; /* of the event */
    int64_t end_at;
    bool is_all_day;
    const char *topic_labels; /* as release_topic_labels() has it */
    const char *place;
    const char *picture_path; /* NULL: none */
    int picture_width;
    int picture_height;
    const char *picture_alt;
    struct hash content_hash; /* of the row when it was published */
    const char *lists;        /* names, a newline behind each */
};

/* The columns of publish_card in the order that card_read() wants; the table is called c. */
extern const char card_columns[];
struct card *card_read(struct statement *statement, struct arena *arena);

/* What lists keep of a presentation. In its arena. */
struct card *card_new(const struct site *site, const struct presentation *shown);

/* NULL with *failed false: there is none. */
struct card *card_find(struct database *database, struct arena *arena, int64_t row_id, bool *failed,
                       struct error *error);

/* Lists that must be written again, gathered over a batch. */
struct list_marks;
/* outputs: all kinds of lists; NULL where what is marked is none. */
struct list_marks *list_marks_new(struct arena *arena, const struct list_output *const *outputs);

/* Writes the card and its entries in place of the old (NULL: there was none), and marks every list
 * of both, from the older of both times on. Inside a transaction. */
bool card_store(struct database *database, const struct card *card, const struct card *old,
                struct list_marks *marks, struct error *error);

/* Takes the card and its entries away, and marks its lists. Inside a transaction. */
bool card_remove(struct database *database, const struct card *card, struct list_marks *marks,
                 struct error *error);

/* Marks one list. from_at: what is older has not changed. */
void list_mark(struct list_marks *marks, const char *list, int64_t from_at);

bool list_is_marked(const struct list_marks *marks, const char *list);

/* Writes the marks down. A new list marks those that link to it. */
bool list_marks_store(struct database *database, const struct list_marks *marks,
                      struct error *error);

#endif
