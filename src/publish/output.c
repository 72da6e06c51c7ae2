/* SPDX-License-Identifier: MIT */
#include "publish/output.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "publish/journal.h"
#include "publish/manifest.h"
#include "publish/output_files.h"
#include "publish/staging.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One file of public/ that the next flush puts in place or removes. */
struct change {
    const char *path;
    const char *owner;
    struct hash hash;
    const char *temporary;
    const char *folder; /* of temporaries, all renamed at once with it; NULL: placed alone */
    enum output_rank rank;
    bool has_gzip;
    bool is_removal;
    bool is_in_place; /* renamed already: the temporary is gone */
};

struct output {
    struct database *database;
    struct staging *staging;
    int public_directory;
    struct arena arena; /* strings of the changes; empty after a flush */
    struct change *changes;
    size_t change_count;
    size_t change_capacity;
    struct arena owner_arena;
    const char *owner;
    struct output_files files; /* of the owner */
    size_t first_change;       /* number of changes at output_begin() */
    const char *folder;        /* where all files of the owner are new, "" for none */
    const char *folder_name;   /* its temporary one */
    int64_t files_written;
    int64_t files_removed;
};

struct output *output_open(struct database *database, const char *public_path,
                           const char *state_path, struct error *error)
{
    struct output *output = calloc(1, sizeof *output);
    if (!output) {
        (void)error_set(error, ERROR_SYSTEM, "%s: out of memory", public_path);
        return NULL;
    }
    output->database = database;
    output->public_directory = -1;
    if (!file_make_directories(AT_FDCWD, public_path, error))
        goto failed;
    output->public_directory = file_open_directory(AT_FDCWD, public_path, error);
    if (output->public_directory < 0)
        goto failed;
    if (faccessat(output->public_directory, ".", W_OK, AT_EACCESS) != 0) {
        (void)error_set_errno(error, ERROR_SYSTEM, errno,
                              "%s: may not be written; give pressroom the right to write there",
                              public_path);
        goto failed;
    }
    output->staging = staging_open(output->public_directory, state_path, error);
    /* Done before anything is compared with the manifest, because its hashes are wrong for the
     * files that a killed run was renaming. */
    if (!output->staging || !journal_recover(database, error))
        goto failed;
    return output;
failed:
    output_close(output);
    return NULL;
}

/* From first on. A temporary that was renamed into public/ is no longer there to be removed. */
static void changes_drop(struct output *output, size_t first)
{
    for (size_t i = first; i < output->change_count; i++) {
        const struct change *change = &output->changes[i];
        if (!change->is_removal && !change->is_in_place)
            staging_drop(output->staging, change->temporary, change->has_gzip);
    }
    output->change_count = first;
    if (first == 0)
        arena_release(&output->arena);
}

void output_close(struct output *output)
{
    if (!output)
        return;
    changes_drop(output, 0);
    staging_close(output->staging);
    arena_release(&output->owner_arena);
    if (output->public_directory >= 0)
        (void)close(output->public_directory);
    free(output->changes);
    free(output);
}

/* ---- the files of one owner ---- */

bool output_begin(struct output *output, const char *owner, struct error *error)
{
    arena_release(&output->owner_arena);
    output->owner = arena_copy(&output->owner_arena, owner);
    output->first_change = output->change_count;
    /* Files go in place one by one unless output_begin_folder() finds that nobody can have seen the
     * folder. */
    output->folder = "";
    return output_files_load(&output->files, output->database, &output->owner_arena, owner, error);
}

bool output_begin_folder(struct output *output, const char *owner, const char *folder,
                         struct error *error)
{
    if (!output_begin(output, owner, error))
        return false;
    /* A folder can be renamed as a whole only to where nothing stands: else readers would see it
     * without files for a moment. */
    if (output_exists(output, folder)) {
        /* A store that was put back from a copy knows nothing of a folder that stands: what is in
         * there would stay for ever. */
        output_files_recover(&output->files, output->public_directory, folder,
                             &output->owner_arena);
        return true;
    }
    output->folder = arena_copy(&output->owner_arena, folder);
    output->folder_name = staging_name(output->staging, &output->arena);
    return true;
}

