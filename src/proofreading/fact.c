/* SPDX-License-Identifier: MIT */
#include "proofreading/fact.h"

#include "base/arena.h"
#include "base/array.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "locale/written_date.h"
#include "proofreading/fact_words.h"
#include "proofreading/number.h"
#include "proofreading/proofreading.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    PHONE_DIGITS = 8,
    PHONE_DIGITS_MAXIMUM = 15,
    PHONE_GROUPS_MAXIMUM = 8,
    GROUP_DIGITS = 3,
    YEAR_DIGITS = 4,
    ABBREVIATION_BYTES = 2,
    DATE_BYTES = 400,
    NOON = 12
};

struct fact_reader {
    struct fact_words words;
    char decimal;
    struct arena *arena;
    struct facts *facts;
    const char *block;    /* that is read */
    const char *currency; /* stands before the number that is read; NULL */
    const char *currency_text;
    size_t dates; /* looked at so far, whether they were any or not */
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
    const char *name = sign;
    if (!sign)
        *length = fact_word_find(&reader->words, WORD_GROUP_QUANTITY, NULL, text, &name);
    if (name && !sign)
        *length += text[*length] == '.';
    return name;
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
    fact->begin = facts->length + (size_t)(text - reader->block);
    fact->end = fact->begin + length;
    return fact;
}

/* ---- telephones ---- */

struct telephone {
    char digits[PHONE_DIGITS_MAXIMUM + 2];
    size_t count;
    size_t groups[PHONE_GROUPS_MAXIMUM];
    size_t group_count;
    size_t length;
};

/* What parts two groups of a number: a space, a hyphen, and behind a number's area ") " or "/"; and
 * "(0)", which is not dialled from abroad. */
static size_t phone_mark(const char *text, bool is_dialled)
{
    size_t zero = is_dialled && strncmp(text + (*text == ' '), "(0)", 3) == 0
                      ? 3 + (size_t)(*text == ' ')
                      : 0;
    if (zero > 0)
        return zero + (text[zero] == ' ');
    size_t length = strncmp(text, "\xC2\xA0", 2) == 0 ? 2 : *text == ' ' || *text == '-';
    if (length == 0 && is_dialled && *text && strchr(")/", *text))
        length = text[1] == ' ' ? 2 : 1;
    return isdigit((unsigned char)text[length]) ? length : 0;
}

static void read_telephone(const char *text, struct telephone *phone)
{
    bool is_dialled = *text == '+' || *text == '0';
    size_t i = *text == '+';
    *phone = (struct telephone){ .count = 0 };
    while (phone->count <= PHONE_DIGITS_MAXIMUM && phone->group_count < PHONE_GROUPS_MAXIMUM) {
        size_t begin = phone->count;
        while (phone->count <= PHONE_DIGITS_MAXIMUM && isdigit((unsigned char)text[i]))
            phone->digits[phone->count++] = text[i++];
        phone->groups[phone->group_count++] = phone->count - begin;
        size_t mark = phone_mark(text + i, is_dialled);
        if (mark == 0)
            break;
        i += mark;
    }
    phone->length = i;
}

/* Groups that eight digits are dialled in, and that no amount and no date is written in: "55 10 20
 * 30", "5510 2030" (no two years), "400 12 345", "55102030". */
static bool is_grouped(const struct telephone *phone)
{
    const size_t *groups = phone->groups;
    if (phone->count != PHONE_DIGITS)
        return false;
    switch (phone->group_count) {
    case 1:
        return true;
    case 2:
        return groups[0] == YEAR_DIGITS && strncmp(phone->digits, "19", 2) != 0 &&
               strncmp(phone->digits, "20", 2) != 0;
    case 3:
        return groups[0] == GROUP_DIGITS && groups[1] == 2;
    default:
        return phone->group_count == 4 && groups[0] == 2 && groups[1] == 2 && groups[2] == 2;
    }
}

