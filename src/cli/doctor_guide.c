/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "base/error.h"
#include "cli/context.h"
#include "config/config.h"
#include "guide/guide.h"

#include <string.h>

void doctor_guide(struct doctor *doctor)
{
    const char *directory = doctor->context->directory;
    const char *maker = guide_maker(doctor->context->arena, directory);
    if (!maker)
        doctor_report(doctor, DOCTOR_SKIPPED, "guide",
                      "has no pages for press officers" ERROR_ADVICE
                      "`pressroom init --guide %s` makes them",
                      directory);
    else if (strcmp(maker, "pressroom " PRESSROOM_VERSION) != 0)
        doctor_report(doctor, DOCTOR_WARNING, "guide",
                      "was made by %s, and this is " PRESSROOM_VERSION ERROR_ADVICE
                      "`pressroom init --guide %s` makes its pages anew",
                      maker, directory);
    else
        doctor_report(doctor, DOCTOR_GOOD, "guide", "is of this version");
}
