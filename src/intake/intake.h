/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intake/problem.h"
#include "release/release_store.h"

struct arena;
struct clock;
struct confined_function;
struct database;
struct database_schema;
struct embargo_words;
struct error;
struct html_reader;
struct intake_format;
struct intake_mention;
struct intake_part;
struct intake_reader;
struct language_words;
struct strings;
struct locale_context;
struct mail_phrases;
struct mime_parser;
struct proofreading_settings;
struct random;
struct release;
struct rich_text_reader;
struct zone;

/* The interface of intake/: runs over the drop directory, checks, withdrawals, the reading of
 * single texts. */

/* First step of a run: what lies in the drop directory becomes rows of releases and their
 * revisions. The module's own tables remember the stat fingerprint of each file, so that a run
 * with nothing new only reads names and times. */
extern const struct database_schema intake_schema; /* migrate after release_schema and queue's */

#define INTAKE_TYPE_DEFAULT "press-release"

/* What a page of ours in the drop directory is called: no release and no file of one. */
#define INTAKE_STATUS_PAGE "status.html"

/* What it begins with: one that does not is somebody else's, and is told so. */
#define INTAKE_STATUS_MARK "<!DOCTYPE html>\n<!-- pressroom: status -->\n"

enum { INTAKE_FOLDER_FILES_DEFAULT = 500 };

/* How a run reads the clock and waits while files are being written; tests replace it. */
struct intake_waiting {
    int64_t (*now)(void *payload);                     /* CLOCK_REALTIME in ms, as file times */
    void (*wait)(void *payload, int64_t milliseconds); /* sleeps, at most so long */
    void *payload;
};

/* A folder of the drop directory that is no release and holds some. */
struct intake_container {
    const char *name;         /* as unicode_fold() writes it */
    enum release_place place; /* RELEASE_PLACE_NONE: one of intake.folders */
    const char *readme;       /* the file in it that tells people what it is for, folded as well;
                                 NULL: none */
    const struct release_topic *topics; /* that what lies in it has besides its own */
    const char *const
        *receipts; /* who gets receipts of what lies in it, ended by NULL; NULL: none */
    const struct intake_container *next;
};

/* Filled by config/. Directories are open descriptors, borrowed. */
struct intake_settings {
    int releases_directory;    /* the drop directory: hostile ground */
    int state_directory;       /* assets/ and temporaries */
    int public_directory;      /* where a new store looks for what is public already; -1: nowhere */
    const char *releases_name; /* the drop directory's name in messages: "releases" */
    const char *language;      /* site.language: of releases that name none, and of notes */
    const struct strings *notes;        /* what is said to press officers in each language */
    const char *timezone;               /* site.timezone, checked by config/ */
    const struct language_words *words; /* what people write in each language; NULL: our names */
    struct locale_context *locale;      /* makes topics' names; NULL: they must be names */
    const char *publisher;              /* publisher.name; NULL: any */
    const struct intake_container *containers; /* NULL: none */
    struct intake_reader *reader;              /* reads the texts; required */
    int64_t debounce_ms;                       /* intake.settle */
    bool needs_approval;                       /* intake.approval: what is ready waits for a yes */
    size_t text_maximum_bytes;                 /* of one text; 0 means 2 MB */
    int64_t asset_maximum_bytes;               /* of one picture or document; 0 means 200 MB */
    int folder_files_maximum;                  /* of one release folder; 0 means 500 */
    const struct intake_waiting *waiting;      /* NULL: the kernel's clock and sleep */
    const struct proofreading_settings
        *proofreading; /* texts are proof-read, where somebody is told of it; NULL: never */
    bool notifies;     /* somebody is told by mail what happens (release/release_notification.h) */
    bool hears;        /* and what he replies is read */
};

/* How problems are told in that language: of the notes, or "en" for logs and programs. */
struct intake_wording intake_wording_of(const struct intake_settings *settings,
                                        const char *language);

