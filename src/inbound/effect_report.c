/* SPDX-License-Identifier: MIT */
#include "inbound/effect.h"

#include "base/arena.h"
#include "mime/mime.h"
#include "queue/trouble.h"
#include "subscriber/subscriber.h"

#include <string.h>

/* An address of the Internet, or at least made of nothing else: the field may say anything. */
static const char *source_of(const struct mime_field *feedback)
{
    const char *value = mime_field(feedback, "Source-IP");
    size_t length = value ? strspn(value, "0123456789abcdefABCDEF:.") : 0;
    return length && !value[length] ? value : NULL;
}

/* A provider saw mail in our name that is forged or not signed: nobody unsubscribes by that, but
 * the operator has to know. There is one open notice at most, whatever domain the reports name,
 * because anybody can write them. */
bool effect_reported(const struct effect_job *job, struct error *error)
{
    const char *source = source_of(job->message->feedback);
    const char *from = job->settings->from ? job->settings->from : job->settings->bounces;
    const char *at = strrchr(from, '@');
    bool is_new = false;
    const char *cause = arena_format(job->arena, "%.60s about a mail in our name%s%.60s",
                                     job->reading->report, source ? " from " : "",
                                     source ? source : "");
    const struct queue_notice notice = { .kind = QUEUE_NOTICE_FORGERY,
                                         .subject = at ? at + 1 : "",
                                         .cause = cause,
                                         .since_at = job->now_at };
    if (!queue_notice_open(job->service->database, &notice, &is_new, error))
        return false;
    if (is_new)
        effect_log(job, LOG_WARNING,
                   "inbox: %s; the report lies in the mailbox: if that address is not the relay's, "
                   "somebody forges mail; if it is, see `pressroom doctor`",
                   cause);
    return true;
}
