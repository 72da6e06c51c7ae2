/* SPDX-License-Identifier: MIT */
#include "cli/summary.h"

#include "cli/context.h"

#include <inttypes.h>
#include <stdio.h>

void summary_add(struct summary *summary, int64_t count, const char *what)
{
    if (!summary->is_on || count == 0)
        return;
    if (!summary->is_begun)
        (void)printf("%s: ", summary->stage);
    (void)printf("%s%" PRId64 " %s", summary->is_begun ? ", " : "", count, what);
    summary->is_begun = true;
}

void summary_end(const struct summary *summary)
{
    if (!summary->is_on || (summary->is_silent && !summary->is_begun))
        return;
    (void)printf("%s%s\n", summary->is_begun ? "" : summary->stage,
                 summary->is_begun ? "" : ": nothing new");
    (void)fflush(stdout);
}

struct summary summary_begin(const struct command_context *context, const char *stage)
{
    return (struct summary){ .is_on = !context->json && !context->quiet,
                             .is_silent = context->memory != NULL,
                             .stage = stage };
}
