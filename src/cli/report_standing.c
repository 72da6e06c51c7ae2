/* SPDX-License-Identifier: MIT */
#include "cli/report_standing.h"

#include "base/arena.h"
#include "base/clock.h"
#include "cli/context.h"
#include "cli/terminal.h"
#include "subscriber/standing.h"

#include <inttypes.h>

/* "1 point", "1.5 points". */
static const char *points_words(struct arena *arena, double points)
{
    return arena_format(arena, "%.3g %s", points,
                        points > 0.999 && points < 1.001 ? "point" : "points");
}

void report_standing_print(struct command_context *context, const struct standing *standing)
{
    if (standing->probe_since_at)
        terminal_print("Standing: %s; a mail has asked since %s whether the address still "
                       "receives\n          (if it comes back, the subscription ends; if nothing "
                       "comes within 7 days, all is well)\n",
                       points_words(context->arena, standing->points),
                       context_time(context, standing->probe_since_at));
    else if (standing->points > 0)
        terminal_print("Standing: %s; at %d within 30 days a mail asks whether the address still "
                       "receives\n",
                       points_words(context->arena, standing->points), STANDING_POINTS_TO_PROBE);
    else
        terminal_print("Standing: well; nothing counts against the address\n");
}

static const char *weight_words(struct arena *arena, const struct standing_return *item)
{
    switch (item->weight) {
    case STANDING_COUNTS:
        return "counts";
    case STANDING_WAITS:
        return "its mailing is under way";
    case STANDING_NOBODY:
        return arena_format(arena,
                            "counts against nobody, as too many of the mailing came back "
                            "(`pressroom mailing show %" PRId64 "`)",
                            item->mailing);
    case STANDING_OUTDATED:
        break;
    }
    return "does not count any more";
}

static void print_return(struct command_context *context, const struct standing_return *item)
{
    const char *code = item->smtp_code ? arena_format(context->arena, " %d", item->smtp_code) : "";
    const char *what = item->mailing
                           ? arena_format(context->arena, "mailing %" PRId64, item->mailing)
                           : "a single mail";
    terminal_print("\n%s  unknown address:%s%s%s, %s\n    %s\n", context_time(context, item->at),
                   code, *item->enhanced ? " " : "", item->enhanced, what,
                   weight_words(context->arena, item));
}

static void print_probe(struct command_context *context, const struct standing_probe *probe)
{
    static const char *const ends[] = {
        [STANDING_PROBE_OUT] = "nothing came back yet",
        [STANDING_PROBE_BOUNCED] = "it came back, and the subscription ended",
        [STANDING_PROBE_CLEARED] = "nothing came back: all is well",
        [STANDING_PROBE_WITHDRAWN] = "what led to it does not count any more",
        [STANDING_PROBE_LEFT] = "the person left meanwhile",
    };
    const char *end = (unsigned)probe->end < sizeof ends / sizeof ends[0] ? ends[probe->end] : "?";
    terminal_print("\n%s  asked whether the address still receives\n    %s%s%s\n",
                   context_time(context, probe->at),
                   probe->ended_at ? context_time(context, probe->ended_at) : "",
                   probe->ended_at ? ": " : "", end);
}

/* Both in the order of time. */
void report_standing_print_returns(struct command_context *context, const struct standing *standing)
{
    const struct standing_return *item = standing->returns;
    const struct standing_probe *probe = standing->probes;
    while (item || probe) {
        if (item && (!probe || item->at <= probe->at)) {
            print_return(context, item);
            item = item->next;
        } else {
            print_probe(context, probe);
            probe = probe->next;
        }
    }
}
