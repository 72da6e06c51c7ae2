/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_LIST_H
#define PUBLISH_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct card;
struct error;
struct json_t;
struct output;
struct presentation;
struct site;
struct string_builder;

/* Inside publish/ only: lists of releases (front pages, archives, topics, feeds, sitemaps), their
 * entries, their pages and the words and addresses they share. */

/* A list that is to be written, its name taken apart: "topic:da:sundhed" is kind topic, language
 * da, subject sundhed. */
struct list {
    const char *name;
    const char *language; /* NULL: the kind has none */
    const char *subject; /* which of its kind and language it is: "sundhed", "2026-06", a feed's id;
                            "": there is only one */
    bool without_withdrawn;
    int64_t from_at; /* entries older than this have not changed */
};

/* What a release is to lists: which of them it stands in. */
struct list_entry {
    const struct presentation *release;
    const char *language; /* of its lists */
    const char *month;    /* "2026-06" */
};

/* Appends the names of the lists of one output that the release stands in, a newline behind
 * each. */
typedef void list_find(struct string_builder *names, const struct site *site,
                       const struct list_entry *entry);

/* Hands the files of a list to the output, which has been told that they are the list's. arena is
 * released behind it. */
typedef bool list_write(struct site *site, struct output *output, const struct list *list,
                        struct arena *arena, struct error *error);

/* When there is such a list. */
enum list_scope {
    LIST_OF_RELEASES, /* as long as a release stands in it */
    LIST_OF_LANGUAGE, /* one for each language, also where nothing stands in it */
    LIST_OF_FEED,     /* one for each feed, also where nothing stands in it */
    LIST_OF_LISTS,    /* one; written with each list of releases, as one may have come or gone */
    LIST_OF_SETTINGS  /* one; written where all is */
};

/* One kind of list; the table of all is in lists.c. How a new one is added: src/README.md. */
struct list_output {
    const char *name; /* of the lists, up to the first colon; the whole name where there is one */
    enum list_scope scope;
    bool has_language;   /* "NAME:LANGUAGE…" */
    char before_sibling; /* lists that differ only behind the last of these link to each other: they
                            are written again when one comes; 0: none do */
    const char *folder;  /* each has a page FOLDER/REST/ that stands in the sitemap; NULL: none */
    list_find *find;     /* NULL: no release stands in it */
    list_write *write;
};

extern const struct list_output list_output_front;
extern const struct list_output list_output_topic;
extern const struct list_output list_output_type;
extern const struct list_output list_output_year;
extern const struct list_output list_output_month;
extern const struct list_output list_output_media;
extern const struct list_output list_output_feed;
extern const struct list_output list_output_sitemap;
extern const struct list_output list_output_sitemap_index; /* and what is no release */
/* releases/, topics/ and types/, which lists stand below, and for years in which nothing is in the
 * default language releases/YEAR/: so that an address that is cut short leads to what is there. */
extern const struct list_output list_output_archive;
/* Contacts, what feeds are, not found, OPML, robots.txt: they change with the settings alone. */
extern const struct list_output list_output_fixed;

/* All of them, ended by NULL; where a site is at hand, its lists. */
extern const struct list_output *const list_outputs[];

/* NULL for a name that is no list's: a release's page. */
const struct list_output *list_output_find(const struct list_output *const *outputs,
                                           const char *name);

/* The names of all lists that a release stands in, a newline behind each; in its arena. */
const char *list_names_of(const struct site *site, const struct presentation *presentation);

/* Marks the lists that stand although nothing may stand in them. */
struct list_marks;
void list_mark_all(const struct site *site, struct arena *arena, struct list_marks *marks);

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

/* Cards from first on, as templates show them. */
struct json_t *list_cards(const struct site *site, struct arena *arena,
                          const struct card_list *list, size_t first, const char *language);

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
