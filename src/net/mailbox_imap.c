/* SPDX-License-Identifier: MIT */
#include "net/mailbox_imap.h"

#include "net/mailbox.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Messages are fetched by PEEK, so that none becomes "seen". */
enum { RESPONSE_MAXIMUM = 16 * 1024 * 1024 + 1024 }; /* a million UIDs in a line */

static void *start_imap(const struct mailbox_stream *stream)
{
    struct imap_session *session = memory_allocate(sizeof *session);
    session->lines.stream = stream;
    string_builder_init(&session->response, RESPONSE_MAXIMUM);
    string_builder_init(&session->done_folder, 0);
    return session;
}

static void stop_imap(void *payload)
{
    struct imap_session *session = payload;
    string_builder_release(&session->response);
    string_builder_release(&session->done_folder);
    free(session);
}

/* ---- opening ---- */

static bool greet(struct imap_session *session, struct mailbox_verdict *verdict)
{
    struct imap_cursor cursor;
    if (!imap_response_next(&session->lines, &session->response))
        return imap_fail(verdict, MAILBOX_GREETING, MAILBOX_UNREADABLE, NULL);
    imap_cursor_init(&cursor, &session->response);
    enum imap_status status = imap_take_word(&cursor, "*") ? imap_take_status(session, &cursor)
                                                           : IMAP_NONE;
    session->knows_capabilities = false;
    if (status == IMAP_OK)
        return true;
    return imap_fail(verdict, MAILBOX_GREETING,
                     status == IMAP_BYE ? MAILBOX_REFUSED : MAILBOX_UNREADABLE, &cursor);
}

static void append_quoted(struct string_builder *words, const char *string)
{
    string_builder_append(words, " \"");
    for (const char *c = string; *c; c++) {
        if (*c == '"' || *c == '\\')
            string_builder_append_character(words, '\\');
        string_builder_append_character(words, *c);
    }
    string_builder_append(words, "\"");
}

static bool run_strings(struct imap_session *session, enum mailbox_phase phase, const char *verb,
                        const char *first, const char *second, struct mailbox_verdict *verdict)
{
    struct string_builder words;
    const struct imap_command command = { .phase = phase };
    string_builder_init(&words, 0);
    string_builder_append(&words, verb);
    append_quoted(&words, first);
    if (second)
        append_quoted(&words, second);
    bool done = imap_run_command(session, &command, words.data, verdict);
    string_builder_release(&words);
    return done;
}

/* Capabilities may change with the login, and not every server sends the new ones with its answer.
 */
static bool ask_capabilities(struct imap_session *session, struct mailbox_verdict *verdict)
{
    const struct imap_command command = { .phase = MAILBOX_LOGIN };
    return session->knows_capabilities ||
           imap_run_format(session, &command, verdict, "CAPABILITY") ||
           verdict->outcome != MAILBOX_UNREADABLE;
}

static void open_imap(void *payload, const struct mailbox_login *login, struct arena *arena,
                      struct mailbox_list *list, struct mailbox_verdict *verdict)
{
    struct imap_session *session = payload;
    if (!greet(session, verdict) ||
        !run_strings(session, MAILBOX_LOGIN, "LOGIN", login->user, login->mark, verdict) ||
        !ask_capabilities(session, verdict) ||
        !run_strings(session, MAILBOX_FOLDER, "SELECT", login->folder, NULL, verdict))
        return;
    list->validity = session->validity;
    list->can_wait = session->can_wait;
    (void)imap_search(session, 0, arena, list, verdict);
}

/* ---- messages ---- */

struct body {
    uint32_t number;
    struct string_builder *bytes;
    bool found;
};

static bool is_named(const struct imap_attribute *attribute, const char *name)
{
    size_t length = strlen(name);
    return attribute->name_length >= length && strncasecmp(attribute->name, name, length) == 0 &&
           (attribute->name_length == length || attribute->name[length] == '<');
}

static void keep_body(struct body *body, const struct imap_attribute *text)
{
    size_t most = MAILBOX_MESSAGE_MAXIMUM + 1;
    size_t length = text->value_length < most ? text->value_length : most;
    body->found = true;
    for (size_t i = 0; text->kind == IMAP_QUOTED && i < length; i++) {
        i += text->value[i] == '\\' && i + 1 < length;
        string_builder_append_character(body->bytes, text->value[i]);
    }
    if (text->kind == IMAP_LITERAL && length)
        string_builder_append_bytes(body->bytes, text->value, length);
}

/* "UID 17 BODY[]<0> {5}…)": *uid stays where none is said. False: it is no such list. */
static bool take_attributes(struct imap_cursor *cursor, uint32_t *uid, struct imap_attribute *text)
{
    struct imap_attribute attribute;
    bool found = false;
    for (;;) {
        if (!imap_take_attribute(cursor, &attribute, &found))
            return false;
        if (!found)
            return true;
        struct imap_cursor value = { attribute.value, attribute.value + attribute.value_length };
        if (is_named(&attribute, "UID") && !imap_take_number(&value, uid))
            return false;
        if (is_named(&attribute, "BODY[]"))
            *text = attribute;
    }
}

/* "1 FETCH (…)": the text of the message that was asked for. */
static bool take_body(void *payload, struct imap_cursor *cursor)
{
    struct body *body = payload;
    struct imap_attribute text = { .name = NULL };
    uint32_t uid = body->number;
    uint32_t number = 0;
    if (!imap_take_number(cursor, &number) || !imap_take_word(cursor, "FETCH"))
        return true;
    if (cursor->at == cursor->end || *cursor->at++ != '(' || !take_attributes(cursor, &uid, &text))
        return false;
    bool is_string = text.name && (text.kind == IMAP_LITERAL || text.kind == IMAP_QUOTED);
    if (is_string && uid == body->number && !body->found)
        keep_body(body, &text);
    return true;
}

static void read_imap(void *payload, const struct mailbox_entry *entry,
                      struct string_builder *bytes, struct mailbox_verdict *verdict)
{
    struct body body = { .number = entry->number, .bytes = bytes };
    const struct imap_command fetch = { .phase = MAILBOX_MESSAGE,
                                        .take = take_body,
                                        .payload = &body };
    bool done = imap_run_format(payload, &fetch, verdict, "UID FETCH %" PRIu32 " BODY.PEEK[]<0.%d>",
                                entry->number, MAILBOX_MESSAGE_MAXIMUM + 1);
    /* A message that the server refuses counts as gone, because the others may still be readable.
     */
    if (done ? !body.found : verdict->outcome != MAILBOX_UNREADABLE)
        verdict->outcome = MAILBOX_GONE;
}

/* The answer to LOGOUT is ignored, because all removals have been answered before. */
static void finish_imap(void *payload, struct mailbox_verdict *verdict)
{
    const struct imap_command logout = { .phase = MAILBOX_END, .is_last = true };
    (void)imap_run_format(payload, &logout, verdict, "LOGOUT");
    mailbox_verdict_set(verdict, MAILBOX_END, MAILBOX_WELL, NULL);
}

const struct mailbox_protocol mailbox_protocol_imap = { start_imap,  open_imap, read_imap,
                                                        imap_remove, imap_wait, finish_imap,
                                                        stop_imap };
