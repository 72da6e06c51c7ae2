/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_PAGE_H
#define PUBLISH_PAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct arena;
struct card;
struct error;
struct feed;
struct output;
struct presentation_contacts;
struct site;
struct string_builder;
struct presentation;
struct presentation_file;

/* Inside publish/ only: contexts of page templates, as templates/README.md defines them. */

enum page_section {
    PAGE_OTHER,
    PAGE_FRONT,
    PAGE_MEDIA,
    PAGE_CONTACTS,
    PAGE_FOLLOW,
    PAGE_SECTION_COUNT
};

struct page_head {
    const char *language;
    const char *title;
    const char *description; /* NULL: none */
    const char *path;        /* relative to public/, ends in a slash but for 404.html */
    enum page_section section;
    bool is_hidden;
    const struct presentation *presentation; /* a release: its versions are the alternates */
    const char *path_in_language; /* without the language's folder: the same page stands there in
                                     every language; NULL: it does not */
};

/* The members of every page. The caller adds its own and hands it to page_render(). */
json_t *page_context(struct site *site, struct arena *arena, const struct page_head *head);

/* Renders and drops context. */
bool page_render(const struct site *site, const char *template_name, json_t *context,
                 struct string_builder *text, struct error *error)
    __attribute__((warn_unused_result));

/* Renders and drops context, and hands the page of a list to the output: index.html of the folder
 * path, or path itself where that is a file. */
bool page_hand_over(const struct site *site, struct output *output, const char *template_name,
                    json_t *context, const char *path, struct error *error)
    __attribute__((warn_unused_result));

/* Parts that several pages have. */
json_t *page_card(const struct site *site, struct arena *arena, const struct card *card,
                  const char *language);
json_t *page_picture(const struct site *site, struct arena *arena,
                     const struct presentation_file *picture, const char *language, bool is_small);
json_t *page_subscribe(const struct site *site, struct arena *arena, const char *language);
json_t *page_feed_link(const struct site *site, struct arena *arena, const struct feed *feed,
                       const char *language, bool with_type);

/* The outputs of release_output.h: the whole page of a release, or its notice. */
bool page_write_release(struct site *site, const struct presentation *shown,
                        struct string_builder *text, struct error *error)
    __attribute__((warn_unused_result));

/* release.json: what a new store is recovered from when the old one is lost. */
bool page_write_release_data(struct site *site, const struct presentation *shown,
                             struct string_builder *text, struct error *error)
    __attribute__((warn_unused_result));

/* schema.org NewsArticle (and Event) of a release, safe inside <script>. */
const char *json_ld_write(const struct presentation *shown);

#endif