/* As many digits as a number for dialling has. The zero that is dialled within a country is no part
 * of it. */
static size_t take_telephone(struct fact_reader *reader, const char *text)
{
    struct telephone phone;
    read_telephone(text, &phone);
    if (phone.count < PHONE_DIGITS || phone.count > PHONE_DIGITS_MAXIMUM ||
        !(is_grouped(&phone) || *text == '+' || *text == '0') ||
        prose_word(text + phone.length) > 0)
        return 0;
    bool is_bracketed = text > reader->block && text[-1] == '(';
    struct fact *fact = add(reader, FACT_TELEPHONE, text - is_bracketed,
                            phone.length + is_bracketed);
    size_t zeros = strspn(phone.digits, "0");
    if (phone.count - zeros < PHONE_DIGITS - 1)
        zeros = 0;
    fact->value = arena_copy_bytes(reader->arena, phone.digits + zeros, phone.count - zeros);
    return phone.length;
}

/* ---- dates ---- */

static void add_time(struct fact_reader *reader, const char *text, const struct written_date *date)
{
    struct fact *fact = add(reader, FACT_TIME, text, date->length);
    fact->value = arena_format(reader->arena, "%02d:%02d", date->hour, date->minute);
    if (date->is_half_day && date->hour <= NOON)
        fact->other_value = arena_format(reader->arena, "%02d:%02d",
                                         (date->hour + NOON) % (2 * NOON), date->minute);
    fact->parts[0] = date->hour;
    fact->parts[1] = date->hour % NOON ? date->hour % NOON : NOON;
    fact->parts[2] = date->minute;
}

/* "1.45 billion", "12.50 kr.": two digits behind a point are no minutes there. */
static bool is_fraction(const struct fact_reader *reader, const char *text)
{
    size_t width;
    size_t length = number_length(text, reader->decimal);
    return length > 0 && isdigit((unsigned char)*text) &&
           (reader->currency ||
            take_quantity(reader, text + length + skip_space(text + length), &width));
}

/* A day and a month in numbers without a year that may well be none: "from 31.8", or "16. 1. prize"
 * over the end of a sentence. digits: where the numbers begin. */
static bool is_doubtful_day(const struct fact_reader *reader, const char *text, size_t digits,
                            const struct written_date *date)
{
    if (date->month > 12 || date->day > 31)
        return true;
    if (date->has_time || date->has_year || digits >= date->length)
        return false;
    bool is_numbers = strspn(text + digits, "0123456789. ") >= date->length - digits;
    return (reader->decimal == '.' && number_length(text + digits, '.') > 2) ||
           (is_numbers && memchr(text + digits, ' ', date->length - digits));
}

/* An hour alone that may well be none, "by 21"; where hours are said with a word of their own, "kl.
 * 9" is one. */
static bool is_doubtful_hour(const struct fact_reader *reader, const char *text, size_t digits,
                             const struct written_date *date)
{
    const char *language = reader->words.language;
    bool is_named = strncmp(language, "en", 2) != 0 && strncmp(language, "de", 2) != 0;
    return !is_named && strspn(text + digits, "0123456789") + digits == date->length;
}

static bool is_doubtful(const struct fact_reader *reader, const char *text,
                        const struct written_date *date)
{
    size_t word = isdigit((unsigned char)*text) ? 0 : prose_word(text);
    size_t digits = word + strcspn(text + word, "0123456789");
    const char *behind = text + date->length;
    bool goes_on = (*behind == '.' || *behind == ',') && isdigit((unsigned char)behind[1]);
    return date->is_impossible || goes_on ||
           (date->has_day ? is_doubtful_day(reader, text, digits, date)
                          : is_doubtful_hour(reader, text, digits, date));
}

/* The text up to where the sentence ends, of which a date is a part: a point behind a word that a
 * capital follows. */
