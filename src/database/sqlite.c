/* SPDX-License-Identifier: MIT */
#include "database/backend.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATEMENT_JOURNAL_BYTES = 16 * 1024 * 1024 };

static const struct sql_macro sqlite_macros[] = {
    { "integer", "INTEGER" },
    { "text", "TEXT" },
    { "blob", "BLOB" },
    { "row_id_primary_key", "INTEGER PRIMARY KEY AUTOINCREMENT" },
    { "strict", "STRICT" },
    { "strict_without_rowid", "STRICT, WITHOUT ROWID" },
    { "skip_locked", "" }, /* one writer at a time: nothing is ever locked */
    { "refuse", "BEGIN SELECT RAISE(ABORT, 'such rows are never altered'); END" },
    { "refuse_without_row_of", "WHEN NOT EXISTS (SELECT 1 FROM" },
    { "end_refuse", ") BEGIN SELECT RAISE(ABORT, 'such rows are never deleted so'); END" },
    { NULL, NULL },
};

/* What the result code means for the caller; the text of the library says the rest. */
static bool sqlite_failed(sqlite3 *handle, int code, struct error *error)
{
    const char *text = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    int number; /* SQLite does not always remember it */
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_set(error, ERROR_TEMPORARY,
                         "database: another program is writing to it" ERROR_ADVICE
                         "try again later");
    case SQLITE_FULL:
        return error_set(error, ERROR_SYSTEM,
                         "database: the disk is full" ERROR_ADVICE "make room and run again");
    case SQLITE_IOERR:
        number = handle ? sqlite3_system_errno(handle) : EIO;
        return error_set_errno(error, ERROR_SYSTEM, number ? number : EIO,
                               "database: %s" ERROR_ADVICE "check the disk and run again", text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return error_set(error, ERROR_SYSTEM, "database: %s" ERROR_ADVICE "put back a copy of it",
                         text);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
        return error_set(error, ERROR_SYSTEM,
                         "database: %s" ERROR_ADVICE "run as the user whom state/ belongs to",
                         text);
    default:
        return error_set(error, ERROR_SYSTEM, "database: %s (%d)", text, code);
    }
}

static bool sqlite_execute(void *handle, const char *sql, struct error *error)
{
    int code = sqlite3_exec(handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? true : sqlite_failed(handle, code, error);
}

static bool sqlite_set_read_only(void *handle, bool is_read_only, struct error *error)
{
    return sqlite_execute(handle, is_read_only ? "PRAGMA query_only=ON" : "PRAGMA query_only=OFF",
                          error);
}

/* Made here and not by the library, so that it is nobody else's to read from the first moment; the
 * journal takes over the mode. */
static bool file_create(const char *path, struct error *error)
{
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor >= 0)
        (void)close(descriptor);
    else if (errno != EEXIST)
        return error_set_errno(error, ERROR_SYSTEM, errno, "%s", path);
    return true;
}

static bool sqlite_configure(sqlite3 *handle, const struct database_settings *settings,
                             struct error *error)
{
    int64_t timeout_ms = settings->busy_timeout_ms > 0 ? settings->busy_timeout_ms : 10000;
    (void)sqlite3_extended_result_codes(handle, 1);
    (void)sqlite3_busy_timeout(handle, timeout_ms > INT_MAX ? INT_MAX : (int)timeout_ms);
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* Plans do not look at parameters: else a statement that a partial index might serve is
     * compiled anew for every value bound. Statements repeat such an index's condition instead. */
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    if (!sqlite_execute(handle,
                        "PRAGMA trusted_schema=OFF;"
                        "PRAGMA foreign_keys=ON;"
                        "PRAGMA secure_delete=ON;"
                        "PRAGMA synchronous=FULL;"
                        "PRAGMA cache_size=-6000;"
                        "PRAGMA journal_size_limit=67108864;",
                        error))
        return false;
    if (!settings->is_read_only && !sqlite_execute(handle, "PRAGMA journal_mode=WAL", error))
        return false;
    return sqlite_set_read_only(handle, settings->is_read_only, error);
}

/* Statistics that nobody reads cost a lock for every piece of memory. And what a statement must be
 * able to undo, SQLite keeps in a file of /var/tmp once it is more than 64 kB: a write a page, for
 * every statement with a foreign key in a long transaction. */
