/* SPDX-License-Identifier: MIT */
#include "publish/release_output.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/string_builder.h"
#include "presentation/presentation.h"
#include "publish/event.h"
#include "publish/output.h"
#include "publish/page.h"
#include "publish/picture.h"
#include "publish/picture_record.h"
#include "publish/site.h"
#include "publish/text_file.h"
#include "release/release.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* ---- assets ---- */

/* What the files of one release are written from, and to. */
struct release_writer {
    struct site *site;
    struct output *output;
    struct picture_records *records;
    struct presentation *shown;
};

/* Our own copy of the file; -1 with ERROR_INPUT. */
static int asset_open(const struct release_writer *writer, const struct release_asset *asset,
                      struct error *error)
{
    const char *source = arena_format(writer->shown->arena, "%s/%s",
                                      writer->site->settings->state_path,
                                      release_asset_path(writer->shown->arena, &asset->hash));
    /* Not the file in the drop directory, which may be another one by now. */
    int descriptor = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0)
        (void)error_set_errno(error, ERROR_INPUT, errno, "its copy %s", source);
    return descriptor;
}

static bool document_write(const struct release_writer *writer,
                           const struct presentation_file *asset, struct error *error)
{
    struct output *output = writer->output;
    /* Asked before the copy is opened, because a document may have hundreds of megabytes. */
    if (output_has(output, asset->full.path, &asset->asset->hash))
        return true;
    int descriptor = asset_open(writer, asset->asset, error);
    if (descriptor < 0)
        return error_prefix(error, "%s", asset->asset->file);
    bool done = output_put_copy(output, asset->full.path, &asset->asset->hash, descriptor, error);
    (void)close(descriptor);
    return done;
}

/* ---- pictures ---- */

/* Of each size its file, where the picture has one of its own. */
static const char *rendition_path(const struct presentation_file *asset, enum picture_size size)
{
    const struct presentation_rendition *const sizes[PICTURE_SIZES] = { &asset->full, &asset->web,
                                                                        &asset->small };
    bool is_own = size == PICTURE_SIZE_FULL ||
                  strcmp(sizes[size]->path, sizes[size - 1]->path) != 0;
    return is_own ? sizes[size]->path : NULL;
}

/* Whether all renditions of the record stand where the asset has them; they stay then. */
static bool picture_stands(const struct release_writer *writer, struct presentation_file *asset,
                           const struct picture_record *record)
{
    struct hash hash;
    if (!record->recipe)
        return false;
    presentation_measure(writer->shown, asset, record->renditions);
    for (enum picture_size size = 0; size < PICTURE_SIZES; size++) {
        const char *path = rendition_path(asset, size);
        picture_rendition_hash(&record->key, size, record->recipe, &hash);
        /* Asked of the manifest, not of the record: the picture may be new to this folder. */
        if (path && !output_has(writer->output, path, &hash))
            return false;
    }
    return true;
}

static bool picture_write(const struct release_writer *writer, struct presentation_file *asset,
                          const struct picture_record *record, const struct picture_made *made,
                          struct error *error)
{
    struct hash hash;
    presentation_measure(writer->shown, asset, made->renditions);
    for (enum picture_size size = 0; size < PICTURE_SIZES; size++) {
        const char *path = rendition_path(asset, size);
        const struct picture_image *image = &made->images[size];
        picture_rendition_hash(&record->key, size, PICTURE_RECIPE, &hash);
        if (path &&
            !output_put_binary(writer->output, path, &hash, image->bytes, image->length, error))
            return false;
    }
    return true;
}

/* Makes it anew. ERROR_INPUT where it cannot be; record->failed_recipe then says whether to try
 * again. */
static bool picture_renew(const struct release_writer *writer, struct presentation_file *asset,
                          struct picture_record *record, struct error *error)
{
    enum picture_trouble trouble = PICTURE_GOOD;
    struct picture_made made;
    int descriptor = asset_open(writer, asset->asset, error);
    if (descriptor < 0)
        return false;
    bool done = picture_made_fill(&made, site_pictures(writer->site), descriptor,
                                  picture_shown(asset->asset), &trouble, error);
    (void)close(descriptor);
    if (!done) {
        /* Without a trouble of its own (the reader could not be started, memory) the picture is
         * innocent and is tried again. */
        record->failed_recipe = trouble == PICTURE_GOOD ? 0 : PICTURE_RECIPE;
        record->trouble = trouble;
        return false;
    }
    done = picture_write(writer, asset, record, &made, error);
    record->recipe = PICTURE_RECIPE;
    record->failed_recipe = 0;
    record->trouble = PICTURE_GOOD;
    memcpy(record->renditions, made.renditions, sizeof record->renditions);
    picture_made_release(&made);
    return done;
}

/* Fills in the lengths of files that the record lacks; true where there were any. */
static bool record_fill_sizes(const struct output *output, const struct presentation_file *asset,
                              struct picture_record *record)
{
    bool is_new = false;
    for (enum picture_size size = 0; size < PICTURE_SIZES; size++) {
        const char *path = rendition_path(asset, size);
        if (!path || record->renditions[size].size_bytes)
            continue;
        record->renditions[size].size_bytes = output_size(output, path);
        is_new = true;
    }
    return is_new;
}

