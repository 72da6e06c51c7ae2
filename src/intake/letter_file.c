/* SPDX-License-Identifier: MIT */
/* Files that come with a mail: pictures and documents of the release, and what can be neither. */
#include "intake/letter.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "intake/fields.h"
#include "intake/media_type.h"
#include "intake/reader.h"
#include "locale/unicode.h"
#include "mime/mime.h"
#include "release/release.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAXIMUM = 100 }; /* bytes of a file's name */

/* ---- names ---- */

/* Letters, digits and marks that no system and no address takes for anything else. */
static bool may_stand(uint32_t c)
{
    return unicode_is_alphanumeric(c) || (c < 0x80 && c && strchr(" -_.,()+&", (int)c));
}

/* The last part of the name, of such characters alone; "" where nothing is left. */
static const char *safe_name(struct arena *arena, const char *name)
{
    struct string_builder safe;
    uint32_t c;
    size_t length = strlen(name);
    for (const char *slash; (slash = strpbrk(name, "/\\")) != NULL;) {
        length -= (size_t)(slash + 1 - name);
        name = slash + 1;
    }
    string_builder_init(&safe, 0);
    for (size_t offset = 0; offset < length;) {
        if (!utf8_next(name, length, &offset, &c))
            offset++;
        else if (safe.length || may_stand(c))
            utf8_append(&safe, may_stand(c) ? c : '_');
    }
    const char *start = safe.data + strspn(safe.data, ". -");
    const char *dot = strrchr(start, '.');
    size_t ending = dot ? strlen(dot) : 0;
    size_t stem = strlen(start) - ending;
    if (stem + ending > NAME_MAXIMUM && ending < NAME_MAXIMUM / 2)
        stem = utf8_fit(start, NAME_MAXIMUM - ending);
    const char *result = arena_format(arena, "%.*s%s", (int)stem, start, ending ? dot : "");
    string_builder_release(&safe);
    return unicode_nfc(arena, result);
}

/* The ending of such files where their name has none that fits. */
static const char *ending_of(const char *media_type)
{
    static const struct {
        const char *media_type;
        const char *ending;
    } endings[] = {
        { "image/jpeg", ".jpg" },  { "image/png", ".png" },       { "image/gif", ".gif" },
        { "image/webp", ".webp" }, { "image/tiff", ".tif" },      { "image/heic", ".heic" },
        { "image/avif", ".avif" }, { "application/pdf", ".pdf" },
    };

    for (size_t i = 0; media_type && i < sizeof endings / sizeof endings[0]; i++)
        if (strcmp(endings[i].media_type, media_type) == 0)
            return endings[i].ending;
    return "";
}

static const char *type_of(const struct mime_leaf *leaf, const char *name)
{
    return media_type_of(name, (const unsigned char *)leaf->bytes,
                         leaf->length < MEDIA_TYPE_HEAD_SIZE ? leaf->length : MEDIA_TYPE_HEAD_SIZE);
}

static bool is_used(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (names[i] && strcasecmp(names[i], name) == 0)
            return true;
    return false;
}

static const char *name_of(struct arena *arena, const struct mime_leaf *leaf, size_t number,
                           const char *const *names, size_t count)
{
    const char *name = safe_name(arena, leaf->name);
    if (!*name)
        name = arena_format(arena, "%zu", number);
    const char *type = type_of(leaf, name);
    if (type && *ending_of(type) && !media_type_fits_name(type, name))
        name = arena_format(arena, "%s%s", name, ending_of(type));
    const char *dot = strrchr(name, '.');
    size_t stem = dot ? (size_t)(dot - name) : strlen(name);
    const char *unlike = name;
    for (size_t i = 2; is_used(names, count, unlike); i++)
        unlike = arena_format(arena, "%.*s-%zu%s", (int)stem, name, i, name + stem);
    return unlike;
}

const char **letter_names(struct intake_reading *reading, const struct mime_letter *letter)
{
    size_t count = 0;
    for (const struct mime_leaf *leaf = letter->leaves; leaf; leaf = leaf->next)
        count++;
    const char **names = arena_allocate_array(reading->arena, count + 1, sizeof *names);
    count = 0;
    for (const struct mime_leaf *leaf = letter->leaves; leaf; leaf = leaf->next, count++)
        if (!leaf->text && !leaf->page)
            names[count] = name_of(reading->arena, leaf, count + 1, names, count);
    return names;
}

/* ---- files ---- */

static void warn(struct intake_reading *reading, enum intake_message_id id, const char *name)
{
    intake_problem_add(reading->problems, INTAKE_WARNING, 0, id, name, NULL);
}

bool letter_take_file(struct intake_reading *reading, const struct mime_leaf *leaf,
                      const char *name)
{
    const char *type = type_of(leaf, name);
    if (!type)
        return false;
    enum release_asset_kind kind = media_type_is_image(type) ? RELEASE_IMAGE : RELEASE_DOCUMENT;
    const struct release_asset *asset = fields_asset(reading, kind, name, 0, false);
    if (strcmp(asset->file, name) != 0)
        return true; /* too many: the release is refused */
    struct intake_part *part = arena_allocate(reading->arena, sizeof *part);
    *part = (struct intake_part){
        .name = asset->file, .bytes = leaf->bytes, .length = leaf->length, .next = reading->parts
    };
    reading->parts = part;
    return true;
}

/* Whether the page of a text refers to it: a picture of a signature or of what is quoted, where
 * nothing of the release does. */
static bool is_referred_to(const struct mime_letter *letter, const struct mime_leaf *file)
{
    for (const struct mime_leaf *leaf = letter->leaves; leaf; leaf = leaf->next)
        if (leaf->page && *file->content_id && strstr(leaf->page, file->content_id))
            return true;
    return false;
}

void letter_take_files(struct intake_reading *reading, const struct mime_letter *letter,
                       const char *const *names, const bool *taken)
{
    size_t i = 0;
    for (const struct mime_leaf *leaf = letter->leaves; leaf; leaf = leaf->next, i++) {
        const char *type = names[i] ? type_of(leaf, names[i]) : NULL;
        if (!names[i] || taken[i])
            continue;
        if (strncmp(leaf->type, "message/", strlen("message/")) == 0)
            warn(reading, INTAKE_MESSAGE_MAIL_MESSAGE, *leaf->name ? leaf->name : names[i]);
        else if (strcmp(leaf->type, "application/ms-tnef") == 0 ||
                 strcasecmp(names[i], "winmail.dat") == 0)
            warn(reading, INTAKE_MESSAGE_MAIL_TNEF, names[i]);
        else if (!type)
            warn(reading, INTAKE_MESSAGE_ASSET_LEFT_OUT, names[i]);
        else if (media_type_is_image(type) && is_referred_to(letter, leaf))
            intake_problem_add(reading->problems, INTAKE_NOTICE, 0, INTAKE_MESSAGE_MAIL_PICTURE,
                               names[i], NULL);
        else
            (void)letter_take_file(reading, leaf, names[i]);
    }
}
