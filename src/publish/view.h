/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_VIEW_H
#define PUBLISH_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct arena;
struct body_writer_options;
struct database;
struct error;
struct publish_settings;
struct release;
struct release_asset;
struct release_row;
struct site;
struct string_builder;

/* Inside publish/ only: one public release as its page, its feed entries and the lists see it:
 * worked out once from the row and the release, all in one arena. */

/* A picture in one size. */
struct view_rendition {
    const char *path; /* relative to public/ */
    const char *media_type;
    int width;
    int height;
    int64_t size_bytes; /* 0: not known */
};

struct view_asset {
    const struct release_asset *asset;
    const char *path; /* of the document, or of the picture in full size */
    const char *media_type;
    int64_t size_bytes;
    /* pictures */
    bool is_unreadable; /* it is published as if it were not there */
    struct view_rendition full;
    struct view_rendition web;   /* made for pages (PICTURE_WEB); may be full itself */
    struct view_rendition small; /* made for lists (PICTURE_SMALL); may be web itself */
};

struct view_version {
    int64_t row_id;
    const char *language;
    const char *title;
    const char *path;
    bool is_planned; /* of the same batch as the view */
};

struct view {
    const struct release *release;
    int64_t row_id;
    int64_t original_row_id;
    int64_t revision;
    const char *public_id;
    const char *language;
    const char *list_language;
    const char *type;
    const char *topics;       /* "a b" */
    const char *topic_labels; /* as release_topic_labels() has it */
    const char *title;
    const char *lead; /* one line; "" for none */
    const char *slug;
    const char *folder; /* "releases/2026/slug/" */
    const char *url;
    int64_t public_at;
    int64_t updated_at; /* in no earlier second than public_at */
    bool is_updated;    /* in a later one */
    bool is_withdrawn;
    int64_t withdrawn_at;
    const char *reason;     /* of the withdrawal; NULL */
    const char *correction; /* of what was public before; NULL */
    struct hash content_hash;
    const char *drop_path;     /* of its file in the drop directory; NULL: none known */
    struct view_asset *assets; /* as in the release: pictures first */
    size_t asset_count;
    const struct view_version *versions; /* public and not withdrawn, this one included, the
                                            original first */
    size_t version_count;
};

/* Everything but assets and versions. The row has slug, year, public_at and updated_at. Strings are
 * those of row and release: both live as long as the view. */
void view_init(struct view *view, struct arena *arena, const struct site *site,
               const struct release_row *row, const struct release *release);

/* False for a release that a new store was recovered with from public/ and whose file it has not
 * seen: what stands there stays, and lists know its title. */
bool view_has_text(const struct view *view, const struct release_row *row);

/* Names of the assets' files; sizes and renditions come from picture_measure(). */
void view_name_assets(struct view *view, struct arena *arena,
                      const struct publish_settings *settings);

/* A version that will stand in public/ together with the view: of the same batch. */
struct view_planned {
    int64_t original_row_id;
    struct view_version version;
    bool is_shown; /* false: it is not to be shown, whatever the cards say */
};

/* Fills the versions from the cards, and from planned, ordered by original_row_id, in their place.
 */
bool view_find_versions(struct view *view, struct arena *arena, const struct site *site,
                        const struct view_planned *planned, size_t planned_count,
                        struct error *error);

/* The view of a public release as it stands, with assets and versions; NULL with *failed false:
 * there is none, or none with a text. */
struct view *view_load(struct arena *arena, const struct site *site, int64_t row_id, bool *failed,
                       struct error *error);

/* The asset that release text calls file; NULL where there is none, or it is unreadable. */
const struct view_asset *view_find_asset(const struct view *view, const char *file);

/* Whether pages show a picture by another file than the one at full size. */
bool view_is_shown_smaller(const struct view_asset *asset);

/* The first picture that can be read; NULL. */
const struct view_asset *view_first_picture(const struct view *view);

/* The value of a picture's srcset; NULL where pages have it in one width alone. */
const char *view_srcset(const struct view_asset *asset, struct arena *arena,
                        const struct site *site);

/* How wide a release's page shows its pictures (style.css), for browsers that choose among sizes.
 */
#define VIEW_PICTURE_SIZES "(min-width: 48rem) 44rem, 100vw"

/* What one of its topics is called. */
const char *view_topic_title(const struct view *view, struct arena *arena, const struct site *site,
                             const char *topic);

/* The lead as HTML for a paragraph, and the body, with absolute addresses. is_page: for the
 * release's own page, where links to its headings lead. */
void view_write_lead(const struct view *view, const struct site *site, struct string_builder *text);
void view_write_body(const struct view *view, const struct site *site, bool is_page,
                     bool skip_first_paragraph, struct string_builder *text);

#endif
