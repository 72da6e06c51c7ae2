/* SPDX-License-Identifier: MIT */
#include "intake/source_bundle.h"

#include "base/arena.h"
#include "base/error.h"
#include "intake/asset.h"
#include "intake/asset_fault.h"
#include "intake/debounce.h"
#include "intake/drop_directory.h"
#include "intake/embargo_phrase.h"
#include "intake/fields.h"
#include "intake/intake.h"
#include "intake/media_type.h"
#include "intake/picture_cache.h"
#include "intake/picture_fields.h"
#include "intake/reader.h"
#include "intake/sidecar.h"
#include "locale/unicode.h"
#include "picture/picture.h"
#include "release/release.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define ASSET_MAXIMUM_DEFAULT (INT64_C(200) * 1000 * 1000)

/* The assets of one bundle being taken. */
struct taking {
    const struct source_bundle_context *context;
    struct source_bundle *bundle;
    const struct intake_text *text;
    struct arena *arena;
    int words_reported; /* pictures whose own words were reported, one by one */
    int words_unreported;
    int stills_reported;
    int embargoes_reported;
};

/* At most so many of a kind are reported, else they would crowd out other problems. */
enum { STILLS_REPORTED_MAXIMUM = 5 };

static const struct intake_mention *mention_of(const struct taking *taking, const char *file)
{
    for (const struct intake_mention *mention = taking->text->mentions; mention;
         mention = mention->next)
        if (strcmp(mention->asset, file) == 0)
            return mention;
    return NULL;
}

/* Problems reported from now on are those of the place that names the file, else of the text. */
static const struct intake_mention *begin_reporting(struct taking *taking, const char *file)
{
    const struct intake_mention *mention = mention_of(taking, file);
    taking->bundle->problems.file = mention ? mention->file : taking->bundle->entry->text;
    return mention;
}

static void report_message(struct taking *taking, enum intake_severity severity, const char *file,
                           const struct intake_message *message)
{
    const struct intake_mention *mention = begin_reporting(taking, file);
    intake_problem_add_message(&taking->bundle->problems, severity, mention ? mention->line : 0,
                               message);
}

static void report(struct taking *taking, enum intake_severity severity, const char *file,
                   enum intake_message_id id, const char *detail)
{
    report_message(
        taking, severity, file,
        &(struct intake_message){ id, { intake_value_given(file), intake_value_given(detail) } });
}

/* ---- names on the disk ---- */

static const char *same_name(const struct drop_file *files, size_t count, const char *file,
                             struct arena *arena)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(files[i].name, file) == 0)
            return files[i].name;
    for (size_t i = 0; i < count; i++)
        if (strcmp(unicode_nfc(arena, files[i].name), unicode_nfc(arena, file)) == 0)
            return files[i].name;
    return NULL;
}

/* The file's path below the directory. Texts are in normalization form C, while a Mac may have
 * written another form to the disk. */
static const char *disk_path(const struct taking *taking, const char *file)
{
    const struct drop_entry *entry = taking->bundle->entry;
    const struct drop_directory *scan = taking->context->scan;
    const char *name = NULL;
    struct stat status;
    if (*entry->folder) {
        name = same_name(entry->files, entry->count, file, taking->arena);
        return arena_format(taking->arena, "%s%s", entry->folder, name ? name : file);
    }
    const char *path = arena_format(taking->arena, "%s%s", entry->container, file);
    if (scan && fstatat(taking->context->directory, path, &status, AT_SYMLINK_NOFOLLOW) != 0)
        name = same_name(scan->other_files, scan->other_count, path, taking->arena);
    return name ? name : path;
}

/* ---- one file ---- */

/* A named file that cannot be used refuses the release; one that merely lies beside the text is
 * left out. */
static void report_fault(struct taking *taking, const char *file, const struct asset_fault *fault,
                         bool is_left_out)
{
    struct intake_problem_list *problems = &taking->bundle->problems;
    const struct intake_mention *mention = begin_reporting(taking, file);
    int line = mention ? mention->line : 0;
    const struct intake_message without = { INTAKE_MESSAGE_ASSET_WITHOUT,
                                            { intake_value_message(&fault->message) } };
    intake_problem_add_message(problems, is_left_out ? INTAKE_WARNING : INTAKE_REFUSED, line,
                               is_left_out ? &without : &fault->message);
}