static const char *sentence_of(struct arena *arena, const char *text)
{
    size_t length = strnlen(text, DATE_BYTES);
    for (size_t i = 1; i + 2 < length; i++) {
        unsigned char before = (unsigned char)text[i - 1];
        if (text[i] == '.' && text[i + 1] == ' ' && (isalpha(before) || before >= 0x80) &&
            isupper((unsigned char)text[i + 2]))
            length = i;
    }
    return arena_copy_bytes(arena, text, length);
}

/* "June 9-11": what may be a year of two digits is the second day, which is joined later. */
static size_t drop_second_day(const char *text, size_t length)
{
    size_t end = length;
    while (end > 0 && isdigit((unsigned char)text[end - 1]))
        end--;
    if (end > 0 && text[end - 1] == '-')
        return end - 1;
    return end >= 3 && strncmp(text + end - 3, "\xE2\x80", 2) == 0 ? end - 3 : length;
}

/* A day with its month, or a time of day that says that it is one. */
static size_t take_date(struct fact_reader *reader, const char *text)
{
    struct written_date date = { 0 };
    if (is_fraction(reader, text))
        return 0;
    reader->dates++;
    written_date_read(reader->words.words, reader->words.language, reader->arena,
                      sentence_of(reader->arena, text), &date);
    if (date.is_impossible && date.has_day)
        date.has_time = date.is_impossible = false;
    if (date.has_short_year)
        date.length = drop_second_day(text, date.length);
    if (date.length == 0 || (!date.has_day && !date.has_time) || is_doubtful(reader, text, &date))
        return 0;
    if (date.has_day && !date.is_swappable) {
        struct fact *fact = add(reader, FACT_DATE, text, date.length);
        fact->value = arena_format(reader->arena, "%02d%02d", date.month, date.day);
        fact->year = date.has_year ? date.year : 0;
        fact->parts[0] = date.day;
        fact->parts[1] = date.month;
        fact->parts[2] = (int)fact->year;
    }
    if (date.has_time)
        add_time(reader, text, &date);
    return date.length;
}

/* A month alone. In English and German it begins with a capital: "may" is a word. */
static size_t take_month(struct fact_reader *reader, const char *text)
{
    const char *language = reader->words.language;
    bool has_capital = strncmp(language, "en", 2) == 0 || strncmp(language, "de", 2) == 0;
    const char *name;
    size_t length = fact_word_find(&reader->words, WORD_GROUP_MONTH, NULL, text, &name);
    if (length <= ABBREVIATION_BYTES || (has_capital && !isupper((unsigned char)*text)))
        return 0;
    struct fact *fact = add(reader, FACT_MONTH, text, length);
    fact->value = name;
    for (int i = 0; i < 12; i++)
        if (strcmp(word_group_names(WORD_GROUP_MONTH)[i], name) == 0)
            fact->parts[1] = i + 1;
    return length;
}

/* ---- numbers ---- */

static const char *const numerals[] = { "two",   "three", "four", "five",   "six",   "seven",
                                        "eight", "nine",  "ten",  "eleven", "twelve" };

/* "four", "fjerde", "halvanden": the digits of the number in letters that text begins with. */
static size_t take_numeral(const struct fact_reader *reader, const char *text, const char **digits,
                           int *decimals)
{
    const char *name;
    size_t length = fact_word_find(&reader->words, WORD_GROUP_NUMERAL, NULL, text, &name);
    if (length == 0 || strcmp(name, "to") == 0)
        return 0;
    *decimals = 0;
    for (int i = 0; i < (int)(sizeof numerals / sizeof numerals[0]); i++)
        if (strcmp(name, numerals[i]) == 0) {
            *digits = arena_format(reader->arena, "%d", i + 2);
            return length;
        }
    *digits = "15"; /* one and a half */
    *decimals = 1;
    return length;
}

