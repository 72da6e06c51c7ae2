/* SPDX-License-Identifier: MIT */
#include "mime_parser/mime_letter.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "html/html.h"
#include "mime_parser/mime_part.h"

#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct letter_scan {
    const struct html_reader *html;
    struct arena *arena;
    struct mime_letter *letter;
    struct mime_leaf **next;
};

static bool type_is(const struct mime_part *part, const char *type)
{
    return strcmp(part->type, type) == 0;
}

static bool type_begins(const struct mime_part *part, const char *begin)
{
    return strncmp(part->type, begin, strlen(begin)) == 0;
}

/* ---- names of files ---- */

/* In one line, and without what cannot be shown. */
static const char *clean_line(struct arena *arena, const char *value)
{
    struct string_builder clean;
    string_builder_init(&clean, (size_t)4 * MIME_FIELD_MAXIMUM);
    if (utf8_is_valid(value, strlen(value)))
        utf8_append_clean(&clean, value, strlen(value));
    else
        utf8_append_windows1252(&clean, value, strlen(value));
    for (size_t i = 0; i < clean.length; i++)
        if ((unsigned char)clean.data[i] < ' ')
            clean.data[i] = ' ';
    const char *line = arena_copy_bytes(arena, clean.data, clean.length);
    string_builder_release(&clean);
    return mime_decode_words(arena, line);
}

/* A parameter as RFC 2231 and, wrongly but often, RFC 2047 write it; "" where there is none. */
static const char *parameter_of(struct arena *arena, const struct mime_part *part,
                                const char *field, const char *parameter)
{
    const char *value = mime_field(part->fields, field);
    if (!value || !strcasestr(value, parameter))
        return "";
    GMimeContentDisposition *parsed = g_mime_content_disposition_parse(NULL, value);
    const char *found = parsed ? g_mime_content_disposition_get_parameter(parsed, parameter) : NULL;
    const char *line = found ? clean_line(arena, found) : "";
    if (parsed)
        g_object_unref(parsed);
    return line;
}

static const char *name_of(struct arena *arena, const struct mime_part *part)
{
    const char *name = parameter_of(arena, part, "Content-Disposition", "filename");
    return *name ? name : parameter_of(arena, part, "Content-Type", "name");
}

/* ---- texts ---- */

/* One paragraph of format=flowed in one line (RFC 3676 section 4): lines that end in a space go on
 * in the next of the same depth of quotation. */
static const char *unflow(struct arena *arena, const char *text, bool deletes_space)
{
    struct string_builder out;
    size_t depth_before = 0;
    bool goes_on = false;
    string_builder_init(&out, (size_t)4 * MIME_LETTER_TEXT_MAXIMUM);
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        const char *end = line + length;
        size_t depth = strspn(line, ">");
        const char *words = line + depth;
        words += words < end && *words == ' '; /* stuffed */
        bool is_signature = end - words == 3 && memcmp(words, "-- ", 3) == 0;
        bool is_soft = end > words && end[-1] == ' ' && !is_signature;
        if (!goes_on || depth != depth_before || is_signature) {
            if (out.length)
                string_builder_append(&out, "\n");
            string_builder_append_bytes(&out, line, depth);
            string_builder_append(&out, depth ? " " : "");
        }
        string_builder_append_bytes(&out, words,
                                    (size_t)(end - words) - (is_soft && deletes_space));
        goes_on = is_soft;
        depth_before = depth;
        line = end + (*end == '\n');
    }
    string_builder_append(&out, "\n");
    const char *result = arena_copy_bytes(arena, out.data, out.length);
    string_builder_release(&out);
    return result;
}

/* In UTF-8; too long a one is a fault of the letter. */
static const char *text_of(struct letter_scan *scan, const struct mime_part *part)
{
    size_t length = 0;
    const char *bytes = mime_body_decode(scan->arena, part, &length);
    if (length > MIME_LETTER_TEXT_MAXIMUM)
        scan->letter->fault = MIME_LETTER_TOO_LARGE;
    return mime_text_convert_within(scan->arena, part->charset, bytes, length,
                                    MIME_LETTER_TEXT_MAXIMUM);
}

