/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_STORE_H
#define TESTS_UNIT_STORE_H

#include "cmocka_all.h"

#include "base/error.h"
#include "database/database.h"

/* A store for a test, and questions to it. What goes wrong ends the test with its message. */

/* For a test whose scene has an error. */
#define DONE(expression) test_done((expression), &scene->error, __FILE__, __LINE__)

static inline void test_done(bool done, const struct error *error, const char *file, int line)
{
    if (done)
        return;
    print_error("%s\n", error->message);
    _fail(file, line);
}

/* In the file at path, locks in directory; ":memory:" and -1: in memory. The caller closes. */
static inline struct database *test_store_open(const char *path, int directory,
                                               const struct database_schema *const *schemas,
                                               size_t count)
{
    struct error error = { 0 };
    const struct database_settings settings = { .path = path, .state_directory = directory };
    struct database *database = database_open(&settings, &error);
    if (!database || !database_migrate(database, schemas, count, &error))
        fail_msg("%s", error.message);
    return database;
}

static inline struct database *test_store_in_memory(const struct database_schema *const *schemas,
                                                    size_t count)
{
    return test_store_open(":memory:", -1, schemas, count);
}

/* The first column of the first row; -1: there is none. */
static inline int64_t test_store_number(struct database *database, const char *text)
{
    bool found = false;
    struct error error = { 0 };
    struct statement *statement = database_prepare(database, text, &error);
    if (!statement_find(statement, &found, &error))
        fail_msg("%s", error.message);
    int64_t value = found ? statement_integer(statement, 0) : -1;
    statement_reset(statement);
    return value;
}

#endif
