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

/* Length of the name without the ending of a sidecar; 0: it has none. */
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

/* The name that a sidecar under a temporary name will have; NULL: it is none. */
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

/* ---- misnamed sidecars ---- */

/* A sidecar without text: what its text would be called, case-folded, with or without ending. */
struct orphan {
    const char *key;
    const char *name;
};

struct orphans {
    struct orphan *orphans;
    size_t count;
};

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct orphan *)a)->key, ((const struct orphan *)b)->key);
}

static void add(struct orphans *orphans, struct arena *arena, const char *final, const char *name)
{
    const char *stem = arena_copy_bytes(arena, final, stem_length(final));
    orphans->orphans[orphans->count++] = (struct orphan){ unicode_fold(arena, stem), name };
}

static struct orphans make(struct arena *arena, size_t capacity)
{
    return (struct orphans){ arena_allocate_array(arena, capacity + 1, sizeof(struct orphan)), 0 };
}

static const char *find(const struct orphans *orphans, const char *key)
{
    struct orphan wanted = { .key = key };
    const struct orphan *found = orphans->count ? bsearch(&wanted, orphans->orphans, orphans->count,
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

/* Every beginning of the names that may be the name of a text: "bro (1).yaml", "bro - kopi.yaml",
 * "bro-embargo.yaml" and "bro.en.yaml" may all be meant for "bro.md". */
static struct orphans beginnings_of(const struct orphans *orphans, struct arena *arena)
{
    size_t count = 0;
    for (size_t i = 0; i < orphans->count; i++)
        for (size_t at = 0; orphans->orphans[i].key[at]; at++)
            count += is_junction(orphans->orphans[i].key, at);
    struct orphans beginnings = make(arena, count);
    for (size_t i = 0; i < orphans->count; i++) {
        const struct orphan *orphan = &orphans->orphans[i];
        for (size_t at = 0; orphan->key[at]; at++)
            if (is_junction(orphan->key, at))
                beginnings.orphans[beginnings.count++] = (struct orphan){
                    arena_copy_bytes(arena, orphan->key, at), orphan->name
                };
    }
    qsort(beginnings.orphans, beginnings.count, sizeof *beginnings.orphans, compare);
    return beginnings;
}

/* "x.yml", "X.yaml" or "x.md.yaml" beside "x.md", "x.yaml" beside "x/". */
static const char *find_for(const struct orphans *orphans, const struct drop_entry *entry,
                            struct arena *arena)
{
    const char *name = unicode_fold(arena, entry->path);
    const char *whole = find(orphans, name);
    size_t length = *entry->folder ? (size_t)(strrchr(name, '/') - name) : intake_format_stem(name);
    return whole ? whole : find(orphans, arena_copy_bytes(arena, name, length));
}

void sidecar_match_misnamed(const struct file_list *sidecars, const bool *claimed,
                            const struct name_list *on_their_way, struct entry_list *entries,
                            struct arena *arena)
{
    struct orphans unclaimed = make(arena, sidecars->count);
    struct orphans coming = make(arena, on_their_way->count);
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
    qsort(unclaimed.orphans, unclaimed.count, sizeof *unclaimed.orphans, compare);
    qsort(coming.orphans, coming.count, sizeof *coming.orphans, compare);
    const struct orphans beginnings = beginnings_of(&unclaimed, arena);
    for (size_t i = 0; i < entries->count; i++) {
        struct drop_entry *entry = &entries->entries[i];
        if (!entry->text)
            continue;
        const char *orphan = find_for(&unclaimed, entry, arena);
        if (!orphan && !entry->sidecar)
            orphan = find_for(&coming, entry, arena);
        if (!orphan && !entry->sidecar)
            orphan = find_for(&beginnings, entry, arena);
        if (orphan)
            entry->misnamed_sidecar = orphan;
    }
}
