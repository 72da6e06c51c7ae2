/* SPDX-License-Identifier: MIT */
#include "net/mailbox_kind.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/string_builder.h"
#include "confined/confined.h"
#include "net/mailbox_commands.h"
#include "net/mailbox_connection.h"
#include "net/mailbox_packet.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* IMAP and POP3. This process holds the socket and the password, and decides which commands may be
 * sent. The server's answers are parsed by a confined process, which asks for their octets; what it
 * returns is trusted no more than the server. */
enum {
    IMAP_LIST_OCTETS = 16 * 1024 * 1024, /* a million UIDs */
    POP3_LIST_OCTETS = 64 * 1024 * 1024, /* 700,000 lines of LIST, and of UIDL with long names */
    ANSWER_OCTETS = 64 * 1024,
    IMAP_MESSAGE_OCTETS = MAILBOX_MESSAGE_MAXIMUM + ANSWER_OCTETS,
    POP3_MESSAGE_OCTETS = MAILBOX_RETR_MAXIMUM + ANSWER_OCTETS
};

struct server_state {
    struct arena arena;
    struct arena listed; /* the list */
    const char *host;
    const volatile sig_atomic_t *stop;
    bool is_imap;
    struct mailbox_connection *connection;
    struct confined *confined;
    struct mailbox_commands commands;
    struct mailbox_list list;
    size_t next;
    uint32_t last;          /* IMAP: the highest UID that was listed */
    int64_t wait_ms;        /* how long IDLE may last; 0: it is not waited */
    int64_t waits_until_ms; /* on the monotonic clock, from IDLE on */
    bool is_asked_to_idle;  /* its "+" is waited for as for any answer */
    bool is_idle;           /* in IDLE: silence is no failure */
    size_t passed_over;
    bool is_broken;  /* nothing more can be asked */
    bool is_left;    /* stopped while it waited: no LOGOUT */
    bool is_refused; /* a removal; the reason follows */
    struct error refusal;
    struct string_builder reply;
};

/* ---- one step ---- */

static void note_idle(struct server_state *state, bool is_asked)
{
    state->is_idle = false;
    state->is_asked_to_idle = is_asked;
    if (is_asked)
        state->waits_until_ms = clock_monotonic_now() + state->wait_ms;
}

static bool answer_question(void *payload, const void *bytes, size_t length,
                            struct string_builder *answer, struct error *error)
{
    struct server_state *state = payload;
    struct mailbox_question question;
    struct string_builder command;
    if (!mailbox_question_take(bytes, length, &question))
        return error_set(error, ERROR_TEMPORARY,
                         "mail.inbox: %s: its answers cannot be read: its reader asked for nothing "
                         "that can be had",
                         state->host);
    if (question.most && state->is_idle)
        return mailbox_connection_wait(state->connection, answer, question.most,
                                       state->waits_until_ms - clock_monotonic_now(), error);
    if (question.most) {
        state->is_idle = state->is_asked_to_idle;
        return mailbox_connection_read(state->connection, answer, question.most, error);
    }
    string_builder_init(&command, 0);
    bool done = mailbox_commands_complete(&state->commands, question.bytes, question.length,
                                          &command);
    if (done && state->wait_ms)
        note_idle(state, strstr(command.data, "IDLE\r\n") != NULL);
    if (done)
        done = mailbox_connection_write(state->connection, command.data, command.length, error);
    else
        (void)error_set(error, ERROR_TEMPORARY,
                        "mail.inbox: %s: its answers cannot be read: its reader wanted to say what "
                        "it may not",
                        state->host);
    string_builder_release(&command);
    return done;
}

static size_t octets_of(const struct server_state *state, enum mailbox_step step)
{
    if (step == MAILBOX_STEP_OPEN || step == MAILBOX_STEP_WAIT)
        return state->is_imap ? IMAP_LIST_OCTETS : POP3_LIST_OCTETS;
    if (step == MAILBOX_STEP_READ)
        return state->is_imap ? IMAP_MESSAGE_OCTETS : POP3_MESSAGE_OCTETS;
    return ANSWER_OCTETS;
}

/* The error of a call to the reader. A failure of the connection already has its own words. */
static bool fail_call(const struct server_state *state, const struct confined_call *call,
                      struct error *error)
{
    if (error->kind == ERROR_INPUT || call->end == CONFINED_REPLIED) {
        error->kind = ERROR_TEMPORARY;
        return error_prefix(error, "mail.inbox: %s: its answers cannot be read", state->host);
    }
    return false;
}

