/* SPDX-License-Identifier: MIT */
#include "mail/mime_part.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <libetpan/mailmime_content.h>
#include <libetpan/mailmime_types.h>
#include <string.h>
#include <strings.h>

static int transfer_encoding(const struct mime_part *part)
{
    const char *value = mime_field(part->fields, "Content-Transfer-Encoding");
    if (value && strncasecmp(value, "base64", 6) == 0)
        return MAILMIME_MECHANISM_BASE64;
    if (value && strncasecmp(value, "quoted-printable", 16) == 0)
        return MAILMIME_MECHANISM_QUOTED_PRINTABLE;
    return MAILMIME_MECHANISM_8BIT;
}

const char *mime_body_decode(struct arena *arena, const struct mime_part *part, size_t *length)
{
    size_t index = 0;
    char *decoded = NULL;
    size_t decoded_length = 0;
    int encoding = transfer_encoding(part);
    *length = part->body_length;
    if (encoding == MAILMIME_MECHANISM_8BIT || part->body_length == 0)
        return part->body;
    if (mailmime_part_parse(part->body, part->body_length, &index, encoding, &decoded,
                            &decoded_length) != MAILIMF_NO_ERROR)
        return part->body;
    const char *kept = arena_copy_bytes(arena, decoded, decoded_length);
    mailmime_decoded_part_free(decoded);
    *length = decoded_length;
    return kept;
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
static void convert_all(iconv_t converter, struct text *out, char *input, size_t length)
{
    char buffer[4096];
    while (length && !text_overflowed(out)) {
        char *end = buffer;
        size_t room = sizeof buffer;
        size_t result = iconv(converter, &input, &length, &end, &room);
        text_append_bytes(out, buffer, (size_t)(end - buffer));
        if (result == (size_t)-1 && errno != E2BIG && length) {
            input++;
            length--;
        }
    }
}

static bool convert(struct arena *arena, struct text *out, const char *charset, const char *bytes,
                    size_t length)
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
static const char *text_keep(struct arena *arena, const char *bytes, size_t length)
{
    struct text clean;
    text_init(&clean, (size_t)4 * MIME_TEXT_MAXIMUM);
    utf8_append_clean(&clean, bytes, length);
    size_t kept = 0;
    for (size_t i = 0; i < clean.length; i++) {
        bool is_pair = clean.data[i] == '\r' && clean.data[i + 1] == '\n';
        if (!is_pair)
            clean.data[kept++] = (char)(clean.data[i] == '\r' ? '\n' : clean.data[i]);
    }
    text_truncate(&clean, kept);
    const char *result = arena_copy(arena, clean.data);
    text_release(&clean);
    return result;
}

const char *mime_text_convert(struct arena *arena, const char *charset, const char *bytes,
                              size_t length)
{
    /* Latin 1 in mail is Windows-1252 in truth (so says WHATWG's Encoding as well). */
    static const char *const latin[] = { "iso-8859-1",   "iso8859-1", "latin1", "latin-1",
                                         "windows-1252", "cp1252",    NULL };
    static const char *const unicode[] = { "utf-8", "utf8", "us-ascii", "ascii", NULL };
    struct text text;
    if (length > MIME_TEXT_MAXIMUM)
        length = MIME_TEXT_MAXIMUM;
    text_init(&text, (size_t)4 * MIME_TEXT_MAXIMUM);
    bool is_unicode = !charset || charset_is(charset, unicode);
    if (charset && !is_unicode && charset_is(charset, latin))
        utf8_append_windows1252(&text, bytes, length);
    else if (is_unicode || !convert(arena, &text, charset, bytes, length)) {
        if (utf8_is_valid(bytes, length) || length == MIME_TEXT_MAXIMUM)
            text_append_bytes(&text, bytes, length);
        else
            utf8_append_windows1252(&text, bytes, length);
    }
    const char *result = text_keep(arena, text.data, text.length);
    text_release(&text);
    return result;
}