bool output_has(struct output *output, const char *path, const struct hash *hash)
{
    return output_files_keep(&output->files, path, hash);
}

int64_t output_keep_numbered(struct output *output, const char *prefix, const char *suffix,
                             int64_t count)
{
    return output_files_keep_numbered(&output->files, prefix, suffix, count);
}

void output_keep_rest(struct output *output)
{
    output_files_keep_all(&output->files);
}

static struct change *change_add(struct output *output, const char *path)
{
    ARRAY_GROW(output->changes, output->change_count, output->change_capacity);
    struct change *change = &output->changes[output->change_count++];
    *change = (struct change){ .path = arena_copy(&output->arena, path),
                               .owner = arena_copy(&output->arena, output->owner) };
    return change;
}

/* A new file at path; returns where its temporary is to stand: in the owner's folder of
 * temporaries, if it has one and the file goes directly into it, else alone. */
static const char *change_put(struct output *output, const char *path, enum output_rank rank,
                              const struct hash *hash)
{
    struct change *change = change_add(output, path);
    size_t length = strlen(output->folder);
    const char *name = path + length;
    change->hash = *hash;
    change->rank = rank;
    /* A file of a folder below, or with a name too long for one below a temporary folder, is placed
     * by itself behind the others. */
    if (length && strncmp(path, output->folder, length) == 0 && !strchr(name, '/') &&
        strlen(name) < STAGING_FILE_MAXIMUM) {
        change->folder = output->folder_name;
        change->temporary = arena_format(&output->arena, "%s/%s", change->folder, name);
    } else {
        change->temporary = staging_name(output->staging, &output->arena);
    }
    /* Marked, because otherwise output_end() would remove the file that the rename puts in the old
     * one's place. */
    output_files_mark_current(&output->files, path);
    return change->temporary;
}

bool output_put_text(struct output *output, const char *path, enum output_rank rank,
                     const void *bytes, size_t length, struct error *error)
{
    struct hash hash;
    if (strlen(path) >= OUTPUT_PATH_MAXIMUM)
        return error_set(error, ERROR_INPUT, "%s: path too long", path);
    /* Compared before anything is written, so that a run with nothing new writes no temporaries
     * either. */
    hash_bytes(bytes, length, &hash);
    if (output_has(output, path, &hash))
        return true;
    staging_write_text(output->staging, change_put(output, path, rank, &hash), bytes, length);
    output->changes[output->change_count - 1].has_gzip = true; /* the change just added */
    return true;
}

/* staging_write() and staging_copy() leave nothing behind when they fail: so neither may the
 * change, else the flush would rename a temporary that is not there. */
static bool put_failed(struct output *output, const char *path, struct error *error)
{
    output->change_count--;
    return error_prefix(error, "%s", path);
}

bool output_put_binary(struct output *output, const char *path, const struct hash *hash,
                       const void *bytes, size_t length, struct error *error)
{
    if (output_has(output, path, hash))
        return true;
    const char *name = change_put(output, path, OUTPUT_ASSET, hash);
    return staging_write(output->staging, name, bytes, length, error) ||
           put_failed(output, path, error);
}

bool output_put_copy(struct output *output, const char *path, const struct hash *hash,
                     int descriptor, struct error *error)
{
    if (output_has(output, path, hash))
        return true;
    const char *name = change_put(output, path, OUTPUT_ASSET, hash);
    return staging_copy(output->staging, name, descriptor, error) ||
           put_failed(output, path, error);
}

void output_end(struct output *output)
{
    /* What the manifest has and the owner did not put or keep is no longer made: it goes. */
    for (size_t i = 0; i < output->files.count; i++) {
        const struct output_file *file = &output->files.files[i];
        if (file->is_current)
            continue;
        struct change *change = change_add(output, file->path);
        change->is_removal = true;
        change->has_gzip = file->has_gzip;
    }
    output->files.count = 0;
}

void output_cancel(struct output *output)
{
    changes_drop(output, output->first_change);
    output->files.count = 0;
}

/* ---- flush ---- */

