/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"
#include "cli/share_directory.h"
#include "cli/terminal.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "config/config.h"
#include "guide/guide.h"
#include "locale/locale.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The values that have no default. */
struct question {
    const char *option;
    const char *text;
    const char *example;
};

static const struct question questions[] = {
    { "name", "Who publishes?", "Region Nordhav" },
    { "url", "At which address will people read the news?", "https://presse.nordhav.example/" },
};

enum { QUESTION_COUNT = sizeof questions / sizeof questions[0], ANSWER_SIZE = 1000 };

/* One line without spaces around it; NULL where it is empty, or there is none. */
static const char *read_answer(struct arena *arena)
{
    char line[ANSWER_SIZE];
    if (!fgets(line, sizeof line, stdin))
        return NULL;
    const char *start = line + strspn(line, " \t\r\n");
    size_t length = strlen(start);
    while (length > 0 && strchr(" \t\r\n", start[length - 1]))
        length--;
    return length ? arena_copy_bytes(arena, start, length) : NULL;
}

static const char *ask(struct arena *arena, const struct question *question)
{
    terminal_print("%s (like %s) ", question->text, question->example);
    (void)fflush(stdout);
    return read_answer(arena);
}

static bool may_ask(const struct command_context *context)
{
    return !context->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* answers[i] is what was given or asked for. False: some are missing, and *error names them all. */
static bool find_answers(const struct command_context *context, const char *answers[QUESTION_COUNT],
                         struct error *error)
{
    struct arena *arena = context->arena;
    const char *missing = NULL;
    const char *example = "";
    for (size_t i = 0; i < QUESTION_COUNT; i++) {
        const struct question *question = &questions[i];
        answers[i] = arguments_value(context->arguments, question->option);
        if ((!answers[i] || !*answers[i]) && may_ask(context))
            answers[i] = ask(arena, question);
        if (answers[i] && *answers[i])
            continue;
        missing = missing ? arena_format(arena, "%s and --%s are", missing, question->option)
                          : arena_format(arena, "--%s", question->option);
        example = arena_format(arena, "%s --%s \"%s\"", example, question->option,
                               question->example);
    }
    if (!missing)
        return true;
    bool is_one = !strstr(missing, " are");
    return error_set(error, ERROR_USAGE, "init: %s%s missing" ERROR_ADVICE "write %s like this:%s",
                     missing, is_one ? " is" : "", is_one ? "it" : "them", example);
}

static void print_next_steps(const struct command_context *context, const char *directory,
                             const struct config_new_newsroom *values, bool is_likely)
{
    if (context->json) {
        context_print_json(json_pack("{s:s, s:s, s:b}", "newsroom", directory, "from", values->from,
                                     "has_texts", values->has_texts));
        return;
    }
    if (context->quiet)
        return;
    terminal_print("%s is a newsroom now. Next:\n"
                   "  read %s/newsroom.yaml, and fill in what is yours\n",
                   directory, directory);
    if (is_likely)
        terminal_print(
            "  mails will come from %s: put another address into mail.from there if that is "
            "not yours\n",
            values->from);
    if (!values->has_texts)
        terminal_print("  pages and mails are in English: words of %s go into "
                       "%s/templates/languages/%s/strings.yaml\n",
                       values->language, directory, values->language);
    terminal_print("  put a release into %s/releases/\n"
                   "  pressroom -C %s run\n"
                   "  show press officers %s/guide/index.html\n",
                   directory, directory, directory);
}

/* Whose texts the newsroom shows, by the folder they come from: "nb" for "no". */
static const char *language_of_texts(const struct config *config)
{
    return strings_language(config->publish.strings, config->newsroom.language, "nav_front");
}

static bool make_guide(struct command_context *context, const char *directory, const char *share,
                       struct guide_result *result, struct error *error)
{
    const struct config *config = context->config;
    const struct guide_settings settings = { .share_directory = share,
                                             .directory = directory,
                                             .language = language_of_texts(config),
                                             .program = "pressroom " PRESSROOM_VERSION,
                                             .reader = config->reader,
                                             .words = config->words,
                                             .zone = locale_context_zone(config->publish.locale) };
    if (!guide_make(&settings, context->arena, result, error))
        return error_prefix(error, "guide");
    if (result->kept)
        log_line(LOG_WARNING,
                 "%s/%s: is not a page of ours and was left as it is" ERROR_ADVICE
                 "give it another name, and call `pressroom init --guide` again",
                 directory, result->kept);
    return true;
}

/* Of a newsroom that is there: after an update of the program. */
static int refresh_guide(struct command_context *context, const char *directory, const char *share)
{
    struct error error;
    struct guide_result result;
    context->directory = directory;
    if (!context_open_config(context))
        return EXIT_UNUSABLE;
    if (!make_guide(context, directory, share, &result, &error))
        return context_fail(context, &error);
    if (context->json)
        context_print_json(json_pack("{s:s, s:I, s:I}", "newsroom", directory, "pages",
                                     (json_int_t)result.pages, "templates",
                                     (json_int_t)result.templates));
    else if (!context->quiet)
        terminal_print("%s/guide/: %zu pages are new; templates that were missing: %zu\n",
                       directory, result.pages, result.templates);
    return EXIT_WELL;
}

/* A newsroom works without its guide, so where only that fails, it is made all the same. */
static void make_first_guide(struct command_context *context, const char *directory,
                             const char *share)
{
    struct error error;
    struct guide_result result;
    context->directory = directory;
    if (context_open_config(context) && !make_guide(context, directory, share, &result, &error))
        log_line(LOG_WARNING, "%s; `pressroom init --guide %s` tries again", error.message,
                 directory);
}

int cmd_init(struct command_context *context)
{
    struct error error;
    const struct arguments *arguments = context->arguments;
    const char *share = share_directory(context->arena, &error);
    if (!share)
        return context_fail(context, &error);
    if (arguments_have(arguments, "guide"))
        return refresh_guide(context, arguments->words[0], share);
    const char *answers[QUESTION_COUNT];
    const char *directory = arguments->words[0];
    const char *from = arguments_value(arguments, "from");
    if (!find_answers(context, answers, &error))
        return context_fail(context, &error);
    bool is_likely = !from || !*from;
    if (is_likely)
        from = config_likely_from(context->arena, answers[0], answers[1], &error);
    if (!from) {
        (void)error_prefix(&error, "init");
        return context_fail(context, &error);
    }
    struct config_new_newsroom values = { .name = answers[0],
                                          .url = answers[1],
                                          .from = from,
                                          .language = arguments_value(arguments, "language") };
    if (!config_make_newsroom(directory, share, &values, &error))
        return context_fail(context, &error);
    make_first_guide(context, directory, share);
    print_next_steps(context, directory, &values, is_likely);
    return EXIT_WELL;
}
