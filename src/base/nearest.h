/* SPDX-License-Identifier: MIT */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

/* The name that a person most likely meant: the nearest of candidates (ended by NULL) by edits
 * (insert, delete, replace, swap two neighbours; case does not count), the first of several equally
 * near; else the first that begins as name does, or with which name begins. NULL where none is near
 * enough to be worth naming (more than a third of its letters differ). Borrowed from candidates. */
const char *name_nearest(const char *name, const char *const *candidates);

#endif
