/* SPDX-License-Identifier: MIT */
#include "dkim/canonical.h"
#include "dkim/dkim.h"
#include "dkim/key.h"
#include "dkim/tags.h"

#include "base/arena.h"
#include "base/clock.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LISTED_MAXIMUM = 100, DIGITS_MAXIMUM = 12 };

static const char *lower(struct arena *arena, const char *string)
{
    char *copy = arena_copy(arena, string);
    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

/* A name that may be asked for in DNS. */
static bool is_name(const char *string)
{
    size_t length = strlen(string);
    for (const char *c = string; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-_.", *c))
            return false;
    return length > 0 && length <= 200 && string[0] != '.' && string[length - 1] != '.';
}

/* A whole number of at most 12 digits; -1: none. */
static int64_t number_of(const char *string)
{
    size_t digits = strspn(string, "0123456789");
    return digits && digits <= DIGITS_MAXIMUM && !string[digits] ? strtoll(string, NULL, 10) : -1;
}

static bool lists_from(const char *fields)
{
    const struct dkim_signature signature = { .fields = fields };
    return dkim_covers(&signature, "from");
}

static size_t count_listed(const char *fields)
{
    size_t count = 1;
    for (const char *c = fields; *c; c++)
        count += *c == ':';
    return count;
}

/* What stands in the field alone; GOOD: it can be looked at further. */
static enum dkim_verdict read_tags(struct arena *arena, const struct tags *tags, int64_t now_at,
                                   struct dkim_signature *signature)
{
    const char *version = tags_find(tags, "v");
    const char *until = tags_find(tags, "x");
    const char *query = tags_find(tags, "q");
    signature->domain = lower(arena, tags_find_packed(arena, tags, "d"));
    signature->selector = tags_find_packed(arena, tags, "s");
    signature->algorithm = lower(arena, tags_find_packed(arena, tags, "a"));
    signature->fields = lower(arena, tags_find_packed(arena, tags, "h"));
    signature->is_partial = tags_find(tags, "l") != NULL;
    if (!version || !is_name(signature->domain) || !is_name(signature->selector) ||
        !lists_from(signature->fields) || count_listed(signature->fields) > LISTED_MAXIMUM)
        return DKIM_MALFORMED;
    if (strcmp(signature->algorithm, "rsa-sha1") == 0)
        return DKIM_WEAK;
    if (strcmp(version, "1") != 0 || (query && !strstr(query, "dns/txt")) ||
        (strcmp(signature->algorithm, "rsa-sha256") != 0 &&
         strcmp(signature->algorithm, "ed25519-sha256") != 0))
        return DKIM_UNKNOWN;
    int64_t until_s = until ? number_of(until) : -1;
    return until_s >= 0 && until_s < now_at / DURATION_SECOND ? DKIM_OVER : DKIM_GOOD;
}

/* "relaxed/simple": of header and body; one word is the header's. */
static bool read_forms(const char *forms, bool *is_header_relaxed, bool *is_body_relaxed)
{
    const char *slash = strchr(forms, '/');
    size_t length = slash ? (size_t)(slash - forms) : strlen(forms);
    *is_header_relaxed = length == 7 && strncasecmp(forms, "relaxed", 7) == 0;
    *is_body_relaxed = slash && strcasecmp(slash + 1, "relaxed") == 0;
    return (length == 0 || *is_header_relaxed ||
            (length == 6 && strncasecmp(forms, "simple", 6) == 0)) &&
           (!slash || *is_body_relaxed || strcasecmp(slash + 1, "simple") == 0);
}

static enum dkim_verdict verify(struct arena *arena, const struct dkim_header *header, size_t own,
                                const struct tags *tags,
                                const struct dkim_circumstances *circumstances,
                                struct dkim_signature *signature)
{
    bool is_header_relaxed = false;
    bool is_body_relaxed = false;
    unsigned char hash[DKIM_HASH_SIZE];
    unsigned char *body_hash = NULL;
    unsigned char *signed_bytes = NULL;
    size_t body_hash_length = 0;
    size_t length = 0;
    const char *limit = tags_find(tags, "l");
    const char *record = NULL;
    if (!read_forms(tags_find_packed(arena, tags, "c"), &is_header_relaxed, &is_body_relaxed) ||
        !tags_decode(arena, tags_find_packed(arena, tags, "bh"), &body_hash, &body_hash_length) ||
        !tags_decode(arena, tags_find_packed(arena, tags, "b"), &signed_bytes, &length) ||
        body_hash_length != DKIM_HASH_SIZE || (limit && number_of(limit) < 0))
        return DKIM_MALFORMED;
    if (circumstances->is_cut)
        return DKIM_CUT;
    if (!canonical_body(header->body, header->body_length, is_body_relaxed,
                        limit ? number_of(limit) : -1, hash) ||
        memcmp(hash, body_hash, DKIM_HASH_SIZE) != 0)
        return DKIM_BODY_CHANGED;
    switch (circumstances->ask(
        circumstances->payload,
        arena_format(arena, "%s._domainkey.%s", signature->selector, signature->domain), &record)) {
    case DKIM_ANSWER_SILENT:
        return DKIM_KEY_UNKNOWN;
    case DKIM_ANSWER_NONE:
        return DKIM_NO_KEY;
    case DKIM_ANSWER_FOUND:
        break;
    }
    canonical_header(arena, header, signature->fields, own, is_header_relaxed, hash);
    return key_verify(arena, record, hash, signed_bytes, length, signature);
}

static void examine_one(struct arena *arena, const struct dkim_header *header, size_t own,
                        const char *value, const struct dkim_circumstances *circumstances,
                        struct dkim_signature *signature)
{
    struct tags tags;
    *signature = (struct dkim_signature){
        .verdict = DKIM_MALFORMED, .domain = "", .selector = "", .algorithm = "", .fields = ""
    };
    if (!tags_read(arena, value, &tags))
        return;
    signature->verdict = read_tags(arena, &tags, circumstances->now_at, signature);
    if (signature->verdict == DKIM_GOOD)
        signature->verdict = verify(arena, header, own, &tags, circumstances, signature);
}

size_t dkim_examine(struct arena *arena, const char *bytes, size_t length,
                    const struct dkim_circumstances *circumstances,
                    struct dkim_signature signatures[DKIM_SIGNATURES_MAXIMUM])
{
    struct dkim_header header;
    const char *value = NULL;
    size_t count = 0;
    size_t from = 0;
    dkim_header_read(arena, bytes, length, &header);
    while (count < DKIM_SIGNATURES_MAXIMUM &&
           (value = dkim_header_value(arena, &header, "DKIM-Signature", &from)) != NULL)
        examine_one(arena, &header, from - 1, value, circumstances, &signatures[count++]);
    return count;
}

bool dkim_covers(const struct dkim_signature *signature, const char *field)
{
    size_t length = strlen(field);
    for (const char *at = signature->fields; *at; at += *at == ':') {
        size_t end = strcspn(at, ":");
        if (end == length && strncmp(at, field, length) == 0)
            return true;
        at += end;
    }
    return false;
}
