/* SPDX-License-Identifier: MIT */
#include "publish/publish.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "presentation/presentation.h"
#include "publish/feed_entry.h"
#include "publish/feed_writer.h"
#include "publish/page.h"
#include "publish/picture.h"
#include "publish/preview.h"
#include "publish/release_output.h"
#include "publish/site.h"
#include "publish/update_time.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MODE = 0644, DOCUMENT_BYTES_MAXIMUM = 128 * 1024 * 1024 };

struct preview {
    const struct publish_settings *settings;
    const struct release *release;
    struct publish_preview *place;
    struct arena *arena;
    int directory; /* to be written to */
    int64_t now_at;
    struct picture_rendition (*renditions)[PICTURE_SIZES]; /* of each file */
};

static const char *topics_joined(struct arena *arena, const struct release *release)
{
    const char *topics = "";
    for (const struct release_topic *topic = release->topics; topic; topic = topic->next)
        topics = arena_format(arena, "%s%s%s", topics, *topics ? " " : "", topic->name);
    return topics;
}

void preview_row_fill(const struct publish_settings *settings, struct arena *arena,
                      const struct release *release, int64_t now_at, struct release_row *row)
{
    /* Shown as on the day it comes out; a draft has no time yet and is shown as of now. */
    int64_t due_at = release_due_at(release->published_at ? release->published_at : now_at,
                                    release->embargo_at);
    struct civil_time civil;
    zone_civil(locale_context_zone(settings->locale), due_at, &civil);
    const char *language = release->language ? release->language : settings->newsroom->language;
    *row = (struct release_row){
        .public_id = release->public_id ? release->public_id : "preview",
        .title = release->title,
        .language = language,
        .type = release->type ? release->type : "press-release",
        .topics = topics_joined(arena, release),
        .topic_labels = release_topic_labels(arena, release->topics),
        .status = release->status,
        .public_at = due_at,
        .updated_at = release->status == RELEASE_WITHDRAWN ? now_at : due_at,
        .withdrawn_at = release->status == RELEASE_WITHDRAWN ? now_at : INSTANT_NONE,
        .withdrawal_reason = release->withdrawal_reason,
        .correction = release->correction,
        .revision = 1,
        .year = (int)civil.year,
    };
    row->slug = publish_slug(settings, arena, row, 1);
    /* A correction is shown as readers of the first text will see it. */
    if (release->correction)
        row->updated_at = update_time_after(now_at, due_at);
}

static bool file_put(struct preview *preview, const char *path, const void *bytes, size_t length,
                     struct error *error)
{
    char *folder = arena_copy(preview->arena, path);
    char *slash = strrchr(folder, '/');
    if (slash) {
        *slash = '\0';
        if (!file_make_directories(preview->directory, folder, error))
            return false;
    }
    /* Whole or not at all, because a browser may have the last preview open. */
    return file_write_atomic(preview->directory, path, bytes, length, FILE_MODE, error);
}

/* ---- pictures and documents ---- */

static bool picture_put(struct preview *preview, const struct presentation *shown,
                        struct presentation_file *file, const struct picture_made *made,
                        struct error *error)
{
    presentation_measure(shown, file, made->renditions);
    const char *const paths[PICTURE_SIZES] = { file->full.path, file->web.path, file->small.path };
    for (enum picture_size size = 0; size < PICTURE_SIZES; size++) {
        const struct picture_image *image = &made->images[size];
        if (image->bytes && !file_put(preview, paths[size], image->bytes, image->length, error))
            return false;
    }
    return true;
}

/* A picture that cannot be made is left out, with a warning. */
static bool picture_preview(struct preview *preview, struct site *site, struct presentation *shown,
                            size_t index, struct error *error)
{
    struct presentation_file *file = &shown->files[index];
    struct error reason = { .kind = ERROR_NONE };
    struct picture_made made = { .images = { { 0 } } };
    enum picture_trouble trouble;
    const struct publish_files *files = preview->place->files;
    int descriptor = files->open(files->payload, file->asset, &reason);
    bool done = descriptor >= 0 &&
                picture_made_fill(&made, site_pictures(site), descriptor,
                                  picture_shown(file->asset), &trouble, &reason) &&
                picture_put(preview, shown, file, &made, &reason);
    if (descriptor >= 0)
        (void)close(descriptor);
    /* Kept for the entries, whose addresses differ and whose pictures are the same. */
    memcpy(preview->renditions[index], made.renditions, sizeof made.renditions);
    picture_made_release(&made);
    if (done)
        return true;
    /* As in a run: a picture's own fault leaves it out, anything else ends the command. */
    if (reason.kind != ERROR_INPUT) {
        *error = reason;
        return false;
    }
    log_line(LOG_WARNING, "%s: %s; shown without it", file->asset->file, reason.message);
    file->is_unreadable = true;
    return true;
}

static bool document_put(struct preview *preview, struct presentation_file *file,
                         struct error *error)
{
    const struct publish_files *files = preview->place->files;
    int descriptor = files->open(files->payload, file->asset, error);
    struct string_builder source;
    if (descriptor < 0)
        return false;
    string_builder_init(&source, DOCUMENT_BYTES_MAXIMUM);
    bool done = file_read_descriptor(descriptor, file->asset->file, &source, error) &&
                file_put(preview, file->full.path, source.data, source.length, error);
    (void)close(descriptor);
    if (done)
        file->full.size_bytes = file->web.size_bytes = (int64_t)source.length;
    string_builder_release(&source);
    return done;
}

static bool files_put(struct preview *preview, struct site *site, struct presentation *shown,
                      struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < shown->file_count; i++) {
        struct presentation_file *file = &shown->files[i];
        done = file->is_picture ? picture_preview(preview, site, shown, i, error)
                                : document_put(preview, file, error);
    }
    return done;
}

