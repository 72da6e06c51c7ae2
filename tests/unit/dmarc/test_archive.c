/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/string_builder.h"
#include "dmarc/dmarc.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

/* gzip and zip: sound ones, those that lie, and bombs. */

static void put(struct string_builder *text, uint32_t value, unsigned octets)
{
    for (unsigned i = 0; i < octets; i++)
        string_builder_append_character(text, (char)(value >> 8 * i & 0xff));
}

static void append_gzip(struct string_builder *out, const char *bytes, size_t length)
{
    struct libdeflate_compressor *tool = libdeflate_alloc_compressor(6);
    size_t room = libdeflate_gzip_compress_bound(tool, length);
    char *packed = malloc(room);
    size_t made = libdeflate_gzip_compress(tool, bytes, length, packed, room);
    assert_true(made > 0);
    string_builder_append_bytes(out, packed, made);
    free(packed);
    libdeflate_free_compressor(tool);
}

struct part {
    const char *name;
    const char *bytes;
    size_t length;
    bool is_stored;
    uint32_t said;  /* uncompressed size that it says; 0: the true one */
    uint32_t wrong; /* added to its checksum */
    unsigned flags;
};

static void append_zip(struct string_builder *out, const struct part *parts, size_t count)
{
    struct string_builder directory;
    size_t start = out->length;
    string_builder_init(&directory, 0);
    struct libdeflate_compressor *tool = libdeflate_alloc_compressor(6);
    for (size_t i = 0; i < count; i++) {
        const struct part *part = &parts[i];
        uint32_t check = libdeflate_crc32(0, part->bytes, part->length) + part->wrong;
        size_t room = libdeflate_deflate_compress_bound(tool, part->length);
        char *packed = malloc(room);
        size_t made = libdeflate_deflate_compress(tool, part->bytes, part->length, packed, room);
        const char *data = part->is_stored ? part->bytes : packed;
        uint32_t size = (uint32_t)(part->is_stored ? part->length : made);
        uint32_t said = part->said ? part->said : (uint32_t)part->length;
        size_t local = out->length - start;
        for (int is_directory = 0; is_directory < 2; is_directory++) {
            struct string_builder *to = is_directory ? &directory : out;
            string_builder_append_bytes(to, is_directory ? "PK\1\2" : "PK\3\4", 4);
            put(to, 20, is_directory ? 4 : 2);
            put(to, part->flags, 2);
            put(to, part->is_stored ? 0 : 8, 2);
            put(to, 0, 4);
            put(to, check, 4);
            put(to, size, 4);
            put(to, said, 4);
            put(to, (uint32_t)strlen(part->name), 2);
            put(to, 0, 2);
            if (is_directory) {
                put(to, 0, 4);
                put(to, 0, 2);
                put(to, 0, 4);
                put(to, (uint32_t)local, 4);
            }
            string_builder_append(to, part->name);
        }
        string_builder_append_bytes(out, data, size);
        free(packed);
    }
    libdeflate_free_compressor(tool);
    uint32_t offset = (uint32_t)(out->length - start);
    string_builder_append_bytes(out, directory.data, directory.length);
    string_builder_append_bytes(out, "PK\5\6", 4);
    put(out, 0, 4);
    put(out, (uint32_t)count, 2);
    put(out, (uint32_t)count, 2);
    put(out, (uint32_t)directory.length, 4);
    put(out, offset, 4);
    put(out, 0, 2);
    string_builder_release(&directory);
}

static void gives(const struct string_builder *packed, const char *expected)
{
    size_t length = 0;
    char *bytes = dmarc_inflate(packed->data, packed->length, &length);
    if (!expected) {
        assert_null(bytes);
        return;
    }
    assert_non_null(bytes);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(bytes, expected, length);
    free(bytes);
}

static const char xml[] = "<feedback>a report, more or less, more or less</feedback>";

static void gzip_is_unpacked(void **state)
{
    struct string_builder packed;
    (void)state;
    string_builder_init(&packed, 0);
    append_gzip(&packed, xml, sizeof xml - 1);
    gives(&packed, xml);
    string_builder_append(&packed, "rubbish behind it");
    gives(&packed, xml);
    string_builder_clear(&packed);
    append_gzip(&packed, xml, 20); /* members one behind the other */
    append_gzip(&packed, xml + 20, sizeof xml - 1 - 20);
    gives(&packed, xml);
    for (size_t cut = packed.length - 1; cut > 2; cut--) {
        string_builder_truncate(&packed, cut);
        size_t length = 0;
        char *bytes = dmarc_inflate(packed.data, packed.length, &length);
        assert_true(!bytes || length < sizeof xml - 1);
        free(bytes);
    }
    string_builder_release(&packed);
}

