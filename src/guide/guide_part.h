/* SPDX-License-Identifier: MIT */
#ifndef GUIDE_GUIDE_PART_H
#define GUIDE_GUIDE_PART_H

#include "guide/guide.h"

struct json_t;
struct string_builder;
struct strings;
struct template_set;

/* Inside guide/ only: one making of guide/ under way. */
struct guide_making {
    const struct guide_settings *settings;
    struct arena *arena;
    const char *source;        /* press-officer/ in the share folder */
    const char *language;      /* that of settings, or the one that its texts are in */
    const char *page_language; /* "en" where language has no pages */
    struct strings *texts;     /* guide.yaml of the language, and of English */
    struct template_set *templates;
    struct guide_result *result;
};

/* guide.yaml of templates/languages/: what the guide says besides its pages. */
bool guide_texts_read(struct guide_making *making, struct error *error);

/* In the newsroom's language. */
const char *guide_text(const struct guide_making *making, const char *key);

/* The HTML of a Markdown file, with its pictures in it; its heading of the first level is *title.
 * Both in the making's arena. */
bool guide_page_read(const struct guide_making *making, const char *path, const char **title,
                     const char **html, struct error *error);

/* The list of fields for press-officer/fields.mustache; new, the caller's. */
struct json_t *guide_fields(const struct guide_making *making);

#endif
