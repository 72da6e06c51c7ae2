/* SPDX-License-Identifier: MIT */
#include "picture/iso_boxes.h"

enum { BOX_HEAD_SIZE = 8, NAME_SIZE = 4, FULL_SIZE = 4 /* version and flags */ };

struct iso_box {
    struct span name;
    struct span content;
};

/* The box at *at, which moves behind it. False where the bytes end first. */
static bool next_box(struct span bytes, size_t *at, struct iso_box *box)
{
    uint64_t size = span_big(bytes, *at, 4);
    size_t head = BOX_HEAD_SIZE;
    if (size == 1) {
        size = span_big(bytes, *at + BOX_HEAD_SIZE, 8);
        head += 8;
    } else if (size == 0) {
        size = *at < bytes.length ? bytes.length - *at : 0;
    }
    if (size < head || size > bytes.length || !span_has(bytes, *at, (size_t)size))
        return false;
    box->name = span_part(bytes, *at + 4, NAME_SIZE);
    box->content = span_part(bytes, *at + head, (size_t)size - head);
    *at += (size_t)size;
    return true;
}

static bool find_box(struct span bytes, const char *name, struct span *content)
{
    struct iso_box box;
    for (size_t at = 0; next_box(bytes, &at, &box);)
        if (span_is_at(box.name, 0, name, NAME_SIZE)) {
            *content = box.content;
            return true;
        }
    return false;
}

enum { CODED_ITEMS = 65536 /* items of higher numbers are not looked into */ };

/* Where items are (box "iloc"): sizes of its numbers in bytes, and how far it is read. */
struct locations {
    struct span box;
    size_t at;
    uint64_t left; /* items not yet read */
    unsigned version;
    size_t offset_size;
    size_t length_size;
    size_t base_size;
    size_t index_size;
    const bool *are_coded; /* whether items below CODED_ITEMS are pixels; NULL: not known */
    size_t uninspected; /* bytes that may yet be looked through: nothing is twice in a sound file */
};

struct location {
    uint64_t item;
    unsigned method; /* 0: in the file; 1: in box "idat" */
    uint64_t extents;
    uint64_t offset; /* of its first extent */
    uint64_t length;
    /* PICTURE_CUT: an extent in the file ends behind it, or was not written to its end;
     * PICTURE_DAMAGED: it has a hole. */
    enum picture_trouble trouble;
};

/* What zeros among coded pixels mean. In HEVC three never follow one another, so that no start code
 * is met by chance (ITU-T H.265, 7.4.2.1): only lengths between its units have a few more. In AV1
 * they would be thousands of blocks in each of which every choice is the first one, with pixels
 * that become lighter from one to the next; and the last byte has a one in it. */
static enum picture_trouble zeros_trouble(struct span extent)
{
    enum { IMPOSSIBLE = 256 };

    size_t at = 0;
    size_t zeros = 0;
    while (at < extent.length && zeros < IMPOSSIBLE)
        zeros = extent.bytes[at++] == 0 ? zeros + 1 : 0;
    if (zeros < IMPOSSIBLE)
        return PICTURE_GOOD;
    while (at < extent.length && extent.bytes[at] == 0)
        at++;
    return at == extent.length ? PICTURE_CUT : PICTURE_DAMAGED;
}

static uint64_t take(struct locations *locations, size_t size)
{
    uint64_t number = span_big(locations->box, locations->at, size);
    locations->at += size;
    return number;
}

static void locations_open(struct locations *locations, struct span box)
{
    *locations = (struct locations){ .box = box, .version = span_byte(box, 0), .at = FULL_SIZE };
    uint8_t sizes = (uint8_t)take(locations, 1);
    locations->offset_size = sizes >> 4;
    locations->length_size = sizes & 15;
    sizes = (uint8_t)take(locations, 1);
    locations->base_size = sizes >> 4;
    locations->index_size = locations->version ? sizes & 15 : 0;
    locations->left = take(locations, locations->version < 2 ? 2 : 4);
}

