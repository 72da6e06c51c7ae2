/* SPDX-License-Identifier: MIT */
#include "html/bound.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "html/element.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A tag that does not end counts for so many: it was looked for up to the end. */
enum { UNENDED_TAGS = 200 };

struct open_element {
    const char *name;
    size_t length;
};

struct scan {
    const char *at;
    const char *end;
    size_t tags;
    struct open_element first;
    size_t depth;
    struct open_element open[HTML_DEPTH_MAXIMUM];
    bool has_drawing;           /* <svg> or <math> has begun somewhere */
    bool has_own_rules;         /* or <select>: in these, no element is raw */
    struct string_builder copy; /* empty as long as nothing is mended */
    const char *copied;         /* how far it goes */
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

size_t bound_name_length(const char *bytes, const char *end)
{
    const char *at = bytes;
    while (at < end && !is_space(*at) && *at != '/' && *at != '>')
        at++;
    return (size_t)(at - bytes);
}

/* Behind an attribute's value, which begins behind its "=". */
static const char *value_end(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    if (at < end && (*at == '"' || *at == '\'')) {
        at = memchr(at + 1, *at, (size_t)(end - at) - 1);
        return at ? at + 1 : end;
    }
    while (at < end && !is_space(*at) && *at != '>')
        at++;
    return at;
}

static const char *comment_end(const char *bytes, const char *end)
{
    const char *at = bytes + 4;
    /* "<!-->" and "<!--->" are whole (WHATWG, section 13.2.5.43) */
    if (at < end && *at == '>')
        return at + 1;
    if (end - at > 1 && at[0] == '-' && at[1] == '>')
        return at + 2;
    for (; (at = memmem(at, (size_t)(end - at), "--", 2)); at++) {
        const char *behind = at + 2 + (at + 2 < end && at[2] == '!');
        if (behind < end && *behind == '>')
            return behind + 1;
    }
    return NULL;
}

/* What is read as a comment up to the next ">": "<!doctype html>", "<?xml ?>", "</ x>". */
static bool is_bogus(const char *bytes, const char *end)
{
    if (end - bytes < 2)
        return false;
    return bytes[1] == '!' || bytes[1] == '?' ||
           (bytes[1] == '/' && (end - bytes < 3 || !isalpha((unsigned char)bytes[2])));
}

/* Behind the attribute at at. */
static const char *attribute_end(const char *at, const char *end)
{
    at++; /* even "=" begins a name */
    while (at < end && !is_space(*at) && *at != '/' && *at != '>' && *at != '=')
        at++;
    const char *equals = at;
    while (equals < end && is_space(*equals))
        equals++;
    return equals < end && *equals == '=' ? value_end(equals + 1, end) : at;
}

const char *bound_tag_end(const char *bytes, const char *end, size_t *attributes)
{
    size_t count = 0;
    if (end - bytes >= 4 && memcmp(bytes, "<!--", 4) == 0)
        return comment_end(bytes, end);
    if (is_bogus(bytes, end)) {
        const char *found = memchr(bytes, '>', (size_t)(end - bytes));
        return found ? found + 1 : NULL;
    }
    const char *at = bytes + 1 + (bytes + 1 < end && bytes[1] == '/');
    if (at >= end || !isalpha((unsigned char)*at))
        return NULL;
    at += bound_name_length(at, end);
    while (at < end && *at != '>') {
        bool is_part = !is_space(*at) && *at != '/';
        count += is_part;
        at = is_part ? attribute_end(at, end) : at + 1;
    }
    if (attributes)
        *attributes = count;
    return at < end ? at + 1 : NULL;
}

static bool is_named(const char *name, size_t length, const char *wanted)
{
    return strlen(wanted) == length && strncasecmp(name, wanted, length) == 0;
}

/* Where the end tag of a raw element stands; the end where there is none. */
static const char *raw_end(const char *at, const char *end, const char *name, size_t length)
{
    for (; (at = memmem(at, (size_t)(end - at), "</", 2)); at += 2)
        if ((size_t)(end - at) > length + 2 && strncasecmp(at + 2, name, length) == 0 &&
            !isalnum((unsigned char)at[2 + length]))
            return at;
    return end;
}

static void close_element(struct scan *scan, const char *name, size_t length)
{
    for (size_t i = scan->depth; i > 0; i--)
        if (scan->open[i - 1].length == length &&
            strncasecmp(scan->open[i - 1].name, name, length) == 0) {
            scan->depth = i - 1;
            return;
        }
}

/* A start tag whose name is at name; behind it, scan->at goes on. */
static enum html_bound open_element(struct scan *scan, const char *name, size_t length)
{
    unsigned traits = element_traits(name, length);
    if (!scan->first.name)
        scan->first = (struct open_element){ name, length };
    bool is_drawing = is_named(name, length, "svg") || is_named(name, length, "math");
    scan->has_drawing = scan->has_drawing || is_drawing;
    bool is_select = is_named(name, length, "select");
    if (scan->has_drawing && is_select)
        return HTML_BOUND_FAULT;
    scan->has_own_rules = scan->has_own_rules || is_drawing || is_select;
    if (!scan->has_own_rules && is_named(name, length, "plaintext"))
        scan->at = scan->end;
    else if (!scan->has_own_rules && traits & ELEMENT_RAW)
        scan->at = raw_end(scan->at, scan->end, name, length);
    else if (!(traits & (ELEMENT_VOID | ELEMENT_OMITTED)) && scan->depth == HTML_DEPTH_MAXIMUM)
        return HTML_BOUND_DEPTH;
    else if (!(traits & (ELEMENT_VOID | ELEMENT_OMITTED)))
        scan->open[scan->depth++] = (struct open_element){ name, length };
    return HTML_BOUND_NONE;
}

static size_t count_tags(const char *at, const char *end)
{
    size_t count = 0;
    while (end - at > 1 && (at = memchr(at, '<', (size_t)(end - at) - 1)))
        count += at[1] == '/' || isalpha((unsigned char)at[1]), at++;
    return count;
}

static bool begins_tag(const char *tag, const char *end)
{
    if (end - tag < 2)
        return false;
    return strchr("!?/", tag[1]) ? tag[1] != '\0' : isalpha((unsigned char)tag[1]) != 0;
}

/* Makes the "<" at tag a word. */
static void mend(struct scan *scan, const char *tag)
{
    string_builder_append_bytes(&scan->copy, scan->copied, (size_t)(tag - scan->copied));
    string_builder_append(&scan->copy, "&lt;");
    scan->copied = tag + 1;
    scan->tags += UNENDED_TAGS;
}

/* The tag at scan->at. */
static enum html_bound take_tag(struct scan *scan, bool is_cut)
{
    const char *tag = scan->at;
    size_t attributes = 0;
    const char *behind = bound_tag_end(tag, scan->end, &attributes);
    scan->at = behind ? behind : tag + 1;
    if (!behind && begins_tag(tag, scan->end)) {
        if (is_cut)
            return HTML_BOUND_BYTES;
        mend(scan, tag);
    }
    if (!behind || is_bogus(tag, scan->end))
        return HTML_BOUND_NONE;
    if (attributes > HTML_ATTRIBUTES_MAXIMUM)
        return HTML_BOUND_ATTRIBUTES;
    const char *name = tag + (tag[1] == '/' ? 2 : 1);
    size_t length = bound_name_length(name, scan->end);
    if (tag[1] != '/')
        return open_element(scan, name, length);
    close_element(scan, name, length);
    return HTML_BOUND_NONE;
}

static enum html_bound scan_tags(struct scan *scan, bool is_cut)
{
    while (scan->at < scan->end &&
           (scan->at = memchr(scan->at, '<', (size_t)(scan->end - scan->at))) != NULL) {
        const char *tag = scan->at;
        enum html_bound passed = take_tag(scan, is_cut);
        scan->tags += count_tags(tag, scan->at);
        if (!passed && scan->tags > HTML_TAGS_MAXIMUM)
            passed = HTML_BOUND_TAGS;
        if (passed) {
            scan->end = tag;
            return passed;
        }
    }
    return is_cut ? HTML_BOUND_BYTES : HTML_BOUND_NONE;
}

void bound_find(struct arena *arena, const char *bytes, size_t length, struct bounded *bounded)
{
    bool is_cut = length > HTML_BYTES_MAXIMUM;
    struct scan scan = { .at = bytes,
                         .end = bytes + (is_cut ? HTML_BYTES_MAXIMUM : length),
                         .copied = bytes };
    while (is_cut && scan.end > bytes && ((unsigned char)*scan.end & 0xC0) == 0x80)
        scan.end--; /* not within a character */
    string_builder_init(&scan.copy, 0);
    enum html_bound bound = scan_tags(&scan, is_cut);
    *bounded = (struct bounded){ .bytes = bytes,
                                 .length = (size_t)(scan.end - bytes),
                                 .read = (size_t)(scan.end - bytes),
                                 .bound = bound,
                                 .first = scan.first.name,
                                 .first_length = scan.first.length };
    if (scan.copied > bytes && scan.copied <= scan.end) {
        string_builder_append_bytes(&scan.copy, scan.copied, (size_t)(scan.end - scan.copied));
        bounded->bytes = arena_copy_bytes(arena, scan.copy.data, scan.copy.length);
        bounded->length = scan.copy.length;
    }
    string_builder_release(&scan.copy);
}
