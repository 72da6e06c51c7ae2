/* SPDX-License-Identifier: MIT */
#ifndef MAIL_MAIL_SETTINGS_H
#define MAIL_MAIL_SETTINGS_H

#include <stdbool.h>

/* What every message of a newsroom has in common. Filled by config/ from newsroom.yaml's `mail`. */
struct mail_settings {
    const char *from_name;    /* NULL: none */
    const char *from_address; /* its domain also stands in Message-IDs */
    const char *replies;      /* base address of confirmation and unsubscribe replies */
    const char *delimiter;    /* between the base's local part and "confirm-TOKEN" */
    bool is_answered;         /* what comes to "answer-TOKEN" is read and sent on */
    const char *list_id;      /* kept for ever (newsroom_value_once), without angle brackets */
};

#endif
