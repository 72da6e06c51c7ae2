/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_RETENTION_H
#define QUEUE_RETENTION_H

#include "database/sql_macro.h"

/* Inside queue/ only: what is forgotten of a mailing that ended long ago. Numbers stand in the
 * database: they never change. FORGOTTEN_SOME is written before the first row goes, as from then on
 * nobody can tell any more who was sent it. */
#define FORGOTTEN_LEVELS(X)                                                                        \
    X(FORGOTTEN_NOTHING, 0)                                                                        \
    X(FORGOTTEN_TEXTS, 1) /* of outcomes */                                                        \
    X(FORGOTTEN_SOME, 2)  /* rows */                                                               \
    X(FORGOTTEN_ROWS, 3)  /* all of them */

enum forgotten { FORGOTTEN_LEVELS(SQL_ENUMERATOR) };

#endif
