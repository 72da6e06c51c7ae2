/* SPDX-License-Identifier: MIT */
#include "intake/original.h"

#include "base/arena.h"
#include "base/error.h"
#include "intake/drop_directory.h"
#include "intake/intake.h"
#include "intake/source_bundle.h"
#include "locale/unicode.h"
#include "release/release.h"
#include "release/release_store.h"

#include <stddef.h>
#include <string.h>

struct lookup {
    struct database *database;
    struct arena *arena;
    bool failed;
    struct error *error;
};

/* The release of that path, in whatever normalization form the disk has it. */
static struct release_row *find_spelled(struct lookup *lookup, const char *path)
{
    const char *const forms[] = { path, unicode_nfc(lookup->arena, path),
                                  unicode_nfd(lookup->arena, path) };
    struct release_row *row = NULL;
    for (size_t i = 0; !row && !lookup->failed && i < sizeof forms / sizeof forms[0]; i++)
        if (i == 0 || strcmp(forms[i], path) != 0)
            row = release_find_by_path(lookup->database, lookup->arena, forms[i], &lookup->failed,
                                       lookup->error);
    return row;
}

/* Finds the release that a person names: a file with or without ending, a folder with or without
 * slash, a text by its folder too. */
static struct release_row *find_below(struct lookup *lookup, const char *container,
                                      const char *name)
{
    static const char *const endings[] = { "", "/", ".md", ".txt", ".markdown", ".md.txt", NULL };
    struct release_row *row = NULL;
    const char *path = arena_format(lookup->arena, "%s%s", container, name);
    for (const char *const *ending = endings; *ending && !row && !lookup->failed; ending++)
        row = find_spelled(lookup, arena_format(lookup->arena, "%s%s", path, *ending));
    const char *slash = strrchr(path, '/');
    if (!row && !lookup->failed && slash)
        row = find_spelled(lookup,
                           arena_copy_bytes(lookup->arena, path, (size_t)(slash - path) + 1));
    return row;
}

/* Beside the text that names it, in its own containers, before anywhere else. */
static struct release_row *find_named(struct lookup *lookup, const char *name, const char *releases,
                                      const char *container)
{
    size_t prefix = strlen(releases);
    struct release_row *row = NULL;
    if (strncmp(name, releases, prefix) == 0 && name[prefix] == '/')
        name += prefix + 1;
    if (*container)
        row = find_below(lookup, container, name);
    return row || lookup->failed ? row : find_below(lookup, "", name);
}

/* The original that the text names, by id or file. */
static const struct release_row *find_given(struct lookup *lookup, const char *given,
                                            const char *releases, const char *container)
{
    struct release_row *row = NULL;
    if (release_public_id_is_valid(given))
        row = release_find_by_public_id(lookup->database, lookup->arena, given, &lookup->failed,
                                        lookup->error);
    return row || lookup->failed ? row : find_named(lookup, given, releases, container);
}

static void refuse(struct source_bundle *bundle, enum intake_message_id id, const char *a,
                   const char *b, bool *is_retried)
{
    intake_problem_add(&bundle->problems, INTAKE_REFUSED, 0, id, a, b);
    *is_retried = true;
}

/* The original that the file's own name says. A release that has been an original stays one. */
static const struct release_row *find_by_name(struct lookup *lookup, struct source_bundle *bundle,
                                              const struct release_row *row, bool *is_retried)
{
    const struct version_name *name = &bundle->version;
    const struct release_row *original = NULL;
    if (row && row->original_row_id == row->row_id)
        return NULL;
    if (row)
        return release_find_by_row_id(lookup->database, lookup->arena, row->original_row_id,
                                      &lookup->failed, lookup->error);
    if (name->original)
        original = find_spelled(lookup, name->original);
    if (original || lookup->failed)
        return original;
    if (name->original)
        refuse(bundle, INTAKE_MESSAGE_VERSION_REFUSED_ORIGINAL, name->language, name->original,
               is_retried);
    else if (!name->is_own)
        refuse(bundle, INTAKE_MESSAGE_VERSION_ALONE, name->language, name->wanted, is_retried);
    return NULL;
}

bool original_name(struct database *database, const struct source_bundle_context *context,
                   struct source_bundle *bundle, const struct release_row *row, bool *is_retried,
                   struct error *error)
{
    struct lookup lookup = { database, bundle->problems.arena, false, error };
    struct release *release = bundle->release;
    const struct release_row *original = NULL;
    if (release->translation_of)
        original = find_given(&lookup, release->translation_of, context->settings->releases_name,
                              bundle->entry->container);
    else if (bundle->version.language)
        original = find_by_name(&lookup, bundle, row, is_retried);
    if (lookup.failed)
        return false;
    if (original)
        release->translation_of = original->public_id;
    else if (!release->translation_of && !release->type)
        release->type = INTAKE_TYPE_DEFAULT;
    else
        return true;
    release_content_hash(release, &bundle->content_hash);
    return true;
}
