/* SPDX-License-Identifier: MIT */
#include "net/mailbox_session.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "net/mailbox.h"
#include "net/mailbox_lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* POP3 (RFC 1939): deletions take effect with QUIT, so that a session that breaks removes nothing.
 */
enum { LINE_MAXIMUM = 1024, BODY_LINE_MAXIMUM = MAILBOX_MESSAGE_MAXIMUM + 2 };

struct pop3_session {
    struct mailbox_lines lines;
    struct string_builder line;
    bool has_crlf; /* so ended the last answer: its text is ended and dotted alike */
};

static void *start_pop3(const struct mailbox_stream *stream)
{
    struct pop3_session *session = memory_allocate(sizeof *session);
    session->lines.stream = stream;
    string_builder_init(&session->line, BODY_LINE_MAXIMUM + 1);
    return session;
}

static void stop_pop3(void *payload)
{
    struct pop3_session *session = payload;
    string_builder_release(&session->line);
    free(session);
}

/* ---- commands ---- */

static void trim_end(struct string_builder *line)
{
    size_t length = line->length;
    while (length && strchr(" \t\r\n", line->data[length - 1]))
        length--;
    string_builder_truncate(line, length);
}

/* The answer to what was sent. */
static bool read_reply(struct pop3_session *session, enum mailbox_phase phase,
                       struct mailbox_verdict *verdict)
{
    bool is_cut = false;
    struct string_builder *line = &session->line;
    if (!mailbox_lines_next(&session->lines, line, &is_cut)) {
        mailbox_verdict_set(verdict, phase, MAILBOX_UNREADABLE, NULL);
        return false;
    }
    session->has_crlf = line->length > 1 && line->data[line->length - 2] == '\r';
    trim_end(line);
    bool is_well = strncmp(line->data, "+OK", 3) == 0;
    bool is_no = strncmp(line->data, "-ERR", 4) == 0;
    const char *words = line->data + (is_well ? 3 : is_no ? 4 : 0);
    enum mailbox_outcome outcome = is_well ? MAILBOX_WELL
                                   : is_no ? MAILBOX_REFUSED
                                           : MAILBOX_UNREADABLE;
    mailbox_verdict_set(verdict, phase, outcome, words + strspn(words, " \t"));
    return is_well;
}

static bool command(struct pop3_session *session, enum mailbox_phase phase,
                    struct mailbox_verdict *verdict, const char *word, const char *argument)
{
    struct string_builder bytes;
    const struct mailbox_stream *stream = session->lines.stream;
    string_builder_init(&bytes, 0);
    string_builder_append(&bytes, word);
    if (argument)
        string_builder_append_format(&bytes, " %s", argument);
    string_builder_append(&bytes, "\r\n");
    /* Octets that came before the command must not be taken for its answer. */
    bool done = session->lines.length == 0 &&
                stream->write(stream->payload, bytes.data, bytes.length);
    string_builder_release(&bytes);
    if (done)
        return read_reply(session, phase, verdict);
    mailbox_verdict_set(verdict, phase, MAILBOX_UNREADABLE, NULL);
    return false;
}

static bool command_number(struct pop3_session *session, enum mailbox_phase phase,
                           struct mailbox_verdict *verdict, const char *word, uint32_t number)
{
    struct string_builder argument;
    string_builder_init(&argument, 0);
    string_builder_append_number(&argument, number);
    if (strcmp(word, "TOP") == 0)
        string_builder_append_format(&argument, " %d", MAILBOX_TOP_LINES);
    bool done = command(session, phase, verdict, word, argument.data);
    string_builder_release(&argument);
    return done;
}

/* ---- an answer of many lines, up to a dot ---- */

static bool ends_so(const struct string_builder *line, const char *end)
{
    size_t length = strlen(end);
    return line->length >= length && memcmp(line->data + line->length - length, end, length) == 0;
}

/* True: one more line, with its end, without the dot put before one. *is_first says whether a line
 * begins here as the server ends them, and then whether the next does. False: the end, or (verdict)
 * nothing more comes. A lone dot behind a line that ended otherwise may be of the text: it counts
 * where nothing follows. */