struct intake_counts {
    int64_t added;         /* new releases and versions */
    int64_t changed;       /* new revision, or new status, times, name … of a known one */
    int64_t unchanged;     /* not read, or read and found the same */
    int64_t refused;       /* in this run; each logged as an error and noted beside the file */
    int64_t still_refused; /* as in an earlier run, and not touched since: not logged again */
    int64_t orphans;  /* orphans, which belong to no release; each logged when it is first seen */
    int64_t warned;   /* used, with a note that something in the file has no effect */
    int64_t missing;  /* vanished since the last run; nothing public changes */
    int64_t held;     /* to become public, but their file is refused or gone: not public until it is
                         corrected; logged in every run */
    int64_t unstable; /* still being written: left for the next run */
    int64_t withdrawn; /* newly withdrawn: their unsent mail is cancelled */
    int64_t recovered; /* releases that a new store recovered from public/ */
};

/* Who gets receipts of a file by the folder that it lies in, ended by NULL; NULL: nobody. path: in
 * the drop directory. */
const char *const *intake_receipts(const struct intake_settings *settings, const char *path);

/* A topic's name in addresses, as releases write it in this language (of the newsroom); NULL: there
 * is nothing in it that can stand in one. In arena. */
const char *intake_topic_name(struct locale_context *locale, const char *language,
                              struct arena *arena, const char *written);

/* One run over the drop directory. The caller holds the newsroom's lock for ingest and publish, and
 * no transaction is open. Logs a line for each file refused ("pressroom: releases/x.md:3: …",
 * LOG_ERROR), warned about and vanished (LOG_WARNING). A bad file never stops the others: false
 * means that the disk, the database or the drop directory itself failed; all that was committed
 * before stays, and the next run goes on from there.
 *
 * A new, empty store recovers every public/releases/YYYY/SLUG/release.json: rows with id, slug,
 * year, public_at, announced_at set, path NULL, revision = public_revision = 1 and no text. Where
 * the file of one is found (by id, path hash or content hash) its text becomes revision 2, with
 * public_revision 0 if the content is what stood there: it is published again with the same
 * address and times, and updated_at stays. */
bool intake_run(const struct intake_settings *settings, struct database *database,
                const struct clock *clock, struct random *random, struct intake_counts *counts,
                struct error *error);

/* Writes the notes that follow from what happened to releases since the last run, such as that one
 * was mailed to nobody (release/release_note.h): for whoever announces. intake_run() does it too.
 * As with that the caller holds the newsroom's lock, and no transaction is open. */
bool intake_write_notes(const struct intake_settings *settings, struct database *database,
                        const struct clock *clock, struct error *error);

/* Whether there are any; needs no lock and costs nothing. */
bool intake_notes_wait(struct database *database, bool *waits, struct error *error);

/* For a drop directory that cannot be opened: as with a single file that is gone, nothing that
 * waits becomes public until the directory can be read again; the next intake_run() lifts it. Logs
 * how many are held. */
void intake_hold_unseen(const struct intake_settings *settings, struct database *database,
                        int64_t now_at);

/* Under which authority and date the tag: URIs were minted that stand in public/ already (RFC
 * 4151): a new store must go on with them, or every feed reader takes every entry for a new one.
 * False where nothing is public. Both in arena. */
bool intake_public_tag(const char *public_path, struct arena *arena, const char **authority,
                       const char **date);

/* How releases are withdrawn by a command. */
struct intake_withdrawing {
    struct database *database;
    int64_t now_at;
    bool notifies; /* as in struct intake_settings */
};

/* Withdraws a release (its versions with it) or, by a version's row id, that version alone: first
 * cancels all that is not sent, in the same transaction (its own). What its file says does not
 * bring it back. reason: shown on the notice; NULL: none. ERROR_INPUT where it is withdrawn
 * already. *cancelled: mails that will not leave any more. */
bool intake_withdraw(const struct intake_withdrawing *withdrawing, int64_t row_id,
                     const char *reason, int64_t *cancelled, struct error *error);

/* The same for a command that cannot wait for the lock of those who write pages: cancels the same
 * mails and notes on the release that it is to be withdrawn, so that nobody is mailed it from now
 * on (release_row_awaits_withdrawal()). */