static bool ask(struct server_state *state, const struct mailbox_request *request,
                struct mailbox_reply *reply, struct error *error)
{
    struct string_builder packet;
    struct error cause = { .kind = ERROR_NONE };
    bool is_last = request->step == MAILBOX_STEP_FINISH || request->step == MAILBOX_STEP_REMOVE;
    if (!mailbox_connection_begin(state->connection, octets_of(state, request->step), is_last,
                                  error))
        return false;
    mailbox_commands_allow(&state->commands, request);
    string_builder_init(&packet, 0);
    mailbox_request_put(&packet, request);
    struct confined_call call = { .request = packet.data,
                                  .length = packet.length,
                                  .descriptor = -1,
                                  .answer = answer_question,
                                  .payload = state };
    bool done = confined_call(state->confined, &call, &state->reply, &cause) ||
                fail_call(state, &call, &cause);
    string_builder_release(&packet);
    struct arena passing = { 0 };
    bool has_list = request->step == MAILBOX_STEP_OPEN || request->step == MAILBOX_STEP_WAIT;
    if (done && !mailbox_reply_take(state->reply.data, state->reply.length, request->step,
                                    has_list ? &state->listed : &passing, reply))
        done = error_set(&cause, ERROR_TEMPORARY,
                         "mail.inbox: %s: its answers cannot be read: its reader said what it may "
                         "not",
                         state->host);
    arena_release(&passing);
    state->is_broken = !done || reply->verdict.outcome == MAILBOX_UNREADABLE;
    if (!done)
        *error = cause;
    return done;
}

/* ---- what a server said ---- */

static const char *const phases[MAILBOX_PHASES] = {
    [MAILBOX_GREETING] = "the server does not serve us",
    [MAILBOX_LOGIN] = "user or password refused",
    [MAILBOX_FOLDER] = "the folder cannot be opened",
    [MAILBOX_LIST] = "it lists no messages",
    [MAILBOX_MESSAGE] = "it hands out no message",
    [MAILBOX_REMOVAL] = "it puts away no message",
    [MAILBOX_END] = "it removes no message",
};

static const char *const unreadable_phases[MAILBOX_PHASES] = {
    [MAILBOX_GREETING] = "no greeting",
    [MAILBOX_LOGIN] = "no answer to user and password",
    [MAILBOX_FOLDER] = "no answer about the folder",
    [MAILBOX_LIST] = "no list of messages",
    [MAILBOX_MESSAGE] = "no message",
    [MAILBOX_REMOVAL] = "no answer about a removal",
    [MAILBOX_END] = "no answer to the end of the session",
};

/* True where it went well, or the message is gone. */
static bool check(const struct server_state *state, const struct mailbox_verdict *verdict,
                  struct error *error)
{
    /* An answer that repeats the password is not shown, because errors are logged. */
    const char *password = state->commands.password;
    bool is_shown = *verdict->answer && !(*password && strstr(verdict->answer, password));
    const char *colon = is_shown ? ": " : "";
    const char *answer = is_shown ? verdict->answer : "";
    bool is_for_person = verdict->phase == MAILBOX_LOGIN || verdict->phase == MAILBOX_FOLDER;
    switch (verdict->outcome) {
    case MAILBOX_WELL:
    case MAILBOX_GONE:
        return true;
    case MAILBOX_REFUSED:
        return error_set(
            error, is_for_person ? ERROR_USAGE : ERROR_TEMPORARY, "mail.inbox: %s: %s%s%s%s",
            state->host, phases[verdict->phase], colon, answer,
            is_for_person ? ERROR_ADVICE "see mail.inbox and mail.inbox_password_file" : "");
    case MAILBOX_LATER:
        return error_set(error, ERROR_TEMPORARY, "mail.inbox: %s: not now%s%s", state->host, colon,
                         answer);
    case MAILBOX_UNREADABLE:
    case MAILBOX_OUTCOMES:
        break;
    }
    return error_set(error, ERROR_TEMPORARY, "mail.inbox: %s: its answers cannot be read: %s%s%s",
                     state->host, unreadable_phases[verdict->phase], colon, answer);
}

