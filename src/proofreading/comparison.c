/* SPDX-License-Identifier: MIT */
/* Where a version says something else than its original. */
#include "base/arena.h"
#include "base/string_builder.h"
#include "proofreading/alignment.h"
#include "proofreading/fact.h"
#include "proofreading/finding.h"
#include "proofreading/likeness.h"
#include "proofreading/prose.h"
#include "release/release.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 3, YEAR_LEAST = 1900, YEAR_MOST = 2199, DIGITS_LEAST = 3 };

struct text {
    const struct release *release;
    struct prose prose;
    struct facts facts;
};

/* What one of the texts says and the other does not. */
struct rest {
    const struct fact **facts;
    size_t count;
};

struct comparison {
    struct findings *findings;
    struct text here; /* the version */
    struct text there;
    struct alignment alignment;
    struct rest alone_here;
    struct rest alone_there;
};

static void read_text(struct findings *findings, const struct release *release, struct text *text)
{
    *text = (struct text){ .release = release };
    prose_read(findings->arena, release, &text->prose);
    facts_read(findings->settings, findings->arena, &text->prose, release->language, &text->facts);
}

/* ---- what is said in whatever form ---- */

/* Whether a day's number, a year, an hour or minutes are that number, written by itself. */
static bool has_part(const struct fact *fact, const struct fact *number)
{
    if (!number->digits || number->decimals || number->shift || strlen(number->digits) > 4)
        return false;
    int value = atoi(number->digits); /* NOLINT(cert-err34-c): digits, four at most */
    if (fact->kind == FACT_DATE)
        return value == fact->parts[0] || value == fact->parts[2];
    return fact->kind == FACT_TIME &&
           (value == fact->parts[0] || value == fact->parts[1] || value == fact->parts[2]);
}

static bool says(const struct fact *other, const struct fact *fact)
{
    if (fact_is_same(fact, other))
        return true;
    if (fact->kind == FACT_MONTH)
        return other->kind == FACT_DATE && other->parts[1] == fact->parts[1];
    if (fact->digits && other->digits)
        return fact->kind != other->kind &&
               (strcmp(fact->value, other->value) == 0 ||
                (fact->other_value && strcmp(fact->other_value, other->value) == 0) ||
                (other->other_value && strcmp(fact->value, other->other_value) == 0));
    if (fact->digits)
        return has_part(other, fact);
    return fact->is_joined && has_part(fact, other);
}

static size_t count_said(const struct fact *fact, const struct facts *there)
{
    size_t count = 0;
    for (size_t i = 0; i < there->count; i++)
        count += says(&there->facts[i], fact);
    return count;
}

/* A day that the other text says with other years alone is another day. */
static bool is_other_year(const struct fact *fact, const struct facts *there)
{
    bool has_other = false;
    for (size_t i = 0; fact->kind == FACT_DATE && fact->year && i < there->count; i++) {
        const struct fact *other = &there->facts[i];
        if (other->kind != FACT_DATE || !other->year || strcmp(other->value, fact->value) != 0)
            continue;
        if (other->year == fact->year)
            return false;
        has_other = true;
    }
    return has_other;
}

static void subtract(struct arena *arena, struct rest *rest, const struct facts *here,
                     const struct facts *there)
{
    *rest = (struct rest){ .facts = arena_allocate(arena,
                                                   (here->count + 1) * sizeof *rest->facts) };
    for (size_t i = 0; i < here->count; i++)
        if (!here->facts[i].is_spelled &&
            (count_said(&here->facts[i], there) == 0 || is_other_year(&here->facts[i], there)))
            rest->facts[rest->count++] = &here->facts[i];
}

static void take_out(struct rest *rest, const struct fact *fact)
{
    size_t kept = 0;
    for (size_t i = 0; i < rest->count; i++)
        if (rest->facts[i] != fact && !fact_is_same(rest->facts[i], fact))
            rest->facts[kept++] = rest->facts[i];
    rest->count = kept;
}

/* ---- pairs: one of them is the other, written wrongly ---- */

static void say_pair(struct comparison *comparison, const struct fact *here,
                     const struct fact *there)
{
    bool is_slip = fact_likeness(here, there) == LIKENESS_STRONG;
    struct proofreading_finding *finding = findings_add(
        comparison->findings, is_slip ? PROOFREADING_DISAGREES : PROOFREADING_DIFFERS, here->text);
    if (finding) {
        finding->other = there->text;
        finding->language = comparison->there.release->language;
    }
    take_out(&comparison->alone_here, here);
    take_out(&comparison->alone_there, there);
}

static bool may_be_meant(const struct comparison *comparison, const struct fact *here,
                         const struct fact *there, enum likeness least)
{
    return fact_likeness(here, there) >= least &&
           alignment_is_near(&comparison->alignment, here, there);
}

static size_t distance(const struct comparison *comparison, const struct fact *here,
                       const struct fact *there)
{
    size_t length = comparison->here.facts.length ? comparison->here.facts.length : 1;
    size_t expected = here->begin * comparison->there.facts.length / length;
    return expected > there->begin ? expected - there->begin : there->begin - expected;
}

