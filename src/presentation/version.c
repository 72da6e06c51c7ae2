/* SPDX-License-Identifier: MIT */
#include "presentation/presentation.h"

#include "locale/locale.h"

#include <string.h>

/* Two versions of one language are a mistake in the drop directory, and a page must not offer one
 * twice: the first is kept, which is the original or the one with the lower row id. */
static bool language_is_known(const struct presentation_version *versions, size_t count,
                              const char *language)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(versions[i].language, language) == 0)
            return true;
    return false;
}

void presentation_set_versions(struct presentation *shown, struct presentation_version *versions,
                               size_t count)
{
    const struct presentation_settings *settings = shown->settings;
    size_t kept = 0;
    for (size_t i = 1; i < count; i++) {
        if (versions[i].row_id != shown->original_row_id)
            continue;
        const struct presentation_version original = versions[i];
        memmove(&versions[1], &versions[0], i * sizeof original);
        versions[0] = original;
    }
    for (size_t i = 0; i < count; i++) {
        struct presentation_version *version = &versions[kept];
        if (language_is_known(versions, kept, versions[i].language))
            continue;
        *version = versions[i];
        version->url = presentation_url(settings, shown->arena, version->path);
        version->invite = strings_get(settings->strings, version->language, "read_in_language");
        kept++;
    }
    shown->versions = versions;
    shown->version_count = kept;
}