/* Adds to a temporary error that no mail is lost and what to do. Returns false. */
static bool advise(const struct server_state *state, struct error *error)
{
    const struct error wrong = *error;
    if (wrong.kind != ERROR_TEMPORARY || (state->stop && *state->stop))
        return false;
    return error_set(error, ERROR_TEMPORARY,
                     "%s" ERROR_ADVICE
                     "no mail is lost, and the next run tries again; if this goes on, ask "
                     "whoever runs the server",
                     wrong.message);
}

/* ---- opening ---- */

static void discard(struct server_state *state)
{
    confined_close(state->confined);
    mailbox_connection_close(state->connection);
    mailbox_commands_release(&state->commands);
    string_builder_release(&state->reply);
    arena_release(&state->arena);
    arena_release(&state->listed);
    free(state);
}

static void take_list(struct server_state *state, const struct mailbox_list *list)
{
    state->list = *list;
    state->next = 0;
    if (list->count && list->entries[list->count - 1].number > state->last)
        state->last = list->entries[list->count - 1].number;
}

static bool open_session(struct server_state *state, const struct mailbox_settings *settings,
                         const struct mailbox_url *server, struct error *error)
{
    struct random random = random_system();
    struct mailbox_reply reply;
    state->host = server->host;
    string_builder_init(&state->reply, 0);
    if (!mailbox_commands_init(&state->commands, state->is_imap, settings->password,
                               random_name(&random, &state->arena, 26)))
        return error_set(error, ERROR_USAGE,
                         "mail.inbox_password_file: a password is one line, without control "
                         "characters");
    state->confined = confined_open("mailbox", NULL, 0, error);
    if (!state->confined)
        return false;
    state->connection = mailbox_connection_open(settings, server, error);
    if (!state->connection)
        return false;
    const struct mailbox_request request = {
        .step = MAILBOX_STEP_OPEN,
        .is_imap = state->is_imap,
        .login = { .user = server->user, .mark = state->commands.mark, .folder = server->folder }
    };
    if (!ask(state, &request, &reply, error) || !check(state, &reply.verdict, error))
        return false;
    take_list(state, &reply.list);
    state->passed_over = reply.list.unreadable;
    return true;
}

static void *open_server(const struct mailbox_settings *settings, const struct mailbox_url *server,
                         bool is_imap, struct error *error)
{
    struct server_state *state = memory_allocate(sizeof *state);
    state->is_imap = is_imap;
    state->stop = settings->stop;
    if (open_session(state, settings, server, error))
        return state;
    (void)advise(state, error);
    discard(state);
    return NULL;
}

static void *open_imap(const struct mailbox_settings *settings, const struct mailbox_url *server,
                       struct error *error)
{
    return open_server(settings, server, true, error);
}

static void *open_pop3(const struct mailbox_settings *settings, const struct mailbox_url *server,
                       struct error *error)
{
    return open_server(settings, server, false, error);
}

/* ---- messages ---- */

static const struct mailbox_entry *present(const struct server_state *state)
{
    return &state->list.entries[state->next - 1];
}

static bool next_server(void *payload, char key[MAILBOX_KEY_SIZE], bool *found, struct error *error)
{
    struct server_state *state = payload;
    char name[64];
    (void)error;
    *found = state->next < state->list.count;
    if (!*found)
        return true;
    state->next++;
    key[0] = '\0';
    if (state->is_imap && state->list.validity) {
        (void)snprintf(name, sizeof name, "%" PRIu32 ".%" PRIu32, state->list.validity,
                       present(state)->number);
        mailbox_key_write(key, name);
    } else if (!state->is_imap && present(state)->name) {
        mailbox_key_write(key, present(state)->name);
    }
    return true;
}

static bool read_server(void *payload, struct string_builder *bytes, bool *found,
                        struct error *error)
{
    struct server_state *state = payload;
    struct mailbox_reply reply;
    const struct mailbox_request request = { .step = MAILBOX_STEP_READ,
                                             .entry = { .number = present(state)->number,
                                                        .size = present(state)->size } };
    if (!ask(state, &request, &reply, error) || !check(state, &reply.verdict, error))
        return advise(state, error);
    *found = reply.verdict.outcome == MAILBOX_WELL;
    if (!*found)
        state->passed_over++;
    else if (reply.length)
        string_builder_append_bytes(bytes, reply.message, reply.length);
    return true;
}

