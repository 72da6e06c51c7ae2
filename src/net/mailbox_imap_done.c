/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "net/mailbox.h"
#include "net/mailbox_imap.h"

#include <inttypes.h>
#include <string.h>

/* What is done goes to a folder of its own: by MOVE (RFC 6851), else by a copy and by removing the
 * message by its UID alone (RFC 4315): a plain EXPUNGE would take along what a person marked. */

enum { PREFIX_MAXIMUM = 200 };

/* `NAMESPACE (("INBOX." ".")) NIL NIL`: what names of a user's own folders begin with (RFC 2342).
 */
static bool take_namespace(void *payload, struct imap_cursor *cursor)
{
    static const char opening[] = "((\"";
    struct string_builder *prefix = payload;
    size_t length = strlen(opening);
    if (!imap_take_word(cursor, "NAMESPACE") || (size_t)(cursor->end - cursor->at) < length ||
        memcmp(cursor->at, opening, length) != 0)
        return true;
    const char *start = cursor->at + length;
    const char *end = memchr(start, '"', (size_t)(cursor->end - start));
    bool is_plain = end && end - start <= PREFIX_MAXIMUM;
    for (const char *c = start; is_plain && c < end; c++)
        is_plain = *c >= ' ' && *c < 127 && *c != '\\';
    string_builder_clear(prefix);
    if (is_plain)
        string_builder_append_bytes(prefix, start, (size_t)(end - start));
    return true;
}

static bool find_folder(struct imap_session *session, struct mailbox_verdict *verdict)
{
    struct string_builder *folder = &session->done_folder;
    const struct imap_command command = { .phase = MAILBOX_REMOVAL,
                                          .take = take_namespace,
                                          .payload = folder };
    if (folder->length)
        return true;
    if (session->has_namespaces && !imap_run_format(session, &command, verdict, "NAMESPACE") &&
        verdict->outcome == MAILBOX_UNREADABLE)
        return false;
    string_builder_append(folder, MAILBOX_DONE_FOLDER);
    return true;
}

/* One that is there already is refused, too. */
static bool make_folder(struct imap_session *session, struct mailbox_verdict *verdict)
{
    const struct imap_command command = { .phase = MAILBOX_REMOVAL };
    const char *folder = session->done_folder.data;
    struct mailbox_verdict shown;
    if (!imap_run_format(session, &command, verdict, "CREATE \"%s\"", folder))
        return verdict->outcome != MAILBOX_UNREADABLE;
    *verdict = shown = (struct mailbox_verdict){ .phase = MAILBOX_REMOVAL };
    if (imap_run_format(session, &command, &shown, "SUBSCRIBE \"%s\"", folder) ||
        shown.outcome != MAILBOX_UNREADABLE)
        return true;
    *verdict = shown;
    return false;
}

static bool copy(struct imap_session *session, const char *set, struct mailbox_verdict *verdict)
{
    const struct imap_command command = { .phase = MAILBOX_REMOVAL };
    const char *verb = session->can_move ? "MOVE" : "COPY";
    const char *folder = session->done_folder.data;
    struct mailbox_verdict making = { .phase = MAILBOX_REMOVAL };
    if (imap_run_format(session, &command, verdict, "UID %s %s \"%s\"", verb, set, folder))
        return true;
    if (verdict->outcome == MAILBOX_UNREADABLE)
        return false;
    if (!make_folder(session, &making)) {
        *verdict = making;
        return false;
    }
    if (imap_run_format(session, &command, verdict, "UID %s %s \"%s\"", verb, set, folder))
        return true;
    /* The reason why the folder cannot be made is more useful than that it does not exist. */
    if (verdict->outcome != MAILBOX_UNREADABLE && making.outcome != MAILBOX_WELL)
        *verdict = making;
    return false;
}

void imap_remove(void *payload, const uint32_t *numbers, size_t count,
                 struct mailbox_verdict *verdict)
{
    struct imap_session *session = payload;
    const struct imap_command command = { .phase = MAILBOX_REMOVAL };
    struct string_builder set;
    string_builder_init(&set, 0);
    for (size_t i = 0; i < count; i++)
        string_builder_append_format(&set, "%s%" PRIu32, i ? "," : "", numbers[i]);
    bool is_gone = find_folder(session, verdict) && copy(session, set.data, verdict) &&
                   (session->can_move ||
                    imap_run_format(session, &command, verdict,
                                    "UID STORE %s +FLAGS.SILENT (\\Deleted)", set.data));
    if (is_gone && !session->can_move && session->can_expunge)
        (void)imap_run_format(session, &command, verdict, "UID EXPUNGE %s", set.data);
    string_builder_release(&set);
}
