/* SPDX-License-Identifier: MIT */
#include "proofreading/fact.h"

#include "base/arena.h"
#include "base/array.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "locale/unicode.h"
#include "locale/written_date.h"
#include "proofreading/number.h"
#include "proofreading/proofreading.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { PHONE_DIGITS = 8, PHONE_DIGITS_MAXIMUM = 15, UNIT_BYTES = 40, NOON = 12 };

struct fact_reader {
    const struct language_words *words;
    const char *language;
    char decimal;
    struct arena *arena;
    struct facts *facts;
    const char *currency; /* stands before the number that is read; NULL */
    size_t dates;         /* looked at so far, whether they were any or not */
};

/* ---- what stands beside a number ---- */

static size_t skip_space(const char *text)
{
    size_t length = *text == ' ' || *text == '-';
    return strncmp(text, "\xC2\xA0", 2) == 0 ? 2 : length;
}

/* Signs that are the same in every language. */
static const char *sign_of(const char *text, size_t *length)
{
    static const struct {
        const char *sign;
        const char *name;
    } signs[] = {
        { "%", "percent" },
        { "€", "euro" },
        { "$", "dollar" },
        { "£", "pound" },
    };

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        *length = strlen(signs[i].sign);
        if (strncmp(text, signs[i].sign, *length) == 0)
            return signs[i].name;
    }
    return NULL;
}

/* The quantity that text begins with, by our name; NULL: none. */
static const char *take_quantity(const struct fact_reader *reader, const char *text, size_t *length)
{
    const char *sign = sign_of(text, length);
    if (sign)
        return sign;
    size_t own = prose_word(text);
    if (own == 0 || own > UNIT_BYTES)
        return NULL;
    const char *piece = arena_copy_bytes(reader->arena, text, strnlen(text, UNIT_BYTES));
    const char *folded = unicode_fold(reader->arena, piece);
    const struct language_word *word = language_words_prefix(reader->words, WORD_GROUP_QUANTITY,
                                                             reader->language, folded);
    if (!word || strncmp(word->language, reader->language, 2) != 0)
        return NULL;
    *length = strlen(word->folded);
    *length += text[*length] == '.';
    return word->name;
}

static bool is_currency(const char *name)
{
    return strcmp(name, "krone") == 0 || strcmp(name, "euro") == 0 || strcmp(name, "dollar") == 0 ||
           strcmp(name, "pound") == 0;
}

static int power_of(const char *name)
{
    static const char *const powers[] = { "thousand", "million", "billion", "trillion" };
    for (int i = 0; i < 4; i++)
        if (strcmp(name, powers[i]) == 0)
            return (i + 1) * 3;
    return 0;
}

/* ---- facts ---- */

static struct fact *add(struct fact_reader *reader, enum fact_kind kind, const char *text,
                        size_t length)
{
    struct facts *facts = reader->facts;
    while (length > 0 && strchr(". ,", text[length - 1])) /* the end of the sentence */
        length--;
    ARRAY_GROW_IN(reader->arena, facts->facts, facts->count, facts->capacity);
    struct fact *fact = &facts->facts[facts->count++];
    *fact = (struct fact){ .kind = kind, .text = arena_copy_bytes(reader->arena, text, length) };
    return fact;
}

/* "55 10 20 30", "+45 55102030", "08-123 45 67": as many digits as a number for dialling has, in
 * groups that no amount is written in. Compared by the last eight: the country's code may be
 * missing. */
static size_t take_telephone(struct fact_reader *reader, const char *text)
{
    char digits[PHONE_DIGITS_MAXIMUM + 2];
    size_t count = 0;
    size_t groups = 1;
    size_t in_group = 0;
    bool is_paired = true; /* groups of two */
    size_t i = *text == '+';
    for (; count <= PHONE_DIGITS_MAXIMUM; i++) {
        if (isdigit((unsigned char)text[i])) {
            digits[count++] = text[i];
            in_group++;
        } else if ((text[i] == ' ' || text[i] == '-') && isdigit((unsigned char)text[i + 1])) {
            is_paired = is_paired && in_group == 2;
            groups++;
            in_group = 0;
        } else {
            break;
        }
    }
    is_paired = is_paired && in_group == 2 && groups == 4;
    if (count < PHONE_DIGITS || count > PHONE_DIGITS_MAXIMUM ||
        !(is_paired || *text == '+' || *text == '0') || prose_word(text + i) > 0)
        return 0;
    struct fact *fact = add(reader, FACT_TELEPHONE, text, i);
    fact->value = arena_copy_bytes(reader->arena, digits + count - PHONE_DIGITS, PHONE_DIGITS);
    return i;
}

