/* SPDX-License-Identifier: MIT */
#include "publish/publish.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "locale/context.h"
#include "locale/zone.h"
#include "publish/event.h"
#include "publish/feed_entry.h"
#include "publish/feed_format.h"
#include "publish/page.h"
#include "publish/picture.h"
#include "publish/site.h"
#include "publish/update_time.h"
#include "publish/view.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MODE = 0644 };

struct preview {
    const struct publish_settings *settings;
    const struct release *release;
    struct arena arena;
    int directory; /* to be written to */
    int assets;    /* where the release's files lie */
    int64_t now_at;
    struct arena *files_arena;
    struct publish_preview_file **next_file; /* where the next one is told of */
};

static const char *topics_joined(struct arena *arena, const struct release *release)
{
    const char *topics = "";
    for (const struct release_topic *topic = release->topics; topic; topic = topic->next)
        topics = arena_format(arena, "%s%s%s", topics, *topics ? " " : "", topic->name);
    return topics;
}

/* The row that intake and publish would make. */
static void row_fill(struct preview *preview, struct release_row *row)
{
    const struct release *release = preview->release;
    const struct publish_settings *settings = preview->settings;
    int64_t due_at = release_due_at(release->published_at ? release->published_at : preview->now_at,
                                    release->embargo_at);
    struct civil_time civil;
    zone_civil(locale_context_zone(settings->locale), due_at, &civil);
    const char *language = release->language ? release->language : settings->newsroom->language;
    *row = (struct release_row){
        .id = release->id ? release->id : "preview",
        .title = release->title,
        .language = language,
        .type = release->type ? release->type : "press-release",
        .topics = topics_joined(&preview->arena, release),
        .topic_labels = release_topic_labels(&preview->arena, release->topics),
        .status = release->status,
        .public_at = due_at,
        .updated_at = release->status == RELEASE_WITHDRAWN ? preview->now_at : due_at,
        .withdrawn_at = release->status == RELEASE_WITHDRAWN ? preview->now_at : INSTANT_NONE,
        .withdrawal_reason = release->withdrawal_reason,
        .correction = release->correction,
        .revision = 1,
        .year = (int)civil.year,
    };
    row->slug = publish_slug(settings, &preview->arena, row, 1);
    /* A correction is shown as readers of the first text will see it. */
    if (release->correction)
        row->updated_at = update_time_after(preview->now_at, due_at);
}

static bool file_put(struct preview *preview, const char *path, const void *bytes, size_t length,
                     struct error *error)
{
    char *folder = arena_copy(&preview->arena, path);
    char *slash = strrchr(folder, '/');
    if (slash) {
        *slash = '\0';
        if (!file_make_directories(preview->directory, folder, error))
            return false;
    }
    return file_write_atomic(preview->directory, path, bytes, length, FILE_MODE, error);
}

/* ---- assets ---- */

static bool rendition_put(struct preview *preview, const struct text *source, const char *path,
                          int width, struct picture_image *image, struct error *error)
{
    const char *dot = strrchr(path, '.');
    return picture_make(source->data, source->length, width, dot ? dot + 1 : "", image, error) &&
           file_put(preview, path, image->bytes, image->length, error);
}

static bool picture_put(struct preview *preview, const struct text *source,
                        struct view_asset *asset, struct error *error)
{
    struct picture_image full = { 0 };
    struct picture_image web = { 0 };
    struct picture_image small = { 0 };
    bool done = rendition_put(preview, source, asset->path, 0, &full, error);
    if (done)
        picture_measure(&preview->arena, asset, full.width, full.height, (int64_t)full.length);
    if (done && asset->web.path != asset->full.path)
        done = rendition_put(preview, source, asset->web.path, PICTURE_WEB, &web, error);
    if (done && asset->small.path != asset->web.path)
        done = rendition_put(preview, source, asset->small.path, PICTURE_SMALL, &small, error);
    picture_image_release(&full);
    picture_image_release(&web);
    picture_image_release(&small);
    return done;
}

static void asset_tell(struct preview *preview, const struct site *site,
                       const struct view_asset *asset)
{
    struct publish_preview_file *file = arena_allocate(preview->files_arena, sizeof *file);
    bool is_picture = asset->asset->kind == RELEASE_IMAGE;
    *file = (struct publish_preview_file){
        .file = asset->asset->file,
        .url = site_url(site, preview->files_arena, is_picture ? asset->web.path : asset->path),
        .width = asset->web.width,
        .height = asset->web.height,
    };
    *preview->next_file = file;
    preview->next_file = &file->next;
}

static bool asset_put(struct preview *preview, struct view_asset *asset, struct error *error)
{
    struct text source;
    struct error reason = { .kind = ERROR_NONE };
    text_init(&source, PICTURE_BYTES_MAXIMUM);
    bool is_picture = asset->asset->kind == RELEASE_IMAGE;
    bool done = file_read_beneath(preview->assets, asset->asset->file, &source, &reason) &&
                (is_picture ? picture_put(preview, &source, asset, &reason)
                            : file_put(preview, asset->path, source.data, source.length, &reason));
    if (done && !is_picture)
        asset->size_bytes = (int64_t)source.length;
    text_release(&source);
    if (!done && is_picture && reason.kind == ERROR_INPUT) {
        log_line(LOG_WARNING, "%s: %s; shown without it", asset->asset->file, reason.message);
        asset->is_unreadable = true;
        return true;
    }
    if (!done)
        *error = reason;
    return done;
}

