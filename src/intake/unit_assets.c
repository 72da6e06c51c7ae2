/* SPDX-License-Identifier: MIT */
#include "intake/unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "intake/asset.h"
#include "intake/drop_directory.h"
#include "intake/fields.h"
#include "intake/intake.h"
#include "intake/media_type.h"
#include "intake/reader.h"
#include "intake/settle.h"
#include "intake/sidecar.h"
#include "locale/unicode.h"
#include "release/release.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define ASSET_MAXIMUM_DEFAULT (INT64_C(200) * 1000 * 1000)

/* One unit's assets being taken. */
struct taking {
    const struct unit_context *context;
    struct intake_unit *unit;
    const struct intake_mention *mentions;
    struct arena *arena;
};

static const struct intake_mention *mention_of(const struct taking *taking, const char *file)
{
    for (const struct intake_mention *mention = taking->mentions; mention; mention = mention->next)
        if (strcmp(mention->asset, file) == 0)
            return mention;
    return NULL;
}

/* Says it where the file is named, else of the text. */
static void tell(struct taking *taking, enum intake_severity severity, const char *file,
                 enum intake_message_id id, const char *detail)
{
    const struct intake_mention *mention = mention_of(taking, file);
    taking->unit->problems.file = mention ? mention->file : taking->unit->entry->text;
    intake_problem_add(&taking->unit->problems, severity, mention ? mention->line : 0, id, file,
                       detail);
}

/* ---- names on the disk ---- */

static const char *same_name(const struct drop_file *files, size_t count, const char *file,
                             struct arena *arena)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(files[i].name, file) == 0)
            return files[i].name;
    for (size_t i = 0; i < count; i++)
        if (strcmp(unicode_nfc(arena, files[i].name), file) == 0)
            return files[i].name;
    return NULL;
}

/* Texts are in normalization form C; names on a disk that a Mac wrote may not be. The path below
 * the directory: that of the file as it is, or as it would be. */
static const char *disk_path(const struct taking *taking, const char *file)
{
    const struct drop_entry *entry = taking->unit->entry;
    const struct drop_directory *look = taking->context->look;
    const char *name = NULL;
    struct stat status;
    if (*entry->folder)
        name = same_name(entry->files, entry->count, file, taking->arena);
    else if (look && fstatat(taking->context->directory, file, &status, AT_SYMLINK_NOFOLLOW) != 0)
        name = same_name(look->loose, look->loose_count, file, taking->arena);
    return arena_format(taking->arena, "%s%s", entry->folder, name ? name : file);
}

/* ---- one file ---- */

static const char *megabytes(struct arena *arena, int64_t bytes)
{
    return arena_format(arena, "%lld MB", (long long)(bytes / 1000000));
}

static void tell_trouble(struct taking *taking, const struct release_asset *asset,
                         const struct asset_look *look, bool is_named)
{
    static const enum intake_message_id messages[] = {
        [ASSET_TROUBLE_MISSING] = INTAKE_MESSAGE_ASSET_MISSING,
        [ASSET_TROUBLE_LINK] = INTAKE_MESSAGE_ASSET_LINK,
        [ASSET_TROUBLE_OUTSIDE] = INTAKE_MESSAGE_ASSET_OUTSIDE,
        [ASSET_TROUBLE_SPECIAL] = INTAKE_MESSAGE_ASSET_SPECIAL,
        [ASSET_TROUBLE_UNREADABLE] = INTAKE_MESSAGE_ASSET_UNREADABLE,
        [ASSET_TROUBLE_TOO_LARGE] = INTAKE_MESSAGE_ASSET_TOO_LARGE,
        [ASSET_TROUBLE_SVG] = INTAKE_MESSAGE_ASSET_SVG,
        [ASSET_TROUBLE_KIND] = INTAKE_MESSAGE_ASSET_KIND,
    };
    enum intake_severity severity = INTAKE_REFUSED;
    if (look->trouble == ASSET_TROUBLE_RESTLESS) {
        taking->unit->is_restless = true;
        return;
    }
    enum intake_message_id id = messages[look->trouble];
    if (!is_named && (look->trouble == ASSET_TROUBLE_SVG || look->trouble == ASSET_TROUBLE_KIND)) {
        id = INTAKE_MESSAGE_ASSET_LEFT_OUT;
        severity = INTAKE_ADVICE;
    }
    tell(taking, severity, asset->file, id, megabytes(taking->arena, look->maximum_bytes));
}

/* A picture under the ending of another picture shows all the same; anything else would open
 * wrongly, or not at all. */
