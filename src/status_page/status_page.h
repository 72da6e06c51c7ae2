/* SPDX-License-Identifier: MIT */
#ifndef STATUS_PAGE_STATUS_PAGE_H
#define STATUS_PAGE_STATUS_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct arena;
struct clock;
struct database;
struct database_schema;
struct error;
struct locale_context;
struct newsroom;
struct string_builder;
struct strings;
struct template_set;
struct token_keys;

/* One page for press officers that says of each file of the drop directory what became of it, in
 * the newsroom's language: in the drop directory as status.html, and on the web behind a link,
 * where the newsroom asks for that. No reader's address is in it. */
extern const struct database_schema status_page_schema; /* migrate after queue's */

enum status_page_place { STATUS_PAGE_FILE, STATUS_PAGE_WEB /* and the file */, STATUS_PAGE_NONE };

/* A link is good for the first, and shows for the second what is not public yet. */
#define STATUS_PAGE_LINK_MS (INT64_C(30) * 24 * 60 * 60 * 1000)
#define STATUS_PAGE_FRESH_MS (INT64_C(60) * 60 * 1000)

enum {
    STATUS_PAGE_NEWEST = 300, /* public ones that are shown; older ones are counted by year */
    STATUS_PAGE_MAXIMUM = 1024 * 1024, /* bytes of a page */
};

/* Filled by config/, borrowed. */
struct status_page_settings {
    enum status_page_place place;
    const struct newsroom *newsroom;
    const struct template_set *templates; /* "status" */
    struct hash templates_hash;           /* of templates and texts */
    struct strings *strings;
    struct locale_context *locale; /* of site.timezone */
    const char *program;           /* "pressroom 0.1.0" */
    const char *database_path;
    const char *releases_path;
    const char *const *approvers; /* names of who may say yes, ended by NULL; NULL: not needed */
};

/* Writes status.html where it would say something else than it does, whole at every moment. Cheap
 * where nothing was committed to the store since. Never over a file that does not begin as ours do:
 * that is logged once. is_last: the store is closed behind it. *is_written (NULL: not asked). No
 * transaction is open. state_directory: an open directory. */
bool status_page_run(const struct status_page_settings *settings, struct database *database,
                     int state_directory, const struct clock *clock, bool is_last, bool *is_written,
                     struct error *error);

/* Appends the page as of now_at. hides_unpublished: what is not public is only counted. */
bool status_page_make(const struct status_page_settings *settings, struct database *database,
                      int64_t now_at, bool hides_unpublished, struct string_builder *page,
                      struct error *error);

/* The link to be mailed, good for STATUS_PAGE_LINK_MS from now on: endpoint + "status/TOKEN". NULL
 * where the page is not on the web (place, newsroom->endpoint). */
const char *status_page_link(const struct status_page_settings *settings,
                             const struct token_keys *keys, int64_t now_at, struct arena *arena);

enum status_page_link_age { STATUS_PAGE_LINK_FRESH, STATUS_PAGE_LINK_GOOD, STATUS_PAGE_LINK_OVER };

/* Of the row_id of a link's token. */
enum status_page_link_age status_page_link_age(int64_t row_id, int64_t now_at);

#endif