static void zip_is_unpacked(void **state)
{
    const struct part stored = {
        .name = "a.xml", .bytes = xml, .length = sizeof xml - 1, .is_stored = true
    };
    const struct part parts[] = { { .name = "read.me", .bytes = "x", .length = 1 },
                                  { .name = "B.XML", .bytes = xml, .length = sizeof xml - 1 } };
    struct string_builder packed;
    struct string_builder inner;
    (void)state;
    string_builder_init(&packed, 0);
    string_builder_init(&inner, 0);
    append_zip(&packed, &stored, 1);
    gives(&packed, xml);
    string_builder_clear(&packed);
    append_zip(&packed, parts, 2);
    gives(&packed, xml);
    string_builder_append(&packed, "and a comment that nobody announced");
    gives(&packed, xml);
    string_builder_clear(&packed);
    append_gzip(&inner, xml, sizeof xml - 1);
    const struct part nested = { .name = "a.xml.gz", .bytes = inner.data, .length = inner.length };
    append_zip(&packed, &nested, 1);
    gives(&packed, xml);
    string_builder_release(&packed);
    string_builder_release(&inner);
}

static void zips_that_lie_are_none(void **state)
{
    const struct part lies[] = {
        { .name = "a.xml", .bytes = xml, .length = sizeof xml - 1, .wrong = 1 },
        { .name = "a.xml", .bytes = xml, .length = sizeof xml - 1, .flags = 1 }, /* encrypted */
        { .name = "a.pdf", .bytes = xml, .length = sizeof xml - 1, .said = 0 },
    };
    const struct part small = {
        .name = "a.xml", .bytes = xml, .length = sizeof xml - 1, .said = 4
    };
    struct string_builder packed;
    (void)state;
    string_builder_init(&packed, 0);
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        string_builder_clear(&packed);
        append_zip(&packed, &lies[i], 1);
        gives(&packed, NULL);
    }
    string_builder_clear(&packed);
    append_zip(&packed, &small, 1);
    gives(&packed, xml); /* the size that it says is not believed */
    for (size_t cut = packed.length - 1; cut > 22; cut--) {
        string_builder_truncate(&packed, cut);
        gives(&packed, NULL);
    }
    string_builder_release(&packed);
}

/* Every byte changed in turn: nothing is read outside of it. */
static void damage_is_harmless(void **state)
{
    const struct part part = { .name = "a.xml", .bytes = xml, .length = sizeof xml - 1 };
    struct string_builder packed;
    (void)state;
    string_builder_init(&packed, 0);
    append_zip(&packed, &part, 1);
    for (size_t i = 0; i < packed.length; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            char *copy = malloc(packed.length); /* its own, so that a read outside is seen */
            memcpy(copy, packed.data, packed.length);
            copy[i] = (char)(copy[i] ^ (char)(1 << bit));
            size_t length = 0;
            free(dmarc_inflate(copy, packed.length, &length));
            free(copy);
        }
    string_builder_release(&packed);
}

static void bombs_are_none(void **state)
{
    const size_t size = (size_t)64 * 1024 * 1024;
    struct string_builder packed;
    struct string_builder twice;
    (void)state;
    char *zeros = calloc(1, size);
    string_builder_init(&packed, 0);
    string_builder_init(&twice, 0);
    append_gzip(&packed, zeros, size);
    assert_true(packed.length < size / 500);
    gives(&packed, NULL);
    append_gzip(&twice, packed.data, packed.length);
    gives(&twice, NULL);
    string_builder_clear(&packed);
    const struct part part = { .name = "a.xml", .bytes = zeros, .length = size, .said = 10 };
    append_zip(&packed, &part, 1);
    gives(&packed, NULL);
    string_builder_clear(&packed);
    append_gzip(&packed, zeros, 4 * 1024 * 1024); /* not much, but of next to nothing */
    gives(&packed, NULL);
    string_builder_release(&packed);
    string_builder_release(&twice);
    free(zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gzip_is_unpacked),       cmocka_unit_test(zip_is_unpacked),
        cmocka_unit_test(zips_that_lie_are_none), cmocka_unit_test(damage_is_harmless),
        cmocka_unit_test(bombs_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
