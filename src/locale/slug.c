/* SPDX-License-Identifier: MIT */
#include "locale/context_parts.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/invisible.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/unicode.h"
#include "locale/utf16.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <unicode/ustring.h>

/* More of a title never gets into an address. */
enum { SLUG_INPUT_MAXIMUM = 1000 };

struct spelling {
    uint32_t letter; /* lower case */
    const char *spelled;
};

static const struct spelling danish[] = { { 0xe6, "ae" }, { 0xf8, "oe" }, { 0xe5, "aa" },
                                          { 0xe4, "ae" }, { 0xf6, "oe" }, { 0xfc, "y" },
                                          { 0, NULL } };
static const struct spelling german[] = {
    { 0xe4, "ae" }, { 0xf6, "oe" }, { 0xfc, "ue" }, { 0, NULL }
};
static const struct spelling none[] = { { 0, NULL } };

/* How a language spells its own letters where there are only a to z. */
static const struct spelling *spellings_of(const char *language)
{
    static const char *const danish_like[] = { "da", "nb", "nn", "no", "fo", "kl" };
    size_t length = strcspn(language, "-");
    for (size_t i = 0; i < sizeof danish_like / sizeof *danish_like; i++)
        if (length == 2 && strncasecmp(language, danish_like[i], 2) == 0)
            return danish;
    return length == 2 && strncasecmp(language, "de", 2) == 0 ? german : none;
}

static uint32_t latin1_lower(uint32_t letter)
{
    return letter >= 0xc0 && letter <= 0xde && letter != 0xd7 ? letter + 0x20 : letter;
}

/* Appends title with the language's own letters spelled out. */
static void append_spelled(struct string_builder *text, const char *title, const char *language)
{
    const struct spelling *spellings = spellings_of(language);
    size_t length = strnlen(title, SLUG_INPUT_MAXIMUM);
    size_t offset = 0;
    uint32_t letter;
    while (utf8_next(title, length, &offset, &letter)) {
        if (invisible_is_left_out(0, letter))
            continue;
        const struct spelling *spelling = spellings;
        while (spelling->spelled && spelling->letter != latin1_lower(letter))
            spelling++;
        if (spelling->spelled)
            string_builder_append(text, spelling->spelled);
        else
            utf8_append(text, letter);
    }
}

/* The text in ASCII letters as far as ICU knows how. */
static const char *to_ascii(struct locale_context *context, struct arena *arena, const char *string)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar rules[48];
    if (!context->to_latin) {
        (void)u_uastrcpy(rules, "Any-Latin; Latin-ASCII");
        context->to_latin = utrans_openU(rules, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
        if (U_FAILURE(status)) {
            context->to_latin = NULL;
            return string;
        }
    }
    int32_t count;
    const UChar *units = utf16_from_utf8(arena, string, strlen(string), &count);
    /* One character may become a word; what passes this is left out of the address. */
    int32_t capacity = count * 8 + 64;
    UChar *latin = arena_allocate_array(arena, (size_t)capacity, sizeof *latin);
    memcpy(latin, units, (size_t)count * sizeof *latin);
    int32_t limit = count;
    utrans_transUChars(context->to_latin, latin, &count, capacity, 0, &limit, &status);
    return U_FAILURE(status) ? string : utf16_to_utf8(arena, latin, count);
}

static bool is_apostrophe(const char *c)
{
    return *c == '\'' || *c == '`' || strncmp(c, "\xe2\x80\x99", 3) == 0;
}

/* a–z and 0–9 with a hyphen for each run of all else; no hyphen at an end. */
static void append_words(struct string_builder *slug, const char *string)
{
    for (const char *c = string; *c; c++) {
        char lower = (char)tolower((unsigned char)*c);
        if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
            string_builder_append_character(slug, lower);
        } else if (is_apostrophe(c)) {
            if (*c == '\xe2')
                c += 2;
        } else if (slug->length && slug->data[slug->length - 1] != '-') {
            string_builder_append_character(slug, '-');
        }
    }
    if (slug->length && slug->data[slug->length - 1] == '-')
        string_builder_truncate(slug, slug->length - 1);
}

static void cut_at_word(struct string_builder *slug, size_t maximum)
{
    if (slug->length <= maximum)
        return;
    bool ends_word = slug->data[maximum] == '-';
    string_builder_truncate(slug, maximum);
    const char *hyphen = strrchr(slug->data, '-');
    if (!ends_word && hyphen)
        string_builder_truncate(slug, (size_t)(hyphen - slug->data));
    while (slug->length && slug->data[slug->length - 1] == '-')
        string_builder_truncate(slug, slug->length - 1);
}

const char *locale_slug(struct locale_context *context, struct arena *arena, const char *title,
                        const char *language, size_t maximum, const char *fallback)
{
    struct string_builder spelled;
    struct string_builder slug;
    string_builder_init(&spelled, 0);
    string_builder_init(&slug, 0);
    append_spelled(&spelled, unicode_nfc(arena, title), language);
    const char *latin = spelled.data;
    for (const char *c = latin; *c; c++) {
        if ((unsigned char)*c < 0x80)
            continue;
        latin = to_ascii(context, arena, spelled.data);
        break;
    }
    append_words(&slug, latin);
    cut_at_word(&slug, maximum);
    if (file_name_is_device(slug.data))
        string_builder_append_format(&slug, "-%s", *fallback ? fallback : "1");
    const char *result = arena_copy(arena, slug.length ? slug.data : fallback);
    string_builder_release(&spelled);
    string_builder_release(&slug);
    return result;
}
