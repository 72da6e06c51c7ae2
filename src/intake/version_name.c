/* SPDX-License-Identifier: MIT */
#include "intake/version_name.h"

#include "base/arena.h"
#include "intake/drop_directory.h"
#include "intake/intake.h"
#include "intake/reader.h"
#include "locale/language_words.h"
#include "locale/locale.h"

#include <ctype.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* The ending of a text's name; NULL: the name is none of a text. */
static const char *ending_of(const char *text)
{
    return intake_format_of(text) ? text + intake_format_stem(text) : NULL;
}

/* Whether it has the form of a language tag: two letters, perhaps with a region ("en", "en-GB",
 * "nb_NO"). */
static bool looks_like_tag(const char *tag, size_t length)
{
    if (length != 2 && length != 5)
        return false;
    for (size_t i = 0; i < length; i++)
        if (i == 2 ? tag[i] != '-' && tag[i] != '_' : !isalpha((unsigned char)tag[i]))
            return false;
    return true;
}

const char *version_name_tag(struct arena *arena, const char *text, const char **stem)
{
    const char *ending = ending_of(text);
    const char *dot = ending;
    while (dot && dot > text && dot[-1] != '.' && dot[-1] != '/')
        dot--;
    if (!dot || dot <= text + 1 || dot[-1] != '.' || dot[-2] == '/' ||
        !looks_like_tag(dot, (size_t)(ending - dot)))
        return NULL;
    char *tag = arena_copy_bytes(arena, dot, (size_t)(ending - dot));
    if (tag[2] == '_')
        tag[2] = '-';
    *stem = arena_copy_bytes(arena, text, (size_t)(dot - 1 - text));
    return language_canonical(arena, tag);
}

static bool is_same_language(const char *a, const char *b)
{
    size_t length = strcspn(a, "-");
    return b && strncasecmp(a, b, length) == 0 && (b[length] == '\0' || b[length] == '-');
}

static bool has_words(const struct intake_settings *settings, const char *language)
{
    size_t count;
    const struct language_word *words = language_words_list(settings->words, WORD_GROUP_HEADER_KEY,
                                                            &count);
    for (size_t i = 0; i < count; i++)
        if (is_same_language(words[i].language, language))
            return true;
    return false;
}

static bool is_there(int directory, const char *path, const char *text)
{
    struct stat status;
    return strcmp(path, text) != 0 && fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

/* Finds the text of that stem beside text, preferably with the same ending, or the folder. */
static const char *find_text(int directory, const char *stem, const char *text, struct arena *arena)
{
    static const char *const endings[] = { ".md", ".txt", ".markdown", ".md.txt", NULL };
    const char *path = arena_format(arena, "%s%s", stem, ending_of(text));
    if (is_there(directory, path, text))
        return path;
    for (const char *const *ending = endings; *ending; ending++) {
        path = arena_format(arena, "%s%s", stem, *ending);
        if (is_there(directory, path, text))
            return path;
    }
    path = arena_format(arena, "%s/", stem);
    return is_there(directory, path, text) ? path : NULL;
}

/* A folder's own text is no version, in whatever language. */
static void read_in_folder(const struct drop_entry *entry, const struct intake_settings *settings,
                           struct version_name *name)
{
    if (strcmp(entry->path, entry->folder) != 0)
        name->original = entry->folder;
    else if (has_words(settings, name->language))
        name->is_own = true;
    else
        name->language = NULL;
}

void version_name_read(int directory, const struct drop_entry *entry,
                       const struct intake_settings *settings, struct arena *arena,
                       struct version_name *name)
{
    const char *text = entry->text;
    const char *stem = NULL;
    *name = (struct version_name){ .language = version_name_tag(arena, text, &stem) };
    if (!name->language)
        return;
    if (*entry->folder) {
        read_in_folder(entry, settings, name);
        return;
    }
    name->wanted = arena_format(arena, "%s%s", stem, ending_of(text));
    name->original = find_text(directory, stem, text, arena);
    if (!name->original) /* one of both may have been moved out of a container before the other */
        name->original = find_text(directory, stem + strlen(entry->container), text, arena);
    name->is_own = is_same_language(name->language, settings->language);
    if (name->original || name->is_own)
        return;
    if (settings->language)
        name->original = find_text(
            directory, arena_format(arena, "%s.%s", stem, settings->language), text, arena);
    if (!name->original && !has_words(settings, name->language))
        *name = (struct version_name){ .language = NULL };
}
