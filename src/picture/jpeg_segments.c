/* SPDX-License-Identifier: MIT */
#include "picture/jpeg_segments.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "picture/iim.h"

enum { MARKER_TEM = 0x01, MARKER_RST0 = 0xD0, FIRST_SEGMENT = 2 };

static bool marker_stands_alone(uint8_t marker)
{
    return marker == MARKER_TEM || (marker >= MARKER_RST0 && marker <= JPEG_EOI);
}

/* Whether a marker begins a frame, of whichever coding. */
static bool is_frame(uint8_t marker)
{
    /* Between the frames' markers stand those of Huffman and arithmetic tables and one reserved. */
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* Arithmetic, lossless and hierarchical coding, and more than 8 bits a sample: browsers show none
 * of them, and the library reads but a few. */
static bool is_rare(const struct jpeg_segment *frame)
{
    enum { LAST_USUAL = 0xC2 /* of Huffman coding: baseline, extended, progressive */ };

    return frame->marker > LAST_USUAL || span_byte(frame->payload, 0) != 8;
}

/* Moves *at behind the next 0xFF and what fills up before a marker, to the marker itself. What
 * stands before it is nothing that a decoder reads. */
static bool find_marker(struct span file, size_t *at)
{
    const uint8_t *found;
    do {
        struct span rest = span_rest(file, *at);
        found = rest.length ? memchr(rest.bytes, 0xFF, rest.length) : NULL;
        if (!found)
            return false;
        *at = (size_t)(found - file.bytes);
        while (*at < file.length && file.bytes[*at] == 0xFF)
            ++*at;
    } while (*at < file.length && file.bytes[*at] == 0);
    return *at < file.length;
}

/* The coded bytes from at on: 0xFF 0x00 and restart markers belong to them. Ends at the first 0xFF
 * of the next marker. */
static struct span scan_at(struct span file, size_t at)
{
    size_t end = at;
    while (find_marker(file, &end)) {
        if (file.bytes[end] < MARKER_RST0 || file.bytes[end] > MARKER_RST0 + 7) {
            end--;
            while (end > at && file.bytes[end - 1] == 0xFF)
                end--;
            return span_part(file, at, end - at);
        }
        end++;
    }
    return span_rest(file, at);
}

bool jpeg_next(struct span file, size_t *at, struct jpeg_segment *segment)
{
    *segment = (struct jpeg_segment){ 0 };
    if (!find_marker(file, at))
        return false;
    segment->marker = file.bytes[(*at)++];
    if (marker_stands_alone(segment->marker))
        return true;
    if (!span_has(file, *at, 2))
        return false;
    /* A length that cannot be is taken for none: decoders refuse it. */
    size_t length = (size_t)span_big(file, *at, 2);
    length = length < 2 ? 2 : length;
    if (!span_has(file, *at, length))
        return false;
    segment->payload = span_part(file, *at + 2, length - 2);
    *at += length;
    if (segment->marker == JPEG_SOS) {
        segment->scan = scan_at(file, *at);
        *at += segment->scan.length;
    }
    return true;
}

enum picture_trouble jpeg_structure(struct span file)
{
    struct jpeg_segment segment;
    bool has_frame = false;
    bool has_scan = false;
    if (!span_is_at(file, 0, "\xFF\xD8\xFF", 3))
        return PICTURE_NONE;
    for (size_t at = FIRST_SEGMENT; jpeg_next(file, &at, &segment);) {
        if (segment.marker == JPEG_EOI)
            return has_scan ? PICTURE_GOOD : PICTURE_DAMAGED;
        if (is_frame(segment.marker) && segment.payload.length) {
            if (is_rare(&segment))
                return PICTURE_CODING;
            has_frame = true;
        }
        has_scan = has_scan || (has_frame && segment.scan.length);
    }
    return PICTURE_CUT;
}

/* Metadata */

#define XMP_NAME "http://ns.adobe.com/xap/1.0/"
#define PHOTOSHOP_NAME "Photoshop 3.0"

/* Names in segments are ended by a NUL, which counts here. */
static bool has_name(const struct jpeg_segment *segment, const char *name, size_t size)
{
    return span_is_at(segment->payload, 0, name, size);
}

void jpeg_parts(struct arena *arena, struct span file, struct picture_parts *parts)
{
    enum { PHOTOSHOP_MAXIMUM = 1024 * 1024 };

    struct jpeg_segment segment;
    struct string_builder resources; /* a large IIM record goes on in further segments, anywhere */
    string_builder_init(&resources, PHOTOSHOP_MAXIMUM);
    for (size_t at = FIRST_SEGMENT; jpeg_next(file, &at, &segment);) {
        if (segment.marker == JPEG_EOI || segment.marker == JPEG_SOS)
            break;
        if (segment.marker == JPEG_APP1 && !parts->exif.length &&
            has_name(&segment, "Exif\0", sizeof "Exif\0"))
            parts->exif = span_rest(segment.payload, sizeof "Exif\0");
        if (segment.marker == JPEG_APP1 && !parts->xmp.length &&
            has_name(&segment, XMP_NAME, sizeof XMP_NAME))
            parts->xmp = span_rest(segment.payload, sizeof XMP_NAME);
        if (segment.marker == JPEG_APP13 &&
            has_name(&segment, PHOTOSHOP_NAME, sizeof PHOTOSHOP_NAME))
            string_builder_append_bytes(&resources, segment.payload.bytes + sizeof PHOTOSHOP_NAME,
                                        segment.payload.length - sizeof PHOTOSHOP_NAME);
    }
    const char *bytes = arena_copy_bytes(arena, resources.data, resources.length);
    parts->iim = iim_in_photoshop(
        (struct span){ .bytes = (const uint8_t *)bytes, .length = resources.length });
    string_builder_release(&resources);
}