static void check_type(struct taking *taking, const struct release_asset *asset)
{
    bool is_image = media_type_is_image(asset->media_type);
    if (asset->kind == RELEASE_IMAGE && !is_image)
        tell(taking, INTAKE_REFUSED, asset->file, INTAKE_MESSAGE_ASSET_NOT_IMAGE,
             asset->media_type);
    else if (!media_type_fits_name(asset->media_type, asset->file))
        tell(taking, asset->kind == RELEASE_IMAGE ? INTAKE_ADVICE : INTAKE_REFUSED, asset->file,
             INTAKE_MESSAGE_ASSET_LIES, asset->media_type);
}

static bool is_fresh(const struct taking *taking, const char *path)
{
    struct stat status;
    if (fstatat(taking->context->directory, path, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    int64_t modified = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
    int64_t changed = (int64_t)status.st_ctim.tv_sec * 1000000000 + status.st_ctim.tv_nsec;
    return settle_is_fresh(taking->context->settings, modified > changed ? modified : changed);
}

/* Copies and describes the file; look->trouble says where that cannot be. */
static bool take(struct taking *taking, struct release_asset *asset, struct asset_look *look,
                 struct error *error)
{
    int64_t maximum = taking->context->settings->asset_maximum_bytes;
    const char *path = disk_path(taking, asset->file);
    *look = (struct asset_look){ .maximum_bytes = maximum ? maximum : ASSET_MAXIMUM_DEFAULT,
                                 .state_directory = taking->context->state_directory };
    if (taking->context->state_directory >= 0 && is_fresh(taking, path)) {
        look->trouble = ASSET_TROUBLE_RESTLESS;
        return true;
    }
    if (!asset_take(taking->context->directory, path, look, error))
        return false;
    asset->media_type = look->media_type;
    asset->size_bytes = look->size_bytes;
    asset->hash = look->hash;
    return true;
}

/* ---- all of them ---- */

static bool take_named(struct taking *taking, struct error *error)
{
    struct release_asset **place = &taking->unit->release->assets;
    while (*place) {
        struct release_asset *asset = *place;
        const struct intake_mention *mention = mention_of(taking, asset->file);
        struct asset_look look;
        if (!take(taking, asset, &look, error))
            return false;
        if (look.trouble && mention && mention->is_optional &&
            look.trouble != ASSET_TROUBLE_RESTLESS) {
            tell(taking, INTAKE_ADVICE, asset->file, INTAKE_MESSAGE_WIRE_FILE, NULL);
            *place = asset->next;
            continue;
        }
        if (look.trouble)
            tell_trouble(taking, asset, &look, true);
        else
            check_type(taking, asset);
        place = &asset->next;
    }
    return true;
}

static bool is_taken(const struct taking *taking, const char *name)
{
    /* The folder's text, its versions and their fields: of others its release is refused. */
    if (!strchr(name, '/') && (intake_format_of(name) || sidecar_is_name(name)))
        return true;
    const char *normal = unicode_nfc(taking->arena, name);
    for (const struct release_asset *asset = taking->unit->release->assets; asset;
         asset = asset->next)
        if (strcmp(asset->file, normal) == 0)
            return true;
    return mention_of(taking, normal) != NULL;
}

/* A file of the folder that the text does not name: published with it where it is a picture or
 * document. */
static bool take_other(struct taking *taking, const char *name, struct error *error)
{
    struct asset_look look;
    struct release_asset *asset = arena_allocate(taking->arena, sizeof *asset);
    asset->file = unicode_nfc(taking->arena, name);
    if (!media_type_name_is_known(name)) {
        tell(taking, INTAKE_ADVICE, asset->file, INTAKE_MESSAGE_ASSET_LEFT_OUT, NULL);
        return true;
    }
    if (!take(taking, asset, &look, error))
        return false;
    if (look.trouble) {
        tell_trouble(taking, asset, &look, false);
        return true;
    }
    asset->kind = media_type_is_image(asset->media_type) ? RELEASE_IMAGE : RELEASE_DOCUMENT;
    if (asset->kind == RELEASE_IMAGE)
        tell(taking, INTAKE_ADVICE, asset->file, INTAKE_MESSAGE_ALT_MISSING, NULL);
    check_type(taking, asset);
    fields_insert_asset(taking->unit->release, asset);
    return true;
}

bool unit_take_assets(const struct unit_context *context, struct intake_unit *unit,
                      struct intake_mention *mentions, struct arena *arena, struct error *error)
{
    struct taking taking = { context, unit, mentions, arena };
    if (!take_named(&taking, error))
        return false;
    for (size_t i = 0; *unit->entry->folder && i < unit->entry->count; i++)
        if (!is_taken(&taking, unit->entry->files[i].name) &&
            !take_other(&taking, unit->entry->files[i].name, error))
            return false;
    return true;
}
