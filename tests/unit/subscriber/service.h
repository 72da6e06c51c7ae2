/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_SUBSCRIBER_SERVICE_H
#define TESTS_UNIT_SUBSCRIBER_SERVICE_H

#include "subscriber/subscriber.h"

/* A test's scene keeps these parts of a service; its clock stands where the test sets it. */
static inline struct subscriber_service
test_subscriber_service(struct database *database, const struct clock *clock, struct random *random,
                        const struct token_keys *keys, const struct feed *feeds)
{
    return (struct subscriber_service){ .database = database,
                                        .clock = clock,
                                        .random = random,
                                        .feeds = feeds,
                                        .keys = keys,
                                        .default_language = "da" };
}

#endif
