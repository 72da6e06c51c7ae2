/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_PAGES_H
#define ENDPOINT_PAGES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct answer;
struct arena;
struct endpoint_settings;
struct error;
struct feed;
struct public_files;
struct request;

/* Inside endpoint/ only: the pages that are not files, in the newsroom's look and in every language
 * there are words for. What all pages of a language share is made once, when opened; from then on
 * several threads may make pages. Contexts are those of templates/README.md, "Pages of the
 * endpoint". */
struct pages;

/* settings and files are borrowed. */
struct pages *pages_open(const struct endpoint_settings *settings,
                         const struct public_files *files);

/* Takes NULL. */
void pages_close(struct pages *pages);

const struct endpoint_settings *pages_settings(const struct pages *pages);

/* Where pages find their stylesheet, relative to the endpoint: the name that public/ has it under
 * too. */
const char *pages_style_path(const struct pages *pages);

/* ---- languages ---- */

/* The language among those that pages have which tag asks for ("en-GB" → "en"); NULL: none. */
const char *pages_language(const struct pages *pages, const char *tag);

/* By Accept-Language (RFC 9110 section 12.5.4), NULL or unmatched: the newsroom's. */
const char *pages_language_accepted(const struct pages *pages, const char *accept_language);

/* What the page is in: the request's, else the person's (NULL: not known), else the fallback. */
const char *pages_language_of(const struct pages *pages, const struct request *request,
                              const char *personal);

/* ---- words ---- */

bool pages_has_string(const struct pages *pages, const char *language, const char *key);
const char *pages_string(const struct pages *pages, const char *language, const char *key);

/* The string with {publisher} filled in. */
const char *pages_text(const struct pages *pages, struct arena *arena, const char *language,
                       const char *key);

const char *pages_feed_title(const struct feed *feed, const char *language);

/* ---- contexts ---- */

/* The members of every page. The caller adds its own and hands it to pages_render(). */
json_t *pages_context(const struct pages *pages, struct request *request, const char *language,
                      const char *title);

/* cadences[] and choices of language, one of them selected. */
json_t *pages_cadences(const struct pages *pages, const char *language, const char *selected);
json_t *pages_language_choices(const struct pages *pages, const char *selected);

/* Renders into request->answer with that status, and drops context. A broken template is logged and
 * answered with a bare 500. */
void pages_render(const struct pages *pages, struct request *request, unsigned status,
                  const char *template_name, json_t *context);

/* ---- pages with one message ---- */

/* One page by the name of its strings: page_NAME_title, page_NAME_text, and where they are there
 * page_NAME_more. */
struct page_message {
    const char *name;
    unsigned status;
    json_t *items;   /* of strings; taken; NULL: none */
    json_t *buttons; /* made by pages_add_button(); taken; NULL: none */
    json_t *links;   /* made by pages_add_link(); taken; NULL: none */
};

/* *list is made where it is NULL. A button posts name=value to the page's own address. text: the
 * words on it. */
void pages_add_button(json_t **list, const char *text, const char *name, const char *value);
void pages_add_link(json_t **list, const char *text, const char *url);

void pages_show_message(const struct pages *pages, struct request *request, const char *language,
                        const struct page_message *message);

/* The same without anything but name and status. */
void pages_show_named(const struct pages *pages, struct request *request, const char *language,
                      const char *name, unsigned status);

/* 404 for a token that is none of ours, with the ways to get one that is. */
void pages_show_unknown(const struct pages *pages, struct request *request, const char *language);

/* The form of GET /subscribe. problem: key of the string that says what was wrong with what was
 * sent; NULL: nothing. Where the request has a suggestion, the form asks about it. */
void pages_subscribe(const struct pages *pages, struct request *request, const char *problem);

/* What the form says to whom presses its button: the wording that an event keeps. */
const char *pages_consent(const struct pages *pages, struct arena *arena, const char *language);

/* The form of GET /preferences: a fresh link by mail. */
void pages_link(const struct pages *pages, struct request *request, const char *problem);

/* Relative address of another of our pages: "subscribe" seen from /confirm/TOKEN is "../subscribe",
 * from /confirm/TOKEN/ "../../subscribe". */
const char *pages_path(struct request *request, const char *path);

#endif
