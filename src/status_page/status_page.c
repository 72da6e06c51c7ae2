/* SPDX-License-Identifier: MIT */
#include "status_page/status_page.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/log.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "intake/intake.h"
#include "release/newsroom.h"
#include "status_page/page.h"
#include "template/json_value.h"
#include "template/template.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* What stands for the moment until it is known that the page says something new. */
#define MADE "pressroom-made-at"

/* ---- the page ---- */

static json_t *context_of(struct status_page *page, const char *made)
{
    static const char *const names[] = { "needs", "waits", "newest" };
    const struct newsroom *newsroom = page->settings->newsroom;
    const char *language = page->wording.language;
    const char *key;
    const char *text;
    struct strings_cursor cursor;
    json_t *words = json_object();
    json_t *context = json_object();
    strings_cursor_open_whole(&cursor, page->settings->strings, language);
    while (strings_cursor_next(&cursor, &key, &text))
        if (strncmp(key, "status_", strlen("status_")) == 0)
            json_set_text(words, key, text);
    json_set_value(context, "t", words);
    json_set_text(context, "language", language);
    json_set_text(context, "direction", language_direction(language));
    json_set_text(context, "title",
                  strings_format(&page->arena, status_text(page, "status_title"), "publisher",
                                 newsroom->name, NULL));
    json_set_text(
        context, "made",
        strings_format(&page->arena, status_text(page, "status_made"), "when", made, NULL));
    for (int i = 0; i < STATUS_SECTION_COUNT; i++)
        json_set_list(context, names[i], json_incref(page->sections[i]));
    json_set_list(context, "years", json_incref(page->years));
    json_set_boolean(context, "is_empty",
                     !json_array_size(page->sections[STATUS_NEEDS]) &&
                         !json_array_size(page->sections[STATUS_WAITS]) &&
                         !json_array_size(page->sections[STATUS_NEWEST]) && !page->hidden);
    const char *more = page->left_out
                           ? strings_format(&page->arena,
                                            strings_plural(page->settings->strings, language,
                                                           "status_more", page->left_out),
                                            "count",
                                            locale_number(page->wording.locale, &page->arena,
                                                          language, page->left_out),
                                            NULL)
                           : NULL;
    const char *hidden = page->hidden
                             ? strings_format(&page->arena,
                                              strings_plural(page->settings->strings, language,
                                                             "status_hidden", page->hidden),
                                              "count",
                                              locale_number(page->wording.locale, &page->arena,
                                                            language, page->hidden),
                                              NULL)
                             : NULL;
    json_set_text(context, "more", more);
    json_set_text(context, "hidden", hidden);
    return context;
}

static bool make(const struct status_page_settings *settings, struct database *database,
                 int64_t now_at, bool hides_unpublished, const char *made, bool *has_stored,
                 struct string_builder *text, struct error *error)
{
    struct status_page page = {
        .settings = settings,
        .database = database,
        .now_at = now_at,
        .hides_unpublished = hides_unpublished,
        .wording = { .locale = settings->locale, .strings = settings->strings },
        .years = json_array(),
    };
    /* The words are in the language that has them, and so is what stands between. */
    page.wording.language = strings_language(settings->strings, settings->newsroom->language,
                                             "status_title");
    for (int i = 0; i < STATUS_SECTION_COUNT; i++)
        page.sections[i] = json_array();
    bool done = status_collect(&page, error);
    *has_stored = page.has_stored;
    if (done) {
        json_t *context = context_of(&page, made ? made : status_when(&page, now_at));
        string_builder_append(text, INTAKE_STATUS_MARK);
        done = template_render(settings->templates, "status", context, TEMPLATE_HTML, text, error);
        json_decref(context);
    }
    for (int i = 0; i < STATUS_SECTION_COUNT; i++)
        json_decref(page.sections[i]);
    json_decref(page.years);
    arena_release(&page.arena);
    return done;
}

bool status_page_make(const struct status_page_settings *settings, struct database *database,
                      int64_t now_at, bool hides_unpublished, struct string_builder *page,
                      struct error *error)
{
    bool has_stored;
    return make(settings, database, now_at, hides_unpublished, NULL, &has_stored, page, error);
}

