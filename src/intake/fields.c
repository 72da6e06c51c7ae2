/* SPDX-License-Identifier: MIT */
#include "intake/fields.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/problem.h"
#include "intake/encoding.h"
#include "intake/reader.h"
#include "locale/language.h"
#include "locale/zone.h"
#include "release/body.h"
#include "yaml/reader.h"

#include <string.h>
#include <strings.h>

/* One mapping being read. */
struct scope {
    struct intake_reading *reading;
    const struct yaml_node *mapping;
};

static int line_of(const struct yaml_node *mapping, const char *key)
{
    for (const struct yaml_node *entry = mapping->first; entry; entry = entry->next)
        if (entry->key && strcmp(entry->key, key) == 0)
            return entry->key_line;
    return mapping->line;
}

static void refuse(struct scope *scope, const char *key, enum intake_message_id id, const char *a,
                   const char *b)
{
    intake_problem_add(scope->reading->problems, INTAKE_REFUSED, line_of(scope->mapping, key), id,
                       a, b);
}

/* What yaml/ found wrong with the value of key becomes a problem of ours. */
static void take_over(struct scope *scope, const char *key, const struct problem_list *found)
{
    for (const struct problem *problem = found->first; problem; problem = problem->next)
        intake_problem_add_detail(scope->reading->problems, INTAKE_REFUSED, problem->line,
                                  INTAKE_MESSAGE_VALUE_WRONG, key, problem->message);
}

static struct problem_list scratch_list(struct scope *scope)
{
    struct problem_list list;
    problem_list_init(&list, scope->reading->arena, NULL);
    return list;
}

/* A text as one line; NULL where it is absent or wrong. */
static const char *read_line(struct scope *scope, const char *key)
{
    struct problem_list found = scratch_list(scope);
    const char *value = NULL;
    if (yaml_read_text(&found, scope->mapping, key, &value))
        return encoding_one_line(scope->reading->arena, value, strlen(value));
    take_over(scope, key, &found);
    return NULL;
}

static bool read_boolean(struct scope *scope, const char *key, bool *value)
{
    struct problem_list found = scratch_list(scope);
    if (yaml_read_boolean(&found, scope->mapping, key, value))
        return true;
    take_over(scope, key, &found);
    return false;
}

static int64_t read_instant(struct scope *scope, const char *key)
{
    const char *value = read_line(scope, key);
    struct error error;
    int64_t instant;
    if (!value)
        return 0;
    if (zone_parse(scope->reading->zone, value, &instant, &error))
        return instant;
    /* What to do about it is ours to say. */
    refuse(scope, key, INTAKE_MESSAGE_TIME_WRONG, key,
           arena_copy_bytes(scope->reading->arena, error.message, strcspn(error.message, ";")));
    return 0;
}

static const struct yaml_node *read_mappings(struct scope *scope, const char *key)
{
    struct problem_list found = scratch_list(scope);
    const struct yaml_node *first = NULL;
    if (!yaml_read_mappings(&found, scope->mapping, key, &first))
        first = NULL;
    take_over(scope, key, &found);
    return first;
}

static void check_keys(struct scope *scope, const char *const *known)
{
    for (const struct yaml_node *entry = scope->mapping->first; entry; entry = entry->next) {
        const char *key = entry->key ? entry->key : "";
        const char *const *name = known;
        while (*name && strcmp(*name, key) != 0)
            name++;
        if (*name || strncmp(key, "x-", 2) == 0)
            continue;
        const char *near = name_nearest(key, known);
        intake_problem_add(scope->reading->problems, INTAKE_REFUSED, entry->key_line,
                           near ? INTAKE_MESSAGE_KEY_NEAR : INTAKE_MESSAGE_KEY_UNKNOWN, key, near);
    }
}

/* ---- the fields ---- */

static void read_id(struct scope *scope, const char *key)
{
    const char *id = read_line(scope, key);
    if (!id)
        return;
    if (!release_id_is_valid(id))
        refuse(scope, key, INTAKE_MESSAGE_ID_WRONG, id, NULL);
    else if (strcmp(key, "id") == 0)
        scope->reading->release->id = id;
    else
        scope->reading->release->translation_of = id;
}

static void read_title(struct scope *scope, const char *key)
{
    scope->reading->release->title = read_line(scope, key);
}

static void read_lead(struct scope *scope, const char *key)
{
    scope->reading->release->lead = read_line(scope, key);
}

static void read_correction(struct scope *scope, const char *key)
{
    scope->reading->release->correction = read_line(scope, key);
}

static void read_language(struct scope *scope, const char *key)
{
    const char *tag = read_line(scope, key);
    if (!tag)
        return;
    scope->reading->release->language = language_canonical(scope->reading->arena, tag);
    if (!scope->reading->release->language)
        refuse(scope, key, INTAKE_MESSAGE_LANGUAGE_WRONG, tag, NULL);
}