bool intake_ask_withdrawal(struct database *database, int64_t row_id, const char *reason,
                           int64_t now_at, int64_t *cancelled, struct error *error);

/* Withdraws the releases that intake_ask_withdrawal() noted, also for a command that was killed.
 * The caller holds the lock of those who write pages. Each in a transaction of its own. */
bool intake_finish_withdrawals(const struct intake_withdrawing *withdrawing, struct error *error);

/* Why a release is withdrawn, from now on, with its versions that are: in the caller's transaction.
 * *is_set false: it is not withdrawn, or the mail that says so has been made. */
bool intake_set_withdrawal_reason(struct database *database, int64_t original_row_id,
                                  const char *reason, bool *is_set, struct error *error);

/* Whether somebody said why it is withdrawn: what stands there is not only what stands for all that
 * are withdrawn by their place. */
bool intake_knows_withdrawal_reason(const struct intake_settings *settings,
                                    const struct release_row *row);

/* What checking needs. The database may be one to read only: a check works on a copy of it. */
struct intake_checker {
    const struct intake_settings *settings;
    struct database *database;
    const struct clock *clock;
    struct random *random;
};

/* What `check` and `preview` see of one file. */
struct intake_check {
    const char *name;        /* as it stands in messages: "x.md", "folder/" */
    const char *title;       /* NULL: nothing could be read, or it is no release */
    struct release *release; /* of one file: as it would be stored, a version with its inheritance;
                                NULL when nothing could be read. Asset hashes and types are filled
                                in. NULL where all are checked */
    const char *folder;      /* its assets' file names are relative to this, within directory: "" or
                                "folder/" */
    const struct intake_part *parts;     /* of its assets, those that came within the text itself */
    struct intake_problem_list problems; /* refused > 0: a run would not take it */
};

/* Where the file is that is checked. */
struct intake_place {
    int directory;          /* open; borrowed */
    const char *name;       /* below it: "x.md", or a release folder */
    bool is_drop_directory; /* directory is settings->releases_directory, so the store may know the
                               path */
};

/* Reads and validates one file or release folder as a run would that took it with all else that is
 * new in the drop directory; changes nothing, waits for nothing. The result lives in arena. False
 * only when the database or disk failed. */
bool intake_check_file(const struct intake_checker *checker, const struct intake_place *place,
                       struct arena *arena, struct intake_check *check, struct error *error);

/* The same for all of the drop directory: releases in the order of their names, behind them what
 * cannot be one, and last, with advice only and no title, files that belong to none. NULL when the
 * database or disk failed; intake_check_close() takes NULL. */
struct intake_check_cursor;
struct intake_check_cursor *intake_check_open(const struct intake_checker *checker,
                                              struct error *error);

/* The next result, which lives until the cursor is closed; false at the end. */
bool intake_check_next(struct intake_check_cursor *cursor, struct intake_check *check);
void intake_check_close(struct intake_check_cursor *cursor);

/* ---- reading one text ---- */

/* A release's file and its sidecar as bytes, as they stand in the drop directory: whoever reads a
 * format decodes them. */
struct intake_source {
    const char *name; /* file within the drop directory, for messages and the format */
    const struct intake_format *format; /* intake/reader.h; NULL: the one of its name */
    const char *bytes;                  /* with a NUL behind them */
    size_t length;
    const char *sidecar_name; /* NULL: none */
    const char *sidecar_bytes;
    size_t sidecar_length;
    const struct zone *zone;
    const char *language;                     /* site.language; NULL: unknown */
    const struct language_words *words;       /* NULL: our names only */
    struct locale_context *locale;            /* NULL: topics must be names */
    const struct html_reader *html;           /* of the process that reads */
    const struct rich_text_reader *rich_text; /* the same; NULL: it reads none */
    const struct mime_parser *mime;           /* the same; NULL: it reads no mails */
    struct mail_phrases *phrases;             /* how mail programs quote; NULL: unknown */
    int64_t now_at;                           /* INSTANT_NONE: not known */
    const char *name_language;     /* what the text's name says ("x.en.md"); NULL: nothing */
    const char *publisher;         /* whose newsroom it is, by name; NULL: unknown */
    struct embargo_words *embargo; /* gets what the text says of it, for embargo_judge(); NULL: that
                                      is judged at once, as of a release that nobody has seen */
    uint64_t begun; /* by a reader (struct intake_reader), its mark for it; 0: by none */
};

