/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_RELEASE_DOCUMENT_H
#define RELEASE_RELEASE_DOCUMENT_H

#include <stddef.h>

/* Inside release/ only: the names that a release's document uses, one table for the writer and the
 * reader:
 *
 *   <release format="1" id title … published embargo status urgent mail>
 *     <topics><topic name label/></topics>     only where the release says its topics
 *     <contact name title phone email department/>
 *     <asset kind file title … size hash from-picture/>
 *     <event start end all-day place/>
 *     <body>…</body>
 *   </release>
 *
 * Instants are milliseconds since 1970; what is absent is not said. In the body characters stand as
 * they are, so no white space is added anywhere. */
#define RELEASE_DOCUMENT_FORMAT "1"

/* A string of a struct that is an attribute in the document. */
struct document_string {
    const char *name;
    size_t offset;
};

/* Each table ends with a NULL name. */
extern const struct document_string document_release_strings[];
extern const struct document_string document_contact_strings[];
extern const struct document_string document_asset_strings[];
extern const struct document_string document_event_strings[];
extern const struct document_string document_body_strings[];

/* By enum body_kind; NULL for the text, which is no element. */
extern const char *const document_body_elements[];

/* By enum body_alignment; NULL where there is none. */
enum { DOCUMENT_ALIGNMENT_COUNT = 4 };

extern const char *const document_alignments[];

/* By enum release_status and enum release_asset_kind, each ended by NULL. */
extern const char *const document_statuses[];
extern const char *const document_asset_kinds[];

#endif
