/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_NEWSROOM_H
#define RELEASE_NEWSROOM_H

#include "base/localized.h"

struct release_contact;

/* Who publishes, and where: what pages, feeds and mails all need to know of newsroom.yaml. Filled
 * by config/ (a unit test writes it as a literal); borrowed by everybody else. */
struct newsroom {
    const char *name;                   /* publisher.name */
    const struct localized_text *about; /* publisher.about; NULL: none */
    const char *address;                /* publisher.address; NULL: none */
    const char *country; /* publisher.country, ISO 3166: "DK", whose telephone numbers those without
                            a prefix are; NULL: none is known */
    const char *privacy; /* publisher.privacy, an https address; NULL: none */
    const struct release_contact *contacts;
    const char *site_url;      /* ends in one slash */
    const char *endpoint;      /* ends in one slash; NULL for `none`: mails offer replies only */
    const char *language;      /* site.language */
    const char *timezone;      /* IANA name, checked */
    const char *tag_authority; /* host that tag: URIs were minted under, with tag_date
                                  ("2026-06-07"), kept in the store */
    const char *tag_date;
};

#endif
