/* SPDX-License-Identifier: MIT */
#include "intake/orphan.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "database/database.h"
#include "intake/debounce.h"
#include "intake/drop_directory.h"
#include "intake/orphan_note.h"
#include "intake/problem.h"
#include "intake/refusal.h"
#include "intake/run.h"
#include "locale/unicode.h"
#include "release/release_note.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The lines of named, sorted. */
static const char **named_lines(const struct string_builder *named, struct arena *arena,
                                size_t *count)
{
    size_t lines = 1;
    char *rest = arena_copy_bytes(arena, named->data, named->length);
    for (const char *c = rest; *c; c++)
        lines += *c == '\n';
    const char **names = arena_allocate_array(arena, lines, sizeof *names);
    *count = 0;
    while (*rest) {
        size_t length = strcspn(rest, "\n");
        bool is_last = rest[length] == '\0';
        rest[length] = '\0';
        if (length)
            names[(*count)++] = rest;
        rest += length + !is_last;
    }
    if (*count)
        qsort(names, *count, sizeof *names, compare_names);
    return names;
}

size_t orphan_find(const struct intake_settings *settings, const struct drop_directory *scan,
                   const struct string_builder *named, struct arena *arena, const char ***names)
{
    size_t count = 0;
    size_t named_count = 0;
    if (!scan->other_count)
        return 0;
    const char **lines = named_lines(named, arena, &named_count);
    *names = arena_allocate_array(arena, scan->other_count, sizeof **names);
    for (size_t i = 0; i < scan->other_count; i++) {
        const struct drop_file *file = &scan->other_files[i];
        const char *name = unicode_nfc(arena, file->name); /* as texts name it */
        int64_t newest = file->modified_ns > file->changed_ns ? file->modified_ns
                                                              : file->changed_ns;
        bool is_named = named_count &&
                        bsearch(&name, lines, named_count, sizeof *lines, compare_names) != NULL;
        if (!is_named && !debounce_is_fresh(settings, newest))
            (*names)[count++] = file->name;
    }
    return count;
}

/* ---- reporting them ---- */

/* What a key begins with. */
#define FILE_KEY "file:"
#define NAME_KEY "name:"

enum orphan_kind { ORPHAN_FILE, ORPHAN_BAD_NAME, ORPHAN_UNSTABLE };

struct orphan {
    const char *key;
    const char *stat_fingerprint;
    const char *name;
    const struct drop_file *file; /* NULL: the name cannot be read */
    bool has_note;                /* one is to stand beside it … */
    bool is_one_of_many;          /* … or one says so of all that are new */
    enum orphan_kind kind;
};

struct orphans {
    struct intake_stage *stage;
    struct orphan *list; /* sorted by key */
    size_t count;
    struct reported_file *reported; /* as reported before this run */
    size_t reported_count;
    struct reported_file *put; /* to be stored as reported … */
    size_t put_count;
    const struct orphan **put_orphans;    /* … with what is said of each … */
    const struct reported_file **removed; /* … and to be forgotten */
    size_t removed_count;
};

static int compare_orphans(const void *a, const void *b)
{
    return strcmp(((const struct orphan *)a)->key, ((const struct orphan *)b)->key);
}

static int compare_files(const void *a, const void *b)
{
    return strcmp(((const struct drop_file *)a)->name, ((const struct drop_file *)b)->name);
}

static void add_file(struct orphans *orphans, const char *name)
{
    struct arena *arena = &orphans->stage->arena;
    const struct drop_directory *scan = &orphans->stage->scan;
    const struct drop_file key = { .name = name };
    const struct drop_file *file = bsearch(&key, scan->other_files, scan->other_count,
                                           sizeof *scan->other_files, compare_files);
    orphans->list[orphans->count++] = (struct orphan){
        .key = arena_format(arena, FILE_KEY "%s", name),
        .stat_fingerprint = arena_format(arena, "%" PRId64 " %" PRId64, file ? file->size_bytes : 0,
                                         file ? file->modified_ns : 0),
        .name = name,
        .file = file,
    };
}

