/* SPDX-License-Identifier: MIT */
#include "rich_text/package.h"

#include "base/arena.h"
#include "base/memory.h"
#include "rich_text/zip_directory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zip.h>

enum {
    FLAG_ENCRYPTED = 1,
    RATIO_FROM = 1024 * 1024 /* smaller parts may be packed as tightly as they like */
};

struct part {
    const char *name; /* in UTF-8 */
    const struct zip_entry *entry;
    size_t index; /* libzip's */
};

struct package {
    struct arena *arena;
    struct zip *zip;
    struct zip_directory directory;
    struct part *parts;         /* in the order of the file */
    const struct part **sorted; /* by name, ASCII letters folded */
    size_t all;                 /* bytes that were read */
    enum rich_text_fault fault;
    const char *detail;
};

static bool fail(struct package *package, enum rich_text_fault fault, const char *detail)
{
    package->fault = fault;
    package->detail = detail;
    return false;
}

/* ---- opening ---- */

static int by_name(const void *a, const void *b)
{
    const struct part *const *first = a;
    const struct part *const *second = b;
    return strcasecmp((*first)->name, (*second)->name);
}

/* Whether the name stays within the package, on every system. */
static bool name_is_safe(const char *name)
{
    if (!*name || *name == '/' || strpbrk(name, "\\:"))
        return false;
    for (const char *at = name; at; at = strchr(at, '/')) {
        at += *at == '/';
        size_t length = strcspn(at, "/");
        if ((length == 1 && *at == '.') || (length == 2 && strncmp(at, "..", 2) == 0))
            return false;
    }
    for (const char *at = name; *at; at++)
        if ((unsigned char)*at < ' ')
            return false;
    return true;
}

static bool check_entry(struct package *package, const struct zip_entry *entry)
{
    if (entry->flags & FLAG_ENCRYPTED)
        return fail(package, RICH_TEXT_FAULT_ENCRYPTED, "");
    if (!name_is_safe(entry->name))
        return fail(package, RICH_TEXT_FAULT_UNSAFE, "name");
    if (entry->method != ZIP_CM_STORE && entry->method != ZIP_CM_DEFLATE)
        return fail(package, RICH_TEXT_FAULT_UNSAFE, "compression");
    return true;
}

/* libzip and we must have read the same directory. */
static bool take_part(struct package *package, size_t index)
{
    const struct zip_entry *entry = &package->directory.entries[index];
    struct zip_stat status;
    const char *raw = zip_get_name(package->zip, index, ZIP_FL_ENC_RAW);
    if (!raw || strcmp(raw, entry->name) != 0 ||
        zip_stat_index(package->zip, index, 0, &status) != 0 || status.size != entry->size ||
        status.comp_size != entry->packed || status.comp_method != entry->method)
        return fail(package, RICH_TEXT_FAULT_UNSAFE, "directory");
    const char *name = zip_get_name(package->zip, index, ZIP_FL_ENC_GUESS);
    if (!name || !name_is_safe(name))
        return fail(package, RICH_TEXT_FAULT_UNSAFE, "name");
    package->parts[index] = (struct part){ .name = arena_copy(package->arena, name),
                                           .entry = entry,
                                           .index = index };
    package->sorted[index] = &package->parts[index];
    return true;
}

static bool take_parts(struct package *package)
{
    size_t count = package->directory.count;
    if (zip_get_num_entries(package->zip, 0) != (zip_int64_t)count)
        return fail(package, RICH_TEXT_FAULT_UNSAFE, "directory");
    package->parts = arena_allocate_array(package->arena, count + 1, sizeof *package->parts);
    package->sorted = arena_allocate_array(package->arena, count + 1, sizeof *package->sorted);
    for (size_t i = 0; i < count; i++)
        if (!take_part(package, i))
            return false;
    qsort(package->sorted, count, sizeof *package->sorted, by_name);
    for (size_t i = 1; i < count; i++)
        if (by_name(&package->sorted[i - 1], &package->sorted[i]) == 0)
            return fail(package, RICH_TEXT_FAULT_UNSAFE, "duplicate");
    return true;
}

