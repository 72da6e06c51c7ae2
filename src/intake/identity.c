/* SPDX-License-Identifier: MIT */
#include "intake/identity.h"
#include "intake/drop_container.h"

#include "base/arena.h"
#include "base/error.h"
#include "intake/asset.h"
#include "intake/drop_directory.h"
#include "intake/embargo.h"
#include "intake/hold.h"
#include "intake/intake.h"
#include "intake/layout.h"
#include "intake/loosening_guard.h"
#include "intake/original.h"
#include "intake/reader.h"
#include "intake/refusal.h"
#include "intake/similarity.h"
#include "intake/source_bundle.h"
#include "intake/template_text.h"
#include "release/release_store.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* Below this similarity of the texts, and with another title, a file of a known path is another
 * release. */
static const double similarity_least = 0.3;

struct search {
    struct database *database;
    const struct source_bundle_context *context;
    struct source_bundle *bundle;
    struct arena *arena;
    struct identity *identity;
    const char *path; /* NULL: not in the drop directory */
    bool failed;      /* the database */
    struct error *error;
};

static void refuse(struct search *search, enum intake_message_id id, const char *a, const char *b)
{
    intake_problem_add(&search->bundle->problems, INTAKE_REFUSED, 0, id, a, b);
}

/* Refuses the file because of another file, so that it is tried again when that changes. */
static void refuse_for_now(struct search *search, enum intake_message_id id, const char *a,
                           const char *b)
{
    refuse(search, id, a, b);
    search->identity->is_retried = true;
}

/* ---- other files ---- */

static bool is_present(const struct search *search, const char *path)
{
    struct stat status;
    return path && fstatat(search->context->settings->releases_directory, path, &status,
                           AT_SYMLINK_NOFOLLOW) == 0;
}

/* The id that the file at path names now; NULL where it names none or cannot be read. */
static const char *id_in_file(struct search *search, const char *path)
{
    const struct source_bundle_context *context = search->context;
    struct drop_entry entry;
    struct source_bundle other;
    struct source_bundle_context reading = *context;
    struct error ignored;
    reading.state_directory = -1;
    reading.directory = context->settings->releases_directory;
    if (!drop_entry_scan(reading.directory, path, context->settings, search->arena, &entry) ||
        !source_bundle_read(&reading, &entry, search->arena, &other, &ignored) || !other.release)
        return NULL;
    return other.release->public_id;
}

/* Whether another file still is that release: it exists and does not name another id itself. */
static bool is_kept_elsewhere(struct search *search, const struct release_row *row)
{
    if (!row->path || (search->path && strcmp(row->path, search->path) == 0))
        return false;
    if (!is_present(search, row->path))
        return false;
    const char *public_id = id_in_file(search, row->path);
    return !public_id || strcmp(public_id, row->public_id) == 0;
}

/* ---- texts ---- */

/* Whether title and most of the text are new. */
static bool is_new_text(struct search *search, const struct release_row *row)
{
    const struct release *release = search->bundle->release;
    if (strcmp(row->title, release->title) == 0)
        return false;
    const struct release *before = release_load(search->database, search->arena, row->row_id, 0,
                                                search->error);
    if (!before) { /* the old text is not readable any more, so nothing proves that both are one
                      release */
        search->failed = search->error->kind != ERROR_INPUT;
        return !search->failed;
    }
    return release_text_similarity(search->arena, before->body, release->body) < similarity_least;
}

static bool has_same_content(const struct search *search, const struct release_row *row)
{
    return hash_equal(&row->content_hash, &search->bundle->content_hash);
}

/* ---- near duplicates ---- */

/* A file that was refused as a duplicate stays refused, whatever it is renamed to and however the
 * other is edited, until a person decides or its text is another. */
static int64_t find_refused(struct search *search, int64_t own_row_id)
{
    const struct source_bundle_context *context = search->context;
    for (size_t i = 0; i < context->refusal_count; i++) {
        const struct refusal *refusal = &context->refusals[i];
        if (refusal->near_duplicate_row_id && refusal->sketch &&
            refusal->near_duplicate_row_id != own_row_id &&
            similarity_is_near_duplicate(refusal->sketch, source_bundle_sketch(search->bundle)))
            return refusal->near_duplicate_row_id;
    }
    return 0;
}