static void read_type(struct scope *scope, const char *key)
{
    static const char *const ours[] = { "press-release", "invitation", "statement", "document",
                                        NULL };
    const char *type = read_line(scope, key);
    if (!type)
        return;
    if (!release_name_is_valid(type)) {
        refuse(scope, key, INTAKE_MESSAGE_NAME_WRONG, key, type);
        return;
    }
    scope->reading->release->type = type;
    const char *near = name_nearest(type, ours);
    if (near && strcmp(near, type) != 0)
        intake_problem_add(scope->reading->problems, INTAKE_ADVICE, line_of(scope->mapping, key),
                           INTAKE_MESSAGE_TYPE_NEAR, type, near);
}

static void read_published(struct scope *scope, const char *key)
{
    scope->reading->release->published_at = read_instant(scope, key);
}

static void read_embargo(struct scope *scope, const char *key)
{
    scope->reading->release->embargo_at = read_instant(scope, key);
}

static void read_status(struct scope *scope, const char *key)
{
    static const char *const names[] = { "draft", "ready", "withdrawn" };
    const char *value = read_line(scope, key);
    if (!value)
        return;
    for (int i = RELEASE_DRAFT; i <= RELEASE_WITHDRAWN; i++) {
        if (strcasecmp(value, names[i]) != 0)
            continue;
        scope->reading->release->status = (enum release_status)i;
        scope->reading->release->has_status = true;
        return;
    }
    refuse(scope, key, INTAKE_MESSAGE_STATUS_WRONG, value, NULL);
}

static void read_topics(struct scope *scope, const char *key)
{
    struct problem_list found = scratch_list(scope);
    const struct yaml_node *item = NULL;
    struct release_topic **place = &scope->reading->release->topics;
    bool good = yaml_read_list(&found, scope->mapping, key, &item);
    take_over(scope, key, &found);
    scope->reading->release->has_topics = good;
    for (; good && item; item = item->next) {
        const char *name = encoding_one_line(scope->reading->arena, item->text, item->length);
        if (!release_name_is_valid(name)) {
            intake_problem_add(scope->reading->problems, INTAKE_REFUSED, item->line,
                               INTAKE_MESSAGE_NAME_WRONG, key, name);
            continue;
        }
        *place = arena_allocate(scope->reading->arena, sizeof **place);
        (*place)->name = name;
        place = &(*place)->next;
    }
}

static void read_contacts(struct scope *scope, const char *key)
{
    static const char *const known[] = { "name", "title", "phone", "email", "department", NULL };
    for (const struct yaml_node *item = read_mappings(scope, key); item; item = item->next) {
        struct scope inner = { scope->reading, item };
        struct release_contact *contact = fields_contact(scope->reading);
        check_keys(&inner, known);
        contact->name = read_line(&inner, "name");
        contact->title = read_line(&inner, "title");
        contact->phone = read_line(&inner, "phone");
        contact->email = read_line(&inner, "email");
        contact->department = read_line(&inner, "department");
        if (!contact->name && !contact->department)
            intake_problem_add(scope->reading->problems, INTAKE_REFUSED, item->line,
                               INTAKE_MESSAGE_CONTACT_NAME, NULL, NULL);
        if (contact->email)
            fields_check_email(scope->reading, contact->email, line_of(item, "email"));
    }
}

/* The asset that an entry of images or documents names; NULL, with a problem, where it names none.
 */
static struct release_asset *read_file(struct scope *inner, const char *key,
                                       enum release_asset_kind kind)
{
    const char *file = read_line(inner, "file");
    if (!file) {
        intake_problem_add(inner->reading->problems, INTAKE_REFUSED, inner->mapping->line,
                           INTAKE_MESSAGE_FILE_KEY, key, NULL);
        return NULL;
    }
    if (!body_target_is_file(file)) {
        refuse(inner, "file", INTAKE_MESSAGE_FILE_NAME, file, NULL);
        return NULL;
    }
    return fields_asset(inner->reading, kind, file, line_of(inner->mapping, "file"), false);
}

static void read_images(struct scope *scope, const char *key)
{
    static const char *const known[] = { "file", "alt", "caption", "credit", NULL };
    for (const struct yaml_node *item = read_mappings(scope, key); item; item = item->next) {
        struct scope inner = { scope->reading, item };
        check_keys(&inner, known);
        struct release_asset *asset = read_file(&inner, key, RELEASE_IMAGE);
        if (!asset)
            continue;
        asset->alt = read_line(&inner, "alt");
        asset->caption = read_line(&inner, "caption");
        asset->credit = read_line(&inner, "credit");
        if (!asset->alt)
            intake_problem_add(scope->reading->problems, INTAKE_ADVICE, item->line,
                               INTAKE_MESSAGE_ALT_MISSING, asset->file, NULL);
    }
}

static void read_documents(struct scope *scope, const char *key)
{
    static const char *const known[] = { "file", "title", NULL };
    for (const struct yaml_node *item = read_mappings(scope, key); item; item = item->next) {
        struct scope inner = { scope->reading, item };
        check_keys(&inner, known);
        struct release_asset *asset = read_file(&inner, key, RELEASE_DOCUMENT);
        if (asset)
            asset->title = read_line(&inner, "title");
    }
}