static bool next_line(struct pop3_session *session, bool *is_first, size_t *from, bool *is_cut,
                      struct mailbox_verdict *verdict)
{
    struct string_builder *line = &session->line;
    if (!mailbox_lines_next(&session->lines, line, is_cut)) {
        mailbox_verdict_set(verdict, verdict->phase, MAILBOX_UNREADABLE, NULL);
        return false;
    }
    const char *end = session->has_crlf ? "\r\n" : "\n";
    bool is_ended = *is_cut || ends_so(line, end);
    bool is_dot = line->data[0] == '.' && line->length == 1 + strlen(end) && is_ended;
    if (is_dot && (*is_first || session->lines.length == 0))
        return false;
    *from = *is_first && line->data[0] == '.';
    *is_first = is_ended;
    return true;
}

/* A number of 1 to most at *at, which goes behind it. */
static bool take_number(const char **at, uint64_t most, uint64_t *number)
{
    *number = 0;
    *at += strspn(*at, " \t");
    const char *start = *at;
    for (; **at >= '0' && **at <= '9' && *number <= most; (*at)++)
        *number = *number * 10 + (uint64_t)(**at - '0');
    bool is_ended = !**at || **at == ' ' || **at == '\t';
    return *at > start && is_ended && *number <= most;
}

static void add(struct arena *arena, struct mailbox_list *list, uint32_t number, uint32_t size)
{
    ARRAY_GROW_IN(arena, list->entries, list->count, list->capacity);
    list->entries[list->count++] = (struct mailbox_entry){ .number = number, .size = size };
}

static bool is_whole_line(struct string_builder *line, bool is_cut)
{
    if (is_cut || line->length > LINE_MAXIMUM || memchr(line->data, '\0', line->length))
        return false;
    trim_end(line);
    return true;
}

/* "NUMBER SIZE", with any blanks. */
static void take_listed(struct pop3_session *session, struct arena *arena,
                        struct mailbox_list *list, bool is_cut)
{
    uint64_t number = 0;
    uint64_t size = 0;
    const char *at = session->line.data;
    if (!is_whole_line(&session->line, is_cut) || !take_number(&at, INT32_MAX, &number) ||
        number == 0 || at[strspn(at, " \t")] == '\0' || at[strspn(at, " \t")] == '-')
        list->unreadable++;
    else if (list->count < MAILBOX_LIST_MAXIMUM)
        add(arena, list, (uint32_t)number,
            take_number(&at, UINT32_MAX, &size) ? (uint32_t)size : UINT32_MAX);
}

static int by_number(const void *left, const void *right)
{
    const struct mailbox_entry *first = left;
    const struct mailbox_entry *second = right;
    return (first->number > second->number) - (first->number < second->number);
}

/* "NUMBER NAME"; what names no listed message, or gives it no name, says nothing. */
static void take_named(struct pop3_session *session, struct arena *arena, struct mailbox_list *list,
                       bool is_cut)
{
    uint64_t number = 0;
    const char *at = session->line.data;
    if (!is_whole_line(&session->line, is_cut) || !take_number(&at, INT32_MAX, &number))
        return;
    at += strspn(at, " \t");
    const struct mailbox_entry key = { .number = (uint32_t)number };
    struct mailbox_entry *entry = list->count ? bsearch(&key, list->entries, list->count,
                                                        sizeof key, by_number)
                                              : NULL;
    if (entry && *at && !entry->name)
        entry->name = arena_copy(arena, at);
}

static bool list_messages(struct pop3_session *session, struct arena *arena,
                          struct mailbox_list *list, struct mailbox_verdict *verdict)
{
    size_t from = 0;
    bool is_first = true;
    bool is_cut = false;
    if (!command(session, MAILBOX_LIST, verdict, "LIST", NULL))
        return false;
    while (next_line(session, &is_first, &from, &is_cut, verdict))
        take_listed(session, arena, list, is_cut);
    if (list->count)
        qsort(list->entries, list->count, sizeof *list->entries, by_number);
    return verdict->outcome == MAILBOX_WELL;
}

/* A server without UIDL names nothing: then every message is read each time, and known by its
 * content. */
