/* SPDX-License-Identifier: MIT */
#include "intake/reader.h"

#include "intake/encoding.h"

#include <string.h>

bool intake_reading_decode(struct intake_reading *reading)
{
    const struct intake_source *source = reading->source;
    reading->is_unreadable = !encoding_decode(reading->arena, source->bytes, source->length,
                                              reading->problems, &reading->text, &reading->length);
    if (!reading->is_unreadable && reading->text[strspn(reading->text, " \t\n")] == '\0') {
        intake_problem_add(reading->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_TEXT_EMPTY, NULL,
                           NULL);
        reading->is_unreadable = true;
    }
    return !reading->is_unreadable;
}
