/* SPDX-License-Identifier: MIT */
#include "publish/alone.h"

#include "base/base64.h"
#include "base/string_builder.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Ours alone is read here, made by templates that escape what they are filled with; what a browser
 * would understand otherwise loads nothing either, by the policy in the head. */

#define POLICY                                                                                     \
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri "  \
    "'none'"

static const char head_start[] = "\n<meta charset=\"utf-8\">\n"
                                 "<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY
                                 "\">\n"
                                 "<meta name=\"robots\" content=\"noindex, nofollow\">\n"
                                 "<meta name=\"referrer\" content=\"no-referrer\">\n";

struct span {
    const char *start;
    size_t length;
};

struct tag {
    struct span name;
    bool is_end;
    const char *attributes;
    const char *end; /* behind its > */
};

struct attribute {
    struct span name;
    struct span value;
    bool has_value;
};

struct writing {
    const struct publish_alone *alone;
    struct string_builder *out;
    bool has_head;
    bool has_body;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_named(struct span span, const char *name)
{
    return strlen(name) == span.length && strncasecmp(span.start, name, span.length) == 0;
}

static bool is_one_of(struct span span, const char *const *names)
{
    while (*names && !is_named(span, *names))
        names++;
    return *names != NULL;
}

static bool begins_with(struct span span, const char *start)
{
    size_t length = strlen(start);
    return span.length >= length && strncasecmp(span.start, start, length) == 0;
}

static bool holds(struct span span, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= span.length; i++)
        if (strncasecmp(span.start + i, word, length) == 0)
            return true;
    return false;
}

/* ---- tags ---- */

/* Reads the next attribute of a tag; false at the tag's end. *at moves on. */
static bool attribute_next(const char **at, struct attribute *attribute)
{
    const char *cursor = *at;
    while (is_blank(*cursor) || *cursor == '/')
        cursor++;
    if (!*cursor || *cursor == '>') {
        *at = cursor;
        return false;
    }
    *attribute = (struct attribute){ .name = { cursor, strcspn(cursor + 1, " \t\n\r\f/>=") + 1 } };
    cursor += attribute->name.length;
    const char *behind = cursor + strspn(cursor, " \t\n\r\f");
    if (*behind == '=') {
        cursor = behind + 1 + strspn(behind + 1, " \t\n\r\f");
        const char quotes[] = { *cursor, '\0' };
        bool is_quoted = *cursor == '"' || *cursor == '\'';
        cursor += is_quoted;
        attribute->has_value = true;
        attribute->value = (struct span){ cursor, is_quoted ? strcspn(cursor, quotes)
                                                            : strcspn(cursor, " \t\n\r\f>") };
        cursor += attribute->value.length;
        cursor += is_quoted && *cursor;
    }
    *at = cursor;
    return true;
}

/* False where no tag begins at the <. */
static bool tag_read(const char *at, struct tag *tag)
{
    struct attribute attribute;
    tag->is_end = at[1] == '/';
    const char *name = at + 1 + tag->is_end;
    if (!is_letter(*name))
        return false;
    tag->name = (struct span){ name, strcspn(name, " \t\n\r\f/>") };
    tag->attributes = name + tag->name.length;
    tag->end = tag->attributes;
    while (attribute_next(&tag->end, &attribute))
        ;
    tag->end += *tag->end == '>';
    return true;
}

/* Behind the end tag of an element that began; elements of its name within it end before. */
static const char *element_end(const struct tag *begun)
{
    /* What stands in a script is no markup, whatever it looks like. */
    bool is_raw = is_named(begun->name, "script") || is_named(begun->name, "style");
    int depth = 1;
    const char *at = begun->end;
    while ((at = strchr(at, '<')) != NULL) {
        struct tag tag;
        if (!tag_read(at, &tag) || tag.name.length != begun->name.length ||
            strncasecmp(tag.name.start, begun->name.start, tag.name.length) != 0 ||
            (is_raw && !tag.is_end)) {
            at++;
            continue;
        }
        depth += tag.is_end ? -1 : 1;
        at = tag.end;
        if (depth == 0)
            return at;
    }
    return begun->end + strlen(begun->end);
}

/* ---- what is loaded ---- */

static void picture_append(struct writing *writing, const char *media_type, const void *bytes,
                           size_t length)
{
    string_builder_append_format(writing->out, " src=\"data:%s;base64,", media_type);
    base64_append(writing->out, bytes, length);
    string_builder_append_character(writing->out, '"');
}

static bool fits(const struct writing *writing, size_t length)
{
    size_t room = writing->out->maximum - writing->out->maximum / 4;
    return writing->out->length + length / 3 * 4 + 64 < room;
}

