/* SPDX-License-Identifier: MIT */
#include "picture/exif.h"

#include "picture/field_text.h"
#include "picture/tiff_directory.h"

enum tag { TAG_DESCRIPTION = 0x010E, TAG_ARTIST = 0x013B, TAG_COPYRIGHT = 0x8298 };

static struct span string_of(const struct tiff_file *file, unsigned tag)
{
    enum { ASCII = 2, UTF8 = 129, BYTES = 7 };

    struct tiff_entry entry;
    if (!tiff_find(file, tiff_first(file), tag, &entry) ||
        (entry.type != ASCII && entry.type != BYTES && entry.type != UTF8))
        return (struct span){ 0 };
    return entry.values;
}

/* What stands before the first NUL, and behind it in *rest. */
static struct span before_nul(struct span string, struct span *rest)
{
    const uint8_t *nul = string.length ? memchr(string.bytes, 0, string.length) : NULL;
    size_t length = nul ? (size_t)(nul - string.bytes) : string.length;
    *rest = span_rest(string, length + 1);
    return span_part(string, 0, length);
}

/* The photographer's copyright and the editor's, with a NUL between them. */
static const char *copyright_of(struct arena *arena, struct span string)
{
    struct span editor;
    struct span photographer = before_nul(string, &editor);
    editor = before_nul(editor, &string);
    return field_join(arena, field_text(arena, photographer, FIELD_LINE_MAXIMUM, false),
                      field_text(arena, editor, FIELD_LINE_MAXIMUM, false));
}

/* Words that cameras write into the field by themselves: they describe no picture. */
static bool is_of_camera(const char *caption)
{
    static const char *const usual[] = { "OLYMPUS DIGITAL CAMERA",
                                         "SONY DSC",
                                         "SAMSUNG CAMERA PICTURES",
                                         "KONICA MINOLTA DIGITAL CAMERA",
                                         "MINOLTA DIGITAL CAMERA",
                                         "DIGITAL CAMERA",
                                         "DCIM",
                                         "default" };
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (strcmp(caption, usual[i]) == 0)
            return true;
    return false;
}

void exif_read(struct arena *arena, struct span exif, struct picture_rights *rights)
{
    struct tiff_file file;
    struct span rest;
    if (!tiff_open(exif, &file))
        return;
    if (!rights->creator)
        rights->creator = field_text(arena, before_nul(string_of(&file, TAG_ARTIST), &rest),
                                     FIELD_LINE_MAXIMUM, false);
    if (!rights->copyright)
        rights->copyright = copyright_of(arena, string_of(&file, TAG_COPYRIGHT));
    if (rights->caption)
        return;
    const char *caption = field_text(arena, before_nul(string_of(&file, TAG_DESCRIPTION), &rest),
                                     FIELD_CAPTION_MAXIMUM, true);
    if (caption && !is_of_camera(caption))
        rights->caption = caption;
}
