/* SPDX-License-Identifier: MIT */
#ifndef CLI_FILE_ARGUMENT_H
#define CLI_FILE_ARGUMENT_H

#include <stdbool.h>

struct command_context;
struct error;
struct intake_check;
struct intake_checker;

/* Inside cli/ only: what checking works with, of the command's. The configuration and the database
 * are open. */
struct intake_checker file_argument_checker(struct command_context *context);

/* FILE on the command line of check, preview and audience: a release, or a release folder, in the
 * drop directory or anywhere else. Looked for as given, then in releases/. */
bool file_argument_exists(const struct command_context *context, const char *word);

/* Its real path, in the command's arena; NULL: there is none. */
const char *file_argument_path(const struct command_context *context, const char *word);

/* Reads and validates it as a run would. The configuration and the database are open. ERROR_INPUT
 * where there is no such file. */
bool file_argument_check(struct command_context *context, const char *word,
                         struct intake_check *check, struct error *error);

/* Opens the directories that intake's settings want; closed by file_argument_close(). */
bool intake_directories_open(struct command_context *context, struct error *error);
void intake_directories_close(struct command_context *context);

#endif
