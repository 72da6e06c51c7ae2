/* SPDX-License-Identifier: MIT */
#include "intake/reader.h"

#include "release/release.h"

const char *intake_reading_language(const struct intake_reading *reading)
{
    const char *language = reading->release->language;
    return language ? language : reading->language;
}
