/* SPDX-License-Identifier: MIT */
#include "mail/mail.h"

#include "mail/attachment.h"
#include "mail/composition.h"
#include "mail/header_text.h"
#include "mail/mail_context.h"
#include "mail/quoted_printable.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/string_builder.h"
#include "template/json_value.h"

#include <string.h>

const char *receipt_mail_reply_address(struct arena *arena, const struct mail_resources *resources,
                                       const char *token, struct error *error)
{
    const struct mail_context context = { .arena = arena, .resources = resources };
    return context_reply_address(&context, "receipt", token, error);
}

/* ---- the words ---- */

enum line_kind { LINE_PLAIN, LINE_ITEM, LINE_LINK };

/* A member "line" of each is the whole line of the text, wrapped; of a link there is none, since
 * its address stands whole on a line of its own. */
static json_t *new_lines(const struct mail_context *context, const struct mail_line *lines,
                         enum line_kind kind)
{
    json_t *list = json_array();
    for (; lines; lines = lines->next) {
        json_t *item = json_object();
        const char *line = lines->label
                               ? arena_format(context->arena, "%s: %s", lines->label, lines->text)
                               : lines->text;
        json_set_text(item, "label", lines->label);
        json_set_text(item, "value", lines->text);
        if (kind == LINE_PLAIN)
            context_set_long(context, item, "line", line);
        if (kind == LINE_ITEM)
            context_set_item(context, item, "line", line);
        json_array_append_new(list, item);
    }
    return list;
}

static const char *render(const struct mail_context *context,
                          const struct receipt_mail_request *request, bool is_cut,
                          struct error *error)
{
    const struct receipt_words *words = request->words;
    json_t *object = context_new(context, context_with_publisher(context, request->why), NULL);
    context_set_long(context, object, "title", words->title);
    json_set_list(object, "paragraphs", new_lines(context, words->paragraphs, LINE_PLAIN));
    json_set_list(object, "facts", new_lines(context, words->facts, LINE_PLAIN));
    context_set_long(context, object, "warnings_title", words->warnings_title);
    json_set_list(object, "warnings", new_lines(context, words->warnings, LINE_ITEM));
    json_set_list(object, "links", new_lines(context, words->links, LINE_LINK));
    context_set_long(context, object, "cut",
                     is_cut ? context_string(context, "receipt_too_large") : NULL);
    context_set_long(context, object, "reply", words->reply);
    const char *rendered = context_render(
        context, context->is_plain ? "mail-receipt.text" : "mail-receipt.html", object, error);
    json_decref(object);
    return rendered;
}

/* ---- the message ---- */

/* As base64 makes them, with room for their fields. */
static size_t encoded_length(const struct mail_attachment *attachment)
{
    enum { FIELDS = 1024, LINE_OCTETS = 57, LINE_COLUMNS = 78 };

    return (attachment->length / LINE_OCTETS + 1) * LINE_COLUMNS + FIELDS;
}

/* The attachment that is the first to be left out; NULL: all fit. */
static const struct mail_attachment *first_too_large(const struct receipt_words *words)
{
    size_t length = MAIL_SIZE_MAXIMUM;
    for (const struct mail_attachment *item = words->attachments; item; item = item->next) {
        length += encoded_length(item);
        if (length > RECEIPT_MAIL_MAXIMUM)
            return item;
    }
    return NULL;
}

static void write_header(struct string_builder *out, const struct mail_context *context,
                         const struct receipt_mail_request *request)
{
    const struct mail_settings *settings = context->resources->settings;
    header_append_mailbox(out, "From", settings->from_name, settings->from_address);
    header_append_parts(out, "To", &request->to, 1);
    header_append_unstructured(out, "Subject", context->subject);
    header_append_parts(out, "Date", &request->date, 1);
    header_append_parts(out, "Message-ID", &request->message_id, 1);
    if (request->reply_to)
        header_append_mailbox(out, "Reply-To", NULL, request->reply_to);
    if (request->answers) {
        header_append_parts(out, "In-Reply-To", &request->answers, 1);
        header_append_parts(out, "References", &request->answers, 1);
    }
    string_builder_append(out, "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"
                               "MIME-Version: 1.0\r\n");
}

/* Of a hash of all that the message holds, because no text can hold its own hash: so the boundary
 * stands in none of its parts. */
static const char *new_boundary(struct arena *arena, const char *label, const char *text,
                                const char *html, const struct mail_attachment *attachments)
{
    struct hash_state state;
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    hash_init(&state);
    hash_update_string(&state, label);
    hash_update_string(&state, text);
    hash_update_string(&state, html);
    for (; attachments; attachments = attachments->next)
        hash_update(&state, attachments->bytes, attachments->length);
    hash_final(&state, &hash);
    hash_to_hex(&hash, hex);
    return arena_format(arena, "=_%.32s", hex);
}

static void append_text(struct string_builder *out, const char *boundary, const char *media_type,
                        const char *text)
{
    string_builder_append_format(out,
                                 "--%s\r\nContent-Type: %s; charset=\"utf-8\"\r\n"
                                 "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                                 boundary, media_type);
    quoted_printable_append(out, text, NULL, NULL);
    string_builder_append(out, "\r\n");
}

static void append_alternatives(struct string_builder *out, const char *boundary, const char *text,
                                const char *html)
{
    string_builder_append_format(
        out, "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n", boundary);
    append_text(out, boundary, "text/plain", text);
    append_text(out, boundary, "text/html", html);
    string_builder_append_format(out, "--%s--\r\n", boundary);
}

static void begin_mixed(struct string_builder *out, const char *boundary)
{
    string_builder_append_format(
        out, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary);
}

static void end_mixed(struct string_builder *out, const char *boundary,
                      const struct mail_attachment *attachment, const struct mail_attachment *end)
{
    for (; attachment != end; attachment = attachment->next) {
        string_builder_append_format(out, "\r\n--%s\r\n", boundary);
        attachment_append(out, attachment);
    }
    string_builder_append_format(out, "\r\n--%s--\r\n", boundary);
}

bool receipt_mail_build(struct arena *arena, const struct mail_resources *resources,
                        const struct receipt_mail_request *request, struct string_builder *out,
                        struct error *error)
{
    const struct receipt_words *words = request->words;
    const struct mail_attachment *first = words->attachments;
    const struct mail_attachment *end = first_too_large(words);
    struct mail_context context = { .arena = arena,
                                    .resources = resources,
                                    .language = request->language,
                                    .subject = words->subject };
    const char *html = render(&context, request, end != NULL, error);
    context.is_plain = true;
    const char *text = html ? render(&context, request, end != NULL, error) : NULL;
    if (!text)
        return false;
    write_header(out, &context, request);
    const char *inner = new_boundary(arena, "alternative", text, html, first);
    const char *outer = first != end ? new_boundary(arena, "mixed", text, html, first) : NULL;
    if (outer)
        begin_mixed(out, outer);
    append_alternatives(out, inner, text, html);
    if (outer)
        end_mixed(out, outer, first, end);
    return !string_builder_overflowed(out) ||
           error_set(error, ERROR_INPUT, "mail: a receipt is too large");
}