/* The nearest that it may be; NULL: none. *count: how many there are. */
static const struct fact *meant_there(const struct comparison *comparison, const struct fact *here,
                                      enum likeness least, size_t *count)
{
    const struct fact *best = NULL;
    *count = 0;
    for (size_t i = 0; i < comparison->alone_there.count; i++) {
        const struct fact *there = comparison->alone_there.facts[i];
        if (!may_be_meant(comparison, here, there, least))
            continue;
        ++*count;
        if (!best || distance(comparison, here, there) < distance(comparison, here, best))
            best = there;
    }
    return best;
}

static size_t count_meant_here(const struct comparison *comparison, const struct fact *there,
                               enum likeness least)
{
    size_t count = 0;
    for (size_t i = 0; i < comparison->alone_here.count; i++)
        count += may_be_meant(comparison, comparison->alone_here.facts[i], there, least);
    return count;
}

/* A slip finds the nearest; what is less alike has to be the only one on both sides. */
static void pair_alone(struct comparison *comparison, enum likeness least)
{
    for (size_t i = 0; i < comparison->alone_here.count;) {
        const struct fact *here = comparison->alone_here.facts[i];
        size_t count;
        const struct fact *there = meant_there(comparison, here, least, &count);
        bool is_only = count == 1 && count_meant_here(comparison, there, least) == 1;
        if (there && (is_only || least == LIKENESS_STRONG))
            say_pair(comparison, here, there);
        else
            i++;
    }
}

static bool is_like_value(const struct fact *one, const struct fact *other)
{
    return fact_is_same(one, other) ||
           (one->digits && other->digits && strcmp(one->value, other->value) == 0);
}

static size_t place_of(const struct fact *fact, const struct facts *facts, const struct facts *in)
{
    return fact->begin * in->length / (facts->length ? facts->length : 1);
}

/* Whether nothing in own stands for that place of others, where the same is said several times:
 * each that says it there takes the nearest. */
static bool is_spare(const struct fact *other, const struct facts *others, const struct facts *own)
{
    bool is_taken[FACTS_MAXIMUM] = { false };
    for (size_t i = 0; i < own->count; i++) {
        const struct fact *fact = &own->facts[i];
        if (!is_like_value(fact, other))
            continue;
        size_t place = place_of(fact, own, others);
        size_t best = others->count;
        size_t least = SIZE_MAX;
        for (size_t k = 0; k < others->count; k++) {
            size_t begin = others->facts[k].begin;
            size_t away = begin > place ? begin - place : place - begin;
            if (!is_taken[k] && away < least && is_like_value(&others->facts[k], other)) {
                best = k;
                least = away;
            }
        }
        if (best == others->count)
            return false; /* said at least as often */
        is_taken[best] = true;
    }
    return !is_taken[other - others->facts];
}

/* What the other text says as well, but more often than this one, and here: once it has been
 * written wrongly. */
static const struct fact *find_surplus(const struct comparison *comparison, const struct fact *fact,
                                       bool is_here)
{
    const struct facts *others = is_here ? &comparison->there.facts : &comparison->here.facts;
    const struct facts *own = is_here ? &comparison->here.facts : &comparison->there.facts;
    for (size_t i = 0; i < others->count; i++) {
        const struct fact *other = &others->facts[i];
        const struct fact *here = is_here ? fact : other;
        const struct fact *there = is_here ? other : fact;
        bool is_alike = here->digits && there->digits ? here->digits[1] && there->digits[1]
                                                      : here->kind == there->kind;
        if (is_alike && may_be_meant(comparison, here, there, LIKENESS_STRONG) &&
            is_spare(other, others, own))
            return other;
    }
    return NULL;
}

static void pair_surplus(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->alone_here.count;) {
        const struct fact *here = comparison->alone_here.facts[i];
        const struct fact *there = find_surplus(comparison, here, true);
        if (there)
            say_pair(comparison, here, there);
        else
            i++;
    }
    for (size_t i = 0; i < comparison->alone_there.count;) {
        const struct fact *there = comparison->alone_there.facts[i];
        const struct fact *here = find_surplus(comparison, there, false);
        if (here)
            say_pair(comparison, here, there);
        else
            i++;
    }
}

/* ---- what is left ---- */

/* A version that leaves parts of the text out leaves out what they say. */
static bool is_whole(const struct comparison *comparison)
{
    return comparison->here.facts.length * 10 >= comparison->there.facts.length * 8;
}

/* Shares that are said in words: half, a quarter, one in ten. */
static bool is_common_share(const struct fact *fact)
{
    static const char *const shares[] = { "1e1",  "2e1",  "25e0", "33e0", "5e1",
                                          "66e0", "67e0", "75e0", "1e2" };
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++)
        if (strcmp(fact->value, shares[i]) == 0)
            return true;
    return false;
}

static bool is_year(const struct fact *fact)
{
    if (strlen(fact->digits) != 4 || fact->decimals || fact->shift)
        return false;
    int value = atoi(fact->digits); /* NOLINT(cert-err34-c): four digits */
    return value >= YEAR_LEAST && value <= YEAR_MOST;
}