/* ---- what is in a picture ---- */

/* What asset_import() needs to examine a picture. */
struct examination {
    struct picture_cache *pictures;
    const char *language;              /* of the release */
    const struct picture_facts *facts; /* NULL: not looked at */
};

static bool examine(void *payload, int descriptor, struct asset_import *import, struct error *error)
{
    struct examination *examination = payload;
    examination->facts = picture_cache_get(examination->pictures, &import->hash,
                                           examination->language, descriptor, error);
    if (examination->facts && examination->facts->trouble != PICTURE_GOOD)
        import->trouble = ASSET_TROUBLE_PICTURE;
    return examination->facts != NULL;
}

/* The part of a value that reads like an embargo, in any of its lines; NULL: there is none. */
static const char *embargo_in(const struct taking *taking, const char *value)
{
    const struct language_words *words = taking->context->settings->words;
    struct arena *arena = taking->arena;
    const struct embargo_phrase *phrase = NULL;
    while (words && value && *value && !phrase) {
        size_t length = strcspn(value, "\n");
        const char *line = arena_copy_bytes(arena, value, length);
        phrase = embargo_phrase_find(words, taking->bundle->release->language, arena,
                                     embargo_line_clean(words, arena, line, false), NULL);
        value += length + (value[length] == '\n');
    }
    return phrase ? phrase->quote : NULL;
}

/* Reports what was taken from the picture; one line each, up to a limit, because a folder may hold
 * hundreds. */
static void report_words(struct taking *taking, const struct release_asset *asset)
{
    enum { REPORTED_MAXIMUM = 15 };

    const struct intake_message *fields = picture_fields_message(asset, taking->arena);
    if (fields && taking->words_reported++ < REPORTED_MAXIMUM)
        report_message(taking, INTAKE_NOTICE, asset->file,
                       &(struct intake_message){
                           INTAKE_MESSAGE_PICTURE_SAYS,
                           { intake_value_given(asset->file), intake_value_message(fields) } });
    else if (fields)
        taking->words_unreported++;
}

/* Uses a good picture: notes what it is converted to, and takes from it what the release does not
 * say. */
static void use_picture(struct taking *taking, struct release_asset *asset,
                        const struct picture_facts *facts)
{
    struct picture_rights rights = facts->rights;
    const char *shown = picture_media_type(facts->shown);
    if (strcmp(shown, release_asset_shown_type(asset->media_type)) != 0)
        asset->shown_type = shown;
    if (facts->is_animated && taking->stills_reported++ < STILLS_REPORTED_MAXIMUM)
        report(taking, INTAKE_NOTICE, asset->file, INTAKE_MESSAGE_PICTURE_STILL, NULL);
    const char *embargo = asset->caption ? NULL : embargo_in(taking, rights.caption);
    if (embargo) {
        rights.caption = NULL;
        if (taking->embargoes_reported++ < STILLS_REPORTED_MAXIMUM)
            report(taking, INTAKE_NOTICE, asset->file, INTAKE_MESSAGE_PICTURE_EMBARGO, embargo);
    }
    picture_fields_fill(asset, &rights, taking->arena);
    report_words(taking, asset);
}

/* ---- taking ---- */

static const struct intake_part *part_of(const struct taking *taking, const char *file)
{
    const struct intake_part *part = taking->text->parts;
    while (part && strcmp(part->name, file) != 0)
        part = part->next;
    return part;
}

