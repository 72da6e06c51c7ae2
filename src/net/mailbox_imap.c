/* SPDX-License-Identifier: MIT */
#include "net/mailbox_session.h"

#include "base/arena.h"
#include "base/text.h"
#include "net/mailbox.h"
#include "net/mailbox_imap_response.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* IMAP4rev1 (RFC 3501). Messages are fetched by PEEK, so that none becomes "seen"; what is done
 * gets \Deleted at once and is expunged at the end, by its UID alone (RFC 4315): a plain EXPUNGE
 * would take along what a person marked. */
enum { RESPONSE_MAXIMUM = 16 * 1024 * 1024 + 1024 }; /* a million UIDs in a line */

struct imap_session {
    struct mailbox_lines lines;
    struct text response;
    unsigned tag;
    uint32_t validity;
    bool can_expunge;
};

static void *start_imap(const struct mailbox_wire *wire)
{
    struct imap_session *session = calloc(1, sizeof *session);
    if (!session)
        abort();
    session->lines.wire = wire;
    text_init(&session->response, RESPONSE_MAXIMUM);
    return session;
}

static void stop_imap(void *payload)
{
    struct imap_session *session = payload;
    text_release(&session->response);
    free(session);
}

/* ---- commands and their answers ---- */

/* What a command is for, and who takes the responses that bring it. take NULL: none does; false:
 * that was none. */
struct imap_command {
    enum mailbox_phase phase;
    bool (*take)(void *payload, struct imap_cursor *cursor);
    void *payload;
    bool is_last; /* the server says goodbye to it */
};

static bool fail(struct mailbox_verdict *verdict, enum mailbox_phase phase,
                 enum mailbox_outcome outcome, const struct imap_cursor *words)
{
    struct text copy;
    text_init(&copy, 0);
    if (words)
        text_append_bytes(&copy, words->at, (size_t)(words->end - words->at));
    mailbox_verdict_set(verdict, phase, outcome, copy.data);
    text_release(&copy);
    return false;
}

/* "[CODE …] words": what a code says of the server and its folder. */
static void take_code(struct imap_session *session, const struct imap_cursor *words)
{
    struct imap_cursor cursor = *words;
    uint32_t validity = 0;
    if (cursor.at == cursor.end || *cursor.at++ != '[')
        return;
    if (imap_take_word(&cursor, "CAPABILITY"))
        session->can_expunge = imap_has_word(&cursor, "UIDPLUS");
    else if (imap_take_word(&cursor, "UIDVALIDITY") && imap_take_number(&cursor, &validity))
        session->validity = validity;
}

enum imap_status { IMAP_NONE, IMAP_OK, IMAP_NO, IMAP_BYE, IMAP_PREAUTH };

static enum imap_status take_status(struct imap_session *session, struct imap_cursor *cursor)
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

/* What stands behind "* ". */
static bool take_untagged(struct imap_session *session, const struct imap_command *command,
                          struct imap_cursor *cursor, struct mailbox_verdict *verdict)
{
    struct imap_cursor words = *cursor;
    enum imap_status status = take_status(session, &words);
    if (status == IMAP_BYE && !command->is_last)
        return fail(verdict, command->phase, MAILBOX_UNREADABLE, cursor);
    if (status != IMAP_NONE)
        return true;
    if (imap_take_word(&words, "CAPABILITY")) {
        session->can_expunge = imap_has_word(&words, "UIDPLUS");
        return true;
    }
    return !command->take || command->take(command->payload, cursor) ||
           fail(verdict, command->phase, MAILBOX_UNREADABLE, NULL);
}

