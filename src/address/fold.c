/* SPDX-License-Identifier: MIT */
#include "address/fold.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"

#include <ctype.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* 64 octets are at most 64 units of UTF-16; folding makes at most three of one, composing none. */
enum { UNITS = 512 };

static bool fold_ascii(char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] & 0x80)
            return false;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)tolower((unsigned char)bytes[i]);
    return true;
}

/* NFC, case folding, and NFC again, because folding may take a composed letter apart (Unicode
 * section 3.13, D145). */
static char *fold_unicode(struct arena *arena, const char *bytes, size_t length)
{
    UChar typed[UNITS];
    UChar composed[UNITS];
    int32_t count = 0;
    int32_t octets = 0;
    char *result = arena_allocate(arena, (size_t)UNITS * 3 + 1);
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *composer = unorm2_getNFCInstance(&code);
    u_strFromUTF8(typed, UNITS, &count, bytes, (int32_t)length, &code);
    count = unorm2_normalize(composer, typed, count, composed, UNITS, &code);
    count = u_strFoldCase(typed, UNITS, composed, count, U_FOLD_CASE_DEFAULT, &code);
    count = unorm2_normalize(composer, typed, count, composed, UNITS, &code);
    u_strToUTF8(result, UNITS * 3, &octets, composed, count, &code);
    return U_SUCCESS(code) ? result : NULL;
}

/* Quotes and escapes only where they are needed. */
static const char *quote(struct arena *arena, const char *content)
{
    char *quoted = arena_allocate(arena, strlen(content) * 2 + 3);
    size_t used = 0;
    quoted[used++] = '"';
    for (; *content; content++) {
        if (*content == '"' || *content == '\\')
            quoted[used++] = '\\';
        quoted[used++] = *content;
    }
    quoted[used++] = '"';
    return quoted;
}

static const char *rate_limit_content(struct arena *arena, const char *content)
{
    char *result = arena_allocate(arena, strlen(content) + 1);
    size_t used = 0;
    for (const char *c = content; *c && (*c != '+' || used == 0); c++)
        if (*c != '.')
            result[used++] = *c;
    return result;
}

const char *address_join(struct arena *arena, const char *local, const char *domain)
{
    size_t local_length = strlen(local);
    size_t domain_length = strlen(domain);
    char *address = arena_allocate(arena, local_length + domain_length + 2);
    memcpy(address, local, local_length);
    address[local_length] = '@';
    memcpy(address + local_length + 1, domain, domain_length);
    return address;
}

bool address_fold(struct arena *arena, const struct address_local *local, struct address *address,
                  struct error *error)
{
    char *content = arena_copy_bytes(arena, local->content, local->content_length);
    if (!fold_ascii(content, local->content_length)) {
        content = fold_unicode(arena, local->content, local->content_length);
        if (!content)
            return error_set(error, ERROR_INPUT,
                             "the address has characters that cannot be compared" ERROR_ADVICE
                             "type it anew");
    }
    address->folded = address_join(arena, local->is_dot_atom ? content : quote(arena, content),
                                   address->domain);
    address->rate_limit_key = address_join(arena, rate_limit_content(arena, content),
                                           address->domain);
    return true;
}
