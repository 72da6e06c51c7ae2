/* SPDX-License-Identifier: MIT */
#include "picture/rights.h"

#include "base/string_builder.h"
#include "picture/container.h"
#include "picture/exif.h"
#include "picture/field_text.h"
#include "picture/iim.h"
#include "picture/jpeg_segments.h"
#include "picture/png_chunks.h"
#include "picture/xmp.h"

void rights_read(struct arena *arena, enum picture_format format, struct span file,
                 const char *language, struct picture_rights *rights)
{
    struct picture_parts parts;
    *rights = (struct picture_rights){ 0 };
    container_parts(arena, format, file, &parts);
    xmp_read(arena, parts.xmp, language, rights);
    iim_read(arena, parts.iim, rights);
    exif_read(arena, parts.exif, rights);
    if (!rights->creator)
        rights->creator = field_text(arena, parts.author, FIELD_LINE_MAXIMUM, false);
    if (!rights->copyright)
        rights->copyright = field_text(arena, parts.copyright, FIELD_LINE_MAXIMUM, false);
}

static struct span span_of(const struct string_builder *text)
{
    return (struct span){ .bytes = (const uint8_t *)text->data, .length = text->length };
}

bool rights_filter(enum picture_format format, struct span file,
                   const struct picture_rights *rights, int orientation, struct string_builder *out)
{
    struct string_builder xmp;
    struct string_builder iim;
    bool done = false;
    string_builder_init(&xmp, JPEG_XMP_MAXIMUM);
    string_builder_init(&iim, JPEG_IIM_MAXIMUM);
    xmp_write(rights, &xmp);
    iim_write(rights, &iim);
    struct jpeg_insertion insertion = { .orientation = orientation,
                                        .xmp = span_of(&xmp),
                                        .iim = span_of(&iim) };
    if (format == PICTURE_JPEG)
        done = jpeg_filter(file, &insertion, out);
    else if (format == PICTURE_PNG)
        done = png_filter(file, span_of(&xmp), out);
    string_builder_release(&iim);
    string_builder_release(&xmp);
    return done;
}
