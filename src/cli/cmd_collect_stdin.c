/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "base/string_builder.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/inbox.h"
#include "cli/stage.h"
#include "inbound/inbound.h"
#include "net/net.h"
#include "subscriber/subscriber.h"

#include <errno.h>
#include <jansson.h>
#include <unistd.h>

/* What is longer is cut off here, neither analyzed nor kept. */
enum { MESSAGE_MAXIMUM = 20 * 1024 * 1024, PIECE = 64 * 1024 };

/* Reads to the end even past the maximum, because else the mail server gets a broken pipe and sends
 * a bounce. */
static bool read_message(struct string_builder *bytes, bool *is_cut, struct error *error)
{
    static char piece[PIECE];
    ssize_t count = 1;
    *is_cut = false;
    while (count > 0) {
        count = read(STDIN_FILENO, piece, sizeof piece);
        if (count < 0 && errno == EINTR)
            count = 1;
        else if (count < 0)
            return error_set_errno(error, ERROR_SYSTEM, errno, "standard input");
        else if (bytes->length + (size_t)count > MESSAGE_MAXIMUM)
            *is_cut = true;
        else if (count > 0)
            string_builder_append_bytes(bytes, piece, (size_t)count);
    }
    return bytes->length > 0 ||
           error_set(error, ERROR_INPUT,
                     "standard input: holds no message" ERROR_ADVICE "nothing was recorded");
}

static bool take(struct command_context *context, const struct subscriber_service *service,
                 struct inbound_totals *totals, struct error *error)
{
    const struct inbound_settings settings = inbox_settings(context);
    struct string_builder bytes;
    bool is_cut = false;
    string_builder_init(&bytes, MESSAGE_MAXIMUM + 1);
    bool done = net_initialize(error) && read_message(&bytes, &is_cut, error);
    if (done &&
        !inbound_receive(&settings, service, bytes.data, bytes.length, is_cut, totals, error)) {
        done = false;
        if (error->kind == ERROR_INPUT)
            (void)error_prefix(error, "standard input: the message was not taken");
    }
    string_builder_release(&bytes);
    return done;
}

int collect_stdin(struct command_context *context)
{
    struct inbound_totals totals = { .repeated = 0 };
    struct subscriber_service service;
    struct error error;
    int code;
    error_set_end(EXIT_LATER);
    if (!context_open_subscriber_service(context, CONTEXT_WRITE, &service, &code))
        return EXIT_LATER;
    if (!take(context, &service, &totals, &error)) {
        (void)context_fail(context, &error);
        return EXIT_LATER;
    }
    json_t *report = context->json ? json_object() : NULL;
    collect_report(context, report, &totals, true);
    if (report)
        context_print_json(report);
    return EXIT_WELL;
}