/* Refuses a new text with the title and most of the text of a known release, or with most of the
 * text of one that waits and whose file is gone. It may be that release under another name or a
 * second one; mailing it, or publishing it too early, could not be undone. */
static void check_similarity(struct search *search, const struct release_row *own)
{
    const struct release *release = search->bundle->release;
    int64_t own_row_id = own ? own->row_id : 0;
    int64_t row_id = 0;
    if (!similarity_index_find(search->context->similarity, release,
                               source_bundle_sketch(search->bundle), own_row_id, &row_id,
                               search->error)) {
        search->failed = true;
        return;
    }
    if (!row_id && !release->translation_of)
        row_id = find_refused(search, own_row_id);
    struct release_row *row = row_id
                                  ? release_find_by_row_id(search->database, search->arena, row_id,
                                                           &search->failed, search->error)
                                  : NULL;
    if (!row)
        return;
    search->identity->copied = row;
    search->identity->near_duplicate_row_id = row_id;
    refuse_for_now(search, INTAKE_MESSAGE_NEAR_DUPLICATE, row->public_id,
                   row->path ? row->path : row->title);
}

/* ---- the cases ---- */

static struct release_row *find_by_public_id(struct search *search, const char *public_id)
{
    return release_find_by_public_id(search->database, search->arena, public_id, &search->failed,
                                     search->error);
}

static struct release_row *find_by_content(struct search *search)
{
    return release_find_by_hash(search->database, search->arena, &search->bundle->content_hash,
                                &search->failed, search->error);
}

/* Handles a file that names the id of a known release. */
static void take_named(struct search *search, struct release_row *row,
                       struct release_row *at_this_path)
{
    if (is_kept_elsewhere(search, row)) {
        search->identity->copied = row;
        refuse_for_now(search, INTAKE_MESSAGE_ID_TAKEN, row->public_id, row->path);
        return;
    }
    search->identity->row = row;
    if (at_this_path && at_this_path->row_id != row->row_id)
        search->identity->displaced = at_this_path;
}

/* Handles a known path whose file now names another id. */
static void take_other_public_id(struct search *search, struct release_row *row)
{
    struct release_row *named = find_by_public_id(search, search->bundle->release->public_id);
    if (search->failed)
        return;
    if (named)
        take_named(search, named, row);
    else if (!has_same_content(search, row) && is_new_text(search, row))
        search->identity->displaced = row; /* the id wins over the path: another release */
    else
        refuse(search, INTAKE_MESSAGE_ID_CHANGED, row->public_id, NULL);
}

/* Handles a known path with another content that does not name an id. */
static void take_edit(struct search *search, struct release_row *row)
{
    const struct release *release = search->bundle->release;
    const struct release_row *duplicate = find_by_content(search);
    /* An unseen draft may become anything, and a withdrawn release may be emptied. */
    bool is_free = (row->status == RELEASE_DRAFT && !row->public_at) ||
                   (release->has_status && release->status == RELEASE_WITHDRAWN);
    if (search->failed)
        return;
    if (duplicate && duplicate->row_id != row->row_id && is_present(search, duplicate->path))
        refuse_for_now(search, INTAKE_MESSAGE_COPY, duplicate->path, NULL);
    else if (!is_free && is_new_text(search, row))
        refuse(search, INTAKE_MESSAGE_REUSED, row->title, row->public_id);
    else
        search->identity->row = row;
    if (search->identity->row && !search->failed && is_new_text(search, row))
        check_similarity(search, row);
}

static void find_at_known_path(struct search *search, struct release_row *row)
{
    const char *public_id = search->bundle->release->public_id;
    if (public_id && strcmp(public_id, row->public_id) != 0)
        take_other_public_id(search, row);
    else if (!public_id && !has_same_content(search, row))
        take_edit(search, row);
    else
        search->identity->row = row;
}

