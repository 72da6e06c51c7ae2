/* SPDX-License-Identifier: MIT */
#ifndef NET_MAILBOX_IMAP_H
#define NET_MAILBOX_IMAP_H

#include "base/string_builder.h"
#include "net/mailbox_imap_response.h"
#include "net/mailbox_session.h"

/* Inside net/ only: an IMAP4rev1 session (RFC 3501). */

struct imap_session {
    struct mailbox_lines lines;
    struct string_builder response;
    struct string_builder done_folder; /* its name with the server's prefix; "": not known yet */
    unsigned tag;
    uint32_t validity;
    bool knows_capabilities; /* the following are known */
    bool can_expunge;        /* UIDPLUS (RFC 4315) */
    bool can_move;           /* RFC 6851 */
    bool can_wait;           /* IDLE (RFC 2177) */
    bool has_namespaces;     /* RFC 2342 */
    bool has_news;           /* EXISTS came since the last search */
};

/* What a command is for, and what takes its untagged responses: take returns false for a malformed
 * one; NULL: they are ignored. */
struct imap_command {
    enum mailbox_phase phase;
    bool (*take)(void *payload, struct imap_cursor *cursor);
    void *payload;
    bool is_last;   /* the server says goodbye to it */
    bool may_go_on; /* "+" may come before the answer */
};

/* Fills the verdict and returns false. words may be NULL. */
bool imap_fail(struct mailbox_verdict *verdict, enum mailbox_phase phase,
               enum mailbox_outcome outcome, const struct imap_cursor *words);

enum imap_status { IMAP_NONE, IMAP_OK, IMAP_NO, IMAP_BYE, IMAP_PREAUTH };

/* "OK [CODE …] words": behind the status, and what the code says is noted. */
enum imap_status imap_take_status(struct imap_session *session, struct imap_cursor *cursor);

/* What stands behind "* ", where it is no answer: notes it, or gives it to who takes it. */
bool imap_take_untagged(struct imap_session *session, const struct imap_command *command,
                        struct imap_cursor *cursor, struct mailbox_verdict *verdict);

/* Reads until the tagged response of the last command; untagged ones before it are taken. */
bool imap_read_response(struct imap_session *session, const struct imap_command *command,
                        struct mailbox_verdict *verdict);

/* Sends one command line with a tag of its own, without waiting for its response. */
bool imap_send_command(struct imap_session *session, const char *words);

/* Sends a command and reads its response; imap_run_format() writes the command too. */
bool imap_run_command(struct imap_session *session, const struct imap_command *command,
                      const char *words, struct mailbox_verdict *verdict);
bool imap_run_format(struct imap_session *session, const struct imap_command *command,
                     struct mailbox_verdict *verdict, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* UIDs of messages that nobody marked as deleted, from that one on. */
bool imap_search(struct imap_session *session, uint32_t from, struct arena *arena,
                 struct mailbox_list *list, struct mailbox_verdict *verdict);

/* The functions of mailbox_protocol that have files of their own. */
void imap_remove(void *session, const uint32_t *numbers, size_t count,
                 struct mailbox_verdict *verdict);
void imap_wait(void *session, uint32_t last, struct arena *arena, struct mailbox_list *list,
               struct mailbox_verdict *verdict);

#endif
