/* SPDX-License-Identifier: MIT */
#include "release/body.h"

#include "base/string_builder.h"
#include "base/utf8.h"
#include "release/body_target.h"

#include <string.h>
#include <strings.h>

static const char digits[] = "0123456789";
static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* White space beyond ASCII, characters that nobody sees, and those that turn the direction of
 * reading: an address that holds one does not show what it is. */
static bool is_invisible(uint32_t c)
{
    return c == 0x85 || c == 0xa0 || c == 0xad || c == 0x1680 || c == 0x180e ||
           (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) ||
           (c >= 0x205f && c <= 0x206f) || c == 0x3000 || c == 0xfeff;
}

bool body_target_may_hold(uint32_t c)
{
    return c > ' ' && c != 0x7f && utf8_is_xml_character(c) && !is_invisible(c);
}

static bool has_only_visible_characters(const char *target, bool space_allowed)
{
    size_t length = strlen(target);
    size_t offset = 0;
    while (offset < length) {
        uint32_t c;
        if (!utf8_next(target, length, &offset, &c))
            return false;
        if (!body_target_may_hold(c) && !(c == ' ' && space_allowed))
            return false;
    }
    return length > 0;
}

static bool is_heading(const char *target)
{
    size_t length = target && target[0] == '#' ? strspn(target + 1, digits) : 0;
    return length > 0 && length <= 6 && target[1] != '0' && !target[1 + length];
}

bool body_target_is_file(const char *target)
{
    if (!target || !has_only_visible_characters(target, true) || strchr(target, '\\') ||
        strchr(target, ':'))
        return false;
    for (const char *part = target;;) {
        size_t length = strcspn(part, "/");
        bool is_dots = length <= 2 && strspn(part, ".") >= length;
        if (length == 0 || is_dots || part[0] == ' ' || part[length - 1] == ' ')
            return false;
        if (!part[length])
            return true;
        part += length + 1;
    }
}

/* Where path, query or fragment begin. */
static size_t authority_length(const char *authority)
{
    return strcspn(authority, "/?#");
}

/* Host and port, nothing before them: a user name would only be there to deceive (RFC 3986, 7.6).
 * A browser takes a backslash for a slash, so it must not come before the first of those. */
static enum body_target_fault authority_fault(const char *authority)
{
    size_t length = authority_length(authority);
    if (length == 0 || authority[0] == ':')
        return BODY_TARGET_NOWHERE;
    if (memchr(authority, '@', length))
        return BODY_TARGET_USER;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)authority[i];
        if (c < 0x80 && !strchr(letters, c) && !strchr(digits, c) && !strchr("-._~:[]", c))
            return BODY_TARGET_CHARACTER;
    }
    return BODY_TARGET_ALLOWED;
}

static enum body_target_fault mail_fault(const char *address)
{
    return *address ? BODY_TARGET_ALLOWED : BODY_TARGET_NOWHERE;
}

static enum body_target_fault telephone_fault(const char *number)
{
    if (number[strspn(number, "0123456789+-.()*#;=")])
        return BODY_TARGET_CHARACTER;
    return strpbrk(number, digits) ? BODY_TARGET_ALLOWED : BODY_TARGET_NOWHERE;
}

enum body_target_fault body_target_fault(const char *target)
{
    static const struct {
        const char *scheme;
        enum body_target_fault (*fault)(const char *rest);
    } kinds[] = { { "https://", authority_fault },
                  { "http://", authority_fault },
                  { "mailto:", mail_fault },
                  { "tel:", telephone_fault } };

    if (body_target_is_file(target) || is_heading(target))
        return BODY_TARGET_ALLOWED;
    for (size_t i = 0; target && i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t length = strlen(kinds[i].scheme);
        if (strncasecmp(target, kinds[i].scheme, length) != 0)
            continue;
        if (!has_only_visible_characters(target, false))
            return BODY_TARGET_CHARACTER;
        return kinds[i].fault(target + length);
    }
    return BODY_TARGET_SCHEME;
}

bool body_target_is_allowed(const char *target)
{
    return body_target_fault(target) == BODY_TARGET_ALLOWED;
}

/* Whether a byte may stand in an address as it is; '%' and '#' need a look at their surroundings.
 */
static bool is_address_byte(unsigned char c)
{
    return c != '\0' &&
           (strchr(letters, c) || strchr(digits, c) || strchr("-._~:/?@!$&'()*+,;=", c));
}

static bool is_escape(const char *p)
{
    static const char hex[] = "0123456789abcdefABCDEF";
    return p[0] == '%' && p[1] && strchr(hex, p[1]) && p[2] && strchr(hex, p[2]);
}

/* Appends an address with every byte percent-encoded that may not stand there (RFC 3986 section 2);
 * what is encoded already stays, and the host is left as it is. */
static void body_target_append(struct string_builder *text, const char *address)
{
    const char *p = address;
    if (strncasecmp(address, "http://", 7) == 0 || strncasecmp(address, "https://", 8) == 0) {
        p = strchr(address, '/') + 2;
        p += authority_length(p);
        string_builder_append_bytes(text, address, (size_t)(p - address));
    }
    bool has_fragment = false;
    for (; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (is_address_byte(c) || is_escape(p) || (c == '#' && !has_fragment))
            string_builder_append_character(text, *p);
        else
            string_builder_append_format(text, "%%%02X", (unsigned)c);
        has_fragment = has_fragment || c == '#';
    }
}

/* What the id of a heading begins with, its number follows. */
static const char anchor[] = "heading-";

bool body_target_append_anchor(struct string_builder *text, const struct body_node *heading)
{
    if (!is_heading(heading->target))
        return false;
    string_builder_append_format(text, "%s%s", anchor, heading->target + 1);
    return true;
}

bool body_target_resolve(struct string_builder *text, const struct body_node *node,
                         const struct body_writer_options *options)
{
    const char *address = node->target;
    if (!body_target_is_allowed(address))
        return false;
    if (is_heading(address)) {
        if (!options->page_address)
            return false;
        body_target_append(text, options->page_address);
        string_builder_append_format(text, "#%s%s", anchor, address + 1);
        return true;
    }
    if (body_target_is_file(address))
        address = options->file_address ? options->file_address(options->payload, address) : NULL;
    if (!address)
        return false;
    body_target_append(text, address);
    return true;
}
