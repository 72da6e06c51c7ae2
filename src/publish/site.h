/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_SITE_H
#define PUBLISH_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "locale/locale.h"
#include "presentation/presentation.h"
#include "publish/publish.h"

struct feed;
struct json_t;
struct list_output;
struct picture_reader;
struct rows_ahead;

/* Inside publish/ only: what all pages and feeds of one run share. */

/* What all pages of a language and section share: made by page.c with the first of them. */
struct site_base {
    char *language;
    int section; /* enum page_section */
    struct json_t *context;
    struct site_base *next;
};

/* Settings, languages, addresses and words. */
struct site {
    const struct publish_settings *settings;
    struct database *database; /* NULL in a preview */
    int64_t now_at;
    const char *const *languages; /* that lists are written in; the default first */
    size_t language_count;
    const char *style_path;
    struct presentation_settings presentation;
    const struct list_output *const *lists;  /* all kinds of them; NULL in a preview */
    const struct publish_progress *progress; /* NULL: nobody */
    int64_t releases_done;
    int64_t releases_total;
    bool has_stopped; /* a release was stopped while it was written: the run begins again */
    struct arena arena;
    struct site_base *bases;
    const struct rows_ahead *ahead;  /* NULL: none are */
    struct picture_reader *pictures; /* opened with the first picture that is to be made */
};

/* Takes the languages that lists are needed in; the default is added where it is not among them.
 * The caller releases. */
void site_init(struct site *site, const struct publish_settings *settings,
               struct database *database, int64_t now_at, const char *const *languages,
               size_t language_count);
void site_release(struct site *site);

/* The run's reader of pictures. */
struct picture_reader *site_pictures(struct site *site);

/* What releases are presented with: settings' own, and the site's own address. */
struct presentation_settings site_presentation(struct arena *arena,
                                               const struct publish_settings *settings);

/* "topics/x/" for the default language, "en/topics/x/" for another: relative to public/. */
const char *site_list_path(const struct site *site, struct arena *arena, const char *language,
                           const char *path);

/* Absolute address of a path relative to public/. */
const char *site_url(const struct site *site, struct arena *arena, const char *path);

/* The two together. */
const char *site_list_url(const struct site *site, struct arena *arena, const char *language,
                          const char *path);

const char *site_string(const struct site *site, const char *language, const char *key);

/* "Press release", or plural "Press releases"; an own type by its name. */
const char *site_type_name(const struct site *site, struct arena *arena, const char *language,
                           const char *type, bool is_plural);

/* What a topic is called: by its page in topics/, else as a release writes it (label, may be NULL),
 * else by its name. */
const char *site_topic_title(const struct site *site, struct arena *arena, const char *language,
                             const char *name, const char *label);

const char *site_feed_title(const struct site *site, const struct feed *feed, const char *language);

/* "2026-06-07T18:57:25+02:00"; NULL for INSTANT_NONE. */
const char *site_datetime(const struct site *site, struct arena *arena, int64_t instant);

/* "2026-06" in site.timezone. */
const char *site_month(const struct site *site, struct arena *arena, int64_t instant);

#endif
