/* SPDX-License-Identifier: MIT */
#include "cli/summary.h"

#include "cli/context.h"
#include "cli/terminal.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

static bool has_news(const struct summary_count *counts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (counts[i].count && counts[i].what && !counts[i].is_standing)
            return true;
    return false;
}

void report_summary(const struct command_context *context, struct json_t *report, const char *stage,
                    const struct summary_count *counts, size_t count, bool done)
{
    const char *between = ": ";
    if (report) {
        json_t *object = json_object();
        for (size_t i = 0; i < count; i++)
            json_set_number(object, counts[i].name, counts[i].count);
        json_set_value(report, stage, object);
    }
    if (context->json || context->quiet || (context->step_state && !has_news(counts, count)))
        return;
    for (size_t i = 0; i < count; i++) {
        const char *what = counts[i].count == 1 && counts[i].one ? counts[i].one : counts[i].what;
        if (!what || counts[i].count == 0)
            continue;
        terminal_print("%s%s%" PRId64 " %s", *between == ':' ? stage : "", between, counts[i].count,
                       what);
        between = ", ";
    }
    if (*between == ',')
        terminal_print("\n");
    else if (done)
        terminal_print("%s: nothing new\n", stage);
    (void)fflush(stdout);
}
