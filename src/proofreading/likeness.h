/* SPDX-License-Identifier: MIT */
#ifndef PROOFREADING_LIKENESS_H
#define PROOFREADING_LIKENESS_H

struct fact;

/* Inside proofreading/ only: whether one may be the other, written wrongly. */
enum likeness {
    LIKENESS_NONE,
    LIKENESS_WEAK,  /* where nothing else can be meant */
    LIKENESS_STRONG /* a slip apart: another digit, two swapped, one more or less, another power */
};

enum likeness fact_likeness(const struct fact *one, const struct fact *other);

#endif