/* A day with its month, or a time of day that says that it is one. */
static size_t take_date(struct fact_reader *reader, const char *text)
{
    struct written_date date = { 0 };
    reader->dates++;
    written_date_read(reader->words, reader->language, reader->arena, text, &date);
    if (date.length == 0 || (!date.has_day && !date.has_time))
        return 0;
    if (date.has_day && !date.is_swappable) {
        struct fact *fact = add(reader, FACT_DATE, text, date.length);
        fact->value = arena_format(reader->arena, "%02d%02d", date.month, date.day);
        fact->year = date.has_year ? date.year : 0;
        fact->parts[0] = date.day;
        fact->parts[1] = date.month;
        fact->parts[2] = (int)fact->year;
    }
    if (date.has_time) {
        struct fact *fact = add(reader, FACT_TIME, text, date.length);
        fact->value = arena_format(reader->arena, "%02d:%02d", date.hour, date.minute);
        fact->parts[0] = date.hour;
        fact->parts[1] = date.hour % NOON ? date.hour % NOON : NOON;
        fact->parts[2] = date.minute;
    }
    return date.length;
}

static size_t take_number(struct fact_reader *reader, const char *text)
{
    size_t length = number_length(text, reader->decimal);
    size_t end = length;
    int shift = 0;
    enum fact_kind kind = reader->currency ? FACT_AMOUNT : FACT_NUMBER;
    const char *unit = reader->currency;
    if (length == 0 || prose_word(text + length) > 0)
        return 0; /* "5G", "1.2.3": a name */
    for (int i = 0; i < 2; i++) {
        size_t space = skip_space(text + end);
        size_t width = 0;
        const char *name = take_quantity(reader, text + end + space, &width);
        if (!name)
            break;
        if (power_of(name))
            shift += power_of(name);
        else
            kind = is_currency(name) ? FACT_AMOUNT : FACT_PERCENT;
        if (is_currency(name))
            unit = name;
        end += space + width;
    }
    struct fact *fact = add(reader, kind, text, end);
    fact->value = number_value(reader->arena, text, length, reader->decimal, shift);
    fact->unit = unit;
    return end;
}

/* ---- the text ---- */

/* Addresses hold numbers that say nothing. */
static size_t skip_address(const char *text)
{
    size_t length = strcspn(text, " ");
    bool is_address = memmem(text, length, "://", 3) || memchr(text, '@', length) ||
                      strncmp(text, "www.", 4) == 0;
    return is_address ? length : 0;
}

static size_t take_fact(struct fact_reader *reader, const char *text)
{
    bool is_digit = isdigit((unsigned char)*text);
    size_t length = 0;
    if (!is_digit && *text != '+' && prose_word(text) == 0)
        return 0;
    if (is_digit || *text == '+')
        length = take_telephone(reader, text);
    if (length == 0 &&
        (is_digit || language_words_may_begin(reader->words, WORD_GROUP_MONTH, text) ||
         language_words_may_begin(reader->words, WORD_GROUP_CLOCK, text)))
        length = take_date(reader, text);
    return length == 0 && is_digit ? take_number(reader, text) : length;
}

/* Dates take by far the longest, and of what is no fact in the end none is counted. */
static bool is_enough(const struct fact_reader *reader)
{
    return reader->facts->count + 2 >= FACTS_MAXIMUM || reader->dates >= FACT_DATES_MAXIMUM;
}

static void read_block(struct fact_reader *reader, const char *text)
{
    bool is_start = true;
    reader->currency = NULL;
    while (*text && !is_enough(reader)) {
        size_t width = 0;
        size_t length = is_start ? skip_address(text) : 0;
        if (length == 0)
            length = take_fact(reader, text);
        if (length == 0) {
            const char *name = take_quantity(reader, text, &width);
            reader->currency = name && is_currency(name) ? name : NULL;
            size_t word = prose_word(text);
            length = name ? width : word ? word : prose_step(text);
            if (reader->currency)
                length += skip_space(text + length);
        } else {
            reader->currency = NULL;
        }
        is_start = length > 0 && text[length - 1] == ' ';
        text += length;
    }
}

void facts_read(const struct proofreading_settings *settings, struct arena *arena,
                const struct prose *prose, const char *language, struct facts *facts)
{
    /* what parts thousands there says what parts fractions */
    bool has_comma = settings->locale &&
                     strchr(locale_number(settings->locale, arena, language, 1234567), ',') != NULL;
    struct fact_reader reader = { .words = settings->words,
                                  .language = language,
                                  .decimal = has_comma ? '.' : ',',
                                  .arena = arena,
                                  .facts = facts };
    *facts = (struct facts){ 0 };
    for (size_t i = 0; i < prose->count; i++)
        read_block(&reader, prose->blocks[i].text);
    facts->is_cut = is_enough(&reader);
}
