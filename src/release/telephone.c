/* SPDX-License-Identifier: MIT */
/* Telephone numbers as addresses. A wrong link is worse than none: what may be two numbers, an
 * extension or a number that works in one town alone has none. */
#include "release/release.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <string.h>

/* ITU-T E.164: at most 15 digits with the country's; fewer than 7 are no whole number. */
enum { DIGITS_MAXIMUM = 15, DIGITS_MINIMUM = 7, AREA_MAXIMUM = 7 };

/* Where numbers have any length and nothing is dialled before them, fewer digits are a service's
 * short code, which no other country reaches: Italy's 45500. */
enum { OWN_DIGITS_MINIMUM = 7 };

/* What is dialled before a number within its country: nothing, or a 0 that is part of the number
 * and dialled from abroad too. */
static const char NONE[] = "";
static const char KEPT[] = "kept";

struct numbering {
    char country[3];
    char code[4];
    const char *trunk;
    int length; /* digits without code and trunk prefix; 0: they vary, or are not known here */
};

/* Calling codes: ITU-T E.164, list of assigned country codes; trunk prefixes: ITU-T E.164, dialling
 * procedures, with the national numbering plans deposited at the ITU. */
static const struct numbering numberings[] = {
    /* clang-format off */
    { "AD", "376", NONE, 0 }, { "AE", "971", "0", 0 }, { "AF", "93", "0", 9 },
    { "AG", "1", "1", 10 }, { "AI", "1", "1", 10 }, { "AL", "355", "0", 0 },
    { "AM", "374", "0", 8 }, { "AO", "244", NONE, 9 }, { "AR", "54", "0", 0 },
    { "AS", "1", "1", 10 }, { "AT", "43", "0", 0 }, { "AU", "61", "0", 0 },
    { "AW", "297", NONE, 7 }, { "AX", "358", "0", 0 }, { "AZ", "994", "0", 9 },
    { "BA", "387", "0", 0 }, { "BB", "1", "1", 10 }, { "BD", "880", "0", 0 },
    { "BE", "32", "0", 0 }, { "BF", "226", NONE, 8 }, { "BG", "359", "0", 0 },
    { "BH", "973", NONE, 8 }, { "BI", "257", NONE, 8 }, { "BJ", "229", KEPT, 0 },
    { "BL", "590", "0", 9 }, { "BM", "1", "1", 10 }, { "BN", "673", NONE, 7 },
    { "BO", "591", "0", 8 }, { "BQ", "599", NONE, 7 }, { "BR", "55", "0", 0 },
    { "BS", "1", "1", 10 }, { "BT", "975", NONE, 0 }, { "BW", "267", NONE, 0 },
    { "BY", "375", "80", 9 }, { "BZ", "501", NONE, 7 }, { "CA", "1", "1", 10 },
    { "CC", "61", "0", 0 }, { "CD", "243", "0", 9 }, { "CF", "236", NONE, 8 },
    { "CG", "242", KEPT, 9 }, { "CH", "41", "0", 9 }, { "CI", "225", KEPT, 10 },
    { "CK", "682", NONE, 5 }, { "CL", "56", NONE, 9 }, { "CM", "237", NONE, 9 },
    { "CN", "86", "0", 0 }, { "CO", "57", NONE, 10 }, { "CR", "506", NONE, 8 },
    { "CU", "53", "0", 0 }, { "CV", "238", NONE, 7 }, { "CW", "599", NONE, 0 },
    { "CX", "61", "0", 0 }, { "CY", "357", NONE, 8 }, { "CZ", "420", NONE, 9 },
    { "DE", "49", "0", 0 }, { "DJ", "253", NONE, 8 }, { "DK", "45", NONE, 8 },
    { "DM", "1", "1", 10 }, { "DO", "1", "1", 10 }, { "DZ", "213", "0", 0 },
    { "EC", "593", "0", 0 }, { "EE", "372", NONE, 0 }, { "EG", "20", "0", 0 },
    { "EH", "212", "0", 9 }, { "ER", "291", "0", 7 }, { "ES", "34", NONE, 9 },
    { "ET", "251", "0", 9 }, { "FI", "358", "0", 0 }, { "FJ", "679", NONE, 7 },
    { "FK", "500", NONE, 5 }, { "FM", "691", NONE, 7 }, { "FO", "298", NONE, 6 },
    { "FR", "33", "0", 9 }, { "GA", "241", "0", 8 }, { "GB", "44", "0", 0 },
    { "GD", "1", "1", 10 }, { "GE", "995", "0", 9 }, { "GF", "594", "0", 9 },
    { "GG", "44", "0", 0 }, { "GH", "233", "0", 9 }, { "GI", "350", NONE, 8 },
    { "GL", "299", NONE, 6 }, { "GM", "220", NONE, 7 }, { "GN", "224", NONE, 0 },
    { "GP", "590", "0", 9 }, { "GQ", "240", NONE, 9 }, { "GR", "30", NONE, 10 },
    { "GT", "502", NONE, 8 }, { "GU", "1", "1", 10 }, { "GW", "245", NONE, 0 },
    { "GY", "592", NONE, 7 }, { "HK", "852", NONE, 8 }, { "HN", "504", NONE, 8 },
    { "HR", "385", "0", 0 }, { "HT", "509", NONE, 8 }, { "HU", "36", "06", 0 },
    { "ID", "62", "0", 0 }, { "IE", "353", "0", 0 }, { "IL", "972", "0", 0 },
    { "IM", "44", "0", 0 }, { "IN", "91", "0", 10 }, { "IO", "246", NONE, 7 },
    { "IQ", "964", "0", 0 }, { "IR", "98", "0", 10 }, { "IS", "354", NONE, 7 },
    { "IT", "39", KEPT, 0 }, { "JE", "44", "0", 0 }, { "JM", "1", "1", 10 },
    { "JO", "962", "0", 0 }, { "JP", "81", "0", 0 }, { "KE", "254", "0", 0 },
    { "KG", "996", "0", 9 }, { "KH", "855", "0", 0 }, { "KI", "686", NONE, 0 },
    { "KM", "269", NONE, 7 }, { "KN", "1", "1", 10 }, { "KP", "850", "0", 0 },
    { "KR", "82", "0", 0 }, { "KW", "965", NONE, 8 }, { "KY", "1", "1", 10 },
    { "KZ", "7", "8", 10 }, { "LA", "856", "0", 0 }, { "LB", "961", "0", 0 },
    { "LC", "1", "1", 10 }, { "LI", "423", NONE, 7 }, { "LK", "94", "0", 9 },
    { "LR", "231", "0", 0 }, { "LS", "266", NONE, 8 }, { "LT", "370", "0", 8 },
    { "LU", "352", NONE, 0 }, { "LV", "371", NONE, 8 }, { "LY", "218", "0", 0 },
    { "MA", "212", "0", 9 }, { "MC", "377", NONE, 8 }, { "MD", "373", "0", 8 },
    { "ME", "382", "0", 0 }, { "MF", "590", "0", 9 }, { "MG", "261", "0", 9 },
    { "MH", "692", "1", 7 }, { "MK", "389", "0", 8 }, { "ML", "223", NONE, 8 },
    { "MM", "95", "0", 0 }, { "MN", "976", NONE, 8 }, { "MO", "853", NONE, 8 },
    { "MP", "1", "1", 10 }, { "MQ", "596", "0", 9 }, { "MR", "222", NONE, 8 },
    { "MS", "1", "1", 10 }, { "MT", "356", NONE, 8 }, { "MU", "230", NONE, 0 },
    { "MV", "960", NONE, 7 }, { "MW", "265", "0", 0 }, { "MX", "52", NONE, 10 },
    { "MY", "60", "0", 0 }, { "MZ", "258", NONE, 0 }, { "NA", "264", "0", 0 },
    { "NC", "687", NONE, 6 }, { "NE", "227", NONE, 8 }, { "NF", "672", NONE, 0 },
    { "NG", "234", "0", 0 }, { "NI", "505", NONE, 8 }, { "NL", "31", "0", 0 },
    { "NO", "47", NONE, 8 }, { "NP", "977", "0", 0 }, { "NR", "674", NONE, 7 },
    { "NU", "683", NONE, 0 }, { "NZ", "64", "0", 0 }, { "OM", "968", NONE, 8 },
    { "PA", "507", NONE, 0 }, { "PE", "51", "0", 0 }, { "PF", "689", NONE, 0 },
    { "PG", "675", NONE, 0 }, { "PH", "63", "0", 0 }, { "PK", "92", "0", 0 },
    { "PL", "48", NONE, 9 }, { "PM", "508", "0", 0 }, { "PR", "1", "1", 10 },
    { "PS", "970", "0", 0 }, { "PT", "351", NONE, 9 }, { "PW", "680", NONE, 7 },
    { "PY", "595", "0", 0 }, { "QA", "974", NONE, 0 }, { "RE", "262", "0", 9 },
    { "RO", "40", "0", 9 }, { "RS", "381", "0", 0 }, { "RU", "7", "8", 10 },
    { "RW", "250", "0", 9 }, { "SA", "966", "0", 0 }, { "SB", "677", NONE, 0 },
    { "SC", "248", NONE, 7 }, { "SD", "249", "0", 9 }, { "SE", "46", "0", 0 },
    { "SG", "65", NONE, 8 }, { "SH", "290", NONE, 0 }, { "SI", "386", "0", 8 },
    { "SJ", "47", NONE, 8 }, { "SK", "421", "0", 9 }, { "SL", "232", "0", 8 },
    { "SM", "378", KEPT, 0 }, { "SN", "221", NONE, 9 }, { "SO", "252", "0", 0 },
    { "SR", "597", NONE, 0 }, { "SS", "211", "0", 9 }, { "ST", "239", NONE, 7 },
    { "SV", "503", NONE, 8 }, { "SX", "1", "1", 10 }, { "SY", "963", "0", 0 },
    { "SZ", "268", NONE, 8 }, { "TC", "1", "1", 10 }, { "TD", "235", NONE, 8 },
    { "TG", "228", NONE, 8 }, { "TH", "66", "0", 0 }, { "TJ", "992", NONE, 9 },
    { "TK", "690", NONE, 0 }, { "TL", "670", NONE, 0 }, { "TM", "993", "8", 8 },
    { "TN", "216", NONE, 8 }, { "TO", "676", NONE, 0 }, { "TR", "90", "0", 10 },
    { "TT", "1", "1", 10 }, { "TV", "688", NONE, 0 }, { "TW", "886", "0", 0 },
    { "TZ", "255", "0", 9 }, { "UA", "380", "0", 9 }, { "UG", "256", "0", 9 },
    { "US", "1", "1", 10 }, { "UY", "598", "0", 8 }, { "UZ", "998", NONE, 9 },
    { "VA", "39", KEPT, 0 }, { "VC", "1", "1", 10 }, { "VE", "58", "0", 10 },
    { "VG", "1", "1", 10 }, { "VI", "1", "1", 10 }, { "VN", "84", "0", 0 },
    { "VU", "678", NONE, 0 }, { "WF", "681", NONE, 6 }, { "WS", "685", NONE, 0 },
    { "XK", "383", "0", 8 }, { "YE", "967", "0", 0 }, { "YT", "262", "0", 9 },
    { "ZA", "27", "0", 9 }, { "ZM", "260", "0", 9 }, { "ZW", "263", "0", 0 },
    /* clang-format on */
};