/* How many texts may be in the reader at the same time. */
enum { INTAKE_TEXTS_AHEAD = 16 };

/* A picture or document that came within the file itself. */
struct intake_part {
    const char *name; /* an asset's of the release: "picture 1.jpg" */
    const char *bytes;
    size_t length;
    struct intake_part *next;
};

/* All parts of one text together: they come back in one reply (READING_REPLY_MAXIMUM). */
enum { INTAKE_PARTS_MAXIMUM_BYTES = 24 * 1024 * 1024 };

/* What was read of a text, in the arena given for it. */
struct intake_text {
    struct release *release; /* NULL: its reader came to no end */
    struct intake_mention *mentions;
    struct intake_part
        *parts; /* of its assets, those that stand in no file of the drop directory */
};

/* Who reads the texts of releases. Texts are strangers' bytes: the program has them read in a
 * process of its own (intake_reader_new()); tests may put another in its place. */
struct intake_reader {
    /* Starts the reader unless it is started. ERROR_USAGE where texts cannot be read safely,
     * ERROR_SYSTEM. has_words: whether source->words is set in the texts to be read. */
    bool (*open)(struct intake_reader *reader, bool has_words, struct error *error);

    /* Begins to read without waiting, so that the caller can do something else; read() with the
     * same source then waits for the rest. Texts are begun in the order in which they are read.
     * True: it has begun, now or before, and the next one may. The reader must be open. NULL: it
     * cannot. */
    bool (*begin)(struct intake_reader *reader, struct intake_source *source);

    /* intake_read_source() elsewhere, opened where it is not. A text that its reader does not
     * survive is refused, in problems, and text->release is NULL. False for what open() fails
     * with. */
    bool (*read)(struct intake_reader *reader, struct arena *arena,
                 const struct intake_source *source, struct intake_text *text,
                 struct intake_problem_list *problems, struct error *error);

    /* Frees what open() took, at the end of a run; it may be opened again. */
    void (*close)(struct intake_reader *reader);
};

/* What is the same for all texts; all borrowed. A source that is read has the same, or NULL. */
struct intake_reader_settings {
    const char *timezone;
    const char *language;               /* site.language */
    const char *publisher;              /* NULL: unknown */
    const struct language_words *words; /* opened when a text is read that asks for them */
    struct mail_phrases *phrases;       /* the same with a mail; NULL: none */
};

/* Reads in a confined process (confined/confined.h), which is started with the first text and ended
 * by close().
 *
 * What that protects: a text that takes over its reader can open, send and change nothing, and
 * knows no key, no address and no text but those that are read in the same process after it, which
 * it could read and falsify, their embargo included. So few texts share a process: the first ones
 * of a run have one each, because nearly every run has no more; later ones, in a great import,
 * share one in small groups; and a text whose bytes may speak of an embargo, or cannot be searched,
 * is always the first of a new process. What is left: in one group of a large import a text can
 * falsify those behind it whose bytes say nothing of an embargo, such as one that waits by its date
 * alone. */
struct intake_reader *intake_reader_new(const struct intake_reader_settings *settings);

/* Ends its process. Takes NULL. */
void intake_reader_free(struct intake_reader *reader);

/* The function "text", for cli/ to register. */
extern const struct confined_function intake_text_confined;

/* The function "rich_text": the same for texts with a format of their own (Word), with limits of
 * its own. */
extern const struct confined_function intake_rich_text_confined;

/* Looks into documents. */
extern const struct confined_function intake_document_confined;

/* Looks words up in the dictionaries of a language. */
extern const struct confined_function intake_spelling_confined;

#endif