static void read_event(struct scope *scope, const char *key)
{
    static const char *const known[] = { "start", "end", "place", NULL };
    struct problem_list found = scratch_list(scope);
    struct scope inner = { scope->reading, NULL };
    bool good = yaml_read_mapping(&found, scope->mapping, key, &inner.mapping);
    take_over(scope, key, &found);
    if (!good)
        return;
    struct release_event *event = arena_allocate(scope->reading->arena, sizeof *event);
    size_t before = scope->reading->problems->refused;
    check_keys(&inner, known);
    event->start_at = read_instant(&inner, "start");
    event->end_at = read_instant(&inner, "end");
    event->place = read_line(&inner, "place");
    scope->reading->release->event = event;
    if (scope->reading->problems->refused > before)
        return;
    if (!event->start_at)
        refuse(scope, key, INTAKE_MESSAGE_EVENT_START, NULL, NULL);
    else if (event->end_at && event->end_at < event->start_at)
        refuse(&inner, "end", INTAKE_MESSAGE_EVENT_END, NULL, NULL);
}

static void read_urgent(struct scope *scope, const char *key)
{
    (void)read_boolean(scope, key, &scope->reading->release->is_urgent);
}

static void read_mail(struct scope *scope, const char *key)
{
    struct release *release = scope->reading->release;
    release->has_mail = read_boolean(scope, key, &release->mail);
}

/* ---- all of them ---- */

struct field {
    const char *key;
    enum intake_field bit;
    void (*read)(struct scope *scope, const char *key);
};

static const struct field fields[] = {
    { "id", INTAKE_FIELD_ID, read_id },
    { "title", INTAKE_FIELD_TITLE, read_title },
    { "language", INTAKE_FIELD_LANGUAGE, read_language },
    { "translation_of", INTAKE_FIELD_TRANSLATION_OF, read_id },
    { "type", INTAKE_FIELD_TYPE, read_type },
    { "published", INTAKE_FIELD_PUBLISHED, read_published },
    { "embargo", INTAKE_FIELD_EMBARGO, read_embargo },
    { "status", INTAKE_FIELD_STATUS, read_status },
    { "lead", INTAKE_FIELD_LEAD, read_lead },
    { "topics", INTAKE_FIELD_TOPICS, read_topics },
    { "contacts", INTAKE_FIELD_CONTACTS, read_contacts },
    { "images", INTAKE_FIELD_IMAGES, read_images },
    { "documents", INTAKE_FIELD_DOCUMENTS, read_documents },
    { "event", INTAKE_FIELD_EVENT, read_event },
    { "correction", INTAKE_FIELD_CORRECTION, read_correction },
    { "urgent", INTAKE_FIELD_URGENT, read_urgent },
    { "mail", INTAKE_FIELD_MAIL, read_mail },
};

enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

/* "line N: what" of yaml_parse() in its two parts. */
static int split_line(const char **message, int first_line)
{
    const char *rest = *message;
    int line = 0;
    if (strncmp(rest, "line ", 5) != 0)
        return first_line;
    for (rest += 5; *rest >= '0' && *rest <= '9' && line < 100000000; rest++)
        line = 10 * line + (*rest - '0');
    if (strncmp(rest, ": ", 2) != 0)
        return first_line;
    *message = rest + 2;
    return line;
}

static const struct yaml_node *parse(struct intake_reading *reading, const char *yaml,
                                     size_t length, int first_line)
{
    struct error error;
    const struct yaml_node *root = yaml_parse(reading->arena, yaml, length, first_line, &error);
    if (!root) {
        const char *message = error.message;
        int line = split_line(&message, first_line);
        reading->fields_unread = true;
        intake_problem_add(reading->problems, INTAKE_REFUSED, line, INTAKE_MESSAGE_YAML_BROKEN,
                           NULL, message);
        return NULL;
    }
    struct scope scope = { reading, root };
    struct problem_list found = scratch_list(&scope);
    bool good = yaml_check_mapping(&found, root);
    take_over(&scope, "---", &found);
    return good ? root : NULL;
}

void fields_read(struct intake_reading *reading, const char *yaml, size_t length, int first_line)
{
    const char *known[FIELD_COUNT + 1] = { NULL };
    struct scope scope = { reading, parse(reading, yaml, length, first_line) };
    if (!scope.mapping)
        return;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        known[i] = fields[i].key;
    check_keys(&scope, known);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (!yaml_get(scope.mapping, fields[i].key))
            continue;
        if (reading->fields & fields[i].bit) {
            refuse(&scope, fields[i].key, INTAKE_MESSAGE_BOTH_SAY, fields[i].key, reading->sidecar);
            continue;
        }
        reading->fields |= (unsigned)fields[i].bit;
        fields[i].read(&scope, fields[i].key);
    }
}
