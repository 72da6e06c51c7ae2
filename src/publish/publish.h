/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_PUBLISH_H
#define PUBLISH_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct arena;
struct clock;
struct database;
struct database_schema;
struct error;
struct feed;
struct localized_text;
struct locale_context;
struct newsroom;
struct presentation;
struct publish_alone;
struct release;
struct release_asset;
struct release_row;
struct string_builder;
struct strings;
struct template_set;
struct newsroom_topic;

/* Rows of releases → public/: pages, pictures and documents, feeds, lists, calendar, sitemap. What
 * stands in public/ is a function of the rows and of these settings; a file whose bytes would be
 * the same is not touched. */

/* Our own tables: which files stand in public/ with which hash, and what the lists hold. */
extern const struct database_schema publish_schema;

/* All borrowed for the length of a call. Filled by config/. */
struct publish_settings {
    const struct newsroom *newsroom;
    const struct feed *feeds; /* all of them, in the order of their ids */
    const struct newsroom_topic *topics;
    const struct template_set *templates;
    struct hash templates_hash; /* over the names and bytes of all templates */
    struct strings *strings;
    struct locale_context *locale; /* of site.timezone */
    const char *style;             /* style.css */
    size_t style_length;
    const char *signup_url;     /* the form on the web; NULL: there is none */
    const char *signup_address; /* where to write to be put on the list */
    bool notifies; /* press officers are told what became public (release_notification.h) */
    bool signup_by_machine;     /* signup_address is "svar+subscribe@…", read by `collect` */
    const char *person_address; /* where a person reads what is written: mail.from */
    const char *public_path;    /* public/ */
    const char *state_path; /* state/: temporaries in publish/, assets as release_asset_path() */
    const char *program;    /* "pressroom 0.1.0": when it changes, all is written anew */
};

struct publish_counts {
    int64_t published; /* releases that became public */
    int64_t updated;   /* public releases with a new revision */
    int64_t withdrawn; /* public releases that are a notice now */
    int64_t failed;    /* left as they were: logged, tried again by the next run */
    int64_t files_written;
    int64_t files_removed;
};

/* To whom a long run reports how far it is: done of total releases, every 50. */
struct publish_progress {
    void (*report)(void *payload, int64_t done, int64_t total);
    void *payload;
};

/* Makes public/ what the rows say at clock's now. The caller holds the lock that ingest and publish
 * share.
 *
 * Takes the rows of RELEASE filter only_unpublished_due, writes and renames their files, and only
 * then marks them: public_at (= due_at), slug and year (once), public_revision, updated_at. So a
 * row that says it is public has its page in place. Whoever changes what a page shows without a new
 * revision (a version inherits another topic; a withdrawal by command) sets public_revision to 0:
 * it is published again.
 *
 * Killed at any point: the next run completes what was begun or takes it away. A picture that
 * cannot be read is logged and left out; a release that cannot be written is logged, counted and
 * left as it is. ERROR_SYSTEM (disk, database) and ERROR_USAGE (a template) end the run, and
 * nothing in public/ is half a file. progress may be NULL. */
bool publish_run(struct database *database, const struct publish_settings *settings,
                 const struct clock *clock, struct publish_counts *counts,
                 const struct publish_progress *progress, struct error *error)
    __attribute__((warn_unused_result));

/* The files of a feed, a format each, relative to public/ ("feeds/ID.atom"), in arena; NULL: it has
 * no more than index. */
const char *publish_feed_path(struct arena *arena, const struct feed *feed, size_t index);

/* What a release's address ends in, made of its title, in arena; where another release of the year
 * has that, attempt 2 and on add a number. The row has title, language and type. */
const char *publish_slug(const struct publish_settings *settings, struct arena *arena,
                         const struct release_row *row, int attempt);

/* Where the bytes of a release's pictures and documents are. */
struct publish_files {
    /* Opens one for reading; -1 and ERROR_INPUT: it cannot be. The caller closes. */
    int (*open)(void *payload, const struct release_asset *asset, struct error *error);
    void *payload;
};

struct publish_preview {
    const struct publish_files *files;
    const char *directory; /* to be written to; made where it is not there */
    struct arena *arena;   /* for all that is made */
    /* results */
    const struct presentation *presentation; /* the page's, for the mail beside */
    const char *page_files;                  /* "page/index.html, page/text.txt" */
    const char *entry_files;                 /* "entry.atom, entry.rss" */
};

/* What a release would make: in page/ its files with pictures and style sheet, and one entry a
 * format. Uses no database and
 * changes nothing else. A release without id is shown under "preview". */
bool publish_preview(const struct publish_settings *settings, const struct release *release,
                     const struct clock *clock, struct publish_preview *place, struct error *error)
    __attribute__((warn_unused_result));

/* A page that stands alone. */
struct publish_page_alone {
    struct database *database;         /* for the release's other languages; NULL: none are shown */
    const struct release_row *row;     /* NULL: of a file that no run has taken */
    const struct release *release;     /* the revision that is shown */
    int64_t revision;                  /* its number; 0: none */
    int64_t made_at;                   /* when the revision was made */
    const struct publish_files *files; /* NULL: the copies in state/ */
    size_t maximum_bytes;              /* of the page, pictures included */
    struct arena *arena;               /* for all that is made */
    /* results */
    const struct presentation *presentation; /* for the mail beside */
    const struct publish_alone *alone;       /* makes that mail stand alone, too: without banner and
                                                style */
};

/* Appends the page of a release as readers will get it as one HTML document that asks nobody for
 * anything (publish/alone.h), below a line that says what it is: as of the revision given, whatever
 * is public. A picture that cannot be made is left out, with a warning. Changes nothing.
 * ERROR_INPUT where the text alone is over maximum_bytes, ERROR_USAGE where a template is broken.
 */
bool publish_page_alone(const struct publish_settings *settings, const struct clock *clock,
                        struct publish_page_alone *wanted, struct string_builder *page,
                        struct error *error) __attribute__((warn_unused_result));

/* What is shown of a revision of a release whose row has its slug and year, with the files that
 * stand in public/: for mails. In arena, with settings and row borrowed for as long. Without other
 * versions. ERROR_INPUT where the revision cannot be read; ERROR_SYSTEM when the database fails. */
const struct presentation *publish_present(struct database *database, struct arena *arena,
                                           const struct publish_settings *settings,
                                           const struct release_row *row, int64_t revision,
                                           struct error *error) __attribute__((warn_unused_result));

#endif
