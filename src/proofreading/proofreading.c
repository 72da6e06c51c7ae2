/* SPDX-License-Identifier: MIT */
#include "proofreading/proofreading.h"

#include "base/arena.h"
#include "proofreading/finding.h"
#include "proofreading/prose.h"
#include "release/release.h"

/* Who cannot see a page goes through it by its headings, and misses a level that is left out. */
static void check_headings(struct findings *findings, const struct prose *prose)
{
    int above = 1;
    for (size_t i = 0; i < prose->count; i++) {
        const struct prose_block *block = &prose->blocks[i];
        if (block->kind != BODY_HEADING || block->level < 2)
            continue;
        if (block->level > above + 1)
            (void)findings_add(findings, PROOFREADING_HEADING_SKIPS, block->text);
        above = block->level;
    }
}

const struct proofreading_finding *proofreading_read(const struct proofreading_settings *settings,
                                                     const struct proofreading_site *site,
                                                     const struct proofreading_speller *speller,
                                                     struct arena *arena,
                                                     const struct release *release, int64_t now_at)
{
    struct findings findings;
    struct prose prose;
    findings_init(&findings, arena, settings);
    prose_read(arena, release, &prose);
    if (!release->contacts && !settings->has_contacts)
        (void)findings_add(&findings, PROOFREADING_NO_CONTACT, NULL);
    check_headings(&findings, &prose);
    links_check(&findings, release, site);
    weekdays_check(&findings, &prose, release, now_at);
    readability_check(&findings, &prose, release->language);
    spelling_check(&findings, &prose, release->language, speller);
    return findings.first;
}
