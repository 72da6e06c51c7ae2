/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_LIST_H
#define PUBLISH_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct card;
struct error;
struct output;
struct site;

/* Inside publish/ only: lists of releases (front pages, archives, topics, feeds, sitemaps), their
 * entries, their pages and the words and addresses they share. */

/* A list that is to be written, its name taken apart: "topic:da:sundhed" is kind topic, language
 * da, rest sundhed. Kinds without a language have it NULL. */
struct list {
    const char *name;
    const char *language;
    const char *rest;
    bool without_withdrawn;
    int64_t from_at; /* entries older than this have not changed */
};

/* Writers of the kinds; each hands its files to the output, the list's name being their owner. */
typedef bool list_write(struct site *site, struct output *output, const struct list *list,
                        struct error *error);

list_write list_write_front;
list_write list_write_year;
list_write list_write_month;
list_write list_write_type;
list_write list_write_topic;
list_write list_write_media;
list_write list_write_feed;
list_write list_write_sitemap;

/* Sitemap index, and the sitemap of pages that are no releases. */
bool sitemap_write_index(struct site *site, struct output *output, struct error *error);

/* releases/, topics/ and types/, which lists stand below, and for years in which nothing is in the
 * default language releases/YEAR/: so that an address that is cut short leads to what is there. */
bool archive_write(struct site *site, struct output *output, struct error *error);

/* Contacts, what feeds are, not found, OPML, robots.txt: they change with the settings alone. */
bool fixed_pages_write(struct site *site, struct output *output, struct error *error);

/* Hands all marked lists to the output, read as they stand inside the caller's transaction where
 * there is one. *written, in arena, is NULL where none was marked. */
struct lists_written;
bool lists_write(struct site *site, struct output *output, struct arena *arena,
                 struct lists_written **written, struct error *error)
    __attribute__((warn_unused_result));

/* An output_commit: the marks of these lists (payload, or NULL) go. */
bool lists_written_store(void *payload, struct error *error);

/* Writes all marked lists and puts them in place. */
bool lists_publish(struct site *site, struct output *output, struct error *error)
    __attribute__((warn_unused_result));

/* ---- reading ---- */

/* Number of a list's entries; of those before an instant (INT64_MAX: all). */
bool list_count(const struct site *site, const char *name, int64_t before_at, int64_t *count,
                struct error *error);

bool list_has_entries(const struct site *site, const char *name, bool *has_entries,
                      struct error *error);

struct card_list {
    struct card **cards;
    size_t count;
};

/* Up to limit entries from the newest on, in arena; of a front page only what is not withdrawn. */
bool list_newest(const struct site *site, struct arena *arena, const struct list *list,
                 int64_t limit, struct card_list *cards, struct error *error);

/* What the topic of a list ("topic:da:sundhed") is called: where it has no page of its own, as the
 * newest of its releases writes it. */
bool list_topic_title(const struct site *site, struct arena *arena, const char *name,
                      const char **title, struct error *error);

/* Names of the lists that begin with prefix, in their order. */
struct name_list {
    const char **names;
    size_t count;
};

bool list_names(const struct site *site, struct arena *arena, const char *prefix,
                struct name_list *list, struct error *error);

/* The same without those that nothing stands in. */
bool list_names_in_use(const struct site *site, struct arena *arena, const char *prefix,
                       struct name_list *list, struct error *error);

/* ---- words and addresses ---- */

/* "juni 2026" of "2026-06" */
const char *list_month_name(const struct site *site, struct arena *arena, const char *language,
                            const char *month);

/* Relative to public/; of "2026-06", of "2026" */
const char *list_month_path(const struct site *site, struct arena *arena, const char *language,
                            const char *month);
const char *list_year_path(const struct site *site, struct arena *arena, const char *language,
                           const char *year);

/* "3 nyheder" */
const char *list_count_text(const struct site *site, struct arena *arena, const char *language,
                            int64_t count);

/* ---- paging ---- */

/* Long lists are cut into pages that stay as they are: page 1 holds the oldest entries, and the
 * list's own address the newest, between one and two pages of them. */
struct list_page {
    const struct list *list;
    int64_t number;                  /* 0: the list's own address */
    int64_t page_count;              /* numbered pages */
    int64_t entry_count;             /* of the whole list */
    const char *path;                /* "topics/sundhed/" or "topics/sundhed/3/" */
    const char *list_path;           /* "topics/sundhed/" */
    const struct card_list *entries; /* newest first */
};

/* Hands the page to the output. */
typedef bool list_page_write(struct site *site, struct output *output, const struct list_page *page,
                             struct error *error);

/* Writes those pages of a list that can have changed. A list without entries loses
 * its pages, unless keep_empty. */
struct list_paging {
    const char *path; /* of the list, relative to public/ */
    int64_t page_size;
    bool keep_empty;
    list_page_write *write;
};

bool list_write_pages(struct site *site, struct output *output, const struct list *list,
                      const struct list_paging *paging, struct error *error);

#endif
