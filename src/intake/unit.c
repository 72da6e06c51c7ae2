/* SPDX-License-Identifier: MIT */
#include "intake/unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "intake/asset.h"
#include "intake/drop_directory.h"
#include "intake/intake.h"
#include "intake/reader.h"
#include "intake/reading.h"
#include "intake/sidecar.h"
#include "release/release.h"
#include "release/text_sketch.h"

#include <string.h>

enum { TEXT_DEFAULT = 2 * 1024 * 1024 };

static void refuse(struct intake_unit *unit, const char *file, enum intake_message_id id,
                   const char *a, const char *b)
{
    unit->problems.file = file;
    intake_problem_add(&unit->problems, INTAKE_REFUSED, 0, id, a, b);
}

static int64_t text_maximum(const struct intake_settings *settings)
{
    return settings->text_maximum_bytes ? (int64_t)settings->text_maximum_bytes : TEXT_DEFAULT;
}

/* Reads a text or sidecar; NULL, with the problem, where that cannot be. */
static const char *read_file(const struct unit_context *context, struct intake_unit *unit,
                             const char *path, struct arena *arena, size_t *length)
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
    int64_t maximum = text_maximum(context->settings);
    const char *bytes = asset_read_text(context->directory, path, maximum, arena, length, &trouble);
    if (bytes)
        return bytes;
    if (trouble == ASSET_TROUBLE_MISSING) /* taken away since we looked */
        unit->is_restless = true;
    refuse(unit, path, messages[trouble],
           arena_format(arena, "%lld MB", (long long)maximum / 1000000), NULL);
    return NULL;
}

/* To tell whether anybody has edited it, whatever its times say. */
static void hash_source(const struct intake_source *source, struct hash *hash)
{
    struct hash_state state;
    hash_init(&state);
    hash_update(&state, source->bytes, source->length);
    if (source->sidecar_bytes)
        hash_update_string(&state, source->sidecar_bytes);
    hash_final(&state, hash);
}

static void fetch_source(const struct unit_context *context, struct intake_unit *unit,
                         struct arena *arena)
{
    const struct drop_entry *entry = unit->entry;
    struct intake_source *source = arena_allocate(arena, sizeof *source);
    *source = (struct intake_source){ .name = entry->text,
                                      .sidecar_name = entry->sidecar,
                                      .zone = context->zone,
                                      .language = context->settings->language,
                                      .words = context->settings->words,
                                      .locale = context->settings->locale,
                                      .now_at = context->now_at,
                                      .publisher = context->settings->publisher,
                                      .embargo = &unit->embargo };
    version_name_read(context->directory, entry, context->settings, arena, &unit->version);
    source->name_language = unit->version.language;
    source->bytes = read_file(context, unit, entry->text, arena, &source->length);
    if (source->bytes && entry->sidecar)
        source->sidecar_bytes = read_file(context, unit, entry->sidecar, arena,
                                          &source->sidecar_length);
    if (!source->bytes || (entry->sidecar && !source->sidecar_bytes))
        return;
    unit->text_bytes = source->length;
    hash_source(source, &unit->source_hash);
    unit->source = source;
}

static bool read_texts(const struct unit_context *context, struct intake_unit *unit,
                       struct intake_mention **mentions, struct arena *arena, struct error *error)
{
    struct intake_reader *reader = context->settings->reader;
    struct intake_text text;
    if (!unit->source)
        return true;
    if (!reader->read(reader, arena, unit->source, &text, &unit->problems, error))
        return false;
    unit->release = text.release;
    *mentions = text.mentions;
    return true;
}

/* What the text does not say is what the newsroom usually means. A version's type is that of its
 * original. */
static void set_defaults(const struct intake_settings *settings, const struct intake_unit *unit)
{
    struct release *release = unit->release;
    if (!release->language)
        release->language = settings->language;
    if (!release->type && !release->translation_of && !unit->version.language)
        release->type = INTAKE_TYPE_DEFAULT;
}

/* Whether the release can be stored, and read again: with room for what it is given only when it is
 * stored, its id and what it has of its original, since a store that fails stops the whole run. */
