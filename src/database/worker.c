/* SPDX-License-Identifier: MIT */
#include "database/connection.h"

#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct database_worker {
    struct database *database;
    struct database_worker *next; /* of this connection */
    int64_t number;
    int lock; /* -1 in memory, where nobody else can look */
};

enum { WORKER_PATH_SIZE = 64 };

static void worker_path(char path[WORKER_PATH_SIZE], int64_t number)
{
    (void)snprintf(path, WORKER_PATH_SIZE, "workers/%" PRId64, number);
}

static bool number_take(struct database *database, int64_t *number, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO sequence (name, value) VALUES ('worker', 1)"
        " ON CONFLICT (name) DO UPDATE SET value = sequence.value + 1 RETURNING value",
        error);
    if (!statement_find(statement, &found, error))
        return false;
    *number = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

/* Behind the commit: no row can name the number before its worker is open, so nobody asks. */
static bool worker_lock(struct database_worker *worker, struct error *error)
{
    char path[WORKER_PATH_SIZE];
    int directory = worker->database->state_directory;
    if (directory < 0)
        return true;
    worker_path(path, worker->number);
    if (!file_make_directories(directory, "workers", error))
        return false;
    worker->lock = file_lock(directory, path, false, error);
    return worker->lock >= 0;
}

struct database_worker *database_worker_open(struct database *database, struct error *error)
{
    struct database_worker *worker = calloc(1, sizeof *worker);
    if (!worker) {
        (void)error_set(error, ERROR_SYSTEM, "database: out of memory");
        return NULL;
    }
    *worker = (struct database_worker){ .database = database, .lock = -1 };
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, number_take(database, &worker->number, error), error);
    if (transaction.is_done && worker_lock(worker, error)) {
        worker->next = database->workers;
        database->workers = worker;
        return worker;
    }
    free(worker);
    return NULL;
}

void database_worker_close(struct database_worker *worker)
{
    if (!worker)
        return;
    struct database_worker **link = &worker->database->workers;
    while (*link && *link != worker)
        link = &(*link)->next;
    if (*link)
        *link = worker->next;
    if (worker->lock >= 0) {
        database_worker_clear(worker->database, worker->number);
        (void)close(worker->lock);
    }
    free(worker);
}

int64_t database_worker_number(const struct database_worker *worker)
{
    return worker->number;
}

bool database_worker_is_alive(struct database *database, int64_t number)
{
    char path[WORKER_PATH_SIZE];
    for (const struct database_worker *own = database->workers; own; own = own->next)
        if (own->number == number)
            return true;
    if (database->state_directory < 0)
        return false;
    worker_path(path, number);
    int lock = openat(database->state_directory, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (lock < 0)
        return errno != ENOENT;
    /* Shared, so that two who look at once do not take each other for the worker. */
    bool is_free = flock(lock, LOCK_SH | LOCK_NB) == 0;
    (void)close(lock);
    return !is_free;
}

void database_worker_clear(struct database *database, int64_t number)
{
    char path[WORKER_PATH_SIZE];
    if (database->state_directory < 0)
        return;
    worker_path(path, number);
    (void)unlinkat(database->state_directory, path, 0);
}
