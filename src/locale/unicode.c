/* SPDX-License-Identifier: MIT */
#include "locale/unicode.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/utf16.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* In UTF-16, text in form C is at most three times as long as it was, in form D four times (UAX 15
 * section 9). */
enum { GROWTH = 4 };

/* That form of count units; the units themselves where they already are. */
static const UChar *normalize(struct arena *arena, const UNormalizer2 *form, const UChar *units,
                              int32_t *count)
{
    UErrorCode status = U_ZERO_ERROR;
    if (!form || unorm2_isNormalized(form, units, *count, &status))
        return units;
    int32_t capacity = *count * GROWTH + 1;
    UChar *normal = arena_allocate_array(arena, (size_t)capacity, sizeof *normal);
    int32_t length = unorm2_normalize(form, units, *count, normal, capacity, &status);
    if (U_FAILURE(status))
        return units;
    *count = length;
    return normal;
}

static const UChar *compose(struct arena *arena, const UChar *units, int32_t *count)
{
    UErrorCode status = U_ZERO_ERROR;
    return normalize(arena, unorm2_getNFCInstance(&status), units, count);
}

static const char *in_form(struct arena *arena, const UNormalizer2 *form, const char *string)
{
    int32_t count;
    size_t length = strlen(string);
    if (utf8_is_ascii(string, length))
        return arena_copy_bytes(arena, string, length);
    const UChar *units = utf16_from_utf8(arena, string, length, &count);
    units = normalize(arena, form, units, &count);
    return utf16_to_utf8(arena, units, count);
}

const char *unicode_nfc(struct arena *arena, const char *string)
{
    UErrorCode status = U_ZERO_ERROR;
    return in_form(arena, unorm2_getNFCInstance(&status), string);
}

const char *unicode_nfkc(struct arena *arena, const char *string)
{
    UErrorCode status = U_ZERO_ERROR;
    return in_form(arena, unorm2_getNFKCInstance(&status), string);
}

const char *unicode_nfd(struct arena *arena, const char *string)
{
    UErrorCode status = U_ZERO_ERROR;
    return in_form(arena, unorm2_getNFDInstance(&status), string);
}

void unicode_append_nfc(struct string_builder *text, const char *bytes, size_t length)
{
    if (utf8_is_ascii(bytes, length)) {
        string_builder_append_bytes(text, bytes, length);
        return;
    }
    struct arena arena = { 0 };
    int32_t count;
    const UChar *units = utf16_from_utf8(&arena, bytes, length, &count);
    units = compose(&arena, units, &count);
    string_builder_append(text, utf16_to_utf8(&arena, units, count));
    arena_release(&arena);
}

/* Most lines are looked up so, and need nothing of ICU. */
static const char *fold_ascii(struct arena *arena, const char *string, size_t length)
{
    char *folded = arena_copy_bytes(arena, string, length);
    for (char *c = folded; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return folded;
}

const char *unicode_fold(struct arena *arena, const char *string)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t count;
    size_t bytes = strlen(string);
    if (utf8_is_ascii(string, bytes))
        return fold_ascii(arena, string, bytes);
    const UChar *units = utf16_from_utf8(arena, string, bytes, &count);
    units = compose(arena, units, &count);
    int32_t capacity = count * 3 + 1; /* the longest folding is three code units */
    UChar *folded = arena_allocate_array(arena, (size_t)capacity, sizeof *folded);
    count = u_strFoldCase(folded, capacity, units, count, U_FOLD_CASE_DEFAULT, &status);
    if (U_FAILURE(status))
        return arena_copy(arena, string);
    const UChar *result = compose(arena, folded, &count);
    return utf16_to_utf8(arena, result, count);
}

bool unicode_is_lower(uint32_t code_point)
{
    return u_islower((UChar32)code_point);
}

bool unicode_is_upper(uint32_t code_point)
{
    return u_isupper((UChar32)code_point) || u_istitle((UChar32)code_point);
}

bool unicode_is_alphanumeric(uint32_t code_point)
{
    return u_isalpha((UChar32)code_point) || u_isdigit((UChar32)code_point) ||
           u_charType((UChar32)code_point) == U_OTHER_NUMBER ||
           u_charType((UChar32)code_point) == U_LETTER_NUMBER;
}

/* ---- character sets ---- */

/* Names that pages have, and ICU's where the web means another set by them. */
static const struct {
    const char *name;      /* with a star: how it begins */
    const char *converter; /* NULL: by its own name */
} charsets[] = {
    { "utf-8", "UTF-8" },
    { "utf8", "UTF-8" },
    { "utf-16le", "UTF-16LE" },
    { "utf-16be", "UTF-16BE" },
    { "iso-8859-1", "ibm-5348" },
    { "iso8859-1", "ibm-5348" },
    { "iso_8859-1", "ibm-5348" },
    { "latin1", "ibm-5348" },
    { "us-ascii", "ibm-5348" },
    { "ascii", "ibm-5348" },
    { "windows-1252", "ibm-5348" },
    { "cp1252", "ibm-5348" },
    { "iso-8859-9", "windows-1254" },
    { "iso-8859-11", "windows-874" },
    { "iso-8859-*", NULL },
    { "windows-125*", NULL },
    { "windows-874", NULL },
    { "koi8-r", NULL },
    { "koi8-u", NULL },
    { "macintosh", NULL },
    { "gb2312", "GBK" },
    { "gbk", NULL },
    { "gb18030", NULL },
    { "big5", NULL },
    { "euc-jp", NULL },
    { "shift_jis", NULL },
    { "iso-2022-jp", NULL },
    { "euc-kr", NULL },
};

static const char *converter_of(const char *charset)
{
    for (size_t i = 0; i < sizeof charsets / sizeof charsets[0]; i++) {
        const char *name = charsets[i].name;
        size_t length = strcspn(name, "*");
        if (strncasecmp(name, charset, length) == 0 && (name[length] || !charset[length]))
            return charsets[i].converter ? charsets[i].converter : charset;
    }
    return NULL;
}

bool unicode_append_charset(struct string_builder *text, const char *charset, const char *bytes,
                            size_t length)
{
    UErrorCode status = U_ZERO_ERROR;
    const char *name = converter_of(charset);
    UConverter *converter = name && length <= INT32_MAX ? ucnv_open(name, &status) : NULL;
    if (!converter || U_FAILURE(status))
        return false;
    int32_t needed = ucnv_toAlgorithmic(UCNV_UTF8, converter, NULL, 0, bytes, (int32_t)length,
                                        &status);
    char *room = needed > 0 ? string_builder_append_room(text, (size_t)needed) : NULL;
    status = U_ZERO_ERROR;
    if (room)
        (void)ucnv_toAlgorithmic(UCNV_UTF8, converter, room, needed, bytes, (int32_t)length,
                                 &status);
    ucnv_close(converter);
    return true;
}
