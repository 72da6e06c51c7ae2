/* SPDX-License-Identifier: MIT */
#ifndef BASE_LOCALIZED_H
#define BASE_LOCALIZED_H

/* One text in several languages, as `{da: "…", en: "…"}` in a configuration file; in the order of
 * the file. */
struct localized_text {
    const char *language; /* BCP 47 */
    const char *text;
    struct localized_text *next;
};

/* The text in language, else in the same language without its region ("da" for "da-DK"), else the
 * first; NULL for an empty list. Borrowed. */
const char *localized_get(const struct localized_text *list, const char *language);

#endif
