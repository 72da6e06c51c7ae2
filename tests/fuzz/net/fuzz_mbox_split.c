/* SPDX-License-Identifier: MIT */
/* Where the messages of an mbox lie: the same in whatever pieces it comes, in order, within the
 * file, and every octet that is no line end stands in a message or in the line before one. */
#include "net/mbox_split.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void split_in_pieces(struct mbox_split *split, const char *bytes, size_t length,
                            size_t piece)
{
    mbox_split_begin(split);
    for (size_t at = 0; at < length; at += piece)
        mbox_split_bytes(split, bytes + at, length - at < piece ? length - at : piece);
    mbox_split_end(split);
}

static void assert_same(const struct mbox_split *a, const struct mbox_split *b)
{
    assert(a->is_foreign == b->is_foreign);
    if (a->is_foreign)
        return;
    assert(a->count == b->count);
    for (size_t i = 0; i < a->count; i++)
        assert(a->parts[i].start == b->parts[i].start && a->parts[i].end == b->parts[i].end);
}

static const char *line_end(const char *at, const char *end)
{
    const char *found = memchr(at, '\n', (size_t)(end - at));
    return found ? found : end;
}

/* Between two messages there is nothing but the lines that begin the next, and empty ones. */
static void check_gap(const char *at, const char *end)
{
    while (at < end) {
        const char *stop = line_end(at, end);
        bool is_mark = stop - at >= 5 && memcmp(at, "From ", 5) == 0;
        for (const char *c = at; c < stop && !is_mark; c++)
            assert(*c == '\r');
        at = stop < end ? stop + 1 : end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mbox_split whole;
    struct mbox_split pieces;
    const char *bytes = (const char *)data;
    split_in_pieces(&whole, bytes, size, size ? size : 1);
    for (size_t piece = 1; piece < 9; piece += 3) {
        split_in_pieces(&pieces, bytes, size, piece);
        assert_same(&whole, &pieces);
        mbox_split_release(&pieces);
    }
    int64_t at = 0;
    for (size_t i = 0; !whole.is_foreign && i < whole.count; i++) {
        const struct mbox_part *part = &whole.parts[i];
        assert(part->start >= at && part->end > part->start && part->end <= (int64_t)size);
        check_gap(bytes + at, bytes + part->start);
        at = part->end;
    }
    if (!whole.is_foreign)
        check_gap(bytes + at, bytes + size);
    mbox_split_release(&whole);
    return 0;
}
