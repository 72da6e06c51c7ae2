/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_REQUEST_HANDLER_H
#define ENDPOINT_REQUEST_HANDLER_H

struct request;
struct request_service;

/* Inside endpoint/ only: requests that need the database, each read, carried out and answered. In
 * the request worker's thread alone. */

/* By the request's route and the purpose of its token. */
void request_handle(const struct request_service *service, struct request *request);

/* One a page, in request_confirm.c and so on. */
void request_handle_confirm(const struct request_service *service, struct request *request);
void request_handle_unsubscribe(const struct request_service *service, struct request *request);
void request_handle_preferences(const struct request_service *service, struct request *request);
void request_handle_my_data(const struct request_service *service, struct request *request);
void request_handle_erase(const struct request_service *service, struct request *request);
void request_handle_preview(const struct request_service *service, struct request *request);
void request_handle_status(const struct request_service *service, struct request *request);
void request_handle_metrics(const struct request_service *service, struct request *request);

#endif
