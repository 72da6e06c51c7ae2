/* SPDX-License-Identifier: MIT */
#include "cli/preview_link.h"

#include "cli/command.h"
#include "cli/context.h"
#include "cli/file_argument.h"
#include "cli/terminal.h"

#include "base/arena.h"
#include "base/error.h"
#include "config/config.h"
#include "database/database.h"
#include "intake/intake.h"
#include "preview/preview.h"
#include "release/newsroom.h"
#include "release/release_store.h"

#include <jansson.h>

/* The release that a run has made of the file; NULL: none. */
static const struct release_row *row_find(struct command_context *context, struct error *error)
{
    struct intake_check check;
    bool failed = false;
    const char *word = context->arguments->words[0];
    if (!file_argument_check(context, word, &check, error))
        return NULL;
    const struct release_row *row = release_find_by_path(context->database, context->arena,
                                                         check.name, &failed, error);
    if (!row && !failed)
        (void)error_set(error, ERROR_INPUT,
                        "%s: no run has taken it" ERROR_ADVICE "`pressroom run`, then try again",
                        word);
    return failed ? NULL : row;
}

static bool store(struct command_context *context, const struct preview *preview,
                  struct error *error)
{
    struct transaction transaction = transaction_of(context->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, preview_store(context->database, preview, error), error);
    return transaction.is_done;
}

int preview_link(struct command_context *context)
{
    struct error error;
    struct preview preview;
    const struct preview_settings settings = context_preview_settings(context);
    const struct release_row *row = row_find(context, &error);
    if (!row ||
        !preview_make(&settings, context->database, row, 0, context->arena, &preview, &error))
        return context_fail(context, &error);
    if (!preview.url) {
        (void)error_set(
            &error, ERROR_INPUT, "%s: no link is made of it: %s", context->arguments->words[0],
            context->config->newsroom.endpoint ? "it is public" : "`site.endpoint` is none");
        return context_fail(context, &error);
    }
    if (!store(context, &preview, &error))
        return context_fail(context, &error);
    if (context->json)
        context_print_json(json_pack("{s:s}", "url", preview.url));
    else
        terminal_print("%s\n", preview.url);
    return EXIT_WELL;
}
