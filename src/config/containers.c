/* SPDX-License-Identifier: MIT */
/* Folders of the drop directory that hold releases (struct intake_container). */
#include "config/languages.h"

#include "base/arena.h"
#include "base/error.h"
#include "locale/unicode.h"

#include <string.h>

static void add(struct loading *loading, const struct intake_container *container)
{
    struct intake_container *copy = arena_allocate(loading->arena, sizeof *copy);
    *copy = *container;
    copy->next = loading->config->intake.containers;
    loading->config->intake.containers = copy;
}

static void add_places(struct loading *loading)
{
    for (const struct shipped_language *language = loading->languages; language;
         language = language->next)
        for (size_t i = 0; language->places && i < PLACES; i++)
            add(loading,
                &(struct intake_container){
                    .name = unicode_fold(loading->arena, language->places[i].name),
                    .place = language->places[i].place,
                    .readme = language->readme ? unicode_fold(loading->arena, language->readme)
                                               : NULL });
}

/* ---- intake.folders ---- */

static const struct release_topic *read_topics(struct loading *loading,
                                               const struct yaml_node *folder)
{
    const struct config *config = loading->config;
    const struct yaml_node *item = NULL;
    struct release_topic *first = NULL;
    struct release_topic **end = &first;
    (void)yaml_read_list(loading->problems, folder, "topics", &item);
    for (; item; item = item->next) {
        const char *name = intake_topic_name(config->publish.locale, config->newsroom.language,
                                             loading->arena, item->text ? item->text : "");
        if (!name) {
            error_list_add(loading->problems, item->line,
                           "“%s” in “topics” has nothing that can stand in an address" ERROR_ADVICE
                           "write a word with letters",
                           item->text ? item->text : "");
            continue;
        }
        *end = arena_allocate(loading->arena, sizeof **end);
        **end = (struct release_topic){ .name = name,
                                        .label = strcmp(name, item->text) == 0 ? NULL
                                                                               : item->text };
        end = &(*end)->next;
    }
    return first;
}

static const char *const *read_receipts(struct loading *loading, const struct yaml_node *folder)
{
    const struct receipt_address *first = loading_receipt_addresses(loading, folder, "receipts");
    size_t count = 0;
    for (const struct receipt_address *at = first; at; at = at->next)
        count++;
    const char **addresses = arena_allocate_array(loading->arena, count + 1, sizeof *addresses);
    count = 0;
    for (const struct receipt_address *at = first; at; at = at->next)
        addresses[count++] = at->address;
    return count ? addresses : NULL;
}

/* A folder's name is one name: it stands in releases/ itself, or in one of the places. */
static bool is_usable(const struct loading *loading, const char *name)
{
    const char *folded = unicode_fold(loading->arena, name);
    const struct intake_container *at = loading->config->intake.containers;
    while (at && strcmp(at->name, folded) != 0)
        at = at->next;
    return !at && !strchr(name, '/') && name[0] != '.' && name[0] != '\0';
}

void loading_containers(struct loading *loading, const struct yaml_node *intake)
{
    static const char *const keys[] = { "topics", "receipts", NULL };
    const struct yaml_node *folders = NULL;
    add_places(loading);
    (void)yaml_read_mapping(loading->problems, intake, "folders", &folders);
    for (const struct yaml_node *folder = folders ? folders->first : NULL; folder;
         folder = folder->next) {
        const struct yaml_node *mapping = NULL;
        if (!yaml_read_mapping(loading->problems, folders, folder->key, &mapping) || !mapping)
            continue;
        yaml_check_keys(loading->problems, mapping, keys, NULL);
        if (!is_usable(loading, folder->key)) {
            error_list_add(loading->problems, folder->line,
                           "“%s” in “folders” cannot be the name of a folder" ERROR_ADVICE
                           "write one name, without a slash, that no other folder of releases/ has",
                           folder->key);
            continue;
        }
        add(loading, &(struct intake_container){ .name = unicode_fold(loading->arena, folder->key),
                                                 .topics = read_topics(loading, mapping),
                                                 .receipts = read_receipts(loading, mapping) });
    }
}
