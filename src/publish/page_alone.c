/* SPDX-License-Identifier: MIT */
#include "publish/alone.h"
#include "publish/publish.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/html.h"
#include "base/log.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "presentation/presentation.h"
#include "publish/page.h"
#include "publish/picture.h"
#include "publish/present.h"
#include "publish/preview.h"
#include "publish/release_output.h"
#include "publish/site.h"
#include "publish/update_time.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct making {
    const struct publish_settings *settings;
    struct publish_page_alone *wanted;
    struct arena *arena;
    struct site site;
    struct presentation *shown;
    const struct publish_alone_picture *pictures;
    int64_t now_at;
};

/* ---- what is shown ---- */

/* The row as it will be when this revision is what is public. */
static void row_make(struct making *making, struct release_row *row)
{
    const struct publish_page_alone *wanted = making->wanted;
    const struct release_row *known = wanted->row;
    preview_row_fill(making->settings, making->arena, wanted->release, making->now_at, row);
    if (!known)
        return;
    row->row_id = known->row_id;
    row->public_id = known->public_id;
    row->original_row_id = known->original_row_id;
    row->content_hash = known->content_hash;
    if (wanted->revision)
        row->revision = wanted->revision;
    if (known->public_at != INSTANT_NONE) {
        row->slug = known->slug;
        row->year = known->year;
        row->public_at = known->public_at;
        row->updated_at = known->updated_at;
        if (wanted->revision != known->public_revision && row->correction && *row->correction)
            row->updated_at = update_time_after(making->now_at, known->public_at);
    } else if (known->due_at != INSTANT_NONE && known->due_at > making->now_at) {
        row->public_at = row->updated_at = known->due_at;
    }
    if (known->withdrawn_at != INSTANT_NONE || known->status == RELEASE_WITHDRAWN) {
        row->withdrawn_at = known->withdrawn_at ? known->withdrawn_at : making->now_at;
        row->withdrawal_reason = known->withdrawal_reason;
    }
}

/* ---- pictures ---- */

static int stored_open(struct making *making, const struct release_asset *asset,
                       struct error *error)
{
    const char *path = arena_format(making->arena, "%s/%s", making->settings->state_path,
                                    release_asset_path(making->arena, &asset->hash));
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0)
        (void)error_set_errno(error, ERROR_INPUT, errno, "its copy %s", path);
    return descriptor;
}

static int file_open(struct making *making, const struct release_asset *asset, struct error *error)
{
    const struct publish_files *files = making->wanted->files;
    return files ? files->open(files->payload, asset, error) : stored_open(making, asset, error);
}

static void picture_keep(struct making *making, const char *url, const char *media_type,
                         const struct picture_image *image, const struct picture_image *small)
{
    struct arena *arena = making->arena;
    struct publish_alone_picture *kept = arena_allocate(arena, sizeof *kept);
    *kept = (struct publish_alone_picture){
        .url = url,
        .media_type = media_type,
        .bytes = arena_copy_bytes(arena, image->bytes, image->length),
        .length = image->length,
        .next = making->pictures,
    };
    if (small->bytes && small->length < image->length) {
        kept->small_bytes = arena_copy_bytes(arena, small->bytes, small->length);
        kept->small_length = small->length;
    }
    making->pictures = kept;
}

static const struct picture_image *image_shown(const struct picture_made *made,
                                               enum picture_size size)
{
    const struct picture_image *image = &made->images[size];
    while (image > made->images && !image->bytes)
        image--;
    return image;
}

/* A picture's own fault leaves it out, as in a run. */
static bool picture_take(struct making *making, struct presentation_file *file, struct error *error)
{
    struct error reason = { .kind = ERROR_NONE };
    struct picture_made made = { .images = { { 0 } } };
    enum picture_trouble trouble = PICTURE_GOOD;
    int descriptor = file_open(making, file->asset, &reason);
    bool done = descriptor >= 0 &&
                picture_made_fill(&made, site_pictures(&making->site), descriptor,
                                  picture_shown(file->asset), &trouble, &reason);
    if (descriptor >= 0)
        (void)close(descriptor);
    if (done) {
        const struct picture_image *small = image_shown(&made, PICTURE_SIZE_SMALL);
        presentation_measure(making->shown, file, made.renditions);
        picture_keep(making, file->web.url, file->web.media_type,
                     image_shown(&made, PICTURE_SIZE_WEB), small);
        if (strcmp(file->small.url, file->web.url) != 0)
            picture_keep(making, file->small.url, file->small.media_type, small, small);
        picture_made_release(&made);
        return true;
    }
    if (reason.kind != ERROR_INPUT) {
        *error = reason;
        return false;
    }
    log_line(LOG_WARNING, "%s: %s; shown without it", file->asset->file, reason.message);
    file->is_unreadable = true;
    return true;
}

static bool files_take(struct making *making, struct error *error)
{
    struct presentation *shown = making->shown;
    bool done = true;
    if (shown->is_withdrawn)
        return true;
    presentation_name_files(shown, release_output_is_named);
    for (size_t i = 0; done && i < shown->file_count; i++)
        if (shown->files[i].is_picture)
            done = picture_take(making, &shown->files[i], error);
    return done;
}

/* ---- the line above it ---- */

static const char *words(const struct making *making, const char *key)
{
    return site_string(&making->site, making->settings->newsroom->language, key);
}

static const char *date_words(const struct making *making, int64_t at)
{
    const struct wording wording = { .locale = making->settings->locale,
                                     .strings = making->settings->strings,
                                     .language = making->settings->newsroom->language };
    return wording_date(&wording, making->arena, at);
}

