/* SPDX-License-Identifier: MIT */
#include "endpoint/request_handler.h"

#include "base/clock.h"
#include "base/error.h"
#include "endpoint/endpoint.h"
#include "endpoint/pages.h"
#include "endpoint/request.h"
#include "endpoint/request_service.h"
#include "status_page/status_page.h"

/* The page is one file, with its style in it; all it leads to is pages of the newsroom. */
static const char status_policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation";

/* Nothing of a release: mail programs and scanners follow links by themselves, and keep what they
 * see. */
static void show_button(const struct request_service *service, struct request *request,
                        const char *language)
{
    struct page_message message = { .name = "status", .status = 200 };
    pages_add_button(&message.buttons, pages_string(service->pages, language, "page_status_button"),
                     "action", "show");
    pages_show_message(service->pages, request, language, &message);
}

static void show_page(const struct request_service *service, struct request *request,
                      int64_t now_at, bool hides_unpublished)
{
    struct error error;
    struct string_builder *page = &request->answer.body;
    if (!status_page_make(service->settings->status_page, service->subscriber.database, now_at,
                          hides_unpublished, page, &error)) {
        string_builder_clear(page);
        request_fail(service, request, &error);
        return;
    }
    request->answer.status = 200;
    request->answer.policy = status_policy;
}

void request_handle_status(const struct request_service *service, struct request *request)
{
    const char *language = pages_language_of(service->pages, request, NULL);
    int64_t now_at = clock_now(service->settings->clock);
    if (!service->settings->status_page) {
        pages_show_unknown(service->pages, request, language);
        return;
    }
    enum status_page_link_age age = status_page_link_age(request->row_id, now_at);
    if (age == STATUS_PAGE_LINK_OVER)
        pages_show_named(service->pages, request, language, "status_over", 410);
    else if (request->is_post)
        show_page(service, request, now_at, age != STATUS_PAGE_LINK_FRESH);
    else
        show_button(service, request, language);
}
