/* SPDX-License-Identifier: MIT */
#include "digest/digest.h"

#include "digest/backlog.h"
#include "digest/choice.h"
#include "digest/content.h"
#include "digest/issue.h"
#include "digest/subscribers.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/hash.h"
#include "database/database.h"
#include "locale/zone.h"

#include <inttypes.h>
#include <string.h>

/* SUBSCRIBERS: one step; nobody who sends or signs up waits longer than for that. CONTENTS: those
 * whose row ids are remembered, however many there are. */
enum { SUBSCRIBERS = 2000, CONTENTS = 1024 };

struct known_content {
    struct hash hash;
    int64_t row_id;
};

struct digest_work {
    struct database *database;
    const struct digest_settings *settings;
    int64_t now_at;
    struct digest_totals made;               /* by the step */
    struct known_content contents[CONTENTS]; /* of the step's issue */
};

/* ---- which issue ---- */

static void find_instants(const struct digest_settings *settings, int64_t now_at,
                          struct arena *arena, struct digest_instants *instants)
{
    struct civil_time civil;
    const struct digest_day daily = digest_last_day(settings, now_at, false);
    civil_from_days(daily.days, &civil.year, &civil.month, &civil.day);
    *instants = (struct digest_instants){
        .date = arena_format(arena, "%04" PRId64 "-%02d-%02d", civil.year, civil.month, civil.day),
        .now_at = now_at,
        .daily_at = daily.at,
        .weekly_at = digest_last_day(settings, now_at, true).at,
    };
}

bool digest_next_at(struct database *database, const struct digest_settings *settings,
                    int64_t now_at, int64_t *at, struct error *error)
{
    struct arena arena = { 0 };
    struct digest_instants instants;
    int64_t due_at = INSTANT_NONE;
    find_instants(settings, now_at, &arena, &instants);
    bool done = digest_issue_due(database, &instants, &due_at, error);
    arena_release(&arena);
    if (done)
        *at = due_at != INSTANT_NONE ? due_at : digest_next_daily(settings, now_at);
    return done;
}

/* ---- one step ---- */

/* Remembered by their fingerprints, so that 100,000 different ones need no more memory than one. */
static bool find_content(struct digest_work *work, const struct digest_issue *issue,
                         const struct digest_content *content, int64_t *row_id, struct error *error)
{
    const struct hash *hash = &content->fingerprint;
    struct known_content *known =
        &work->contents[(hash->bytes[0] | hash->bytes[1] << 8) % CONTENTS];
    if (!known->row_id || !hash_equal(&known->hash, hash)) {
        if (!digest_content_find(work->database, issue, content, &known->row_id, error))
            return false;
        known->hash = *hash;
    }
    *row_id = known->row_id;
    return true;
}

static bool queue_subscriber(struct digest_work *work, struct digest_issue *issue,
                             int64_t subscriber, const struct digest_content *what,
                             struct error *error)
{
    int64_t content = 0;
    bool is_new = false;
    work->made.mailings += issue->mailing == 0;
    if (!digest_issue_begin(work->database, issue, work->now_at, error) ||
        !find_content(work, issue, what, &content, error) ||
        !digest_issue_add_row(work->database, issue,
                              &(struct digest_row){ subscriber, content, work->now_at }, &is_new,
                              error))
        return false;
    work->made.deliveries += is_new;
    return true;
}

static bool queue_subscribers(struct digest_work *work, struct digest_issue *issue,
                              struct digest_choice *choice,
                              const struct digest_subscriber *subscriber, struct error *error)
{
    int64_t last = issue->composed_to;
    for (; subscriber; subscriber = subscriber->next) {
        struct digest_content content;
        last = subscriber->row_id;
        /* What waits for somebody who may not be mailed would be a reason for an issue every day.
         */
        if (!subscriber->is_confirmed) {
            if (!digest_backlog_drop_all(work->database, subscriber->row_id, error))
                return false;
            continue;
        }
        if (!digest_choice_make(choice, subscriber, &content, error) ||
            (content.count && !queue_subscriber(work, issue, subscriber->row_id, &content, error)))
            return false;
    }
    /* In the step's transaction, so that it says neither more nor less than the rows. */
    return digest_issue_advance(work->database, issue, last, error);
}

static bool compose_step(struct digest_work *work, struct digest_issue *issue, struct arena *arena,
                         struct error *error)
{
    bool is_cancelled = false;
    struct digest_subscriber_page page = { .after = issue->composed_to, .maximum = SUBSCRIBERS };
    if (!digest_issue_is_cancelled(work->database, issue, &is_cancelled, error))
        return false;
    const struct digest_moment moment = {
        .now_at = work->now_at,
        .next_weekly_at = digest_next_weekly(work->settings, issue->daily_at),
    };
    struct digest_choice *choice = digest_choice_new(work->database, issue, &moment, arena, error);
    /* A cancelled issue gets no more rows and is only closed, so that its date is over. */
    bool done = choice &&
                (is_cancelled || (digest_subscribers_read(work->database, &page, arena, error) &&
                                  queue_subscribers(work, issue, choice, page.first, error)));
    if (done && (is_cancelled || page.count < SUBSCRIBERS))
        done = digest_issue_close(work->database, issue, work->now_at, error);
    return done;
}

/* *more false: there is nothing to make. */
static bool make_step(struct digest_work *work, const struct digest_instants *instants, bool *more,
                      struct error *error)
{
    struct arena arena = { 0 };
    struct digest_issue issue;
    work->made = (struct digest_totals){ 0 };
    /* Contents remembered from the step before may be of another issue, those of an undone run are
     * gone. */
    memset(work->contents, 0, sizeof work->contents);
    bool done = digest_issue_open(work->database, instants, &arena, &issue, error);
    *more = done && issue.row_id;
    if (*more && !compose_step(work, &issue, &arena, error)) {
        done = false;
        (void)error_prefix(error, "digest of %s", issue.date);
    }
    /* Killed here, the step is undone and made again; behind the commit the next run goes on after
     * the last subscriber of the step. */
    fault_point("digest-step");
    arena_release(&arena);
    return done;
}

static bool step(struct digest_work *work, const struct digest_instants *instants, bool *more,
                 struct digest_totals *totals, struct error *error)
{
    struct transaction transaction = transaction_of(work->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, make_step(work, instants, more, error), error);
    fault_point("digest-stepped");
    if (!transaction.is_done)
        return false;
    totals->mailings += work->made.mailings;
    totals->deliveries += work->made.deliveries;
    return true;
}

bool digest_run(struct database *database, const struct digest_settings *settings,
                const struct clock *clock, const volatile sig_atomic_t *stop,
                struct digest_totals *totals, struct error *error)
{
    struct arena arena = { 0 };
    struct digest_instants instants;
    struct digest_work work = { .database = database,
                                .settings = settings,
                                .now_at = clock_now(clock) };
    int64_t due_at = INSTANT_NONE;
    bool more = true;
    *totals = (struct digest_totals){ 0 };
    find_instants(settings, work.now_at, &arena, &instants);
    /* Looked at without a lock: mostly there is nothing. */
    bool done = digest_issue_due(database, &instants, &due_at, error);
    while (done && more && due_at != INSTANT_NONE && due_at <= work.now_at && !(stop && *stop))
        done = step(&work, &instants, &more, totals, error);
    arena_release(&arena);
    return done;
}
