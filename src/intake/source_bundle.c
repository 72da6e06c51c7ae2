/* SPDX-License-Identifier: MIT */
#include "intake/source_bundle.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "intake/asset.h"
#include "intake/drop_directory.h"
#include "intake/format_advice.h"
#include "intake/intake.h"
#include "intake/reader.h"
#include "intake/sidecar.h"
#include "release/release.h"
#include "release/text_sketch.h"
#include "rich_text/rich_text.h"

#include <string.h>

enum { TEXT_DEFAULT = 2 * 1024 * 1024 };

static void refuse(struct source_bundle *bundle, const char *file, enum intake_message_id id,
                   const char *a, const char *b)
{
    bundle->problems.file = file;
    intake_problem_add(&bundle->problems, INTAKE_REFUSED, 0, id, a, b);
}

/* Reads a text or sidecar; NULL, with the problem, where that cannot be. */
static const char *read_file(const struct source_bundle_context *context,
                             struct source_bundle *bundle, const char *path, struct arena *arena,
                             size_t *length)
{
    static const enum intake_message_id messages[] = {
        [ASSET_TROUBLE_MISSING] = INTAKE_MESSAGE_NOT_A_FILE,
        [ASSET_TROUBLE_LINK] = INTAKE_MESSAGE_IS_LINK,
        [ASSET_TROUBLE_OUTSIDE] = INTAKE_MESSAGE_NOT_A_FILE,
        [ASSET_TROUBLE_FOLDER] = INTAKE_MESSAGE_NOT_A_FILE,
        [ASSET_TROUBLE_SPECIAL] = INTAKE_MESSAGE_NOT_A_FILE,
        [ASSET_TROUBLE_UNREADABLE] = INTAKE_MESSAGE_UNREADABLE,
        [ASSET_TROUBLE_TOO_LARGE] = INTAKE_MESSAGE_TEXT_TOO_LARGE,
    };
    enum asset_trouble trouble = ASSET_TROUBLE_NONE;
    const struct intake_settings *settings = context->settings;
    const struct intake_format *format = intake_format_of(path);
    int64_t maximum = settings->text_maximum_bytes ? (int64_t)settings->text_maximum_bytes
                                                   : TEXT_DEFAULT;
    if (format && format->is_rich && maximum < RICH_TEXT_BYTES_MAXIMUM) /* it holds its pictures */
        maximum = RICH_TEXT_BYTES_MAXIMUM;
    const char *bytes = asset_read_text(context->directory, path, maximum, arena, length, &trouble);
    if (bytes)
        return bytes;
    if (trouble == ASSET_TROUBLE_MISSING) /* it was removed since the scan */
        bundle->is_unstable = true;
    refuse(bundle, path, messages[trouble],
           arena_format(arena, "%lld MB", (long long)maximum / 1000000), NULL);
    return NULL;
}

static void fetch_source(const struct source_bundle_context *context, struct source_bundle *bundle,
                         struct arena *arena)
{
    const struct drop_entry *entry = bundle->entry;
    struct intake_source *source = arena_allocate(arena, sizeof *source);
    *source = (struct intake_source){ .name = entry->text,
                                      .sidecar_name = entry->sidecar,
                                      .zone = context->zone,
                                      .language = context->settings->language,
                                      .words = context->settings->words,
                                      .locale = context->settings->locale,
                                      .now_at = context->now_at,
                                      .publisher = context->settings->publisher,
                                      .embargo = &bundle->embargo };
    version_name_read(context->directory, entry, context->settings, arena, &bundle->version);
    source->name_language = bundle->version.language;
    source->bytes = read_file(context, bundle, entry->text, arena, &source->length);
    if (source->bytes && entry->sidecar)
        source->sidecar_bytes = read_file(context, bundle, entry->sidecar, arena,
                                          &source->sidecar_length);
    if (!source->bytes || (entry->sidecar && !source->sidecar_bytes))
        return;
    bundle->text_bytes = source->length;
    struct hash_state state; /* tells whether anybody has edited them, whatever their times say */
    hash_init(&state);
    hash_update(&state, source->bytes, source->length);
    if (source->sidecar_bytes)
        hash_update_string(&state, source->sidecar_bytes);
    hash_final(&state, &bundle->source_hash);
    bundle->source = source;
}

static bool read_texts(const struct source_bundle_context *context, struct source_bundle *bundle,
                       struct intake_text *text, struct arena *arena, struct error *error)
{
    struct intake_reader *reader = context->settings->reader;
    if (!bundle->source)
        return true;
    if (!reader->read(reader, arena, bundle->source, text, &bundle->problems, error))
        return false;
    bundle->release = text->release;
    return true;
}

/* Fills in what the text does not say with the newsroom's defaults. A version takes its type from
 * its original. */
static void set_defaults(const struct intake_settings *settings, const struct source_bundle *bundle)
{
    struct release *release = bundle->release;
    if (!release->language)
        release->language = settings->language;
    if (!release->type && !release->translation_of && !bundle->version.language)
        release->type = INTAKE_TYPE_DEFAULT;
}

/* Refuses a release that would be too large to store and read back. Room is left for its id and
 * what it takes from its original, which are only added when it is stored: a failing store would
 * stop the whole run. */