/* ZIP_CHECKCONS: of a file that says two things of the same entry none is believed. */
static bool open_zip(struct package *package, const char *bytes)
{
    struct zip_error error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, package->directory.length, 0, &error);
    if (!source)
        memory_failed(package->directory.length);
    package->zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    int code = zip_error_code_zip(&error);
    zip_error_fini(&error);
    if (package->zip)
        return true;
    zip_source_free(source);
    if (code == ZIP_ER_MEMORY)
        memory_failed(package->directory.length);
    return fail(package, RICH_TEXT_FAULT_BROKEN, "zip");
}

static bool open_all(struct package *package, const char *bytes, size_t length)
{
    if (length < 4 || memcmp(bytes, "PK", 2) != 0)
        return fail(package, RICH_TEXT_FAULT_BROKEN, "no zip");
    if (!zip_directory_read(package->arena, bytes, length, &package->directory, &package->fault,
                            &package->detail))
        return false;
    package->fault = RICH_TEXT_FAULT_NONE;
    package->detail = "";
    for (size_t i = 0; i < package->directory.count; i++)
        if (!check_entry(package, &package->directory.entries[i]))
            return false;
    return open_zip(package, bytes) && take_parts(package);
}

struct package *package_open(struct arena *arena, const char *bytes, size_t length,
                             enum rich_text_fault *fault, const char **detail)
{
    struct package *package = arena_allocate(arena, sizeof *package);
    package->arena = arena;
    bool is_open = open_all(package, bytes, length);
    *fault = package->fault;
    *detail = package->detail;
    if (is_open)
        return package;
    package_close(package);
    return NULL;
}

void package_close(struct package *package)
{
    if (package && package->zip)
        zip_discard(package->zip);
    if (package)
        package->zip = NULL;
}

/* ---- parts ---- */

const char *package_name(const struct package *package, size_t index)
{
    return index < package->directory.count ? package->parts[index].name : NULL;
}

enum rich_text_fault package_fault(const struct package *package, const char **detail)
{
    *detail = package->detail;
    return package->fault;
}

static const struct part *find_part(const struct package *package, const char *name)
{
    struct part wanted = { .name = name };
    const struct part *key = &wanted;
    const struct part *const *found = bsearch(&key, package->sorted, package->directory.count,
                                              sizeof *package->sorted, by_name);
    return found ? *found : NULL;
}

/* Its bytes, which must be as many as it says: not one more is made room for. */
static char *inflate_part(struct package *package, const struct part *part)
{
    size_t size = (size_t)part->entry->size;
    struct zip_file *file = zip_fopen_index(package->zip, part->index, 0);
    if (!file) {
        (void)fail(package, RICH_TEXT_FAULT_BROKEN, part->name);
        return NULL;
    }
    char *bytes = arena_allocate(package->arena, size + 1);
    size_t length = 0;
    zip_int64_t more = 1;
    while (length < size && (more = zip_fread(file, bytes + length, size - length)) > 0)
        length += (size_t)more;
    /* The check sum is compared at the end. */
    char beyond;
    bool is_whole = more >= 0 && length == size && zip_fread(file, &beyond, 1) == 0;
    (void)zip_fclose(file);
    if (is_whole)
        return bytes;
    (void)fail(package, RICH_TEXT_FAULT_BROKEN, part->name);
    return NULL;
}

const char *package_part(struct package *package, const char *name, size_t *length)
{
    const struct part *part = find_part(package, name + (*name == '/'));
    *length = 0;
    if (!part || package->fault != RICH_TEXT_FAULT_NONE ||
        part->name[strlen(part->name) - 1] == '/')
        return NULL;
    uint64_t size = part->entry->size;
    if (size > PACKAGE_PART_MAXIMUM || size > PACKAGE_ALL_MAXIMUM - package->all ||
        (size > RATIO_FROM && size / PACKAGE_RATIO_MAXIMUM > part->entry->packed)) {
        (void)fail(package, RICH_TEXT_FAULT_TOO_LARGE, part->name);
        return NULL;
    }
    package->all += (size_t)size;
    char *bytes = inflate_part(package, part);
    if (bytes)
        *length = (size_t)size;
    return bytes;
}
