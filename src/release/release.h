/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_RELEASE_H
#define RELEASE_RELEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "database/sql_macro.h"

struct arena;
struct body_node;
struct error;
struct string_builder;

/* Numbers stand in the database: they never change. */
#define RELEASE_STATUSES(X) X(RELEASE_DRAFT, 0) X(RELEASE_READY, 1) X(RELEASE_WITHDRAWN, 2)

enum release_status { RELEASE_STATUSES(SQL_ENUMERATOR) };

/* Lists are singly linked and in the order of the file; all lives in the release's arena. */
struct release_contact {
    const char *name;
    const char *title;
    const char *phone;
    const char *email;
    const char *department;
    struct release_contact *next;
};

enum release_asset_kind { RELEASE_IMAGE, RELEASE_DOCUMENT };

/* A picture or document. Intake copies its bytes to state/assets/, named by their hash, so that
 * what is published does not depend on the drop directory. */
struct release_asset {
    enum release_asset_kind kind;
    const char *file;    /* name as the release gives it, relative to the release's folder */
    const char *title;   /* document */
    const char *alt;     /* image */
    const char *caption; /* image */
    const char *credit;  /* image */
    const char
        *media_type; /* by content, "image/jpeg", "application/pdf"; NULL until intake knows */
    const char *shown_type; /* image: what it is published as, "image/jpeg" or "image/png"; NULL:
                               what its media_type leaves (PNG and GIF are PNG, all else JPEG) */
    int64_t size_bytes;
    struct hash hash;
    unsigned from_picture; /* fields that the picture says of itself; no part of the content hash,
                              which has the picture's bytes already */
    struct release_asset *next;
};

/* Bits of from_picture. */
enum {
    RELEASE_FROM_PICTURE_ALT = 1,
    RELEASE_FROM_PICTURE_CAPTION = 2,
    RELEASE_FROM_PICTURE_CREDIT = 4
};

/* Of an all-day event start_at is the midnight that begins its first day and end_at the one behind
 * its last day (always set), both in the newsroom's zone. */
struct release_event {
    int64_t start_at;
    int64_t end_at; /* INSTANT_NONE: not said */
    bool is_all_day;
    const char *place;
};

struct release_topic {
    const char *name;
    const char *label; /* as written, where that is not the name itself; NULL */
    struct release_topic *next;
};

enum { RELEASE_TITLE_ADVISED = 90, RELEASE_TITLE_MAXIMUM = 500, RELEASE_ID_MAXIMUM = 64 };

/* One release in one language as its file says it (a "version" where translation_of is set).
 * Readers of every format fill this; absent is NULL, INSTANT_NONE or the has_ flag false. */
struct release {
    const char *public_id;
    const char *title;
    const char *language;       /* BCP 47, canonical case */
    const char *translation_of; /* id of the original */
    const char *type;           /* NULL: not said */
    const char *lead;           /* NULL: not said; then release_lead() is the first paragraph */
    const char *correction;
    const char *withdrawal_reason; /* shown on the notice */
    int64_t published_at;
    int64_t embargo_at;
    bool has_status;
    enum release_status status; /* RELEASE_READY where not said */
    bool is_urgent;
    bool has_mail;
    bool mail; /* true where not said */
    /* Of the file that was read, and no part of the document: what is open of it is neither shown
     * nor kept. */
    bool has_open_changes;     /* it has changes, comments or struck words that nobody has dealt
                                  with */
    bool are_changes_accepted; /* it says that they are accepted as they are shown */
    bool has_topics;
    struct release_topic *topics;
    struct release_contact *contacts;
    struct release_asset *assets; /* images first, each kind in its order */
    struct release_event *event;  /* NULL: none */
    struct body_node *body;
};

/* The lead as one line: what the release says, else its first paragraph, else "". */
const char *release_lead(struct arena *arena, const struct release *release);