static void check_document(struct source_bundle *bundle, struct arena *arena)
{
    enum { GIVEN_LATER_BYTES = 16 * 1024 };

    struct string_builder document;
    struct error error;
    if (bundle->problems.refused || release_document_is_small(bundle->release))
        return;
    string_builder_init(&document, 0);
    if (!release_write_document(&document, bundle->release, &error) ||
        document.length > RELEASE_DOCUMENT_MAXIMUM - GIVEN_LATER_BYTES)
        refuse(bundle, bundle->entry->text, INTAKE_MESSAGE_TEXT_TOO_LARGE,
               arena_format(arena, "%d MB", RELEASE_DOCUMENT_MAXIMUM / 1000000), NULL);
    string_builder_release(&document);
}

/* The stat fingerprint, including files that a single text names and that the entry does not list.
 * */
static const char *stat_fingerprint_of(const struct source_bundle_context *context,
                                       const struct source_bundle *bundle,
                                       const struct intake_mention *mentions, struct arena *arena)
{
    size_t count = 0;
    const char **names = NULL;
    if (!*bundle->entry->folder) {
        for (const struct intake_mention *mention = mentions; mention; mention = mention->next)
            count++;
        names = arena_allocate_array(arena, count + 1, sizeof *names);
        count = 0;
        for (const struct intake_mention *mention = mentions; mention; mention = mention->next)
            names[count++] = arena_format(arena, "%s%s", bundle->entry->container, mention->asset);
    }
    return drop_entry_stat_fingerprint(context->directory, bundle->entry, names, count, arena);
}

static const char *file_of(const struct source_bundle *bundle)
{
    return bundle->entry->text ? bundle->entry->text : bundle->entry->path;
}

/* What is no text is told by what it is, which its name need not say. */
static void refuse_trouble(const struct source_bundle_context *context,
                           struct source_bundle *bundle, struct arena *arena)
{
    const struct drop_entry *entry = bundle->entry;
    const char *file = file_of(bundle);
    struct intake_message message = { .id = entry->trouble };
    bundle->problems.file = file;
    if (entry->trouble == INTAKE_MESSAGE_FORMAT_UNREAD) {
        message = format_advice(arena, file, file_kind_read(context->directory, file));
    } else if (entry->trouble == INTAKE_MESSAGE_FOLDER_NO_TEXT && entry->trouble_a) {
        const char *path = arena_format(arena, "%s%s", entry->folder, entry->trouble_a);
        message = format_advice_of_folder(arena, entry->trouble_a,
                                          file_kind_read(context->directory, path));
    } else if (entry->trouble == INTAKE_MESSAGE_FOLDER_NO_TEXT) {
        message.values[1] = format_wanted(arena);
    } else {
        message.values[0] = intake_value_given(entry->trouble_a);
        message.values[1] = intake_value_given(entry->trouble_b);
    }
    intake_problem_add_message(&bundle->problems, INTAKE_REFUSED, 0, &message);
}

void source_bundle_fetch(const struct source_bundle_context *context,
                         const struct drop_entry *entry, struct arena *arena,
                         struct source_bundle *bundle)
{
    *bundle = (struct source_bundle){ .entry = entry };
    if (context->scan) /* a file elsewhere lies in no container */
        (void)drop_container_length(context->settings, entry->path, &bundle->place);
    intake_problem_list_init(&bundle->problems, arena, file_of(bundle));
    if (!entry->has_trouble)
        fetch_source(context, bundle, arena);
}

bool source_bundle_begin(const struct source_bundle_context *context, struct source_bundle *bundle)
{
    struct intake_reader *reader = context->settings->reader;
    return !bundle->source || (reader->begin && reader->begin(reader, bundle->source));
}

bool source_bundle_read_fetched(const struct source_bundle_context *context,
                                struct source_bundle *bundle, struct arena *arena,
                                struct error *error)
{
    struct intake_text text = { .release = NULL };
    const struct drop_entry *entry = bundle->entry;
    const char *file = file_of(bundle);
    if (entry->has_trouble)
        refuse_trouble(context, bundle, arena);
    else if (!read_texts(context, bundle, &text, arena, error))
        return error_prefix(error, "%s", file);
    if (entry->misnamed_sidecar && !entry->has_trouble)
        refuse(bundle, file, INTAKE_MESSAGE_SIDECAR_NAME, entry->misnamed_sidecar,
               sidecar_name(arena, file));
    if (entry->bad_name)
        intake_problem_add(&bundle->problems, INTAKE_WARNING, 0, INTAKE_MESSAGE_FOLDER_BAD_NAME,
                           entry->bad_name, NULL);
    bundle->stat_fingerprint = stat_fingerprint_of(context, bundle, text.mentions, arena);
    if (!bundle->release)
        return true;
    bundle->parts = text.parts;
    set_defaults(context->settings, bundle);
    if (!source_bundle_take_assets(context, bundle, &text, arena, error))
        return error_prefix(error, "%s", file);
    bundle->problems.file = file;
    check_document(bundle, arena);
    if (!bundle->problems.refused)
        release_content_hash(bundle->release, &bundle->content_hash);
    return true;
}

bool source_bundle_read(const struct source_bundle_context *context, const struct drop_entry *entry,
                        struct arena *arena, struct source_bundle *bundle, struct error *error)
{
    source_bundle_fetch(context, entry, arena, bundle);
    return source_bundle_read_fetched(context, bundle, arena, error);
}

const struct text_sketch *source_bundle_sketch(struct source_bundle *bundle)
{
    if (bundle->sketch)
        return bundle->sketch;
    struct text_sketch *sketch = arena_allocate(bundle->problems.arena, sizeof *sketch);
    text_sketch_make(bundle->release->body, sketch);
    bundle->sketch = sketch;
    return sketch;
}
