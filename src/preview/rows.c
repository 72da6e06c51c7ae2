/* SPDX-License-Identifier: MIT */
#include "preview/preview.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "database/database.h"
#include "preview/files.h"
#include "release/release_store.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* So long a file may be there before its row is. */
#define ORPHAN_AFTER DURATION_HOUR

const char *preview_file_path(struct arena *arena, int64_t row_id)
{
    return arena_format(arena, PREVIEW_FOLDER "/%lld.html", (long long)row_id);
}

bool preview_store(struct database *database, const struct preview *preview, struct error *error)
{
    assert(database_in_transaction(database));
    if (!preview->row_id)
        return true;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO preview (row_id, release, revision, made_at) VALUES ($1, $2, $3, $4)", error);
    statement_bind_integer(statement, 1, preview->row_id);
    statement_bind_integer(statement, 2, preview->release);
    statement_bind_integer(statement, 3, preview->revision);
    statement_bind_integer(statement, 4, preview->made_at);
    return statement_run(statement, error);
}

/* ---- what a link shows ---- */

static bool is_over(int64_t made_at, int64_t now_at)
{
    return made_at + PREVIEW_DAYS * DURATION_DAY <= now_at;
}

bool preview_is_public(const struct release_row *row, int64_t revision)
{
    /* The latter also while the page is to be written again. */
    return row->public_at != INSTANT_NONE &&
           (row->public_revision >= revision || row->text_revision >= revision);
}

static enum preview_state state_of(const struct release_row *row, int64_t revision)
{
    if (!row)
        return PREVIEW_UNKNOWN;
    if (preview_is_public(row, revision))
        return PREVIEW_PUBLISHED;
    if (row->status == RELEASE_WITHDRAWN)
        return PREVIEW_UNKNOWN;
    return row->revision > revision ? PREVIEW_OUTDATED : PREVIEW_SHOWN;
}

bool preview_find(struct database *database, struct arena *arena, int64_t row_id, int64_t now_at,
                  struct preview_link *link, struct error *error)
{
    bool found = false;
    bool failed = false;
    *link = (struct preview_link){ .state = PREVIEW_UNKNOWN };
    struct statement *statement = database_prepare(
        database, "SELECT release, revision, made_at, is_erased FROM preview WHERE row_id = $1",
        error);
    statement_bind_integer(statement, 1, row_id);
    if (!statement_find(statement, &found, error))
        return false;
    if (!found)
        return true;
    int64_t release = statement_integer(statement, 0);
    int64_t revision = statement_integer(statement, 1);
    int64_t made_at = statement_integer(statement, 2);
    bool is_erased = statement_integer(statement, 3) != 0;
    statement_reset(statement);
    if (is_over(made_at, now_at))
        return true;
    const struct release_row *row = release_find_by_row_id(database, arena, release, &failed,
                                                           error);
    if (failed)
        return false;
    link->state = state_of(row, revision);
    /* What was erased once is never shown again, whatever its release's row says by now. */
    if (link->state == PREVIEW_SHOWN && is_erased)
        link->state = PREVIEW_OUTDATED;
    if (link->state == PREVIEW_SHOWN)
        link->file = preview_file_path(arena, row_id);
    if (link->state == PREVIEW_PUBLISHED)
        link->page_path = release_row_page_path(arena, row);
    return true;
}

/* ---- what goes ---- */

struct dead {
    int64_t row_id;
    bool is_over;
    struct dead *next;
};