static bool is_fresh(const struct taking *taking, const char *path)
{
    struct stat status;
    if (fstatat(taking->context->directory, path, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    int64_t modified = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
    int64_t changed = (int64_t)status.st_ctim.tv_sec * 1000000000 + status.st_ctim.tv_nsec;
    return debounce_is_fresh(taking->context->settings, modified > changed ? modified : changed);
}

/* Imports the asset from within the release's file, or from its own. Nothing is imported where that
 * is being written. */
static bool import_asset(struct taking *taking, const char *file, struct asset_import *import,
                         struct error *error)
{
    const struct intake_part *part = part_of(taking, file);
    if (part)
        return asset_import_bytes(part->bytes, part->length, file, import, error);
    const char *path = disk_path(taking, file);
    if (taking->context->state_directory < 0 || !is_fresh(taking, path))
        return asset_import(taking->context->directory, path, import, error);
    import->trouble = ASSET_TROUBLE_UNSTABLE;
    return true;
}

/* Says which file is there instead, where the names differ by capital letters alone: to whoever
 * looks at them on Windows they are one. */
static void name_near(const struct taking *taking, const char *file, struct intake_message *message)
{
    const struct drop_entry *entry = taking->bundle->entry;
    const struct drop_directory *scan = taking->context->scan;
    bool is_folder = *entry->folder != '\0';
    const struct drop_file *files = is_folder ? entry->files : scan ? scan->other_files : NULL;
    size_t count = is_folder ? entry->count : scan ? scan->other_count : 0;
    size_t skipped = is_folder ? 0 : strlen(entry->container);
    const char *wanted = unicode_fold(taking->arena, file);
    for (size_t i = 0; i < count; i++) {
        if (!is_folder && strncmp(files[i].name, entry->container, skipped) != 0)
            continue;
        const char *name = files[i].name + skipped;
        if (strcmp(unicode_fold(taking->arena, name), wanted) != 0)
            continue;
        message->id = INTAKE_MESSAGE_ASSET_MISSING_NEAR;
        message->values[1] = intake_value_given(name);
        return;
    }
}

/* To be proof-read, where it is one. */
static void note_pdf(struct taking *taking, const struct release_asset *asset)
{
    struct source_bundle *bundle = taking->bundle;
    if (strcmp(asset->media_type, "application/pdf") != 0 || part_of(taking, asset->file))
        return;
    struct bundle_pdf *pdf = arena_allocate(taking->arena, sizeof *pdf);
    *pdf = (struct bundle_pdf){ asset->file, disk_path(taking, asset->file), bundle->pdfs };
    bundle->pdfs = pdf;
}

/* Of a good file: facts may be NULL. */
static void use(struct taking *taking, struct release_asset *asset,
                const struct picture_facts *facts)
{
    note_pdf(taking, asset);
    if (asset->kind != RELEASE_IMAGE)
        return;
    /* A wrong ending: the picture is shown, but people who download it are misled. */
    if (!media_type_fits_name(asset->media_type, asset->file)) {
        struct intake_message message;
        asset_fault_name_type(asset, INTAKE_MESSAGE_ASSET_LIES, taking->arena, &message);
        report_message(taking, INTAKE_ADVICE, asset->file, &message);
    }
    if (facts)
        use_picture(taking, asset, facts);
}

/* Copies the file and fills in the asset; *is_faulty where it cannot be used, or not as it is
 * meant. */
static bool take(struct taking *taking, struct release_asset *asset, bool is_of_known_kind,
                 struct asset_fault *fault, bool *is_faulty, struct error *error)
{
    struct examination examination = { .pictures = taking->context->pictures,
                                       .language = taking->bundle->release->language };
    int64_t maximum = taking->context->settings->asset_maximum_bytes;
    struct asset_import import = { .maximum_bytes = maximum ? maximum : ASSET_MAXIMUM_DEFAULT,
                                   .state_directory = taking->context->state_directory,
                                   .examine = examine,
                                   .payload = &examination };
    *is_faulty = false;
    if (!import_asset(taking, asset->file, &import, error))
        return false;
    if (import.trouble) {
        taking->bundle->is_unstable = taking->bundle->is_unstable ||
                                      import.trouble == ASSET_TROUBLE_UNSTABLE;
        *is_faulty = asset_fault_find(asset->file, &import, examination.facts, taking->arena,
                                      fault);
        if (*is_faulty && fault->message.id == INTAKE_MESSAGE_ASSET_MISSING)
            name_near(taking, asset->file, &fault->message);
        return true;
    }
    asset->media_type = import.media_type;
    asset->size_bytes = import.size_bytes;
    asset->hash = import.hash;
    if (!is_of_known_kind)
        asset->kind = media_type_is_image(asset->media_type) ? RELEASE_IMAGE : RELEASE_DOCUMENT;
    *is_faulty = asset_fault_of_type(asset, taking->arena, fault);
    if (!*is_faulty)
        use(taking, asset, examination.facts);
    return true;
}

/* ---- all of them ---- */

static bool take_named(struct taking *taking, struct error *error)
{
    struct release_asset **place = &taking->bundle->release->assets;
    while (*place) {
        struct release_asset *asset = *place;
        const struct intake_mention *mention = mention_of(taking, asset->file);
        struct asset_fault fault;
        bool is_faulty;
        if (!take(taking, asset, true, &fault, &is_faulty, error))
            return false;
        if (is_faulty && !fault.is_inside && mention && mention->is_optional) {
            report(taking, INTAKE_ADVICE, asset->file, INTAKE_MESSAGE_WIRE_FILE, NULL);
            *place = asset->next;
            continue;
        }
        if (is_faulty)
            report_fault(taking, asset->file, &fault, false);
        place = &asset->next;
    }
    return true;
}

/* Whether the file is a text, as the release's own is: beside plain ones Word files are documents.
 */
static bool is_text_beside(const struct taking *taking, const char *name)
{
    const struct intake_format *format = intake_format_of(name);
    const struct intake_format *own = intake_format_of(taking->bundle->entry->text);
    return format && (!format->is_rich || (own && own->is_rich));
}

static bool is_taken(const struct taking *taking, const char *name)
{
    /* texts and sidecars are no assets; surplus ones have refused the release already */
    if (!strchr(name, '/') && (is_text_beside(taking, name) || sidecar_is_name(name)))
        return true;
    const char *normal = unicode_nfc(taking->arena, name);
    for (const struct release_asset *asset = taking->bundle->release->assets; asset;
         asset = asset->next)
        if (strcmp(asset->file, normal) == 0)
            return true;
    return mention_of(taking, normal) != NULL;
}

/* Takes a file of the folder that the text does not name: pictures and documents are published
 * with the release. */
static bool take_other(struct taking *taking, const char *name, struct error *error)
{
    struct asset_fault fault;
    bool is_faulty;
    struct release_asset *asset = arena_allocate(taking->arena, sizeof *asset);
    asset->file = unicode_nfc(taking->arena, name);
    if (!media_type_name_is_known(name)) {
        report(taking, INTAKE_WARNING, asset->file, INTAKE_MESSAGE_ASSET_LEFT_OUT, NULL);
        return true;
    }
    if (!take(taking, asset, false, &fault, &is_faulty, error))
        return false;
    if (is_faulty && fault.message.id == INTAKE_MESSAGE_ASSET_SVG)
        report(taking, INTAKE_WARNING, asset->file, INTAKE_MESSAGE_ASSET_LEFT_OUT, NULL);
    else if (is_faulty)
        report_fault(taking, asset->file, &fault, fault.is_inside);
    else if (asset->media_type)
        fields_insert_asset(taking->bundle->release, asset);
    return true;
}

/* Tells of missing alternative texts; last, because a picture may bring its own. Of a version it is
 * only advice, for the note beside the original says it of the same pictures. */
static void tell_alternatives(struct taking *taking)
{
    bool is_version = taking->bundle->version.language || taking->bundle->release->translation_of;
    enum intake_severity severity = is_version ? INTAKE_ADVICE : INTAKE_NOTICE;
    for (const struct release_asset *asset = taking->bundle->release->assets; asset;
         asset = asset->next) {
        const struct intake_mention *mention = mention_of(taking, asset->file);
        if (asset->kind == RELEASE_IMAGE && !asset->alt && !(mention && mention->is_optional))
            report(taking, severity, asset->file, INTAKE_MESSAGE_ALT_MISSING, NULL);
    }
    if (taking->words_unreported > 0)
        report(taking, INTAKE_NOTICE, arena_format(taking->arena, "%d", taking->words_unreported),
               INTAKE_MESSAGE_PICTURE_SAYS_MORE, NULL);
}

bool source_bundle_take_assets(const struct source_bundle_context *context,
                               struct source_bundle *bundle, const struct intake_text *text,
                               struct arena *arena, struct error *error)
{
    struct taking taking = { .context = context, .bundle = bundle, .text = text, .arena = arena };
    if (!take_named(&taking, error))
        return false;
    for (size_t i = 0; *bundle->entry->folder && i < bundle->entry->count; i++)
        if (!is_taken(&taking, bundle->entry->files[i].name) &&
            !take_other(&taking, bundle->entry->files[i].name, error))
            return false;
    picture_fields_fill_text(bundle->release);
    tell_alternatives(&taking);
    return true;
}
