/* SPDX-License-Identifier: MIT */
#include "approval/approval.h"

#include "database/database.h"

/* release: release.row_id of release/, of the very version; …_at: milliseconds since 1970. */

static const char request[] =
    /* What approvers were asked for last, until it is answered. */
    "CREATE TABLE approval_request ("
    " release @integer@ NOT NULL PRIMARY KEY,"
    " revision @integer@ NOT NULL,"
    " asked_at @integer@ NOT NULL,"
    " remind_at @integer@" /* NULL: no more */
    ") @strict_without_rowid@;"
    "CREATE INDEX approval_request_due ON approval_request (remind_at)"
    " WHERE remind_at IS NOT NULL;";

static const char approval[] =
    /* Every yes that counted: evidence, never altered. */
    "CREATE TABLE approval ("
    " row_id @row_id_primary_key@,"
    " release @integer@ NOT NULL,"
    " revision @integer@ NOT NULL,"
    " content_hash @blob@ NOT NULL," /* of that revision */
    " address @text@ NOT NULL,"      /* who said it */
    " receipt @integer@ NOT NULL,"   /* receipt.row_id: the mail that was answered */
    " at @integer@ NOT NULL,"
    " UNIQUE (release, revision)) @strict@;";

static const char *const version_1[] = { request, approval, NULL };

static const char *const *const migrations[] = { version_1 };

const struct database_schema approval_schema = {
    .name = "approval",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
};
