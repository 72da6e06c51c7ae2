/* SPDX-License-Identifier: MIT */
#ifndef HTTP_THREAD_H
#define HTTP_THREAD_H

#include <pthread.h>
#include <time.h>

#include "http/http.h"

/* Inside http/ only: what the exchanges of one thread share, and how other threads reach it. */

enum { HTTP_RECEIVE_SIZE = 16 * 1024, HTTP_DATE_FIELD_SIZE = 48 };

struct http_thread {
    const struct http_server_settings *settings;
    int wake; /* an eventfd that other threads write to */
    time_t date_seconds;
    char date[HTTP_DATE_FIELD_SIZE];
    pthread_mutex_t mutex;
    struct http_exchange *resumed; /* a chain, under the mutex */
    char room[HTTP_RECEIVE_SIZE];  /* to receive into */
};

/* False, with errno: no descriptor could be had. Released in any case. */
bool thread_init(struct http_thread *thread, const struct http_server_settings *settings);
void thread_release(struct http_thread *thread);

/* "Date: …", with its line end. */
const char *thread_date(struct http_thread *thread);

/* Has the thread return from its wait; from any thread. */
void thread_wake(struct http_thread *thread);

/* The exchange has been resumed, and its thread is to go on with it; from any thread. */
void thread_resume(struct http_thread *thread, struct http_exchange *exchange);

/* Those that were resumed since it was asked, chained by their member resumed; NULL: none. */
struct http_exchange *thread_take_resumed(struct http_thread *thread);

#endif
