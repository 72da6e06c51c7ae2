/* SPDX-License-Identifier: MIT */
#include "net/mailbox_session.h"

#include "base/arena.h"
#include "base/text.h"
#include "net/mailbox.h"

#include <libetpan/mailimap.h>
#include <libetpan/mmapstring.h>
#include <libetpan/uidplus.h>
#include <stdlib.h>
#include <string.h>

/* IMAP4rev1 (RFC 3501) by libetpan. Messages are fetched by PEEK, so that none becomes "seen"; what
 * is done gets \Deleted at once and is expunged at the end, by its UID alone (RFC 4315): a plain
 * EXPUNGE would take along what a person marked. */
enum { STREAM_BUFFER = 16384 };

struct imap_session {
    mailimap *imap;
    const struct mailbox_wire *wire;
};

/* ---- libetpan's stream over the wire ---- */

static ssize_t stream_read(mailstream_low *low, void *bytes, size_t size)
{
    const struct mailbox_wire *wire = low->data;
    size_t length = wire->read(wire->payload, bytes, size);
    return length ? (ssize_t)length : -1;
}

static ssize_t stream_write(mailstream_low *low, const void *bytes, size_t length)
{
    const struct mailbox_wire *wire = low->data;
    return wire->write(wire->payload, bytes, length) ? (ssize_t)length : -1;
}

static int stream_close(mailstream_low *low)
{
    (void)low;
    return 0;
}

static void stream_free(mailstream_low *low)
{
    free(low);
}

static int stream_descriptor(mailstream_low *low)
{
    (void)low;
    return -1;
}

static void stream_cancel(mailstream_low *low)
{
    (void)low;
}

static struct mailstream_cancel *stream_get_cancel(mailstream_low *low)
{
    (void)low;
    return NULL;
}

static carray *stream_certificates(mailstream_low *low)
{
    (void)low;
    return NULL;
}

static int stream_idle(mailstream_low *low)
{
    (void)low;
    return -1;
}

static mailstream_low_driver driver = {
    .mailstream_read = stream_read,
    .mailstream_write = stream_write,
    .mailstream_close = stream_close,
    .mailstream_get_fd = stream_descriptor,
    .mailstream_free = stream_free,
    .mailstream_cancel = stream_cancel,
    .mailstream_get_cancel = stream_get_cancel,
    .mailstream_get_certificate_chain = stream_certificates,
    .mailstream_setup_idle = stream_idle,
    .mailstream_unsetup_idle = stream_idle,
    .mailstream_interrupt_idle = stream_idle,
};

static mailstream *stream_new(const struct mailbox_wire *wire)
{
    /* The stream only hands the pointer on. */
    void *data = (void *)(uintptr_t)wire; /* NOLINT(performance-no-int-to-ptr) */
    mailstream_low *low = mailstream_low_new(data, &driver);
    mailstream *stream = low ? mailstream_new(low, STREAM_BUFFER) : NULL;
    if (!stream)
        abort();
    return stream;
}

/* ---- the session ---- */

/* Long lines stay in memory; past a size of its own libetpan puts them into files. */
void mailbox_imap_prepare(void)
{
    mmap_string_set_ceil(SIZE_MAX / 2);
}

static void *start_imap(const struct mailbox_wire *wire)
{
    struct imap_session *session = calloc(1, sizeof *session);
    if (!session)
        abort();
    session->wire = wire;
    session->imap = mailimap_new(0, NULL);
    if (!session->imap)
        abort();
    return session;
}

static void stop_imap(void *payload)
{
    struct imap_session *session = payload;
    mailimap_free(session->imap);
    free(session);
}

static bool is_good(int code)
{
    return code == MAILIMAP_NO_ERROR || code == MAILIMAP_NO_ERROR_AUTHENTICATED ||
           code == MAILIMAP_NO_ERROR_NON_AUTHENTICATED;
}

static bool is_no_answer(int code)
{
    return code == MAILIMAP_ERROR_STREAM || code == MAILIMAP_ERROR_FATAL ||
           code == MAILIMAP_ERROR_PARSE || code == MAILIMAP_ERROR_MEMORY ||
           code == MAILIMAP_ERROR_PROTOCOL || code == MAILIMAP_ERROR_BAD_STATE;
}