/* Numbers of eight bytes may be anything: sums that would pass 64 bits are behind every file. */
static bool is_within(uint64_t file_length, uint64_t offset, uint64_t length)
{
    return offset <= file_length && length <= file_length - offset;
}

static bool is_coded(const struct locations *locations, const struct location *location)
{
    return locations->are_coded && location->item < CODED_ITEMS &&
           locations->are_coded[location->item];
}

static void inspect_extent(struct locations *locations, struct span extent,
                           struct location *location)
{
    if (span_is_unwritten(extent))
        location->trouble = PICTURE_CUT;
    if (location->trouble == PICTURE_CUT || !is_coded(locations, location) ||
        extent.length > locations->uninspected)
        return;
    locations->uninspected -= extent.length;
    enum picture_trouble trouble = zeros_trouble(extent);
    if (trouble != PICTURE_GOOD)
        location->trouble = trouble;
}

static void read_extents(struct locations *locations, uint64_t base, struct span file,
                         struct location *location)
{
    size_t size = locations->index_size + locations->offset_size + locations->length_size;
    for (uint64_t i = 0; size && i < location->extents; i++) {
        if (!span_has(locations->box, locations->at, size))
            return;
        (void)take(locations, locations->index_size);
        uint64_t offset = take(locations, locations->offset_size);
        uint64_t length = take(locations, locations->length_size);
        bool is_inside = base <= file.length && is_within(file.length - base, offset, length);
        if (location->method == 0 && is_inside)
            inspect_extent(locations, span_part(file, base + offset, length), location);
        else if (location->method == 0)
            location->trouble = PICTURE_CUT;
        if (i == 0) {
            location->offset = base + offset;
            location->length = length;
        }
    }
}

static bool next_location(struct locations *locations, struct span file, struct location *location)
{
    size_t item_size = locations->version < 2 ? 2 : 4;
    if (locations->left == 0 || !span_has(locations->box, locations->at, item_size))
        return false;
    locations->left--;
    *location = (struct location){ .item = take(locations, item_size) };
    if (locations->version)
        location->method = (unsigned)take(locations, 2) & 15;
    (void)take(locations, 2); /* data reference */
    uint64_t base = take(locations, locations->base_size);
    location->extents = take(locations, 2);
    read_extents(locations, base, file, location);
    return true;
}

/* Whether the numbers' sizes are some that the standard has: all others would be read wrong. */
static bool sizes_are_usual(const struct locations *locations)
{
    return locations->offset_size <= 8 && locations->length_size <= 8 &&
           locations->base_size <= 8 && locations->index_size <= 8 && locations->version <= 2;
}

static bool open_items(struct span file, struct span *boxes, struct locations *locations)
{
    struct span meta;
    struct span box;
    if (!find_box(file, "meta", &meta))
        return false;
    *boxes = span_rest(meta, FULL_SIZE);
    if (!find_box(*boxes, "iloc", &box))
        return false;
    locations_open(locations, box);
    return sizes_are_usual(locations);
}

/* An item as its entry (box "infe") has it. */
struct item {
    uint64_t number;
    struct span type; /* four letters */
    struct span rest; /* behind it */
};

static bool read_item(const struct iso_box *box, struct item *item)
{
    unsigned version = span_byte(box->content, 0);
    size_t number_size = version == 3 ? 4 : 2;
    size_t type = FULL_SIZE + number_size + 2;
    if (!span_is_at(box->name, 0, "infe", NAME_SIZE) || version < 2)
        return false;
    *item = (struct item){ .number = span_big(box->content, FULL_SIZE, number_size),
                           .type = span_part(box->content, type, NAME_SIZE),
                           .rest = span_rest(box->content, type + NAME_SIZE) };
    return true;
}

static struct span item_entries(struct span boxes)
{
    struct span entries;
    if (!find_box(boxes, "iinf", &entries))
        return (struct span){ 0 };
    return span_rest(entries, FULL_SIZE + (span_byte(entries, 0) == 0 ? 2 : 4));
}