static const struct publish_alone_picture *picture_find(const struct writing *writing,
                                                        struct span url)
{
    const struct publish_alone_picture *picture = writing->alone->pictures;
    while (picture &&
           (strlen(picture->url) != url.length || memcmp(picture->url, url.start, url.length) != 0))
        picture = picture->next;
    return picture;
}

/* Writes the picture's src; false where there is no room for it. */
static bool picture_put(struct writing *writing, const struct publish_alone_picture *picture)
{
    if (fits(writing, picture->length))
        picture_append(writing, picture->media_type, picture->bytes, picture->length);
    else if (picture->small_bytes && fits(writing, picture->small_length))
        picture_append(writing, picture->media_type, picture->small_bytes, picture->small_length);
    else
        return false;
    return true;
}

/* Copies a style sheet with nothing in it that is loaded, and that cannot end the element. */
static void style_put(struct string_builder *out, const char *style, size_t length)
{
    const char *end = style + length;
    while (style < end) {
        struct span rest = { style, (size_t)(end - style) };
        if (begins_with(rest, "url(")) {
            const char *close = memchr(style, ')', rest.length);
            size_t address = strspn(style + 4, " \t\n\r\f\"'");
            struct span value = { style + 4 + address, rest.length - 4 - address };
            bool is_data = rest.length > 4 + address && begins_with(value, "data:");
            if (is_data) {
                string_builder_append(out, "url(");
                style += 4;
                continue;
            }
            string_builder_append(out, "url(\"data:,\")");
            style = close ? close + 1 : end;
        } else if (begins_with(rest, "@import")) {
            const char *close = memchr(style, ';', rest.length);
            style = close ? close + 1 : end;
        } else if (begins_with(rest, "</")) {
            string_builder_append(out, "<\\/");
            style += 2;
        } else {
            string_builder_append_character(out, *style++);
        }
    }
}

/* ---- attributes ---- */

static bool is_link(const struct tag *tag)
{
    return is_named(tag->name, "a") || is_named(tag->name, "area");
}

/* Whether a link leads to what is not there before the release is public. */
static bool leads_nowhere(const struct writing *writing, struct span address)
{
    const char *own = writing->alone->own_url;
    size_t length = own ? strlen(own) : 0;
    return length && begins_with(address, own);
}

static bool address_is_kept(const struct writing *writing, const struct tag *tag,
                            const struct attribute *attribute)
{
    return is_link(tag) && !begins_with(attribute->value, "javascript:") &&
           !leads_nowhere(writing, attribute->value);
}

static bool leads_somewhere(const struct writing *writing, const struct tag *tag)
{
    const char *at = tag->attributes;
    struct attribute attribute;
    while (attribute_next(&at, &attribute))
        if (is_named(attribute.name, "href"))
            return address_is_kept(writing, tag, &attribute);
    return false;
}

static bool is_kept(const struct writing *writing, const struct tag *tag,
                    const struct attribute *attribute)
{
    /* What only a link that leads somewhere may have. */
    static const char *const of_links[] = { "download", "type", "hreflang", "rel", "target", NULL };
    static const char *const loading[] = { "srcset",     "poster",     "background",  "ping",
                                           "formaction", "action",     "data",        "manifest",
                                           "srcdoc",     "xlink:href", "imagesrcset", "sizes",
                                           "imagesizes", NULL };
    if (begins_with(attribute->name, "on") || is_one_of(attribute->name, loading))
        return false;
    if (is_named(attribute->name, "style"))
        return !holds(attribute->value, "url(");
    if (is_named(attribute->name, "src"))
        return begins_with(attribute->value, "data:");
    if (!is_named(attribute->name, "href"))
        return !is_one_of(attribute->name, of_links) || !is_link(tag) ||
               leads_somewhere(writing, tag);
    return address_is_kept(writing, tag, attribute);
}

static void attribute_put(struct string_builder *out, const struct attribute *attribute)
{
    string_builder_append_character(out, ' ');
    string_builder_append_bytes(out, attribute->name.start, attribute->name.length);
    if (!attribute->has_value)
        return;
    char quote = memchr(attribute->value.start, '"', attribute->value.length) ? '\'' : '"';
    string_builder_append_character(out, '=');
    string_builder_append_character(out, quote);
    string_builder_append_bytes(out, attribute->value.start, attribute->value.length);
    string_builder_append_character(out, quote);
}

static bool has_room_for(const struct writing *writing, const struct tag *tag)
{
    const char *at = tag->attributes;
    struct attribute attribute;
    while (attribute_next(&at, &attribute)) {
        const struct publish_alone_picture *picture = is_named(attribute.name, "src")
                                                          ? picture_find(writing, attribute.value)
                                                          : NULL;
        if (picture && !fits(writing, picture->length) &&
            !(picture->small_bytes && fits(writing, picture->small_length)))
            return false;
    }
    return true;
}