/* Written down before the first rename, because a run killed among the renames cannot say which of
 * them it did: the next run takes all of these for unknown and writes them again. */
static bool changes_note(struct output *output, output_check *check, void *payload,
                         struct error *error)
{
    struct string_builder lines;
    string_builder_init(&lines, 0);
    for (size_t i = 0; i < output->change_count; i++) {
        const struct change *change = &output->changes[i];
        journal_append(&lines, change->owner, change->path, change->has_gzip);
    }
    struct transaction transaction = transaction_of(output->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        (!check || check(payload, error)) &&
                            journal_store(output->database, &lines, error),
                        error);
    string_builder_release(&lines);
    return transaction.is_done;
}

/* Folders that have become empty go with their last file: upwards, until one holds something. */
static void folders_remove(const struct output *output, const char *path)
{
    char folder[OUTPUT_PATH_MAXIMUM];
    (void)snprintf(folder, sizeof folder, "%s", path);
    for (char *slash = strrchr(folder, '/'); slash; slash = strrchr(folder, '/')) {
        *slash = '\0';
        if (unlinkat(output->public_directory, folder, AT_REMOVEDIR) != 0)
            return;
    }
}

/* That the file is gone already is no failure: a killed run may have removed it. */
static bool file_remove(struct output *output, const struct change *change, struct error *error)
{
    char compressed[OUTPUT_PATH_MAXIMUM + 4];
    (void)snprintf(compressed, sizeof compressed, "%s.gz", change->path);
    if ((change->has_gzip && unlinkat(output->public_directory, compressed, 0) != 0 &&
         errno != ENOENT && errno != ENOTDIR) ||
        (unlinkat(output->public_directory, change->path, 0) != 0 && errno != ENOENT &&
         errno != ENOTDIR))
        return error_set_errno(error, ERROR_SYSTEM, errno, "public/%s: remove", change->path);
    folders_remove(output, change->path);
    output->files_removed++;
    return true;
}

/* The folder that path stands in. */
static bool folder_make(const struct output *output, const char *path, struct error *error)
{
    char folder[OUTPUT_PATH_MAXIMUM];
    (void)snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    if (!slash || output_exists(output, folder) ||
        file_make_directories(output->public_directory, folder, error))
        return true;
    return error_prefix(error, "public/");
}

/* All files of a new folder at once, so that no reader meets a page without its pictures. Where
 * something stands there by now, each for itself. */
static bool folder_place(struct output *output, struct change *change, struct error *error)
{
    char folder[OUTPUT_PATH_MAXIMUM];
    const char *name = change->folder;
    bool is_taken = false;
    (void)snprintf(folder, sizeof folder, "%s", change->path);
    /* Of the folder itself the parent is made, and the rename makes the rest. */
    *strrchr(folder, '/') = '\0';
    if (!folder_make(output, folder, error) ||
        !staging_place_folder(output->staging, name, output->public_directory, folder, &is_taken,
                              error))
        return false;
    /* The files of one folder are neighbours among the changes: one owner put them in a row. */
    while (change > output->changes && change[-1].folder == name)
        change--;
    const struct change *end = output->changes + output->change_count;
    for (; change < end && change->folder == name; change++) {
        /* Cleared, so that a file that could not be placed with the folder is placed by itself. */
        change->folder = NULL;
        change->is_in_place = !is_taken;
        output->files_written += !is_taken;
    }
    return true;
}

static bool file_place(struct output *output, struct change *change, struct error *error)
{
    if (change->folder && !folder_place(output, change, error))
        return false;
    if (change->is_in_place)
        return true;
    if (!folder_make(output, change->path, error) ||
        !staging_place(output->staging, change->temporary, change->has_gzip,
                       output->public_directory, change->path, error))
        return false;
    change->is_in_place = true;
    output->files_written++;
    return true;
}

/* Removals first, because what is withdrawn must be gone soonest; then rank by rank, because a feed
 * or list must not link to a page, nor a page to a picture, that is not there yet. */