/* True where the lead shown is the first paragraph itself, so that a page must not show it twice. A
 * paragraph below a heading, a table or a list is no lead by itself: it would be torn from its
 * place. */
bool release_lead_is_first_paragraph(struct arena *arena, const struct release *release);

/* What the body's writers show as the lead: the first paragraph itself, with its links and marks,
 * where that is the lead, else one of the lead's characters. NULL where none is shown by itself. */
const struct body_node *release_lead_paragraph(struct arena *arena, const struct release *release);

/* "tel:+4551000014" of "(+45) 51 00 00 14": a link has digits alone, with the country's calling
 * code (RFC 3966). A number without "+" or 00 is one of country (ISO 3166; NULL: not known), whose
 * trunk prefix is taken off: "08-123 45 67" in SE is "tel:+4681234567". NULL for NULL, and for what
 * may be dialled wrong: several numbers, extensions, numbers that work within a town or country
 * alone. (telephone.c) */
const char *release_phone_url(struct arena *arena, const char *phone, const char *country);

/* Who is asked about a release: the first of its contacts that has an e-mail address, else the
 * first of others that has one; NULL: nobody. */
const struct release_contact *release_reply_contact(const struct release *release,
                                                    const struct release_contact *others);

/* What a picture of that media type is published as where nothing else is said of it. */
const char *release_asset_shown_type(const char *media_type);

/* What a picture or document is called: its title, else the last part of its file's name. */
const char *release_asset_name(const struct release_asset *asset);

/* [A-Za-z0-9][A-Za-z0-9._-]{0,63} */
bool release_public_id_is_valid(const char *public_id);

/* Type and topic names: a–z, 0–9 and hyphen, at most 40, no hyphen at an end, and no device of
 * Windows
 * ("con"): they become folder names. */
bool release_name_is_valid(const char *name);

/* The instant from which the release may be public: max(published, embargo); INSTANT_NONE while
 * published_at is. */
int64_t release_due_at(int64_t published_at, int64_t embargo_at);

/* How topics are written that are not written as their names: a line "name label" each, "" for
 * none. And of such lines the label of one name; NULL where there is none. */
const char *release_topic_labels(struct arena *arena, const struct release_topic *topics);
const char *release_topic_label(struct arena *arena, const char *labels, const char *name);

enum { RELEASE_DOCUMENT_MAXIMUM = 8 * 1024 * 1024 };

/* The whole release as one XML document (release_document.c): what a revision row holds.
 * Deterministic: equal releases give equal bytes. ERROR_INPUT where it would be over
 * RELEASE_DOCUMENT_MAXIMUM bytes. */
bool release_write_document(struct string_builder *text, const struct release *release,
                            struct error *error);

/* Whether its document is certainly within the maximum, by a bound that needs no writing. */
bool release_document_is_small(const struct release *release);

struct release *release_read_document(struct arena *arena, const char *xml, size_t length,
                                      struct error *error);

/* Hash over everything that a reader of the release would see, its assets' bytes (their hashes)
 * included; not over id, path, status, embargo and publication time, urgent and mail: two files
 * with the same hash are copies. To see whether anything at all has changed, compare documents. */
void release_content_hash(const struct release *release, struct hash *hash);

/* Inherits from the original what the version does not say itself: type, topics, embargo, status,
 * event. Strings are shared with the original: both must live equally long. */
void release_inherit(struct release *version, const struct release *original);

/* How much of two texts is the same, 0 … 1, by runs of three words, whatever their order and case:
 * tells a reused file name from an edit. Two empty texts are the same. */
double release_text_similarity(struct arena *arena, const struct body_node *a,
                               const struct body_node *b);

/* Where the bytes of a release's picture or document are kept, relative to state/:
 * "assets/HH/HASH", HASH in hex and HH its first two characters. Intake writes them, publish reads
 * them. */
const char *release_asset_path(struct arena *arena, const struct hash *hash);

#endif
