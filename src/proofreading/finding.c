/* SPDX-License-Identifier: MIT */
#include "proofreading/finding.h"

#include "base/arena.h"

void findings_init(struct findings *findings, struct arena *arena,
                   const struct proofreading_settings *settings)
{
    *findings = (struct findings){ .arena = arena, .settings = settings };
    findings->last = &findings->first;
}

struct proofreading_finding *findings_add(struct findings *findings, enum proofreading_kind kind,
                                          const char *quote)
{
    if (findings->count >= PROOFREADING_FINDINGS_MAXIMUM)
        return NULL;
    struct proofreading_finding *finding = arena_allocate(findings->arena, sizeof *finding);
    *finding = (struct proofreading_finding){ .kind = kind, .quote = quote };
    *findings->last = finding;
    findings->last = &finding->next;
    findings->count++;
    return finding;
}
