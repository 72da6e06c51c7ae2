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

/* Nodes are at most BODY_DEPTH_MAXIMUM deep. */
static const char *left_in_body(struct arena *arena, const struct body_node *block)
{
    const char *left = NULL;
    for (; block && !left; block = block->next) {
        if (block->first_child && body_kind_is_block(block->first_child->kind)) {
            left = left_in_body(arena, block->first_child);
        } else if (begins_as_place(block)) {
            left = place_in(arena, body_plain_text(arena, block));
        }
    }
    return left;
}

static const char *left_in_contact(struct arena *arena, const struct release_contact *contact)
{
    const char *const parts[] = { contact->name, contact->title, contact->phone };
    const char *left = NULL;
    for (size_t i = 0; !left && i < sizeof parts / sizeof parts[0]; i++)
        left = place_in(arena, parts[i]);
    return left;
}

static const char *left_in_fields(struct arena *arena, const struct release *release)
{
    const char *const lines[] = { release->title, release->lead, release->correction,
                                  release->event ? release->event->place : NULL };
    const char *left = NULL;
    for (size_t i = 0; !left && i < sizeof lines / sizeof lines[0]; i++)
        left = place_in(arena, lines[i]);
    for (const struct release_topic *topic = release->topics; !left && topic; topic = topic->next)
        left = place_in(arena, topic->label);
    for (const struct release_contact *contact = release->contacts; !left && contact;
         contact = contact->next)
        left = left_in_contact(arena, contact);
    return left;
}

const char *template_text_left(struct arena *arena, const struct release *release)
{
    const char *left = left_in_fields(arena, release);
    return left ? left : left_in_body(arena, release->body->first_child);
}
