/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"

#include "base/error.h"
#include "base/log.h"
#include "cli/terminal.h"
#include "subscriber/subscriber.h"

#include <jansson.h>

int cmd_subscriber_forget(struct command_context *context)
{
    const char *address = context->arguments->words[0];
    struct subscriber_service service;
    struct error error;
    int code;
    bool is_known = false;
    bool is_pending = false;
    if (!context_open_subscriber_service(context, CONTEXT_WRITE, &service, &code))
        return code;
    if (!subscriber_forget(&service, address, &is_known, &is_pending, &error)) {
        (void)error_prefix(&error, "%s", address);
        return context_fail(context, &error);
    }
    if (context->json)
        context_print_json(json_pack("{s:s, s:b, s:b}", "address", address, "known", is_known,
                                     "bytes_pending", is_pending));
    else if (!context->quiet)
        terminal_print(is_known ? "%s: erased; an import does not bring the person back\n"
                                : "%s: was not known; from now on an import leaves it out\n",
                       address);
    if (!is_pending)
        return EXIT_WELL;
    log_line(LOG_ERROR, "database: bytes pending: the person is erased, but can still be found "
                        "in the journal while another program reads it; close that program and "
                        "call `pressroom run`");
    return EXIT_REFUSED;
}
