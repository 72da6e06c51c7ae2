/* SPDX-License-Identifier: MIT */
#include "intake/bare_address.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "intake/entity.h"
#include "release/body.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* RFC 1035 and RFC 5321 allow no longer ones. Searching further would make the time quadratic in
 * the length of a hostile text. */
enum { HOST_MAXIMUM = 255, LOCAL_MAXIMUM = 64 };

struct address_text {
    const char *bytes;
    size_t length;
    bool is_markdown;
};

/* ---- characters ---- */

/* The character at *offset as a reader sees it, *offset moved behind it. */
static bool next_character(const struct address_text *text, size_t *offset, uint32_t *c)
{
    const char *here = text->bytes + *offset;
    size_t rest = text->length - *offset;
    if (rest == 0)
        return false;
    if (text->is_markdown && *here == '\\' && rest > 1 && ispunct((unsigned char)here[1])) {
        *c = (unsigned char)here[1];
        *offset += 2;
        return true;
    }
    if (text->is_markdown && *here == '&') {
        size_t taken = entity_character(here, rest, c);
        *offset += taken;
        if (taken)
            return true;
    }
    return utf8_next(text->bytes, text->length, offset, c);
}

/* The character that ends before offset; 0 at the beginning. */
static uint32_t character_before(const char *bytes, size_t offset)
{
    uint32_t c = 0;
    size_t start = offset;
    while (start > 0 && offset - start < 4) {
        start--;
        if (((unsigned char)bytes[start] & 0xc0) != 0x80)
            break;
    }
    size_t behind = start;
    return start < offset && utf8_next(bytes, offset, &behind, &c) ? c : 0;
}

/* Quotes, dashes, bullets and the full stops of other scripts: no address holds them unencoded. */
static bool is_foreign_punctuation(uint32_t c)
{
    return c == 0xab || c == 0xbb || c == 0xb6 || (c >= 0x2010 && c <= 0x205e) ||
           (c >= 0x2190 && c <= 0x2bff) || (c >= 0x2e00 && c <= 0x2e7f) ||
           (c >= 0x3000 && c <= 0x303f) || (c >= 0xff01 && c <= 0xff0f);
}

static bool is_word_character(uint32_t c)
{
    if (c < 0x80)
        return isalnum((int)c);
    return c >= 0xc0 && c != 0xd7 && c != 0xf7 && !is_foreign_punctuation(c) &&
           body_target_may_hold(c);
}

static bool is_host_character(uint32_t c)
{
    return c == '.' || c == '-' || c == '_' || is_word_character(c);
}

/* ---- web addresses ---- */

/* A cheap first test: false means surely none, true that it has to be looked at. */
static bool may_begin_web(const char *bytes, size_t rest)
{
    if (rest < 2)
        return false;
    if (bytes[0] == 'h' || bytes[0] == 'H')
        return bytes[1] == 't' || bytes[1] == 'T';
    return (bytes[0] == 'w' || bytes[0] == 'W') && (bytes[1] == 'w' || bytes[1] == 'W');
}

/* Length of what an address begins with; 0: none begins here. */
static size_t beginning_length(const struct address_text *text, size_t start)
{
    const char *here = text->bytes + start;
    size_t rest = text->length - start;
    uint32_t before = character_before(text->bytes, start);
    if (rest > 8 && strncasecmp(here, "https://", 8) == 0)
        return before < 0x80 && isalnum((int)before) ? 0 : 8;
    if (rest > 7 && strncasecmp(here, "http://", 7) == 0)
        return before < 0x80 && isalnum((int)before) ? 0 : 7;
    if (rest > 4 && strncasecmp(here, "www.", 4) == 0)
        return is_word_character(before) || (before && before < 0x80 && strchr(".-@/", (int)before))
                   ? 0
                   : 4;
    return 0;
}

