/* SPDX-License-Identifier: MIT */
#include "intake/file_kind.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "intake/media_type.h"
#include "picture/picture.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- by its bytes ---- */

/* What stands in such a file's list of names. */
struct name_within {
    const char *bytes;
    size_t length;
    enum file_kind kind;
};

#define WITHIN(name, is)                                                                           \
    {                                                                                              \
        .bytes = (name), .length = sizeof(name) - 1, .kind = (is)                                  \
    }

/* Compound files ([MS-CFB] section 2.6.1): the names of their streams, in UTF-16. */
static const struct name_within streams[] = {
    WITHIN("_\0_\0n\0a\0m\0e\0i\0d\0_\0v\0e\0r\0s\0", FILE_KIND_MSG), /* [MS-OXMSG] section 2.2.3 */
    WITHIN("_\0_\0p\0r\0o\0p\0e\0r\0t\0i\0e\0s\0_\0v\0", FILE_KIND_MSG),
    WITHIN("W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", FILE_KIND_DOC), /* [MS-DOC] section 2.1 */
    /* Locked with a password ([MS-OFFCRYPTO] section 2.3): who reads the format says so. */
    WITHIN("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", FILE_KIND_UNKNOWN),
    WITHIN("M\0a\0t\0O\0S\0T\0", FILE_KIND_DOC), /* of Works */
};

/* Archives: the names of their files, and what OpenDocument has in the first one. */
static const struct name_within entries[] = {
    WITHIN("Index/Document.iwa", FILE_KIND_PAGES),
    WITHIN("index.xml.gz", FILE_KIND_PAGES), /* before 2013 */
    WITHIN("word/document", FILE_KIND_DOCX),
    WITHIN("wordprocessingml.document", FILE_KIND_DOCX),
    WITHIN("vnd.oasis.opendocument.text", FILE_KIND_ODT),
    WITHIN("vnd.oasis.opendocument.", FILE_KIND_OFFICE),
    WITHIN("xl/workbook", FILE_KIND_OFFICE),
    WITHIN("ppt/presentation", FILE_KIND_OFFICE),
};

static enum file_kind kind_within(const struct name_within *names, size_t count, const char *bytes,
                                  size_t length, enum file_kind otherwise)
{
    for (size_t i = 0; i < count; i++)
        if (memmem(bytes, length, names[i].bytes, names[i].length))
            return names[i].kind;
    return otherwise;
}

static bool begins_with(const char *bytes, size_t length, const char *mark, size_t mark_length)
{
    return length >= mark_length && memcmp(bytes, mark, mark_length) == 0;
}

enum file_kind file_kind_of(const char *bytes, size_t length)
{
    static const char ole[] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    if (begins_with(bytes, length, "{\\rtf", strlen("{\\rtf")))
        return FILE_KIND_RTF;
    if (begins_with(bytes, length, "%PDF-", strlen("%PDF-")))
        return FILE_KIND_PDF;
    if (begins_with(bytes, length, ole, sizeof ole - 1))
        return kind_within(streams, sizeof streams / sizeof streams[0], bytes, length,
                           FILE_KIND_OFFICE);
    if (begins_with(bytes, length, "PK\x03\x04", 4) || begins_with(bytes, length, "PK\x05\x06", 4))
        return kind_within(entries, sizeof entries / sizeof entries[0], bytes, length,
                           FILE_KIND_ZIP);
    return picture_format_of(bytes, length < PICTURE_HEAD_SIZE ? length : PICTURE_HEAD_SIZE) ==
                   PICTURE_UNKNOWN
               ? FILE_KIND_UNKNOWN
               : FILE_KIND_PICTURE;
}

/* So much of the file at offset; how much there was. */
static size_t read_piece(int descriptor, off_t offset, char *bytes)
{
    size_t used = 0;
    ssize_t count = 1;
    while (used < FILE_KIND_PIECE && count > 0) {
        count = pread(descriptor, bytes + used, FILE_KIND_PIECE - used, offset + (off_t)used);
        used += count > 0 ? (size_t)count : 0;
    }
    return used;
}

