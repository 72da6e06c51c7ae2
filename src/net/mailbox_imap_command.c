/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "net/mailbox_imap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* IMAP commands, and the responses to them. */

bool imap_fail(struct mailbox_verdict *verdict, enum mailbox_phase phase,
               enum mailbox_outcome outcome, const struct imap_cursor *words)
{
    struct string_builder copy;
    string_builder_init(&copy, 0);
    if (words)
        string_builder_append_bytes(&copy, words->at, (size_t)(words->end - words->at));
    mailbox_verdict_set(verdict, phase, outcome, copy.data);
    string_builder_release(&copy);
    return false;
}

static void take_capabilities(struct imap_session *session, const struct imap_cursor *words)
{
    session->knows_capabilities = true;
    session->can_expunge = imap_has_word(words, "UIDPLUS");
    session->can_move = imap_has_word(words, "MOVE");
    session->can_wait = imap_has_word(words, "IDLE");
    session->has_namespaces = imap_has_word(words, "NAMESPACE");
}

/* "[CODE …] words": what a code says of the server and its folder. */
static void take_code(struct imap_session *session, const struct imap_cursor *words)
{
    struct imap_cursor cursor = *words;
    uint32_t validity = 0;
    if (cursor.at == cursor.end || *cursor.at++ != '[')
        return;
    if (imap_take_word(&cursor, "CAPABILITY"))
        take_capabilities(session, &cursor);
    else if (imap_take_word(&cursor, "UIDVALIDITY") && imap_take_number(&cursor, &validity))
        session->validity = validity;
}

enum imap_status imap_take_status(struct imap_session *session, struct imap_cursor *cursor)
{
    static const struct {
        const char *word;
        enum imap_status status;
    } words[] = { { "OK", IMAP_OK },
                  { "NO", IMAP_NO },
                  { "BAD", IMAP_NO },
                  { "BYE", IMAP_BYE },
                  { "PREAUTH", IMAP_PREAUTH } };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (imap_take_word(cursor, words[i].word)) {
            take_code(session, cursor);
            return words[i].status;
        }
    return IMAP_NONE;
}

/* An untagged response. */
bool imap_take_untagged(struct imap_session *session, const struct imap_command *command,
                        struct imap_cursor *cursor, struct mailbox_verdict *verdict)
{
    struct imap_cursor words = *cursor;
    uint32_t number = 0;
    enum imap_status status = imap_take_status(session, &words);
    if (status == IMAP_BYE && !command->is_last)
        return imap_fail(verdict, command->phase, MAILBOX_UNREADABLE, cursor);
    if (status != IMAP_NONE)
        return true;
    if (imap_take_word(&words, "CAPABILITY")) {
        take_capabilities(session, &words);
        return true;
    }
    if (imap_take_number(&words, &number) && imap_take_word(&words, "EXISTS")) {
        session->has_news = true;
        return true;
    }
    return !command->take || command->take(command->payload, cursor) ||
           imap_fail(verdict, command->phase, MAILBOX_UNREADABLE, NULL);
}

/* Reads responses until the tagged one, which ends the command; untagged ones before it are taken.
 */
bool imap_read_response(struct imap_session *session, const struct imap_command *command,
                        struct mailbox_verdict *verdict)
{
    struct imap_cursor cursor;
    char tag[16];
    (void)snprintf(tag, sizeof tag, "%u", session->tag);
    for (;;) {
        if (!imap_response_next(&session->lines, &session->response))
            return imap_fail(verdict, command->phase, MAILBOX_UNREADABLE, NULL);
        imap_cursor_init(&cursor, &session->response);
        if (command->may_go_on && imap_take_word(&cursor, "+"))
            continue;
        if (!imap_take_word(&cursor, "*"))
            break;
        if (!imap_take_untagged(session, command, &cursor, verdict))
            return false;
    }
    if (!imap_take_word(&cursor, tag))
        return imap_fail(verdict, command->phase, MAILBOX_UNREADABLE, &cursor);
    enum imap_status status = imap_take_status(session, &cursor);
    if (status != IMAP_OK)
        return imap_fail(verdict, command->phase,
                         status == IMAP_NO ? MAILBOX_REFUSED : MAILBOX_UNREADABLE, &cursor);
    mailbox_verdict_set(verdict, command->phase, MAILBOX_WELL, NULL);
    return true;
}

bool imap_send_command(struct imap_session *session, const char *words)
{
    struct string_builder line;
    const struct mailbox_stream *stream = session->lines.stream;
    string_builder_init(&line, 0);
    string_builder_append_format(&line, "%u %s\r\n", ++session->tag, words);
    bool done = stream->write(stream->payload, line.data, line.length);
    string_builder_release(&line);
    return done;
}

bool imap_run_command(struct imap_session *session, const struct imap_command *command,
                      const char *words, struct mailbox_verdict *verdict)
{
    return imap_send_command(session, words)
               ? imap_read_response(session, command, verdict)
               : imap_fail(verdict, command->phase, MAILBOX_UNREADABLE, NULL);
}

bool imap_run_format(struct imap_session *session, const struct imap_command *command,
                     struct mailbox_verdict *verdict, const char *format, ...)
{
    struct arena arena = { 0 };
    va_list arguments;
    va_start(arguments, format);
    const char *words = arena_format_list(&arena, format, arguments);
    va_end(arguments);
    bool done = imap_run_command(session, command, words, verdict);
    arena_release(&arena);
    return done;
}
