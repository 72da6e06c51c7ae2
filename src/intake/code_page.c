/* SPDX-License-Identifier: MIT */
#include "intake/code_page.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>

/* Of the upper half of a code page, a letter each: l, u a small and a capital letter of the
 * languages around the North Sea; r, R one that is rare there, f, F one that is foreign; i a sign
 * that may stand within a word (apostrophe, dash, …); p a sign that stands beside words; o one that
 * stands alone; x nothing. From the tables of the WHATWG (windows-1252, macintosh) and of Unicode
 * (cp850).
 */
static const char windows_1252[] = "pxpopiooopFpRxFx"
                                   "xpipppiiopfprxfF"
                                   "ipppopopopppoipo"
                                   "ppppiioioppppppp"
                                   "RRRRuuuRRuRRRRRR"
                                   "RRRRRRupuRRRuRRl"
                                   "lrrrlllllllrrrrr"
                                   "rrrrrrlplrrrlrrr";

static const char mac_roman[] = "uuRuRuurlrlrllll"
                                "lrrrrrrrrrlrrrrl"
                                "opppppolpppioouu"
                                "oppppioooooppoll"
                                "ppoooooppiiRRRRr"
                                "iipppiporFpppprr"
                                "oipppRRRRRRRRRRR"
                                "oRRRRooooooooooo";

static const char dos[] = "Rllrlllllrlrrruu"
                          "ulurlrrrruulpupo"
                          "rrrrrRppppoppppp"
                          "oooooRRRpooooppo"
                          "oooooorRoooooooo"
                          "rRRRRoRRRoooooRo"
                          "RlRRrRirRRRRrRoi"
                          "ipopoppopoipppoi";

/* How much a sign within a word counts, and from how many foreign letters on these count. */
enum { ODD = 2, FOREIGN_LEAST = 3 };

struct tally {
    int odd;     /* signs at a place where no text has them */
    int foreign; /* letters of none of these languages */
    int rare;    /* letters that are seldom met in them */
    size_t first;
    size_t undefined; /* offset of the first byte that the page does not have */
};

static bool is_ascii_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char class_of(const char *page, unsigned char c)
{
    if (c >= 0x80)
        return page[c - 0x80];
    if (is_ascii_letter(c))
        return c >= 'a' ? 'l' : 'u';
    return c >= '0' && c <= '9' ? '0' : ' ';
}

static bool is_small(char class)
{
    return class == 'l' || class == 'r' || class == 'f';
}

static bool is_letter(char class)
{
    return is_small(class) || class == 'u' || class == 'R' || class == 'F';
}

/* Whether the class cannot stand between these two. */
static bool is_odd(char class, char before, char after)
{
    switch (class) {
    case 'x':
        return true;
    case 'o':
        return is_letter(before) || is_letter(after);
    case 'p':
        return is_letter(before) && is_letter(after);
    case 'u':
    case 'R':
    case 'F':
        return is_small(before); /* a capital letter behind a small one */
    case 'l':
    case 'r':
        return !is_letter(before) && after == '0';
    default:
        return false;
    }
}

static struct tally read_as(const char *page, const unsigned char *bytes, size_t length)
{
    struct tally tally = { .first = length, .undefined = length };
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] < 0x80)
            continue;
        char class = class_of(page, bytes[i]);
        char before = i > 0 ? class_of(page, bytes[i - 1]) : ' ';
        char after = i + 1 < length ? class_of(page, bytes[i + 1]) : ' ';
        bool odd = is_odd(class, before, after);
        bool foreign = class == 'f' || class == 'F';
        tally.foreign += foreign;
        tally.rare += class == 'r' || class == 'R';
        tally.odd += odd;
        if ((odd || foreign) && i < tally.first)
            tally.first = i;
        if (class == 'x' && i < tally.undefined)
            tally.undefined = i;
    }
    return tally;
}

static int weight(const struct tally *tally)
{
    return ODD * tally->odd + (tally->foreign >= FOREIGN_LEAST ? tally->foreign : 0);
}

/* Whether a sequence of more bytes than one is hardly anything but UTF-8: as Windows-1252 it would
 * be "Ã¦", "â€™" and the like. A letter before a closing quotation mark can make others. */
static bool is_unmistakable(uint32_t c)
{
    return (c >= 0xA0 && c <= 0xFF) || (c >= 0x2010 && c <= 0x20AC) || c >= 0x10000;
}

/* Whether the text is partly UTF-8 and partly not. */
static bool is_mixed(const char *bytes, size_t length, size_t *first_bad)
{
    bool has_telling = false;
    bool has_bad = false;
    size_t last = length; /* where the sequence before this one ended */
    size_t offset = 0;
    while (offset < length) {
        size_t start = offset;
        uint32_t c = (unsigned char)bytes[offset];
        if (c < 0x80) {
            offset++;
        } else if (utf8_next(bytes, length, &offset, &c)) {
            has_telling = has_telling || is_unmistakable(c) || last == start;
            last = offset;
        } else {
            if (!has_bad)
                *first_bad = start;
            has_bad = true;
            offset = start + 1;
        }
    }
    return has_telling && has_bad;
}

enum code_page code_page_guess(const char *bytes, size_t length, size_t *evidence)
{
    const unsigned char *unsigned_bytes = (const unsigned char *)bytes;
    if (is_mixed(bytes, length, evidence))
        return CODE_PAGE_MIXED;
    struct tally windows = read_as(windows_1252, unsigned_bytes, length);
    *evidence = windows.first;
    if (weight(&windows) == 0)
        return CODE_PAGE_WINDOWS_1252;
    struct tally mac = read_as(mac_roman, unsigned_bytes, length);
    struct tally disk = read_as(dos, unsigned_bytes, length);
    bool is_disk = weight(&disk) < weight(&mac) ||
                   (weight(&disk) == weight(&mac) && disk.rare < mac.rare);
    if (weight(is_disk ? &disk : &mac) < weight(&windows))
        return is_disk ? CODE_PAGE_DOS : CODE_PAGE_MAC_ROMAN;
    if (windows.undefined == length)
        return CODE_PAGE_WINDOWS_1252;
    *evidence = windows.undefined;
    return CODE_PAGE_UNKNOWN;
}
