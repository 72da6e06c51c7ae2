/* SPDX-License-Identifier: MIT */
#include "proofreading/number.h"

#include "base/arena.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { GROUP_DIGITS = 3, DIGITS_MAXIMUM = 30 };

static size_t count_digits(const char *text)
{
    size_t count = 0;
    while (count < DIGITS_MAXIMUM + 1 && isdigit((unsigned char)text[count]))
        count++;
    return count;
}

/* The bytes of a mark that parts thousands: a space, one that does not break, an apostrophe, or the
 * language's mark. */
static size_t group_mark(const char *text, char decimal)
{
    if (*text == (decimal == ',' ? '.' : ',') || *text == ' ' || *text == '\'')
        return 1;
    if (strncmp(text, "\xC2\xA0", 2) == 0)
        return 2;
    return strncmp(text, "\xE2\x80\xAF", 3) == 0 || strncmp(text, "\xE2\x80\x89", 3) == 0 ? 3 : 0;
}

size_t number_length(const char *text, char decimal)
{
    size_t length = count_digits(text);
    if (length == 0 || length > DIGITS_MAXIMUM)
        return 0;
    bool may_be_grouped = length <= GROUP_DIGITS;
    for (size_t mark; may_be_grouped && (mark = group_mark(text + length, decimal)) > 0;) {
        if (count_digits(text + length + mark) != GROUP_DIGITS || length > DIGITS_MAXIMUM)
            break;
        length += mark + GROUP_DIGITS;
    }
    /* a fraction, also with the other language's mark where it can part no thousands ("2.0") */
    if (text[length] == '.' || text[length] == ',') {
        size_t digits = count_digits(text + length + 1);
        if (digits > 0 && digits <= DIGITS_MAXIMUM)
            length += 1 + digits;
        if ((text[length] == '.' || text[length] == ',') && count_digits(text + length + 1) > 0)
            return 0;
    }
    return length;
}

/* Where its fraction begins; length: it has none. */
static size_t find_fraction(const char *text, size_t length, char decimal)
{
    for (size_t i = length; i > 0; i--) {
        char c = text[i - 1];
        bool is_group = c != decimal && length - i == GROUP_DIGITS;
        if (c == '.' || c == ',')
            return is_group ? length : i - 1;
    }
    return length;
}

const char *number_digits(struct arena *arena, const char *text, size_t length, char decimal,
                          int *decimals)
{
    size_t fraction = find_fraction(text, length, decimal);
    char *digits = arena_allocate(arena, length + 1);
    size_t used = 0;
    *decimals = 0;
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)text[i]))
            continue;
        digits[used++] = text[i];
        *decimals += i > fraction;
    }
    digits[used] = '\0';
    return digits;
}

const char *number_value(struct arena *arena, const char *digits, int power)
{
    digits += strspn(digits, "0");
    size_t used = strlen(digits);
    for (; used > 0 && digits[used - 1] == '0'; used--)
        power++;
    return used ? arena_format(arena, "%.*se%d", (int)used, digits, power) : "0";
}