enum { NUMBERINGS = sizeof numberings / sizeof numberings[0] };

static const struct numbering *numbering_of_country(const char *country)
{
    for (size_t i = 0; country && i < NUMBERINGS; i++)
        if (strcmp(numberings[i].country, country) == 0)
            return &numberings[i];
    return NULL;
}

/* No code begins with another. */
static const struct numbering *numbering_of_number(const char *digits)
{
    for (size_t i = 0; i < NUMBERINGS; i++)
        if (strncmp(numberings[i].code, digits, strlen(numberings[i].code)) == 0)
            return &numberings[i];
    return NULL;
}

/* ---- what is written ---- */

struct written {
    char digits[DIGITS_MAXIMUM + 8];
    size_t count;
    size_t groups; /* of digits with nothing between them */
    size_t zero;   /* which digit is the "(0)" of "+46 (0)8", from 1; 0: none */
    bool has_plus;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Space, hyphen or bracket of any kind between digits. A dash is none: it says "to". */
static bool is_separator(uint32_t c)
{
    return (c < 0x80 && strchr(" -.()\t", (int)c)) || c == 0xA0 || c == 0x2007 || c == 0x2009 ||
           c == 0x202F || c == 0x2010 || c == 0x2011;
}

/* A slash parts an area from its number ("030/123456", not "030 1234/56"), or one number from the
 * next; a bracket begins an area ("+46 (8) 123"), or what stands behind a number, an extension
 * ("123 45 67 (89)"). */
static bool may_join(const struct written *written, uint32_t c)
{
    if (c == '/')
        return written->count && written->count <= AREA_MAXIMUM &&
               (written->has_plus || (written->digits[0] == '0' && written->groups == 1));
    return is_separator(c) && (c != '(' || written->count <= AREA_MAXIMUM);
}

/* Reads the one number in phone: words may stand before it, and behind it where they have no digit.
 */
static bool read_written(const char *phone, struct written *written)
{
    *written = (struct written){ .count = 0 };
    const char *at = phone + strcspn(phone, "+0123456789");
    written->has_plus = *at == '+';
    at += written->has_plus;
    size_t length = strlen(at);
    for (size_t offset = 0, before = 0; offset < length; before = offset) {
        uint32_t c;
        const char *here = at + offset;
        if (strncmp(here, "(0)", 3) == 0)
            written->zero = written->count + 1;
        if (!utf8_next(at, length, &offset, &c))
            return false;
        if (c < 0x80 && is_digit((char)c)) {
            if (written->count == sizeof written->digits - 1)
                return false;
            written->groups += before == 0 || !is_digit(at[before - 1]);
            written->digits[written->count++] = (char)c;
        } else if (!may_join(written, c)) {
            /* Letters joined to the number are part of it: "0800-NORDHAV". */
            bool is_apart = before > 0 && !strchr("-.", at[before - 1]);
            return is_apart && !strpbrk(here, "+0123456789") && written->count > 0;
        }
    }
    return written->count > 0;
}

/* ---- what is dialled ---- */

static void remove_digits(struct written *written, size_t from, size_t count)
{
    memmove(written->digits + from, written->digits + from + count, written->count - from - count);
    written->count -= count;
    written->digits[written->count] = '\0';
}

static bool has_trunk(const struct numbering *numbering)
{
    return numbering->trunk != NONE && numbering->trunk != KEPT;
}

static bool has_length(const struct numbering *numbering, size_t count)
{
    return !numbering->length || count == (size_t)numbering->length;
}

/* "46" and "(0)8…" or a mistaken "08…"; a 0 stays where numbers begin with it. */
static bool make_international(struct written *written)
{
    const struct numbering *numbering = numbering_of_number(written->digits);
    if (written->zero && !(numbering && numbering->trunk == KEPT))
        remove_digits(written, written->zero - 1, 1);
    if (!numbering)
        return true;
    size_t code = strlen(numbering->code);
    if (has_trunk(numbering) && numbering->trunk[0] == '0' && written->digits[code] == '0')
        remove_digits(written, code, 1);
    return has_length(numbering, written->count - code);
}

/* Takes the trunk prefix off; false where the number is not whole without the area's. */
static bool take_trunk_off(struct written *written, const struct numbering *numbering)
{
    size_t trunk = strlen(numbering->trunk);
    if (!has_trunk(numbering))
        return has_length(numbering, written->count) &&
               (numbering->length || written->count >= OWN_DIGITS_MINIMUM);
    if (strncmp(written->digits, numbering->trunk, trunk) == 0 &&
        has_length(numbering, written->count - trunk)) {
        remove_digits(written, 0, trunk);
        return true;
    }
    return numbering->length && has_length(numbering, written->count);
}

const char *release_phone_url(struct arena *arena, const char *phone, const char *country)
{
    struct written written;
    const char *code = "";
    if (!phone || !read_written(phone, &written))
        return NULL;
    bool is_international = written.has_plus || strncmp(written.digits, "00", 2) == 0;
    if (is_international) {
        if (!written.has_plus) {
            remove_digits(&written, 0, 2);
            written.zero = written.zero > 2 ? written.zero - 2 : 0;
        }
        if (written.digits[0] == '0' || !make_international(&written))
            return NULL;
    } else {
        const struct numbering *numbering = numbering_of_country(country);
        if (!numbering || !take_trunk_off(&written, numbering))
            return NULL;
        code = numbering->code;
    }
    size_t count = strlen(code) + written.count;
    return count >= DIGITS_MINIMUM && count <= DIGITS_MAXIMUM
               ? arena_format(arena, "tel:+%s%s", code, written.digits)
               : NULL;
}
