/* SPDX-License-Identifier: MIT */
#include "intake/pdf_tags.h"

#include "base/memory.h"

#include <ctype.h>
#include <libdeflate.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Objects are looked for by what they say, wherever they stand: in the file itself, of any of its
 * revisions, and in object streams (ISO 32000-1, section 7.5.7). So tags that an earlier revision
 * had count as well, and none are missed. */

enum {
    STREAMS_MAXIMUM = 2000,              /* object streams of one file */
    STREAM_MAXIMUM = 16 * 1024 * 1024,   /* of one, inflated */
    INFLATED_MAXIMUM = 64 * 1024 * 1024, /* of all together */
    DICTIONARY_MAXIMUM = 4096,           /* of a stream */
    FIRST_ROOM = 64 * 1024
};

struct bytes {
    const char *at;
    size_t length;
};

/* What was seen so far. */
struct document {
    bool has_catalog;
    bool has_tags;
    size_t inflated;
};

static const char *find(struct bytes in, const char *what)
{
    return in.length > 0 ? memmem(in.at, in.length, what, strlen(what)) : NULL;
}

static bool has(struct bytes in, const char *what)
{
    return find(in, what) != NULL;
}

static struct bytes behind(struct bytes in, const char *at)
{
    return (struct bytes){ at, in.length - (size_t)(at - in.at) };
}

static bool is_space(char c)
{
    return c == '\0' || isspace((unsigned char)c);
}

/* Whether some object has that name, followed by value with white space between or none. */
static bool has_entry(struct bytes in, const char *name, const char *value)
{
    size_t length = strlen(value);
    for (const char *at; (at = find(in, name));) {
        in = behind(in, at + strlen(name));
        struct bytes rest = in;
        while (rest.length > 0 && is_space(*rest.at))
            rest = behind(rest, rest.at + 1);
        if (rest.length >= length && memcmp(rest.at, value, length) == 0)
            return true;
        if (rest.at > in.at) /* white space is walked over once */
            in = rest;
    }
    return false;
}

static void look_at(struct document *document, struct bytes text)
{
    document->has_catalog = document->has_catalog || has_entry(text, "/Type", "/Catalog");
    document->has_tags = document->has_tags || has(text, "/StructTreeRoot") ||
                         has_entry(text, "/Marked", "true");
}

/* ---- object streams ---- */

/* Inflates until it fits; false: it is damaged, or too large. */
static bool inflate_and_look(struct document *document, struct libdeflate_decompressor *tool,
                             struct bytes packed)
{
    enum libdeflate_result result = LIBDEFLATE_INSUFFICIENT_SPACE;
    size_t length = 0;
    char *room = NULL;
    for (size_t size = FIRST_ROOM;
         result == LIBDEFLATE_INSUFFICIENT_SPACE && size <= (size_t)STREAM_MAXIMUM; size *= 4) {
        size_t used;
        free(room);
        room = memory_allocate(size);
        result = libdeflate_zlib_decompress_ex(tool, packed.at, packed.length, room, size, &used,
                                               &length);
    }
    bool is_good = result == LIBDEFLATE_SUCCESS;
    if (is_good)
        look_at(document, (struct bytes){ room, length });
    document->inflated += is_good ? length : 0;
    free(room);
    return is_good && document->inflated <= (size_t)INFLATED_MAXIMUM;
}

/* Packed in the one way that programs pack objects in. */
static bool is_deflated(struct bytes dictionary)
{
    return has(dictionary, "/FlateDecode") && !has(dictionary, "/DecodeParms") &&
           !has(dictionary, "/LZWDecode") && !has(dictionary, "/ASCII") &&
           !has(dictionary, "/RunLengthDecode") && !has(dictionary, "/Crypt");
}

/* The dictionary around at, which ends where the stream begins. */
static bool find_dictionary(struct bytes file, const char *at, struct bytes *dictionary)
{
    struct bytes rest = behind(file, at);
    if (rest.length > (size_t)DICTIONARY_MAXIMUM)
        rest.length = DICTIONARY_MAXIMUM;
    const char *end = find(rest, "stream");
    const char *start = at;
    while (start > file.at && at - start < DICTIONARY_MAXIMUM &&
           !((size_t)(at - start) >= 3 && memcmp(start, "obj", 3) == 0))
        start--;
    if (!end || (size_t)(at - start) < 3 || memcmp(start, "obj", 3) != 0)
        return false;
    *dictionary = (struct bytes){ start, (size_t)(end - start) };
    return true;
}

/* The object stream that calls itself one at at. */
static bool read_stream(struct document *document, struct libdeflate_decompressor *tool,
                        struct bytes file, const char *at)
{
    struct bytes dictionary;
    if (!find_dictionary(file, at, &dictionary))
        return false;
    struct bytes packed = behind(file, dictionary.at + dictionary.length + strlen("stream"));
    if (!has(dictionary, "/Filter"))
        return true; /* it stands in the file as it is */
    if (packed.length > 0 && *packed.at == '\r')
        packed = behind(packed, packed.at + 1);
    if (packed.length > 0 && *packed.at == '\n')
        packed = behind(packed, packed.at + 1);
    return is_deflated(dictionary) && inflate_and_look(document, tool, packed);
}

static bool read_streams(struct document *document, struct bytes file)
{
    struct libdeflate_decompressor *tool = libdeflate_alloc_decompressor();
    struct bytes rest = file;
    int count = 0;
    bool is_good = tool != NULL;
    for (const char *at; is_good && !document->has_tags && (at = find(rest, "/ObjStm"));) {
        is_good = count++ < STREAMS_MAXIMUM && read_stream(document, tool, file, at);
        rest = behind(rest, at + 1);
    }
    libdeflate_free_decompressor(tool);
    return is_good;
}

enum pdf_tags pdf_tags_read(const char *bytes, size_t length)
{
    const struct bytes file = { bytes, length };
    struct document document = { 0 };
    if (length < 5 || length > (size_t)PDF_TAGS_FILE_MAXIMUM || memcmp(bytes, "%PDF-", 5) != 0 ||
        has(file, "/Encrypt") || !has(file, "startxref"))
        return PDF_TAGS_UNKNOWN;
    look_at(&document, file);
    if (document.has_tags)
        return PDF_TAGS_THERE;
    bool is_read = read_streams(&document, file);
    if (document.has_tags)
        return PDF_TAGS_THERE;
    return is_read && document.has_catalog ? PDF_TAGS_NONE : PDF_TAGS_UNKNOWN;
}
