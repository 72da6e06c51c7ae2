/* SPDX-License-Identifier: MIT */
#include "config/loading.h"

#include "digest/digest.h"

#include <ctype.h>
#include <string.h>

enum { DEFAULT_MINUTE = 8 * 60, MONDAY = 1 };

/* "08:00", as clocks show it. */
static bool time_parse(const char *string, int *minute)
{
    if (strlen(string) != 5 || string[2] != ':')
        return false;
    for (int i = 0; i < 5; i++)
        if (i != 2 && !isdigit((unsigned char)string[i]))
            return false;
    int hour = (string[0] - '0') * 10 + string[1] - '0';
    int rest = (string[3] - '0') * 10 + string[4] - '0';
    *minute = hour * 60 + rest;
    return hour <= 23 && rest <= 59;
}

void loading_digest(struct loading *loading, const struct yaml_node *digest)
{
    static const char *const keys[] = { "at", "weekly", NULL };
    static const char *const weekdays[] = { "monday", "tuesday",  "wednesday", "thursday",
                                            "friday", "saturday", "sunday",    NULL };
    struct digest_settings *settings = &loading->config->digest;
    const char *at = NULL;
    int weekday = 0;
    yaml_check_keys(loading->problems, digest, keys, NULL);
    *settings = (struct digest_settings){ .minute = DEFAULT_MINUTE };
    if (yaml_read_line(loading->problems, digest, "at", &at) &&
        !time_parse(at, &settings->minute)) {
        yaml_problem(loading->problems, digest, "at",
                     "“at” is “%s”; write a time of the day like 08:00", at);
        settings->minute = DEFAULT_MINUTE;
    }
    (void)yaml_read_choice(loading->problems, digest, "weekly", weekdays, &weekday);
    settings->weekday = MONDAY + weekday;
}
