/* SPDX-License-Identifier: MIT */
#include "delivery/sender.h"

#include "base/error.h"
#include "base/fault.h"
#include "base/hash.h"
#include "delivery/message_source.h"
#include "net/mailbox.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

enum { NAME_DIGITS = 40, NAME_SIZE = 64 };

/* The return path is different for each delivery and of every newsroom: so is its hash. The same
 * row has the same name at each try, so that a second one replaces the first. */
static void message_name(const struct delivery_message *message, char name[NAME_SIZE])
{
    struct hash_state state;
    struct hash hash;
    hash_init(&state);
    hash_update_string(&state, message->sender);
    hash_update_string(&state, message->recipient);
    hash_final(&state, &hash);
    char hex[HASH_HEX_SIZE];
    hash_to_hex(&hash, hex);
    (void)snprintf(name, NAME_SIZE, "%.*s.pressroom", NAME_DIGITS, hex);
}

static bool write_message(struct sender *sender, int maildir, struct prefetched_row item,
                          const struct delivery_message *message, struct error *error)
{
    char name[NAME_SIZE];
    message_name(message, name);
    struct maildir_message file = { .name = name,
                                    .sender = message->sender,
                                    .recipient = message->recipient,
                                    .data = message->bytes,
                                    .length = message->length };
    if (!maildir_write(maildir, &file, error))
        return false;
    fault_point("deliver-dot");
    struct delivery_outcome outcome = { .item = item,
                                        .revision = message->revision,
                                        .is_marked = true,
                                        .class = OUTCOME_ACCEPTED,
                                        .state = QUEUE_SENT };
    commit_batch_add_outcome(sender->batch, &outcome);
    return true;
}

/* One row: its mark shares a commit with the outcome of the one before. */
static bool send_one(struct sender *sender, int maildir, struct prefetched_row item,
                     struct error *error)
{
    struct delivery_message message;
    bool is_unable = false;
    if (!sender_compose(sender, item, &message, &is_unable, error)) {
        if (!is_unable)
            prefetch_return(sender->prefetch, item);
        return is_unable;
    }
    struct commit_mark mark = { .row = item.row, .revision = message.revision, .is_early = true };
    /* One after the other, the mark before the file, for the same reason as with SMTP: a process
     * that is killed between them leaves the row indeterminate, and the second try replaces the
     * file. */
    while (mark.is_early && !sender_is_stopped(sender)) {
        (void)poll(NULL, 0, (int)pace_wait_ms(&sender->pace));
        commit_batch_add_mark(sender->batch, &mark);
        if (!commit_batch_write(sender->batch, error)) {
            commit_batch_drop_marks(sender->batch);
            prefetch_return(sender->prefetch, item);
            return false;
        }
    }
    if (mark.is_early) {
        prefetch_return(sender->prefetch, item);
        return true;
    }
    fault_point("deliver-marked");
    if (mark.mark == QUEUE_MARK_SENDING) {
        /* Where the file cannot be made nothing has left, so the row goes back as it was before its
         * mark. */
        if (write_message(sender, maildir, item, &message, error))
            return true;
        struct delivery_outcome outcome = {
            .item = item, .is_marked = true, .class = OUTCOME_UNTRIED, .state = QUEUE_QUEUED
        };
        commit_batch_add_outcome(sender->batch, &outcome);
        return false;
    }
    if (mark.mark != QUEUE_MARK_SUPPRESSED && !item.row->transactional)
        commit_batch_release(sender->batch, item.row->mailing);
    prefetch_done(item);
    return true;
}

static bool send_all(struct sender *sender, int maildir, struct error *error)
{
    while (!sender_is_stopped(sender)) {
        struct prefetched_row item;
        bool is_pressing = prefetch_count(sender->prefetch) == 0;
        /* Nothing is in hand, so no mark comes whose commit the last outcome could share. */
        if (is_pressing && !commit_batch_write(sender->batch, error))
            return false;
        if (!sender_refill(sender, is_pressing, error))
            return false;
        if (!prefetch_take(sender->prefetch, &item)) {
            if (prefetch_is_parking(sender->prefetch))
                continue;
            return true;
        }
        if (!send_one(sender, maildir, item, error))
            return false;
        sender_report(sender);
    }
    return true;
}

bool maildir_sender_run(struct sender *sender, struct error *error)
{
    int maildir = maildir_open(sender->settings->maildir, error);
    if (maildir < 0)
        return false;
    bool done = send_all(sender, maildir, error);
    (void)close(maildir);
    return done;
}
