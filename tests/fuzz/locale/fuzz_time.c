/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/error.h"
#include "locale/zone.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct zone *zone;
    struct arena arena = { 0 };
    struct error error;
    int64_t instant;
    int64_t again;
    int minutes;
    if (!zone)
        zone = zone_open("Europe/Copenhagen", &error);
    const char *string = arena_copy_bytes(&arena, data, size);
    (void)zone_abbreviation_offset(string, &minutes);
    /* What was read is written so that it reads as the same instant. */
    if (zone && zone_parse(zone, string, &instant, &error)) {
        const char *written = zone_format_rfc3339(zone, &arena, instant, true);
        (void)zone_format_rfc822(zone, &arena, instant);
        struct civil_time civil;
        zone_civil(zone, instant, &civil);
        if (civil.year > 0 && civil.year < 9999 &&
            (!zone_parse(zone, written, &again, &error) || again != instant))
            abort();
    }
    arena_release(&arena);
    return 0;
}