/* What came of the command with the session's tag, past all that came beside. */
static bool hear(struct imap_session *session, const struct imap_command *command,
                 struct mailbox_verdict *verdict)
{
    struct imap_cursor cursor;
    char tag[16];
    (void)snprintf(tag, sizeof tag, "%u", session->tag);
    for (;;) {
        if (!imap_response_next(&session->lines, &session->response))
            return fail(verdict, command->phase, MAILBOX_UNREADABLE, NULL);
        imap_cursor_init(&cursor, &session->response);
        if (!imap_take_word(&cursor, "*"))
            break;
        if (!take_untagged(session, command, &cursor, verdict))
            return false;
    }
    if (!imap_take_word(&cursor, tag))
        return fail(verdict, command->phase, MAILBOX_UNREADABLE, &cursor);
    enum imap_status status = take_status(session, &cursor);
    if (status != IMAP_OK)
        return fail(verdict, command->phase,
                    status == IMAP_NO ? MAILBOX_REFUSED : MAILBOX_UNREADABLE, &cursor);
    mailbox_verdict_set(verdict, command->phase, MAILBOX_WELL, NULL);
    return true;
}

static bool send(struct imap_session *session, const struct imap_command *command,
                 const char *words, struct mailbox_verdict *verdict)
{
    struct text line;
    const struct mailbox_wire *wire = session->lines.wire;
    text_init(&line, 0);
    text_append_format(&line, "%u %s\r\n", ++session->tag, words);
    bool done = wire->write(wire->payload, line.data, line.length);
    text_release(&line);
    return done ? hear(session, command, verdict)
                : fail(verdict, command->phase, MAILBOX_UNREADABLE, NULL);
}

