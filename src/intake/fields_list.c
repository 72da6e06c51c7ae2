/* SPDX-License-Identifier: MIT */
/* Fields that are lists: topics, contacts, pictures and documents. */
#include "intake/fields_scope.h"

#include "base/arena.h"
#include "base/hash.h"
#include "intake/contact_text.h"
#include "intake/fields.h"
#include "intake/intake.h"
#include "intake/reader.h"
#include "locale/locale.h"
#include "release/body.h"

#include <string.h>

/* ---- topics ---- */

/* A longer value is a sentence, no topic. A slug that is too long for a name is cut and ends with
 * a hash, so that it stays different from others. */
enum {
    TOPIC_MAXIMUM = 100,
    TOPICS_MAXIMUM = 50,
    SLUG_MAXIMUM = 40,
    SLUG_BEFORE_HASH = 31,
    HASH_SHOWN = 8
};

/* By the rules of the newsroom's language, whatever the release's, so that one spelling is always
 * one topic. */
const char *intake_topic_name(struct locale_context *locale, const char *language,
                              struct arena *arena, const char *written)
{
    if (release_name_is_valid(written))
        return written;
    if (!locale || strlen(written) > (size_t)4 * TOPIC_MAXIMUM)
        return NULL;
    const char *whole = locale_slug(locale, arena, written, language ? language : "en",
                                    (size_t)8 * TOPIC_MAXIMUM, "");
    if (strlen(whole) <= SLUG_MAXIMUM)
        return *whole ? whole : NULL;
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    hash_bytes(whole, strlen(whole), &hash);
    hash_to_hex(&hash, hex);
    const char *begin = locale_slug(locale, arena, written, language ? language : "en",
                                    SLUG_BEFORE_HASH, "");
    return arena_format(arena, "%s-%.*s", begin, HASH_SHOWN, hex);
}

static void add_topic(struct scope *scope, const char *written, int line)
{
    const struct intake_reading *reading = scope->reading;
    struct release_topic **place = &reading->release->topics;
    const char *name = intake_topic_name(reading->locale, reading->language, reading->arena,
                                         written);
    if (!name) {
        intake_problem_add(reading->problems, INTAKE_REFUSED, line, INTAKE_MESSAGE_TOPIC_WRONG,
                           written, NULL);
        return;
    }
    int count = 0;
    for (; *place && count < TOPICS_MAXIMUM; place = &(*place)->next, count++)
        if (strcmp((*place)->name, name) == 0)
            return;
    if (count == TOPICS_MAXIMUM &&
        !*place) /* each topic has pages of its own; reported for the first one too many */
        intake_problem_add(reading->problems, INTAKE_REFUSED, line, INTAKE_MESSAGE_TOPICS_TOO_MANY,
                           arena_format(reading->arena, "%d", TOPICS_MAXIMUM), NULL);
    else if (count == TOPICS_MAXIMUM)
        return;
    *place = arena_allocate(reading->arena, sizeof **place);
    (*place)->name = name;
    (*place)->label = strcmp(name, written) == 0 ? NULL : written;
}

void fields_read_topics(struct scope *scope, const char *key)
{
    const struct header_node *node = header_get(scope->mapping, key);
    const char *part;
    scope->reading->release->has_topics = true;
    if (node->kind != HEADER_LIST) {
        const char *rest = scope_node_line(scope, node, node->written);
        while (rest && (part = scope_next_part(scope, &rest)))
            add_topic(scope, part, node->line);
        return;
    }
    for (const struct header_node *item = node->first; item; item = item->next)
        if ((part = scope_node_line(scope, item, node->written)))
            add_topic(scope, part, item->line);
}

/* ---- lists of mappings, or of lines ---- */

/* Reads one entry of a list: inner.mapping has its fields, or is NULL and the entry is the line.
 * */
typedef void read_entry(struct scope *inner, const char *key, const char *line, int number);