/* Links whose page is to go, and those that are to be forgotten. */
static bool dead_find(struct database *database, struct arena *arena, int64_t now_at,
                      struct dead **list, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database,
        "SELECT p.row_id, p.made_at FROM preview p LEFT JOIN release r ON r.row_id = p.release"
        " WHERE p.made_at <= $1 OR (p.is_erased = 0 AND (r.row_id IS NULL"
        " OR r.revision > p.revision OR r.status = @RELEASE_WITHDRAWN@"
        " OR (r.public_at IS NOT NULL AND (r.public_revision >= p.revision"
        " OR r.text_revision >= p.revision))))",
        error);
    statement_bind_integer(statement, 1, now_at - PREVIEW_DAYS * DURATION_DAY);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct dead *dead = arena_allocate(arena, sizeof *dead);
        *dead = (struct dead){ .row_id = statement_integer(statement, 0),
                               .is_over = is_over(statement_integer(statement, 1), now_at),
                               .next = *list };
        *list = dead;
    }
    return result == STATEMENT_DONE;
}

static bool file_erase(struct arena *arena, const char *state_path, const char *path,
                       struct error *error)
{
    const char *whole = file_join(arena, state_path, path);
    return unlink(whole) == 0 || errno == ENOENT ||
           error_set_errno(error, ERROR_SYSTEM, errno, "%s", whole);
}

static bool row_end(struct database *database, const struct dead *dead, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        dead->is_over ? "DELETE FROM preview WHERE row_id = $1"
                      : "UPDATE preview SET is_erased = 1 WHERE row_id = $1",
        error);
    statement_bind_integer(statement, 1, dead->row_id);
    return statement_run(statement, error);
}

static bool rows_end(struct database *database, const struct dead *list, struct error *error)
{
    bool done = true;
    for (const struct dead *dead = list; done && dead; dead = dead->next)
        done = row_end(database, dead, error);
    return done;
}

/* Files first: a row that is gone would leave its file to the hour that orphans have. */
static bool dead_erase(struct database *database, const char *state_path, int64_t now_at,
                       struct arena *arena, struct error *error)
{
    struct dead *list = NULL;
    if (!dead_find(database, arena, now_at, &list, error))
        return false;
    if (!list)
        return true;
    for (const struct dead *dead = list; dead; dead = dead->next)
        if (!file_erase(arena, state_path, preview_file_path(arena, dead->row_id), error))
            return false;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, rows_end(database, list, error), error);
    return transaction.is_done;
}

static bool is_known(struct database *database, int64_t row_id, bool *known, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT 1 FROM preview WHERE row_id = $1 AND is_erased = 0", error);
    statement_bind_integer(statement, 1, row_id);
    if (!statement_find(statement, known, error))
        return false;
    if (*known)
        statement_reset(statement);
    return true;
}

/* A file that is old enough to have a row, and has none: its run was killed in between, or took its
 * transaction back. A temporary of a writing that was killed is one, too. */
static bool orphan_erase(struct database *database, DIR *folder, const struct dirent *entry,
                         int64_t now_at, struct error *error)
{
    struct stat status;
    bool known = false;
    if (fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(status.st_mode) ||
        (int64_t)status.st_mtim.tv_sec * DURATION_SECOND + ORPHAN_AFTER > now_at)
        return true;
    char *end = NULL;
    long long row_id = strtoll(entry->d_name, &end, 10);
    if (strcmp(end, ".html") == 0 && !is_known(database, row_id, &known, error))
        return false;
    if (!known && unlinkat(dirfd(folder), entry->d_name, 0) != 0 && errno != ENOENT)
        log_line(LOG_WARNING, PREVIEW_FOLDER "/%s: %s", entry->d_name, strerror(errno));
    return true;
}

bool preview_clean(struct database *database, const char *state_path, int64_t now_at,
                   struct error *error)
{
    struct arena arena = { 0 };
    bool done = dead_erase(database, state_path, now_at, &arena, error);
    DIR *folder = done ? opendir(file_join(&arena, state_path, PREVIEW_FOLDER)) : NULL;
    const struct dirent *entry;
    while (done && folder && (entry = readdir(folder)) != NULL) /* NOLINT(concurrency-mt-unsafe) */
        done = orphan_erase(database, folder, entry, now_at, error);
    if (folder)
        (void)closedir(folder);
    arena_release(&arena);
    return done;
}