static bool changes_place(struct output *output, struct error *error)
{
    for (size_t i = 0; i < output->change_count; i++)
        if (output->changes[i].is_removal && !file_remove(output, &output->changes[i], error))
            return false;
    /* What is withdrawn is gone from here on, whatever becomes of the run. */
    fault_point("publish-removed");
    for (int rank = OUTPUT_ASSET; rank < OUTPUT_RANK_COUNT; rank++) {
        for (size_t i = 0; i < output->change_count; i++) {
            struct change *change = &output->changes[i];
            if (change->is_removal || (int)change->rank != rank)
                continue;
            if (!file_place(output, change, error))
                return false;
            fault_point("publish-placed");
        }
    }
    return true;
}

static bool changes_store(struct output *output, output_commit *commit, void *payload,
                          struct error *error)
{
    struct database *database = output->database;
    for (size_t i = 0; i < output->change_count; i++) {
        const struct change *change = &output->changes[i];
        if (change->is_removal ? !manifest_remove(database, change->owner, change->path, error)
                               : !manifest_put(database, change->owner, change->path, &change->hash,
                                               change->has_gzip, error))
            return false;
    }
    return (!output->change_count || journal_clear(database, error)) &&
           (!commit || commit(payload, error));
}

/* The manifest, the end of the journal and the caller's rows in one transaction: were they two, a
 * run killed in between would leave rows that say a page is public that the manifest does not know,
 * or the other way round. The renames are done by now and stay done, so a run that is undone leaves
 * what a killed one leaves: files that the journal names. */
static bool changes_commit(struct output *output, output_commit *commit, void *payload,
                           struct error *error)
{
    struct transaction transaction = transaction_of(output->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, changes_store(output, commit, payload, error), error);
    return transaction.is_done;
}

/* Where no file changes there is no journal, and rows alone are asked about. */
struct rows_alone {
    output_check *check;
    output_commit *commit;
    void *payload;
};

static bool rows_alone_store(void *payload, struct error *error)
{
    const struct rows_alone *rows = payload;
    return rows->check(rows->payload, error) && rows->commit(rows->payload, error);
}

bool output_flush(struct output *output, output_commit *commit, void *payload, struct error *error)
{
    return output_flush_checked(output, NULL, commit, payload, error);
}

bool output_flush_checked(struct output *output, output_check *check, output_commit *commit,
                          void *payload, struct error *error)
{
    struct rows_alone rows = { check, commit, payload };
    if (!output->change_count && !commit)
        return true;
    /* The order from here on is what keeps I8 and I4, and the crash stories stop at each of these
     * points. */
    fault_point("publish-written");
    if (output->change_count) {
        /* Bytes first, then the journal, then the renames, then their folders: after a power loss
         * public/ has each file old or new, never empty. */
        if (!staging_sync(output->staging, error))
            return error_prefix(error, "public/");
        if (!changes_note(output, check, payload, error))
            return false;
        fault_point("publish-noted");
        /* The journal stays where a rename fails, so the next run takes all of these for unknown.
         */
        if (!changes_place(output, error))
            return false;
        if (syncfs(output->public_directory) != 0)
            return error_set_errno(error, ERROR_SYSTEM, errno, "public/: write to disk");
    }
    /* Only now may rows say that releases are public: their pages stand, and are on the disk. */
    fault_point("publish-synced");
    bool is_asked = output->change_count || !check;
    if (!changes_commit(output, is_asked ? commit : rows_alone_store, is_asked ? payload : &rows,
                        error))
        return false;
    /* From here on a kill changes nothing: temporaries alone are left, and the next run empties
     * their folder. */
    fault_point("publish-committed");
    changes_drop(output, 0);
    return true;
}

/* ---- questions ---- */

bool output_exists(const struct output *output, const char *path)
{
    return faccessat(output->public_directory, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int64_t output_size(const struct output *output, const char *path)
{
    struct stat status;
    return fstatat(output->public_directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0
               ? (int64_t)status.st_size
               : 0;
}

bool output_forget(struct output *output, struct error *error)
{
    struct transaction transaction = transaction_of(output->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, manifest_forget(output->database, error), error);
    return transaction.is_done;
}

int64_t output_files_written(const struct output *output)
{
    return output->files_written;
}

int64_t output_files_removed(const struct output *output)
{
    return output->files_removed;
}
