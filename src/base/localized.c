/* SPDX-License-Identifier: MIT */
#include "base/localized.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

const char *localized_get(const struct localized_text *list, const char *language)
{
    for (const struct localized_text *item = list; item; item = item->next)
        if (strcasecmp(item->language, language) == 0)
            return item->text;
    size_t primary = strcspn(language, "-");
    for (const struct localized_text *item = list; item; item = item->next)
        if (strncasecmp(item->language, language, primary) == 0 && item->language[primary] == '\0')
            return item->text;
    return list ? list->text : NULL;
}
