/* SPDX-License-Identifier: MIT */
#include "endpoint/request_worker.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "database/database.h"
#include "endpoint/counters.h"
#include "endpoint/endpoint.h"
#include "endpoint/request.h"
#include "endpoint/request_handler.h"
#include "endpoint/request_service.h"
#include "endpoint/signup.h"
#include "http/http.h"
#include "release/newsroom.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { SIGNUPS_A_COMMIT = 256 };

struct request_list {
    struct request *first;
    struct request **end;
};

struct request_worker {
    struct request_service service;
    unsigned maximum;  /* of jobs */
    int64_t answer_ms; /* when a sign-up is answered, after it came */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool is_closing;
    unsigned count;
    struct request_list waiting; /* for this thread; under the mutex */
    struct request_list due;     /* sign-ups that were committed, until they may be answered; this
                                    thread's alone */
};

static void list_add(struct request_list *list, struct request *request)
{
    request->next = NULL;
    if (!list->first)
        list->end = &list->first;
    *list->end = request;
    list->end = &request->next;
}

/* The server owns the request again: nothing may touch it behind this. */
static void answer(struct request_worker *worker, struct request *request)
{
    struct http_exchange *exchange = request->exchange;
    (void)atomic_fetch_add(&worker->service.counters->jobs, 1);
    http_exchange_resume(exchange);
}

/* Answers sign-ups that are due, or all of them. Returns when the next one is due; 0: none is left.
 */
static int64_t answer_due(struct request_worker *worker, bool are_all)
{
    int64_t now_ms = clock_monotonic_now();
    int64_t earliest_ms = 0;
    struct request *request = worker->due.first;
    worker->due.first = NULL;
    while (request) {
        struct request *next = request->next;
        if (are_all || request->due_ms <= now_ms) {
            answer(worker, request);
        } else {
            list_add(&worker->due, request);
            if (!earliest_ms || request->due_ms < earliest_ms)
                earliest_ms = request->due_ms;
        }
        request = next;
    }
    return earliest_ms;
}

static void commit_signups(struct request_worker *worker, struct request **requests, size_t count)
{
    signup_commit(&worker->service, requests, count);
    int64_t now_ms = clock_monotonic_now();
    for (size_t i = 0; i < count; i++) {
        struct request *request = requests[i];
        request->due_ms = request->arrived_ms + worker->answer_ms;
        /* Late answers wait for a whole multiple of the time, because else their delay would show
         * how much work the address caused. */
        if (request->due_ms < now_ms)
            request->due_ms += (now_ms - request->due_ms + worker->answer_ms - 1) /
                               worker->answer_ms * worker->answer_ms;
        list_add(&worker->due, request);
    }
}

/* Sign-ups come last, because an unsubscription must not wait for a rush of them. */
static void work(struct request_worker *worker, struct request *first)
{
    struct request *signups[SIGNUPS_A_COMMIT];
    size_t count = 0;
    struct request_list waiting = { 0 };
    while (first) {
        struct request *next = first->next;
        if (first->is_delayed) {
            list_add(&waiting, first);
        } else {
            request_handle(&worker->service, first);
            answer(worker, first);
            (void)answer_due(worker, false);
        }
        first = next;
    }
    for (struct request *request = waiting.first; request;) {
        struct request *next = request->next;
        signups[count++] = request;
        if (count == SIGNUPS_A_COMMIT || !next) {
            commit_signups(worker, signups, count);
            count = 0;
        }
        request = next;
    }
}

static void wait_until(struct request_worker *worker, int64_t until_ms)
{
    struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
    if (until_ms)
        (void)pthread_cond_timedwait(&worker->wake, &worker->mutex, &until);
    else
        (void)pthread_cond_wait(&worker->wake, &worker->mutex);
}

static void *run(void *payload)
{
    struct request_worker *worker = payload;
    for (;;) {
        int64_t next_ms = answer_due(worker, false);
        (void)pthread_mutex_lock(&worker->mutex);
        if (!worker->waiting.first && !worker->is_closing)
            wait_until(worker, next_ms);
        struct request *first = worker->waiting.first;
        bool is_closing = worker->is_closing;
        worker->waiting.first = NULL;
        worker->count = 0;
        atomic_store(&worker->service.counters->waiting, 0);
        (void)pthread_mutex_unlock(&worker->mutex);
        work(worker, first);
        if (is_closing && !first)
            break;
    }
    (void)answer_due(worker, true);
    return NULL;
}

static bool start(struct request_worker *worker, struct error *error)
{
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&worker->mutex, NULL);
    (void)pthread_cond_init(&worker->wake, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    int code = pthread_create(&worker->thread, NULL, run, worker);
    return code == 0 || error_set_errno(error, ERROR_SYSTEM, code, "serve: start a thread");
}

struct request_worker *request_worker_open(const struct endpoint_settings *settings,
                                           const struct pages *pages, struct counters *counters,
                                           struct error *error)
{
    const struct endpoint_limits *limits = &settings->limits;
    struct database *database = database_open(&settings->database, error);
    if (!database)
        return NULL;
    struct request_worker *worker = memory_allocate(sizeof *worker);
    worker->maximum = limits->jobs ? limits->jobs : 1024;
    worker->answer_ms = limits->answer_milliseconds ? limits->answer_milliseconds : 100;
    worker->service = (struct request_service){
        .settings = settings,
        .pages = pages,
        .counters = counters,
        .subscriber = { .database = database,
                        .clock = settings->clock,
                        .random = settings->random,
                        .feeds = settings->feeds,
                        .keys = settings->keys,
                        .default_language = settings->newsroom->language },
    };
    if (start(worker, error))
        return worker;
    database_close(database);
    free(worker);
    return NULL;
}

bool request_worker_submit(struct request_worker *worker, struct request *request)
{
    (void)pthread_mutex_lock(&worker->mutex);
    bool is_taken = !worker->is_closing && worker->count < worker->maximum;
    if (is_taken) {
        http_exchange_suspend(request->exchange);
        list_add(&worker->waiting, request);
        atomic_store(&worker->service.counters->waiting, ++worker->count);
        (void)pthread_cond_signal(&worker->wake);
    }
    (void)pthread_mutex_unlock(&worker->mutex);
    return is_taken;
}

void request_worker_drain(struct request_worker *worker)
{
    (void)pthread_mutex_lock(&worker->mutex);
    worker->is_closing = true;
    (void)pthread_cond_signal(&worker->wake);
    (void)pthread_mutex_unlock(&worker->mutex);
    (void)pthread_join(worker->thread, NULL);
}

void request_worker_close(struct request_worker *worker)
{
    if (!worker)
        return;
    database_close(worker->service.subscriber.database);
    (void)pthread_cond_destroy(&worker->wake);
    (void)pthread_mutex_destroy(&worker->mutex);
    free(worker);
}
