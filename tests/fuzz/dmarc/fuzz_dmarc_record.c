/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "dmarc/dmarc.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum dmarc_answer answer(void *payload, const char *domain, struct dmarc_record *record)
{
    unsigned *queries = payload;
    assert(++*queries <= DMARC_QUERIES_MAXIMUM);
    *record = (struct dmarc_record){ .suffix = strlen(domain) % 5 ? 'u' : 'y' };
    return strlen(domain) % 3 ? DMARC_NONE : DMARC_FOUND;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct dmarc_record record;
    struct dmarc_walk walk;
    unsigned queries = 0;
    const char *text = arena_copy_bytes(&arena, data, size);
    if (dmarc_record_read(&arena, text, &record)) {
        assert(record.report_count <= DMARC_REPORTS_MAXIMUM);
        assert(dmarc_policy_name(dmarc_record_policy(&record, true)));
        for (size_t i = 0; i < record.report_count; i++)
            assert(strchr(record.reports[i], '@'));
    }
    dmarc_walk(text, answer, &queries, &walk);
    assert(walk.organization >= text && walk.organization <= text + strlen(text));
    arena_release(&arena);
    return 0;
}