static bool say(struct imap_session *session, const struct imap_command *command,
                struct mailbox_verdict *verdict, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static bool say(struct imap_session *session, const struct imap_command *command,
                struct mailbox_verdict *verdict, const char *format, ...)
{
    struct arena arena = { 0 };
    va_list arguments;
    va_start(arguments, format);
    const char *words = arena_format_list(&arena, format, arguments);
    va_end(arguments);
    bool done = send(session, command, words, verdict);
    arena_release(&arena);
    return done;
}

/* ---- opening ---- */

static bool greet(struct imap_session *session, struct mailbox_verdict *verdict)
{
    struct imap_cursor cursor;
    if (!imap_response_next(&session->lines, &session->response))
        return fail(verdict, MAILBOX_GREETING, MAILBOX_UNREADABLE, NULL);
    imap_cursor_init(&cursor, &session->response);
    enum imap_status status = imap_take_word(&cursor, "*") ? take_status(session, &cursor)
                                                           : IMAP_NONE;
    if (status == IMAP_OK)
        return true;
    return fail(verdict, MAILBOX_GREETING,
                status == IMAP_BYE ? MAILBOX_REFUSED : MAILBOX_UNREADABLE, &cursor);
}

static void append_quoted(struct text *words, const char *string)
{
    text_append(words, " \"");
    for (const char *c = string; *c; c++) {
        if (*c == '"' || *c == '\\')
            text_append_character(words, '\\');
        text_append_character(words, *c);
    }
    text_append(words, "\"");
}

static bool say_strings(struct imap_session *session, enum mailbox_phase phase, const char *verb,
                        const char *first, const char *second, struct mailbox_verdict *verdict)
{
    struct text words;
    const struct imap_command command = { .phase = phase };
    text_init(&words, 0);
    text_append(&words, verb);
    append_quoted(&words, first);
    if (second)
        append_quoted(&words, second);
    bool done = send(session, &command, words.data, verdict);
    text_release(&words);
    return done;
}

struct uid_list {
    struct arena *arena;
    struct mailbox_list *list;
};

/* Grows by doubling: there is room where the count is no power of two. */
static void add(const struct uid_list *uids, uint32_t number)
{
    struct mailbox_list *list = uids->list;
    if ((list->count & (list->count - 1)) == 0) {
        struct mailbox_entry *entries = arena_allocate_array(uids->arena, 2 * list->count + 1,
                                                             sizeof *entries);
        if (list->count)
            memcpy(entries, list->entries, list->count * sizeof *entries);
        list->entries = entries;
    }
    list->entries[list->count++] = (struct mailbox_entry){ .number = number };
}

/* "SEARCH 3 17"; behind a parenthesis stands what is no UID. */
static bool take_uids(void *payload, struct imap_cursor *cursor)
{
    const struct uid_list *uids = payload;
    if (!imap_take_word(cursor, "SEARCH"))
        return true;
    while (cursor->at < cursor->end && *cursor->at != '(') {
        uint32_t number = 0;
        if (*cursor->at == ' ')
            cursor->at++;
        else if (!imap_take_number(cursor, &number) || number == 0)
            uids->list->unreadable++;
        else if (uids->list->count < MAILBOX_LIST_MAXIMUM)
            add(uids, number);
    }
    return true;
}

static void open_imap(void *payload, const struct mailbox_login *login, struct arena *arena,
                      struct mailbox_list *list, struct mailbox_verdict *verdict)
{
    struct imap_session *session = payload;
    struct uid_list uids = { arena, list };
    const struct imap_command search = { MAILBOX_LIST, take_uids, &uids, false };
    if (!greet(session, verdict) ||
        !say_strings(session, MAILBOX_LOGIN, "LOGIN", login->user, login->mark, verdict) ||
        !say_strings(session, MAILBOX_FOLDER, "SELECT", login->folder, NULL, verdict))
        return;
    list->validity = session->validity;
    (void)say(session, &search, verdict, "UID SEARCH UNDELETED");
}

/* ---- messages ---- */

struct body {
    uint32_t number;
    struct text *bytes;
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
        text_append_character(body->bytes, text->value[i]);
    }
    if (text->kind == IMAP_LITERAL && length)
        text_append_bytes(body->bytes, text->value, length);
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

static void read_imap(void *payload, const struct mailbox_entry *entry, struct text *bytes,
                      struct mailbox_verdict *verdict)
{
    struct body body = { .number = entry->number, .bytes = bytes };
    const struct imap_command fetch = { MAILBOX_MESSAGE, take_body, &body, false };
    bool done = say(payload, &fetch, verdict, "UID FETCH %" PRIu32 " BODY.PEEK[]<0.%d>",
                    entry->number, MAILBOX_MESSAGE_MAXIMUM + 1);
    /* What is wrong with one need not be so with the others. */
    if (done ? !body.found : verdict->outcome != MAILBOX_UNREADABLE)
        verdict->outcome = MAILBOX_GONE;
}

static void remove_imap(void *payload, uint32_t number, struct mailbox_verdict *verdict)
{
    const struct imap_command store = { .phase = MAILBOX_REMOVAL };
    (void)say(payload, &store, verdict, "UID STORE %" PRIu32 " +FLAGS.SILENT (\\Deleted)", number);
}

/* A server need not say unasked that it can. */
static void expunge_imap(void *payload, const uint32_t *numbers, size_t count,
                         struct mailbox_verdict *verdict)
{
    struct imap_session *session = payload;
    struct text words;
    const struct imap_command expunge = { .phase = MAILBOX_REMOVAL };
    mailbox_verdict_set(verdict, MAILBOX_REMOVAL, MAILBOX_WELL, NULL);
    if (!session->can_expunge &&
        (!say(session, &expunge, verdict, "CAPABILITY") || !session->can_expunge))
        return;
    text_init(&words, 0);
    for (size_t i = 0; i < count; i++)
        text_append_format(&words, "%s%" PRIu32, i ? "," : "UID EXPUNGE ", numbers[i]);
    (void)send(session, &expunge, words.data, verdict);
    text_release(&words);
}

/* Whatever the server says to it: all that counts is done. */
static void finish_imap(void *payload, struct mailbox_verdict *verdict)
{
    const struct imap_command logout = { .phase = MAILBOX_END, .is_last = true };
    (void)say(payload, &logout, verdict, "LOGOUT");
    mailbox_verdict_set(verdict, MAILBOX_END, MAILBOX_WELL, NULL);
}

const struct mailbox_protocol mailbox_protocol_imap = { start_imap,  open_imap,    read_imap,
                                                        remove_imap, expunge_imap, finish_imap,
                                                        stop_imap };