static void each_entry(struct scope *scope, const char *key, const struct header_node *node,
                       read_entry *read)
{
    struct scope inner = { scope->reading, node };
    if (node->kind == HEADER_MAPPING) {
        read(&inner, key, NULL, node->line);
        return;
    }
    const char *line = scope_node_line(scope, node, scope_written(scope, key));
    inner.mapping = NULL;
    if (line)
        read(&inner, key, line, node->line);
}

static void read_entries(struct scope *scope, const char *key, read_entry *read)
{
    const struct header_node *node = header_get(scope->mapping, key);
    if (node->kind != HEADER_LIST) {
        each_entry(scope, key, node, read);
        return;
    }
    for (const struct header_node *item = node->first; item; item = item->next)
        each_entry(scope, key, item, read);
}

static void read_contact(struct scope *inner, const char *key, const char *line, int number)
{
    struct intake_reading *reading = inner->reading;
    (void)key;
    if (line) {
        (void)contact_text_read(reading, line, number);
        return;
    }
    struct release_contact *contact = fields_contact(reading);
    contact->name = scope_line(inner, "name");
    contact->title = scope_line(inner, "title");
    contact->phone = scope_line(inner, "phone");
    contact->email = scope_line(inner, "email");
    contact->department = scope_line(inner, "department");
    if (!contact->name && !contact->department)
        intake_problem_add(reading->problems, INTAKE_REFUSED, number, INTAKE_MESSAGE_CONTACT_NAME,
                           NULL, NULL);
    if (contact->email)
        fields_check_email(reading, contact->email, scope_line_of(inner, "email"));
}

void fields_read_contacts(struct scope *scope, const char *key)
{
    const struct header_node *node = header_get(scope->mapping, key);
    if (!node->is_lines) {
        read_entries(scope, key, read_contact);
        return;
    }
    /* One contact may take several lines. */
    for (const struct header_node *item = node->first; item; item = item->next) {
        const char *line = scope_node_line(scope, item, node->written);
        if (line)
            contact_text_add(scope->reading, line, item->line, item == node->first);
    }
}

/* ---- pictures and documents ---- */

/* The asset that an entry names; NULL, with a problem, where it names none. */
static struct release_asset *read_file(struct intake_reading *reading, const char *file, int line,
                                       enum release_asset_kind kind)
{
    if (body_target_is_file(file))
        return fields_asset(reading, kind, file, line, false);
    intake_problem_add(reading->problems, INTAKE_REFUSED, line, INTAKE_MESSAGE_FILE_NAME, file,
                       NULL);
    return NULL;
}

/* What the mapping says of its file; NULL where it names none. */
static struct release_asset *read_file_key(struct scope *inner, const char *key, int number,
                                           enum release_asset_kind kind)
{
    const char *file = scope_line(inner, "file");
    if (file)
        return read_file(inner->reading, file, scope_line_of(inner, "file"), kind);
    intake_problem_add(inner->reading->problems, INTAKE_REFUSED, number, INTAKE_MESSAGE_FILE_KEY,
                       key, NULL);
    return NULL;
}

static void read_image(struct scope *inner, const char *key, const char *line, int number)
{
    const char *file;
    while (line && (file = scope_next_part(inner, &line)))
        (void)read_file(inner->reading, file, number, RELEASE_IMAGE);
    struct release_asset *asset = line ? NULL : read_file_key(inner, key, number, RELEASE_IMAGE);
    if (!asset)
        return;
    asset->alt = scope_line(inner, "alt");
    asset->caption = scope_line(inner, "caption");
    asset->credit = scope_line(inner, "credit");
}

void fields_read_images(struct scope *scope, const char *key)
{
    read_entries(scope, key, read_image);
}

static void read_document(struct scope *inner, const char *key, const char *line, int number)
{
    const char *file;
    while (line && (file = scope_next_part(inner, &line)))
        (void)read_file(inner->reading, file, number, RELEASE_DOCUMENT);
    struct release_asset *asset = line ? NULL : read_file_key(inner, key, number, RELEASE_DOCUMENT);
    if (asset)
        asset->title = scope_line(inner, "title");
}

void fields_read_documents(struct scope *scope, const char *key)
{
    read_entries(scope, key, read_document);
}
