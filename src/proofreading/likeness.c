/* SPDX-License-Identifier: MIT */
#include "proofreading/likeness.h"

#include "proofreading/fact.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { TELEPHONE_SAME_LEAST = 5, WEAK_DIGITS_LEAST = 3 };

static size_t count_same(const char *one, const char *other)
{
    size_t same = 0;
    for (size_t i = 0; one[i] && other[i]; i++)
        same += one[i] == other[i];
    return same;
}

static size_t count_same_from_end(const char *one, const char *other)
{
    size_t same = 0;
    size_t length = strlen(one);
    size_t other_length = strlen(other);
    for (size_t i = 1; i <= length && i <= other_length; i++)
        same += one[length - i] == other[other_length - i];
    return same;
}

/* Whether the digits of one are those of the other in another order of two neighbours. */
static bool is_swapped(const char *one, const char *other)
{
    size_t i = 0;
    while (one[i] && one[i] == other[i])
        i++;
    return one[i] && one[i + 1] && one[i] == other[i + 1] && one[i + 1] == other[i] &&
           strcmp(one + i + 2, other + i + 2) == 0;
}

/* Whether longer is shorter with one digit put in. */
static bool has_one_more(const char *longer, const char *shorter)
{
    size_t i = 0;
    while (shorter[i] && shorter[i] == longer[i])
        i++;
    return strcmp(longer + i + 1, shorter + i) == 0;
}

/* The digits without zeros at both ends, which the power says too. */
static bool is_same_but_power(const struct fact *one, const struct fact *other)
{
    size_t length = strcspn(one->value, "e");
    return length == strcspn(other->value, "e") && strncmp(one->value, other->value, length) == 0;
}

/* "some 13,000" of 12,870, "87 per cent" of 87.4: fewer digits, and not by one that is wrong. */
static bool is_rounded(const struct fact *one, const struct fact *other)
{
    size_t length_one = strcspn(one->value, "e");
    size_t length_other = strcspn(other->value, "e");
    size_t least = length_one < length_other ? length_one : length_other;
    return length_one != length_other &&
           (least == 0 || strncmp(one->value, other->value, least - 1) == 0);
}

static enum likeness compare_digits(const struct fact *one, const struct fact *other)
{
    size_t length = strlen(one->digits);
    size_t other_length = strlen(other->digits);
    if (is_same_but_power(one, other))
        return LIKENESS_STRONG;
    if (one->shift - one->decimals != other->shift - other->decimals)
        return LIKENESS_NONE;
    if (length == other_length) {
        if (count_same(one->digits, other->digits) + 1 >= length ||
            is_swapped(one->digits, other->digits))
            return LIKENESS_STRONG;
        return length >= 2 && !is_rounded(one, other) ? LIKENESS_WEAK : LIKENESS_NONE;
    }
    const char *longer = length > other_length ? one->digits : other->digits;
    const char *shorter = length > other_length ? other->digits : one->digits;
    if (strlen(longer) == strlen(shorter) + 1 && strlen(shorter) >= 2 &&
        has_one_more(longer, shorter))
        return LIKENESS_STRONG;
    return strlen(shorter) >= WEAK_DIGITS_LEAST && !is_rounded(one, other) ? LIKENESS_WEAK
                                                                           : LIKENESS_NONE;
}

static enum likeness compare_numbers(const struct fact *one, const struct fact *other)
{
    if (one->is_spelled || other->is_spelled)
        return LIKENESS_NONE;
    if ((one->kind == FACT_PERCENT) != (other->kind == FACT_PERCENT))
        return LIKENESS_NONE;
    /* what is said in another currency too has been converted */
    if (one->unit && other->unit && strcmp(one->unit, other->unit) != 0)
        return strcmp(one->value, other->value) == 0 ? LIKENESS_STRONG : LIKENESS_NONE;
    return compare_digits(one, other);
}

enum likeness fact_likeness(const struct fact *one, const struct fact *other)
{
    if (one->digits && other->digits)
        return compare_numbers(one, other);
    if (one->kind != other->kind)
        return LIKENESS_NONE;
    if (one->kind == FACT_MONTH)
        return LIKENESS_WEAK;
    bool is_near = one->kind == FACT_DATE
                       ? one->parts[0] == other->parts[0] || one->parts[1] == other->parts[1]
                   : one->kind == FACT_TIME
                       ? one->parts[1] == other->parts[1] || one->parts[2] == other->parts[2]
                       : count_same_from_end(one->value, other->value) >= TELEPHONE_SAME_LEAST;
    return is_near ? LIKENESS_STRONG : LIKENESS_WEAK;
}
