/* SPDX-License-Identifier: MIT */
#include "endpoint/desk.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "endpoint/counters.h"
#include "endpoint/endpoint.h"
#include "endpoint/request.h"
#include "endpoint/signup.h"
#include "endpoint/visit.h"
#include "http/server.h"
#include "release/newsroom.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { SETTLED_AT_ONCE = 256 };

struct request_list {
    struct request *first;
    struct request **end;
};

struct desk {
    struct visit_office visit;
    unsigned maximum;  /* of jobs */
    int64_t answer_ms; /* when a sign-up is answered, after it came */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool is_closing;
    unsigned count;
    struct request_list waiting; /* for the desk; under the mutex */
    struct request_list due;     /* settled sign-ups, until their time; the desk's alone */
};

static void list_add(struct request_list *list, struct request *request)
{
    request->next = NULL;
    if (!list->first)
        list->end = &list->first;
    *list->end = request;
    list->end = &request->next;
}

/* The request is no longer ours behind this. */
static void answer(struct desk *desk, struct request *request)
{
    struct http_exchange *exchange = request->exchange;
    (void)atomic_fetch_add(&desk->visit.counters->jobs, 1);
    http_exchange_resume(exchange);
}

/* Answers sign-ups whose time has come, all of them where it is late; the earliest time left, 0:
 * none is left. */
static int64_t answer_due(struct desk *desk, bool is_late)
{
    int64_t now_ms = clock_monotonic_now();
    int64_t earliest_ms = 0;
    struct request *request = desk->due.first;
    desk->due.first = NULL;
    while (request) {
        struct request *next = request->next;
        if (is_late || request->due_ms <= now_ms) {
            answer(desk, request);
        } else {
            list_add(&desk->due, request);
            if (!earliest_ms || request->due_ms < earliest_ms)
                earliest_ms = request->due_ms;
        }
        request = next;
    }
    return earliest_ms;
}

static void settle(struct desk *desk, struct request **requests, size_t count)
{
    signup_settle(&desk->visit, requests, count);
    int64_t now_ms = clock_monotonic_now();
    for (size_t i = 0; i < count; i++) {
        struct request *request = requests[i];
        request->due_ms = request->arrived_ms + desk->answer_ms;
        /* Whatever took longer, the answer leaves at a whole step: how long is not to be told. */
        if (request->due_ms < now_ms)
            request->due_ms += (now_ms - request->due_ms + desk->answer_ms - 1) / desk->answer_ms *
                               desk->answer_ms;
        list_add(&desk->due, request);
    }
}

/* Everything else first: who leaves does not wait for those who come. */
static void work(struct desk *desk, struct request *first)
{
    struct request *signups[SETTLED_AT_ONCE];
    size_t count = 0;
    struct request_list rest = { 0 };
    while (first) {
        struct request *next = first->next;
        if (first->is_retained) {
            list_add(&rest, first);
        } else {
            visit_answer(&desk->visit, first);
            answer(desk, first);
            (void)answer_due(desk, false);
        }
        first = next;
    }
    for (struct request *request = rest.first; request;) {
        struct request *next = request->next;
        signups[count++] = request;
        if (count == SETTLED_AT_ONCE || !next) {
            settle(desk, signups, count);
            count = 0;
        }
        request = next;
    }
}

static void wait_until(struct desk *desk, int64_t until_ms)
{
    struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
    if (until_ms)
        (void)pthread_cond_timedwait(&desk->wake, &desk->mutex, &until);
    else
        (void)pthread_cond_wait(&desk->wake, &desk->mutex);
}

static void *run(void *payload)
{
    struct desk *desk = payload;
    for (;;) {
        int64_t next_ms = answer_due(desk, false);
        (void)pthread_mutex_lock(&desk->mutex);
        if (!desk->waiting.first && !desk->is_closing)
            wait_until(desk, next_ms);
        struct request *first = desk->waiting.first;
        bool is_closing = desk->is_closing;
        desk->waiting.first = NULL;
        desk->count = 0;
        atomic_store(&desk->visit.counters->waiting, 0);
        (void)pthread_mutex_unlock(&desk->mutex);
        work(desk, first);
        if (is_closing && !first)
            break;
    }
    (void)answer_due(desk, true);
    return NULL;
}

static bool start(struct desk *desk, struct error *error)
{
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&desk->mutex, NULL);
    (void)pthread_cond_init(&desk->wake, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    int code = pthread_create(&desk->thread, NULL, run, desk);
    return code == 0 || error_set_errno(error, ERROR_SYSTEM, code, "serve: start a thread");
}

struct desk *desk_open(const struct endpoint_settings *settings, const struct pages *pages,
                       struct counters *counters, struct error *error)
{
    const struct endpoint_limits *limits = &settings->limits;
    struct database *database = database_open(&settings->database, error);
    if (!database)
        return NULL;
    struct desk *desk = calloc(1, sizeof *desk);
    if (!desk)
        abort();
    desk->maximum = limits->jobs ? limits->jobs : 1024;
    desk->answer_ms = limits->answer_milliseconds ? limits->answer_milliseconds : 100;
    desk->visit = (struct visit_office){
        .settings = settings,
        .pages = pages,
        .counters = counters,
        .service = { .database = database,
                     .clock = settings->clock,
                     .random = settings->random,
                     .feeds = settings->feeds,
                     .keys = settings->keys,
                     .default_language = settings->newsroom->language },
    };
    if (start(desk, error))
        return desk;
    database_close(database);
    free(desk);
    return NULL;
}

bool desk_submit(struct desk *desk, struct request *request)
{
    (void)pthread_mutex_lock(&desk->mutex);
    bool is_taken = !desk->is_closing && desk->count < desk->maximum;
    if (is_taken) {
        http_exchange_suspend(request->exchange);
        list_add(&desk->waiting, request);
        atomic_store(&desk->visit.counters->waiting, ++desk->count);
        (void)pthread_cond_signal(&desk->wake);
    }
    (void)pthread_mutex_unlock(&desk->mutex);
    return is_taken;
}

void desk_drain(struct desk *desk)
{
    (void)pthread_mutex_lock(&desk->mutex);
    desk->is_closing = true;
    (void)pthread_cond_signal(&desk->wake);
    (void)pthread_mutex_unlock(&desk->mutex);
    (void)pthread_join(desk->thread, NULL);
}

void desk_close(struct desk *desk)
{
    if (!desk)
        return;
    database_close(desk->visit.service.database);
    (void)pthread_cond_destroy(&desk->wake);
    (void)pthread_mutex_destroy(&desk->mutex);
    free(desk);
}
