/* SPDX-License-Identifier: MIT */
/* Whatever a message holds: a key's record (the first line) and a header are read within bounds,
 * and nothing is good without a key that was asked for. */
#include "base/arena.h"
#include "dkim/dkim.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct zone {
    const char *record;
    int asked;
};

static enum dkim_answer ask(void *payload, const char *name, const char **record)
{
    struct zone *zone = payload;
    assert(strlen(name) < 500 && strstr(name, "._domainkey."));
    zone->asked++;
    *record = zone->record;
    return *zone->record ? DKIM_ANSWER_FOUND : DKIM_ANSWER_SILENT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct dkim_signature found[DKIM_SIGNATURES_MAXIMUM];
    const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
    size_t length = line ? (size_t)(line - data) : 0;
    char *record = arena_copy_bytes(&arena, data, length);
    struct zone zone = { record, 0 };
    const struct dkim_circumstances circumstances = { ask, &zone, 1000, false };
    const char *message = (const char *)data + (line ? length + 1 : 0);
    size_t count = dkim_examine(&arena, message, size - (line ? length + 1 : 0), &circumstances,
                                found);
    assert(count <= DKIM_SIGNATURES_MAXIMUM);
    for (size_t i = 0; i < count; i++) {
        assert(found[i].domain && found[i].selector && found[i].algorithm && found[i].fields);
        assert(found[i].verdict != DKIM_GOOD || (zone.asked && dkim_covers(&found[i], "from")));
    }
    arena_release(&arena);
    return 0;
}
