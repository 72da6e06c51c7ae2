/* SPDX-License-Identifier: MIT */
#ifndef STATUS_PAGE_PAGE_H
#define STATUS_PAGE_PAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "locale/locale.h"

struct database;
struct error;
struct release_row;
struct status_page_settings;

/* Inside status_page/ only: a page under way. */

enum status_section { STATUS_NEEDS, STATUS_WAITS, STATUS_NEWEST, STATUS_SECTION_COUNT };

struct status_page {
    const struct status_page_settings *settings;
    struct database *database;
    int64_t now_at;
    bool hides_unpublished;
    struct arena arena;
    struct wording wording;
    json_t *sections[STATUS_SECTION_COUNT]; /* lists of items */
    json_t *years;
    size_t size;       /* what is in the lists, about */
    int64_t hidden;    /* not public, only counted */
    int64_t left_out;  /* as the page would be too large */
    int64_t *shown;    /* release_row.row_id */
    int64_t *shown_at; /* its public_at */
    size_t shown_count;
    size_t shown_capacity;
    size_t shown_at_capacity;
    int64_t *table;        /* the same row ids by hash, 0 in gaps */
    size_t table_capacity; /* a power of 2 */
    const char **refused;  /* names of refused files that are no release's */
    size_t refused_count;
    size_t refused_capacity;
    bool has_stored; /* something was kept for the next time */
};

/* One file. */
struct status_item {
    enum status_section section;
    const char *title;
    const char *file;     /* NULL: it is gone */
    const char *language; /* NULL: the newsroom's */
    const char *state;    /* in words */
    const char *url;      /* of its page; NULL */
    json_t *lines;        /* further sentences; new, or NULL */
    json_t *problems;     /* what is to be looked at, as in the note; new, or NULL */
};

/* Fills the lists with what the store says. */
bool status_collect(struct status_page *page, struct error *error);

/* The string of that key. */
const char *status_text(const struct status_page *page, const char *key);

/* "tirsdag den 9. juni 2026 kl. 06.00" */
const char *status_when(struct status_page *page, int64_t at);

/* The string of that key with {when}. */
const char *status_text_when(struct status_page *page, const char *key, int64_t at);

/* What a row's state is in words: sets section, state, url and lines of *item. */
bool status_describe(struct status_page *page, const struct release_row *row,
                     struct status_item *item, struct error *error);

/* Adds what became of the release's mails to item->lines; what waits for somebody changes its
 * section. */
bool status_describe_mail(struct status_page *page, const struct release_row *row,
                          struct status_item *item, struct error *error);

#endif
