/* SPDX-License-Identifier: MIT */
#include "intake/field_list.h"

#include "base/arena.h"
#include "intake/header_key.h"

#include <string.h>

static const char *const statuses[] = { "draft", "ready", "withdrawn", NULL };
static const char *const types[] = { "press-release", "invitation", "statement", "document", NULL };
static const char *const languages[] = { "da", "en", "sv", "nb", "de", NULL };
static const char *const answers[] = { "true", "false", NULL };
static const char *const none[] = { "none", NULL };
static const char *const accepted[] = { "accepted", NULL };

/* What header_key.c does not say of its names. */
static const struct intake_field_entry described[] = {
    { NULL, "title", INTAKE_FIELD_KIND_TEXT, true, false, 0, NULL },
    { NULL, "lead", INTAKE_FIELD_KIND_TEXT, false, false, 0, NULL },
    { NULL, "language", INTAKE_FIELD_KIND_CHOICE, false, true, WORD_GROUP_LANGUAGE, languages },
    { NULL, "type", INTAKE_FIELD_KIND_CHOICE, false, true, WORD_GROUP_TYPE, types },
    { NULL, "published", INTAKE_FIELD_KIND_TIME, false, false, 0, NULL },
    { NULL, "embargo", INTAKE_FIELD_KIND_TIME, false, true, WORD_GROUP_ANSWER, none },
    { NULL, "status", INTAKE_FIELD_KIND_CHOICE, false, true, WORD_GROUP_STATUS, statuses },
    { NULL, "topics", INTAKE_FIELD_KIND_LIST, false, false, 0, NULL },
    { NULL, "contacts", INTAKE_FIELD_KIND_PERSONS, false, false, 0, NULL },
    { NULL, "images", INTAKE_FIELD_KIND_LIST, false, false, 0, NULL },
    { NULL, "documents", INTAKE_FIELD_KIND_LIST, false, false, 0, NULL },
    { NULL, "event", INTAKE_FIELD_KIND_TIME, false, false, 0, NULL },
    { NULL, "correction", INTAKE_FIELD_KIND_TEXT, false, false, 0, NULL },
    { NULL, "translation_of", INTAKE_FIELD_KIND_FILE, false, false, 0, NULL },
    { NULL, "id", INTAKE_FIELD_KIND_NAME, false, false, 0, NULL },
    { NULL, "urgent", INTAKE_FIELD_KIND_CHOICE, false, true, WORD_GROUP_ANSWER, answers },
    { NULL, "mail", INTAKE_FIELD_KIND_CHOICE, false, true, WORD_GROUP_ANSWER, answers },
    { NULL, "changes", INTAKE_FIELD_KIND_CHOICE, false, true, WORD_GROUP_ANSWER, accepted },
    { "contacts", "name", INTAKE_FIELD_KIND_TEXT, true, false, 0, NULL },
    { "contacts", "title", INTAKE_FIELD_KIND_TEXT, false, false, 0, NULL },
    { "contacts", "phone", INTAKE_FIELD_KIND_PHONE, false, false, 0, NULL },
    { "contacts", "email", INTAKE_FIELD_KIND_EMAIL, false, false, 0, NULL },
    { "contacts", "department", INTAKE_FIELD_KIND_TEXT, false, false, 0, NULL },
    { "images", "file", INTAKE_FIELD_KIND_FILE, true, false, 0, NULL },
    { "images", "alt", INTAKE_FIELD_KIND_TEXT, false, false, 0, NULL },
    { "images", "caption", INTAKE_FIELD_KIND_TEXT, false, false, 0, NULL },
    { "images", "credit", INTAKE_FIELD_KIND_TEXT, false, false, 0, NULL },
    { "documents", "file", INTAKE_FIELD_KIND_FILE, true, false, 0, NULL },
    { "documents", "title", INTAKE_FIELD_KIND_TEXT, false, false, 0, NULL },
    { "event", "start", INTAKE_FIELD_KIND_TIME, true, false, 0, NULL },
    { "event", "end", INTAKE_FIELD_KIND_TIME, false, false, 0, NULL },
    { "event", "place", INTAKE_FIELD_KIND_TEXT, false, false, 0, NULL },
};

enum { DESCRIBED = sizeof described / sizeof described[0] };

static bool is_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static struct intake_field_entry describe(const char *parent, const char *name)
{
    for (size_t i = 0; i < DESCRIBED; i++)
        if (is_same(described[i].parent, parent) && strcmp(described[i].name, name) == 0)
            return described[i];
    return (struct intake_field_entry){ .parent = parent, .name = name };
}

static size_t count_names(const char *const *names)
{
    size_t count = 0;
    while (names && names[count])
        count++;
    return count;
}

const struct intake_field_entry *intake_field_list(struct arena *arena, size_t *count)
{
    const char *const *names = header_key_names(NULL);
    size_t top = count_names(names);
    size_t all = top;
    for (size_t i = 0; i < top; i++)
        all += count_names(header_key_names(names[i]));
    struct intake_field_entry *entries = arena_allocate_array(arena, all, sizeof *entries);
    *count = 0;
    for (size_t i = 0; i < top; i++)
        entries[(*count)++] = describe(NULL, names[i]);
    for (size_t i = 0; i < top; i++)
        for (const char *const *name = header_key_names(names[i]); name && *name; name++)
            entries[(*count)++] = describe(names[i], *name);
    return entries;
}
