/* SPDX-License-Identifier: MIT */
#ifndef CLI_CONTEXT_H
#define CLI_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "database/database.h"
#include "preview/preview.h"
#include "queue/queue.h"

struct arena;
struct arguments;
struct command;
struct config;
struct json_t;
struct mailbox;
struct subscriber_service;
struct token_keys;

/* Inside cli/ only: what happened to a step in its last round. A --watch command repeats its steps
 * for ever, and logs a failure only when it is a new one. */
struct context_step_state {
    bool has_failed; /* in the present round */
    bool has_more;   /* it stopped before its work was done, to let others go first */
    char failure[ERROR_MESSAGE_SIZE];
};

/* What a command works with. What it needs of the newsroom it opens; all is closed behind it. */
struct command_context {
    struct arena *arena; /* of the whole command */
    const struct command *command;
    const struct arguments *arguments; /* words: those behind the command's name */
    const char *directory;             /* the newsroom */
    bool json;
    bool quiet;
    struct clock clock;
    struct random random;
    struct config *config;     /* once it has been read */
    struct database *database; /* after context_open_database() */
    struct token_keys *keys;   /* after context_open_keys() */
    int state_directory;       /* descriptor, with the database */
    int run_lock;              /* descriptor of the lock of ingest and publish, -1: not held */
    struct queue_retention retention; /* how far stage_retain() came */
    struct mailbox *inbox; /* kept open between the rounds of a --watch command; else NULL */
    struct context_step_state
        *step_state;  /* of the step that runs, in a --watch command; else NULL */
    bool is_watching; /* a --watch command: what it refused was logged then, and does not change its
                         exit code */
};

void context_init(struct command_context *context, struct arena *arena,
                  const struct command *command, const struct arguments *arguments);
void context_close(struct command_context *context);

/* Logs the error, in a --watch command only where it is news; the exit code that its kind asks
 * for. */
int context_fail(const struct command_context *context, const struct error *error);

/* Reads newsroom.yaml, feeds, templates and strings. False: every problem has been logged, and the
 * command ends with EXIT_UNUSABLE. */
bool context_open_config(struct command_context *context);

enum context_access { CONTEXT_READ, CONTEXT_WRITE };

/* How to open the database, once state/ is open and the configuration read. */
struct database_settings context_database_settings(const struct command_context *context);

/* The configuration, then the database, migrated, with the values that a newsroom keeps for ever.
 * False: logged; *exit_code says how the command ends. */
bool context_open_database(struct command_context *context, enum context_access access,
                           int *exit_code);

/* The same where the configuration has been read already; logs nothing. */
bool context_reach_database(struct command_context *context, enum context_access access,
                            struct error *error);

/* As context_open_database(), and fills in what subscriber/ works with. */
bool context_open_subscriber_service(struct command_context *context, enum context_access access,
                                     struct subscriber_service *service, int *exit_code);

/* state/secret.key, made where it is not there; the database has been opened to write. */
bool context_open_keys(struct command_context *context, struct error *error);

/* What previews are made with, once the keys are open; borrowed from context. */
struct preview_settings context_preview_settings(struct command_context *context);

/* The first line of a password file; NULL where path is NULL. key: what newsroom.yaml calls it. */
bool context_read_password(struct command_context *context, const char *path, const char *key,
                           const char **password, struct error *error);

/* The certificates that mail servers are verified by: the file that SSL_CERT_FILE names, as with
 * other programs; NULL: the system's. */
const char *context_ca_file(void);

/* Takes the lock that ingest and publish share. A second run waits for the first, but a --watch
 * command does not: ERROR_TEMPORARY. */
bool context_lock_run(struct command_context *context, struct error *error);

/* The same without waiting, for every command. */
bool context_try_lock_run(struct command_context *context, struct error *error);

/* Does nothing where it is not held. */
void context_unlock_run(struct command_context *context);

/* Prints a JSON document to standard output and frees it. */
void context_print_json(struct json_t *document);

/* RFC 3339 in the newsroom's time zone; NULL for INSTANT_NONE. For JSON. */
const char *context_instant(const struct command_context *context, int64_t instant);

/* "10.06.2026 08.00"-like, short, for tables; "" for INSTANT_NONE. */
const char *context_time(const struct command_context *context, int64_t instant);

#endif
