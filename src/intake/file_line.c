/* SPDX-License-Identifier: MIT */
#include "intake/file_line.h"

#include "base/arena.h"
#include "intake/fields.h"
#include "intake/left_out.h"
#include "intake/media_type.h"
#include "intake/reader.h"
#include "intake/text_mark.h"
#include "release/body.h"

#include <string.h>

enum { LINE_MAXIMUM = 1000 };

/* The line without the bullet before it. */
static const char *without_bullet(const char *line)
{
    size_t size;
    const char *words = text_behind_bullet(line, &size);
    if (!words)
        words = text_behind_dash(line);
    return words ? words : line;
}

/* The name of the file at the end of the line, behind its last comma, colon or tab; NULL: none is
 * there. */
static const char *file_of(const char *line)
{
    static const char marks[] = ",:";
    if (strlen(line) > LINE_MAXIMUM)
        return NULL;
    for (const char *mark = marks; *mark; mark++) {
        const char *last = strrchr(line, *mark);
        const char *name = last ? last + 1 + strspn(last + 1, " ") : NULL;
        if (name && media_type_name_is_known(name) && body_target_is_file(name))
            return name;
    }
    return media_type_name_is_known(line) && body_target_is_file(line) ? line : NULL;
}

bool file_line_is(const char *line)
{
    return file_of(without_bullet(line)) != NULL;
}

static bool is_named(const struct release *release, const char *file)
{
    for (const struct release_asset *asset = release->assets; asset; asset = asset->next)
        if (strcmp(asset->file, file) == 0)
            return true;
    return false;
}

/* Fields win over what a line says of a file; what two lines say is joined. */
void file_line_read(struct intake_reading *reading, const char *line, int number,
                    enum release_asset_kind kind)
{
    enum intake_field field = kind == RELEASE_IMAGE ? INTAKE_FIELD_IMAGES : INTAKE_FIELD_DOCUMENTS;
    line = without_bullet(line);
    const char *file = file_of(line);
    if (!file)
        return;
    if (is_named(reading->release, file))
        left_out_as_mark(reading, file, strlen(file));
    struct release_asset *asset = fields_asset(reading, kind, file, number, true);
    size_t length = (size_t)(file - line);
    while (length && strchr(" ,:", line[length - 1]))
        length--;
    const char *about = length ? arena_copy_bytes(reading->arena, line, length) : NULL;
    const char **place = asset->kind == RELEASE_IMAGE ? &asset->caption : &asset->title;
    if (!about)
        return;
    if (!*place)
        *place = about;
    else if (reading->fields & (unsigned)field)
        left_out_as_mark(reading, about, length);
    else
        *place = arena_format(reading->arena, "%s, %s", *place, about);
}
