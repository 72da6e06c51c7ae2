/* SPDX-License-Identifier: MIT */
/* What a file holds beside its text, and why one cannot be read, as a press officer is told. */
#include "intake/layout_parts.h"

#include "base/arena.h"
#include "intake/embargo_text.h"
#include "intake/left_out.h"
#include "intake/reader.h"
#include "release/release.h"
#include "rich_text/rich_text.h"

#include <string.h>

/* How a finding is told: advice is said by `check` alone. */
struct telling {
    enum rich_text_finding_kind kind;
    enum intake_severity severity;
    enum intake_message_id message;
    bool is_open; /* somebody has still to decide about it in the file */
};

/* Instructions of fields are words that nobody sees in their program either: they are not told. */
static const struct telling tellings[] = {
    { RICH_TEXT_INSERTED, INTAKE_NOTICE, INTAKE_MESSAGE_FOUND_INSERTED, true },
    { RICH_TEXT_DELETED, INTAKE_NOTICE, INTAKE_MESSAGE_FOUND_DELETED, true },
    { RICH_TEXT_MOVED, INTAKE_NOTICE, INTAKE_MESSAGE_FOUND_MOVED, true },
    { RICH_TEXT_STRUCK, INTAKE_NOTICE, INTAKE_MESSAGE_FOUND_STRUCK, true },
    { RICH_TEXT_HIDDEN, INTAKE_NOTICE, INTAKE_MESSAGE_FOUND_HIDDEN, false },
    { RICH_TEXT_COMMENT, INTAKE_NOTICE, INTAKE_MESSAGE_FOUND_COMMENT, true },
    { RICH_TEXT_PAGE_HEADER, INTAKE_ADVICE, INTAKE_MESSAGE_FOUND_PAGE_HEADER, false },
    { RICH_TEXT_FURNITURE, INTAKE_ADVICE, INTAKE_MESSAGE_FOUND_FURNITURE, false },
    { RICH_TEXT_EXTERNAL, INTAKE_NOTICE, INTAKE_MESSAGE_FOUND_EXTERNAL, false },
    { RICH_TEXT_UNREADABLE, INTAKE_NOTICE, INTAKE_MESSAGE_FOUND_UNREADABLE, false },
    { RICH_TEXT_EMBEDDED, INTAKE_NOTICE, INTAKE_MESSAGE_FOUND_EMBEDDED, false },
    { RICH_TEXT_MACROS, INTAKE_NOTICE, INTAKE_MESSAGE_FOUND_MACROS, false },
    { RICH_TEXT_CHART, INTAKE_NOTICE, INTAKE_MESSAGE_FOUND_CHART, false },
    { RICH_TEXT_FORMULA, INTAKE_NOTICE, INTAKE_MESSAGE_FOUND_FORMULA, false },
};

static const struct telling *telling_of(enum rich_text_finding_kind kind)
{
    for (size_t i = 0; i < sizeof tellings / sizeof tellings[0]; i++)
        if (tellings[i].kind == kind)
            return &tellings[i];
    return NULL;
}

void layout_findings_tell(struct layout *layout)
{
    struct intake_reading *reading = layout->reading;
    for (const struct rich_text_finding *finding = layout->rich->findings; finding;
         finding = finding->next) {
        const struct telling *telling = telling_of(finding->kind);
        reading->problems->letters_left_out += finding->letters;
        if (finding->lines)
            embargo_text_find_beside(reading, finding->lines);
        if (!telling || finding->count == 0)
            continue;
        reading->release->has_open_changes = reading->release->has_open_changes || telling->is_open;
        intake_problem_add(reading->problems, telling->severity, 0, telling->message,
                           *finding->words ? finding->words : "…",
                           arena_format(reading->arena, "%zu", finding->count));
    }
}

/* ---- faults ---- */

bool layout_fault_tell(struct intake_reading *reading, const struct rich_text *text)
{
    static const enum intake_message_id messages[] = {
        [RICH_TEXT_FAULT_BROKEN] = INTAKE_MESSAGE_RICH_BROKEN,
        [RICH_TEXT_FAULT_ENCRYPTED] = INTAKE_MESSAGE_RICH_ENCRYPTED,
        [RICH_TEXT_FAULT_OTHER] = INTAKE_MESSAGE_RICH_OTHER,
        [RICH_TEXT_FAULT_TOO_LARGE] = INTAKE_MESSAGE_RICH_TOO_LARGE,
        [RICH_TEXT_FAULT_UNSAFE] = INTAKE_MESSAGE_RICH_UNSAFE,
    };

    if (text->fault == RICH_TEXT_FAULT_NONE)
        return false;
    intake_problem_add(reading->problems, INTAKE_REFUSED, 0, messages[text->fault], text->detail,
                       NULL);
    return true;
}