enum file_kind file_kind_read(int directory, const char *path)
{
    struct error ignored;
    struct stat status;
    int descriptor = file_open_beneath(directory, path, &ignored);
    if (descriptor < 0)
        return FILE_KIND_UNKNOWN;
    char *bytes = memory_allocate((size_t)2 * FILE_KIND_PIECE);
    size_t length = read_piece(descriptor, 0, bytes);
    if (length == FILE_KIND_PIECE && fstat(descriptor, &status) == 0 &&
        status.st_size > FILE_KIND_PIECE)
        length += read_piece(descriptor,
                             status.st_size < (off_t)2 * FILE_KIND_PIECE
                                 ? FILE_KIND_PIECE
                                 : status.st_size - FILE_KIND_PIECE,
                             bytes + length);
    enum file_kind kind = file_kind_of(bytes, length);
    free(bytes);
    (void)close(descriptor);
    return kind;
}

/* ---- what it is called ---- */

/* One row for each kind: what it is called in words, and the endings of its name. */
static const struct {
    enum file_kind kind;
    enum intake_message_id id;
    const char *endings[5]; /* the one that we read first, where we read it */
    bool is_text;           /* somebody may have written a release in it */
} kinds[] = {
    { FILE_KIND_RTF, INTAKE_MESSAGE_KIND_RTF, { "rtf", "doc" }, true },
    { FILE_KIND_DOC, INTAKE_MESSAGE_KIND_DOC, { "doc", "dot", "wps", "wpd" }, true },
    { FILE_KIND_MSG, INTAKE_MESSAGE_KIND_MSG, { "msg", "oft" }, true },
    { FILE_KIND_PAGES, INTAKE_MESSAGE_KIND_PAGES, { "pages" }, true },
    { FILE_KIND_DOCX, INTAKE_MESSAGE_KIND_DOCX, { "docx", "docm", "dotx", "dotm" }, true },
    { FILE_KIND_ODT, INTAKE_MESSAGE_KIND_ODT, { "odt", "ott" }, true },
    { FILE_KIND_OFFICE, INTAKE_MESSAGE_KIND_OFFICE, { "doc", "msg", "wps", "dot", "oft" }, false },
    { FILE_KIND_ZIP, INTAKE_MESSAGE_KIND_ZIP, { "docx", "docm", "odt", "pages", "dotx" }, false },
    { FILE_KIND_PDF, INTAKE_MESSAGE_KIND_PDF, { "pdf" }, false },
    { FILE_KIND_PICTURE, INTAKE_MESSAGE_KIND_PICTURE, { NULL }, false },
};

enum { ENDINGS = sizeof kinds[0].endings / sizeof kinds[0].endings[0] };

static size_t row_of(enum file_kind kind)
{
    size_t i = 0;
    while (kinds[i].kind != kind)
        i++;
    return i;
}

static const char *ending_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && !strchr(dot, '/') ? dot + 1 : "";
}

bool file_kind_fits(enum file_kind kind, const char *name)
{
    const char *ending = ending_of(name);
    if (kind == FILE_KIND_UNKNOWN)
        return true;
    size_t row = row_of(kind);
    for (size_t i = 0; i < ENDINGS && kinds[row].endings[i]; i++)
        if (strcasecmp(kinds[row].endings[i], ending) == 0)
            return true;
    return false;
}

bool file_kind_is_text(enum file_kind kind)
{
    return kind != FILE_KIND_UNKNOWN && kinds[row_of(kind)].is_text;
}

const char *file_kind_ending(enum file_kind kind)
{
    const char *ending = kinds[row_of(kind)].endings[0];
    return ending ? ending : "";
}

enum intake_message_id file_kind_name(enum file_kind kind)
{
    return kinds[row_of(kind)].id;
}

struct intake_value file_kind_value(struct arena *arena, enum intake_message_id id)
{
    struct intake_message *message = arena_allocate(arena, sizeof *message);
    *message = (struct intake_message){ .id = id };
    return intake_value_message(message);
}

struct intake_value file_kind_wanted(struct arena *arena, bool reads_word)
{
    return file_kind_value(arena,
                           reads_word ? INTAKE_MESSAGE_SAVE_AS_WORD : INTAKE_MESSAGE_SAVE_AS_TEXT);
}