/* What came of a command that ended with code. */
static bool judge(const struct imap_session *session, enum mailbox_phase phase, int code,
                  struct mailbox_verdict *verdict)
{
    struct text words;
    const struct mailimap_response_info *info = session->imap->imap_response_info;
    const char *response = session->imap->imap_response;
    text_init(&words, 0);
    if (info && info->rsp_atom)
        text_append_format(&words, "[%s] ", info->rsp_atom);
    text_append(&words, response ? response : "");
    if (is_good(code))
        mailbox_verdict_set(verdict, phase, MAILBOX_WELL, NULL);
    else if (is_no_answer(code)) /* the words are of an answer before */
        mailbox_verdict_set(verdict, phase, MAILBOX_UNREADABLE, NULL);
    else
        mailbox_verdict_set(verdict, phase, MAILBOX_REFUSED, words.data);
    text_release(&words);
    return is_good(code);
}

static void list_uids(struct imap_session *session, struct arena *arena, struct mailbox_list *list,
                      struct mailbox_verdict *verdict)
{
    clist *found = NULL;
    struct mailimap_search_key *key = mailimap_search_key_new(
        MAILIMAP_SEARCH_KEY_UNDELETED, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL);
    if (!key)
        abort();
    int code = mailimap_uid_search(session->imap, NULL, key, &found);
    mailimap_search_key_free(key);
    if (!judge(session, MAILBOX_LIST, code, verdict))
        return;
    if (!found)
        return;
    list->entries = arena_allocate_array(arena, (size_t)clist_count(found) + 1,
                                         sizeof *list->entries);
    for (clistiter *item = clist_begin(found); item; item = clist_next(item)) {
        uint32_t number = *(uint32_t *)clist_content(item);
        if (number == 0)
            list->unreadable++;
        else if (list->count < MAILBOX_LIST_MAXIMUM)
            list->entries[list->count++] = (struct mailbox_entry){ .number = number };
    }
    mailimap_search_result_free(found);
}

static void open_imap(void *payload, const struct mailbox_login *login, struct arena *arena,
                      struct mailbox_list *list, struct mailbox_verdict *verdict)
{
    struct imap_session *session = payload;
    mailimap *imap = session->imap;
    if (!judge(session, MAILBOX_GREETING, mailimap_connect(imap, stream_new(session->wire)),
               verdict) ||
        !judge(session, MAILBOX_LOGIN, mailimap_login(imap, login->user, login->mark), verdict) ||
        !judge(session, MAILBOX_FOLDER, mailimap_select(imap, login->folder), verdict))
        return;
    if (imap->imap_selection_info)
        list->validity = imap->imap_selection_info->sel_uidvalidity;
    list_uids(session, arena, list, verdict);
}

/* ---- messages ---- */

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

/* The text among what was sent about one message; false where it is another message than asked for,
 * or none. */
