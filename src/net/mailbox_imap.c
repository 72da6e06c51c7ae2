/* SPDX-License-Identifier: MIT */
#include "net/mailbox_kind.h"

#include "base/error.h"
#include "base/text.h"
#include "net/mailbox_stream.h"

#include <inttypes.h>
#include <libetpan/mailimap.h>
#include <libetpan/uidplus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* IMAP4rev1 (RFC 3501) by libetpan. Messages are fetched by PEEK, so that none becomes "seen"; what
 * is done gets \Deleted at once and is expunged at the end, by its UID alone (RFC 4315): a plain
 * EXPUNGE would take along what a person marked. */
enum {
    LIST_MAXIMUM = 16 * 1024 * 1024, /* octets of one answer: a million UIDs */
    ANSWER_MAXIMUM = 64 * 1024
};

struct imap_state {
    mailimap *session;
    mailstream *stream; /* the session's */
    uint32_t *uids;
    size_t count;
    size_t next;
    uint32_t validity;
    size_t done_count;
    const char *host;
};

static bool fail(const struct imap_state *state, enum error_kind kind, const char *what, int code,
                 struct error *error)
{
    const char *answer = state->session->imap_response ? state->session->imap_response : "";
    return error_set(error, kind, "mail.inbox: %s: %s: %s%s(code %d)", state->host, what, answer,
                     *answer ? " " : "", code);
}

static bool is_good(int code)
{
    return code == MAILIMAP_NO_ERROR || code == MAILIMAP_NO_ERROR_AUTHENTICATED ||
           code == MAILIMAP_NO_ERROR_NON_AUTHENTICATED;
}

static bool is_stream_error(int code)
{
    return code == MAILIMAP_ERROR_STREAM || code == MAILIMAP_ERROR_FATAL ||
           code == MAILIMAP_ERROR_PARSE;
}

/* ---- opening ---- */

static bool log_in(struct imap_state *state, const struct mailbox_settings *settings,
                   const struct mailbox_place *place, struct error *error)
{
    mailbox_stream_allow(state->stream, ANSWER_MAXIMUM);
    int code = mailimap_connect(state->session, state->stream);
    if (!is_good(code))
        return fail(state, ERROR_TEMPORARY, "no greeting", code, error);
    mailbox_stream_allow(state->stream, ANSWER_MAXIMUM);
    code = mailimap_login(state->session, place->user,
                          settings->password ? settings->password : "");
    if (!is_good(code))
        return fail(state, is_stream_error(code) ? ERROR_TEMPORARY : ERROR_USAGE,
                    "user or password refused", code, error);
    mailbox_stream_allow(state->stream, ANSWER_MAXIMUM);
    code = mailimap_select(state->session, place->folder);
    if (!is_good(code))
        return fail(state, is_stream_error(code) ? ERROR_TEMPORARY : ERROR_USAGE,
                    "the folder cannot be opened", code, error);
    if (state->session->imap_selection_info)
        state->validity = state->session->imap_selection_info->sel_uidvalidity;
    return true;
}

static bool list_uids(struct imap_state *state, struct error *error)
{
    clist *found = NULL;
    struct mailimap_search_key *key = mailimap_search_key_new(
        MAILIMAP_SEARCH_KEY_UNDELETED, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL);
    if (!key)
        abort();
    mailbox_stream_allow(state->stream, LIST_MAXIMUM);
    int code = mailimap_uid_search(state->session, NULL, key, &found);
    mailimap_search_key_free(key);
    if (!is_good(code))
        return fail(state, ERROR_TEMPORARY, "the list of messages", code, error);
    state->uids = calloc((size_t)clist_count(found) + 1, sizeof *state->uids);
    if (!state->uids)
        abort();
    for (clistiter *item = clist_begin(found); item; item = clist_next(item))
        state->uids[state->count++] = *(uint32_t *)clist_content(item);
    mailimap_search_result_free(found);
    return true;
}

static void discard(struct imap_state *state)
{
    if (state->session)
        mailimap_free(state->session);
    free(state->uids);
    free(state);
}

static bool open_session(struct imap_state *state, const struct mailbox_settings *settings,
                         const struct mailbox_place *place, struct error *error)
{
    state->host = place->host;
    state->stream = mailbox_stream_open(settings, place, error);
    if (!state->stream)
        return false;
    state->session = mailimap_new(0, NULL);
    if (!state->session)
        abort();
    return log_in(state, settings, place, error) && list_uids(state, error);
}

static void *open_imap(const struct mailbox_settings *settings, const struct mailbox_place *place,
                       struct error *error)
{
    struct imap_state *state = calloc(1, sizeof *state);
    if (!state)
        abort();
    if (open_session(state, settings, place, error))
        return state;
    discard(state);
    return NULL;
}

/* ---- messages ---- */

static bool next_imap(void *payload, char key[MAILBOX_KEY_SIZE], bool *found, struct error *error)
{
    struct imap_state *state = payload;
    char name[64];
    (void)error;
    *found = state->next < state->count;
    if (!*found)
        return true;
    (void)snprintf(name, sizeof name, "%" PRIu32 ".%" PRIu32, state->validity,
                   state->uids[state->next++]);
    mailbox_key_write(key, name);
    return true;
}

