/* SPDX-License-Identifier: MIT */
#include "http/thread.h"

#include "http/exchange.h"
#include "http/http.h"

#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

bool thread_init(struct http_thread *thread, const struct http_server_settings *settings)
{
    thread->settings = settings;
    (void)pthread_mutex_init(&thread->mutex, NULL);
    thread->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return thread->wake >= 0;
}

void thread_release(struct http_thread *thread)
{
    if (thread->wake >= 0)
        (void)close(thread->wake);
    (void)pthread_mutex_destroy(&thread->mutex);
}

const char *thread_date(struct http_thread *thread)
{
    char date[HTTP_DATE_SIZE];
    time_t now = time(NULL);
    if (now != thread->date_seconds) {
        thread->date_seconds = now;
        http_date_format(now, date);
        (void)snprintf(thread->date, sizeof thread->date, "Date: %s\r\n", date);
    }
    return thread->date;
}

void thread_wake(struct http_thread *thread)
{
    const uint64_t one = 1;
    ssize_t written = write(thread->wake, &one, sizeof one);
    (void)written; /* it fails only where the counter is full, and then the thread is awake */
}

void thread_resume(struct http_thread *thread, struct http_exchange *exchange)
{
    (void)pthread_mutex_lock(&thread->mutex);
    bool is_first = thread->resumed == NULL;
    exchange->resumed = thread->resumed;
    thread->resumed = exchange;
    (void)pthread_mutex_unlock(&thread->mutex);
    if (is_first)
        thread_wake(thread);
}

struct http_exchange *thread_take_resumed(struct http_thread *thread)
{
    uint64_t count = 0;
    ssize_t got = read(thread->wake, &count, sizeof count);
    (void)got; /* what was written since the last read, or nothing */
    (void)pthread_mutex_lock(&thread->mutex);
    struct http_exchange *first = thread->resumed;
    thread->resumed = NULL;
    (void)pthread_mutex_unlock(&thread->mutex);
    return first;
}
