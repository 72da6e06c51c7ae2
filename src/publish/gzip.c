/* SPDX-License-Identifier: MIT */
#include "publish/gzip.h"

#include "base/error.h"
#include "base/string_builder.h"

#include <libdeflate.h>
#include <stdlib.h>

/* Measured on pages: the bytes of zlib's level 6 in two thirds of its time. Short texts, as
 * release.json and text.txt, are a fiftieth longer at level 1, at half the cost. */
enum { GZIP_LEVEL = 6, GZIP_LEVEL_SHORT = 1, SHORT_BYTES = 4096 };

struct gzip {
    struct libdeflate_compressor *compressor;
    struct libdeflate_compressor *short_compressor;
    unsigned char *bytes;
    size_t capacity;
};

struct gzip *gzip_new(struct error *error)
{
    struct gzip *gzip = calloc(1, sizeof *gzip);
    if (gzip) {
        gzip->compressor = libdeflate_alloc_compressor(GZIP_LEVEL);
        gzip->short_compressor = libdeflate_alloc_compressor(GZIP_LEVEL_SHORT);
    }
    if (!gzip || !gzip->compressor || !gzip->short_compressor) {
        gzip_free(gzip);
        (void)error_set(error, ERROR_SYSTEM, "gzip: out of memory");
        return NULL;
    }
    return gzip;
}

void gzip_free(struct gzip *gzip)
{
    if (!gzip)
        return;
    libdeflate_free_compressor(gzip->compressor);
    libdeflate_free_compressor(gzip->short_compressor);
    free(gzip->bytes);
    free(gzip);
}

bool gzip_append(struct gzip *gzip, const void *bytes, size_t length, struct string_builder *text,
                 struct error *error)
{
    struct libdeflate_compressor *compressor = length < SHORT_BYTES ? gzip->short_compressor
                                                                    : gzip->compressor;
    size_t bound = libdeflate_gzip_compress_bound(compressor, length);
    /* Grows to the largest text of the run and is used for all, because texts are many and
     * small. */
    if (bound > gzip->capacity) {
        free(gzip->bytes);
        gzip->bytes = malloc(bound);
        gzip->capacity = gzip->bytes ? bound : 0;
    }
    size_t count = gzip->bytes ? libdeflate_gzip_compress(compressor, bytes, length, gzip->bytes,
                                                          gzip->capacity)
                               : 0;
    if (count)
        string_builder_append_bytes(text, gzip->bytes, count);
    if (!count || string_builder_overflowed(text))
        return error_set(error, ERROR_SYSTEM, "gzip: could not compress %zu bytes", length);
    return true;
}
