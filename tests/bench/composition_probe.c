/* SPDX-License-Identifier: MIT */
/* What a message costs: makes those of the newest mailing of a newsroom for people of its own
 * invention, sends none, and prints nanoseconds and bytes a message.
 *
 *   composition_probe NEWSROOM COUNT */
#include "base/arena.h"
#include "base/error.h"
#include "cli/arguments.h"
#include "cli/context.h"
#include "config/config.h"
#include "database/database.h"
#include "delivery/deliver.h"
#include "delivery/message_source.h"
#include "net/net.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "subscriber/subscriber.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool find_row(struct database *database, struct queue_row *row, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT mailing.announcement, delivery.mailing, delivery.version FROM delivery"
        " JOIN mailing ON mailing.row_id = delivery.mailing ORDER BY delivery.mailing DESC LIMIT 1",
        error);
    if (!statement_find(statement, &found, error))
        return false;
    if (!found)
        return error_set(error, ERROR_USAGE, "no mailing");
    row->announcement = statement_integer(statement, 0);
    row->mailing = statement_integer(statement, 1);
    row->version = statement_integer(statement, 2);
    statement_reset(statement);
    return true;
}

static bool measure(struct command_context *context, const struct subscriber_service *service,
                    long count, struct error *error)
{
    struct queue_row row = { .language = "da" };
    struct delivery_message message = { 0 };
    char address[64];
    size_t bytes = 0;
    struct message_source *source = message_source_open(&context->config->message_source, service,
                                                        error);
    bool done = source && find_row(context->database, &row, error);
    row.address = address;
    int64_t began_ns = 0;
    for (long i = -1; done && i < count; i++) {
        if (i == 0) /* the first one was the mailing's own */
            began_ns = now_ns();
        (void)snprintf(address, sizeof address, "laeser%ld@avis.example", i + 1);
        row.subscriber = INT64_C(7919) * (i + 2);
        done = message_source_compose(source, &row, &message, error);
        bytes += message.length;
    }
    if (done)
        (void)printf("%" PRId64 " %zu\n", (now_ns() - began_ns) / count,
                     bytes / (size_t)(count + 1));
    message_source_close(source);
    return done;
}

int main(int count, char **arguments)
{
    struct arena arena = { 0 };
    const struct arguments none = { 0 };
    struct command_context context;
    struct subscriber_service service;
    struct error error = { 0 };
    int code = 2;
    long messages = count == 3 ? strtol(arguments[2], NULL, 10) : 0;
    if (messages < 1) {
        (void)fprintf(stderr, "usage: composition_probe NEWSROOM COUNT\n");
        return 2;
    }
    context_init(&context, &arena, NULL, &none);
    context.directory = arguments[1];
    if (context_open_subscriber_service(&context, CONTEXT_WRITE, &service, &code) &&
        net_initialize(&error)) {
        code = measure(&context, &service, messages, &error) ? 0 : 1;
        if (code)
            (void)fprintf(stderr, "composition_probe: %s\n", error.message);
    }
    context_close(&context);
    arena_release(&arena);
    return code;
}
