/* SPDX-License-Identifier: MIT */
#include "mail/mail.h"

#include "mail/attachment.h"
#include "mail/header_text.h"
#include "mail/mail_context.h"
#include "mail/quoted_printable.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/locale.h"
#include "release/newsroom.h"
#include "template/json_value.h"

#include <string.h>

/* ---- the words ---- */

static const char *words(const struct mail_context *context, const struct forward_request *request,
                         const char *key)
{
    return strings_format(context->arena, context_string(context, key), "publisher",
                          context->resources->newsroom->name, "title",
                          request->title ? request->title : "", "writer", request->writer, NULL);
}

static const char *subject_key(const struct forward_request *request)
{
    if (request->title)
        return "mail_subject_forward";
    return request->is_answer ? "mail_subject_forward_news" : "mail_subject_forward_other";
}

static const char *intro_key(const struct forward_request *request)
{
    if (request->title)
        return "forward_intro";
    return request->is_answer ? "forward_intro_news" : "forward_intro_other";
}

static bool can_be_answered(const struct forward_request *request)
{
    return utf8_is_ascii(request->writer, strlen(request->writer));
}

/* An address with letters beyond ASCII may not stand in Reply-To, so an answer to this mail would
 * not reach the writer: the words then ask for a mail of its own to that address. */
static const char *answer_key(const struct forward_request *request, bool has_excerpt)
{
    bool can_reply = can_be_answered(request);
    if (request->is_whole)
        return can_reply ? "forward_answer" : "forward_answer_by_hand";
    if (has_excerpt)
        return can_reply ? "forward_large" : "forward_large_by_hand";
    return can_reply ? "forward_large_unread" : "forward_large_unread_by_hand";
}

/* Each line behind a mark; NULL for nothing. */
static const char *quoted(struct arena *arena, const char *excerpt)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    for (const char *line = excerpt; *line;) {
        size_t length = strcspn(line, "\n");
        string_builder_append_format(&text, "%s> %.*s", text.length ? "\n" : "", (int)length, line);
        line += length + (line[length] == '\n');
    }
    const char *copy = text.length ? arena_copy_bytes(arena, text.data, text.length) : NULL;
    string_builder_release(&text);
    return copy;
}

static const char *render(const struct mail_context *context, const struct forward_request *request,
                          struct error *error)
{
    const char *excerpt = request->is_whole ? NULL : quoted(context->arena, request->bytes);
    const char *answer = answer_key(request, excerpt != NULL);
    json_t *object = context_new(context, words(context, request, "forward_why"), NULL);
    context_set_long(context, object, "intro", words(context, request, intro_key(request)));
    context_set_long(context, object, "title", request->title);
    json_set_text(object, "page_url", request->page);
    context_set_long(context, object, "answer", words(context, request, answer));
    json_set_text(object, "excerpt", excerpt);
    const char *rendered = context_render(context, "mail-forward.text", object, error);
    json_decref(object);
    return rendered;
}

/* ---- the message inside ---- */

static void append_message(struct string_builder *out, const struct forward_request *request,
                           bool *is_eight_bit)
{
    bool is_beyond_ascii = !utf8_is_ascii(request->bytes, request->length);
    bool fits = attachment_is_plain(request->bytes, request->length) &&
                !(is_beyond_ascii && request->wants_seven_bits);
    *is_eight_bit = fits && is_beyond_ascii;
    if (!fits) {
        string_builder_append(out,
                              "Content-Type: application/octet-stream; name=\"message.eml\"\r\n"
                              "Content-Disposition: attachment; filename=\"message.eml\"\r\n"
                              "Content-Transfer-Encoding: base64\r\n\r\n");
        attachment_append_base64(out, request->bytes, request->length);
        return;
    }
    string_builder_append_format(out,
                                 "Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n"
                                 "Content-Transfer-Encoding: %s\r\n\r\n",
                                 *is_eight_bit ? "8bit" : "7bit");
    attachment_append_lines(out, request->bytes, request->length);
}

/* ---- the whole ---- */

static void write_header(struct string_builder *out, const struct mail_context *context,
                         const struct forward_request *request)
{
    const struct mail_settings *settings = context->resources->settings;
    header_append_mailbox(out, "From", settings->from_name, settings->from_address);
    header_append_parts(out, "To", &request->to, 1);
    header_append_unstructured(out, "Subject", context->subject);
    header_append_parts(out, "Date", &request->date, 1);
    header_append_parts(out, "Message-ID", &request->message_id, 1);
    if (can_be_answered(request))
        header_append_mailbox(out, "Reply-To", NULL, request->writer);
    if (request->answers)
        header_append_parts(out, "References", &request->answers, 1);
    const char *mark = settings->list_id ? settings->list_id : settings->from_address;
    header_append_parts(out, FORWARD_MARK, &mark, 1);
    string_builder_append(out, "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"
                               "MIME-Version: 1.0\r\n");
}

/* Of a hash of the message, because no text can hold its own hash: so the boundary does not stand
 * in it. */
static const char *new_boundary(struct arena *arena, const struct forward_request *request)
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    hash_bytes(request->bytes, request->length, &hash);
    hash_to_hex(&hash, hex);
    return arena_format(arena, "=_%.32s", hex);
}

static void write_text(struct string_builder *out, const char *body)
{
    string_builder_append(out, "Content-Type: text/plain; charset=\"utf-8\"\r\n"
                               "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    quoted_printable_append(out, body, NULL, NULL);
}

bool forward_mail_build(struct arena *arena, const struct mail_resources *resources,
                        const struct forward_request *request, struct string_builder *out,
                        bool *is_eight_bit, struct error *error)
{
    struct mail_context context = {
        .arena = arena, .resources = resources, .language = request->language, .is_plain = true
    };
    *is_eight_bit = false;
    context.subject = words(&context, request, subject_key(request));
    const char *body = render(&context, request, error);
    if (!body)
        return false;
    write_header(out, &context, request);
    if (!request->is_whole) {
        write_text(out, body);
        return true;
    }
    const char *boundary = new_boundary(arena, request);
    string_builder_append_format(
        out, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary);
    write_text(out, body);
    string_builder_append_format(out, "\r\n--%s\r\n", boundary);
    append_message(out, request, is_eight_bit);
    string_builder_append_format(out, "\r\n--%s--\r\n", boundary);
    return !string_builder_overflowed(out) ||
           error_set(error, ERROR_INPUT, "mail: too large to be sent on");
}
