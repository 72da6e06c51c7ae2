/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"
#include "cli/share_directory.h"

#include "base/error.h"
#include "cli/terminal.h"
#include "config/config.h"

#include <jansson.h>

int cmd_init(struct command_context *context)
{
    struct error error;
    const struct arguments *arguments = context->arguments;
    const char *directory = arguments->words[0];
    const struct config_new_newsroom values = { .name = arguments_value(arguments, "name"),
                                                .url = arguments_value(arguments, "url"),
                                                .from = arguments_value(arguments, "from"),
                                                .language = arguments_value(arguments,
                                                                            "language") };
    const char *share = share_directory(context->arena, &error);
    if (!share || !config_make_newsroom(directory, share, &values, &error))
        return context_fail(context, &error);
    if (context->json)
        context_print_json(json_pack("{s:s}", "newsroom", directory));
    else if (!context->quiet)
        terminal_print("%s is a newsroom now. Next:\n"
                       "  read %s/newsroom.yaml, and fill in what is yours\n"
                       "  put a release into %s/releases/\n"
                       "  pressroom -C %s run\n",
                       directory, directory, directory, directory);
    return EXIT_WELL;
}
