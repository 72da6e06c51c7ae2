/* SPDX-License-Identifier: MIT */
#include "address/token.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "digest/digest.h"
#include "feed/feed.h"
#include "queue/queue.h"
#include "subscriber/subscriber.h"
#include "subscriber/transfer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* The first octet says what the operator says; the others are a list. */
enum { SAYS_UPDATE = 1, SAYS_ASK = 2, SAYS_EVIDENCE = 4, SAYS_TOOL = 8, SIZE_MAXIMUM = 1024 };

static void check(bool holds)
{
    if (!holds)
        abort();
}

static struct database *store(void)
{
    static struct database *database;
    const struct database_schema *schemas[] = { &queue_schema, &digest_schema, &subscriber_schema };
    const struct database_settings settings = { .path = ":memory:", .state_directory = -1 };
    struct error error;
    if (database)
        return database;
    database = database_open(&settings, &error);
    check(database && database_migrate(database, schemas, 3, &error));
    return database;
}

static void store_empty(void)
{
    static const char *const statements[] = {
        "INSERT INTO erasure (at) VALUES (1)",
        "DELETE FROM event",
        "DELETE FROM request",
        "DELETE FROM subscription",
        "DELETE FROM transactional_mail",
        "DELETE FROM subscriber",
        "DELETE FROM erasure",
    };
    struct error error;
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        check(database_execute(store(), statements[i], &error));
}

/* ---- imports ---- */

static void note(struct string_builder *told, const struct subscriber_import_line *line)
{
    check(line->line > 0 && line->kind < IMPORT_KIND_COUNT);
    check(line->kind != IMPORT_REFUSED || (line->reason && *line->reason));
    string_builder_append_format(told, "%d %d %s\n", (int)line->line, (int)line->kind,
                                 line->reason ? line->reason : "");
}

static bool import(const struct subscriber_service *service, const void *data, size_t size,
                   const struct subscriber_import *settings,
                   struct subscriber_import_counts *counts, struct string_builder *told)
{
    struct error error = { 0 };
    void *copy = malloc(size);
    check(copy != NULL);
    FILE *stream = fmemopen(memcpy(copy, data, size), size, "r");
    check(stream != NULL);
    struct subscriber_import_lines *read;
    struct subscriber_import_line line;
    bool done = subscriber_import_csv(service, stream, settings, counts, &read, &error);
    (void)fclose(stream);
    while (subscriber_import_lines_next(read, &line))
        note(told, &line);
    subscriber_import_lines_free(read);
    free(copy);
    check(done || (error.kind == ERROR_INPUT && error.message[0]));
    int64_t lines = 0;
    for (int kind = 0; kind < IMPORT_KIND_COUNT; kind++)
        lines += counts->count[kind];
    check(lines == counts->lines);
    return done;
}

static int64_t number(const char *sql)
{
    bool found = false;
    struct error error;
    struct statement *statement = database_prepare(store(), sql, &error);
    check(statement_find(statement, &found, &error) && found);
    int64_t result = statement_integer(statement, 0);
    statement_reset(statement);
    return result;
}

/* Whoever had left before, whatever a list says. */
static void check_departed(void)
{
    check(number("SELECT COUNT(*) FROM subscriber WHERE folded IN ('carl@n.example',"
                 " 'dora@n.example', 'emil@n.example') AND state IN (3, 4, 5)") == 3);
    check(number("SELECT COUNT(*) FROM subscription p JOIN subscriber s ON s.row_id = p.subscriber"
                 " WHERE s.state > 2") == 0);
    check(
        number(
            "SELECT COUNT(*) FROM subscriber s WHERE s.state = 2 AND NOT EXISTS (SELECT 1 FROM"
            " event e WHERE e.subscriber = s.row_id AND e.event = 3 AND e.evidence IS NOT NULL)") ==
        0);
}

static void check_list(const struct subscriber_service *service, const void *data, size_t size,
                       struct subscriber_import *settings)
{
    struct subscriber_import_counts tried;
    struct subscriber_import_counts done;
    struct subscriber_import_counts again;
    struct string_builder told_tried;
    struct string_builder told_done;
    string_builder_init(&told_tried, 0);
    string_builder_init(&told_done, 0);
    int64_t events = number("SELECT COUNT(*) FROM event");
    settings->is_dry_run = true;
    bool would = import(service, data, size, settings, &tried, &told_tried);
    check(number("SELECT COUNT(*) FROM event") == events);
    settings->is_dry_run = false;
    bool did = import(service, data, size, settings, &done, &told_done);
    check(did == (would && !tried.wants_ask) || tried.wants_ask);
    if (!tried.wants_ask) {
        check(memcmp(tried.count, done.count, sizeof tried.count) == 0);
        check(told_tried.length == told_done.length &&
              (told_done.length == 0 || strcmp(told_tried.data, told_done.data) == 0));
        /* Once it is in, nothing of it is new. */
        (void)import(service, data, size, settings, &again, &told_done);
        check(again.lines == done.lines);
        check(again.count[IMPORT_REFUSED] == done.count[IMPORT_REFUSED]);
        check(again.count[IMPORT_OTHER] == done.count[IMPORT_OTHER]);
        check(again.count[IMPORT_SAME] + again.count[IMPORT_OTHER] + again.count[IMPORT_REFUSED] ==
              again.lines);
    } else {
        check(number("SELECT COUNT(*) FROM event") == events);
    }
    check_departed();
    string_builder_release(&told_tried);
    string_builder_release(&told_done);
}

static const char known[] = "address,feeds,cadence,language,state,confirmed_at,evidence\n"
                            "anna@n.example,alt,daily,da,confirmed,2026-05-01,list 1\n"
                            "bent@n.example,alt,daily,da,pending,,\n"
                            "carl@n.example,,,da,unsubscribed,,\n"
                            "dora@n.example,,,da,bounced,,\n"
                            "emil@n.example,,,da,complained,,\n";

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const struct feed closed = { .id = "intern" };
    static const struct feed other = { .id = "sport", .signup_open = true, .next = &closed };
    static const struct feed all = { .id = "alt", .signup_open = true, .next = &other };
    static const struct list_map press = { "press", "sport intern" };
    struct clock clock = clock_fixed(INT64_C(1780000000000));
    struct random random = random_seeded(3);
    struct token_keys *keys = token_keys_fixed(1);
    const struct subscriber_service service = { .database = store(),
                                                .clock = &clock,
                                                .random = &random,
                                                .feeds = &all,
                                                .keys = keys,
                                                .default_language = "da" };
    struct subscriber_import_counts counts;
    struct string_builder told;
    struct subscriber_import settings = { .is_dry_run = false };
    string_builder_init(&told, 0);
    store_empty();
    check(import(&service, known, sizeof known - 1, &settings, &counts, &told));
    string_builder_release(&told);
    if (size > 1 && size <= SIZE_MAXIMUM) {
        settings.is_update = data[0] & SAYS_UPDATE;
        settings.may_ask = data[0] & SAYS_ASK;
        settings.evidence = data[0] & SAYS_EVIDENCE ? "the fair of 2025" : NULL;
        if (data[0] & SAYS_TOOL)
            settings.list = (struct list_settings){ .tool = "mlmmj",
                                                    .lists = &press,
                                                    .list_count = 1 };
        check_list(&service, data + 1, size - 1, &settings);
    }
    token_keys_free(keys);
    return 0;
}
