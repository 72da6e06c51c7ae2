/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"

#include "base/error.h"
#include "base/log.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "confined/confined.h"
#include "database/database.h"
#include "endpoint/endpoint.h"
#include "locale/locale.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Opens keys and migrates the database; the endpoint then opens a connection of its own. */
static bool fill_settings(struct command_context *context, struct endpoint_settings *settings,
                          int *exit_code)
{
    struct error error;
    const struct config *config = context->config;
    if (!strings_open(config->publish.strings, &error) || !context_open_keys(context, &error)) {
        *exit_code = context_fail(context, &error);
        return false;
    }
    const char *listen = arguments_value(context->arguments, "listen");
    *settings = (struct endpoint_settings){
        .listen = listen ? listen : config->serve.listen,
        .metrics = config->serve.metrics,
        .trusted_proxies = config->serve.trusted_proxies,
        .public_path = config->public_path,
        .newsroom = &config->newsroom,
        .feeds = config->feeds,
        .templates = config->templates,
        .templates_hash = config->publish.templates_hash,
        .strings = config->publish.strings,
        .status_page = config->status_page.place == STATUS_PAGE_WEB ? &config->status_page : NULL,
        .style = config->publish.style,
        .style_length = config->publish.style_length,
        .sender = config->mail.from_address,
        .signup_address = config->publish.signup_address,
        .signup_by_machine = config->publish.signup_by_machine,
        .database = context_database_settings(context),
        .keys = context->keys,
        .clock = &context->clock,
        .random = &context->random,
        .before_serving = confined_harden,
    };
    return true;
}

/* For stories: how long a request may take to come, and how many sign-ups are a crowd, which then
 * lasts. */
static void take_test_hooks(struct endpoint_limits *limits)
{
#ifdef PRESSROOM_TEST_HOOKS
    const char *patience = getenv("PRESSROOM_PATIENCE_MS"); /* NOLINT(concurrency-mt-unsafe) */
    if (patience)
        limits->request_seconds = (unsigned)(strtoul(patience, NULL, 10) + 999) / 1000;
    const char *crowd = getenv("PRESSROOM_SIGNUP_BURST"); /* NOLINT(concurrency-mt-unsafe) */
    if (crowd) {
        limits->all_burst = (unsigned)strtoul(crowd, NULL, 10);
        limits->all_per_hour = 1;
    }
#else
    (void)limits;
#endif
}

static void print_address(const struct command_context *context,
                          const struct endpoint_settings *settings, const struct endpoint *endpoint)
{
    int host = (int)(strrchr(settings->listen, ':') - settings->listen);
    if (context->json) {
        terminal_print("{\"listen\": \"%.*s:%u\", \"metrics_port\": %u}\n", host, settings->listen,
                       endpoint_port(endpoint), endpoint_metrics_port(endpoint));
    } else if (!context->quiet) {
        terminal_print("serve: http://%.*s:%u/\n", host ? host : 9,
                       host ? settings->listen : "localhost", endpoint_port(endpoint));
    }
    (void)fflush(stdout);
}

int cmd_serve(struct command_context *context)
{
    struct error error;
    struct endpoint_settings settings;
    sigset_t ends;
    int received = 0;
    int code = EXIT_WELL;
    if (!context_open_database(context, CONTEXT_WRITE, &code) ||
        !fill_settings(context, &settings, &code))
        return code;
    take_test_hooks(&settings.limits);
    /* Signals are blocked before there are threads, because threads inherit the mask and only this
     * one may take SIGTERM. SIGPIPE is blocked because a reader who disconnects must not end the
     * process. */
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
    (void)sigdelset(&ends, SIGPIPE);
    /* Closed because the endpoint has a connection of its own. */
    database_close(context->database);
    context->database = NULL;
    struct endpoint *endpoint = endpoint_open(&settings, &error);
    if (!endpoint)
        return context_fail(context, &error);
    /* Serves without /metrics where its port is taken, because readers matter more. */
    if (!endpoint_open_metrics(endpoint, &error))
        log_line(LOG_WARNING, "%s; serving without /metrics", error.message);
    print_address(context, &settings, endpoint);
    (void)sigwait(&ends, &received);
    endpoint_close(endpoint);
    return EXIT_WELL;
}
