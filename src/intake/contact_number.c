/* SPDX-License-Identifier: MIT */
#include "intake/contact_number.h"

#include <ctype.h>
#include <string.h>

enum { DIGITS_MAXIMUM = 15 }; /* ITU-T E.164 */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* ---- e-mail ---- */

static bool is_address_character(char c)
{
    return is_word(c) || strchr("!#$%&'*+-/=?^_`{|}~.", c);
}

/* The address around the "@" at bytes[at]; false where none stands there. */
static bool email_at(const char *bytes, size_t length, size_t at, struct contact_number *number)
{
    size_t start = at;
    size_t end = at + 1;
    while (start > 0 && bytes[start - 1] && is_address_character(bytes[start - 1]))
        start--;
    while (end < length && (is_word(bytes[end]) || bytes[end] == '-' || bytes[end] == '.'))
        end++;
    while (end > at + 1 && !is_word(bytes[end - 1]))
        end--;
    const char *dot = memchr(bytes + at, '.', end - at);
    if (start == at || !dot || dot == bytes + at + 1 || !is_word(bytes[start]))
        return false;
    *number = (struct contact_number){ CONTACT_EMAIL, start, end - start };
    return true;
}

/* ---- telephone ---- */

/* Length of a character that may stand within a number: "+45 51.00-00/10 (11)", and the no-break
 * space; 0 for any other. */
static size_t phone_character(const char *bytes, size_t length)
{
    if (isdigit((unsigned char)*bytes) || strchr(" +()./-", *bytes))
        return *bytes ? 1 : 0;
    return length >= 2 && memcmp(bytes, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

static size_t count_digits(const char *bytes, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += isdigit((unsigned char)bytes[i]) != 0;
    return count;
}

static bool is_year(const char *digits)
{
    return strncmp(digits, "19", 2) == 0 || strncmp(digits, "20", 2) == 0;
}

/* "9.6.2026", "2026-06-09", "2022-2025". */
static bool is_date(const char *bytes, size_t length)
{
    size_t runs[4] = { 0 };
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        if (isdigit((unsigned char)bytes[i]))
            runs[count]++;
        else if (!strchr(".-/", bytes[i]) || !runs[count] || ++count == 3)
            return false;
    }
    if (count == 2)
        return runs[1] <= 2 && ((runs[0] <= 2 && runs[2] == 4) || (runs[0] == 4 && runs[2] <= 2));
    return count == 1 && runs[0] == 4 && runs[1] == 4 && is_year(bytes) && is_year(bytes + 5);
}

/* The length without a tail that belongs to the words behind it, such as a bracket that the number
 * did not open. */
static size_t without_tail(const char *bytes, size_t length)
{
    bool opened = memchr(bytes, '(', length) != NULL;
    while (length && !isdigit((unsigned char)bytes[length - 1]) &&
           !(bytes[length - 1] == ')' && opened))
        length--;
    return length;
}

/* A run that would be too long for one number ends at its first "/" or " (". */
static size_t first_of_several(const char *bytes, size_t length)
{
    if (count_digits(bytes, length) <= DIGITS_MAXIMUM)
        return length;
    for (size_t i = 1; i < length; i++)
        if (count_digits(bytes, i) >= 7 && (bytes[i] == '/' || bytes[i] == '(' || bytes[i] == '+'))
            return i;
    return length;
}

static bool phone_at(const char *bytes, size_t length, size_t start, size_t least,
                     struct contact_number *number)
{
    size_t end = start;
    size_t step;
    while (end < length && (step = phone_character(bytes + end, length - end)) > 0)
        end += step;
    bool breaks = end < length && (bytes[end] == '@' ||
                                   (end > start && is_word(bytes[end]) && is_word(bytes[end - 1])));
    size_t found = without_tail(bytes + start, first_of_several(bytes + start, end - start));
    size_t digits = count_digits(bytes + start, found);
    if (breaks || digits > DIGITS_MAXIMUM || is_date(bytes + start, found))
        return false;
    bool alone = start == 0 && found == length;
    if (digits < least && !(alone && digits >= 5))
        return false;
    *number = (struct contact_number){ CONTACT_PHONE, start, found };
    return true;
}

bool contact_number_find(const char *bytes, size_t length, bool is_labelled,
                         struct contact_number *number)
{
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        bool within = i > 0 && (is_word(bytes[i - 1]) || strchr("$.@/-", bytes[i - 1]));
        if (c == '@' && email_at(bytes, length, i, number))
            return true;
        if (within || !(isdigit((unsigned char)c) || c == '+' || c == '('))
            continue;
        if (phone_at(bytes, length, i, is_labelled ? 3 : 7, number))
            return true;
    }
    return false;
}
