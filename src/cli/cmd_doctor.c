/* SPDX-License-Identifier: MIT */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/doctor.h"
#include "cli/report.h"
#include "cli/terminal.h"

#include "base/error.h"

#include <jansson.h>

static void open_database(struct doctor *doctor)
{
    struct error error;
    doctor->has_database = context_reach_database(doctor->context, CONTEXT_READ, &error);
    if (!doctor->has_database)
        doctor_report_error(doctor, "state/pressroom.db", &error);
}

/* In the order in which they are printed. */
static const struct {
    void (*examine)(struct doctor *doctor);
    bool needs_database;
    const char *option; /* only with it; NULL: always */
} checks[] = {
    { doctor_files, false, NULL },        { doctor_languages, false, NULL },
    { doctor_guide, false, NULL },        { open_database, false, NULL },
    { doctor_database, true, NULL },      { doctor_public, false, NULL },
    { doctor_mail, false, NULL },         { doctor_dns, false, NULL },
    { doctor_dmarc_reports, true, NULL }, { doctor_serve, false, NULL },
    { doctor_send, false, "send" },
};

static void examine(struct doctor *doctor)
{
    const struct command_context *context = doctor->context;
    doctor_report(doctor, DOCTOR_GOOD, "newsroom.yaml", "read, with feeds, topics and templates");
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        bool is_wanted = !checks[i].option || arguments_have(context->arguments, checks[i].option);
        if (is_wanted && (!checks[i].needs_database || doctor->has_database))
            checks[i].examine(doctor);
    }
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
