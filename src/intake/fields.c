/* SPDX-License-Identifier: MIT */
#include "intake/fields.h"

#include "base/arena.h"
#include "base/nearest.h"
#include "intake/encoding.h"
#include "intake/fields_date.h"
#include "intake/fields_scope.h"
#include "intake/header_key.h"
#include "intake/reader.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "locale/unicode.h"
#include "locale/zone.h"

#include <string.h>
#include <strings.h>

/* ---- values ---- */

/* Our name for a word that people write, whatever its language and case; NULL: it is none. */
static const char *our_name(const struct scope *scope, enum word_group group, const char *word)
{
    const struct intake_reading *reading = scope->reading;
    const struct language_word *found = language_words_find(
        reading->words, group, reading->language, unicode_fold(reading->arena, word), false);
    return found ? found->name : NULL;
}

static bool read_boolean(struct scope *scope, const char *key, bool *value)
{
    const char *text = scope_line(scope, key);
    if (!text)
        return false;
    const char *name = our_name(scope, WORD_GROUP_ANSWER, text);
    *value = strcasecmp(name ? name : text, "true") == 0;
    if (*value || strcasecmp(name ? name : text, "false") == 0)
        return true;
    scope_refuse(scope, key, INTAKE_MESSAGE_ANSWER_WRONG, scope_written(scope, key), text);
    return false;
}

/* ---- the fields ---- */

static void read_public_id(struct scope *scope, const char *key)
{
    const char *public_id = scope_line(scope, key);
    if (!public_id)
        return;
    if (!release_public_id_is_valid(public_id))
        scope_refuse(scope, key, INTAKE_MESSAGE_ID_WRONG, public_id, NULL);
    else
        scope->reading->release->public_id = public_id;
}

/* An id or the name of a file; original.c resolves it. */
static void read_translation_of(struct scope *scope, const char *key)
{
    scope->reading->release->translation_of = scope_line(scope, key);
}

static void read_title(struct scope *scope, const char *key)
{
    scope->reading->release->title = scope_line(scope, key);
}

static void read_lead(struct scope *scope, const char *key)
{
    scope->reading->release->lead = scope_line(scope, key);
}

static void read_correction(struct scope *scope, const char *key)
{
    scope->reading->release->correction = scope_line(scope, key);
}

static void read_language(struct scope *scope, const char *key)
{
    const char *written = scope_line(scope, key);
    if (!written)
        return;
    const char *tag = our_name(scope, WORD_GROUP_LANGUAGE, written);
    scope->reading->release->language = language_canonical(scope->reading->arena,
                                                           tag ? tag : written);
    if (!scope->reading->release->language)
        scope_refuse(scope, key, INTAKE_MESSAGE_LANGUAGE_WRONG, written, NULL);
}

static const char *const type_names[] = { "press-release", "invitation", "statement", "document",
                                          NULL };

/* The type whose name or word is nearest to what is written, for a proposal. */
static const char *nearest_type(const struct scope *scope, const char *written)
{
    const struct intake_reading *reading = scope->reading;
    size_t count;
    size_t used = 0;
    const struct language_word *words = language_words_list(reading->words, WORD_GROUP_TYPE,
                                                            &count);
    const char **candidates = arena_allocate_array(
        reading->arena, count + sizeof type_names / sizeof type_names[0], sizeof *candidates);
    for (const char *const *name = type_names; *name; name++)
        candidates[used++] = *name;
    for (size_t i = 0; i < count; i++)
        candidates[used++] = words[i].word;
    return name_nearest(written, candidates);
}

static void read_type(struct scope *scope, const char *key)
{
    const char *written = scope_line(scope, key);
    if (!written)
        return;
    const char *type = NULL;
    for (const char *const *name = type_names; *name && !type; name++)
        type = strcmp(*name, written) == 0 ? *name : NULL;
    if (!type)
        type = our_name(scope, WORD_GROUP_TYPE, written);
    if (type) {
        scope->reading->release->type = type;
        return;
    }
    const char *near = nearest_type(scope, written);
    if (!release_name_is_valid(written)) {
        scope_refuse(scope, key, near ? INTAKE_MESSAGE_TYPE_WRONG : INTAKE_MESSAGE_NAME_WRONG,
                     near ? written : scope_written(scope, key), near ? near : written);
        return;
    }
    scope->reading->release->type = written;
    if (near && strcmp(near, written) != 0)
        intake_problem_add(scope->reading->problems, INTAKE_ADVICE, scope_line_of(scope, key),
                           INTAKE_MESSAGE_TYPE_NEAR, written, near);
}

/* Refuses a day without a time: it would begin at midnight, which nobody means. */
static void refuse_day(struct scope *scope, const char *key, const struct fields_date *date)
{
    enum { HOUR_TO_PASTE = 6 };

    struct civil_time day;
    zone_civil(scope->reading->zone, date->at, &day);
    day.hour = HOUR_TO_PASTE;
    day.minute = 0;
    intake_problem_add_message(
        scope->reading->problems, INTAKE_REFUSED, scope_line_of(scope, key),
        &(struct intake_message){ INTAKE_MESSAGE_WAIT_WITHOUT_TIME,
                                  { intake_value_given(scope_written(scope, key)),
                                    intake_value_given(scope_line(scope, key)),
                                    intake_value_written_time(&day) } });
}

static void read_published(struct scope *scope, const char *key)
{
    struct fields_date date;
    int64_t now_at = scope->reading->now_at;
    if (!fields_date_read(scope, key, &date))
        return;
    if (date.is_day && now_at && date.at > now_at)
        refuse_day(scope, key, &date);
    else
        scope->reading->release->published_at = date.at;
}

