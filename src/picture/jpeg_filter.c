/* SPDX-License-Identifier: MIT */
#include "picture/jpeg_segments.h"

#include "base/string_builder.h"

#define JFIF_NAME "JFIF"
#define ICC_NAME "ICC_PROFILE"
#define ADOBE_NAME "Adobe" /* without NUL in the file */
#define XMP_NAME "http://ns.adobe.com/xap/1.0/"
#define PHOTOSHOP_NAME "Photoshop 3.0"

enum {
    FIRST_SEGMENT = 2,
    JFIF_SIZE = 14, /* what follows is a thumbnail */
    JFIF_DENSITY_END = 12,
    ADOBE_SIZE = 12
};

static void append_big(struct string_builder *out, size_t number, int bytes)
{
    while (bytes-- > 0)
        string_builder_append_character(out, (char)(number >> 8 * bytes & 0xFF));
}

static void append_marker(struct string_builder *out, uint8_t marker)
{
    string_builder_append_character(out, '\xFF');
    string_builder_append_character(out, (char)marker);
}

static void append_span(struct string_builder *out, struct span span)
{
    string_builder_append_bytes(out, span.bytes, span.length);
}

static void append_segment(struct string_builder *out, uint8_t marker, const char *name,
                           size_t name_size, struct span payload)
{
    append_marker(out, marker);
    append_big(out, 2 + name_size + payload.length, 2);
    string_builder_append_bytes(out, name, name_size);
    append_span(out, payload);
}

/* The JFIF header says how the colours are meant, and the density; its thumbnail goes. */
static void append_jfif(struct span file, struct string_builder *out)
{
    struct jpeg_segment segment;
    for (size_t at = FIRST_SEGMENT; jpeg_next(file, &at, &segment);) {
        if (segment.marker == JPEG_SOS || segment.marker == JPEG_EOI)
            return;
        if (segment.marker == JPEG_APP0 && segment.payload.length >= JFIF_SIZE &&
            span_is_at(segment.payload, 0, JFIF_NAME, sizeof JFIF_NAME)) {
            append_segment(out, JPEG_APP0, (const char *)segment.payload.bytes, JFIF_DENSITY_END,
                           (struct span){ .bytes = (const uint8_t *)"\0", .length = 2 });
            return;
        }
    }
}

/* EXIF of one entry: TIFF header, a directory with tag 0x0112, and no next one. */
static void append_orientation(struct string_builder *out, int orientation)
{
    static const char before[] = "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01";
    uint8_t value[8] = { 0, (uint8_t)orientation };
    append_segment(out, JPEG_APP1, before, sizeof before - 1,
                   (struct span){ .bytes = value, .length = sizeof value });
}

/* One image resource of Photoshop's: signature, number 0x0404, an empty name, length, and the data
 * filled up to an even length. */
static void append_iim(struct string_builder *out, struct span iim)
{
    static const char before[] = PHOTOSHOP_NAME "\0"
                                                "8BIM\x04\x04\0\0";
    bool is_odd = iim.length % 2 != 0;
    append_marker(out, JPEG_APP13);
    append_big(out, 2 + (sizeof before - 1) + 4 + iim.length + is_odd, 2);
    string_builder_append_bytes(out, before, sizeof before - 1);
    append_big(out, iim.length, 4);
    append_span(out, iim);
    if (is_odd)
        string_builder_append_character(out, '\0');
}

static void append_insertion(struct string_builder *out, const struct jpeg_insertion *insertion)
{
    if (insertion->orientation >= 2 && insertion->orientation <= 8)
        append_orientation(out, insertion->orientation);
    if (insertion->xmp.length && insertion->xmp.length <= JPEG_XMP_MAXIMUM)
        append_segment(out, JPEG_APP1, XMP_NAME, sizeof XMP_NAME, insertion->xmp);
    if (insertion->iim.length && insertion->iim.length <= JPEG_IIM_MAXIMUM)
        append_iim(out, insertion->iim);
}

/* Whether decoders need the segment for the pixels or their colours. */
static bool is_kept(const struct jpeg_segment *segment)
{
    switch (segment->marker) {
    case JPEG_APP2:
        return span_is_at(segment->payload, 0, ICC_NAME, sizeof ICC_NAME);
    case JPEG_APP14:
        return segment->payload.length >= ADOBE_SIZE &&
               span_is_at(segment->payload, 0, ADOBE_NAME, sizeof ADOBE_NAME - 1);
    default:
        /* Frames, tables and scans; neither applications' data nor comments and what is reserved.
         */
        return segment->marker >= 0xC0 && segment->marker < JPEG_APP0 &&
               (segment->marker < 0xD0 || segment->marker > JPEG_SOI);
    }
}

static void append_kept(struct string_builder *out, const struct jpeg_segment *segment)
{
    struct span payload = segment->payload;
    if (segment->marker == JPEG_EOI) {
        append_marker(out, JPEG_EOI);
        return;
    }
    if (segment->marker == JPEG_APP14)
        payload = span_part(payload, 0, ADOBE_SIZE);
    append_segment(out, segment->marker, NULL, 0, payload);
    append_span(out, segment->scan);
}

bool jpeg_filter(struct span file, const struct jpeg_insertion *insertion,
                 struct string_builder *out)
{
    struct jpeg_segment segment = { 0 };
    size_t before = out->length;
    if (jpeg_structure(file) != PICTURE_GOOD)
        return false;
    append_marker(out, JPEG_SOI);
    append_jfif(file, out);
    append_insertion(out, insertion);
    size_t at = FIRST_SEGMENT;
    while (segment.marker != JPEG_EOI && jpeg_next(file, &at, &segment))
        if (is_kept(&segment))
            append_kept(out, &segment);
    if (!string_builder_overflowed(out))
        return true;
    string_builder_truncate(out, before);
    return false;
}
