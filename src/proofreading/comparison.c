/* SPDX-License-Identifier: MIT */
/* Where a version says something else than its original. */
#include "base/arena.h"
#include "base/string_builder.h"
#include "proofreading/fact.h"
#include "proofreading/finding.h"
#include "proofreading/prose.h"
#include "release/release.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Numbers up to this are often written as words in one language and as digits in the other. */
enum { SPELLED_MOST = 12, SHOWN = 3 };

struct text {
    const struct release *release;
    struct prose prose;
    struct facts facts;
    size_t length;
};

static void read_text(struct findings *findings, const struct release *release, struct text *text)
{
    *text = (struct text){ .release = release };
    prose_read(findings->arena, release, &text->prose);
    facts_read(findings->settings, findings->arena, &text->prose, release->language, &text->facts);
    for (size_t i = 0; i < text->prose.count; i++)
        text->length += strlen(text->prose.blocks[i].text);
}

static bool is_same(const struct fact *one, const struct fact *other)
{
    if (one->kind != other->kind || strcmp(one->value, other->value) != 0)
        return false;
    if (one->kind == FACT_DATE)
        return !one->year || !other->year || one->year == other->year;
    return one->kind != FACT_AMOUNT || strcmp(one->unit, other->unit) == 0;
}

/* Whether a part of a date or time is that number, written by itself. */
static bool has_part(const struct fact *fact, const char *text)
{
    if (fact->kind != FACT_DATE && fact->kind != FACT_TIME)
        return false;
    char *end;
    long value = strtol(text, &end, 10);
    for (int i = 0; i < 3; i++)
        if (end != text && value == fact->parts[i])
            return true;
    return false;
}

/* Whether it may be said there, in whatever form: a percentage as a number, a day without its
 * month. */
static bool is_said(const struct fact *fact, const struct facts *there)
{
    for (size_t i = 0; i < there->count; i++) {
        const struct fact *other = &there->facts[i];
        if (is_same(fact, other))
            return true;
        if (fact->kind != other->kind && strcmp(fact->value, other->value) == 0)
            return true;
        if (fact->kind != other->kind &&
            (has_part(other, fact->text) || has_part(fact, other->text)))
            return true;
    }
    return false;
}

static bool may_be_spelled(const struct fact *fact)
{
    return fact->kind == FACT_NUMBER && strlen(fact->text) <= 2 && atoi(fact->text) <= SPELLED_MOST;
}

struct difference {
    const struct fact *facts[SHOWN];
    size_t count;
};

/* Different values of that kind that stand here and not there. */
static void subtract(struct difference *difference, enum fact_kind kind, const struct facts *here,
                     const struct facts *there)
{
    *difference = (struct difference){ .count = 0 };
    for (size_t i = 0; i < here->count && difference->count < SHOWN; i++) {
        const struct fact *fact = &here->facts[i];
        bool is_known = fact->kind != kind || may_be_spelled(fact) || is_said(fact, there);
        for (size_t k = 0; !is_known && k < difference->count; k++)
            is_known = is_same(fact, difference->facts[k]);
        if (!is_known)
            difference->facts[difference->count++] = fact;
    }
}

static const char *listed(struct arena *arena, const struct difference *difference)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    for (size_t i = 0; i < difference->count; i++)
        string_builder_append_format(&text, "%s%s", i ? ", " : "", difference->facts[i]->text);
    const char *list = arena_copy(arena, text.data ? text.data : "");
    string_builder_release(&text);
    return list;
}

/* A version that leaves parts of the text out leaves out what they say. */
static bool is_whole(const struct text *version, const struct text *original)
{
    return version->length * 10 >= original->length * 8;
}

static void compare_kind(struct findings *findings, enum fact_kind kind, const struct text *version,
                         const struct text *original)
{
    struct difference here;
    struct difference there;
    subtract(&here, kind, &version->facts, &original->facts);
    subtract(&there, kind, &original->facts, &version->facts);
    bool is_other = here.count > 0 && there.count > 0;
    bool is_missing = there.count > 0 && kind != FACT_NUMBER && kind != FACT_TIME &&
                      is_whole(version, original);
    if (!is_other && !is_missing)
        return;
    struct proofreading_finding *finding = findings_add(
        findings, is_other ? PROOFREADING_DISAGREES : PROOFREADING_MISSING,
        is_other ? listed(findings->arena, &here) : NULL);
    if (!finding)
        return;
    finding->other = listed(findings->arena, &there);
    finding->language = original->release->language;
}

const struct proofreading_finding *
proofreading_compare(const struct proofreading_settings *settings, struct arena *arena,
                     const struct release *version, const struct release *original)
{
    struct findings findings;
    struct text here;
    struct text there;
    findings_init(&findings, arena, settings);
    if (!settings->words || !settings->locale || !version->language || !original->language)
        return NULL;
    read_text(&findings, version, &here);
    read_text(&findings, original, &there);
    bool is_cut = here.facts.is_cut || there.facts.is_cut;
    for (enum fact_kind kind = FACT_NUMBER; !is_cut && kind <= FACT_TELEPHONE; kind++)
        compare_kind(&findings, kind, &here, &there);
    names_compare(&findings, &here.prose, &there.prose, original->language);
    return findings.first;
}
