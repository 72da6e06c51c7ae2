/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/array.h"
#include "net/mailbox_imap.h"

#include <inttypes.h>
#include <string.h>

/* Which messages are in the folder, and waiting for new ones (RFC 2177). */

enum { SEARCHES_MAXIMUM = 3 };

struct uid_list {
    struct arena *arena;
    struct mailbox_list *list;
    uint32_t from;
};

static void add(const struct uid_list *uids, uint32_t number)
{
    struct mailbox_list *list = uids->list;
    ARRAY_GROW_IN(uids->arena, list->entries, list->count, list->capacity);
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
        else if (number >= uids->from && uids->list->count < MAILBOX_LIST_MAXIMUM)
            add(uids, number);
    }
    return true;
}

bool imap_search(struct imap_session *session, uint32_t from, struct arena *arena,
                 struct mailbox_list *list, struct mailbox_verdict *verdict)
{
    struct uid_list uids = { arena, list, from };
    const struct imap_command search = { .phase = MAILBOX_LIST,
                                         .take = take_uids,
                                         .payload = &uids };
    session->has_news = false;
    return from ? imap_run_format(session, &search, verdict,
                                  "UID SEARCH UID %" PRIu32 ":* UNDELETED", from)
                : imap_run_format(session, &search, verdict, "UID SEARCH UNDELETED");
}

/* Waits until EXISTS comes, or the process that holds the socket reports that nothing came in time;
 * other responses are ignored. */
static bool idle(struct imap_session *session, struct mailbox_verdict *verdict)
{
    static const char end[] = "DONE\r\n";
    struct imap_command command = { .phase = MAILBOX_LIST };
    const struct mailbox_stream *stream = session->lines.stream;
    struct imap_cursor cursor;
    bool may_end = false;
    if (!imap_send_command(session, "IDLE"))
        return imap_fail(verdict, MAILBOX_LIST, MAILBOX_UNREADABLE, NULL);
    while (!(session->has_news && may_end) &&
           imap_response_next(&session->lines, &session->response)) {
        imap_cursor_init(&cursor, &session->response);
        if (imap_take_word(&cursor, "+"))
            may_end = true;
        else if (!imap_take_word(&cursor, "*"))
            return imap_fail(verdict, MAILBOX_LIST, MAILBOX_UNREADABLE, &cursor);
        else if (!imap_take_untagged(session, &command, &cursor, verdict))
            return false;
    }
    command.may_go_on = !may_end; /* a slow server's "+" comes behind our DONE */
    if (!stream->write(stream->payload, end, strlen(end)))
        return imap_fail(verdict, MAILBOX_LIST, MAILBOX_UNREADABLE, NULL);
    return imap_read_response(session, &command, verdict);
}

/* A server need not repeat in IDLE an EXISTS that came with an earlier response, so new messages
 * are searched for first, again where one came meanwhile, but a bounded number of times. */
static bool search_new(struct imap_session *session, uint32_t from, struct arena *arena,
                       struct mailbox_list *list, struct mailbox_verdict *verdict)
{
    for (int i = 0; i < SEARCHES_MAXIMUM; i++) {
        if (!imap_search(session, from, arena, list, verdict))
            return false;
        if (list->count || !session->has_news)
            break;
    }
    return true;
}

void imap_wait(void *payload, uint32_t last, struct arena *arena, struct mailbox_list *list,
               struct mailbox_verdict *verdict)
{
    struct imap_session *session = payload;
    uint32_t from = last < UINT32_MAX ? last + 1 : last;
    list->validity = session->validity;
    list->can_wait = session->can_wait;
    if (!search_new(session, from, arena, list, verdict) || list->count || !session->can_wait ||
        !idle(session, verdict))
        return;
    if (session->has_news)
        (void)search_new(session, from, arena, list, verdict);
}