/* ---- page and entry ---- */

/* Addresses of a page that is looked at where it lies. */
static const char *folder_url(struct arena *arena, const char *path)
{
    struct text url;
    text_init(&url, 0);
    text_append(&url, "file://");
    for (const char *at = path; *at; at++) {
        if ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
            (*at >= '0' && *at <= '9') || strchr("/-_.~", *at))
            text_append_character(&url, *at);
        else
            text_append_format(&url, "%%%02X", (unsigned)(unsigned char)*at);
    }
    text_append_character(&url, '/');
    const char *copy = arena_copy(arena, url.data);
    text_release(&url);
    return copy;
}

static bool page_put(struct preview *preview, struct site *site, struct view *view,
                     struct error *error)
{
    struct text text;
    text_init(&text, 0);
    bool done = file_put(preview, site->style_path, preview->settings->style,
                         preview->settings->style_length, error);
    for (size_t i = 0; done && i < view->asset_count; i++) {
        done = asset_put(preview, &view->assets[i], error);
        if (done && !view->assets[i].is_unreadable)
            asset_tell(preview, site, &view->assets[i]);
    }
    done = done && page_write_release(site, &preview->arena, view, &text, error) &&
           file_put(preview, arena_format(&preview->arena, "%sindex.html", view->folder), text.data,
                    text.length, error);
    if (done && view->release->event && !view->is_withdrawn) {
        text_clear(&text);
        event_write_calendar(site, view, &text);
        done = file_put(preview, arena_format(&preview->arena, "%sevent.ics", view->folder),
                        text.data, text.length, error);
    }
    text_release(&text);
    return done;
}

static bool entries_put(struct preview *preview, struct site *site, const struct view *view,
                        struct error *error)
{
    const struct feed_entry *entry = feed_entry_new(&preview->arena, site, view);
    struct feed_document document = {
        .site = site,
        .id = "preview",
        .title = site->settings->newsroom->name,
        .language = view->language,
        .home_url = site_list_url(site, &preview->arena, view->language, ""),
        .updated_at = entry->updated_at,
        .entries = &entry,
        .entry_count = 1,
    };
    struct text text;
    text_init(&text, 0);
    bool done = true;
    for (size_t i = 0; done && i < feed_format_count; i++) {
        const char *path = arena_format(&preview->arena, "entry.%s", feed_formats[i].extension);
        document.self_url = site_url(site, &preview->arena, path);
        text_clear(&text);
        done = feed_formats[i].write(&document, &text, error) &&
               file_put(preview, path, text.data, text.length, error);
    }
    text_release(&text);
    return done;
}

/* The page with addresses of the folder; the entries with those of the site, where the files would
 * stand. */
static bool preview_write(struct preview *preview, const char *directory, struct error *error)
{
    struct arena *arena = &preview->arena;
    struct release_row row;
    struct site site;
    struct view page;
    struct view entry;
    row_fill(preview, &row);
    site_init(&site, preview->settings, NULL, preview->now_at, NULL, 0);
    view_init(&entry, arena, &site, &row, preview->release);
    view_name_assets(&entry, arena, preview->settings);
    site.home = folder_url(arena, directory);
    page = entry;
    page.folder = "page/";
    page.url = site_url(&site, arena, page.folder);
    view_name_assets(&page, arena, preview->settings);
    bool done = page_put(preview, &site, &page, error);
    for (size_t i = 0; done && i < entry.asset_count; i++) {
        const struct view_asset *made = &page.assets[i];
        entry.assets[i].is_unreadable = made->is_unreadable;
        entry.assets[i].size_bytes = made->size_bytes;
        if (made->full.width)
            picture_measure(arena, &entry.assets[i], made->full.width, made->full.height,
                            made->size_bytes);
    }
    site.home = preview->settings->newsroom->site_url;
    done = done && entries_put(preview, &site, &entry, error);
    site_release(&site);
    return done;
}

bool publish_preview(const struct publish_settings *settings, const struct release *release,
                     const struct clock *clock, struct publish_preview *place, struct error *error)
{
    struct preview preview = {
        .settings = settings,
        .release = release,
        .directory = -1,
        .assets = -1,
        .now_at = clock_now(clock),
        .files_arena = place->arena,
        .next_file = &place->files,
    };
    place->files = NULL;
    char *absolute = NULL;
    bool done = file_make_directories(AT_FDCWD, place->directory, error);
    if (done) {
        absolute = realpath(place->directory, NULL);
        done = absolute != NULL ||
               error_set_errno(error, ERROR_SYSTEM, errno, "%s", place->directory);
    }
    if (done)
        preview.directory = file_open_directory(AT_FDCWD, place->directory, error);
    if (preview.directory >= 0)
        preview.assets = file_open_directory(AT_FDCWD, place->assets, error);
    done = absolute && preview.assets >= 0 && preview_write(&preview, absolute, error);
    if (preview.directory >= 0)
        (void)close(preview.directory);
    if (preview.assets >= 0)
        (void)close(preview.assets);
    free(absolute);
    arena_release(&preview.arena);
    return done;
}