static void find_coded(struct span boxes, bool *are_coded)
{
    struct span entries = item_entries(boxes);
    struct iso_box box;
    struct item item;
    for (size_t at = 0; next_box(entries, &at, &box);)
        if (read_item(&box, &item) && item.number < CODED_ITEMS)
            are_coded[item.number] = span_is_at(item.type, 0, "hvc1", NAME_SIZE) ||
                                     span_is_at(item.type, 0, "av01", NAME_SIZE);
}

static enum picture_trouble inspect_items(struct span file)
{
    struct span boxes;
    struct locations locations;
    struct location location;
    bool are_coded[CODED_ITEMS] = { false };
    enum picture_trouble trouble = PICTURE_GOOD;
    if (!open_items(file, &boxes, &locations))
        return PICTURE_DAMAGED;
    find_coded(boxes, are_coded);
    locations.are_coded = are_coded;
    locations.uninspected = file.length;
    while (trouble != PICTURE_CUT && next_location(&locations, file, &location))
        if (location.trouble != PICTURE_GOOD)
            trouble = location.trouble;
    return trouble;
}

enum picture_trouble iso_structure(struct span file, size_t *frames)
{
    struct iso_box box;
    size_t at = 0;
    *frames = 1;
    while (next_box(file, &at, &box))
        if (span_is_at(box.name, 0, "moov", NAME_SIZE))
            *frames = 2;
    return at + BOX_HEAD_SIZE <= file.length ? PICTURE_CUT : inspect_items(file);
}

/* The numbers of the items that are EXIF and XMP; 0 for none. */
struct wanted {
    uint64_t exif;
    uint64_t xmp;
};

static void want_item(const struct item *item, struct wanted *wanted)
{
    static const char xmp[] = "application/rdf+xml";

    struct span name = item->rest;
    if (span_is_at(item->type, 0, "Exif", NAME_SIZE))
        wanted->exif = item->number;
    if (!span_is_at(item->type, 0, "mime", NAME_SIZE))
        return;
    const uint8_t *nul = name.length ? memchr(name.bytes, 0, name.length) : NULL;
    if (nul && span_is_at(name, (size_t)(nul - name.bytes) + 1, xmp, sizeof xmp - 1))
        wanted->xmp = item->number;
}

static struct wanted wanted_items(struct span boxes)
{
    struct wanted wanted = { 0 };
    struct span entries = item_entries(boxes);
    struct iso_box box;
    struct item item;
    for (size_t at = 0; next_box(entries, &at, &box);)
        if (read_item(&box, &item))
            want_item(&item, &wanted);
    return wanted;
}

static struct span item_bytes(struct span file, struct span boxes, const struct location *location)
{
    struct span data = { 0 };
    if (location->extents != 1 || location->offset > file.length || location->length > file.length)
        return data;
    if (location->method == 0)
        data = file;
    else if (location->method == 1)
        (void)find_box(boxes, "idat", &data);
    return span_part(data, (size_t)location->offset, (size_t)location->length);
}

/* EXIF begins with how far behind it its TIFF header is. */
static struct span exif_bytes(struct span item)
{
    return span_rest(item, 4 + (size_t)span_big(item, 0, 4));
}

void iso_parts(struct span file, struct picture_parts *parts)
{
    struct span boxes;
    struct locations locations;
    struct location location;
    if (!open_items(file, &boxes, &locations))
        return;
    struct wanted wanted = wanted_items(boxes);
    while (next_location(&locations, file, &location)) {
        /* Each once: hostile lists have an item many times. */
        if (wanted.exif && location.item == wanted.exif) {
            parts->exif = exif_bytes(item_bytes(file, boxes, &location));
            wanted.exif = 0;
        } else if (wanted.xmp && location.item == wanted.xmp) {
            parts->xmp = item_bytes(file, boxes, &location);
            wanted.xmp = 0;
        }
    }
}
