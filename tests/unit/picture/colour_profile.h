/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_PICTURE_COLOUR_PROFILE_H
#define TESTS_UNIT_PICTURE_COLOUR_PROFILE_H

#include "cmocka_all.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* ICC profiles (ICC.1:2001-04) of a gamma and three primaries, or of a gamma alone, written from
 * what they are defined by: Debian has none of the usual ones in a package that tests need. */

enum { PROFILE_SIZE_MAXIMUM = 512 };

struct colour_profile {
    uint8_t bytes[PROFILE_SIZE_MAXIMUM];
    size_t length;
};

/* As XYZ under D50. */
struct colour_primary {
    double x;
    double y;
    double z;
};

static inline void profile_put(struct colour_profile *profile, size_t at, uint32_t number,
                               int bytes)
{
    assert_true(at + (size_t)bytes <= sizeof profile->bytes);
    for (int i = 0; i < bytes; i++)
        profile->bytes[at + (size_t)i] = (uint8_t)(number >> 8 * (bytes - 1 - i));
    if (at + (size_t)bytes > profile->length)
        profile->length = at + (size_t)bytes;
}

static inline void profile_put_word(struct colour_profile *profile, size_t at, const char *word)
{
    for (size_t i = 0; word[i]; i++)
        profile_put(profile, at + i, (uint8_t)word[i], 1);
}

/* The next tag: its entry in the table, and where its data begins. */
static inline size_t profile_tag(struct colour_profile *profile, const char *name, uint32_t size)
{
    enum { TABLE = 128, COUNT_SIZE = 4, ENTRY_SIZE = 12, DATA = 300 };

    uint32_t count = profile->bytes[TABLE + 3];
    size_t entry = TABLE + COUNT_SIZE + (size_t)ENTRY_SIZE * count;
    size_t data = count ? profile->length : DATA;
    profile_put(profile, TABLE, count + 1, COUNT_SIZE);
    profile_put_word(profile, entry, name);
    profile_put(profile, entry + 4, (uint32_t)data, 4);
    profile_put(profile, entry + 8, size, 4);
    profile_put(profile, data + size - 1, 0, 1);
    return data;
}

static inline void profile_put_colour(struct colour_profile *profile, const char *name,
                                      struct colour_primary colour)
{
    const double parts[3] = { colour.x, colour.y, colour.z };
    size_t at = profile_tag(profile, name, 20);
    profile_put_word(profile, at, "XYZ ");
    for (size_t i = 0; i < 3; i++)
        profile_put(profile, at + 8 + 4 * i, (uint32_t)(parts[i] * 65536 + 0.5), 4);
}

static inline void profile_put_gamma(struct colour_profile *profile, const char *name, double gamma)
{
    size_t at = profile_tag(profile, name, 16);
    profile_put_word(profile, at, "curv");
    profile_put(profile, at + 8, 1, 4);
    profile_put(profile, at + 12, (uint32_t)(gamma * 256 + 0.5), 2);
}

/* primaries: red, green and blue; NULL: grey. */
static inline void profile_make(struct colour_profile *profile, double gamma,
                                const struct colour_primary *primaries)
{
    static const char *const colours[] = { "rXYZ", "gXYZ", "bXYZ" };
    static const char *const curves[] = { "rTRC", "gTRC", "bTRC" };
    const struct colour_primary white = { 0.9642, 1.0, 0.8249 };
    *profile = (struct colour_profile){ 0 };
    profile_put(profile, 8, 0x02400000, 4);
    profile_put_word(profile, 12, "mntr");
    profile_put_word(profile, 16, primaries ? "RGB " : "GRAY");
    profile_put_word(profile, 20, "XYZ ");
    profile_put_word(profile, 36, "acsp");
    profile_put(profile, 68, 0x0000F6D6, 4);
    profile_put(profile, 72, 0x00010000, 4);
    profile_put(profile, 76, 0x0000D32D, 4);
    profile_put_colour(profile, "wtpt", white);
    if (!primaries)
        profile_put_gamma(profile, "kTRC", gamma);
    for (size_t i = 0; primaries && i < 3; i++) {
        profile_put_colour(profile, colours[i], primaries[i]);
        profile_put_gamma(profile, curves[i], gamma);
    }
    profile_put(profile, 0, (uint32_t)profile->length, 4);
}

static inline void profile_save(const struct colour_profile *profile, const char *path)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(profile->bytes, 1, profile->length, file), profile->length);
    assert_int_equal(fclose(file), 0);
}

#endif
