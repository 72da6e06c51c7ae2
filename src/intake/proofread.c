/* SPDX-License-Identifier: MIT */
#include "intake/proofread.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "intake/document_confined.h"
#include "intake/drop_directory.h"
#include "intake/run.h"
#include "intake/spelling_confined.h"
#include "proofreading/proofreading.h"
#include "release/release.h"
#include "release/release_store.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a page that a link leads into: more is not searched for the place. */
enum { PAGE_MAXIMUM = 2 * 1024 * 1024 };

static bool is_wanted(const struct intake_stage *stage, const struct source_bundle *bundle)
{
    const struct intake_settings *settings = stage->settings;
    return settings->proofreading && (stage->observe || settings->notifies) && bundle->release &&
           bundle->release->title && !bundle->problems.refused &&
           bundle->release->status != RELEASE_WITHDRAWN;
}

/* The line on which the text first says so; 0: not as it stands (it is converted, or over a line's
 * end). */
static int line_of(const struct source_bundle *bundle, const char *quote)
{
    const struct intake_source *source = bundle->source;
    const char *at = source && source->bytes && quote && *quote
                         ? memmem(source->bytes, source->length, quote, strlen(quote))
                         : NULL;
    if (!at)
        return 0;
    int line = 1;
    for (const char *c = source->bytes; c < at; c++)
        line += *c == '\n';
    return line;
}

static const enum intake_message_id messages[PROOFREADING_KIND_COUNT] = {
    [PROOFREADING_NO_CONTACT] = INTAKE_MESSAGE_PROOF_NO_CONTACT,
    [PROOFREADING_HEADING_SKIPS] = INTAKE_MESSAGE_PROOF_HEADING,
    [PROOFREADING_LINK_DEAD] = INTAKE_MESSAGE_PROOF_LINK,
    [PROOFREADING_LINK_ANCHOR] = INTAKE_MESSAGE_PROOF_ANCHOR,
    [PROOFREADING_HARD_TO_READ] = INTAKE_MESSAGE_PROOF_LIX,
    [PROOFREADING_WEEKDAY] = INTAKE_MESSAGE_PROOF_WEEKDAY,
    [PROOFREADING_SPELLING] = INTAKE_MESSAGE_PROOF_SPELLING,
    [PROOFREADING_DISAGREES] = INTAKE_MESSAGE_PROOF_DISAGREES,
    [PROOFREADING_MISSING] = INTAKE_MESSAGE_PROOF_MISSING,
    [PROOFREADING_DIFFERS] = INTAKE_MESSAGE_PROOF_DIFFERS,
};

/* Which values a message has, in the order {a}, {b}, {c}. */
static struct intake_message message_of(const struct proofreading_finding *finding)
{
    struct intake_message message = { .id = messages[finding->kind] };
    size_t count = 0;
    if (finding->quote && finding->kind != PROOFREADING_SPELLING)
        message.values[count++] = intake_value_given(finding->quote);
    if (finding->other)
        message.values[count++] = intake_value_given(finding->other);
    if (finding->most)
        message.values[count++] = intake_value_given(finding->most);
    if (finding->language)
        message.values[count++] = intake_value_word(WORD_GROUP_LANGUAGE, finding->language);
    if (finding->weekday)
        message.values[count++] = intake_value_weekday(finding->weekday);
    return message;
}

static void add_findings(struct source_bundle *bundle, const struct proofreading_finding *finding)
{
    const struct drop_entry *entry = bundle->entry;
    bundle->problems.file = entry->text ? entry->text : entry->path;
    for (; finding; finding = finding->next) {
        const struct intake_message message = message_of(finding);
        intake_problem_add_message(&bundle->problems, INTAKE_ADVICE,
                                   line_of(bundle, finding->quote), &message);
    }
}

/* ---- links to pages of our own ---- */

static bool has_anchor(int page, const char *anchor, struct arena *arena)
{
    struct stat status;
    if (fstat(page, &status) != 0 || status.st_size > PAGE_MAXIMUM)
        return true;
    size_t size = (size_t)status.st_size;
    char *bytes = arena_allocate(arena, size + 1);
    ssize_t length = pread(page, bytes, size, 0);
    const char *attribute = arena_format(arena, "id=\"%s\"", anchor);
    return length < 0 || memmem(bytes, (size_t)length, attribute, strlen(attribute)) != NULL;
}

