/* SPDX-License-Identifier: MIT */
#include "proofreading/alignment.h"

#include "base/arena.h"
#include "proofreading/fact.h"

#include <stdlib.h>
#include <string.h>

/* In bytes: how far a sentence turns its words round; how much text between two fixed points says
 * enough by itself; how far a place may else be from where it is looked for. */
enum { TURN = 150, NARROW = 500, AWAY = 200, AWAY_PER_CENT = 10 };

struct anchor {
    size_t here;
    size_t there;
};

static bool is_value(const char *value, const struct fact *other)
{
    return value && (strcmp(value, other->value) == 0 ||
                     (other->other_value && strcmp(value, other->other_value) == 0));
}

/* The country's code may be missing. */
static bool is_same_telephone(const char *one, const char *other)
{
    size_t length = strlen(one);
    size_t other_length = strlen(other);
    return length > other_length ? strcmp(one + length - other_length, other) == 0
                                 : strcmp(other + other_length - length, one) == 0;
}

bool fact_is_same(const struct fact *one, const struct fact *other)
{
    if (one->kind == FACT_TELEPHONE && other->kind == FACT_TELEPHONE)
        return is_same_telephone(one->value, other->value);
    if (one->kind != other->kind ||
        !(is_value(one->value, other) || is_value(one->other_value, other)))
        return false;
    if (one->kind == FACT_DATE)
        return !one->year || !other->year || one->year == other->year;
    return one->kind != FACT_AMOUNT || !one->unit || !other->unit ||
           strcmp(one->unit, other->unit) == 0;
}

/* The one that says the same; NULL: none, or several. */
static const struct fact *only_one(const struct fact *fact, const struct facts *facts)
{
    const struct fact *found = NULL;
    for (size_t i = 0; i < facts->count; i++) {
        if (!fact_is_same(fact, &facts->facts[i]))
            continue;
        if (found)
            return NULL;
        found = &facts->facts[i];
    }
    return found;
}

void alignment_make(struct alignment *alignment, struct arena *arena, const struct facts *here,
                    const struct facts *there)
{
    *alignment = (struct alignment){ .length_here = here->length, .length_there = there->length };
    alignment->anchors = arena_allocate(arena, (here->count + 1) * sizeof *alignment->anchors);
    for (size_t i = 0; i < here->count; i++) {
        const struct fact *fact = &here->facts[i];
        const struct fact *other = fact->is_spelled ? NULL : only_one(fact, there);
        if (other && only_one(other, here))
            alignment->anchors[alignment->count++] = (struct anchor){ fact->begin, other->begin };
    }
}

/* Between which places of the original it has to stand. */
static void bounds_of(const struct alignment *alignment, const struct fact *here, size_t *least,
                      size_t *most)
{
    *least = 0;
    *most = alignment->length_there;
    for (size_t i = 0; i < alignment->count; i++) {
        const struct anchor *anchor = &alignment->anchors[i];
        if (anchor->here < here->begin)
            *least = anchor->there;
        if (anchor->here > here->begin) {
            *most = anchor->there;
            break;
        }
    }
    if (*least > *most) {
        size_t least_there = *most;
        *most = *least;
        *least = least_there;
    }
}

bool alignment_is_near(const struct alignment *alignment, const struct fact *here,
                       const struct fact *there)
{
    size_t least;
    size_t most;
    bounds_of(alignment, here, &least, &most);
    if (there->begin + TURN < least || there->begin > most + TURN)
        return false;
    if (most - least <= NARROW)
        return true;
    size_t length_here = alignment->length_here ? alignment->length_here : 1;
    size_t expected = here->begin * alignment->length_there / length_here;
    size_t away = expected > there->begin ? expected - there->begin : there->begin - expected;
    size_t allowed = alignment->length_there * AWAY_PER_CENT / 100;
    return away <= (allowed > AWAY ? allowed : AWAY);
}