/* What a release is that a run has taken; NULL: nothing but what its status says. */
static const char *row_words(const struct making *making, const struct release_row *row)
{
    if (row->withdrawn_at != INSTANT_NONE)
        return "preview_withdrawn";
    if (row->place == RELEASE_PLACE_DRAFTS)
        return "preview_draft";
    if (row->approval == RELEASE_APPROVAL_AWAITED && row->status == RELEASE_READY)
        return row->changes == RELEASE_CHANGES_OPEN ? "preview_changes" : "preview_awaited";
    if (row->public_at == INSTANT_NONE)
        return NULL;
    return making->wanted->revision == row->public_revision ? "preview_public" : "preview_changed";
}

/* What the release is at the moment. */
static const char *state_words(const struct making *making)
{
    const struct release_row *row = making->wanted->row;
    const struct release *release = making->wanted->release;
    enum release_status status = row ? row->status : release->status;
    int64_t due_at = row ? row->due_at : release_due_at(release->published_at, release->embargo_at);
    const char *key = row ? row_words(making, row) : NULL;
    if (!key && status == RELEASE_WITHDRAWN)
        key = "preview_withdrawn";
    if (!key && status == RELEASE_DRAFT)
        key = "preview_draft";
    if (!key && due_at > making->now_at)
        return strings_format(making->arena, words(making, "preview_scheduled"), "date",
                              date_words(making, due_at), NULL);
    return words(making, key ? key : "preview_ready");
}

static const char *banner_make(const struct making *making)
{
    /* Styles of its own, because the newsroom's sheet may be any. */
    static const char start[] =
        "\n<aside lang=\"%s\" style=\"box-sizing:border-box;margin:0;padding:14px 20px;"
        "border-bottom:4px solid #8a5a00;background:#fff3d0;color:#2b2000;text-align:center;"
        "font:16px/1.45 -apple-system,'Segoe UI',Roboto,'Liberation Sans',Helvetica,Arial,"
        "sans-serif\"><strong style=\"display:block;font-size:19px\">";
    const struct publish_page_alone *wanted = making->wanted;
    struct string_builder banner;
    string_builder_init(&banner, 0);
    string_builder_append_format(&banner, start, making->settings->newsroom->language);
    html_append(&banner, words(making, "preview_banner"));
    string_builder_append(&banner, "</strong>");
    html_append(&banner, state_words(making));
    string_builder_append(&banner, " ");
    html_append(&banner,
                strings_format(
                    making->arena, words(making, "preview_made"), "date",
                    date_words(making, wanted->made_at ? wanted->made_at : making->now_at), NULL));
    string_builder_append(&banner, " ");
    html_append(&banner, words(making, "preview_private"));
    string_builder_append(&banner, "</aside>\n");
    const char *copy = arena_copy(making->arena, banner.data);
    string_builder_release(&banner);
    return copy;
}

static const char *left_out_make(const struct making *making)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    string_builder_append(&text, "<span style=\"display:block;padding:1.5em;border:2px dashed "
                                 "currentColor;text-align:center\">");
    html_append(&text, words(making, "preview_left_out"));
    string_builder_append(&text, "</span>");
    const char *copy = arena_copy(making->arena, text.data);
    string_builder_release(&text);
    return copy;
}

/* ---- the page ---- */

static bool page_append(struct making *making, struct string_builder *page, struct error *error)
{
    struct publish_page_alone *wanted = making->wanted;
    struct publish_alone *alone = arena_allocate(making->arena, sizeof *alone);
    struct string_builder html;
    string_builder_init(&html, 0);
    *alone = (struct publish_alone){ .pictures = making->pictures,
                                     .left_out = left_out_make(making) };
    struct publish_alone whole = *alone;
    whole.style = making->settings->style;
    whole.style_length = making->settings->style_length;
    whole.banner = banner_make(making);
    /* Of what is public already the addresses are there. */
    if (!wanted->row || wanted->row->public_at == INSTANT_NONE)
        whole.own_url = making->shown->url;
    bool done = page_write_release(&making->site, making->shown, &html, error);
    if (done)
        publish_alone_write(&whole, html.data, page);
    if (done && string_builder_overflowed(page))
        done = error_set(error, ERROR_INPUT, "its preview is longer than %zu bytes",
                         wanted->maximum_bytes);
    string_builder_release(&html);
    wanted->presentation = making->shown;
    wanted->alone = alone;
    return done;
}

bool publish_page_alone(const struct publish_settings *settings, const struct clock *clock,
                        struct publish_page_alone *wanted, struct string_builder *page,
                        struct error *error)
{
    /* Nobody can sign up on a page that is no page of the site. */
    struct publish_settings *own = arena_allocate(wanted->arena, sizeof *own);
    struct presentation_settings *presented = arena_allocate(wanted->arena, sizeof *presented);
    struct release_row *row = arena_allocate(wanted->arena, sizeof *row);
    *own = *settings;
    own->signup_url = own->signup_address = NULL;
    struct making making = {
        .settings = own, .wanted = wanted, .arena = wanted->arena, .now_at = clock_now(clock)
    };
    site_init(&making.site, own, wanted->database, making.now_at, NULL, 0);
    *presented = site_presentation(wanted->arena, settings);
    row_make(&making, row);
    making.shown = arena_allocate(wanted->arena, sizeof *making.shown);
    presentation_init(making.shown, wanted->arena, presented, row, wanted->release);
    bool done = files_take(&making, error) &&
                (!wanted->database || !row->row_id ||
                 present_versions(making.shown, wanted->database, NULL, 0, error)) &&
                page_append(&making, page, error);
    site_release(&making.site);
    return done;
}