/* A page of that name that is not ours: it is no release, and ours cannot be written. */
static void add_status_page(struct orphans *orphans)
{
    struct stat status;
    struct arena *arena = &orphans->stage->arena;
    char begin[sizeof INTAKE_STATUS_MARK - 1];
    int folder = orphans->stage->settings->releases_directory;
    if (fstatat(folder, INTAKE_STATUS_PAGE, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    int page = S_ISREG(status.st_mode) ? openat(folder, INTAKE_STATUS_PAGE,
                                                O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
                                       : -1;
    ssize_t length = page >= 0 ? read(page, begin, sizeof begin) : 0;
    if (page >= 0)
        (void)close(page);
    if (length == (ssize_t)sizeof begin && memcmp(begin, INTAKE_STATUS_MARK, sizeof begin) == 0)
        return;
    struct drop_file *file = arena_allocate(arena, sizeof *file);
    *file = (struct drop_file){ .name = INTAKE_STATUS_PAGE, .size_bytes = status.st_size };
    orphans->list[orphans->count++] = (struct orphan){
        .key = FILE_KEY INTAKE_STATUS_PAGE,
        .stat_fingerprint = arena_format(arena, "%" PRId64 " %" PRId64, (int64_t)status.st_size,
                                         (int64_t)status.st_mtim.tv_sec),
        .name = INTAKE_STATUS_PAGE,
        .file = file,
    };
}

/* What of a name can be read: as it is called in its note, and the note after it. */
static const char *readable_name(struct arena *arena, const char *name)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    size_t length = strlen(name);
    size_t offset = 0;
    uint32_t c;
    while (offset < length) {
        bool is_read = utf8_next(name, length, &offset, &c);
        offset += !is_read;
        bool is_plain = is_read &&
                        (c < 0x80 ? c > ' ' && c < 0x7f && c != '\\' : unicode_is_alphanumeric(c));
        utf8_append(&text, is_plain ? c : '_');
    }
    const char *readable = arena_format(arena, "%s", text.length ? text.data : "_");
    string_builder_release(&text);
    return readable;
}

/* The name itself is not valid UTF-8 and cannot be stored, so its hash is the key. */
static void add_bad_name(struct orphans *orphans, const char *name)
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    hash_bytes(name, strlen(name), &hash);
    hash_to_hex(&hash, hex);
    orphans->list[orphans->count++] = (struct orphan){
        .key = arena_format(&orphans->stage->arena, NAME_KEY "%s", hex),
        .stat_fingerprint = readable_name(&orphans->stage->arena, name),
        .name = name,
        .kind = ORPHAN_BAD_NAME,
    };
}

static void collect(struct orphans *orphans)
{
    struct intake_stage *stage = orphans->stage;
    const struct drop_directory *scan = &stage->scan;
    const char **names = NULL;
    size_t found = 0;
    if (!stage->counts.unstable) /* else the text that names them may not be there yet */
        found = orphan_find(stage->settings, scan, &stage->named, &stage->arena, &names);
    orphans->list = arena_allocate_array(&stage->arena, found + scan->bad_count + 3,
                                         sizeof *orphans->list);
    for (size_t i = 0; i < found; i++)
        add_file(orphans, names[i]);
    for (size_t i = 0; i < scan->bad_count; i++)
        add_bad_name(orphans, scan->bad_names[i]);
    add_status_page(orphans);
    /* Files that are still being written are reported once, not in every run. */
    if (stage->counts.unstable)
        orphans->list[orphans->count++] = (struct orphan){
            .key = "restless",
            .stat_fingerprint = arena_format(&stage->arena, "%" PRId64, stage->counts.unstable),
            .kind = ORPHAN_UNSTABLE,
        };
    stage->counts.orphans = (int64_t)found;
    qsort(orphans->list, orphans->count, sizeof *orphans->list, compare_orphans);
}

static void log_orphan(struct orphans *orphans, const struct orphan *orphan)
{
    struct intake_stage *stage = orphans->stage;
    struct intake_problem_list problems;
    const char *folder = stage->settings->releases_name;
    if (orphan->kind == ORPHAN_BAD_NAME) {
        log_line(LOG_ERROR, "%s/%s: its name is not UTF-8, or holds control characters; rename it",
                 folder, orphan->name);
        return;
    }
    if (orphan->kind == ORPHAN_UNSTABLE) {
        log_line(LOG_NOTICE, "%s: %" PRId64 " still being written; left for the next run", folder,
                 stage->counts.unstable);
        return;
    }
    intake_problem_list_init(&problems, &stage->arena, orphan->name);
    const struct intake_message message = orphan_message(&stage->arena, orphan->name);
    intake_problem_add_message(&problems, INTAKE_ADVICE, 0, &message);
    const struct intake_wording wording = intake_wording_of(stage->settings, "en");
    log_line(LOG_WARNING, "%s",
             intake_problem_line(&stage->arena, &wording, folder, problems.first));
}

static bool is_known(const struct orphans *orphans, const struct orphan *orphan)
{
    const struct reported_file *before = reported_file_find(orphans->reported,
                                                            orphans->reported_count, orphan->key);
    return before && strcmp(before->stat_fingerprint, orphan->stat_fingerprint) == 0;
}

static size_t count_new(const struct orphans *orphans)
{
    size_t count = 0;
    for (size_t i = 0; i < orphans->count; i++)
        count += orphans->list[i].kind != ORPHAN_UNSTABLE && !is_known(orphans, &orphans->list[i]);
    return count;
}

static void report_new(struct orphans *orphans)
{
    struct intake_stage *stage = orphans->stage;
    size_t reported = 0;
    bool are_many = count_new(orphans) > RELEASE_NOTES_MAXIMUM;
    orphans->put = arena_allocate_array(&stage->arena, orphans->count + 1, sizeof *orphans->put);
    orphans->put_orphans = arena_allocate_array(&stage->arena, orphans->count + 1,
                                                sizeof(struct orphan *));
    for (size_t i = 0; i < orphans->count; i++) {
        struct orphan *orphan = &orphans->list[i];
        bool is_old = is_known(orphans, orphan);
        if (orphan->kind == ORPHAN_BAD_NAME) {
            stage->counts.still_refused += is_old;
            stage->counts.refused += !is_old;
        }
        if (is_old)
            continue;
        reported += orphan->kind == ORPHAN_FILE;
        orphan->has_note = orphan->kind != ORPHAN_UNSTABLE && !are_many;
        orphan->is_one_of_many = orphan->kind != ORPHAN_UNSTABLE && are_many;
        if (reported <= RELEASE_NOTES_MAXIMUM || orphan->kind != ORPHAN_FILE)
            log_orphan(orphans, orphan);
        orphans->put_orphans[orphans->put_count] = orphan;
        orphans->put[orphans->put_count++] = (struct reported_file){ orphan->key,
                                                                     orphan->stat_fingerprint };
    }
    if (reported > RELEASE_NOTES_MAXIMUM)
        log_line(LOG_WARNING, "%s: %zu more files belong to no release; put them in order",
                 stage->settings->releases_name, reported - RELEASE_NOTES_MAXIMUM);
}

/* Finds what is gone or belongs to a release now and is to be forgotten, so that it is reported
 * again should it become an orphan once more. */
static void find_removed(struct orphans *orphans)
{
    struct intake_stage *stage = orphans->stage;
    orphans->removed = arena_allocate_array(&stage->arena, orphans->reported_count + 1,
                                            sizeof(struct reported_file *));
    for (size_t i = 0; i < orphans->reported_count; i++) {
        const struct orphan key = { .key = orphans->reported[i].key };
        bool is_file = strncmp(key.key, FILE_KEY, strlen(FILE_KEY)) == 0;
        bool is_there = bsearch(&key, orphans->list, orphans->count, sizeof key, compare_orphans);
        if (!is_there && !(is_file && stage->counts.unstable))
            orphans->removed[orphans->removed_count++] = &orphans->reported[i];
    }
}

static bool put(struct intake_stage *stage, const struct reported_file *reported,
                const struct orphan *orphan, struct error *error)
{
    const char *path = orphan->file ? orphan->name : orphan->stat_fingerprint;
    if (orphan->is_one_of_many &&
        (!orphan_note_remove(stage, path, error) ||
         !release_gather(stage->database, RELEASE_GATHERED_STRAY, 0, orphan->key, error)))
        return false;
    return reported_file_put(stage->database, reported, error) &&
           (!orphan->has_note || orphan_note_write(stage, path, orphan->file, error));
}

static bool forget(struct intake_stage *stage, const struct reported_file *reported,
                   struct error *error)
{
    bool is_file = strncmp(reported->key, FILE_KEY, strlen(FILE_KEY)) == 0;
    bool is_name = strncmp(reported->key, NAME_KEY, strlen(NAME_KEY)) == 0;
    const char *path = is_file ? reported->key + strlen(FILE_KEY) : reported->stat_fingerprint;
    return reported_file_remove(stage->database, reported->key, error) &&
           (!(is_file || is_name) || orphan_note_remove(stage, path, error));
}

/* Notes are written before the commit, as batch.c does. */
static bool store(const struct orphans *orphans, struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < orphans->put_count; i++)
        done = put(orphans->stage, &orphans->put[i], orphans->put_orphans[i], error);
    for (size_t i = 0; done && i < orphans->removed_count; i++)
        done = forget(orphans->stage, orphans->removed[i], error);
    fault_point("ingest-orphans");
    return done && release_gathered_renew(orphans->stage->database, error);
}

bool orphan_report(struct intake_stage *stage, struct error *error)
{
    struct orphans orphans = { .stage = stage };
    collect(&orphans);
    if (!reported_file_load(stage->database, &stage->arena, &orphans.reported,
                            &orphans.reported_count, error))
        return false;
    /* Logged before that is stored: a kill between both has it logged once more, not never. */
    report_new(&orphans);
    find_removed(&orphans);
    if (orphans.put_count + orphans.removed_count == 0)
        return true;
    struct transaction transaction = transaction_of(stage->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, store(&orphans, error), error);
    return transaction.is_done;
}