static bool take_body(const clist *items, uint32_t number, struct text *bytes)
{
    const struct mailimap_msg_att_body_section *body = NULL;
    for (clistiter *item = clist_begin(items); item; item = clist_next(item)) {
        const struct mailimap_msg_att_item *attribute = clist_content(item);
        if (attribute->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
            continue;
        const struct mailimap_msg_att_static *fixed = attribute->att_data.att_static;
        if (fixed->att_type == MAILIMAP_MSG_ATT_UID && fixed->att_data.att_uid != number)
            return false;
        if (fixed->att_type == MAILIMAP_MSG_ATT_BODY_SECTION && !body)
            body = fixed->att_data.att_body_section;
    }
    if (!body || !body->sec_body_part)
        return false;
    size_t length = body->sec_length;
    if (length > MAILBOX_MESSAGE_MAXIMUM + 1)
        length = MAILBOX_MESSAGE_MAXIMUM + 1;
    if (length)
        text_append_bytes(bytes, body->sec_body_part, length);
    return true;
}

static void read_imap(void *payload, const struct mailbox_entry *entry, struct text *bytes,
                      struct mailbox_verdict *verdict)
{
    struct imap_session *session = payload;
    clist *list = NULL;
    struct mailimap_set *set = mailimap_set_new_single(entry->number);
    struct mailimap_fetch_type *type = fetch_beginning();
    bool found = false;
    if (!set)
        abort();
    int code = mailimap_uid_fetch(session->imap, set, type, &list);
    mailimap_fetch_type_free(type);
    mailimap_set_free(set);
    if (!judge(session, MAILBOX_MESSAGE, code, verdict)) {
        if (verdict->outcome != MAILBOX_UNREADABLE) /* the others need not be like it */
            verdict->outcome = MAILBOX_GONE;
        return;
    }
    for (clistiter *item = clist_begin(list); item && !found; item = clist_next(item)) {
        const struct mailimap_msg_att *message = clist_content(item);
        found = take_body(message->att_list, entry->number, bytes);
    }
    mailimap_fetch_list_free(list);
    if (!found)
        verdict->outcome = MAILBOX_GONE;
}

static void remove_imap(void *payload, uint32_t number, struct mailbox_verdict *verdict)
{
    struct imap_session *session = payload;
    struct mailimap_set *set = mailimap_set_new_single(number);
    struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
    if (!set || !flags ||
        mailimap_flag_list_add(flags, mailimap_flag_new_deleted()) != MAILIMAP_NO_ERROR)
        abort();
    struct mailimap_store_att_flags *store = mailimap_store_att_flags_new_add_flags_silent(flags);
    if (!store)
        abort();
    int code = mailimap_uid_store(session->imap, set, store);
    mailimap_store_att_flags_free(store);
    mailimap_set_free(set);
    (void)judge(session, MAILBOX_REMOVAL, code, verdict);
}

/* A server need not say unasked what it can; and libetpan takes for granted that one that is asked
 * says something. False: there is no answer. */
static bool can_expunge(struct imap_session *session, bool *can, struct mailbox_verdict *verdict)
{
    mailimap *imap = session->imap;
    struct mailimap_capability_data *data = NULL;
    struct mailimap_connection_info *info = imap->imap_connection_info;
    mailbox_verdict_set(verdict, MAILBOX_REMOVAL, MAILBOX_WELL, NULL);
    *can = mailimap_has_uidplus(imap) != 0;
    if (*can || !info)
        return true;
    if (!info->imap_capability) {
        info->imap_capability = mailimap_capability_data_new(clist_new());
        if (!info->imap_capability)
            abort();
    }
    bool is_answered = judge(session, MAILBOX_REMOVAL, mailimap_capability(imap, &data), verdict);
    if (data)
        mailimap_capability_data_free(data);
    *can = is_answered && mailimap_has_uidplus(imap) != 0;
    return is_answered;
}

static void expunge_imap(void *payload, const uint32_t *numbers, size_t count,
                         struct mailbox_verdict *verdict)
{
    struct imap_session *session = payload;
    bool can = false;
    if (!can_expunge(session, &can, verdict) || !can)
        return;
    struct mailimap_set *set = mailimap_set_new_empty();
    if (!set)
        abort();
    for (size_t i = 0; i < count; i++)
        if (mailimap_set_add_single(set, numbers[i]) != MAILIMAP_NO_ERROR)
            abort();
    int code = mailimap_uid_expunge(session->imap, set);
    mailimap_set_free(set);
    (void)judge(session, MAILBOX_REMOVAL, code, verdict);
}

/* Whatever the server says to it: all that counts is done. */
static void finish_imap(void *payload, struct mailbox_verdict *verdict)
{
    struct imap_session *session = payload;
    (void)mailimap_logout(session->imap);
    mailbox_verdict_set(verdict, MAILBOX_END, MAILBOX_WELL, NULL);
}

const struct mailbox_protocol mailbox_protocol_imap = { start_imap,  open_imap,    read_imap,
                                                        remove_imap, expunge_imap, finish_imap,
                                                        stop_imap };
