/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "proofreading/finding.h"
#include "proofreading/prose.h"
#include "release/release.h"

#include "base/utf8.h"

#include <string.h>

/* LIX (C. H. Björnsson, Läsbarhet, 1968): words a sentence, and how many of a hundred words have
 * more than six letters. Of less text it says nothing. German has longer words: what is hard begins
 * higher there. */
enum { WORDS_LEAST = 100, LONG_LETTERS = 6, LIX_MOST = 50, LIX_MOST_GERMAN = 60 };

struct counts {
    size_t words;
    size_t long_words;
    size_t sentences;
};

static void count_block(struct counts *counts, const char *text)
{
    bool is_open = false; /* a sentence has words and no end yet */
    while (*text) {
        size_t length = prose_word(text);
        if (length > 0) {
            counts->words++;
            counts->long_words += utf8_first(text, length, LONG_LETTERS) < length;
            is_open = true;
        } else if (strchr(".!?", *text) && (text[1] == ' ' || text[1] == '\0')) {
            counts->sentences += is_open;
            is_open = false;
        }
        text += length ? length : prose_step(text);
    }
    counts->sentences += is_open;
}

void readability_check(struct findings *findings, const struct prose *prose, const char *language)
{
    struct counts counts = { 0 };
    bool is_german = language && strncmp(language, "de", 2) == 0;
    for (size_t i = 0; i < prose->count; i++)
        if (prose->blocks[i].kind == BODY_PARAGRAPH || prose->blocks[i].kind == BODY_ITEM)
            count_block(&counts, prose->blocks[i].text);
    if (counts.words < WORDS_LEAST || counts.sentences == 0)
        return;
    size_t lix = (counts.words * 2 / counts.sentences + 1) / 2 +
                 counts.long_words * 100 / counts.words;
    const int most = is_german ? LIX_MOST_GERMAN : LIX_MOST;
    if (lix <= (size_t)most)
        return;
    struct proofreading_finding *finding = findings_add(findings, PROOFREADING_HARD_TO_READ, NULL);
    if (!finding)
        return;
    finding->other = arena_format(findings->arena, "%zu", lix);
    finding->most = arena_format(findings->arena, "%d", most);
}