static struct mailimap_fetch_type *fetch_beginning(void)
{
    struct mailimap_section *section = mailimap_section_new(NULL);
    struct mailimap_fetch_att *attribute = section
                                               ? mailimap_fetch_att_new_body_peek_section_partial(
                                                     section, 0, MAILBOX_MESSAGE_MAXIMUM + 1)
                                               : NULL;
    struct mailimap_fetch_type *type = attribute ? mailimap_fetch_type_new_fetch_att(attribute)
                                                 : NULL;
    if (!type)
        abort();
    return type;
}

static void take_body(const clist *items, struct text *bytes, bool *found)
{
    for (clistiter *item = clist_begin(items); item; item = clist_next(item)) {
        const struct mailimap_msg_att_item *attribute = clist_content(item);
        if (attribute->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC ||
            attribute->att_data.att_static->att_type != MAILIMAP_MSG_ATT_BODY_SECTION)
            continue;
        const struct mailimap_msg_att_body_section *body =
            attribute->att_data.att_static->att_data.att_body_section;
        if (body->sec_body_part && !*found) {
            size_t length = body->sec_length;
            if (length > MAILBOX_MESSAGE_MAXIMUM + 1)
                length = MAILBOX_MESSAGE_MAXIMUM + 1;
            text_append_bytes(bytes, body->sec_body_part, length);
            *found = true;
        }
    }
}

static bool read_imap(void *payload, struct text *bytes, bool *found, struct error *error)
{
    struct imap_state *state = payload;
    clist *list = NULL;
    struct mailimap_set *set = mailimap_set_new_single(state->uids[state->next - 1]);
    struct mailimap_fetch_type *type = fetch_beginning();
    if (!set)
        abort();
    mailbox_stream_allow(state->stream, MAILBOX_MESSAGE_MAXIMUM + ANSWER_MAXIMUM);
    int code = mailimap_uid_fetch(state->session, set, type, &list);
    mailimap_fetch_type_free(type);
    mailimap_set_free(set);
    *found = false;
    if (!is_good(code))
        return fail(state, ERROR_TEMPORARY, "a message", code, error);
    for (clistiter *item = clist_begin(list); item; item = clist_next(item)) {
        const struct mailimap_msg_att *message = clist_content(item);
        take_body(message->att_list, bytes, found);
    }
    mailimap_fetch_list_free(list);
    return true;
}

static bool done_imap(void *payload, struct error *error)
{
    struct imap_state *state = payload;
    struct mailimap_set *set = mailimap_set_new_single(state->uids[state->next - 1]);
    struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
    if (!set || !flags ||
        mailimap_flag_list_add(flags, mailimap_flag_new_deleted()) != MAILIMAP_NO_ERROR)
        abort();
    struct mailimap_store_att_flags *store = mailimap_store_att_flags_new_add_flags_silent(flags);
    if (!store)
        abort();
    mailbox_stream_allow(state->stream, ANSWER_MAXIMUM);
    int code = mailimap_uid_store(state->session, set, store);
    mailimap_store_att_flags_free(store);
    mailimap_set_free(set);
    if (!is_good(code))
        return fail(state, ERROR_TEMPORARY, "marking a message", code, error);
    /* The list behind us is of no more use: it keeps what is to be expunged. */
    state->uids[state->done_count++] = state->uids[state->next - 1];
    return true;
}

/* ---- the end ---- */

static bool expunge_some(struct imap_state *state, size_t from, size_t count, struct error *error)
{
    struct mailimap_set *set = mailimap_set_new_empty();
    if (!set)
        abort();
    for (size_t i = from; i < from + count; i++)
        if (mailimap_set_add_single(set, state->uids[i]) != MAILIMAP_NO_ERROR)
            abort();
    mailbox_stream_allow(state->stream, ANSWER_MAXIMUM);
    int code = mailimap_uid_expunge(state->session, set);
    mailimap_set_free(set);
    return is_good(code) || fail(state, ERROR_TEMPORARY, "removing messages", code, error);
}

static bool expunge(struct imap_state *state, struct error *error)
{
    enum { AT_ONCE = 100 }; /* a line of command stays below what servers take */

    if (!state->done_count)
        return true;
    mailbox_stream_allow(state->stream, ANSWER_MAXIMUM);
    if (!mailimap_has_uidplus(state->session))
        return true;
    for (size_t at = 0; at < state->done_count; at += AT_ONCE) {
        size_t count = state->done_count - at < AT_ONCE ? state->done_count - at : AT_ONCE;
        if (!expunge_some(state, at, count, error))
            return false;
    }
    return true;
}

static bool close_imap(void *payload, struct error *error)
{
    struct imap_state *state = payload;
    bool done = expunge(state, error);
    mailbox_stream_allow(state->stream, ANSWER_MAXIMUM);
    (void)mailimap_logout(state->session);
    discard(state);
    return done;
}

const struct mailbox_kind mailbox_imap = { open_imap, next_imap, read_imap, done_imap, close_imap };
