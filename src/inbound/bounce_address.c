/* SPDX-License-Identifier: MIT */
#include "inbound/bounce_address.h"

#include "base/arena.h"
#include "locale/mail_phrases.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct span none = { NULL, 0 };

/* ---- letters ---- */

/* RFC 5322 section 3.2.3, and letters of the Latin, Greek and Cyrillic scripts; those of scripts
 * without spaces stand beside addresses, like their punctuation. */
static bool is_letter_beyond(unsigned char c)
{
    return c >= 0x80 && c < 0xE1;
}

static bool is_atom(unsigned char c)
{
    return isalnum(c) || is_letter_beyond(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

static bool is_domain(unsigned char c)
{
    return isalnum(c) || c == '-' || c == '.' || c == '_' || is_letter_beyond(c);
}

/* The domain at at; a full stop or dash at its end is a sentence's. */
static size_t domain_length(const char *at, const char *end)
{
    size_t length = 0;
    size_t dots = 0;
    if (at < end && *at == '[') {
        const char *close = memchr(at, ']', (size_t)(end - at));
        return close && close - at < 60 ? (size_t)(close - at) + 1 : 0;
    }
    while (at + length < end && is_domain((unsigned char)at[length]))
        length++;
    while (length && strchr(".-_", at[length - 1]))
        length--;
    for (size_t i = 0; i < length; i++)
        dots += at[i] == '.';
    return dots && *at != '.' && isalnum((unsigned char)*at) ? length : 0;
}

/* "dav...@avis.example": somebody took letters out. */
static bool is_redacted(const char *local, const char *at)
{
    return at - local > 1 && (at[-1] == '.' || memmem(local, (size_t)(at - local), "..", 2) ||
                              memmem(local, (size_t)(at - local), "**", 2));
}

/* Marks at the start that are none of the local part's. */
static const char *without_marks(const char *start, const char *at)
{
    while (start < at && strchr("'`=*/|{.-!?", *start))
        start++;
    return start;
}

/* ---- one that begins here ---- */

static const char *skip_scheme(const char *at, const char *end)
{
    static const char *const schemes[] = { "mailto:", "smtp:",  "rfc822;", "rfc822:",
                                           "smtp=",   "utf-8;", "smtp;",   NULL };
    for (const char *const *scheme = schemes; *scheme; scheme++) {
        size_t length = strlen(*scheme);
        if ((size_t)(end - at) > length && strncasecmp(at, *scheme, length) == 0) {
            at += length;
            while (at < end && (*at == ' ' || *at == '\t'))
                at++;
        }
    }
    return at;
}

/* A local part in quotation marks, with what stands between them. */
static const char *quoted_end(const char *at, const char *end)
{
    for (at++; at < end && *at != '"' && *at != '\n'; at++)
        if (*at == '\\' && at + 1 < end)
            at++;
    return at < end && *at == '"' && at + 1 < end && at[1] == '@' ? at + 1 : NULL;
}

struct span address_begins(const char *at, const char *end, const char **behind)
{
    while (at < end && strchr("<'\"`([{", *at)) {
        const char *quoted = *at == '"' ? quoted_end(at, end) : NULL;
        if (quoted) {
            size_t domain = domain_length(quoted + 1, end);
            *behind = quoted + 1 + domain;
            return domain ? (struct span){ at, (size_t)(*behind - at) } : none;
        }
        at++;
    }
    at = skip_scheme(at, end);
    at = without_marks(at, end);
    const char *local = at;
    while (at < end && is_atom((unsigned char)*at))
        at++;
    if (at == local || at == end || *at != '@')
        return none;
    size_t domain = domain_length(at + 1, end);
    if (!domain || is_redacted(local, at))
        return none;
    *behind = at + 1 + domain;
    const struct span found = { local, (size_t)(*behind - local) };
    while (*behind < end && strchr(">'\"`)]}", **behind))
        (*behind)++;
    return found;
}

/* ---- one anywhere ---- */

/* Back over the local part; letters beyond ASCII belong to it only in angle brackets, since scripts
 * without spaces stand next to it. */
static const char *local_start(const char *start, const char *at)
{
    const char *local = at;
    while (local > start && is_atom((unsigned char)local[-1]) && (unsigned char)local[-1] < 0x80)
        local--;
    return without_marks(local, at);
}

struct span address_next(const char *at, const char *end, const char **behind)
{
    const char *start = at;
    while (start < end && (at = memchr(start, '@', (size_t)(end - start))) != NULL) {
        const char *local = local_start(start, at);
        size_t domain = domain_length(at + 1, end);
        if (local < at && domain && !is_redacted(local, at)) {
            *behind = at + 1 + domain;
            return (struct span){ local, (size_t)(*behind - local) };
        }
        start = at + 1;
    }
    return none;
}

/* ---- one that a line lists ---- */

/* "Recipient:", "2.", "To:", "- ", in any order. */
static const char *skip_labels(const struct mail_phrases *phrases, const char *at, const char *end)
{
    const struct phrase *label = NULL;
    while ((label = mail_phrases_begin(phrases, REPORT_LABEL, label, at)) != NULL) {
        const char *behind = at + label->length;
        while (behind < end && (*behind == ' ' || *behind == '\t'))
            behind++;
        if (behind < end && *behind == ':')
            return behind + 1;
        if (end - behind > 3 && memcmp(behind, "：", 3) == 0)
            return behind + 3;
    }
    return at;
}

/* "2. ", "10) ". */
static const char *skip_number(const char *at, const char *end)
{
    const char *number = at;
    while (number < end && number - at < 4 && isdigit((unsigned char)*number))
        number++;
    bool is_number = number > at && end - number > 1 && strchr(".)", *number) && number[1] == ' ';
    return is_number ? number + 2 : at;
}

/* Dashes and dots of U+2000, and the punctuation of ideographs: how many octets they take. */
static size_t wide_mark(const char *at, const char *end)
{
    static const char *const marks[] = { "\xE2\x80", "\xE3\x80", "\xEF\xBC" };
    if (end - at > 2 && memcmp(at, "\xC2\xB7", 2) == 0)
        return 2;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (end - at > 3 && memcmp(at, marks[i], 2) == 0)
            return 3;
    return 0;
}

static const char *skip_marks(const char *at, const char *end)
{
    size_t wide;
    while (at < end && strchr(" \t>*-.:;,|=#", *at))
        at++;
    while ((wide = wide_mark(at, end)) > 0)
        at += wide;
    at = skip_number(at, end);
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

/* "Maja Holm <maja@avis.example>", and nothing but a full stop or colon behind. */
static struct span named_address(const char *line, const char *end, const char **behind)
{
    const char *open = memchr(line, '<', (size_t)(end - line));
    unsigned words = 0;
    if (!open || memchr(line, '@', (size_t)(open - line)) ||
        memchr(line, ':', (size_t)(open - line)))
        return none;
    for (const char *c = line; c < open; c++)
        words += *c == ' ';
    struct span found = words <= 5 ? address_begins(open, end, behind) : none;
    for (const char *c = *behind; found.length && c < end; c++)
        if (!strchr(" \t\r.:;,", *c))
            return none;
    return found;
}

/* X.400: "c=US;a= ;p=A;dda:SMTP=a@b; on …". */
static struct span x400_address(const char *line, const char *end, const char **behind)
{
    for (const char *at = line; end - at > 5; at++)
        if (strncasecmp(at, "smtp=", 5) == 0)
            return address_begins(at + 5, end, behind);
    return none;
}

struct span address_listed(const struct mail_phrases *phrases, const char *line, const char *end,
                           const char **behind)
{
    const char *at = skip_marks(line, end);
    at = skip_marks(skip_labels(phrases, at, end), end);
    *behind = at;
    struct span found = address_begins(at, end, behind);
    if (!found.length && end - at > 2 && strchr("cC/", *at))
        found = x400_address(at, end, behind);
    return found.length ? found : named_address(at, end, behind);
}

/* ---- one that ends here ---- */

struct span address_before(const char *start, const char *at)
{
    const char *end = at;
    while (end > start && strchr(" \t\r\n>:;,)'\"`.-[(", end[-1]))
        end--;
    const char *domain = end;
    while (domain > start && is_domain((unsigned char)domain[-1]))
        domain--;
    if (domain == start || domain[-1] != '@' ||
        domain_length(domain, end) != (size_t)(end - domain))
        return none;
    const char *local = local_start(start, domain - 1);
    return local < domain - 1 ? (struct span){ local, (size_t)(end - local) } : none;
}

/* ---- whose ---- */

bool address_is_role(struct span address)
{
    static const char *const offices[] = {
        "postmaster", "mailer-daemon", "mailerdaemon", "abuse",    "hostmaster",
        "webmaster",  "root",          "noreply",      "no-reply", "donotreply",
        "helpdesk",   "support",       "mail-daemon",  NULL
    };
    const char *at = memchr(address.start, '@', address.length);
    size_t local = at ? (size_t)(at - address.start) : address.length;
    for (const char *const *service = offices; *service; service++)
        if (strlen(*service) == local && strncasecmp(address.start, *service, local) == 0)
            return true;
    return false;
}

const char *address_copy(struct arena *arena, struct span address)
{
    return arena_copy_bytes(arena, address.start, address.length);
}
