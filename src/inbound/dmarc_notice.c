/* SPDX-License-Identifier: MIT */
#include "inbound/dmarc_store.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "database/database.h"
#include "inbound/inbound.h"
#include "queue/trouble.h"
#include "subscriber/subscriber.h"

#include <inttypes.h>

/* The figures alone do not say whether the failing mail is ours or forged, so the notice points to
 * doctor, which looks at DNS. */

/* The words of the notice; NULL: there is nothing to report. */
static const char *cause_of(struct arena *arena, const struct inbound_dmarc *summary)
{
    const struct inbound_dmarc_source *worst = NULL;
    int64_t failed = 0;
    for (const struct inbound_dmarc_source *source = summary->sources; source;
         source = source->next) {
        int64_t own = inbound_dmarc_failed(source);
        failed += own;
        if (own && (!worst || own > inbound_dmarc_failed(worst)))
            worst = source;
    }
    if (!worst || failed < INBOUND_DMARC_FAILED_LEAST ||
        failed * 100 <= summary->messages * INBOUND_DMARC_FAILED_PERCENT)
        return NULL;
    return arena_format(arena,
                        "of %" PRId64 " messages in its name in %d days, %" PRId64
                        " passed neither DKIM nor SPF, %" PRId64 " of them from %s%s%s",
                        summary->messages, INBOUND_DMARC_DAYS, failed, inbound_dmarc_failed(worst),
                        *worst->source ? worst->source : "many addresses",
                        *worst->reporters ? ", reported by " : "", worst->reporters);
}

static bool open_or_close(struct database *database, const struct queue_notice *notice,
                          bool *is_new, struct error *error)
{
    *is_new = false;
    return notice->cause ? queue_notice_open(database, notice, is_new, error)
                         : queue_notice_close(database, notice->kind, notice->subject,
                                              notice->since_at, NULL, error);
}

static bool update_store(struct database *database, const struct queue_notice *notice,
                         struct error *error)
{
    bool is_new = false;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, open_or_close(database, notice, &is_new, error), error);
    if (transaction.is_done && is_new)
        log_line(LOG_WARNING, "DMARC, %s: %s; `pressroom doctor` says what to do", notice->subject,
                 notice->cause);
    return transaction.is_done;
}

bool dmarc_update_notice(const struct inbound_context *context, struct arena *arena,
                         struct database *database, int64_t now_at, bool has_news,
                         struct error *error)
{
    struct inbound_dmarc summary;
    const char *domain = context->from_domain ? context->from_domain : context->bounces.domain;
    bool is_open = false;
    if (!queue_notice_is_open(database, QUEUE_NOTICE_DMARC, domain, &is_open, error))
        return false;
    if (!has_news && !is_open) /* thirty days are added up only where it may change anything */
        return true;
    if (!inbound_dmarc_read(database, arena, now_at, &summary, error))
        return false;
    const struct queue_notice notice = { .kind = QUEUE_NOTICE_DMARC,
                                         .subject = domain,
                                         .cause = cause_of(arena, &summary),
                                         .since_at = now_at };
    bool is_known = (notice.cause != NULL) == is_open;
    return (is_known && !(notice.cause && has_news)) || update_store(database, &notice, error);
}
