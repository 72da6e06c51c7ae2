/* SPDX-License-Identifier: MIT */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

#include "cli/arguments.h"

struct command_context;
struct error;

/* Inside cli/ only: exit codes of every command. */
enum {
    EXIT_WELL = 0,
    EXIT_REFUSED = 1,
    EXIT_UNUSABLE = 2,
    EXIT_LATER = 75 /* for commands that a mail server starts: whatever went wrong, it keeps the
                       message and tries again (EX_TEMPFAIL of sysexits.h) */
};

/* One command: a row of command_table.c, a function in cmd_NAME.c. */
struct command {
    const char *name;             /* one word, or two: "release list" */
    const char *parameters;       /* as help shows them: "FILE…" */
    const char *summary;          /* one line */
    const char *help;             /* more, with examples; NULL: nothing more to say */
    const struct option *options; /* NULL: none of its own */
    unsigned words_minimum;
    unsigned words_maximum;
    int (*run)(struct command_context *context);
};

/* Options that every command takes; ends with a NULL name. */
extern const struct option command_shared_options[];

/* The command that words[0] or "words[0] words[1]" names, and how many words that took; NULL and
 * *error with the nearest name where there is none. */
const struct command *command_find(struct arena *arena, const struct arguments *arguments,
                                   size_t *words_taken, struct error *error);

/* Help to standard output: the overview, or one command's. */
void command_print_overview(void);
void command_print_help(const struct command *command);

/* The commands, one function each, in cmd_*.c. */
int cmd_init(struct command_context *context);
int cmd_inbox_list(struct command_context *context);
int cmd_inbox_show(struct command_context *context);
int cmd_check(struct command_context *context);
int cmd_preview(struct command_context *context);
int cmd_ingest(struct command_context *context);
int cmd_publish(struct command_context *context);
int cmd_announce(struct command_context *context);
int cmd_deliver(struct command_context *context);
int cmd_collect(struct command_context *context);
int cmd_run(struct command_context *context);
int cmd_release_list(struct command_context *context);
int cmd_release_show(struct command_context *context);
int cmd_release_resume(struct command_context *context);
int cmd_release_withdraw(struct command_context *context);
int cmd_release_resend(struct command_context *context);
int cmd_audience(struct command_context *context);
int cmd_mailing_list(struct command_context *context);
int cmd_mailing_show(struct command_context *context);
int cmd_mailing_pause(struct command_context *context);
int cmd_mailing_resume(struct command_context *context);
int cmd_mailing_cancel(struct command_context *context);
int cmd_subscriber_add(struct command_context *context);
int cmd_subscriber_list(struct command_context *context);
int cmd_subscriber_show(struct command_context *context);
int cmd_subscriber_unsubscribe(struct command_context *context);
int cmd_subscriber_forget(struct command_context *context);
int cmd_subscriber_import(struct command_context *context);
int cmd_subscriber_export(struct command_context *context);
int cmd_serve(struct command_context *context);
int cmd_doctor(struct command_context *context);
int cmd_status(struct command_context *context);

#endif
