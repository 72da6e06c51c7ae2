/* SPDX-License-Identifier: MIT */
#include "cli/explain.h"

#include "base/arena.h"
#include "inbound/reading.h"

#include <jansson.h>

/* "qmail: sorry, no mailbox here by that name (#5.1.1)". */
static const char *reason_of(struct arena *arena, const struct inbound_reading *reading)
{
    const char *report = reading->report ? reading->report : "";
    if (!*reading->rule)
        return report;
    return *report ? arena_format(arena, "%s: %s", reading->rule, report) : reading->rule;
}

struct json_t *explain_json(struct arena *arena, const char *name,
                            const struct inbound_reading *reading)
{
    json_t *recipients = json_array();
    for (const struct inbound_recipient *one = reading->recipients; one; one = one->next) {
        if (*one->address)
            (void)json_array_append_new(
                recipients, json_pack("{s:s, s:s, s:b}", "address", one->address, "class",
                                      refusal_kind_name(one->kind), "certain", one->is_certain));
    }
    return json_pack("{s:s, s:s, s:s, s:o, s:s}", "file", name, "kind",
                     inbound_kind_name(reading->kind), "status",
                     reading->enhanced ? reading->enhanced : "", "recipients", recipients, "reason",
                     reason_of(arena, reading));
}

const char *explain_text(struct arena *arena, const char *name,
                         const struct inbound_reading *reading)
{
    const char *reason = reason_of(arena, reading);
    const char *way = reading->recipients ? inbound_knowledge_text(reading->known_by) : "";
    const char *text = arena_format(arena, "%s: %s%s%s%s%s\n", name,
                                    inbound_kind_name(reading->kind), *way ? ", " : "", way,
                                    *reason ? "; " : "", reason);
    for (const struct inbound_recipient *one = reading->recipients; one; one = one->next)
        text = arena_format(arena, "%s    %s: counts against %s%s%s\n", text,
                            *one->address ? one->address : "(not named)",
                            one->kind == REFUSAL_ADDRESS   ? "the address"
                            : one->kind == REFUSAL_MAILBOX ? "this message"
                                                           : "us",
                            *one->enhanced ? ", " : "", one->enhanced);
    return text;
}
