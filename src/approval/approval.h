/* SPDX-License-Identifier: MIT */
#ifndef APPROVAL_APPROVAL_H
#define APPROVAL_APPROVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct database;
struct database_schema;
struct error;
struct hash;
struct preview_settings;
struct random;
struct receipt;
struct receipt_settings;
struct release_row;
struct token_keys;

/* Who lets a release go, and who stops it, by answering a mail (receipt/). An approver is one of
 * newsroom.yaml's receipts.approvers. A yes counts for the revision that its mail showed, once,
 * within APPROVAL_DAYS, from the address that was mailed. */
extern const struct database_schema approval_schema; /* migrate after receipt_schema */

enum { APPROVAL_DAYS = 7, APPROVAL_REASON_MAXIMUM = 300 /* characters */ };

/* All borrowed. Filled by cli/. */
struct approval_service {
    struct database *database;
    const struct receipt_settings *receipts;
    const struct token_keys *keys;
    struct random *random;
    const struct preview_settings
        *preview; /* what is asked for is shown so; NULL: who only answers */
};

/* ---- asking (ask.c) ---- */

/* Asks for what RELEASE_NOTIFICATION_APPROVAL stands for and reminds of what is not answered: an
 * hour before its time, and after a day. Each mail in a transaction with what it was made for.
 * *asked: mails queued. Cheap where there is nothing. */
bool approval_run(const struct approval_service *service, int64_t now_at, int64_t *asked,
                  struct error *error);

/* When somebody is to be reminded next; INSTANT_NONE: nobody. */
bool approval_next_at(struct database *database, int64_t *at, struct error *error);

/* Whether it is one of receipts.approvers. */
bool approval_is_approver(const struct receipt_settings *settings, const char *address);

/* ---- answers (answer.c, stop.c): in the caller's transaction ---- */

/* One reply to a receipt. */
struct approval_reply {
    const struct receipt *receipt;
    const char *from;        /* who wrote it */
    const char *message_id;  /* of the reply, with angle brackets; NULL */
    const struct hash *hash; /* of its bytes: one reply is answered once */
    int64_t now_at;
};

/* Whether from may accept the open changes of what a receipt shows: it went to him, he still gets
 * receipts, and no approver has to. */
bool approval_may_accept_changes(const struct receipt_settings *settings, struct database *database,
                                 struct arena *arena, const struct receipt *receipt,
                                 const char *from, bool *may, struct error *error);

/* A yes: to a mail that asks, by an approver; to one that shows open changes, by who may accept
 * them (the caller has asked approval_may_accept_changes()). Whatever comes of it is answered in
 * words. *approved: it counts. */
bool approval_say_yes(const struct approval_service *service, const struct approval_reply *reply,
                      bool *approved, struct error *error);

/* Any other words to a mail that asks: nothing changes, and an approver is told so. */
bool approval_say_other(const struct approval_service *service, const struct approval_reply *reply,
                        struct error *error);

/* STOP to any receipt of a release: nothing of it that is not public becomes so, and nothing more
 * is mailed, until its file is another or approval_resume(). Whom the receipt went to is told how
 * far it got. */
bool approval_stop(const struct approval_service *service, const struct approval_reply *reply,
                   struct error *error);

/* Why what was withdrawn by its place is, as one paragraph of plain text: the notice and the mail
 * say so, where that mail has not been made. Whom the receipt went to is told what came of it. */
bool approval_say_reason(const struct approval_service *service, const struct approval_reply *reply,
                         const char *reason, struct error *error);

/* Whether the address is the one that the receipt went to. */
bool approval_is_receiver(const struct receipt *receipt, const char *address);

/* Lets go what approval_stop() stopped, of the release with that row id. *count: versions and
 * mailings. */
bool approval_resume(struct database *database, int64_t original_row_id, int64_t now_at,
                     size_t *count, struct error *error);

/* ---- evidence ---- */

struct approval {
    int64_t revision;
    const char *address;
    int64_t at;
};

/* Every yes to a release_row, the newest first, in arena. */
bool approval_list(struct database *database, struct arena *arena, int64_t release,
                   struct approval **approvals, size_t *count, struct error *error);

#endif
