/* SPDX-License-Identifier: MIT */
#include "intake/public_record.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "intake/encoding.h"
#include "intake/intake.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAXIMUM = 1024 * 1024 };

struct walk {
    int public_directory;
    public_record_visit *visit;
    void *payload;
};

const char *public_record_text(const struct public_record *record, const char *name)
{
    const char *value = json_string_value(json_object_get(record->object, name));
    return value ? encoding_one_line(record->arena, value, strlen(value)) : NULL;
}

static bool visit_file(const struct walk *walk, const char *year, const char *slug)
{
    struct arena arena = { 0 };
    struct string_builder text;
    struct error ignored;
    bool done = true;
    const char *path = arena_format(&arena, "releases/%s/%s/release.json", year, slug);
    string_builder_init(&text, FILE_MAXIMUM);
    if (file_read_beneath(walk->public_directory, path, &text, &ignored)) {
        json_t *object = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, NULL);
        struct public_record record = {
            .arena = &arena, .object = object, .year = year, .slug = slug
        };
        done = walk->visit(walk->payload, &record);
        json_decref(object);
    }
    string_builder_release(&text);
    arena_release(&arena);
    return done;
}

static DIR *open_list(int directory, const char *path)
{
    int descriptor = openat(directory, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *list = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    if (!list && descriptor >= 0)
        (void)close(descriptor);
    return list;
}

static bool visit_year(const struct walk *walk, DIR *years, const char *year)
{
    DIR *slugs = open_list(dirfd(years), year);
    const struct dirent *item;
    bool done = true;
    if (!slugs)
        return true;
    while (done && (item = readdir(slugs))) /* NOLINT(concurrency-mt-unsafe) */
        if (item->d_name[0] != '.')
            done = visit_file(walk, year, item->d_name);
    (void)closedir(slugs);
    return done;
}

bool public_record_each(int public_directory, public_record_visit *visit, void *payload)
{
    const struct walk walk = { public_directory, visit, payload };
    DIR *years = open_list(public_directory, "releases");
    const struct dirent *item;
    bool done = true;
    if (!years)
        return true;
    while (done && (item = readdir(years))) /* NOLINT(concurrency-mt-unsafe) */
        if (strlen(item->d_name) == 4 && strspn(item->d_name, "0123456789") == 4)
            done = visit_year(&walk, years, item->d_name);
    (void)closedir(years);
    return done;
}

/* ---- the authority and date of tag: addresses ---- */

struct tag {
    struct arena *arena;
    const char **authority;
    const char **date;
};

/* "tag:AUTHORITY,DATE:release/ID"; false, to stop, where it is one. */
static bool find_tag(void *payload, const struct public_record *record)
{
    const struct tag *tag = payload;
    const char *text = public_record_text(record, "tag");
    if (!text || strncmp(text, "tag:", 4) != 0)
        return true;
    text += 4;
    size_t authority = strcspn(text, ",:/ ");
    if (!authority || text[authority] != ',')
        return true;
    const char *date = text + authority + 1;
    size_t length = strspn(date, "0123456789-");
    if (length != strlen("2026-06-07") || date[length] != ':')
        return true;
    *tag->authority = arena_copy_bytes(tag->arena, text, authority);
    *tag->date = arena_copy_bytes(tag->arena, date, length);
    return false;
}

bool intake_public_tag(const char *public_path, struct arena *arena, const char **authority,
                       const char **date)
{
    struct tag tag = { arena, authority, date };
    int directory = open(public_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return false;
    bool found = !public_record_each(directory, find_tag, &tag);
    (void)close(directory);
    return found;
}
