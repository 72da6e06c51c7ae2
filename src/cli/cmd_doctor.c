/* SPDX-License-Identifier: MIT */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/doctor.h"
#include "cli/report.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/terminal.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <string.h>

void doctor_say(struct doctor *doctor, enum doctor_verdict verdict, const char *place,
                const char *format, ...)
{
    static const char *const names[] = { "good", "skipped", "warning", "problem" };
    va_list arguments;
    va_start(arguments, format);
    const char *text = arena_format_list(doctor->context->arena, format, arguments);
    va_end(arguments);
    doctor->count[verdict]++;
    const char *advice = verdict == DOCTOR_GOOD ? NULL : strstr(text, "; ");
    if (doctor->checks)
        (void)json_array_append_new(doctor->checks,
                                    json_pack("{s:s, s:s, s:s, s:s?}", "place", place, "verdict",
                                              names[verdict], "text", text, "advice",
                                              advice ? advice + 2 : NULL));
    if (verdict >= DOCTOR_WARNING)
        log_line(verdict == DOCTOR_WARNING ? LOG_WARNING : LOG_ERROR, "%s: %s", place, text);
    else if (!doctor->checks && !doctor->context->quiet)
        terminal_print("%-8s %s: %s\n", names[verdict], place, text);
}

void doctor_say_error(struct doctor *doctor, const char *place, const struct error *error)
{
    doctor_say(doctor, DOCTOR_PROBLEM, place, "%s", error->message);
}

static void examine(struct doctor *doctor)
{
    struct error error;
    doctor_say(doctor, DOCTOR_GOOD, "newsroom.yaml", "read, with feeds, topics and templates");
    doctor_files(doctor);
    if (context_reach_database(doctor->context, CONTEXT_READ, &error))
        doctor_database(doctor);
    else
        doctor_say_error(doctor, "state/pressroom.db", &error);
    doctor_public(doctor);
    doctor_mail(doctor);
    doctor_dns(doctor);
    if (doctor->context->database)
        doctor_dmarc_reports(doctor);
    doctor_serve(doctor);
    if (arguments_have(doctor->context->arguments, "send"))
        doctor_send(doctor);
}

int cmd_doctor(struct command_context *context)
{
    struct doctor doctor = { .context = context };
    bool has_part = arguments_have(context->arguments, "to") ||
                    arguments_have(context->arguments, "wait");
    if (has_part && !arguments_have(context->arguments, "send")) {
        struct error error;
        (void)error_set(&error, ERROR_USAGE, "doctor: --to and --wait belong to --send");
        return context_fail(context, &error);
    }
    if (!context_open_config(context))
        return EXIT_UNUSABLE;
    doctor.checks = context->json ? json_array() : NULL;
    examine(&doctor);
    if (doctor.checks)
        context_print_json(json_pack("{s:o, s:I, s:I}", "checks", doctor.checks, "problems",
                                     (json_int_t)doctor.count[DOCTOR_PROBLEM], "warnings",
                                     (json_int_t)doctor.count[DOCTOR_WARNING]));
    else if (!context->quiet)
        terminal_print(
            "doctor: %s, %s\n",
            report_counted(context->arena, doctor.count[DOCTOR_PROBLEM], "problem", "problems"),
            report_counted(context->arena, doctor.count[DOCTOR_WARNING], "warning", "warnings"));
    return doctor.count[DOCTOR_PROBLEM] ? EXIT_REFUSED : EXIT_WELL;
}
