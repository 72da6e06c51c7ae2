/* SPDX-License-Identifier: MIT */
#include "status_page/status_page.h"

#include "address/token.h"
#include "base/arena.h"
#include "release/newsroom.h"

#define MINUTE_MS (INT64_C(60) * 1000)

const char *status_page_link(const struct status_page_settings *settings,
                             const struct token_keys *keys, int64_t now_at, struct arena *arena)
{
    char token[TOKEN_SIZE];
    if (settings->place != STATUS_PAGE_WEB || !settings->newsroom->endpoint)
        return NULL;
    token_write(keys, &(struct token){ .purpose = TOKEN_STATUS, .row_id = now_at / MINUTE_MS },
                token);
    return arena_format(arena, "%sstatus/%s", settings->newsroom->endpoint, token);
}

/* One of the future is none: the clock was wrong then, or is now. */
enum status_page_link_age status_page_link_age(int64_t row_id, int64_t now_at)
{
    if (row_id < 0 || row_id > now_at / MINUTE_MS)
        return STATUS_PAGE_LINK_OVER;
    int64_t age_ms = now_at - row_id * MINUTE_MS;
    return age_ms < STATUS_PAGE_FRESH_MS  ? STATUS_PAGE_LINK_FRESH
           : age_ms < STATUS_PAGE_LINK_MS ? STATUS_PAGE_LINK_GOOD
                                          : STATUS_PAGE_LINK_OVER;
}
