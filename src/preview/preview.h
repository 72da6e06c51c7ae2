/* SPDX-License-Identifier: MIT */
#ifndef PREVIEW_PREVIEW_H
#define PREVIEW_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct clock;
struct database;
struct database_schema;
struct error;
struct locale_context;
struct mail_message;
struct mail_resources;
struct publish_settings;
struct random;
struct release_row;
struct token_keys;

/* What is not public yet, shown to those who may see it: the page and the mail of one revision as
 * readers will get them, in the hand or behind a link that nobody can guess. Nothing of it stands
 * in public/. */

/* Migrate after release_schema. */
extern const struct database_schema preview_schema;

enum {
    PREVIEW_DAYS = 7,                      /* that a link works */
    PREVIEW_PAGE_MAXIMUM = 5 * 1024 * 1024 /* bytes: a mail can carry it (RECEIPT_MAIL_MAXIMUM) */
};

/* All borrowed for the length of a call. Filled by cli/. */
struct preview_settings {
    const struct publish_settings *publish;
    const struct mail_resources *mail;
    const struct token_keys *keys;
    struct random *random;
    const struct clock *clock;
};

/* ---- a mail ---- */

/* One mail as a reader gets it, its links filled with tokens that are none. */
struct preview_mail {
    const char *subject;
    const char *text; /* NULL: the message has none */
    const char *html; /* as it is mailed: its pictures are addresses; NULL: the message has none */
    const char *eml;  /* the whole message, CRLF, ASCII */
    size_t eml_length;
};

/* Fills it from a message with the slots of MAIL_CLASS_BULK, dated at. In arena. */
bool preview_mail_make(struct arena *arena, struct locale_context *locale, int64_t at,
                       const struct mail_message *message, struct preview_mail *mail,
                       struct error *error);

/* ---- one revision ---- */

/* In the arena that it was made in. */
struct preview {
    const char *page; /* a whole HTML document that asks nobody for anything, at most
                         PREVIEW_PAGE_MAXIMUM bytes */
    size_t page_length;
    const char *file_name; /* what the page may be called when saved: ASCII, ends in ".html" */
    const char *subject;   /* of the mail */
    const char *mail_text;
    const char *mail_html; /* as the page is: pictures within, nothing is loaded */
    const char *mail_eml;  /* the message as it is mailed; CRLF, ASCII */
    size_t mail_eml_length;
    int64_t row_id;  /* of table preview, random; 0: there is no link */
    const char *url; /* works once preview_store() is committed; NULL: without endpoint, and of what
                        is public already */
    int64_t release;
    int64_t revision;
    int64_t made_at;
};

/* Makes the preview of a revision (0: the newest). Reads, has pictures made, and where there is to
 * be a link writes the page to a file in state/previews/: outside a transaction. ERROR_INPUT where
 * the revision cannot be read or is too long, ERROR_USAGE where a template is broken. */
bool preview_make(const struct preview_settings *settings, struct database *database,
                  const struct release_row *row, int64_t revision, struct arena *arena,
                  struct preview *preview, struct error *error) __attribute__((warn_unused_result));

/* Makes its link work for PREVIEW_DAYS, until that release is public, is withdrawn or has a newer
 * revision; in the caller's transaction. Nothing where it has none. What is made and never stored
 * is erased by preview_clean(). */
bool preview_store(struct database *database, const struct preview *preview, struct error *error);

/* ---- behind the link ---- */

enum preview_state {
    PREVIEW_UNKNOWN,   /* there is none, it is too old, or its release is withdrawn */
    PREVIEW_SHOWN,     /* its page may be shown */
    PREVIEW_PUBLISHED, /* what it showed is public: page_path */
    PREVIEW_OUTDATED   /* there is a newer revision */
};

struct preview_link {
    enum preview_state state;
    const char *file;      /* PREVIEW_SHOWN: relative to state/ */
    const char *page_path; /* PREVIEW_PUBLISHED: relative to public/ */
};

/* What the link with that row id shows at now_at. Strings in arena. */
bool preview_find(struct database *database, struct arena *arena, int64_t row_id, int64_t now_at,
                  struct preview_link *link, struct error *error);

/* Erases the pages of links that show them no more, and files that no row knows an hour after they
 * were written; forgets rows after PREVIEW_DAYS. Takes a transaction of its own where there is
 * something to forget. Cheap where there is nothing. */
bool preview_clean(struct database *database, const char *state_path, int64_t now_at,
                   struct error *error);

#endif
