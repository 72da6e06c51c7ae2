/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_PAGER_H
#define PUBLISH_PAGER_H

#include <jansson.h>

struct arena;
struct list_page;
struct site;

/* Inside publish/ only: links between the pages of one list. title: of its own address. */
void pager_set(json_t *context, const struct site *site, struct arena *arena,
               const struct list_page *page, const char *title);

/* The same title, with the page's number where it has one. */
const char *pager_title(const struct site *site, struct arena *arena, const struct list_page *page,
                        const char *title);

/* A link that stands where a page's older or newer one does. path: relative to public/. */
json_t *pager_link(const struct site *site, struct arena *arena, const char *title,
                   const char *path);

#endif
