/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_CONSENT_H
#define SUBSCRIBER_CONSENT_H

#include "subscriber/rows.h"

/* Inside subscriber/ only: what asking, granting and importing share, within the caller's
 * transaction. */
struct checked_request {
    const struct address *address;
    const char *feeds; /* names with a space between; all known */
    enum subscriber_cadence cadence;
    const char *language; /* canonical */
    int64_t now_at;
    int64_t consent_at; /* granted */
    int64_t mail_at;    /* confirmation mail not before; INSTANT_NONE: at once */
    const struct subscriber_proof *proof;
};

/* ERROR_INPUT without evidence or time of consent. */
bool evidence_check(const char *evidence, int64_t consent_at, int64_t now_at, struct error *error);

/* A request for outcome->subscriber, with its waiting subscriptions and its mail. */
bool request_make(const struct subscriber_service *service, const struct checked_request *request,
                  struct subscriber_outcome *outcome, struct error *error);

#endif
