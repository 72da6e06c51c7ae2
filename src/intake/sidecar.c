/* SPDX-License-Identifier: MIT */
#include "intake/sidecar.h"

#include "base/arena.h"
#include "intake/drop_directory.h"
#include "intake/drop_list.h"
#include "intake/reader.h"
#include "locale/unicode.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const endings[] = { ".yaml", ".yml", ".yaml.txt", ".yml.txt", NULL };

/* How long the name is without the ending of a sidecar; 0: it has none. */
static size_t stem_length(const char *name)
{
    size_t length = strlen(name);
    for (const char *const *ending = endings; *ending; ending++) {
        size_t ending_length = strlen(*ending);
        if (length > ending_length && strcasecmp(name + length - ending_length, *ending) == 0)
            return length - ending_length;
    }
    return 0;
}

bool sidecar_is_name(const char *name)
{
    return stem_length(name) > 0;
}

const char *sidecar_name(struct arena *arena, const char *text)
{
    return arena_format(arena, "%.*s.yaml", (int)intake_format_stem(text), text);
}

void sidecar_names(struct arena *arena, const char *text, const char *names[SIDECAR_FORMS])
{
    names[0] = sidecar_name(arena, text);
    names[1] = unicode_nfc(arena, names[0]);
    names[2] = unicode_nfd(arena, names[0]);
}

/* The name that it is to have; NULL: it is no sidecar on its way. */
static const char *final_name(struct arena *arena, const char *name)
{
    static const char *const transfers[] = { ".part", ".tmp", ".filepart", ".crdownload", NULL };
    const char *dot = strrchr(name, '.');
    bool is_transfer = name[0] == '.';
    for (const char *const *transfer = transfers; dot && *transfer; transfer++)
        is_transfer = is_transfer || strcasecmp(dot, *transfer) == 0;
    if (!dot || dot == name || !is_transfer)
        return NULL;
    const char *first = name + (name[0] == '.');
    const char *final = arena_copy_bytes(arena, first, (size_t)(dot - first));
    return sidecar_is_name(final) ? final : NULL;
}

bool sidecar_is_on_its_way(struct arena *arena, const char *name)
{
    return final_name(arena, name) != NULL;
}

/* ---- strays ---- */

/* What the text of a stray would be called, folded, without ending or with it. */
struct stray {
    const char *key;
    const char *name;
};

struct strays {
    struct stray *strays;
    size_t count;
};

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct stray *)a)->key, ((const struct stray *)b)->key);
}

static void add(struct strays *strays, struct arena *arena, const char *final, const char *name)
{
    const char *stem = arena_copy_bytes(arena, final, stem_length(final));
    strays->strays[strays->count++] = (struct stray){ unicode_fold(arena, stem), name };
}

static struct strays make(struct arena *arena, size_t capacity)
{
    return (struct strays){ arena_allocate_array(arena, capacity + 1, sizeof(struct stray)), 0 };
}

static const char *find(const struct strays *strays, const char *key)
{
    struct stray wanted = { .key = key };
    const struct stray *found = strays->count ? bsearch(&wanted, strays->strays, strays->count,
                                                        sizeof wanted, compare)
                                              : NULL;
    return found ? found->name : NULL;
}

static bool is_junction(const char *name, size_t i)
{
    static const char junctions[] = " ._-(~";
    return i > 0 && name[i - 1] != '/' && name[i] && strchr(junctions, name[i]) &&
           !strchr(junctions, name[i - 1]);
}

/* "bro (1).yaml", "bro - kopi.yaml", "bro-embargo.yaml", "bro.en.yaml": each beginning that may be
 * the name of a text. */
static struct strays beginnings_of(const struct strays *strays, struct arena *arena)
{
    size_t count = 0;
    for (size_t i = 0; i < strays->count; i++)
        for (size_t at = 0; strays->strays[i].key[at]; at++)
            count += is_junction(strays->strays[i].key, at);
    struct strays beginnings = make(arena, count);
    for (size_t i = 0; i < strays->count; i++) {
        const struct stray *stray = &strays->strays[i];
        for (size_t at = 0; stray->key[at]; at++)
            if (is_junction(stray->key, at))
                beginnings.strays[beginnings.count++] = (struct stray){
                    arena_copy_bytes(arena, stray->key, at), stray->name
                };
    }
    qsort(beginnings.strays, beginnings.count, sizeof *beginnings.strays, compare);
    return beginnings;
}

/* "x.yml", "X.yaml" or "x.md.yaml" beside "x.md", "x.yaml" beside "x/". */
static const char *find_for(const struct strays *strays, const struct drop_entry *entry,
                            struct arena *arena)
{
    const char *name = unicode_fold(arena, entry->path);
    const char *whole = find(strays, name);
    size_t length = *entry->folder ? (size_t)(strrchr(name, '/') - name) : intake_format_stem(name);
    return whole ? whole : find(strays, arena_copy_bytes(arena, name, length));
}

void sidecar_match_strays(const struct file_list *sidecars, const bool *claimed,
                          const struct name_list *on_their_way, struct entry_list *entries,
                          struct arena *arena)
{
    struct strays unclaimed = make(arena, sidecars->count);
    struct strays coming = make(arena, on_their_way->count);
    for (size_t i = 0; i < sidecars->count; i++)
        if (!claimed[i])
            add(&unclaimed, arena, sidecars->files[i].name, sidecars->files[i].name);
    for (size_t i = 0; i < on_their_way->count; i++) {
        const char *final = final_name(arena, on_their_way->names[i]);
        if (final)
            add(&coming, arena, final, on_their_way->names[i]);
    }
    if (unclaimed.count + coming.count == 0)
        return;
    qsort(unclaimed.strays, unclaimed.count, sizeof *unclaimed.strays, compare);
    qsort(coming.strays, coming.count, sizeof *coming.strays, compare);
    const struct strays beginnings = beginnings_of(&unclaimed, arena);
    for (size_t i = 0; i < entries->count; i++) {
        struct drop_entry *entry = &entries->entries[i];
        if (!entry->text)
            continue;
        const char *stray = find_for(&unclaimed, entry, arena);
        if (!stray && !entry->sidecar)
            stray = find_for(&coming, entry, arena);
        if (!stray && !entry->sidecar)
            stray = find_for(&beginnings, entry, arena);
        if (stray)
            entry->stray_sidecar = stray;
    }
}