static const char *plain_of(struct letter_scan *scan, const struct mime_part *part)
{
    const char *text = text_of(scan, part);
    const char *format = parameter_of(scan->arena, part, "Content-Type", "format");
    if (strcasecmp(format, "flowed") != 0)
        return text;
    return unflow(scan->arena, text,
                  strcasecmp(parameter_of(scan->arena, part, "Content-Type", "delsp"), "yes") == 0);
}

/* ---- parts ---- */

static bool is_attachment(struct arena *arena, const struct mime_part *part)
{
    const char *disposition = mime_field(part->fields, "Content-Disposition");
    return (disposition && strncasecmp(disposition, "attachment", strlen("attachment")) == 0) ||
           *name_of(arena, part);
}

/* A text that is shown as a part of the letter. */
static bool is_shown(struct arena *arena, const struct mime_part *part)
{
    return (type_is(part, "text/plain") || type_is(part, "text/html")) &&
           !is_attachment(arena, part);
}

static struct mime_leaf *leaf_add(struct letter_scan *scan, const struct mime_part *part)
{
    struct mime_leaf *leaf = arena_allocate(scan->arena, sizeof *leaf);
    *leaf = (struct mime_leaf){ .type = part->type, .name = "", .content_id = "", .bytes = "" };
    *scan->next = leaf;
    scan->next = &leaf->next;
    return leaf;
}

static void take_file(struct letter_scan *scan, const struct mime_part *part)
{
    struct mime_leaf *leaf = leaf_add(scan, part);
    const char *id = mime_field(part->fields, "Content-ID");
    leaf->name = name_of(scan->arena, part);
    if (id) {
        id += strspn(id, " <");
        leaf->content_id = arena_copy_bytes(scan->arena, id, strcspn(id, "> "));
    }
    leaf->is_attached = is_attachment(scan->arena, part);
    if (type_begins(part, "text/") && !type_is(part, "text/html") && part->charset) {
        leaf->bytes = text_of(scan, part);
        leaf->length = strlen(leaf->bytes);
        return;
    }
    leaf->bytes = mime_body_decode(scan->arena, part, &leaf->length);
}

static void take_part(struct letter_scan *scan, const struct mime_part *part);

/* The first text of that type within, not in a file or another message. */
static const struct mime_part *find_text(struct arena *arena, const struct mime_part *part,
                                         const char *type)
{
    if (!type_begins(part, "multipart/"))
        return type_is(part, type) && is_shown(arena, part) ? part : NULL;
    const struct mime_part *found = NULL;
    for (const struct mime_part *child = part->parts; child && !found; child = child->next)
        found = find_text(arena, child, type);
    return found;
}

/* What stands in one of several forms besides the texts that were taken: pictures of the page. */
static void take_others(struct letter_scan *scan, const struct mime_part *part,
                        const struct mime_part *text, const struct mime_part *page)
{
    if (part == text || part == page)
        return;
    if (!type_begins(part, "multipart/")) {
        if (is_attachment(scan->arena, part) || mime_field(part->fields, "Content-ID"))
            take_file(scan, part);
        else if (is_shown(scan->arena, part))
            take_part(scan, part);
        else
            scan->letter->left_out++;
        return;
    }
    for (const struct mime_part *child = part->parts; child; child = child->next)
        take_others(scan, child, text, page);
}

/* The same text in several forms (RFC 2046 section 5.1.4). */
static void take_alternative(struct letter_scan *scan, const struct mime_part *part)
{
    const struct mime_part *text = find_text(scan->arena, part, "text/plain");
    const struct mime_part *page = find_text(scan->arena, part, "text/html");
    if (text || page) {
        struct mime_leaf *leaf = leaf_add(scan, page ? page : text);
        leaf->text = text ? plain_of(scan, text) : NULL;
        leaf->page = page ? text_of(scan, page) : NULL;
    }
    take_others(scan, part, text, page);
}