/* ---- page and entry ---- */

static bool text_put(struct preview *preview, const char **names, const char *path,
                     const struct string_builder *text, struct error *error)
{
    *names = *names ? arena_format(preview->arena, "%s, %s", *names, path) : path;
    return file_put(preview, path, text->data, text->length, error);
}

/* A page of the preview is opened as a file: its addresses are file:// ones. */
static const char *folder_url(struct arena *arena, const char *path)
{
    struct string_builder url;
    string_builder_init(&url, 0);
    string_builder_append(&url, "file://");
    for (const char *at = path; *at; at++) {
        if ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
            (*at >= '0' && *at <= '9') || strchr("/-_.~", *at))
            string_builder_append_character(&url, *at);
        else
            string_builder_append_format(&url, "%%%02X", (unsigned)(unsigned char)*at);
    }
    string_builder_append_character(&url, '/');
    const char *copy = arena_copy(arena, url.data);
    string_builder_release(&url);
    return copy;
}

static bool page_put(struct preview *preview, struct site *site, struct presentation *shown,
                     struct error *error)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    bool done = file_put(preview, site->style_path, preview->settings->style,
                         preview->settings->style_length, error) &&
                files_put(preview, site, shown, error);
    for (size_t i = 0; done && i < release_output_count; i++) {
        const struct release_output *one = &release_outputs[i];
        if (one->applies && !one->applies(shown))
            continue;
        const char *path = arena_format(preview->arena, "%s%s", shown->folder, one->name);
        string_builder_clear(&text);
        done = one->write(site, shown, &text, error) &&
               text_put(preview, &preview->place->page_files, path, &text, error);
    }
    string_builder_release(&text);
    return done;
}

static bool entries_put(struct preview *preview, struct site *site,
                        const struct presentation *shown, struct error *error)
{
    const struct feed_entry *entry = feed_entry_new(shown);
    struct feed_document document = {
        .site = site,
        .id = "preview",
        .title = site->settings->newsroom->name,
        .language = shown->language,
        .home_url = site_list_url(site, preview->arena, shown->language, ""),
        .updated_at = entry->shown->updated_at,
        .entries = &entry,
        .entry_count = 1,
    };
    struct string_builder text;
    string_builder_init(&text, 0);
    bool done = true;
    for (size_t i = 0; done && i < feed_format_count; i++) {
        const char *path = arena_format(preview->arena, "entry.%s", feed_formats[i].extension);
        document.self_url = site_url(site, preview->arena, path);
        string_builder_clear(&text);
        done = feed_writer(feed_formats[i].format)(&document, &text, error) &&
               text_put(preview, &preview->place->entry_files, path, &text, error);
    }
    string_builder_release(&text);
    return done;
}

/* The page with addresses of the folder; the entries with those of the site, where the files would
 * stand. */
static bool preview_write(struct preview *preview, const char *directory, struct presentation *page,
                          struct error *error)
{
    struct arena *arena = preview->arena;
    struct presentation_settings *folder = arena_allocate(arena, sizeof *folder);
    struct presentation entry;
    struct release_row row;
    struct site site;
    preview_row_fill(preview->settings, arena, preview->release, preview->now_at, &row);
    site_init(&site, preview->settings, NULL, preview->now_at, NULL, 0);
    presentation_init(&entry, arena, &site.presentation, &row, preview->release);
    presentation_name_files(&entry, release_output_is_named);
    *folder = site_presentation(arena, preview->settings);
    folder->home = folder_url(arena, directory);
    /* A fixed name, so that a second preview replaces the first whatever the title is by now. */
    folder->folder = "page/";
    presentation_init(page, arena, folder, &row, preview->release);
    presentation_name_files(page, release_output_is_named);
    preview->renditions = arena_allocate_array(arena, page->file_count,
                                               sizeof *preview->renditions);
    site.presentation.home = folder->home;
    bool done = page_put(preview, &site, page, error);
    site.presentation.home = preview->settings->newsroom->site_url;
    for (size_t i = 0; done && i < entry.file_count; i++) {
        const struct presentation_file *made = &page->files[i];
        entry.files[i].is_unreadable = made->is_unreadable;
        entry.files[i].full.size_bytes = entry.files[i].web.size_bytes = made->full.size_bytes;
        /* Not one that could not be made: its sizes are zero, and so it has no address. */
        if (made->full.width)
            presentation_measure(&entry, &entry.files[i], preview->renditions[i]);
    }
    done = done && entries_put(preview, &site, &entry, error);
    /* The mail names the page as it will be called; its pictures lie in the folder. */
    page->url = entry.url;
    site_release(&site);
    return done;
}

bool publish_preview(const struct publish_settings *settings, const struct release *release,
                     const struct clock *clock, struct publish_preview *place, struct error *error)
{
    struct preview preview = {
        .settings = settings,
        .release = release,
        .place = place,
        .directory = -1,
        .now_at = clock_now(clock),
        .arena = place->arena,
    };
    struct presentation *page = arena_allocate(place->arena, sizeof *page);
    place->presentation = page;
    place->page_files = place->entry_files = NULL;
    char *absolute = NULL;
    bool done = file_make_directories(AT_FDCWD, place->directory, error);
    if (done) {
        /* A file:// address has to be absolute, and the path given is mostly a relative one. */
        absolute = realpath(place->directory, NULL);
        done = absolute != NULL ||
               error_set_errno(error, ERROR_SYSTEM, errno, "%s", place->directory);
    }
    if (done)
        preview.directory = file_open_directory(AT_FDCWD, place->directory, error);
    done = absolute && preview.directory >= 0 && preview_write(&preview, absolute, page, error);
    if (preview.directory >= 0)
        (void)close(preview.directory);
    free(absolute);
    return done;
}
