/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/context.h"
#include "cli/terminal.h"

#include <jansson.h>
#include <stdarg.h>
#include <string.h>

static void report(struct doctor *doctor, enum doctor_verdict verdict, const char *place,
                   const struct error *text)
{
    static const char *const names[] = { "good", "skipped", "warning", "problem" };
    doctor->count[verdict]++;
    if (doctor->checks)
        (void)json_array_append_new(doctor->checks,
                                    json_pack("{s:s, s:s, s:s, s:s?}", "place", place, "verdict",
                                              names[verdict], "text", text->message, "advice",
                                              error_advice(text)));
    if (verdict >= DOCTOR_WARNING)
        log_line(verdict == DOCTOR_WARNING ? LOG_WARNING : LOG_ERROR, "%s: %s", place,
                 text->message);
    else if (!doctor->checks && !doctor->context->quiet)
        terminal_print("%-8s %s: %s\n", names[verdict], place, text->message);
}

void doctor_report(struct doctor *doctor, enum doctor_verdict verdict, const char *place,
                   const char *format, ...)
{
    va_list arguments;
    struct error text;
    va_start(arguments, format);
    (void)error_set_list(&text, ERROR_INPUT, 0, format, arguments);
    va_end(arguments);
    report(doctor, verdict, place, &text);
}

void doctor_report_error(struct doctor *doctor, const char *place, const struct error *error)
{
    report(doctor, DOCTOR_PROBLEM, place, error);
}
