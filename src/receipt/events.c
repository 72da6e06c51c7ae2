/* SPDX-License-Identifier: MIT */
#include "receipt/events.h"

#include "release/release_notification.h"

bool receipt_event_is_wanted(const struct receipt_settings *settings, enum receipt_event event)
{
    return event && ((int)event > RECEIPT_EVENTS_AT || settings->events & 1U << event);
}

enum receipt_event receipt_event_of(const struct release_notification *event)
{
    switch (event->kind) {
    case RELEASE_NOTIFICATION_DROPPED:
        return RECEIPT_DROPPED;
    case RELEASE_NOTIFICATION_HELD:
        return RECEIPT_HELD;
    case RELEASE_NOTIFICATION_PUBLIC:
    case RELEASE_NOTIFICATION_CORRECTED:
        return RECEIPT_PUBLIC;
    case RELEASE_NOTIFICATION_REFUSED:
        return RECEIPT_REFUSED;
    case RELEASE_NOTIFICATION_WITHDRAWN:
    case RELEASE_NOTIFICATION_RESTORED:
        return RECEIPT_WITHDRAWN;
    case RELEASE_NOTIFICATION_CHANGED:
    case RELEASE_NOTIFICATION_APPROVAL:
        break;
    }
    return 0;
}