static void take_multipart(struct letter_scan *scan, const struct mime_part *part)
{
    if (type_is(part, "multipart/alternative")) {
        take_alternative(scan, part);
        return;
    }
    bool is_signed = type_is(part, "multipart/signed");
    for (const struct mime_part *child = part->parts; child; child = child->next) {
        if (is_signed && child != part->parts)
            scan->letter->left_out++;
        else
            take_part(scan, child);
    }
}

static void take_part(struct letter_scan *scan, const struct mime_part *part)
{
    if (type_begins(part, "multipart/") && part->parts) {
        take_multipart(scan, part);
    } else if (is_shown(scan->arena, part)) {
        struct mime_leaf *leaf = leaf_add(scan, part);
        if (type_is(part, "text/html"))
            leaf->page = text_of(scan, part);
        else
            leaf->text = plain_of(scan, part);
    } else if (!type_begins(part, "multipart/")) {
        take_file(scan, part);
    }
}

/* ---- the whole ---- */

/* Whether it begins as a mail does. */
static bool has_header(const struct mime_field *fields)
{
    static const char *const names[] = {
        "From", "Subject", "Date", "To", "Received", "MIME-Version"
    };
    size_t count = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        count += mime_field(fields, names[i]) != NULL;
    return count > 1;
}

static enum mime_letter_fault fault_of(const struct mime_part *root)
{
    const char *kind = mime_field(root->fields, "Content-Type");
    if (!has_header(root->fields))
        return MIME_LETTER_NONE;
    if (type_is(root, "multipart/report"))
        return MIME_LETTER_REPORT;
    bool is_enveloped = type_begins(root, "application/pkcs7-mime") ||
                        type_begins(root, "application/x-pkcs7-mime");
    if (type_is(root, "multipart/encrypted") ||
        (is_enveloped && (!kind || !strcasestr(kind, "signed-data"))))
        return MIME_LETTER_ENCRYPTED;
    return MIME_LETTER_GOOD;
}

/* Texts that were written as HTML alone. One that is not read to its end is a fault of the letter.
 */
static void read_pages(struct letter_scan *scan)
{
    for (struct mime_leaf *leaf = scan->letter->leaves; leaf; leaf = leaf->next) {
        if (!leaf->page || leaf->text)
            continue;
        const struct html_document *page = scan->html->read(scan->arena, HTML_DOCUMENT, leaf->page,
                                                            strlen(leaf->page));
        leaf->text = mime_html_text(scan->arena, page, false);
        if (page->bound != HTML_BOUND_NONE || strlen(leaf->text) >= MIME_TEXT_MAXIMUM)
            scan->letter->fault = MIME_LETTER_TOO_LARGE;
    }
}

const struct mime_letter *mime_letter_read(const struct html_reader *html, struct arena *arena,
                                           const char *bytes, size_t length)
{
    bool is_whole = true;
    struct mime_letter *letter = arena_allocate(arena, sizeof *letter);
    struct letter_scan scan = {
        .html = html, .arena = arena, .letter = letter, .next = &letter->leaves
    };
    *letter = (struct mime_letter){ .subject = "" };
    if (length > MIME_LETTER_MAXIMUM) {
        letter->fault = MIME_LETTER_TOO_LARGE;
        return letter;
    }
    const struct mime_part *root = mime_part_read_all(arena, bytes, length, &is_whole);
    const char *subject = mime_field(root->fields, "Subject");
    letter->subject = subject ? mime_decode_words(arena, subject) : "";
    letter->fault = is_whole ? fault_of(root) : MIME_LETTER_TOO_LARGE;
    if (letter->fault == MIME_LETTER_GOOD)
        take_part(&scan, root);
    read_pages(&scan);
    if (letter->fault != MIME_LETTER_GOOD)
        letter->leaves = NULL;
    return letter;
}