static void name_messages(struct pop3_session *session, struct arena *arena,
                          struct mailbox_list *list, struct mailbox_verdict *verdict)
{
    size_t from = 0;
    bool is_first = true;
    bool is_cut = false;
    if (command(session, MAILBOX_LIST, verdict, "UIDL", NULL))
        while (next_line(session, &is_first, &from, &is_cut, verdict))
            take_named(session, arena, list, is_cut);
    if (verdict->outcome == MAILBOX_REFUSED)
        verdict->outcome = MAILBOX_WELL;
}

static void open_pop3(void *payload, const struct mailbox_login *login, struct arena *arena,
                      struct mailbox_list *list, struct mailbox_verdict *verdict)
{
    struct pop3_session *session = payload;
    if (read_reply(session, MAILBOX_GREETING, verdict) &&
        command(session, MAILBOX_LOGIN, verdict, "USER", login->user) &&
        command(session, MAILBOX_LOGIN, verdict, "PASS", login->mark) &&
        list_messages(session, arena, list, verdict))
        name_messages(session, arena, list, verdict);
}

/* ---- messages ---- */

static void take_message(struct pop3_session *session, struct string_builder *bytes,
                         struct mailbox_verdict *verdict)
{
    size_t from = 0;
    bool is_first = true;
    bool is_cut = false;
    while (next_line(session, &is_first, &from, &is_cut, verdict)) {
        size_t room = MAILBOX_MESSAGE_MAXIMUM + 1 - bytes->length;
        size_t length = session->line.length - from;
        if (length > room)
            length = room;
        if (length)
            string_builder_append_bytes(bytes, session->line.data + from, length);
    }
}

/* A size that the server does not say counts as a large one: of a message that is asked for from
 * its beginning, all of a small one comes. Not every server knows TOP. */
static bool request_message(struct pop3_session *session, const struct mailbox_entry *entry,
                            struct mailbox_verdict *verdict)
{
    bool is_endless = entry->size > MAILBOX_RETR_MAXIMUM && entry->size < UINT32_MAX;
    if (entry->size > MAILBOX_MESSAGE_MAXIMUM &&
        (command_number(session, MAILBOX_MESSAGE, verdict, "TOP", entry->number) || is_endless ||
         verdict->outcome == MAILBOX_UNREADABLE))
        return verdict->outcome == MAILBOX_WELL;
    return command_number(session, MAILBOX_MESSAGE, verdict, "RETR", entry->number);
}

static void read_pop3(void *payload, const struct mailbox_entry *entry,
                      struct string_builder *bytes, struct mailbox_verdict *verdict)
{
    struct pop3_session *session = payload;
    if (request_message(session, entry, verdict))
        take_message(session, bytes, verdict);
    else if (verdict->outcome != MAILBOX_UNREADABLE) /* the other messages may still be readable */
        verdict->outcome = MAILBOX_GONE;
}

/* Where the server refuses to remove one message the others are removed all the same; the verdict
 * is that of the refused one. */
static void remove_pop3(void *payload, const uint32_t *numbers, size_t count,
                        struct mailbox_verdict *verdict)
{
    struct mailbox_verdict own = { .phase = MAILBOX_REMOVAL };
    mailbox_verdict_set(verdict, MAILBOX_REMOVAL, MAILBOX_WELL, NULL);
    for (size_t i = 0; i < count && own.outcome != MAILBOX_UNREADABLE; i++)
        if (!command_number(payload, MAILBOX_REMOVAL, &own, "DELE", numbers[i]))
            *verdict = own;
}

static void wait_pop3(void *payload, uint32_t last, struct arena *arena, struct mailbox_list *list,
                      struct mailbox_verdict *verdict)
{
    (void)payload, (void)last, (void)arena, (void)list;
    mailbox_verdict_set(verdict, MAILBOX_LIST, MAILBOX_WELL, NULL);
}

static void finish_pop3(void *payload, struct mailbox_verdict *verdict)
{
    (void)command(payload, MAILBOX_END, verdict, "QUIT", NULL);
}

const struct mailbox_protocol mailbox_protocol_pop3 = { start_pop3,  open_pop3, read_pop3,
                                                        remove_pop3, wait_pop3, finish_pop3,
                                                        stop_pop3 };
