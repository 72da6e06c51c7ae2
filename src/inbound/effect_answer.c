/* SPDX-License-Identifier: MIT */
#include "inbound/answer.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"
#include "inbound/reply.h"
#include "mail/mail.h"
#include "mime/mime.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"
#include "release/newsroom.h"
#include "subscriber/subscriber.h"

#include <string.h>

const char *answer_end_text(enum answer_end end)
{
    static const char *const texts[] = {
        [ANSWER_QUEUED] = "it is sent on",
        [ANSWER_AUTOMATIC] = "it comes from a program, or from us",
        [ANSWER_NOBODY] = "no contact has an e-mail address; write one as publisher.contacts",
        [ANSWER_OURS] = "the contact's address is one that mail.inbox reads",
        [ANSWER_RATE_LIMITED] = "as many were sent on as may be in an hour",
        [ANSWER_CAME_BACK] = "what was sent on to the publisher's contact came back",
        [ANSWER_QUEUE_FULL] = "too many wait to be sent on; see whether the relay takes mail",
    };
    return texts[end];
}

static bool add_forward(const struct effect_job *job, const struct answer_target *target,
                        int64_t subscriber, struct error *error)
{
    const char *from = job->reading->from;
    const struct address *writer = effect_address(job->arena, from);
    const struct queue_transactional_mail mail = {
        .kind = QUEUE_TRANSACTIONAL_FORWARD,
        .address = target->address,
        .language = job->settings->resources->newsroom->language,
        .created_at = job->now_at,
    };
    struct queue_forward forward = {
        .subscriber = subscriber,
        .address = answer_writer(job),
        .title = target->title,
        .page = target->page,
        .answers = effect_message_id(job),
        .bytes = job->is_cut ? job->reading->own_text : job->bytes,
        .length = job->is_cut ? strlen(job->reading->own_text) : job->length,
        .is_whole = !job->is_cut,
    };
    subscriber_writer(job->service->keys, writer ? writer->folded : from, &forward.writer);
    return queue_forward_add(job->service->database, &mail, &forward, error);
}

static bool apply_answer(const struct effect_job *job, const struct message_record *record,
                         struct error *error)
{
    const struct inbound_reading *reading = job->reading;
    bool is_linked = false;
    if (reading->leaving != LEAVING_NOT &&
        !subscriber_mail_link(job->service, record->subscriber, SUBSCRIBER_LINK_UNSUBSCRIBE,
                              &is_linked, error))
        return false;
    /* Who has the link already, or is on no list, and writes again, is for a person to read. */
    if (reading->effect == INBOUND_LEAVE_HINT && is_linked)
        return true;
    if (reading->target)
        return add_forward(job, reading->target, record->subscriber, error);
    return is_linked || error_set(error, ERROR_INPUT, "it cannot be sent on to anybody now");
}

bool effect_answer(const struct effect_job *job, const struct message_record *record,
                   struct error *error)
{
    bool is_queued = false;
    if (job->reading->effect != INBOUND_CONFIRM_HINT)
        return apply_answer(job, record, error);
    if (!subscriber_mail_hint(job->service, job->reading->token.row_id, &is_queued, error))
        return false;
    return is_queued || error_set(error, ERROR_INPUT, "it is no yes that can be understood");
}

/* Whether the message reports that one which was forwarded to this contact came back: such a report
 * must not be forwarded to the same contact. */
static bool came_back(const struct effect_job *job, const struct answer_target *target, bool *came,
                      struct error *error)
{
    const struct token *token = &job->reading->token;
    *came = mime_field(job->message->original, FORWARD_MARK) != NULL;
    if (token->purpose != TOKEN_BOUNCE_TRANSACTIONAL)
        return true;
    return queue_transactional_was_to(job->service->database, token->row_id, target->address, came,
                                      error);
}

bool answer_forward(const struct effect_job *job, enum answer_end *end, struct error *error)
{
    const struct answer_target *target = NULL;
    *end = ANSWER_AUTOMATIC;
    /* An automatic answer is not forwarded, unless only a list's fields or its subject mark it as
     * one, because a person may have written that. Reports that were not understood are forwarded,
     * so that a person looks at them. */
    if (job->reading->effect == INBOUND_AUTOMATIC &&
        !automatic_is_uncertain(job->settings->phrases, job->arena, job->message))
        return true;
    bool came = false;
    if (!answer_find_target(job, job->reading, &target, end, error) ||
        (target && !came_back(job, target, &came, error)))
        return false;
    if (came)
        *end = ANSWER_CAME_BACK;
    return !target || came || add_forward(job, target, 0, error);
}
