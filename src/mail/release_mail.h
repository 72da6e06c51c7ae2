/* SPDX-License-Identifier: MIT */
#ifndef MAIL_RELEASE_MAIL_H
#define MAIL_RELEASE_MAIL_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct error;
struct locale_context;
struct mail_message;
struct mail_settings;
struct mail_slots;
struct newsroom;
struct release;
struct release_row;
struct strings;
struct template_set;

enum release_mail_kind {
    RELEASE_MAIL_RELEASE,
    RELEASE_MAIL_CORRECTION, /* "Rettelse: …", a reply to the first mail, says what was changed */
    RELEASE_MAIL_WITHDRAWAL  /* "Trukket tilbage: …", a reply as well; the notice instead of the
                                text */
};

/* What mails are made with, for the whole of a run. Filled by cli/, borrowed. */
struct mail_resources {
    const struct newsroom *newsroom;
    const struct mail_settings *settings;
    const struct template_set *templates;
    struct strings *strings;
    struct locale_context *locale;
};

/* Where the files of a release stand in public/ (the addresses that publish/ makes). */
struct release_mail_files {
    /* Absolute address; NULL: not public, the link is written as plain text, the image left out. */
    const char *(*address)(void *payload, const char *file);
    /* Of the picture at that address, in pixels; false where it is not known. May be NULL. */
    bool (*image_size)(void *payload, const char *file, int *width, int *height);
    /* Absolute address of the picture at full size, and what stands there; NULL where that is what
     * address gives. May be NULL. */
    const char *(*original)(void *payload, const char *file, int64_t *size_bytes, int *width,
                            int *height);
    void *payload;
};

/* Which mail. */
struct release_mail_request {
    enum release_mail_kind kind;
    const struct release_row *row; /* its page is public */
    const struct release *release; /* of one of the row's revisions, effective: with a version's
                                      inheritance worked in */
    const char *language;          /* of the subscriber: for the words around the text, which is in
                                      the version's own */
    struct release_mail_files files;
};

/* The mail of one version for the subscribers of one language, with the slots of
 * MAIL_CLASS_BULK. HTML over MAIL_HTML_MAXIMUM is cut behind a block, with a link to the whole, and
 * the text at the same block. ERROR_USAGE where a template is broken. */
struct mail_message *release_mail_build(struct arena *arena, const struct mail_resources *resources,
                                        const struct release_mail_request *request,
                                        struct error *error);

/* Subject of that mail: title with the kind's word before it. */
const char *release_mail_subject(struct arena *arena, const struct mail_resources *resources,
                                 enum release_mail_kind kind, const char *title,
                                 const char *language);

#endif
