/* SPDX-License-Identifier: MIT */
/* The sending stage alone, on a store of its own: fills FOLDER with people and one mailing to all
 * of them, or goes on with what is there, sends what is due and prints what became of it.
 *
 *   deliver_probe FOLDER smtp://HOST:PORT|maildir:PATH PEOPLE [CONNECTIONS [BYTES [HOURS LATER]]]
 */
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "database/database.h"
#include "delivery/deliver.h"
#include "delivery/message_source.h"
#include "net/net.h"
#include "queue/queue.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* What queue/ reads of the tables of subscriber/. */
static const char *const people[] = {
    "CREATE TABLE subscriber (id @integer@ NOT NULL PRIMARY KEY, address @text@ NOT NULL,"
    " language @text@ NOT NULL, state @integer@ NOT NULL) @strict@;"
    "CREATE TABLE subscription (subscriber @integer@ NOT NULL, feed @text@ NOT NULL,"
    " cadence @integer@ NOT NULL, state @integer@ NOT NULL,"
    " PRIMARY KEY (subscriber, feed)) @strict_without_rowid@;"
    "CREATE TABLE request (number @integer@ NOT NULL PRIMARY KEY, voided_at @integer@,"
    " used_at @integer@, expires_at @integer@ NOT NULL) @strict@;"
};
static const struct database_schema people_schema = { "people", people, 1 };

struct probe {
    struct database *database;
    struct text message;
    char sender[64];
};

static const char body_line[] =
    "Region Nordhav udvider nu tilbuddet til borgere i hele regionen med nye tider.\r\n";

static void fill_body(struct text *text, size_t bytes)
{
    text_append(text, "Subject: Nyt sundhedshus i Lillesund\r\nMIME-Version: 1.0\r\n"
                      "Content-Type: text/plain; charset=utf-8\r\n\r\n");
    while (text->length + sizeof body_line < bytes)
        text_append(text, body_line);
}

/* The person's own fields in front of what is the same for all. */
static bool compose(void *payload, const struct queue_row *row, struct delivery_message *message,
                    struct error *error)
{
    struct probe *probe = payload;
    static struct text out;
    (void)error;
    if (!out.maximum)
        text_init(&out, 0);
    text_clear(&out);
    text_append_format(&out, "To: %s\r\nMessage-ID: <d%" PRId64 "-%" PRId64 "@n.example>\r\n",
                       row->address, row->announcement, row->subscriber);
    text_append_bytes(&out, probe->message.data, probe->message.length);
    (void)snprintf(probe->sender, sizeof probe->sender, "presse+%" PRId64 "@nordhav.example",
                   row->subscriber);
    *message = (struct delivery_message){ .bytes = out.data,
                                          .length = out.length,
                                          .sender = probe->sender,
                                          .recipient = row->address,
                                          .revision = 1 };
    return true;
}

static bool fill_store(struct database *database, int64_t count, int64_t now_at,
                       struct error *error)
{
    static const struct queue_candidate candidate = { "all", 10, "da", true };
    static const struct queue_candidates candidates = { &candidate, 1 };
    struct queue_announcement announcement = { .release = 10,
                                               .kind = QUEUE_RELEASE,
                                               .occasion = "" };
    struct queue_mailing mailing = { .note = "", .created_at = now_at, .starts_at = now_at };
    bool is_new = false;
    int64_t added = 0;
    struct statement *statement = database_prepare(
        database,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
        " INSERT INTO subscriber SELECT i, 'p' || i || '@n' || (i % 7) || '.example', 'da', 2"
        " FROM n",
        error);
    statement_bind_integer(statement, 1, count);
    return statement_run(statement, error) &&
           database_execute(database,
                            "INSERT INTO subscription SELECT id, 'all', 0, 1 FROM subscriber",
                            error) &&
           queue_announcement_open(database, &announcement, &mailing.announcement, &is_new,
                                   error) &&
           queue_mailing_create(database, &mailing, error) &&
           queue_add_audience(database, &mailing, &candidates, &added, error);
}

static bool open_store(struct probe *probe, const char *folder, int64_t count, int64_t now_at,
                       struct error *error)
{
    const struct database_schema *schemas[] = { &people_schema, &queue_schema };
    char path[1024];
    if (!file_make_directories(AT_FDCWD, folder, error))
        return false;
    int directory = file_open_directory(AT_FDCWD, folder, error);
    if (directory < 0)
        return false;
    (void)snprintf(path, sizeof path, "%s/pressroom.db", folder);
    bool is_new = access(path, F_OK) != 0;
    struct database_settings settings = { .path = path, .state_directory = directory };
    probe->database = database_open(&settings, error);
    if (!probe->database || !database_migrate(probe->database, schemas, 2, error))
        return false;
    return !is_new || (database_begin(probe->database, error) &&
                       database_end(probe->database,
                                    fill_store(probe->database, count, now_at, error), error));
}

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void print_books(struct probe *probe)
{
    struct queue_books books;
    struct error error;
    if (!queue_books_of_mailing(probe->database, 1, &books, &error))
        return;
    for (int i = 0; i < QUEUE_STATE_COUNT; i++)
        (void)printf("%s=%" PRId64 " ", queue_state_name((enum queue_state)i), books.count[i]);
    (void)printf("audience=%" PRId64 "\n", books.audience);
}

static int run(struct probe *probe, int count, char **arguments)
{
    struct error error = { 0 };
    struct deliver_totals totals = { 0 };
    struct clock clock = clock_fixed(
        INT64_C(1780000000000) + (count > 6 ? strtoll(arguments[6], NULL, 10) : 0) * DURATION_HOUR);
    const char *target = arguments[2];
    bool is_maildir = strncmp(target, "maildir:", 8) == 0;
    struct deliver_settings settings = { .smtp = { .url = target, .tls = SMTP_TLS_NONE },
                                         .maildir = is_maildir ? target + 8 : NULL,
                                         .connections = count > 4
                                                            ? (int)strtol(arguments[4], NULL, 10)
                                                            : 10,
                                         .resend_unknown = true,
                                         .compose = compose,
                                         .compose_payload = probe };
    text_init(&probe->message, 0);
    fill_body(&probe->message, count > 5 ? strtoul(arguments[5], NULL, 10) : 6000);
    if (!net_initialize(&error) || !open_store(probe, arguments[1], strtoll(arguments[3], NULL, 10),
                                               clock_now(&clock), &error)) {
        (void)fprintf(stderr, "deliver_probe: %s\n", error.message);
        return 2;
    }
    double began = seconds();
    bool done = deliver_run(probe->database, &settings, &clock, &totals, &error);
    double took = seconds() - began;
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                 (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    (void)printf("sent=%" PRId64 " deferred=%" PRId64 " failed=%" PRId64 " seconds=%.2f rate=%.0f "
                 "cpu_us=%.1f peak_kb=%ld\n",
                 totals.sent, totals.deferred, totals.failed, took, (double)totals.sent / took,
                 totals.sent ? cpu * 1e6 / (double)totals.sent : 0.0, usage.ru_maxrss);
    print_books(probe);
    if (!done)
        (void)fprintf(stderr, "deliver_probe: %s\n", error.message);
    return done ? 0 : 1;
}

int main(int count, char **arguments)
{
    if (count < 4) {
        (void)fprintf(stderr, "usage: deliver_probe FOLDER URL PEOPLE [CONNECTIONS [BYTES [HOURS "
                              "LATER]]]\n");
        return 2;
    }
    struct probe probe = { 0 };
    int code = run(&probe, count, arguments);
    database_close(probe.database);
    text_release(&probe.message);
    return code;
}
