/* SPDX-License-Identifier: MIT */
#include "locale/locale.h"

#include "base/arena.h"
#include "locale/locale_name.h"
#include "locale/utf16.h"

#include <string.h>
#include <unicode/uloc.h>

enum { TAG_MAXIMUM = 35 /* BCP 47 section 4.4.1 */ };

bool locale_name(const char *tag, char name[LOCALE_NAME_SIZE])
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t parsed = 0;
    size_t length = strlen(tag);
    if (length == 0 || length > TAG_MAXIMUM)
        return false;
    int32_t written = uloc_forLanguageTag(tag, name, LOCALE_NAME_SIZE, &parsed, &status);
    return U_SUCCESS(status) && written > 0 && written < LOCALE_NAME_SIZE &&
           (size_t)parsed == length;
}

const char *language_canonical(struct arena *arena, const char *tag)
{
    UErrorCode status = U_ZERO_ERROR;
    char name[LOCALE_NAME_SIZE];
    char canonical[LOCALE_NAME_SIZE];
    UChar display[128];
    if (!locale_name(tag, name) || name[0] == '_' || strchr(name, '@'))
        return NULL;
    (void)uloc_getDisplayLanguage(name, "en", display, 128, &status);
    if (U_FAILURE(status) || status == U_USING_DEFAULT_WARNING)
        return NULL;
    status = U_ZERO_ERROR;
    int32_t length = uloc_toLanguageTag(name, canonical, sizeof canonical, true, &status);
    if (U_FAILURE(status) || length <= 0 || length >= (int32_t)sizeof canonical)
        return NULL;
    return arena_copy_bytes(arena, canonical, (size_t)length);
}

const char *language_name(struct arena *arena, const char *tag, const char *in_language)
{
    UErrorCode status = U_ZERO_ERROR;
    char name[LOCALE_NAME_SIZE];
    char in_name[LOCALE_NAME_SIZE];
    UChar display[128];
    if (!locale_name(tag, name) || !locale_name(in_language, in_name))
        return arena_copy(arena, tag);
    int32_t length = uloc_getDisplayName(name, in_name, display, 128, &status);
    if (U_FAILURE(status) || length <= 0 || length > 128)
        return arena_copy(arena, tag);
    return utf16_to_utf8(arena, display, length);
}

const char *language_with_country(struct arena *arena, const char *tag)
{
    UErrorCode status = U_ZERO_ERROR;
    char name[LOCALE_NAME_SIZE];
    char likely[LOCALE_NAME_SIZE];
    char language[ULOC_LANG_CAPACITY];
    char country[ULOC_COUNTRY_CAPACITY];
    if (strcmp(tag, "en") == 0)
        return "en_GB";
    /* What many write for Norwegian bokmål. */
    if (!locale_name(strcmp(tag, "no") == 0 ? "nb" : tag, name))
        return arena_copy(arena, tag);
    (void)uloc_addLikelySubtags(name, likely, sizeof likely, &status);
    (void)uloc_getLanguage(likely, language, sizeof language, &status);
    (void)uloc_getCountry(likely, country, sizeof country, &status);
    if (U_FAILURE(status) || !*country)
        return arena_copy(arena, tag);
    return arena_format(arena, "%s_%s", language, country);
}

bool country_is_known(const char *country)
{
    for (const char *const *known = uloc_getISOCountries(); *known; known++)
        if (strcmp(*known, country) == 0)
            return true;
    return false;
}

const char *language_direction(const char *tag)
{
    char name[LOCALE_NAME_SIZE];
    return locale_name(tag, name) && uloc_isRightToLeft(name) ? "rtl" : "ltr";
}
