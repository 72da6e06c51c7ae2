/* SPDX-License-Identifier: MIT */
#include "picture/iim.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "picture/field_text.h"

/* Numbers of the data sets, records 1 (envelope) and 2 (application). */
enum {
    TAG_MARKER = 0x1C,
    ENVELOPE = 1,
    APPLICATION = 2,
    CHARACTER_SET = 90,
    RECORD_VERSION = 0,
    BYLINE = 80,
    CREDIT = 110,
    COPYRIGHT = 116,
    CAPTION = 120
};

#define UTF8_ESCAPE "\x1B%G"

/* Image resources: "8BIM", number, a name of counted bytes filled up to even, length, data filled
 * up to even. */
struct span iim_in_photoshop(struct span resources)
{
    enum { IPTC_NUMBER = 0x0404, SIGNATURE_SIZE = 4, NUMBER_SIZE = 2 };

    size_t at = 0;
    while (span_is_at(resources, at, "8BIM", SIGNATURE_SIZE)) {
        uint64_t number = span_big(resources, at + SIGNATURE_SIZE, NUMBER_SIZE);
        at += SIGNATURE_SIZE + NUMBER_SIZE;
        at += (size_t)(span_byte(resources, at) + 2) & ~(size_t)1;
        size_t length = (size_t)span_big(resources, at, 4);
        at += 4;
        if (!span_has(resources, at, length))
            break;
        if (number == IPTC_NUMBER)
            return span_part(resources, at, length);
        at += length + length % 2;
    }
    return (struct span){ 0 };
}

struct data_set {
    uint8_t record;
    uint8_t number;
    struct span value;
};

static bool next_data_set(struct span iim, size_t *at, struct data_set *set)
{
    enum { HEAD_SIZE = 5, EXTENDED = 0x8000, EXTENDED_MAXIMUM = 4 };

    if (span_byte(iim, *at) != TAG_MARKER || !span_has(iim, *at, HEAD_SIZE))
        return false;
    set->record = span_byte(iim, *at + 1);
    set->number = span_byte(iim, *at + 2);
    uint64_t length = span_big(iim, *at + 3, 2);
    *at += HEAD_SIZE;
    if (length & EXTENDED) {
        size_t size = (size_t)(length & ~(uint64_t)EXTENDED);
        if (size > EXTENDED_MAXIMUM || !span_has(iim, *at, size))
            return false;
        length = span_big(iim, *at, size);
        *at += size;
    }
    if (!span_has(iim, *at, (size_t)length))
        return false;
    set->value = span_part(iim, *at, (size_t)length);
    *at += (size_t)length;
    return true;
}

static void fill(struct arena *arena, const struct data_set *set, struct picture_rights *found)
{
    struct span value = set->value;
    switch (set->number) {
    case BYLINE:
        found->creator = field_join(arena, found->creator,
                                    field_text(arena, value, FIELD_LINE_MAXIMUM, false));
        break;
    case CREDIT:
        if (!found->credit)
            found->credit = field_text(arena, value, FIELD_LINE_MAXIMUM, false);
        break;
    case COPYRIGHT:
        if (!found->copyright)
            found->copyright = field_text(arena, value, FIELD_LINE_MAXIMUM, false);
        break;
    case CAPTION:
        if (!found->caption)
            found->caption = field_text(arena, value, FIELD_CAPTION_MAXIMUM, true);
        break;
    default:
        break;
    }
}

void iim_read(struct arena *arena, struct span iim, struct picture_rights *rights)
{
    enum { DATA_SETS_MAXIMUM = 2000 };

    struct picture_rights found = { 0 };
    struct data_set set;
    size_t at = 0;
    /* The envelope's character set is not asked: field_text() knows UTF-8 when it sees it, and
     * programs that write it often forget to say so. */
    for (int i = 0; i < DATA_SETS_MAXIMUM && next_data_set(iim, &at, &set); i++)
        if (set.record == APPLICATION)
            fill(arena, &set, &found);
    if (!rights->creator)
        rights->creator = found.creator;
    if (!rights->credit)
        rights->credit = found.credit;
    if (!rights->copyright)
        rights->copyright = found.copyright;
    if (!rights->caption)
        rights->caption = found.caption;
}

static void append_data_set(struct string_builder *out, uint8_t record, uint8_t number,
                            const char *value, size_t length)
{
    const uint8_t head[] = { TAG_MARKER, record, number, (uint8_t)(length >> 8),
                             (uint8_t)(length & 0xFF) };
    string_builder_append_bytes(out, head, sizeof head);
    string_builder_append_bytes(out, value, length);
}

static void append_string(struct string_builder *out, uint8_t number, const char *string)
{
    enum { VALUE_MAXIMUM = 0x7FFF };

    if (string && strlen(string) <= VALUE_MAXIMUM)
        append_data_set(out, APPLICATION, number, string, strlen(string));
}

void iim_write(const struct picture_rights *rights, struct string_builder *out)
{
    if (!rights->creator && !rights->credit && !rights->copyright && !rights->caption)
        return;
    append_data_set(out, ENVELOPE, CHARACTER_SET, UTF8_ESCAPE, sizeof UTF8_ESCAPE - 1);
    append_data_set(out, APPLICATION, RECORD_VERSION, "\0\4", 2);
    append_string(out, BYLINE, rights->creator);
    append_string(out, CREDIT, rights->credit);
    append_string(out, COPYRIGHT, rights->copyright);
    append_string(out, CAPTION, rights->caption);
}
