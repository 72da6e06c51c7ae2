/* SPDX-License-Identifier: MIT */
#include "locale/context_parts.h"

#include "locale/locale_name.h"
#include "locale/zone.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uloc.h>

struct locale_context *locale_context_new(const char *timezone, struct error *error)
{
    struct zone *zone = zone_open(timezone, error);
    if (!zone)
        return NULL;
    struct locale_context *context = memory_allocate(sizeof *context);
    context->zone = zone;
    return context;
}

static void formats_free(struct locale_formats *formats)
{
    for (int i = 0; i < DATE_STYLE_COUNT; i++)
        if (formats->dates[i])
            udat_close(formats->dates[i]);
    if (formats->number)
        unum_close(formats->number);
    for (int i = 0; i < SIZE_UNIT_COUNT; i++)
        if (formats->sizes[i])
            unumf_close(formats->sizes[i]);
    free(formats);
}

void locale_context_free(struct locale_context *context)
{
    if (!context)
        return;
    while (context->formats) {
        struct locale_formats *next = context->formats->next;
        formats_free(context->formats);
        context->formats = next;
    }
    if (context->to_latin)
        utrans_close(context->to_latin);
    zone_close(context->zone);
    free(context);
}

const struct zone *locale_context_zone(const struct locale_context *context)
{
    return context->zone;
}

/* ICU falls back to the process's own locale for a language that it does not know: ours must not
 * depend on that. */
static bool icu_knows(const char *locale)
{
    char wanted[12];
    UErrorCode status = U_ZERO_ERROR;
    (void)uloc_getLanguage(locale, wanted, sizeof wanted, &status);
    if (status != U_ZERO_ERROR || !wanted[0])
        return false;
    int32_t count = udat_countAvailable();
    for (int32_t i = 0; i < count; i++) {
        const char *available = udat_getAvailable(i);
        size_t length = strcspn(available, "_");
        if (strlen(wanted) == length && memcmp(available, wanted, length) == 0)
            return true;
    }
    return false;
}

struct locale_formats *locale_formats_get(struct locale_context *context, const char *language)
{
    struct locale_formats **link = &context->formats;
    for (; *link; link = &(*link)->next) {
        struct locale_formats *found = *link;
        if (strncmp(found->language, language, sizeof found->language - 1) != 0)
            continue;
        /* The last one asked for stands first. */
        *link = found->next;
        found->next = context->formats;
        context->formats = found;
        return found;
    }
    struct locale_formats *formats = memory_allocate(sizeof *formats);
    memcpy(formats->language, language, strnlen(language, sizeof formats->language - 1));
    bool known = strcmp(language, "en") != 0 && locale_name(language, formats->locale) &&
                 icu_knows(formats->locale);
    if (!known)
        memcpy(formats->locale, "en_GB", sizeof "en_GB");
    formats->next = context->formats;
    context->formats = formats;
    return formats;
}