/* ---- the file ---- */

/* What was seen when the page was made last: state/status-page holds it. */
struct seen {
    struct hash inputs; /* of store, settings and the file as it stands */
    struct hash page;   /* without its moment */
};

static const char seen_name[] = "status-page";
static const char temporary[] = ".pressroom-status.tmp";

static bool seen_read(int state_directory, struct seen *seen)
{
    int file = openat(state_directory, seen_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        return false;
    ssize_t length = read(file, seen, sizeof *seen);
    (void)close(file);
    return length == (ssize_t)sizeof *seen;
}

static void hash_inputs(const struct status_page_settings *settings,
                        const struct database_stamp *stamp, int folder, struct hash *hash)
{
    struct stat status = { 0 };
    struct hash_state state;
    const struct newsroom *newsroom = settings->newsroom;
    if (fstatat(folder, INTAKE_STATUS_PAGE, &status, AT_SYMLINK_NOFOLLOW) != 0)
        status = (struct stat){ 0 };
    const int64_t file[] = { (int64_t)status.st_ino, (int64_t)status.st_size, status.st_mtim.tv_sec,
                             status.st_mtim.tv_nsec, (int64_t)status.st_mode };
    hash_init(&state);
    hash_update(&state, stamp->parts, sizeof stamp->parts);
    hash_update(&state, file, sizeof file);
    hash_update(&state, settings->templates_hash.bytes, HASH_SIZE);
    hash_update_string(&state, newsroom->name);
    hash_update_string(&state, newsroom->language);
    hash_update_string(&state, newsroom->timezone);
    hash_update_string(&state, newsroom->site_url);
    hash_update_string(&state, settings->program);
    for (const char *const *name = settings->approvers; name && *name; name++)
        hash_update_string(&state, *name);
    hash_final(&state, hash);
}

enum file_state { FILE_ABSENT, FILE_OURS, FILE_FOREIGN };

static enum file_state probe(int folder)
{
    char begin[sizeof INTAKE_STATUS_MARK];
    struct stat status;
    if (fstatat(folder, INTAKE_STATUS_PAGE, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return FILE_ABSENT;
    int file = S_ISREG(status.st_mode) ? openat(folder, INTAKE_STATUS_PAGE,
                                                O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
                                       : -1;
    if (file < 0)
        return FILE_FOREIGN;
    ssize_t length = read(file, begin, strlen(INTAKE_STATUS_MARK));
    (void)close(file);
    return length == (ssize_t)strlen(INTAKE_STATUS_MARK) &&
                   memcmp(begin, INTAKE_STATUS_MARK, strlen(INTAKE_STATUS_MARK)) == 0
               ? FILE_OURS
               : FILE_FOREIGN;
}

/* The page with the moment in its place. */
static void fill_moment(const char *page, const char *when, struct string_builder *text)
{
    const char *place;
    while ((place = strstr(page, MADE))) {
        string_builder_append_bytes(text, page, (size_t)(place - page));
        string_builder_append(text, when);
        page = place + strlen(MADE);
    }
    string_builder_append(text, page);
}

static bool put(const struct status_page_settings *settings, int folder, int state_directory,
                const char *page, int64_t now_at, struct error *error)
{
    struct arena arena = { 0 };
    struct string_builder text;
    const struct wording wording = {
        settings->locale, settings->strings,
        strings_language(settings->strings, settings->newsroom->language, "status_title")
    };
    string_builder_init(&text, STATUS_PAGE_MAXIMUM);
    fill_moment(page, wording_event_when(&wording, &arena, now_at, INSTANT_NONE), &text);
    bool done = file_put_new(&(struct file_place){ .from = state_directory,
                                                   .temporary = temporary,
                                                   .folder = folder,
                                                   .name = INTAKE_STATUS_PAGE,
                                                   .fault = "status-page" },
                             text.data, text.length) ||
                error_set_errno(error, ERROR_SYSTEM, errno, "%s/%s", settings->releases_path,
                                INTAKE_STATUS_PAGE);
    string_builder_release(&text);
    arena_release(&arena);
    return done;
}

static bool renew(const struct status_page_settings *settings, struct database *database,
                  int folder, int state_directory, const struct clock *clock, struct seen *seen,
                  bool *has_stored, bool *is_written, struct error *error)
{
    struct string_builder page;
    struct hash hash;
    int64_t now_at = clock_now(clock);
    enum file_state state = probe(folder);
    if (state == FILE_FOREIGN) {
        log_line(
            LOG_WARNING,
            "%s/%s: is not pressroom's and is left alone; move it away, and the page that shows what becomes of "
            "each file is written there",
            settings->releases_path, INTAKE_STATUS_PAGE);
        return true;
    }
    string_builder_init(&page, STATUS_PAGE_MAXIMUM);
    bool done = make(settings, database, now_at, false, MADE, has_stored, &page, error);
    hash_bytes(page.data, page.length, &hash);
    if (done && (state == FILE_ABSENT || !hash_equal(&hash, &seen->page))) {
        done = put(settings, folder, state_directory, page.data, now_at, error);
        *is_written = done;
    }
    seen->page = hash;
    string_builder_release(&page);
    return done;
}

/* Until nothing was kept in the store while the page was made: what is committed by others
 * meanwhile makes the page once more by the next run. */
static bool renew_seen(const struct status_page_settings *settings, struct database *database,
                       int folder, int state_directory, const struct clock *clock, bool is_last,
                       struct seen *seen, bool *is_written, struct error *error)
{
    struct database_stamp stamp;
    bool has_stored = true;
    bool is_settled = false;
    for (int i = 0; i < 2 && has_stored; i++) {
        bool written = false;
        has_stored = false;
        if (is_last)
            database_write_back(database);
        is_settled = database_stamp_settle(settings->database_path, &stamp);
        if (!renew(settings, database, folder, state_directory, clock, seen, &has_stored, &written,
                   error))
            return false;
        *is_written = *is_written || written;
    }
    hash_inputs(settings, &stamp, folder, &seen->inputs);
    if (!is_settled || has_stored)
        seen->inputs = (struct hash){ 0 };
    return true;
}

/* Two runs at once would write one temporary. Whoever waits makes the page anew, as it is then. -1
 * where nothing can be locked. */
static int lock_making(int state_directory)
{
    int lock = openat(state_directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (lock >= 0 && flock(lock, LOCK_EX) != 0 && errno == EINTR)
        continue;
    return lock;
}

bool status_page_run(const struct status_page_settings *settings, struct database *database,
                     int state_directory, const struct clock *clock, bool is_last, bool *is_written,
                     struct error *error)
{
    struct seen seen = { 0 };
    struct database_stamp stamp;
    struct hash inputs;
    bool written = false;
    if (is_written)
        *is_written = false;
    if (settings->place == STATUS_PAGE_NONE)
        return true;
    int folder = file_open_directory(AT_FDCWD, settings->releases_path, error);
    if (folder < 0)
        return false;
    bool is_known = seen_read(state_directory, &seen);
    (void)database_stamp_read(settings->database_path, &stamp);
    hash_inputs(settings, &stamp, folder, &inputs);
    if (is_known && hash_equal(&inputs, &seen.inputs)) {
        (void)close(folder);
        return true;
    }
    int lock = lock_making(state_directory);
    bool done = renew_seen(settings, database, folder, state_directory, clock, is_last, &seen,
                           &written, error);
    (void)close(folder);
    if (done)
        done = file_put_new(&(struct file_place){ .from = state_directory,
                                                  .temporary = temporary,
                                                  .folder = state_directory,
                                                  .name = seen_name,
                                                  .fault = "status-page-seen" },
                            &seen, sizeof seen) ||
               error_set_errno(error, ERROR_SYSTEM, errno, "state/%s", seen_name);
    if (lock >= 0)
        (void)close(lock);
    if (is_written)
        *is_written = written;
    return done;
}
