/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/confined_functions.h"
#include "cli/context.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/terminal.h"

#include <stdio.h>
#include <string.h>

/* The words of the command line that can name a command: those before the first option that is not
 * shared. */
static void leading_words(struct arena *arena, int count, char **argv, struct arguments *arguments)
{
    *arguments = (struct arguments){ 0 };
    arguments->words = arena_allocate_array(arena, (size_t)count + 1, sizeof *arguments->words);
    for (int i = 0; i < count && arguments->word_count < 2; i++) {
        if (strcmp(argv[i], "-C") == 0 || strcmp(argv[i], "--newsroom") == 0)
            i++;
        else if (argv[i][0] != '-')
            arguments->words[arguments->word_count++] = argv[i];
    }
}

static int usage_error(const struct error *error)
{
    log_line(LOG_ERROR, "%s", error->message);
    return EXIT_UNUSABLE;
}

static int run_without_command(struct arena *arena, int count, char **argv)
{
    struct arguments arguments;
    struct error error;
    const struct option *const tables[2] = { NULL, command_shared_options };
    if (!arguments_parse(arena, count, argv, tables, &arguments, &error))
        return usage_error(&error);
    if (arguments_have(&arguments, "version")) {
        terminal_print("pressroom %s\n", PRESSROOM_VERSION);
        return EXIT_WELL;
    }
    command_print_overview();
    return arguments_have(&arguments, "help") ? EXIT_WELL : EXIT_UNUSABLE;
}

static void set_log_level(const struct arguments *arguments)
{
    if (arguments_have(arguments, "quiet"))
        log_set_level(LOG_ERROR);
    else if (arguments_have(arguments, "verbose"))
        log_set_level(LOG_DEBUG);
}

static bool check_use(const struct command *command, const struct arguments *arguments,
                      struct error *error)
{
    if (arguments_have(arguments, "quiet") && arguments_have(arguments, "verbose"))
        return error_set(error, ERROR_USAGE,
                         "-v and -q ask for opposites" ERROR_ADVICE "say one of them");
    if (arguments->word_count < command->words_minimum)
        return error_set(error, ERROR_USAGE,
                         "%s: needs %s" ERROR_ADVICE "`pressroom %s --help` tells more",
                         command->name, command->parameters, command->name);
    if (arguments->word_count > command->words_maximum)
        return error_set(error, ERROR_USAGE,
                         "%s: too many words, from \"%s\" on" ERROR_ADVICE
                         "`pressroom %s --help` tells more",
                         command->name, arguments->words[command->words_maximum], command->name);
    return true;
}

static int run_command(struct arena *arena, int count, char **argv)
{
    struct arguments arguments;
    struct error error;
    size_t words_taken = 0;
    leading_words(arena, count, argv, &arguments);
    if (arguments.word_count > 0 && strcmp(arguments.words[0], "help") == 0) {
        arguments.words++;
        arguments.word_count--;
        if (arguments.word_count == 0) {
            command_print_overview();
            return EXIT_WELL;
        }
        const struct command *wanted = command_find(arena, &arguments, &words_taken, &error);
        if (!wanted)
            return usage_error(&error);
        command_print_help(wanted);
        return EXIT_WELL;
    }
    if (arguments.word_count == 0)
        return run_without_command(arena, count, argv);
    const struct command *command = command_find(arena, &arguments, &words_taken, &error);
    if (!command)
        return usage_error(&error);
    const struct option *const tables[2] = { command->options, command_shared_options };
    if (!arguments_parse(arena, count, argv, tables, &arguments, &error)) {
        (void)error_prefix(&error, "%s", command->name);
        return usage_error(&error);
    }
    if (arguments_have(&arguments, "help")) {
        command_print_help(command);
        return EXIT_WELL;
    }
    arguments.words += words_taken;
    arguments.word_count -= words_taken;
    if (!check_use(command, &arguments, &error))
        return usage_error(&error);
    set_log_level(&arguments);
    struct command_context context;
    context_init(&context, arena, command, &arguments);
    int code = command->run(&context);
    context_close(&context);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        log_line(LOG_ERROR, "standard output: cannot be written; nothing else is wrong");
        return EXIT_REFUSED;
    }
    if (context.is_watching)
        return code;
    return code == EXIT_WELL && log_error_count() > 0 ? EXIT_REFUSED : code;
}

int main(int count, char **argv)
{
    struct arena arena = { 0 };
    confined_functions_serve(count, argv);
    int code = run_command(&arena, count - 1, argv + 1);
    arena_release(&arena);
    return code;
}
