/* SPDX-License-Identifier: MIT */
#include "endpoint/request_handler.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "endpoint/endpoint.h"
#include "endpoint/pages.h"
#include "endpoint/request.h"
#include "endpoint/request_service.h"
#include "preview/preview.h"
#include "release/newsroom.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The page says the same of itself; here it holds whatever the page says. Its links open, in a page
 * of their own. */
static const char preview_policy[] =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri "
    "'none'; frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation";

/* Neither title nor text: mail programs and scanners follow links by themselves, and keep what they
 * see. */
static void show_button(const struct request_service *service, struct request *request,
                        const char *language)
{
    struct page_message message = { .name = "preview", .status = 200 };
    pages_add_button(&message.buttons,
                     pages_string(service->pages, language, "page_preview_button"), "action",
                     "show");
    pages_show_message(service->pages, request, language, &message);
}

static void show_public(const struct request_service *service, struct request *request,
                        const char *language, const char *page_path)
{
    struct page_message message = { .name = "preview_public", .status = 410 };
    if (page_path)
        pages_add_link(&message.links,
                       pages_string(service->pages, language, "page_preview_public_link"),
                       arena_format(&request->arena, "%s%s", service->settings->newsroom->site_url,
                                    page_path));
    pages_show_message(service->pages, request, language, &message);
}

/* The file as it was written when the preview was made: this process can make none. */
static void show_page(const struct request_service *service, struct request *request,
                      const char *file)
{
    struct error error;
    struct stat status;
    int descriptor = openat(service->settings->database.state_directory, file,
                            O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        (void)error_set_errno(&error, ERROR_SYSTEM, errno, "the page of a preview");
        if (descriptor >= 0)
            (void)close(descriptor);
        request_fail(service, request, &error);
        return;
    }
    request->answer.status = 200;
    request->answer.policy = preview_policy;
    request->answer.file = descriptor;
    request->answer.file_length = (uint64_t)status.st_size;
}

void request_handle_preview(const struct request_service *service, struct request *request)
{
    struct error error;
    struct preview_link link;
    const char *language = pages_language_of(service->pages, request, NULL);
    if (!preview_find(service->subscriber.database, &request->arena, request->row_id,
                      clock_now(service->settings->clock), &link, &error)) {
        request_fail(service, request, &error);
        return;
    }
    switch (link.state) {
    case PREVIEW_UNKNOWN:
        pages_show_unknown(service->pages, request, language);
        return;
    case PREVIEW_PUBLISHED:
        show_public(service, request, language, link.page_path);
        return;
    case PREVIEW_OUTDATED:
        pages_show_named(service->pages, request, language, "preview_outdated", 410);
        return;
    case PREVIEW_SHOWN:
        break;
    }
    if (request->is_post)
        show_page(service, request, link.file);
    else
        show_button(service, request, language);
}
