/* SPDX-License-Identifier: MIT */
#include "base/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Longer names are not compared: no name of ours is. */
enum { NAME_MAXIMUM = 40, PREFIX_MINIMUM = 4 };

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static int folded(const char *name, size_t index)
{
    return tolower((unsigned char)name[index]);
}

/* Edits between two names: optimal string alignment distance, with three rows of its table. */
static int edits(const char *a, size_t a_length, const char *b, size_t b_length)
{
    int rows[3][NAME_MAXIMUM + 1];
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = (int)j;
    for (size_t i = 1; i <= a_length; i++) {
        int *row = rows[i % 3];
        const int *above = rows[(i + 2) % 3];
        const int *twice_above = rows[(i + 1) % 3];
        row[0] = (int)i;
        for (size_t j = 1; j <= b_length; j++) {
            int cost = folded(a, i - 1) == folded(b, j - 1) ? 0 : 1;
            row[j] = smaller(above[j - 1] + cost, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && folded(a, i - 1) == folded(b, j - 2) &&
                folded(a, i - 2) == folded(b, j - 1))
                row[j] = smaller(row[j], twice_above[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

/* Whether one is the beginning of the other: "lang" of "language". */
static bool begins(const char *name, size_t length, const char *candidate, size_t candidate_length)
{
    size_t shorter = length < candidate_length ? length : candidate_length;
    return shorter >= PREFIX_MINIMUM && strncasecmp(name, candidate, shorter) == 0;
}

const char *name_nearest(const char *name, const char *const *candidates)
{
    const char *nearest = NULL;
    const char *beginning = NULL;
    size_t length = strlen(name);
    if (length == 0 || length > NAME_MAXIMUM)
        return NULL;
    int fewest = 0;
    for (; *candidates; candidates++) {
        size_t candidate_length = strlen(*candidates);
        if (candidate_length == 0 || candidate_length > NAME_MAXIMUM)
            continue;
        int count = edits(name, length, *candidates, candidate_length);
        size_t longer = length > candidate_length ? length : candidate_length;
        int allowed = longer < 3 ? 1 : (int)(longer + 2) / 3;
        if (count <= allowed && (size_t)count < longer && (!nearest || count < fewest)) {
            nearest = *candidates;
            fewest = count;
        }
        if (!beginning && begins(name, length, *candidates, candidate_length))
            beginning = *candidates;
    }
    return nearest ? nearest : beginning;
}
