/* SPDX-License-Identifier: MIT */
#include "status_page/page.h"

#include "base/clock.h"
#include "status_page/status_page.h"

const char *status_text(const struct status_page *page, const char *key)
{
    return strings_get(page->settings->strings, page->wording.language, key);
}

const char *status_when(struct status_page *page, int64_t at)
{
    return wording_event_when(&page->wording, &page->arena, at, INSTANT_NONE);
}

const char *status_text_when(struct status_page *page, const char *key, int64_t at)
{
    return strings_format(&page->arena, status_text(page, key), "when", status_when(page, at),
                          NULL);
}