/* The release that a new store recovered from public/ and that came from this path. */
static struct release_row *find_recovered(struct search *search)
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    int64_t row_id = 0;
    hash_bytes(search->path, strlen(search->path), &hash);
    hash_to_hex(&hash, hex);
    search->failed = !recovery_find(search->database, hex, &row_id, search->error);
    if (search->failed || !row_id)
        return NULL;
    struct release_row *row = release_find_by_row_id(search->database, search->arena, row_id,
                                                     &search->failed, search->error);
    return row && !row->path ? row : NULL;
}

/* Handles a path that is new. */
static void find_at_new_path(struct search *search)
{
    const struct release *release = search->bundle->release;
    if (release->public_id) {
        struct release_row *named = find_by_public_id(search, release->public_id);
        if (named && !search->failed)
            take_named(search, named, NULL);
        return;
    }
    struct release_row *row = find_by_content(search);
    if (!search->failed && !row && search->path) {
        row = find_recovered(search);
        if (row && strcmp(row->title, release->title) != 0) {
            refuse(search, INTAKE_MESSAGE_REUSED, row->title, row->public_id);
            return;
        }
    }
    if (search->failed)
        return;
    if (!row) {
        if (search->path)
            check_similarity(search, NULL);
    } else if (search->path && is_present(search, row->path)) {
        search->identity->copied = row;
        search->identity->near_duplicate_row_id = row->row_id;
        refuse_for_now(search, INTAKE_MESSAGE_COPY, row->path, NULL);
    } else {
        search->identity->row = row;
    }
}

/* ---- versions ---- */

/* Refuses a version where the release has one in the same language already. */
static void check_language(struct search *search)
{
    const char *language = search->bundle->release->language;
    const int64_t own_row_id = search->identity->row ? search->identity->row->row_id : 0;
    const struct release_filter filter = { .original_row_id = search->identity->original->row_id };
    struct release_cursor cursor;
    const struct release_row *row;
    const char *place = NULL; /* path or id of that version */
    int64_t row_id = 0;
    release_cursor_open(&cursor, search->database, &filter);
    while (!place && release_cursor_next(&cursor, &row, search->error)) {
        if (row->row_id == own_row_id || row->status == RELEASE_WITHDRAWN ||
            strcmp(row->language, language) != 0)
            continue;
        place = arena_copy(search->arena, row->path ? row->path : row->public_id);
        row_id = row->row_id;
    }
    search->failed = !release_cursor_close(&cursor);
    if (search->failed || !place)
        return;
    refuse_for_now(search, INTAKE_MESSAGE_TRANSLATION_TWICE, language, place);
    search->identity->copied = release_find_by_row_id(search->database, search->arena, row_id,
                                                      &search->failed, search->error);
}

static void find_original(struct search *search)
{
    const struct release_row *row = search->identity->row;
    const char *public_id = search->bundle->release->translation_of;
    const char *own_public_id = row ? row->public_id : search->bundle->release->public_id;
    if (!public_id) {
        if (row && row->original_row_id != row->row_id)
            refuse(search, INTAKE_MESSAGE_TRANSLATION_CHANGED, NULL, NULL);
        return;
    }
    if (own_public_id && strcmp(public_id, own_public_id) == 0) {
        refuse(search, INTAKE_MESSAGE_TRANSLATION_SELF, NULL, NULL);
        return;
    }
    struct release_row *original = find_by_public_id(search, public_id);
    if (search->failed)
        return;
    if (!original) {
        refuse_for_now(search, INTAKE_MESSAGE_TRANSLATION_UNKNOWN, public_id, NULL);
        return;
    }
    if (original->original_row_id != original->row_id) {
        const struct release_row *first = release_find_by_row_id(search->database, search->arena,
                                                                 original->original_row_id,
                                                                 &search->failed, search->error);
        refuse(search, INTAKE_MESSAGE_TRANSLATION_OF_VERSION, public_id,
               first ? first->public_id : NULL);
        return;
    }
    if (row && row->original_row_id != original->row_id) {
        refuse(search, INTAKE_MESSAGE_TRANSLATION_CHANGED, NULL, NULL);
        return;
    }
    search->identity->original = original;
    check_language(search);
}

