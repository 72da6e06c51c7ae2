/* SPDX-License-Identifier: MIT */
#ifndef PROOFREADING_FINDING_H
#define PROOFREADING_FINDING_H

#include "proofreading/proofreading.h"

/* Inside proofreading/ only. */
struct findings {
    struct arena *arena;
    const struct proofreading_settings *settings;
    struct proofreading_finding *first;
    struct proofreading_finding **last; /* where the next one goes */
    size_t count;
};

void findings_init(struct findings *findings, struct arena *arena,
                   const struct proofreading_settings *settings);

/* Appends one with kind and quote; NULL where there are enough. */
struct proofreading_finding *findings_add(struct findings *findings, enum proofreading_kind kind,
                                          const char *quote);

struct prose;

void readability_check(struct findings *findings, const struct prose *prose, const char *language);
void weekdays_check(struct findings *findings, const struct prose *prose,
                    const struct release *release, int64_t now_at);
void links_check(struct findings *findings, const struct release *release,
                 const struct proofreading_site *site);
void spelling_check(struct findings *findings, const struct prose *prose, const char *language,
                    const struct proofreading_speller *speller);
void names_compare(struct findings *findings, const struct prose *version,
                   const struct prose *original, const char *language);

#endif
