/* SPDX-License-Identifier: MIT */
/* The input is a zip file: what it says of itself moves no bound, and no name leads out of it. */
#include "base/arena.h"
#include "rich_text/package.h"
#include "rich_text/rich_text.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(const char *name)
{
    assert(*name && *name != '/' && !strchr(name, '\\'));
    assert(strcmp(name, "..") != 0 && strncmp(name, "../", 3) != 0 && !strstr(name, "/../"));
}

static size_t check_part(struct package *package, const char *name)
{
    size_t length;
    const char *detail;
    const char *bytes = package_part(package, name, &length);
    if (!bytes) {
        assert(length == 0);
        return 0;
    }
    assert(length <= PACKAGE_PART_MAXIMUM && bytes[length] == '\0');
    assert(package_fault(package, &detail) == RICH_TEXT_FAULT_NONE);
    return length;
}

static void check_parts(struct package *package)
{
    const char *name;
    size_t all = 0;
    size_t count = 0;
    for (; (name = package_name(package, count)); count++) {
        check_name(name);
        for (size_t i = 0; i < count && i < 20; i++)
            assert(strcasecmp(name, package_name(package, i)) != 0);
        all += check_part(package, name);
    }
    assert(count <= PACKAGE_ENTRIES_MAXIMUM && all <= PACKAGE_ALL_MAXIMUM);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    enum rich_text_fault fault;
    const char *detail;
    const char *bytes = (const char *)data;
    struct package *package = package_open(&arena, bytes, size, &fault, &detail);
    assert(!package == (fault != RICH_TEXT_FAULT_NONE) && detail);
    if (package)
        check_parts(package);
    package_close(package);
    const struct rich_text *text = rich_text_reader.read(&arena, RICH_TEXT_ODT, NULL, bytes, size);
    assert(text->body && text->detail);
    arena_release(&arena);
    return 0;
}