/* The offset behind the host and its port; start where there is none. */
static size_t host_end(const struct address_text *text, size_t start)
{
    size_t end = start;
    size_t offset = start;
    uint32_t c;
    while (next_character(text, &offset, &c) && offset - start <= HOST_MAXIMUM) {
        if (!is_host_character(c) || (end == start && !is_word_character(c)))
            break;
        if (is_word_character(c))
            end = offset;
    }
    if (end > start && end + 1 < text->length && text->bytes[end] == ':' &&
        isdigit((unsigned char)text->bytes[end + 1]))
        for (end++; end < text->length && isdigit((unsigned char)text->bytes[end]);)
            end++;
    return end;
}

/* Whether the host is in truth a user name before an "@", as in "https://bank@evil.example/". That
 * is not made a link, because its beginning hides where it leads; *behind is where the host that it
 * leads to has ended. */
static bool names_user(const struct address_text *text, size_t end, size_t *behind)
{
    uint32_t c;
    bool found = false;
    for (size_t offset = end; offset - end <= HOST_MAXIMUM && next_character(text, &offset, &c);) {
        if (c == '/' || c == '?' || c == '#' || c == '<' || c == '"' || utf8_is_space(c))
            break;
        found = found || c == '@';
        *behind = offset;
    }
    return found;
}

static bool ends_path(uint32_t c, uint32_t quote)
{
    if (c < 0x80)
        return c <= ' ' || c == 0x7f || c == quote || strchr("<>\"`", (int)c);
    return utf8_is_space(c) || is_foreign_punctuation(c) || !body_target_may_hold(c);
}

/* Counts brackets; false for a closing one without an opening one in the address, which belongs to
 * the text around it. */
static bool balances(uint32_t c, int open[2])
{
    if (c == '(' || c == '[')
        open[c == '[']++;
    else if ((c == ')' || c == ']') && open[c == ']']-- == 0)
        return false;
    return true;
}

/* The offset behind path, query and fragment, which begin at start. */
static size_t path_end(const struct address_text *text, size_t start, uint32_t quote)
{
    int open[2] = { 0, 0 };
    size_t end = start;
    size_t offset = start;
    uint32_t c;
    while (next_character(text, &offset, &c)) {
        if (ends_path(c, quote) || !balances(c, open))
            break;
        if (c >= 0x80 || !strchr(".,;:!?*_~'([", (int)c))
            end = offset;
    }
    return end;
}

/* The offset behind the address at start, or start where there is none. *behind: from where to
 * search for the next one. */
static size_t web_end(const struct address_text *text, size_t start, size_t *behind)
{
    size_t beginning = 0;
    if (may_begin_web(text->bytes + start, text->length - start))
        beginning = beginning_length(text, start);
    *behind = start + (beginning ? beginning : 1);
    if (!beginning)
        return start;
    size_t host = host_end(text, start + beginning);
    if (host == start + beginning || names_user(text, host, behind))
        return start;
    uint32_t quote = character_before(text->bytes, start) == '\'' ? '\'' : ' ';
    size_t end = host;
    if (host < text->length && strchr("/?#", text->bytes[host]))
        end = path_end(text, host, quote);
    *behind = end;
    return end;
}

size_t bare_address_web_length(const char *bytes, size_t length, size_t start, bool is_markdown)
{
    const struct address_text text = { bytes, length, is_markdown };
    size_t behind;
    return web_end(&text, start, &behind) - start;
}

/* ---- e-mail addresses ---- */

/* Whether a local part may begin at start: what stands before it may belong to an address of a kind
 * that we do not read ("o'brien@…"), and half of it would be somebody else's. */
static bool may_begin_mail(const struct address_text *text, size_t start)
{
    uint32_t before = character_before(text->bytes, start);
    if (before == '/' || before == '@')
        return false;
    return !before || before >= 0x80 || !strchr("!#$%&'=?^`{|}~\\", (int)before) ||
           !is_word_character(character_before(text->bytes, start - 1));
}

