/* SPDX-License-Identifier: MIT */
#include "intake/template_text.h"

#include "base/arena.h"
#include "release/body.h"
#include "release/release.h"

#include <stdbool.h>
#include <string.h>

/* Past the quotation marks that a template has around what somebody says. */
static const char *behind_marks(const char *text)
{
    static const char *const marks[] = { "\"", "“", "”", "„", "«", "»" };
    size_t length = 0;
    do {
        text += length;
        length = 0;
        for (size_t i = 0; length == 0 && i < sizeof marks / sizeof marks[0]; i++)
            if (strncmp(text, marks[i], strlen(marks[i])) == 0)
                length = strlen(marks[i]);
    } while (length);
    return text;
}

/* The place to write in that a text is, without marks around it; NULL: it is none. An address may
 * stand between such brackets. */
static const char *place_in(struct arena *arena, const char *text)
{
    text = text ? behind_marks(text) : "";
    if (*text != '<' || strchr(" <>/", text[1]))
        return NULL;
    size_t length = 1 + strcspn(text + 1, "<>@=/");
    if (text[length] != '>' || *behind_marks(text + length + 1) != '\0')
        return NULL;
    return arena_copy_bytes(arena, text, length + 1);
}

static bool begins_as_place(const struct body_node *node)
{
    while (node && node->kind != BODY_TEXT)
        node = node->first_child;
    return node && node->text && *behind_marks(node->text) == '<';
}

/* Adds what text is, if it is a place and was not found before. */
static void add_place(struct template_places *places, const char *text)
{
    const char *place = place_in(places->arena, text);
    for (size_t i = 0; place && i < places->count; i++)
        if (strcmp(places->texts[i], place) == 0)
            return;
    if (place && places->count < TEMPLATE_PLACES_MAXIMUM)
        places->texts[places->count++] = place;
}

/* Nodes are at most BODY_DEPTH_MAXIMUM deep. */
static void find_in_body(struct template_places *places, const struct body_node *block)
{
    for (; block; block = block->next) {
        if (block->first_child && body_kind_is_block(block->first_child->kind))
            find_in_body(places, block->first_child);
        else if (begins_as_place(block))
            add_place(places, body_plain_text(places->arena, block));
    }
}

/* The same of each part between commas: what none of a contact's parts is remains in its title. */
static void add_parts(struct template_places *places, const char *text)
{
    while (text && *text) {
        size_t length = strcspn(text, ",");
        add_place(places, arena_copy_bytes(places->arena, text, length));
        text += length;
        text += strspn(text, ", ");
    }
}

static void find_in_fields(struct template_places *places, const struct release *release)
{
    add_place(places, release->title);
    add_place(places, release->lead);
    add_place(places, release->correction);
    add_place(places, release->event ? release->event->place : NULL);
    for (const struct release_topic *topic = release->topics; topic; topic = topic->next)
        add_place(places, topic->label);
    for (const struct release_contact *contact = release->contacts; contact;
         contact = contact->next) {
        add_parts(places, contact->name);
        add_parts(places, contact->title);
        add_parts(places, contact->phone);
    }
}

void template_text_find(struct template_places *places, const struct release *release)
{
    find_in_fields(places, release);
    find_in_body(places, release->body->first_child);
}
