/* SPDX-License-Identifier: MIT */
#include "address/address.h"

#include "address/fold.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/utf8.h"

#include <ctype.h>
#include <idn2.h>
#include <string.h>
#include <strings.h>
#include <unicode/uchar.h>

enum { DOMAIN_MAXIMUM = 253, LABEL_MAXIMUM = 63 };

static bool is_ascii(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] & 0x80)
            return false;
    return true;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 5322 section 3.2.3; RFC 6531 adds what is not ASCII. */
static bool is_atom_character(char c)
{
    return is_letter_or_digit(c) || (c & 0x80) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool is_dot_atom(const char *bytes, size_t length)
{
    bool was_dot = true;
    for (size_t i = 0; i < length; i++) {
        bool is_dot = bytes[i] == '.';
        if ((is_dot && was_dot) || (!is_dot && !is_atom_character(bytes[i])))
            return false;
        was_dot = is_dot;
    }
    return !was_dot;
}

/* What most addresses are made of altogether, and what needs no second look. */
static bool is_plain(char c)
{
    return c > ' ' && c < 0x7f && c != '<' && c != '>';
}

static bool is_mark(int8_t type)
{
    return type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK ||
           type == U_ENCLOSING_MARK;
}

/* Checks a character that is not plain. */
static bool character_check(uint32_t code_point, struct error *error)
{
    int8_t type = u_charType((UChar32)code_point);
    if (type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_LINE_SEPARATOR ||
        type == U_PARAGRAPH_SEPARATOR || type == U_SURROGATE ||
        (type == U_SPACE_SEPARATOR && code_point != ' '))
        return error_set(error, ERROR_INPUT,
                         "the address has a control character or an odd space (U+%04X)" ERROR_ADVICE
                         "type it "
                         "anew",
                         (unsigned)code_point);
    return true;
}

/* before: what stands in front of it, 0: nothing; a mark would be drawn onto that, and an @ or a
 * dot with a mark looks like another. */
static bool is_legible(uint32_t code_point, uint32_t before, struct error *error)
{
    int8_t type = u_charType((UChar32)code_point);
    if (type == U_UNASSIGNED || type == U_PRIVATE_USE_CHAR)
        return error_set(
            error, ERROR_INPUT,
            "the address has a character that nobody else can read (U+%04X)" ERROR_ADVICE "type it "
            "anew",
            (unsigned)code_point);
    if (is_mark(type) && before < 0x80 && !is_letter_or_digit((char)before))
        return error_set(
            error, ERROR_INPUT,
            "the address has an accent without a letter before it (U+%04X)" ERROR_ADVICE "type it "
            "anew",
            (unsigned)code_point);
    return true;
}

/* string: UTF-8. */
static bool legible_check(const char *string, size_t length, struct error *error)
{
    uint32_t before = 0;
    uint32_t code_point = 0;
    for (size_t offset = 0; utf8_next(string, length, &offset, &code_point); before = code_point)
        if (!is_legible(code_point, before, error))
            return false;
    return true;
}

static bool characters_check(const char *bytes, size_t length, struct error *error)
{
    uint32_t code_point = 0;
    size_t offset = 0;
    while (offset < length) {
        if (is_plain(bytes[offset])) {
            offset++;
            continue;
        }
        if (!utf8_next(bytes, length, &offset, &code_point))
            return error_set(error, ERROR_INPUT,
                             "the address is not UTF-8" ERROR_ADVICE "save it as UTF-8");
        if (code_point == '<' || code_point == '>')
            return error_set(error, ERROR_INPUT,
                             "the address has an angle bracket" ERROR_ADVICE
                             "write the address alone");
        if (!character_check(code_point, error))
            return false;
    }
    return true;
}

/* The length of a quoted string (RFC 5321 section 4.1.2) with both quotes; its content without
 * quoting goes to content. 0: not well-formed. */
static size_t quoted_length(const char *bytes, size_t length, char *content, size_t *content_length)
{
    size_t used = 0;
    for (size_t i = 1; i < length; i++) {
        if (bytes[i] == '"') {
            *content_length = used;
            return i + 1;
        }
        if (bytes[i] == '\\' && ++i == length)
            return 0;
        content[used++] = bytes[i];
    }
    return 0;
}

static bool local_split(const char *bytes, size_t length, struct address_local *local,
                        struct error *error)
{
    if (bytes[0] == '"') {
        local->typed_length = quoted_length(bytes, length, local->content, &local->content_length);
        if (local->typed_length == 0)
            return error_set(error, ERROR_INPUT,
                             "the address has a quote that does not end" ERROR_ADVICE
                             "leave the quotes out");
    } else {
        const char *at = memchr(bytes, '@', length);
        local->typed_length = at ? (size_t)(at - bytes) : length;
        memcpy(local->content, bytes, local->typed_length);
        local->content_length = local->typed_length;
    }
    if (local->typed_length == length || bytes[local->typed_length] != '@')
        return error_set(error, ERROR_INPUT,
                         "the address lacks its @" ERROR_ADVICE "write it as name@example.org");
    if (local->typed_length == 0 || local->content_length == 0)
        return error_set(error, ERROR_INPUT, "the address has nothing before its @");
    if (local->typed_length > ADDRESS_LOCAL_MAXIMUM)
        return error_set(error, ERROR_INPUT, "the address has more than %d octets before its @",
                         ADDRESS_LOCAL_MAXIMUM);
    local->is_dot_atom = is_dot_atom(local->content, local->content_length);
    if (bytes[0] != '"' && memchr(bytes, '(', local->typed_length))
        return error_set(error, ERROR_INPUT,
                         "the address has a comment" ERROR_ADVICE "leave it out");
    if (bytes[0] != '"' && !local->is_dot_atom)
        return error_set(error, ERROR_INPUT,
                         "the address has a character, or a dot, where none may be before its @");
    return true;
}

static bool label_check(const char *label, size_t length)
{
    if (length == 0 || length > LABEL_MAXIMUM || label[0] == '-' || label[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_letter_or_digit(label[i]) && label[i] != '-')
            return false;
    return true;
}

/* RFC 1123 section 2.1 and RFC 5321 section 4.1.2; a last label of digits alone would be part of a
 * network address. */
static bool domain_check(const char *domain)
{
    size_t length = strlen(domain);
    const char *label = domain;
    if (length == 0 || length > DOMAIN_MAXIMUM)
        return false;
    for (;;) {
        size_t label_length = strcspn(label, ".");
        if (!label_check(label, label_length))
            return false;
        if (label[label_length] == '\0')
            return strspn(label, "0123456789") != label_length;
        label += label_length + 1;
    }
}

static char *domain_encode(struct arena *arena, const char *domain, struct error *error)
{
    char *converted = NULL;
    int code = idn2_to_ascii_8z(domain, &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (code != IDN2_OK) {
        (void)error_set(error, ERROR_INPUT, "the domain is no international domain name: %s",
                        idn2_strerror(code));
        return NULL;
    }
    char *result = arena_copy(arena, converted);
    idn2_free(converted);
    return result;
}

/* A label that begins with "xn--" must be an international one (RFC 5890 section 2.3.2.1). Other
 * labels with two hyphens are let through, because some are in use although IDNA forbids them. */
static bool coded_labels_check(struct arena *arena, const char *domain, struct error *error)
{
    while (*domain) {
        size_t length = strcspn(domain, ".");
        if (length >= 4 && strncasecmp(domain, "xn--", 4) == 0) {
            if (!domain_encode(arena, arena_copy_bytes(arena, domain, length), error))
                return false;
        }
        domain += length + (domain[length] == '.');
    }
    return true;
}

/* Without coded_labels_check(), because addresses that came in before that check must still be
 * found. */
static const char *domain_ascii(struct arena *arena, const char *domain, struct error *error)
{
    char *result = NULL;
    size_t length = strlen(domain);
    if (length > (size_t)4 * DOMAIN_MAXIMUM) {
        (void)error_set(error, ERROR_INPUT, "the domain is too long");
        return NULL;
    }
    result = is_ascii(domain, length) ? arena_copy(arena, domain)
                                      : domain_encode(arena, domain, error);
    if (!result)
        return NULL;
    for (char *c = result; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    if (domain_check(result))
        return result;
    (void)error_set(error, ERROR_INPUT,
                    "what stands behind the @ is no domain" ERROR_ADVICE
                    "write it as name@example.org");
    return NULL;
}

const char *address_domain_ascii(struct arena *arena, const char *domain, struct error *error)
{
    const char *ascii = domain_ascii(arena, domain, error);
    return ascii && coded_labels_check(arena, ascii, error) ? ascii : NULL;
}

struct address *address_parse_known(struct arena *arena, const char *bytes, size_t length,
                                    struct error *error)
{
    struct address_local local = { 0 };
    address_trim(&bytes, &length);
    if (length == 0) {
        (void)error_set(error, ERROR_INPUT, "there is no address");
        return NULL;
    }
    if (length > ADDRESS_MAXIMUM) {
        (void)error_set(error, ERROR_INPUT, "the address has more than %d octets", ADDRESS_MAXIMUM);
        return NULL;
    }
    if (!characters_check(bytes, length, error) || !local_split(bytes, length, &local, error))
        return NULL;

    struct address *address = arena_allocate(arena, sizeof *address);
    const char *domain = arena_copy_bytes(arena, bytes + local.typed_length + 1,
                                          length - local.typed_length - 1);
    address->typed = arena_copy_bytes(arena, bytes, length);
    address->local = arena_copy_bytes(arena, bytes, local.typed_length);
    address->domain = domain_ascii(arena, domain, error);
    if (!address->domain)
        return NULL;
    address->envelope = address_join(arena, address->local, address->domain);
    if (strlen(address->envelope) > ADDRESS_MAXIMUM) {
        (void)error_set(error, ERROR_INPUT, "the address has more than %d octets as it is sent",
                        ADDRESS_MAXIMUM);
        return NULL;
    }
    address->is_international = !is_ascii(address->local, local.typed_length);
    if (!address_fold(arena, &local, address, error))
        return NULL;
    return address;
}

struct address *address_parse(struct arena *arena, const char *bytes, size_t length,
                              struct error *error)
{
    struct address *address = address_parse_known(arena, bytes, length, error);
    if (!address)
        return NULL;
    size_t typed = strlen(address->typed);
    if (!is_ascii(address->typed, typed) && !legible_check(address->typed, typed, error))
        return NULL;
    return coded_labels_check(arena, address->domain, error) ? address : NULL;
}