/* A server that refuses to remove some may still have others to be read. */
static bool remove_some(struct server_state *state, const struct mailbox_request *request,
                        struct error *error)
{
    struct mailbox_reply reply;
    if (!ask(state, request, &reply, error))
        return advise(state, error);
    bool is_no = reply.verdict.outcome == MAILBOX_REFUSED || reply.verdict.outcome == MAILBOX_LATER;
    if (check(state, &reply.verdict, is_no ? &state->refusal : error))
        return true;
    state->is_refused |= is_no;
    return is_no || advise(state, error);
}

static bool done_server(void *payload, const size_t *numbers, size_t count, struct error *error)
{
    struct server_state *state = payload;
    for (size_t at = 0; at < count;) {
        struct mailbox_request request = { .step = MAILBOX_STEP_REMOVE };
        while (request.count < MAILBOX_REMOVE_MAXIMUM && at < count)
            request.numbers[request.count++] = state->list.entries[numbers[at++]].number;
        if (!remove_some(state, &request, error))
            return false;
    }
    return true;
}

/* ---- waiting ---- */

static int64_t wait_ms(int64_t most_ms)
{
#ifdef PRESSROOM_TEST_HOOKS
    const char *hook = getenv("PRESSROOM_MAILBOX_IDLE_MS"); /* NOLINT(concurrency-mt-unsafe) */
    if (hook)
        return atoi(hook); /* NOLINT(cert-err34-c) */
#endif
    return most_ms;
}

static bool ask_for_news(struct server_state *state, int64_t most_ms, enum mailbox_news *news,
                         struct error *error)
{
    struct mailbox_reply reply;
    const struct mailbox_request request = { .step = MAILBOX_STEP_WAIT,
                                             .entry = { .number = state->last } };
    arena_release(&state->listed); /* all of it has been seen */
    state->list = (struct mailbox_list){ 0 };
    int64_t wait = wait_ms(most_ms);
    state->wait_ms = wait > 0 ? wait : 1; /* 0 would say that it is not waited */
    bool done = ask(state, &request, &reply, error);
    state->wait_ms = 0;
    note_idle(state, false);
    if (!done || !check(state, &reply.verdict, error))
        return false;
    take_list(state, &reply.list);
    *news = reply.list.count ? MAILBOX_MORE : MAILBOX_QUIET;
    return true;
}

/* A refused removal is reported when the session ends, so a session with one is ended properly. */
static bool can_wait_server(const void *payload)
{
    const struct server_state *state = payload;
    return state->list.can_wait && !state->is_refused;
}

static bool wait_server(void *payload, int64_t most_ms, enum mailbox_news *news,
                        struct error *error)
{
    struct server_state *state = payload;
    if (ask_for_news(state, most_ms, news, error))
        return true;
    state->is_left = state->stop && *state->stop;
    *news = MAILBOX_AGAIN;
    return state->is_left || advise(state, error);
}

static size_t passed_over_server(const void *payload)
{
    const struct server_state *state = payload;
    return state->passed_over;
}

/* ---- the end ---- */

/* A session that is broken ends by itself, and removes nothing more. */
static bool finish(struct server_state *state, struct error *error)
{
    struct mailbox_reply reply;
    struct error unheard;
    const struct mailbox_request request = { .step = MAILBOX_STEP_FINISH };
    if (state->is_broken)
        return error_set(error, ERROR_TEMPORARY, "mail.inbox: %s: the session broke", state->host);
    if (state->is_imap) { /* all that counts is done */
        (void)ask(state, &request, &reply, &unheard);
        return true;
    }
    return ask(state, &request, &reply, error) && check(state, &reply.verdict, error);
}

static bool close_server(void *payload, struct error *error)
{
    struct server_state *state = payload;
    bool done = state->is_left || finish(state, error);
    if (done && state->is_refused) {
        *error = state->refusal;
        done = false;
    }
    if (!done)
        (void)advise(state, error);
    discard(state);
    return done;
}

const struct mailbox_kind mailbox_imap = {
    open_imap,       next_server, read_server,  done_server,
    can_wait_server, wait_server, close_server, passed_over_server,
};
const struct mailbox_kind mailbox_pop3 = {
    open_pop3,       next_server, read_server,  done_server,
    can_wait_server, wait_server, close_server, passed_over_server,
};
