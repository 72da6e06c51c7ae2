/* SPDX-License-Identifier: MIT */
/* The list of fields: from intake's tables, in the words of the newsroom's language. */
#include "guide/guide_part.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/field_list.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "template/json_value.h"

#include <jansson.h>
#include <string.h>

/* What a field is called, or one of its values; our own name where no language has a word. */
static const char *shown(const struct guide_making *making, enum word_group group, const char *name)
{
    const char *word = language_words_show(making->settings->words, group, making->language, name);
    return word ? word : name;
}

static void append_word(struct string_builder *list, const char *word)
{
    if (list->length)
        string_builder_append(list, ", ");
    string_builder_append(list, word);
}

static const char *finish(const struct guide_making *making, struct string_builder *list)
{
    const char *copy = list->length ? arena_copy_bytes(making->arena, list->data, list->length)
                                    : NULL;
    string_builder_release(list);
    return copy;
}

/* The other words of the language for the field; NULL: there are none. */
static const char *other_words(const struct guide_making *making, const char *name)
{
    size_t count;
    const char *first = shown(making, WORD_GROUP_HEADER_KEY, name);
    const struct language_word *words = language_words_list(making->settings->words,
                                                            WORD_GROUP_HEADER_KEY, &count);
    struct string_builder list;
    string_builder_init(&list, 0);
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].language, making->language) == 0 && strcmp(words[i].name, name) == 0 &&
            strcmp(words[i].word, first) != 0)
            append_word(&list, words[i].word);
    return finish(making, &list);
}

static const char *values(const struct guide_making *making, const struct intake_field_entry *field)
{
    struct string_builder list;
    string_builder_init(&list, 0);
    for (const char *const *name = field->has_values ? field->own : NULL; name && *name; name++)
        append_word(&list, shown(making, field->values, *name));
    return finish(making, &list);
}

static const char *kind(const struct guide_making *making, const struct intake_field_entry *field)
{
    static const char *const keys[] = {
        [INTAKE_FIELD_KIND_UNKNOWN] = "kind_text", [INTAKE_FIELD_KIND_TEXT] = "kind_text",
        [INTAKE_FIELD_KIND_NAME] = "kind_name",    [INTAKE_FIELD_KIND_CHOICE] = "kind_choice",
        [INTAKE_FIELD_KIND_TIME] = "kind_time",    [INTAKE_FIELD_KIND_FILE] = "kind_file",
        [INTAKE_FIELD_KIND_PHONE] = "kind_phone",  [INTAKE_FIELD_KIND_EMAIL] = "kind_email",
        [INTAKE_FIELD_KIND_LIST] = "kind_list",    [INTAKE_FIELD_KIND_PERSONS] = "kind_persons",
    };
    return guide_text(making, keys[field->kind]);
}

/* "field_contacts_name": what it does; "example_contacts_name": a line of it. */
static const char *text_of(const struct guide_making *making, const char *family,
                           const struct intake_field_entry *field)
{
    const char *key = arena_format(making->arena, "%s%s%s%s", family,
                                   field->parent ? field->parent : "", field->parent ? "_" : "",
                                   field->name);
    return guide_text(making, key);
}

static json_t *describe(const struct guide_making *making, const struct intake_field_entry *field)
{
    json_t *object = json_object();
    const char *name = shown(making, WORD_GROUP_HEADER_KEY, field->name);
    const char *anchor = arena_format(making->arena, "%s%s%s", field->parent ? field->parent : "",
                                      field->parent ? "." : "", field->name);
    const char *also = other_words(making, field->name);
    const char *listed = values(making, field);
    json_set_text(object, "anchor", anchor);
    json_set_text(object, "name", name);
    json_set_text(object, "english", strcmp(name, field->name) == 0 ? NULL : field->name);
    json_set_text(object, "text", text_of(making, "field_", field));
    json_set_text(object, "example", text_of(making, "example_", field));
    json_set_text(object, "kind", kind(making, field));
    json_set_boolean(object, "is_required", field->is_required);
    json_set_text(
        object, "also",
        also ? strings_format(making->arena, guide_text(making, "fields_also"), "words", also, NULL)
             : NULL);
    json_set_text(object, "values",
                  listed ? strings_format(making->arena, guide_text(making, "fields_values"),
                                          "words", listed, NULL)
                         : NULL);
    return object;
}

/* The fields of the release, or those within one of them. */
static json_t *describe_group(const struct guide_making *making, const char *parent,
                              const struct intake_field_entry *fields, size_t count)
{
    json_t *group = json_object();
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        if (parent ? fields[i].parent && strcmp(fields[i].parent, parent) == 0 : !fields[i].parent)
            (void)json_array_append_new(list, describe(making, &fields[i]));
    json_set_text(group, "title",
                  parent
                      ? strings_format(making->arena, guide_text(making, "fields_within"), "name",
                                       shown(making, WORD_GROUP_HEADER_KEY, parent), NULL)
                      : guide_text(making, "fields_of_release"));
    json_set_list(group, "fields", list);
    return group;
}

json_t *guide_fields(const struct guide_making *making)
{
    size_t count;
    const struct intake_field_entry *fields = intake_field_list(making->arena, &count);
    json_t *context = json_object();
    json_t *groups = json_array();
    (void)json_array_append_new(groups, describe_group(making, NULL, fields, count));
    for (size_t i = 0; i < count; i++)
        if (fields[i].parent && (i == 0 || !fields[i - 1].parent ||
                                 strcmp(fields[i - 1].parent, fields[i].parent) != 0))
            (void)json_array_append_new(groups,
                                        describe_group(making, fields[i].parent, fields, count));
    json_set_list(context, "groups", groups);
    json_set_text(context, "lead", guide_text(making, "fields_lead"));
    json_set_text(context, "required", guide_text(making, "fields_required"));
    return context;
}