static void sqlite_prepare_library(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, STATEMENT_JOURNAL_BYTES);
}

static bool sqlite_open(const struct database_settings *settings, void **result,
                        struct error *error)
{
    static pthread_once_t is_prepared = PTHREAD_ONCE_INIT;
    sqlite3 *handle = NULL;
    (void)pthread_once(&is_prepared, sqlite_prepare_library);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const char *path = settings->path;
    if (strcmp(path, ":memory:") != 0 && settings->is_read_only && access(path, F_OK) != 0) {
        if (errno != ENOENT)
            return error_set_errno(error, ERROR_SYSTEM, errno, "%s", path);
        path = ":memory:";
    }
    if (strcmp(path, ":memory:") == 0)
        flags |= SQLITE_OPEN_CREATE;
    else if (!settings->is_read_only && !file_create(path, error))
        return false;
    int code = sqlite3_open_v2(path, &handle, flags, NULL);
    bool done = code == SQLITE_OK ? sqlite_configure(handle, settings, error)
                                  : sqlite_failed(handle, code, error);
    if (!done) {
        (void)sqlite3_close(handle);
        return error_prefix(error, "%s", settings->path);
    }
    *result = handle;
    return true;
}

static void sqlite_close(void *handle)
{
    (void)sqlite3_close(handle);
}

static void sqlite_rollback(void *handle)
{
    /* Some errors roll back by themselves. */
    if (!sqlite3_get_autocommit(handle))
        (void)sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
}

static int read_number(void *payload, int count, char **values, char **names)
{
    (void)names;
    if (count == 1 && values[0])
        *(int *)payload = (int)strtol(values[0], NULL, 10);
    return 0;
}

static bool sqlite_checkpoint(void *handle, bool waits, struct error *error)
{
    int timeout_ms = 0;
    if (!waits) {
        (void)sqlite3_exec(handle, "PRAGMA busy_timeout", read_number, &timeout_ms, NULL);
        (void)sqlite3_busy_timeout(handle, 0);
    }
    int code = sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (!waits)
        (void)sqlite3_busy_timeout(handle, timeout_ms);
    return code == SQLITE_OK ? true : sqlite_failed(handle, code, error);
}

/* In the journal mode WAL a commit with NORMAL writes to the journal and does not wait; the next
 * one with FULL makes the journal durable as a whole
 * (https://sqlite.org/pragma.html#pragma_synchronous).
 */
static void sqlite_wait_for_disk(void *handle, bool waits)
{
    (void)sqlite3_exec(handle, waits ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL",
                       NULL, NULL, NULL);
}

#define CACHE_SIZE "PRAGMA cache_size=-6000;"

/* Writes the journal back more rarely, because otherwise a page is written each time a few rows are
 * added to it. */
static void sqlite_expect_much(void *handle, bool is_much)
{
    (void)sqlite3_exec(
        handle,
        is_much ? "PRAGMA foreign_keys=OFF;PRAGMA cache_size=-32000;PRAGMA wal_autocheckpoint=8000;"
                : CACHE_SIZE "PRAGMA foreign_keys=ON;PRAGMA wal_autocheckpoint=1000;",
        NULL, NULL, NULL);
}

static bool sqlite_rewrite(void *handle, struct error *error)
{
    return sqlite_execute(handle, "VACUUM", error);
}

static bool sqlite_read_file(void *handle, int64_t offset, void *bytes, size_t size, size_t *length,
                             struct error *error)
{
    sqlite3_file *file = NULL;
    sqlite3_int64 whole = 0;
    *length = 0;
    if (sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
        !file || !file->pMethods)
        return true;
    int code = file->pMethods->xFileSize(file, &whole);
    if (code == SQLITE_OK && offset < whole) {
        size_t wanted = (uint64_t)(whole - offset) < size ? (size_t)(whole - offset) : size;
        code = file->pMethods->xRead(file, bytes, (int)wanted, offset);
        *length = wanted;
    }
    /* Cut meanwhile: the library fills up with zeros. */
    return code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ
               ? true
               : error_set(error, ERROR_SYSTEM, "database: %s" ERROR_ADVICE "check the disk",
                           sqlite3_errstr(code));
}

