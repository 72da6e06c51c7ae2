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

void doctor_report(struct doctor *doctor, enum doctor_verdict verdict, const char *place,
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

void doctor_report_error(struct doctor *doctor, const char *place, const struct error *error)
{
    doctor_report(doctor, DOCTOR_PROBLEM, place, "%s", error->message);
}