/* Whether no text says it in other words: "two weeks" of 14 days, "noon", "a hundred", "next year".
 */
static bool is_missed(const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_NUMBER:
        return strlen(fact->digits) >= DIGITS_LEAST && strncmp(fact->value, "1e", 2) != 0 &&
               !is_year(fact);
    case FACT_PERCENT:
        return !is_common_share(fact);
    case FACT_TIME:
        return !fact->is_joined && fact->parts[0] % 12 != 0;
    default:
        return !fact->is_joined;
    }
}

/* Between a measure and its like elsewhere: a square metre is eleven square feet, a euro is seven
 * to twelve kroner. */
static bool is_of_like_size(const struct fact *one, const struct fact *other)
{
    const double most = 12;
    double value = strtod(one->value, NULL);
    double other_value = strtod(other->value, NULL);
    return value <= other_value * most && other_value <= value * most;
}

/* Whether it may have been converted to what stands there alone: miles, euros. */
static bool may_be_converted(const struct comparison *comparison, const struct fact *there)
{
    if (!there->digits || there->kind == FACT_PERCENT)
        return false;
    for (size_t i = 0; i < comparison->alone_here.count; i++) {
        const struct fact *here = comparison->alone_here.facts[i];
        bool is_other_unit = !there->unit || !here->unit || strcmp(there->unit, here->unit) != 0;
        if (here->digits && here->kind != FACT_PERCENT && is_other_unit &&
            is_of_like_size(here, there) && alignment_is_near(&comparison->alignment, here, there))
            return true;
    }
    return false;
}

/* Whether something of its kind that stands in the original alone may be what it stands for. */
static bool is_instead(const struct comparison *comparison, const struct fact *here)
{
    for (size_t i = 0; i < comparison->alone_there.count; i++)
        if (comparison->alone_there.facts[i]->kind == here->kind &&
            alignment_is_near(&comparison->alignment, here, comparison->alone_there.facts[i]))
            return true;
    return false;
}

/* Of one kind, what is missed of rest, three at most; NULL: nothing. */
static const char *listed(struct comparison *comparison, const struct rest *rest,
                          enum fact_kind kind, bool is_there)
{
    struct string_builder text;
    const struct fact *shown[SHOWN];
    size_t count = 0;
    string_builder_init(&text, 0);
    for (size_t i = 0; i < rest->count && count < SHOWN; i++) {
        const struct fact *fact = rest->facts[i];
        bool is_left_out = fact->kind != kind || !is_missed(fact) ||
                           (is_there ? may_be_converted(comparison, fact)
                                     : !is_instead(comparison, fact));
        for (size_t k = 0; !is_left_out && k < count; k++)
            is_left_out = fact_is_same(fact, shown[k]);
        if (is_left_out)
            continue;
        string_builder_append_format(&text, "%s%s", count ? ", " : "", fact->text);
        shown[count++] = fact;
    }
    const char *list = count ? arena_copy(comparison->findings->arena, text.data) : NULL;
    string_builder_release(&text);
    return list;
}

static void say_rest(struct comparison *comparison, enum fact_kind kind)
{
    const char *there = listed(comparison, &comparison->alone_there, kind, true);
    if (!there)
        return;
    const char *here = listed(comparison, &comparison->alone_here, kind, false);
    struct proofreading_finding *finding = findings_add(
        comparison->findings, here ? PROOFREADING_DIFFERS : PROOFREADING_MISSING, here);
    if (!finding)
        return;
    finding->other = there;
    finding->language = comparison->there.release->language;
}

static void compare_facts(struct comparison *comparison)
{
    struct arena *arena = comparison->findings->arena;
    const struct facts *here = &comparison->here.facts;
    const struct facts *there = &comparison->there.facts;
    alignment_make(&comparison->alignment, arena, here, there);
    subtract(arena, &comparison->alone_here, here, there);
    subtract(arena, &comparison->alone_there, there, here);
    pair_alone(comparison, LIKENESS_STRONG);
    pair_surplus(comparison);
    pair_alone(comparison, LIKENESS_WEAK);
    for (enum fact_kind kind = FACT_NUMBER; is_whole(comparison) && kind <= FACT_TELEPHONE; kind++)
        say_rest(comparison, kind);
}

const struct proofreading_finding *
proofreading_compare(const struct proofreading_settings *settings, struct arena *arena,
                     const struct release *version, const struct release *original)
{
    struct findings findings;
    struct comparison comparison = { .findings = &findings };
    findings_init(&findings, arena, settings);
    if (!settings->words || !settings->locale || !version->language || !original->language)
        return NULL;
    read_text(&findings, version, &comparison.here);
    read_text(&findings, original, &comparison.there);
    if (!comparison.here.facts.is_cut && !comparison.there.facts.is_cut)
        compare_facts(&comparison);
    names_compare(&findings, &comparison.here.prose, &comparison.there.prose, original->language);
    return findings.first;
}