static int64_t sqlite_changes(void *handle)
{
    return sqlite3_changes64(handle);
}

static bool sqlite_prepare(void *handle, const char *sql, void **result, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v3(handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    if (code != SQLITE_OK)
        return sqlite_failed(handle, code, error);
    *result = statement;
    return true;
}

static void sqlite_finalize(void *statement)
{
    (void)sqlite3_finalize(statement);
}

static bool sqlite_bind_integer(void *statement, int position, int64_t value)
{
    return sqlite3_bind_int64(statement, position, value) == SQLITE_OK;
}

static bool sqlite_bind_text(void *statement, int position, const char *value, size_t length)
{
    return sqlite3_bind_text64(statement, position, value, length, SQLITE_TRANSIENT, SQLITE_UTF8) ==
           SQLITE_OK;
}

static bool sqlite_bind_kept_text(void *statement, int position, const char *value, size_t length)
{
    return sqlite3_bind_text64(statement, position, value, length, SQLITE_STATIC, SQLITE_UTF8) ==
           SQLITE_OK;
}

static bool sqlite_bind_bytes(void *statement, int position, const void *bytes, size_t length)
{
    return sqlite3_bind_blob64(statement, position, length ? bytes : "", length,
                               SQLITE_TRANSIENT) == SQLITE_OK;
}

static bool sqlite_bind_null(void *statement, int position)
{
    return sqlite3_bind_null(statement, position) == SQLITE_OK;
}

static enum statement_result sqlite_step(void *handle, void *statement, struct error *error)
{
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        return STATEMENT_ROW;
    if (code == SQLITE_DONE)
        return STATEMENT_DONE;
    (void)sqlite_failed(handle, code, error);
    return STATEMENT_FAILED;
}

static void sqlite_reset(void *statement)
{
    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement);
}

static int64_t sqlite_integer(void *statement, int column)
{
    return sqlite3_column_int64(statement, column);
}

static const char *sqlite_text(void *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

static const void *sqlite_bytes(void *statement, int column, size_t *length)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    *length = (size_t)sqlite3_column_bytes(statement, column);
    return bytes;
}

static enum column_kind sqlite_kind(void *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
        return COLUMN_NULL;
    case SQLITE_INTEGER:
        return COLUMN_INTEGER;
    case SQLITE_BLOB:
        return COLUMN_BYTES;
    default:
        return COLUMN_TEXT;
    }
}

static int sqlite_columns(void *statement)
{
    return sqlite3_column_count(statement);
}

static const char *sqlite_column_name(void *statement, int column)
{
    return sqlite3_column_name(statement, column);
}

const struct backend backend_sqlite = {
    .parameter_mark = '?',
    .macros = sqlite_macros,
    /* In the journal mode WAL with several writers a deferred transaction that turns into a write
     * can be refused at once: a writer says so from the start. */
    .begin_write = "BEGIN IMMEDIATE",
    .begin_read = "BEGIN",
    .commit = "COMMIT",
    .change_query = "PRAGMA data_version",
    .integrity_query = "PRAGMA integrity_check(1)",
    .reference_query = "PRAGMA foreign_key_check",
    .open = sqlite_open,
    .close = sqlite_close,
    .set_read_only = sqlite_set_read_only,
    .execute = sqlite_execute,
    .rollback = sqlite_rollback,
    .checkpoint = sqlite_checkpoint,
    .wait_for_disk = sqlite_wait_for_disk,
    .expect_much = sqlite_expect_much,
    .rewrite = sqlite_rewrite,
    .read_file = sqlite_read_file,
    .changes = sqlite_changes,
    .prepare = sqlite_prepare,
    .finalize = sqlite_finalize,
    .bind_integer = sqlite_bind_integer,
    .bind_text = sqlite_bind_text,
    .bind_kept_text = sqlite_bind_kept_text,
    .bind_bytes = sqlite_bind_bytes,
    .bind_null = sqlite_bind_null,
    .step = sqlite_step,
    .reset = sqlite_reset,
    .integer = sqlite_integer,
    .text = sqlite_text,
    .bytes = sqlite_bytes,
    .kind = sqlite_kind,
    .columns = sqlite_columns,
    .column_name = sqlite_column_name,
};
