/* SPDX-License-Identifier: MIT */
#include "mime_parser/mime_part.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

void mime_charset_prepare(void)
{
    /* What mail is written in; each stays open as long as the process, and with it its tables. */
    static const char *const names[] = {
        "ISO-8859-1",  "ISO-8859-2",  "ISO-8859-3",  "ISO-8859-4",    "ISO-8859-5",  "ISO-8859-6",
        "ISO-8859-7",  "ISO-8859-8",  "ISO-8859-9",  "ISO-8859-10",   "ISO-8859-11", "ISO-8859-13",
        "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "CP1250",        "CP1251",      "CP1252",
        "CP1253",      "CP1254",      "CP1255",      "CP1256",        "CP1257",      "CP1258",
        "CP437",       "CP850",       "CP852",       "CP865",         "CP866",       "CP874",
        "CP932",       "CP936",       "CP949",       "CP950",         "KOI8-R",      "KOI8-U",
        "MACINTOSH",   "TIS-620",     "SHIFT_JIS",   "EUC-JP",        "ISO-2022-JP", "ISO-2022-KR",
        "EUC-KR",      "JOHAB",       "BIG5",        "BIG5-HKSCS",    "GB2312",      "GBK",
        "GB18030",     "HZ",          "UTF-16",      "UTF-16BE",      "UTF-16LE",    "UTF-32",
        "UTF-7",       "ISO-8859-8",  "ARMSCII-8",   "ISO-2022-JP-2",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)iconv_open("UTF-8", names[i]);
}

/* Whether the name may be given to iconv, which would take "//" in it as options. */
static bool charset_is_name(const char *charset)
{
    size_t length = 0;
    for (; charset[length]; length++)
        if (!isalnum((unsigned char)charset[length]) && !strchr("-_.:+", charset[length]))
            return false;
    return length > 0 && length < 40;
}

static bool charset_is(const char *charset, const char *const *names)
{
    for (; *names; names++)
        if (strcasecmp(charset, *names) == 0)
            return true;
    return false;
}

/* Appends what iconv makes of input; octets that it cannot read are left out. */
static void convert_all(iconv_t converter, struct string_builder *out, char *input, size_t length)
{
    char buffer[4096];
    while (length && !string_builder_overflowed(out)) {
        char *end = buffer;
        size_t room = sizeof buffer;
        size_t result = iconv(converter, &input, &length, &end, &room);
        string_builder_append_bytes(out, buffer, (size_t)(end - buffer));
        if (result == (size_t)-1 && errno != E2BIG && length) {
            input++;
            length--;
        }
    }
}

static bool convert(struct arena *arena, struct string_builder *out, const char *charset,
                    const char *bytes, size_t length)
{
    iconv_t none = (iconv_t)-1; // NOLINT(performance-no-int-to-ptr): POSIX says so
    iconv_t converter = charset_is_name(charset) ? iconv_open("UTF-8", charset) : none;
    if (converter == none)
        return false;
    convert_all(converter, out, arena_copy_bytes(arena, bytes, length), length);
    (void)iconv_close(converter);
    return true;
}

/* LF line ends, and only characters that may stand in a text. */
static const char *text_keep(struct arena *arena, const char *bytes, size_t length, size_t maximum)
{
    struct string_builder clean;
    string_builder_init(&clean, 4 * maximum);
    utf8_append_clean(&clean, bytes, length);
    size_t kept = 0;
    for (size_t i = 0; i < clean.length; i++) {
        bool is_pair = clean.data[i] == '\r' && clean.data[i + 1] == '\n';
        if (!is_pair)
            clean.data[kept++] = (char)(clean.data[i] == '\r' ? '\n' : clean.data[i]);
    }
    string_builder_truncate(&clean, kept);
    const char *result = arena_copy(arena, clean.data);
    string_builder_release(&clean);
    return result;
}

static bool is_plain(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)bytes[i] >= 0x80)
            return false;
    return true;
}

/* Where a text was cut within its last character, what is before that is UTF-8 all the same. */
static size_t without_cut_character(const char *bytes, size_t length)
{
    for (size_t cut = 0; cut < 4 && cut < length; cut++) {
        unsigned char byte = (unsigned char)bytes[length - 1 - cut];
        if (byte >= 0xC2 && byte <= 0xF4) {
            size_t needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
            /* A letter of Windows-1252 behind plain ones would look the same. */
            bool has_others = length - 1 - cut > 0 && !is_plain(bytes, length - 1 - cut);
            return cut + 1 < needed && has_others ? length - 1 - cut : length;
        }
        if (byte < 0x80 || byte > 0xBF)
            break;
    }
    return length;
}

/* UTF-8 as it is, and what is none as Windows-1252: one damaged letter spoils no other. */
static void append_mixed(struct string_builder *text, const char *bytes, size_t length)
{
    uint32_t code_point;
    for (size_t offset = 0; offset < length;) {
        size_t start = offset;
        if (utf8_next(bytes, length, &offset, &code_point)) {
            string_builder_append_bytes(text, bytes + start, offset - start);
        } else {
            utf8_append_windows1252(text, bytes + start, 1);
            offset = start + 1;
        }
    }
}

/* Plain letters alone are the same in all the sets that say nothing else of themselves. */
static const char *plain_text(struct arena *arena, const char *bytes, size_t length)
{
    char *plain = arena_allocate(arena, length + 1);
    size_t kept = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        bool is_pair = c == '\r' && i + 1 < length && bytes[i + 1] == '\n';
        if (c >= 0x7F || (c < ' ' && c != '\n' && c != '\t' && c != '\r'))
            return NULL;
        if (!is_pair)
            plain[kept++] = (char)(c == '\r' ? '\n' : c);
    }
    plain[kept] = '\0';
    return plain;
}

const char *mime_text_convert_within(struct arena *arena, const char *charset, const char *bytes,
                                     size_t length, size_t maximum)
{
    /* Latin 1 in mail is Windows-1252 in truth (so says WHATWG's Encoding as well). */
    static const char *const latin[] = { "iso-8859-1",   "iso8859-1", "latin1", "latin-1",
                                         "windows-1252", "cp1252",    NULL };
    static const char *const unicode[] = { "utf-8", "utf8", "us-ascii", "ascii", NULL };
    struct string_builder text;
    if (length > maximum)
        length = maximum;
    bool is_unicode = !charset || charset_is(charset, unicode);
    bool is_latin = !is_unicode && charset_is(charset, latin);
    const char *plain = is_unicode || is_latin ? plain_text(arena, bytes, length) : NULL;
    if (plain)
        return plain;
    string_builder_init(&text, 4 * maximum);
    if (is_latin)
        utf8_append_windows1252(&text, bytes, length);
    else if (is_unicode || !convert(arena, &text, charset, bytes, length)) {
        size_t whole = without_cut_character(bytes, length);
        append_mixed(&text, bytes, whole);
    }
    const char *result = text_keep(arena, text.data, text.length, maximum);
    string_builder_release(&text);
    return result;
}

const char *mime_text_convert(struct arena *arena, const char *charset, const char *bytes,
                              size_t length)
{
    return mime_text_convert_within(arena, charset, bytes, length, MIME_TEXT_MAXIMUM);
}
