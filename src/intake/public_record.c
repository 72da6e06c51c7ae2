/* SPDX-License-Identifier: MIT */
#include "intake/public_record.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "intake/encoding.h"
#include "intake/intake.h"

#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAXIMUM = 1024 * 1024 };

const char *public_record_text(const struct public_record *record, const char *name)
{
    const char *value = json_string_value(json_object_get(record->object, name));
    return value ? encoding_one_line(record->arena, value, strlen(value)) : NULL;
}

static DIR *open_list(int directory, const char *path)
{
    int descriptor = openat(directory, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *list = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    if (!list && descriptor >= 0)
        (void)close(descriptor);
    return list;
}

void public_record_open(struct public_record_cursor *cursor, int public_directory)
{
    *cursor = (struct public_record_cursor){ .public_directory = public_directory };
    cursor->years = open_list(public_directory, "releases");
}

/* Opens the next year; false at the end. */
static bool next_year(struct public_record_cursor *cursor)
{
    const struct dirent *item;
    while (!cursor->slugs && cursor->years &&
           (item = readdir(cursor->years))) { /* NOLINT(concurrency-mt-unsafe) */
        if (strlen(item->d_name) != 4 || strspn(item->d_name, "0123456789") != 4)
            continue;
        memcpy(cursor->year, item->d_name, sizeof cursor->year);
        cursor->slugs = open_list(dirfd(cursor->years), cursor->year);
    }
    return cursor->slugs != NULL;
}

static void forget_record(struct public_record_cursor *cursor)
{
    json_decref(cursor->object);
    cursor->object = NULL;
    arena_release(&cursor->arena);
}

static bool read_record(struct public_record_cursor *cursor, const char *slug,
                        struct public_record *record)
{
    struct string_builder text;
    struct error ignored;
    forget_record(cursor);
    const char *path = arena_format(&cursor->arena, "releases/%s/%s/release.json", cursor->year,
                                    slug);
    string_builder_init(&text, FILE_MAXIMUM);
    bool is_there = file_read_beneath(cursor->public_directory, path, &text, &ignored);
    if (is_there) {
        cursor->object = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, NULL);
        *record = (struct public_record){ .arena = &cursor->arena,
                                          .object = cursor->object,
                                          .year = cursor->year,
                                          .slug = arena_copy(&cursor->arena, slug) };
    }
    string_builder_release(&text);
    return is_there;
}

bool public_record_next(struct public_record_cursor *cursor, struct public_record *record)
{
    while (next_year(cursor)) {
        const struct dirent *item;
        while ((item = readdir(cursor->slugs))) /* NOLINT(concurrency-mt-unsafe) */
            if (item->d_name[0] != '.' && read_record(cursor, item->d_name, record))
                return true;
        (void)closedir(cursor->slugs);
        cursor->slugs = NULL;
    }
    return false;
}

void public_record_close(struct public_record_cursor *cursor)
{
    forget_record(cursor);
    if (cursor->slugs)
        (void)closedir(cursor->slugs);
    if (cursor->years)
        (void)closedir(cursor->years);
}

/* ---- the authority and date of tag: addresses ---- */

/* Reads "tag:AUTHORITY,DATE:release/ID"; false where the record has no such tag. */
static bool read_tag(const struct public_record *record, struct arena *arena,
                     const char **authority, const char **date)
{
    const char *text = public_record_text(record, "tag");
    if (!text || strncmp(text, "tag:", 4) != 0)
        return false;
    text += 4;
    size_t authority_length = strcspn(text, ",:/ ");
    if (!authority_length || text[authority_length] != ',')
        return false;
    const char *day = text + authority_length + 1;
    size_t length = strspn(day, "0123456789-");
    if (length != strlen("2026-06-07") || day[length] != ':')
        return false;
    *authority = arena_copy_bytes(arena, text, authority_length);
    *date = arena_copy_bytes(arena, day, length);
    return true;
}

bool intake_public_tag(const char *public_path, struct arena *arena, const char **authority,
                       const char **date)
{
    struct public_record_cursor cursor;
    struct public_record record;
    bool found = false;
    int directory = open(public_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return false;
    public_record_open(&cursor, directory);
    while (!found && public_record_next(&cursor, &record))
        found = read_tag(&record, arena, authority, date);
    public_record_close(&cursor);
    (void)close(directory);
    return found;
}