struct public_folder {
    int directory;
    struct arena *arena;
};

/* What the first publication makes, the front page and those of feeds, is there before it too. */
static bool will_be_there(const struct public_folder *folder, const char *path)
{
    static const char releases[] = "releases/";
    struct stat status;
    return strncmp(path, releases, sizeof releases - 1) != 0 &&
           fstatat(folder->directory, "index.html", &status, 0) != 0;
}

/* Whether a file is public under that path now. What waits, and a draft, has no page yet. */
static enum proofreading_place find_public(void *payload, const char *path, const char *anchor)
{
    const struct public_folder *folder = payload;
    struct stat status;
    size_t length = strlen(path);
    if (*path == '/' || strstr(path, ".."))
        return PROOFREADING_NO_PAGE;
    if (will_be_there(folder, path))
        return PROOFREADING_THERE;
    const char *name = length == 0 || path[length - 1] == '/'
                           ? arena_format(folder->arena, "%sindex.html", path)
                           : path;
    if (fstatat(folder->directory, name, &status, 0) == 0 && S_ISDIR(status.st_mode))
        name = arena_format(folder->arena, "%s/index.html", name);
    int page = openat(folder->directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (page < 0)
        return PROOFREADING_NO_PAGE;
    bool is_there = !anchor || has_anchor(page, anchor, folder->arena);
    (void)close(page);
    return is_there ? PROOFREADING_THERE : PROOFREADING_NO_ANCHOR;
}

/* ---- spelling ---- */

static bool look_up(void *payload, const struct proofreading_dictionary *dictionary,
                    const char *const *words, size_t count, bool *are_unknown)
{
    struct intake_stage *stage = payload;
    if (!stage->spelling)
        stage->spelling = spelling_new();
    return spelling_ask(stage->spelling, dictionary, words, count, are_unknown);
}

/* ---- documents ---- */

/* So many are looked into and spoken of: a folder may hold hundreds. */
enum { PDFS_MAXIMUM = 20, PDFS_SHOWN = 5 };

static bool lacks_tags(struct intake_stage *stage, const char *path)
{
    struct error ignored;
    int descriptor = file_open_beneath(stage->context.directory, path, &ignored);
    if (descriptor < 0)
        return false;
    if (!stage->documents)
        stage->documents = document_reader_new();
    bool lacks = document_read_tags(stage->documents, descriptor) == PDF_TAGS_NONE;
    (void)close(descriptor);
    return lacks;
}

static void check_documents(struct intake_stage *stage, struct source_bundle *bundle)
{
    int looked_at = 0;
    int shown = 0;
    for (const struct bundle_pdf *pdf = bundle->pdfs;
         pdf && looked_at < PDFS_MAXIMUM && shown < PDFS_SHOWN; pdf = pdf->next, looked_at++) {
        if (!lacks_tags(stage, pdf->path))
            continue;
        shown++;
        intake_problem_add(&bundle->problems, INTAKE_ADVICE, line_of(bundle, pdf->file),
                           INTAKE_MESSAGE_PROOF_PDF, pdf->file, NULL);
    }
}

void proofread_bundle(struct intake_stage *stage, struct source_bundle *bundle)
{
    if (!is_wanted(stage, bundle))
        return;
    const struct proofreading_speller speller = { look_up, stage };
    struct public_folder folder = { stage->settings->public_directory, bundle->problems.arena };
    const struct proofreading_site site = { find_public, &folder };
    add_findings(bundle,
                 proofreading_read(stage->settings->proofreading,
                                   folder.directory >= 0 ? &site : NULL, &speller,
                                   bundle->problems.arena, bundle->release, stage->context.now_at));
    check_documents(stage, bundle);
}

bool proofread_version(const struct intake_stage *stage, struct source_bundle *bundle,
                       int64_t original_row_id, struct error *error)
{
    struct arena *arena = bundle->problems.arena;
    if (!original_row_id || !is_wanted(stage, bundle))
        return true;
    const struct release *original = release_load(stage->database, arena, original_row_id, 0,
                                                  error);
    if (!original)
        return false;
    add_findings(bundle, proofreading_compare(stage->settings->proofreading, arena, bundle->release,
                                              original));
    return true;
}