static void read_embargo(struct scope *scope, const char *key)
{
    struct fields_date date;
    const struct header_node *node = header_get(scope->mapping, key);
    const char *name = node && node->kind == HEADER_TEXT
                           ? our_name(scope, WORD_GROUP_ANSWER, node->text)
                           : NULL;
    if (name ? strcmp(name, "none") == 0
             : node && node->kind == HEADER_TEXT && strcasecmp(node->text, "none") == 0) {
        scope->reading->embargo_is_none = true;
        return;
    }
    if (!fields_date_read(scope, key, &date))
        return;
    if (date.is_day)
        refuse_day(scope, key, &date);
    else
        scope->reading->release->embargo_at = date.at;
}

static void read_status(struct scope *scope, const char *key)
{
    static const char *const names[] = { "draft", "ready", "withdrawn" };
    const char *value = scope_line(scope, key);
    if (!value)
        return;
    const char *word = our_name(scope, WORD_GROUP_STATUS, value);
    for (int i = RELEASE_DRAFT; i <= RELEASE_WITHDRAWN; i++) {
        if (strcasecmp(word ? word : value, names[i]) != 0)
            continue;
        scope->reading->release->status = (enum release_status)i;
        scope->reading->release->has_status = true;
        return;
    }
    scope_refuse(scope, key, INTAKE_MESSAGE_STATUS_WRONG, scope_written(scope, key), value);
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

/* Nothing but the word: a yes or a no might be to whether there are any. */
static void read_changes(struct scope *scope, const char *key)
{
    const char *text = scope_line(scope, key);
    if (!text)
        return;
    const char *name = our_name(scope, WORD_GROUP_ANSWER, text);
    if (strcasecmp(name ? name : text, "accepted") == 0)
        scope->reading->release->are_changes_accepted = true;
    else
        scope_refuse(scope, key, INTAKE_MESSAGE_CHANGES_WRONG, scope_written(scope, key), text);
}

/* ---- all of them ---- */

struct field {
    const char *key;
    enum intake_field bit;
    void (*read)(struct scope *scope, const char *key);
};

static const struct field fields[] = {
    { "id", INTAKE_FIELD_ID, read_public_id },
    { "title", INTAKE_FIELD_TITLE, read_title },
    { "language", INTAKE_FIELD_LANGUAGE, read_language },
    { "translation_of", INTAKE_FIELD_TRANSLATION_OF, read_translation_of },
    { "type", INTAKE_FIELD_TYPE, read_type },
    { "published", INTAKE_FIELD_PUBLISHED, read_published },
    { "embargo", INTAKE_FIELD_EMBARGO, read_embargo },
    { "status", INTAKE_FIELD_STATUS, read_status },
    { "lead", INTAKE_FIELD_LEAD, read_lead },
    { "topics", INTAKE_FIELD_TOPICS, fields_read_topics },
    { "contacts", INTAKE_FIELD_CONTACTS, fields_read_contacts },
    { "images", INTAKE_FIELD_IMAGES, fields_read_images },
    { "documents", INTAKE_FIELD_DOCUMENTS, fields_read_documents },
    { "event", INTAKE_FIELD_EVENT, fields_read_event },
    { "correction", INTAKE_FIELD_CORRECTION, read_correction },
    { "urgent", INTAKE_FIELD_URGENT, read_urgent },
    { "mail", INTAKE_FIELD_MAIL, read_mail },
    { "changes", INTAKE_FIELD_CHANGES, read_changes },
};

enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

/* Refuses what somebody began to write and that would decide when, or whether, the release goes
 * out; without its title the first line of the text would be that. */
static void refuse_empty(struct scope *scope, const char *key, enum intake_field field)
{
    const char *written = scope_written(scope, key);
    if (field == INTAKE_FIELD_TITLE)
        scope_refuse(scope, key, INTAKE_MESSAGE_VALUE_EMPTY, written, NULL);
    else if (field == INTAKE_FIELD_EMBARGO || field == INTAKE_FIELD_PUBLISHED)
        scope_refuse(scope, key, INTAKE_MESSAGE_TIME_EMPTY, written, NULL);
    else if (field == INTAKE_FIELD_STATUS)
        scope_refuse(scope, key, INTAKE_MESSAGE_STATUS_WRONG, written, "");
}

void fields_read(struct intake_reading *reading, const char *bytes, size_t length, int first_line)
{
    const struct header_node *mapping = header_read(reading, bytes, length, first_line);
    if (mapping)
        fields_read_mapping(reading, mapping);
}

/* Of a field that the file's fields or those beside it have given already. */
static void refuse_second(struct scope *scope, const char *key)
{
    const char *written = scope_written(scope, key);
    if (scope->reading->sidecar)
        scope_refuse(scope, key, INTAKE_MESSAGE_BOTH_SAY, written, scope->reading->sidecar);
    else
        scope_refuse(scope, key, INTAKE_MESSAGE_KEY_TWICE_HERE, written, written);
}

void fields_read_mapping(struct intake_reading *reading, const struct header_node *mapping)
{
    struct scope scope = { reading, mapping };
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (!header_get(scope.mapping, fields[i].key)) {
            if (scope_is_empty(&scope, fields[i].key))
                refuse_empty(&scope, fields[i].key, fields[i].bit);
            continue;
        }
        if (reading->fields & fields[i].bit) {
            refuse_second(&scope, fields[i].key);
            continue;
        }
        reading->fields |= (unsigned)fields[i].bit;
        fields[i].read(&scope, fields[i].key);
    }
}