static void tag_put(struct writing *writing, const struct tag *tag)
{
    struct string_builder *out = writing->out;
    const char *at = tag->attributes;
    struct attribute attribute;
    bool is_picture = is_named(tag->name, "img");
    if (is_picture && writing->alone->left_out && !has_room_for(writing, tag)) {
        string_builder_append(out, writing->alone->left_out);
        return;
    }
    string_builder_append(out, tag->is_end ? "</" : "<");
    string_builder_append_bytes(out, tag->name.start, tag->name.length);
    while (!tag->is_end && attribute_next(&at, &attribute)) {
        const struct publish_alone_picture *picture = is_picture && is_named(attribute.name, "src")
                                                          ? picture_find(writing, attribute.value)
                                                          : NULL;
        if (picture)
            (void)picture_put(writing, picture);
        else if (is_kept(writing, tag, &attribute))
            attribute_put(out, &attribute);
    }
    string_builder_append_character(out, '>');
}

/* ---- elements ---- */

static void head_put(struct writing *writing)
{
    const struct publish_alone *alone = writing->alone;
    string_builder_append(writing->out, head_start);
    writing->has_head = true;
    if (!alone->style)
        return;
    string_builder_append(writing->out, "<style>\n");
    style_put(writing->out, alone->style, alone->style_length);
    string_builder_append(writing->out, "</style>\n");
}

static void banner_put(struct writing *writing)
{
    writing->has_body = true;
    if (writing->alone->banner)
        string_builder_append(writing->out, writing->alone->banner);
}

/* What a browser takes from a <meta> and does by itself goes; how wide a page is, stays. */
static bool is_meta_kept(const struct tag *tag)
{
    static const char *const harmless[] = { "viewport", "color-scheme", "supported-color-schemes",
                                            "description", NULL };
    const char *at = tag->attributes;
    struct attribute attribute;
    bool is_harmless = false;
    while (attribute_next(&at, &attribute)) {
        if (is_named(attribute.name, "http-equiv"))
            return false;
        is_harmless = is_harmless ||
                      (is_named(attribute.name, "name") && is_one_of(attribute.value, harmless));
    }
    return is_harmless;
}

/* A style sheet that a template brings itself. */
static const char *own_style_put(struct writing *writing, const struct tag *tag)
{
    const char *end = element_end(tag);
    const char *close = end;
    while (close > tag->end && *close != '<')
        close--;
    string_builder_append(writing->out, "<style>");
    style_put(writing->out, tag->end, (size_t)(close - tag->end));
    string_builder_append(writing->out, "</style>");
    return end;
}

/* The tags at which something of ours is put in. */
static void frame_put(struct writing *writing, const struct tag *tag)
{
    bool is_body = is_named(tag->name, "body");
    if (is_body && !writing->has_head)
        head_put(writing);
    tag_put(writing, tag);
    if (!is_body && !writing->has_head)
        head_put(writing);
    if (is_body && !writing->has_body)
        banner_put(writing);
}

/* Writes what is kept of the tag and returns where to go on. */
static const char *element_put(struct writing *writing, const struct tag *tag)
{
    static const char *const whole[] = { "script",   "form",  "iframe", "object",   "noscript",
                                         "template", "video", "audio",  "frameset", NULL };
    static const char *const single[] = { "link",  "base",  "embed", "source",
                                          "track", "input", "frame", NULL };
    static const char *const framing[] = { "head", "body", NULL };
    if (is_one_of(tag->name, whole))
        return tag->is_end ? tag->end : element_end(tag);
    if (is_one_of(tag->name, single) || (is_named(tag->name, "meta") && !is_meta_kept(tag)))
        return tag->end;
    if (is_named(tag->name, "style") && !tag->is_end)
        return own_style_put(writing, tag);
    if (is_one_of(tag->name, framing) && !tag->is_end)
        frame_put(writing, tag);
    else
        tag_put(writing, tag);
    return tag->end;
}

/* Comments go, those too that a mail has for one mail program. */
static const char *markup_put(struct writing *writing, const char *at)
{
    struct tag tag;
    if (strncmp(at, "<!--", 4) == 0) {
        const char *end = strstr(at + 4, "-->");
        return end ? end + 3 : at + strlen(at);
    }
    if (tag_read(at, &tag))
        return element_put(writing, &tag);
    string_builder_append_character(writing->out, *at);
    return at + 1;
}

void publish_alone_write(const struct publish_alone *alone, const char *html,
                         struct string_builder *out)
{
    struct writing writing = { .alone = alone, .out = out };
    /* A template of a newsroom's own that leaves the body out still gets the policy first. */
    if (!strstr(html, "<body")) {
        head_put(&writing);
        banner_put(&writing);
    }
    while (*html) {
        size_t length = strcspn(html, "<");
        string_builder_append_bytes(out, html, length);
        html += length;
        if (*html)
            html = markup_put(&writing, html);
    }
}
