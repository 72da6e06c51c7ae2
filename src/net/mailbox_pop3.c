/* SPDX-License-Identifier: MIT */
#include "net/mailbox_kind.h"

#include "base/error.h"
#include "base/text.h"
#include "net/mailbox_stream.h"

#include <libetpan/mailpop3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* POP3 (RFC 1939) by libetpan: deletions take effect with QUIT, so that a session that breaks
 * removes nothing. */
enum {
    LIST_MAXIMUM = 16 * 1024 * 1024,
    ANSWER_MAXIMUM = 64 * 1024,
    TOP_LINES = 2000 /* of a message larger than we read */
};

struct pop3_state {
    mailpop3 *session;
    mailstream *stream; /* the session's */
    carray *messages;   /* the session's */
    unsigned next;
    const char *host;
};

static bool fail(const struct pop3_state *state, enum error_kind kind, const char *what, int code,
                 struct error *error)
{
    const char *answer = state->session->pop3_response ? state->session->pop3_response : "";
    return error_set(error, kind, "mail.inbox: %s: %s: %s%s(code %d)", state->host, what, answer,
                     *answer ? " " : "", code);
}

static bool log_in(struct pop3_state *state, const struct mailbox_settings *settings,
                   const struct mailbox_place *place, struct error *error)
{
    mailbox_stream_allow(state->stream, ANSWER_MAXIMUM);
    int code = mailpop3_connect(state->session, state->stream);
    if (code != MAILPOP3_NO_ERROR)
        return fail(state, ERROR_TEMPORARY, "no greeting", code, error);
    mailbox_stream_allow(state->stream, ANSWER_MAXIMUM);
    code = mailpop3_user(state->session, place->user);
    if (code == MAILPOP3_NO_ERROR) {
        mailbox_stream_allow(state->stream, ANSWER_MAXIMUM);
        code = mailpop3_pass(state->session, settings->password ? settings->password : "");
    }
    if (code == MAILPOP3_ERROR_STREAM)
        return fail(state, ERROR_TEMPORARY, "the connection broke", code, error);
    if (code != MAILPOP3_NO_ERROR)
        return fail(state, ERROR_USAGE, "user or password refused", code, error);
    return true;
}

static bool open_session(struct pop3_state *state, const struct mailbox_settings *settings,
                         const struct mailbox_place *place, struct error *error)
{
    state->host = place->host;
    state->stream = mailbox_stream_open(settings, place, error);
    if (!state->stream)
        return false;
    state->session = mailpop3_new(0, NULL);
    if (!state->session)
        abort();
    if (!log_in(state, settings, place, error))
        return false;
    mailbox_stream_allow(state->stream, LIST_MAXIMUM);
    int code = mailpop3_list(state->session, &state->messages);
    return code == MAILPOP3_NO_ERROR ||
           fail(state, ERROR_TEMPORARY, "the list of messages", code, error);
}

static void *open_pop3(const struct mailbox_settings *settings, const struct mailbox_place *place,
                       struct error *error)
{
    struct pop3_state *state = calloc(1, sizeof *state);
    if (!state)
        abort();
    if (open_session(state, settings, place, error))
        return state;
    if (state->session)
        mailpop3_free(state->session);
    free(state);
    return NULL;
}

static const struct mailpop3_msg_info *present(const struct pop3_state *state)
{
    return carray_get(state->messages, state->next - 1);
}

/* A server without UIDL names nothing: then every message is read each time, and known by its
 * content. */
static bool next_pop3(void *payload, char key[MAILBOX_KEY_SIZE], bool *found, struct error *error)
{
    struct pop3_state *state = payload;
    (void)error;
    do
        *found = state->next < carray_count(state->messages) && ++state->next;
    while (*found && !present(state));
    if (!*found)
        return true;
    const char *name = present(state)->msg_uidl;
    key[0] = '\0';
    if (name)
        mailbox_key_write(key, name);
    return true;
}

static bool read_pop3(void *payload, struct text *bytes, bool *found, struct error *error)
{
    struct pop3_state *state = payload;
    const struct mailpop3_msg_info *info = present(state);
    char *message = NULL;
    size_t length = 0;
    bool is_large = info->msg_size > MAILBOX_MESSAGE_MAXIMUM;
    /* Line ends and stuffed dots are not in the size a server tells. */
    mailbox_stream_allow(state->stream, (size_t)4 * MAILBOX_MESSAGE_MAXIMUM);
    int code = is_large
                   ? mailpop3_top(state->session, info->msg_index, TOP_LINES, &message, &length)
                   : mailpop3_retr(state->session, info->msg_index, &message, &length);
    *found = code == MAILPOP3_NO_ERROR;
    if (!*found)
        return code == MAILPOP3_ERROR_NO_SUCH_MESSAGE ||
               fail(state, ERROR_TEMPORARY, "a message", code, error);
    if (length > MAILBOX_MESSAGE_MAXIMUM + 1)
        length = MAILBOX_MESSAGE_MAXIMUM + 1;
    text_append_bytes(bytes, message, length);
    mailpop3_retr_free(message);
    return true;
}

static bool done_pop3(void *payload, struct error *error)
{
    struct pop3_state *state = payload;
    mailbox_stream_allow(state->stream, ANSWER_MAXIMUM);
    int code = mailpop3_dele(state->session, present(state)->msg_index);
    return code == MAILPOP3_NO_ERROR ||
           fail(state, ERROR_TEMPORARY, "removing a message", code, error);
}

static bool close_pop3(void *payload, struct error *error)
{
    struct pop3_state *state = payload;
    mailbox_stream_allow(state->stream, ANSWER_MAXIMUM);
    int code = mailpop3_quit(state->session);
    bool done = code == MAILPOP3_NO_ERROR || fail(state, ERROR_TEMPORARY, "ending", code, error);
    mailpop3_free(state->session);
    free(state);
    return done;
}

const struct mailbox_kind mailbox_pop3 = { open_pop3, next_pop3, read_pop3, done_pop3, close_pop3 };
