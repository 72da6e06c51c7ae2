/* SPDX-License-Identifier: MIT */
#include "publish/view.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "publish/picture.h"
#include "publish/publish.h"
#include "publish/site.h"
#include "publish/update_time.h"
#include "release/body.h"
#include "release/release.h"
#include "release/release_store.h"

#include <string.h>

enum { ASSET_NAME_MAXIMUM = 60, EXTENSION_MAXIMUM = 8 };

static const char *none_if_empty(const char *text)
{
    return text && *text ? text : NULL;
}

void view_init(struct view *view, struct arena *arena, const struct site *site,
               const struct release_row *row, const struct release *release)
{
    *view = (struct view){
        .release = release,
        .row_id = row->row_id,
        .original_row_id = row->original_row_id,
        .revision = row->revision,
        .public_id = row->public_id,
        .language = row->language,
        .list_language = site_list_language(arena, row->language),
        .type = row->type,
        .topics = row->topics ? row->topics : "",
        .topic_labels = row->topic_labels ? row->topic_labels : "",
        .title = row->title,
        .slug = row->slug,
        .public_at = row->public_at,
        .updated_at = row->updated_at,
        .is_withdrawn = row->status == RELEASE_WITHDRAWN,
        .withdrawn_at = row->withdrawn_at,
        .reason = none_if_empty(row->withdrawal_reason),
        .correction = none_if_empty(row->correction),
        .content_hash = row->content_hash,
        .drop_path = row->path,
    };
    /* A second is the grain, because within one second updated_at only tells releases apart and no
     * reader was shown another text. */
    view->is_updated = update_time_is_later(row->updated_at, row->public_at);
    /* An imported or moved row may say that it changed before it came out, which feed readers
     * refuse. */
    if (update_time_is_later(row->public_at, row->updated_at))
        view->updated_at = row->public_at;
    if (!view->is_updated)
        view->correction = NULL; /* nobody has seen what it corrects */
    /* Empty for a withdrawn one, because the lead goes into cards, feeds and meta elements alike,
     * and no word of the text may stay. */
    view->lead = view->is_withdrawn ? "" : release_lead(arena, release);
    view->folder = arena_format(arena, "releases/%04d/%s/", row->year, row->slug);
    view->url = site_url(site, arena, view->folder);
}

/* A release recovered from public/ without its file has neither path nor body: writing it would put
 * an empty page in the place of the one that still stands. */
bool view_has_text(const struct view *view, const struct release_row *row)
{
    return row->path || view->release->body || view->is_withdrawn;
}

/* What stands behind the last dot of a file's name, as it may stand in an address; NULL. */
static const char *extension_of(struct arena *arena, const char *file)
{
    const char *dot = strrchr(file, '.');
    /* A long ending is no extension but part of the words, as in "tal.forste-halvaar". */
    if (!dot || strchr(dot, '/') || !dot[1] || strlen(dot + 1) > EXTENSION_MAXIMUM)
        return NULL;
    char *extension = arena_copy(arena, dot + 1);
    for (char *at = extension; *at; at++) {
        /* By hand and not by tolower(), because an address must not depend on the locale. */
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
        if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9')))
            return NULL;
    }
    return extension;
}

static bool ends_with(const char *string, const char *end)
{
    size_t length = strlen(string);
    size_t end_length = strlen(end);
    return length >= end_length && strcmp(string + length - end_length, end) == 0;
}

/* Whether another file of the release's folder has the name, or could get it as one of a picture's
 * renditions, NAME-640 and NAME-1200. */
static bool name_is_taken(const struct view *view, const char *name, const char *stem)
{
    if (strcmp(name, "release.json") == 0 || strcmp(name, "event.ics") == 0 ||
        strcmp(name, "index.html") == 0 || ends_with(stem, PICTURE_SMALL_SUFFIX) ||
        ends_with(stem, PICTURE_WEB_SUFFIX))
        return true;
    for (size_t i = 0; i < view->asset_count; i++)
        if (strcmp(view->assets[i].path, name) == 0)
            return true;
    return false;
}

static void asset_add(struct view *view, struct arena *arena,
                      const struct publish_settings *settings, const struct release_asset *asset)
{
    const char *slash = strrchr(asset->file, '/');
    const char *base = slash ? slash + 1 : asset->file;
    const char *dot = strrchr(base, '.');
    bool is_image = asset->kind == RELEASE_IMAGE;
    const char *words = arena_copy_bytes(arena, base, dot ? (size_t)(dot - base) : strlen(base));
    /* Named after the file as the press officer called it, so that what a journalist downloads can
     * be told apart from the others. */
    const char *slug = locale_slug(settings->locale, arena, words, view->language,
                                   ASSET_NAME_MAXIMUM, is_image ? "picture" : "document");
    const char *extension = is_image ? picture_extension(picture_shown(asset))
                                     : extension_of(arena, base);
    if (!extension)
        extension = "bin";
    const char *stem = slug;
    const char *name = arena_format(arena, "%s.%s", stem, extension);
    /* In the order of the release's files, so that the same release gives the same names in every
     * run and in the mails. */
    for (int i = 2; name_is_taken(view, name, stem); i++) {
        stem = arena_format(arena, "%s-%d", slug, i);
        name = arena_format(arena, "%s.%s", stem, extension);
    }
    view->assets[view->asset_count++] = (struct view_asset){
        .asset = asset,
        .path = name, /* without the folder until all names are known */
        .media_type = is_image ? picture_media_type(picture_shown(asset)) : asset->media_type,
        .size_bytes = asset->size_bytes,
    };
}