/* Powers, a currency or a percentage behind a number; where they end. */
static size_t take_units(struct fact_reader *reader, struct fact *fact, const char *text,
                         size_t end)
{
    /* "€2.5m": the same in every language */
    if (reader->currency && text[end] && strchr("mM", text[end]) && prose_word(text + end) == 1) {
        fact->shift = power_of("million");
        return end + 1;
    }
    for (int i = 0; i < 2; i++) {
        size_t space = skip_space(text + end);
        size_t width = 0;
        const char *name = take_quantity(reader, text + end + space, &width);
        if (!name)
            break;
        if (power_of(name))
            fact->shift += power_of(name);
        else
            fact->kind = is_currency(name) ? FACT_AMOUNT : FACT_PERCENT;
        if (is_currency(name))
            fact->unit = name;
        end += space + width;
    }
    return end;
}

static size_t take_number(struct fact_reader *reader, const char *text)
{
    struct fact read = { .kind = reader->currency ? FACT_AMOUNT : FACT_NUMBER,
                         .unit = reader->currency };
    size_t length = number_length(text, reader->decimal);
    if (length > 0)
        read.digits = number_digits(reader->arena, text, length, reader->decimal, &read.decimals);
    else if (!isdigit((unsigned char)*text))
        length = take_numeral(reader, text, &read.digits, &read.decimals);
    size_t end = length > 0 ? take_units(reader, &read, text, length) : 0;
    if (length == 0 || prose_word(text + end) > 0)
        return 0; /* "5G", "1.2.3": a name */
    read.is_spelled = !isdigit((unsigned char)*text) && end == length;
    const char *begin = reader->currency ? reader->currency_text : text;
    struct fact *fact = add(reader, read.kind, begin, end + (size_t)(text - begin));
    read.text = fact->text;
    read.begin = fact->begin;
    read.end = fact->end;
    read.value = number_value(reader->arena, read.digits, read.shift - read.decimals);
    *fact = read;
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
        (is_digit || fact_word_find(&reader->words, WORD_GROUP_MONTH, NULL, text, NULL) > 0 ||
         fact_word_find(&reader->words, WORD_GROUP_CLOCK, NULL, text, NULL) > 0))
        length = take_date(reader, text);
    if (length == 0 && !is_digit)
        length = take_month(reader, text);
    return length == 0 && *text != '+' ? take_number(reader, text) : length;
}

/* Dates take by far the longest, and of what is no fact in the end none is counted. */
static bool is_enough(const struct fact_reader *reader)
{
    return reader->facts->count + 2 >= FACTS_MAXIMUM || reader->dates >= FACT_DATES_MAXIMUM;
}

static void read_block(struct fact_reader *reader, const char *text)
{
    bool is_start = true;
    size_t first = reader->facts->count;
    reader->currency = NULL;
    reader->block = text;
    while (*text && !is_enough(reader)) {
        size_t width = 0;
        size_t length = is_start ? skip_address(text) : 0;
        if (length == 0)
            length = take_fact(reader, text);
        if (length == 0) {
            const char *name = take_quantity(reader, text, &width);
            reader->currency = name && is_currency(name) ? name : NULL;
            reader->currency_text = text;
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
    struct facts *facts = reader->facts;
    if (facts->count > first)
        facts_join(&reader->words, facts->facts + first, facts->count - first, reader->block,
                   facts->length);
    facts->length += strlen(reader->block) + 1;
}

void facts_read(const struct proofreading_settings *settings, struct arena *arena,
                const struct prose *prose, const char *language, struct facts *facts)
{
    /* what parts thousands there says what parts fractions */
    bool has_comma = settings->locale &&
                     strchr(locale_number(settings->locale, arena, language, 1234567), ',') != NULL;
    struct fact_reader reader = { .words = { settings->words, language, arena },
                                  .decimal = has_comma ? '.' : ',',
                                  .arena = arena,
                                  .facts = facts };
    *facts = (struct facts){ 0 };
    for (size_t i = 0; i < prose->count; i++)
        read_block(&reader, prose->blocks[i].text);
    facts->is_cut = is_enough(&reader);
}
