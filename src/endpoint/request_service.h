/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_REQUEST_SERVICE_H
#define ENDPOINT_REQUEST_SERVICE_H

#include "subscriber/subscriber.h"

struct counters;
struct endpoint_settings;
struct pages;
struct request;

/* Inside endpoint/ only: what the handlers of requests work with, and what several of them do. In
 * the request worker's thread alone. */
struct request_service {
    const struct endpoint_settings *settings;
    const struct pages *pages;
    struct subscriber_service subscriber;
    struct counters *counters;
};

/* Answers 503 and logs what went wrong; for ERROR_INPUT, something a stranger did, 400 and no line.
 */
void request_fail(const struct request_service *service, struct request *request,
                  const struct error *error);

/* Whose token the request has; NULL: nobody who is known any more. False: the database failed, and
 * that has been answered. */
bool request_find_subscriber(const struct request_service *service, struct request *request,
                             const struct subscriber **subscriber);

/* The proof of something done on a page in language that said `wording`; lives in the request. */
struct subscriber_proof request_proof(const struct request_service *service,
                                      struct request *request, const char *wording);

/* "Title. Text [Button]": what a page of that name said to whom pressed its button. */
const char *request_wording(const struct request_service *service, struct request *request,
                            const char *language, const char *name, const char *button);

/* Asks once more for what a person had, by the address that is known of him, and says that a mail
 * is on its way. subscription_request names at least one feed that is open. */
void request_ask_again(const struct request_service *service, struct request *request,
                       const struct subscription_request *subscription_request);

#endif
