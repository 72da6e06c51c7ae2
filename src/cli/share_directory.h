/* SPDX-License-Identifier: MIT */
#ifndef CLI_SHARE_DIRECTORY_H
#define CLI_SHARE_DIRECTORY_H

struct arena;
struct error;

/* Inside cli/ only: where the program's own feeds/ and templates/ lie: ../share/pressroom beside
 * the folder of the program, in the build tree as where it is installed. NULL and ERROR_USAGE where
 * they are not there. */
const char *share_directory(struct arena *arena, struct error *error);

#endif
