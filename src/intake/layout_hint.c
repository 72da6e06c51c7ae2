/* SPDX-License-Identifier: MIT */
#include "intake/layout.h"

#include "intake/problem.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether its advice is to write a field between two lines "---". */
static bool wants_field(enum intake_message_id id)
{
    static const enum intake_message_id ids[] = {
        INTAKE_MESSAGE_TITLE_MISSING,      INTAKE_MESSAGE_EMBARGO_NO_DAY,
        INTAKE_MESSAGE_EMBARGO_NO_TIME,    INTAKE_MESSAGE_EMBARGO_NO_YEAR,
        INTAKE_MESSAGE_EMBARGO_WEEKDAY,    INTAKE_MESSAGE_EMBARGO_TWO_WAYS,
        INTAKE_MESSAGE_EMBARGO_OTHER_ZONE, INTAKE_MESSAGE_EMBARGO_IMPOSSIBLE,
        INTAKE_MESSAGE_EMBARGO_TORN,       INTAKE_MESSAGE_EMBARGO_DISAGREES,
        INTAKE_MESSAGE_EMBARGO_PAST,       INTAKE_MESSAGE_PUBLISHED_PAST,
        INTAKE_MESSAGE_EVENT_NONE,         INTAKE_MESSAGE_EVENT_TO_PASTE,
        INTAKE_MESSAGE_NEAR_DUPLICATE,
    };

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        if (ids[i] == id)
            return true;
    return false;
}

void layout_hint_fields(struct intake_problem_list *problems)
{
    bool is_wanted = false;
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next) {
        if (problem->message.id == INTAKE_MESSAGE_FIELDS_IN_DOCUMENT)
            return;
        is_wanted = is_wanted || wants_field(problem->message.id);
    }
    if (is_wanted)
        intake_problem_add(problems, INTAKE_NOTICE, 0, INTAKE_MESSAGE_FIELDS_IN_DOCUMENT, NULL,
                           NULL);
}