/* Where the local part before the "@" at at begins, not before first; at where there is none. */
static size_t local_start(const struct address_text *text, size_t first, size_t at)
{
    size_t start = at;
    size_t characters = 0;
    while (start > first) {
        uint32_t c = character_before(text->bytes, start);
        if (!is_word_character(c) && (c >= 0x80 || !strchr(".-_+", (int)c)))
            break;
        start--;
        while (start > first && ((unsigned char)text->bytes[start] & 0xc0) == 0x80)
            start--;
        if (++characters > LOCAL_MAXIMUM)
            return at;
    }
    if (!may_begin_mail(text, start))
        return at;
    while (start < at && strchr(".-", text->bytes[start]))
        start++;
    return start;
}

/* Whether a full stop and a last label that begins with a letter end the bytes: "10.50" is no
 * domain. */
static bool is_domain(const char *bytes, size_t start, size_t end)
{
    size_t label = end;
    while (label > start && bytes[label - 1] != '.')
        label--;
    if (label <= start + 1 || label == end || strchr("-_", bytes[end - 1]))
        return false;
    unsigned char first = (unsigned char)bytes[label];
    return isalpha(first) || first >= 0x80;
}

/* The offset behind the domain that begins at start; start where there is none. */
static size_t domain_end(const struct address_text *text, size_t start)
{
    size_t offset = start;
    size_t end = start;
    uint32_t c = 0;
    bool is_inside = true;
    while (next_character(text, &offset, &c) && (is_inside = is_host_character(c))) {
        if (offset - start > HOST_MAXIMUM || (c == '.' && text->bytes[end - 1] == '.'))
            return start;
        end = offset;
    }
    if (!is_inside && c == '@')
        return start;
    if (end > start && text->bytes[end - 1] == '.')
        end--;
    return is_domain(text->bytes, start, end) ? end : start;
}

/* The e-mail address around the "@" at at. False where it is none. */
static bool find_mail(const struct address_text *text, size_t first, size_t at, size_t *start,
                      size_t *end)
{
    *start = local_start(text, first, at);
    *end = *start < at ? domain_end(text, at + 1) : at + 1;
    return *end > at + 1;
}

/* ---- links ---- */

static void append_link(struct arena *arena, struct body_node *parent, const char *scheme,
                        const char *words, size_t length)
{
    const char *target = arena_format(arena, "%s%.*s", scheme, (int)length, words);
    if (!body_target_is_allowed(target)) {
        body_append_text(arena, parent, words, length);
        return;
    }
    struct body_node *link = body_append(arena, parent, BODY_LINK);
    link->target = target;
    body_append_text(arena, link, words, length);
}

/* The next character that every address contains (":", "w" or "@"). Kept fast, because every byte
 * of every text passes here. */
static size_t next_sign(const char *bytes, size_t length, size_t offset)
{
    for (; offset < length; offset++)
        switch (bytes[offset]) {
        case '@':
        case 'h':
        case 'H':
        case 'w':
        case 'W':
            return offset;
        default:
            break;
        }
    return length;
}

void bare_address_append(struct arena *arena, struct body_node *parent, const char *bytes,
                         size_t length)
{
    const struct address_text text = { bytes, length, false };
    size_t written = 0;
    for (size_t offset = next_sign(bytes, length, 0); offset < length;) {
        size_t start = offset;
        size_t end = offset;
        size_t behind = offset + 1;
        const char *scheme = "";
        bool found = false;
        if (bytes[offset] == '@') {
            found = find_mail(&text, written, offset, &start, &end);
            behind = found ? end : behind;
            scheme = "mailto:";
        } else {
            end = web_end(&text, start, &behind);
            found = end > start;
            scheme = tolower((unsigned char)bytes[start]) == 'w' ? "https://" : "";
        }
        if (found) {
            body_append_text(arena, parent, bytes + written, start - written);
            append_link(arena, parent, scheme, bytes + start, end - start);
            written = end;
        }
        offset = next_sign(bytes, length, behind);
    }
    body_append_text(arena, parent, bytes + written, length - written);
}