static void check_document(struct intake_unit *unit, struct arena *arena)
{
    enum { GIVEN_LATER_BYTES = 16 * 1024 };

    struct string_builder document;
    struct error error;
    if (unit->problems.refused || release_document_is_small(unit->release))
        return;
    string_builder_init(&document, 0);
    if (!release_write_document(&document, unit->release, &error) ||
        document.length > RELEASE_DOCUMENT_MAXIMUM - GIVEN_LATER_BYTES)
        refuse(unit, unit->entry->text, INTAKE_MESSAGE_TEXT_TOO_LARGE,
               arena_format(arena, "%d MB", RELEASE_DOCUMENT_MAXIMUM / 1000000), NULL);
    string_builder_release(&document);
}

/* Files of a single text that the entry's own listing does not hold. */
static const char *stamp_of(const struct unit_context *context, const struct intake_unit *unit,
                            const struct intake_mention *mentions, struct arena *arena)
{
    size_t count = 0;
    const char **names = NULL;
    if (!*unit->entry->folder) {
        for (const struct intake_mention *mention = mentions; mention; mention = mention->next)
            count++;
        names = arena_allocate_array(arena, count + 1, sizeof *names);
        count = 0;
        for (const struct intake_mention *mention = mentions; mention; mention = mention->next)
            names[count++] = mention->asset;
    }
    return drop_entry_stamp(context->directory, unit->entry, names, count, arena);
}

static const char *file_of(const struct intake_unit *unit)
{
    return unit->entry->text ? unit->entry->text : unit->entry->path;
}

void unit_fetch(const struct unit_context *context, const struct drop_entry *entry,
                struct arena *arena, struct intake_unit *unit)
{
    *unit = (struct intake_unit){ .entry = entry };
    intake_problem_list_init(&unit->problems, arena, context->settings->language, file_of(unit));
    if (!entry->has_trouble)
        fetch_source(context, unit, arena);
}

bool unit_begin(const struct unit_context *context, struct intake_unit *unit)
{
    struct intake_reader *reader = context->settings->reader;
    return !unit->source || (reader->begin && reader->begin(reader, unit->source));
}

bool unit_read_fetched(const struct unit_context *context, struct intake_unit *unit,
                       struct arena *arena, struct error *error)
{
    struct intake_mention *mentions = NULL;
    const struct drop_entry *entry = unit->entry;
    const char *file = file_of(unit);
    if (entry->has_trouble)
        refuse(unit, file, entry->trouble, entry->trouble_a, entry->trouble_b);
    else if (!read_texts(context, unit, &mentions, arena, error))
        return error_prefix(error, "%s", file);
    if (entry->stray_sidecar && !entry->has_trouble)
        refuse(unit, file, INTAKE_MESSAGE_SIDECAR_NAME, entry->stray_sidecar,
               sidecar_name(arena, file));
    if (entry->bad_name)
        intake_problem_add(&unit->problems, INTAKE_IGNORED, 0, INTAKE_MESSAGE_FOLDER_BAD_NAME,
                           entry->bad_name, NULL);
    unit->stamp = stamp_of(context, unit, mentions, arena);
    if (!unit->release)
        return true;
    set_defaults(context->settings, unit);
    if (!unit_take_assets(context, unit, mentions, arena, error))
        return error_prefix(error, "%s", file);
    unit->problems.file = file;
    check_document(unit, arena);
    if (!unit->problems.refused)
        release_content_hash(unit->release, &unit->content_hash);
    return true;
}

bool unit_read(const struct unit_context *context, const struct drop_entry *entry,
               struct arena *arena, struct intake_unit *unit, struct error *error)
{
    unit_fetch(context, entry, arena, unit);
    return unit_read_fetched(context, unit, arena, error);
}

const struct text_sketch *unit_sketch(struct intake_unit *unit)
{
    if (unit->sketch)
        return unit->sketch;
    struct text_sketch *sketch = arena_allocate(unit->problems.arena, sizeof *sketch);
    text_sketch_make(unit->release->body, sketch);
    unit->sketch = sketch;
    return sketch;
}
