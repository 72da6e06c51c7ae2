/* SPDX-License-Identifier: MIT */
#include "endpoint/request_handler.h"

#include "endpoint/pages.h"
#include "endpoint/request.h"
#include "endpoint/request_service.h"

void request_handle(const struct request_service *service, struct request *request)
{
    if (request->route == REQUEST_METRICS) {
        request_handle_metrics(service, request);
        return;
    }
    switch (request->purpose) {
    case TOKEN_CONFIRM:
        request_handle_confirm(service, request);
        return;
    case TOKEN_UNSUBSCRIBE:
        request_handle_unsubscribe(service, request);
        return;
    case TOKEN_PREFERENCES:
        request_handle_preferences(service, request);
        return;
    case TOKEN_MY_DATA:
        request_handle_my_data(service, request);
        return;
    case TOKEN_ERASE:
        request_handle_erase(service, request);
        return;
    case TOKEN_PREVIEW:
        request_handle_preview(service, request);
        return;
    case TOKEN_STATUS:
        request_handle_status(service, request);
        return;
    case TOKEN_BOUNCE:
    case TOKEN_BOUNCE_TRANSACTIONAL:
    case TOKEN_CONFIRM_MAIL:
    case TOKEN_ANSWER:
    case TOKEN_RECEIPT:
    case TOKEN_RECEIPT_MAIL:
        break;
    }
    pages_show_unknown(service->pages, request, pages_language_of(service->pages, request, NULL));
}
