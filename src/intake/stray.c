/* SPDX-License-Identifier: MIT */
#include "intake/stray.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/log.h"
#include "database/database.h"
#include "intake/drop_directory.h"
#include "intake/loose.h"
#include "intake/problem.h"
#include "intake/refusal.h"
#include "intake/run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* More new ones than this are told of in one line. */
enum { TOLD_MAXIMUM = 20 };

enum stray_kind { STRAY_LOOSE, STRAY_BAD_NAME, STRAY_RESTLESS };

struct stray {
    const char *key;
    const char *stamp;
    const char *name;
    enum stray_kind kind;
};

struct strays {
    struct intake_stage *stage;
    struct stray *list; /* sorted by key */
    size_t count;
    struct telling *told; /* before this run */
    size_t told_count;
    bool is_open; /* a transaction */
};

static int compare_strays(const void *a, const void *b)
{
    return strcmp(((const struct stray *)a)->key, ((const struct stray *)b)->key);
}

static int compare_files(const void *a, const void *b)
{
    return strcmp(((const struct drop_file *)a)->name, ((const struct drop_file *)b)->name);
}

static void add_loose(struct strays *strays, const char *name)
{
    struct arena *arena = &strays->stage->arena;
    const struct drop_directory *look = &strays->stage->look;
    const struct drop_file key = { .name = name };
    const struct drop_file *file = bsearch(&key, look->loose, look->loose_count,
                                           sizeof *look->loose, compare_files);
    strays->list[strays->count++] = (struct stray){
        .key = arena_format(arena, "loose:%s", name),
        .stamp = arena_format(arena, "%" PRId64 " %" PRId64, file ? file->size_bytes : 0,
                              file ? file->modified_ns : 0),
        .name = name,
    };
}

/* The name itself is nothing that the store could hold. */
static void add_bad_name(struct strays *strays, const char *name)
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    hash_bytes(name, strlen(name), &hash);
    hash_to_hex(&hash, hex);
    strays->list[strays->count++] = (struct stray){
        .key = arena_format(&strays->stage->arena, "name:%s", hex),
        .stamp = "",
        .name = name,
        .kind = STRAY_BAD_NAME,
    };
}

/* Somebody who stays would say so at every look. */
static void add_restless(struct strays *strays)
{
    struct intake_stage *stage = strays->stage;
    strays->list[strays->count++] = (struct stray){
        .key = "restless",
        .stamp = arena_format(&stage->arena, "%" PRId64, stage->counts.restless),
        .kind = STRAY_RESTLESS,
    };
}

static void collect(struct strays *strays)
{
    struct intake_stage *stage = strays->stage;
    const struct drop_directory *look = &stage->look;
    const char **names = NULL;
    size_t loose = 0;
    if (!stage->counts.restless) /* else their text may be on its way */
        loose = loose_find(stage->settings, look, &stage->named, &stage->arena, &names);
    strays->list = arena_allocate_array(&stage->arena, loose + look->bad_count + 2,
                                        sizeof *strays->list);
    for (size_t i = 0; i < loose; i++)
        add_loose(strays, names[i]);
    for (size_t i = 0; i < look->bad_count; i++)
        add_bad_name(strays, look->bad_names[i]);
    if (stage->counts.restless)
        add_restless(strays);
    stage->counts.strays = (int64_t)loose;
    qsort(strays->list, strays->count, sizeof *strays->list, compare_strays);
}

static void log_stray(struct strays *strays, const struct stray *stray)
{
    struct intake_stage *stage = strays->stage;
    struct intake_problem_list problems;
    const char *folder = stage->settings->releases_name;
    if (stray->kind == STRAY_BAD_NAME) {
        log_line(LOG_ERROR, "%s/%s: its name is not UTF-8, or holds control characters; rename it",
                 folder, stray->name);
        return;
    }
    if (stray->kind == STRAY_RESTLESS) {
        log_line(LOG_NOTICE, "%s: %" PRId64 " still being written; left for the next run", folder,
                 stage->counts.restless);
        return;
    }
    intake_problem_list_init(&problems, &stage->arena, stage->settings->language, stray->name);
    intake_problem_add(&problems, INTAKE_ADVICE, 0, INTAKE_MESSAGE_LOOSE, NULL, NULL);
    log_line(LOG_WARNING, "%s", intake_problem_line(&stage->arena, folder, problems.first));
}

static bool begin_once(struct strays *strays, struct error *error)
{
    strays->is_open = strays->is_open || database_begin(strays->stage->database, error);
    return strays->is_open;
}

static bool tell_new(struct strays *strays, struct error *error)
{
    struct intake_stage *stage = strays->stage;
    size_t told = 0;
    for (size_t i = 0; i < strays->count; i++) {
        const struct stray *stray = &strays->list[i];
        const struct telling *before = telling_find(strays->told, strays->told_count, stray->key);
        bool is_known = before && strcmp(before->stamp, stray->stamp) == 0;
        if (stray->kind == STRAY_BAD_NAME) {
            stage->counts.still_refused += is_known;
            stage->counts.refused += !is_known;
        }
        if (is_known)
            continue;
        told += stray->kind == STRAY_LOOSE;
        if (told <= TOLD_MAXIMUM || stray->kind != STRAY_LOOSE)
            log_stray(strays, stray);
        struct telling telling = { stray->key, stray->stamp };
        if (!begin_once(strays, error) || !telling_put(stage->database, &telling, error))
            return false;
    }
    if (told > TOLD_MAXIMUM)
        log_line(LOG_WARNING, "%s: %zu more files belong to no release; put them in order",
                 stage->settings->releases_name, told - TOLD_MAXIMUM);
    return true;
}

/* What is gone, or belongs to a release now, is told of again when it is stray once more. */
static bool forget_others(struct strays *strays, struct error *error)
{
    struct intake_stage *stage = strays->stage;
    for (size_t i = 0; i < strays->told_count; i++) {
        const struct stray key = { .key = strays->told[i].key };
        bool is_loose = strncmp(key.key, "loose:", strlen("loose:")) == 0;
        bool is_there = bsearch(&key, strays->list, strays->count, sizeof key, compare_strays);
        if (is_there || (is_loose && stage->counts.restless))
            continue;
        if (!begin_once(strays, error) || !telling_remove(stage->database, key.key, error))
            return false;
    }
    return true;
}

bool stray_tell(struct intake_stage *stage, struct error *error)
{
    struct strays strays = { .stage = stage };
    collect(&strays);
    if (!telling_load(stage->database, &stage->arena, &strays.told, &strays.told_count, error))
        return false;
    bool done = tell_new(&strays, error) && forget_others(&strays, error);
    return strays.is_open ? database_end(stage->database, done, error) : done;
}