void view_name_assets(struct view *view, struct arena *arena,
                      const struct publish_settings *settings)
{
    size_t count = 0;
    for (const struct release_asset *asset = view->release->assets; asset; asset = asset->next)
        count++;
    view->assets = arena_allocate_array(arena, count, sizeof *view->assets);
    view->asset_count = 0;
    for (const struct release_asset *asset = view->release->assets; asset; asset = asset->next)
        asset_add(view, arena, settings, asset);
    for (size_t i = 0; i < view->asset_count; i++)
        view->assets[i].path = arena_format(arena, "%s%s", view->folder, view->assets[i].path);
}

const struct view_asset *view_find_asset(const struct view *view, const char *file)
{
    for (size_t i = 0; i < view->asset_count; i++)
        if (strcmp(view->assets[i].asset->file, file) == 0)
            /* NULL for a picture that cannot be read, so that every writer leaves it out as if the
             * release did not name it. */
            return view->assets[i].is_unreadable ? NULL : &view->assets[i];
    return NULL;
}

bool view_is_shown_smaller(const struct view_asset *asset)
{
    return asset->asset->kind == RELEASE_IMAGE && !asset->is_unreadable && asset->web.path &&
           /* picture_measure() gives a size without a file of its own the path of the next larger
            * one. */
           strcmp(asset->web.path, asset->path) != 0;
}

const struct view_asset *view_first_picture(const struct view *view)
{
    for (size_t i = 0; i < view->asset_count; i++)
        if (view->assets[i].asset->kind == RELEASE_IMAGE && !view->assets[i].is_unreadable)
            return &view->assets[i];
    return NULL;
}

const char *view_srcset(const struct view_asset *asset, struct arena *arena,
                        const struct site *site)
{
    /* One candidate alone is no choice: the src says it already. */
    if (asset->small.width >= asset->web.width)
        return NULL;
    return arena_format(arena, "%s %dw, %s %dw", site_url(site, arena, asset->small.path),
                        asset->small.width, site_url(site, arena, asset->web.path),
                        asset->web.width);
}

/* ---- body ---- */

struct body_files {
    const struct view *view;
    const struct site *site;
    bool is_page;
    struct arena arena;
};

static const char *file_address(void *payload, const char *file)
{
    struct body_files *files = payload;
    const struct view_asset *asset = view_find_asset(files->view, file);
    if (!asset)
        return NULL;
    return site_url(files->site, &files->arena,
                    asset->asset->kind == RELEASE_IMAGE ? asset->web.path : asset->path);
}

static bool image_size(void *payload, const char *file, int *width, int *height)
{
    const struct body_files *files = payload;
    const struct view_asset *asset = view_find_asset(files->view, file);
    if (!asset || !asset->web.width)
        return false;
    *width = asset->web.width;
    *height = asset->web.height;
    return true;
}

static const char *image_srcset(void *payload, const char *file)
{
    struct body_files *files = payload;
    const struct view_asset *asset = view_find_asset(files->view, file);
    return asset ? view_srcset(asset, &files->arena, files->site) : NULL;
}

static void image_words(void *payload, const char *file, struct body_image_words *words)
{
    struct body_files *files = payload;
    const struct view_asset *asset = view_find_asset(files->view, file);
    const struct wording wording = site_wording(files->site, files->view->language);
    if (!asset)
        return;
    words->caption = asset->asset->caption;
    if (asset->asset->credit)
        words->credit = wording_credit(&wording, &files->arena, asset->asset->credit);
    words->is_original = !view_is_shown_smaller(asset);
    /* Feeds and mails offer a picture for download only where that is more than they show. */
    if (words->is_original && !files->is_page)
        return;
    words->original_address = site_url(files->site, &files->arena, asset->path);
    words->original_label = site_string(files->site, files->view->language, "picture_download");
    words->original_text = wording_picture(&wording, &files->arena, asset->path, asset->size_bytes,
                                           asset->full.width, asset->full.height);
}

static const char *translate(void *payload, const char *key)
{
    const struct body_files *files = payload;
    const char *text = site_string(files->site, files->view->language, key);
    /* A string that is not there comes back as its key, which nobody may read on a page. */
    return strcmp(text, key) == 0 ? NULL : text;
}

static void tree_write(const struct view *view, const struct site *site,
                       const struct body_node *tree, bool is_page, bool skip_first_paragraph,
                       struct string_builder *text)
{
    struct body_files files = { .view = view, .site = site, .is_page = is_page };
    const struct body_writer_options options = {
        .file_address = file_address,
        .image_size = image_size,
        .image_words = image_words,
        .image_srcset = is_page ? image_srcset : NULL,
        .image_sizes = VIEW_PICTURE_SIZES,
        .payload = &files,
        .page_address = view->url,
        /* Several entries stand in one document of a feed reader, where the same id would come
         * twice. */
        .has_anchors = is_page,
        .skip_first_paragraph = skip_first_paragraph,
        .translate = translate,
    };
    body_write_html(text, tree, &options);
    arena_release(&files.arena);
}

void view_write_lead(const struct view *view, const struct site *site, struct string_builder *text)
{
    struct arena arena = { 0 };
    tree_write(view, site, release_lead_paragraph(&arena, view->release), true, false, text);
    arena_release(&arena);
}

void view_write_body(const struct view *view, const struct site *site, bool is_page,
                     bool skip_first_paragraph, struct string_builder *text)
{
    tree_write(view, site, view->release->body, is_page, skip_first_paragraph, text);
}

const char *view_topic_title(const struct view *view, struct arena *arena, const struct site *site,
                             const char *topic)
{
    return site_topic_title(site, arena, view->language, topic,
                            release_topic_label(arena, view->topic_labels, topic));
}