static void judge_embargo(struct search *search)
{
    const struct source_bundle_context *context = search->context;
    const struct identity *identity = search->identity;
    struct embargo_input of = { .words = &search->bundle->embargo,
                                .release = search->bundle->release,
                                .zone = context->zone,
                                .language_words = context->settings->words,
                                .now_at = context->now_at,
                                .row = identity->row,
                                .original = identity->original,
                                .is_scheduled = search->bundle->place.place ==
                                                RELEASE_PLACE_SCHEDULED,
                                .problems = &search->bundle->problems };
    embargo_judge(&of);
}

static bool is_rich(const struct source_bundle *bundle)
{
    const struct intake_format *format = bundle->entry->text ? intake_format_of(bundle->entry->text)
                                                             : NULL;
    return format && format->is_rich;
}

static void judge_template(struct search *search, enum intake_severity severity)
{
    struct source_bundle *bundle = search->bundle;
    struct template_places places = { .arena = search->arena };
    template_text_find(&places, bundle->release);
    for (size_t i = 0; i < places.count; i++)
        intake_problem_add(&bundle->problems, severity, 0, INTAKE_MESSAGE_TEMPLATE_LEFT,
                           places.texts[i], NULL);
}

static bool is_draft(const struct source_bundle *bundle)
{
    return bundle->release->status == RELEASE_DRAFT || bundle->place.place == RELEASE_PLACE_DRAFTS;
}

/* Whether nothing of the text goes out. What is public already cannot be asked to wait any more. */
static bool is_kept_back(struct search *search)
{
    const struct source_bundle *bundle = search->bundle;
    const struct release_row *row = search->identity->row;
    if (!row || !row->public_at)
        return is_draft(bundle);
    return bundle->place.place == RELEASE_PLACE_DRAFTS ||
           bundle->place.place == RELEASE_PLACE_WITHDRAWN || has_same_content(search, row);
}

/* Who put it there may take the folder for a place, also for that where it is taken down. */
static void judge_place(struct search *search)
{
    const struct source_bundle *bundle = search->bundle;
    if (!search->path || bundle->release->status != RELEASE_READY || is_draft(bundle))
        return;
    const char *folder = drop_container_near(search->context->settings, search->arena,
                                             search->path);
    if (folder)
        refuse(search, INTAKE_MESSAGE_PLACE_NEAR, folder, NULL);
}

/* What would go out too early, or too little written. Drafts do not go out. */
static void judge(struct search *search)
{
    const struct source_bundle *bundle = search->bundle;
    const struct release_row *row = search->identity->row;
    if (search->failed || bundle->problems.refused)
        return;
    if (is_draft(bundle) && (!row || !row->public_at))
        judge_template(search, INTAKE_ADVICE);
    judge_place(search);
    if (is_kept_back(search))
        return;
    judge_embargo(search);
    if (bundle->release->status == RELEASE_READY && bundle->place.place != RELEASE_PLACE_WITHDRAWN)
        judge_template(search, INTAKE_REFUSED);
}

bool identity_find(struct database *database, const struct source_bundle_context *context,
                   struct source_bundle *bundle, bool is_in_place, struct identity *identity,
                   struct error *error)
{
    *identity = (struct identity){ .row = NULL };
    struct search search = { .database = database,
                             .context = context,
                             .bundle = bundle,
                             .arena = bundle->problems.arena,
                             .identity = identity,
                             .path = is_in_place ? bundle->entry->path : NULL,
                             .error = error };
    bundle->problems.file = bundle->entry->text ? bundle->entry->text : bundle->entry->path;
    struct release_row *row = NULL;
    if (search.path)
        row = release_find_by_path(database, search.arena, search.path, &search.failed, error);
    if (!search.failed)
        search.failed = !original_name(database, context, bundle, row, &identity->is_retried,
                                       error);
    if (bundle->problems.refused)
        return !search.failed;
    if (!search.failed && row)
        find_at_known_path(&search, row);
    else if (!search.failed)
        find_at_new_path(&search);
    if (!search.failed && !bundle->problems.refused)
        find_original(&search);
    judge(&search);
    row = identity->row;
    if (!search.failed && !bundle->problems.refused && row)
        loosening_guard_check(context, bundle, row, identity->original);
    if (is_rich(bundle))
        layout_hint_fields(&bundle->problems);
    return !search.failed;
}
