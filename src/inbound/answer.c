/* SPDX-License-Identifier: MIT */
#include "inbound/answer.h"

#include "base/arena.h"
#include "inbound/reading_token.h"
#include "inbound/reply.h"
#include "locale/mail_phrases.h"
#include "locale/mail_quote.h"
#include "mail/mail.h"
#include "mime/mime.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Message-IDs of ours' form that are looked up for one message. */
enum { ANSWERED_MAXIMUM = 10 };

/* ---- answers to a mail that asks for a yes ---- */

/* "Re:" as mail programs of several languages put it before what is answered. */
static bool is_reply_subject(const struct mail_phrases *phrases, const char *subject)
{
    const struct phrase *mark = NULL;
    while ((mark = mail_phrases_begin(phrases, QUOTATION_MARK, mark, subject)) != NULL)
        if (strchr(" :[", subject[mark->length]) && strchr(subject + mark->length, ':'))
            return true;
    return false;
}

/* Fields of programs that answer by themselves, or that pass a person's answer on: where one of
 * them stands it is not certain that a person wrote the message. */
static bool has_uncertain_field(const struct mime_field *fields)
{
    static const char *const names[] = { "X-Auto-Response-Suppress",
                                         "X-MS-Exchange-Generated-Message-Source",
                                         "X-Loop",
                                         "X-OTRS-Loop",
                                         "X-JIRA-FingerPrint",
                                         "X-Google-Group-Id",
                                         NULL };
    for (const char *const *name = names; *name; name++)
        if (mime_field(fields, *name))
            return true;
    return false;
}

/* Whether a person sent it, who may have written nothing but a yes by answering. Programs too
 * answer with nothing, some without a field that says so; but a person's program quotes what it
 * answers, or begins the subject with "Re:". Attachments without a text are no answer, because they
 * may say anything. */
static bool shows_a_person(const struct mail_phrases *phrases, const struct mime_message *message)
{
    const char *text = message->text ? message->text : "";
    while (isspace((unsigned char)*text) || strncmp(text, "\xC2\xA0", 2) == 0)
        text += isspace((unsigned char)*text) ? 1 : 2;
    if (has_uncertain_field(message->fields))
        return false;
    return *text || (is_reply_subject(phrases, message->subject) &&
                     strcmp(message->type, "multipart/mixed") != 0 &&
                     strcmp(message->type, "multipart/related") != 0);
}

static const char *behind_marks(const struct mail_phrases *phrases, const char *subject)
{
    while (is_reply_subject(phrases, subject)) {
        subject += strcspn(subject, ":") + 1;
        subject += strspn(subject, " ");
    }
    return subject;
}

/* Whoever writes no text may have written a no in the subject. Only its beginning counts, because a
 * word further on may be part of the publisher's name. */
static bool subject_says_no(const struct inbound_context *context, struct arena *arena,
                            const char *subject)
{
    enum { WORDS_LOOKED_AT = 4 };

    const char *start = behind_marks(context->phrases, subject);
    const char *end = start;
    for (int words = 0; *end && words < WORDS_LOOKED_AT; words++) {
        end += strcspn(end, " ");
        end += strspn(end, " ");
    }
    return mail_says_no(arena, context->words,
                        arena_copy_bytes(arena, start, (size_t)(end - start)));
}

/* Whether the first line says no, because whoever says no is not sent a mail that explains how to
 * confirm. */
static bool first_line_says_no(const struct inbound_context *context, struct arena *arena,
                               const char *own_text)
{
    const char *line = arena_copy_bytes(arena, own_text, strcspn(own_text, "\n"));
    return mail_says_no(arena, context->words, line);
}

/* A yes, or nothing at all; what we cannot read (encrypted, a picture alone) is neither. A yes in
 * words needs no proof that what stands below is quoted. */
void answer_read_confirmation(const struct inbound_context *context, struct arena *arena,
                              const struct mime_message *message, struct inbound_reading *reading)
{
    bool is_readable = message->text || message->is_blank;
    bool is_empty = is_readable && !*reading->own_text;
    if (!reading->from || (is_empty && subject_says_no(context, arena, message->subject)))
        return;
    if (!is_empty)
        reading->unmarked = "";
    if (is_empty ? shows_a_person(context->phrases, message)
                 : reply_is_yes(context->words, reading->own_text))
        reading->effect = INBOUND_CONFIRMED;
    else if (!first_line_says_no(context, arena, reading->own_text))
        reading->effect = INBOUND_CONFIRM_HINT;
    /* What a person wrote is to be read by a person, but for a single line that begins with a yes.
     */
    reading->stays = reading->effect == INBOUND_CONFIRM_HINT &&
                     (!reply_begins_with_yes(context->words, reading->own_text) ||
                      strchr(reading->own_text, '\n'));
}

/* ---- answers to what was mailed ---- */

/* The left half of a Message-ID as message_id.h makes it, in lower case. The domain is not
 * compared, because the newsroom may have had another one then. */
static bool take_digits(const char *at, char digits[MESSAGE_ID_DIGITS + 1])
{
    for (int i = 0; i < MESSAGE_ID_DIGITS; i++) {
        if (!isxdigit((unsigned char)at[i]))
            return false;
        digits[i] = (char)tolower((unsigned char)at[i]);
    }
    digits[MESSAGE_ID_DIGITS] = '\0';
    return at[MESSAGE_ID_DIGITS] == '@';
}

/* From the end, because the message that is answered is the last of References. */
static void take_names(struct arena *arena, const char *value, const char **names, size_t *count)
{
    const char *at = value ? value + strlen(value) : NULL;
    while (at && at > value && *count < ANSWERED_MAXIMUM) {
        char digits[MESSAGE_ID_DIGITS + 1];
        at--;
        if (*at == '<' && take_digits(at + 1, digits))
            names[(*count)++] = arena_copy(arena, digits);
    }
}

static const char *const *names_answered(struct arena *arena, const struct mime_message *message)
{
    size_t count = 0;
    const char **names = arena_allocate_array(arena, ANSWERED_MAXIMUM + 1, sizeof *names);
    take_names(arena, mime_field(message->fields, "In-Reply-To"), names, &count);
    take_names(arena, mime_field(message->fields, "References"), names, &count);
    names[count] = NULL;
    return count ? names : NULL;
}

/* The subscriber whose link to leave is quoted: whoever answers from another address has one. */
static int64_t quoted_subscriber(const struct inbound_context *context,
                                 const struct mime_message *message)
{
    struct inbound_reading found = { .effect = INBOUND_NOT_OURS };
    const char *const texts[] = { message->text, message->links };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i] && token_find(context, TOKEN_UNSUBSCRIBE, "unsubscribe", texts[i], &found))
            return found.token.row_id;
    return 0;
}

void answer_read(const struct inbound_context *context, struct arena *arena,
                 const struct mime_message *message, bool is_addressed,
                 struct inbound_reading *reading)
{
    if (!reading->from)
        return;
    if (!is_addressed) {
        reading->answered = names_answered(arena, message);
        if (!reading->answered)
            return;
        reading->quoted_subscriber = quoted_subscriber(context, message);
    }
    reading->leaving = reply_leaving(arena, context->words, reading->own_text, message->subject);
    if (is_addressed)
        reading->effect = answer_effect(reading);
}

enum inbound_effect answer_effect(const struct inbound_reading *reading)
{
    return reading->leaving == LEAVING_ALONE ? INBOUND_LEAVE_HINT : INBOUND_HUMAN;
}
