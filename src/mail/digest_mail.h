/* SPDX-License-Identifier: MIT */
#ifndef MAIL_DIGEST_MAIL_H
#define MAIL_DIGEST_MAIL_H

#include "mail/release_mail.h"

/* One release, correction or withdrawal in a digest. */
struct digest_mail_entry {
    enum release_mail_kind kind;
    const struct release_row *row; /* its page is public */
    const struct release *release; /* of the revision that is public */
    const struct digest_mail_entry *next;
};

struct digest_mail_request {
    const char *language; /* of the subscriber: for the words around the texts */
    int64_t at;           /* the digest's instant: its date stands below the title */
    const struct digest_mail_entry *entries; /* at least one */
};

/* What is new, in one mail, with the slots of MAIL_CLASS_BULK: releases first, the newest first,
 * then corrections and withdrawals, marked as such. Over MAIL_HTML_MAXIMUM the last of them are
 * only counted, with a link to the newsroom. ERROR_USAGE where a template is broken. */
struct mail_message *digest_mail_build(struct arena *arena, const struct mail_resources *resources,
                                       const struct digest_mail_request *request,
                                       struct error *error);

#endif