/* Publishes the release although the picture cannot be made: renditions that stand stay, and
 * without them the release goes without the picture. reason: NULL where it was logged before. True:
 * the record is to be stored. */
static bool picture_pass_over(const struct release_writer *writer, struct presentation_file *asset,
                              struct picture_record *record, const char *reason)
{
    const char *words = reason ? reason : picture_trouble_words(record->trouble);
    bool stands = picture_stands(writer, asset, record);
    bool is_more = stands && record_fill_sizes(writer->output, asset, record);
    if (stands)
        presentation_measure(writer->shown, asset, record->renditions);
    asset->is_unreadable = !stands;
    /* Logged once, by the run that tries to make the picture or writes the first page without it,
     * because nobody reads a line that comes with every run. */
    if (reason || (!stands && !output_exists(writer->output, writer->shown->folder)))
        log_line(LOG_WARNING, "release %s: %s: %s; %s", writer->shown->public_id,
                 asset->asset->file, words,
                 stands ? "what was published of it stays" : "published without it");
    return is_more || (reason && record->failed_recipe);
}

static bool picture_publish(const struct release_writer *writer, struct presentation_file *asset,
                            struct error *error)
{
    struct error reason = { .kind = ERROR_NONE };
    struct picture_record record;
    struct hash key;
    picture_key(asset->asset, &key);
    if (!picture_records_find(writer->records, &key, &record, error))
        return false;
    if (record.recipe == PICTURE_RECIPE && picture_stands(writer, asset, &record))
        return true;
    /* Tried once for each recipe, because a picture that cannot be made would cost its time in
     * every run. */
    bool is_known = record.failed_recipe == PICTURE_RECIPE;
    bool done = !is_known && picture_renew(writer, asset, &record, &reason);
    if (!done && !is_known && reason.kind != ERROR_INPUT) {
        *error = reason;
        return false;
    }
    if (done || picture_pass_over(writer, asset, &record, is_known ? NULL : reason.message))
        picture_records_put(writer->records, &record);
    return true;
}

static bool assets_write(const struct release_writer *writer, struct error *error)
{
    for (size_t i = 0; i < writer->shown->file_count; i++) {
        struct presentation_file *asset = &writer->shown->files[i];
        bool done = asset->asset->kind == RELEASE_IMAGE ? picture_publish(writer, asset, error)
                                                        : document_write(writer, asset, error);
        if (!done)
            return false;
    }
    return true;
}

/* ---- all of them ---- */

const char *release_output_owner(struct arena *arena, int64_t row_id)
{
    return arena_format(arena, "release:%lld", (long long)row_id);
}

const struct release_output release_outputs[] = {
    { "index.html", NULL, page_write_release },
    { "release.json", NULL, page_write_release_data },
    { PRESENTATION_CALENDAR, calendar_applies, calendar_write },
    { PRESENTATION_PLAIN_TEXT, text_applies, text_write },
};

const size_t release_output_count = sizeof release_outputs / sizeof release_outputs[0];

bool release_output_is_named(const char *name)
{
    for (size_t i = 0; i < release_output_count; i++)
        if (strcmp(release_outputs[i].name, name) == 0)
            return true;
    return false;
}

/* What is not handed in goes away by itself: a withdrawn invitation loses its calendar file with
 * the next flush. */
static bool texts_write(const struct release_writer *writer, struct error *error)
{
    const struct presentation *shown = writer->shown;
    struct string_builder text;
    bool done = true;
    string_builder_init(&text, 0);
    for (size_t i = 0; done && i < release_output_count; i++) {
        const struct release_output *one = &release_outputs[i];
        if (one->applies && !one->applies(shown))
            continue;
        const char *path = arena_format(shown->arena, "%s%s", shown->folder, one->name);
        string_builder_clear(&text);
        done = one->write(writer->site, shown, &text, error) &&
               output_put_text(writer->output, path, OUTPUT_PAGE, text.data, text.length, error);
    }
    string_builder_release(&text);
    return done;
}

bool release_output_write(struct site *site, struct output *output, struct picture_records *records,
                          struct presentation *shown, struct error *error)
{
    const struct release_writer writer = { site, output, records, shown };
    const char *owner = release_output_owner(shown->arena, shown->row_id);
    if (!output_begin_folder(output, owner, shown->folder, error))
        return false;
    /* Without names there is nothing to write: of a withdrawn release only the notice is handed
     * in, and all else goes. */
    if (!shown->is_withdrawn)
        presentation_name_files(shown, release_output_is_named);
    /* Files first, because the page says how large they came out. Where one fails nothing of the
     * release changes, and what stands of it stays whole. */
    if (!assets_write(&writer, error) || !texts_write(&writer, error)) {
        output_cancel(output);
        return error_prefix(error, "release %s", shown->public_id);
    }
    output_end(output);
    return true;
}
