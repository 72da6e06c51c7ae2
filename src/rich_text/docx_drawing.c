/* SPDX-License-Identifier: MIT */
/* Pictures, and what else is drawn or embedded (ECMA-376 part 1, 20; part 4, 19). */
#include "rich_text/docx_walk.h"

#include "base/arena.h"
#include "rich_text/docx_element.h"
#include "rich_text/reader.h"
#include "xml/xml_reader.h"

#include <string.h>
#include <strings.h>

static const char *last_step(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* ---- pictures ---- */

/* What is left out around a picture is told for it; that it is hidden is told here. */
static bool is_picture_shown(struct docx_walk *walk)
{
    if (docx_is_shown(walk))
        return true;
    if (walk->out == RICH_TEXT_HIDDEN)
        docx_open_left_out(walk, RICH_TEXT_HIDDEN);
    return false;
}

static void show_picture(struct docx_walk *walk, const char *bytes, size_t length, const char *name)
{
    docx_begin_shown(walk);
    walk->has_words = true;
    docx_end_left_out(walk);
    builder_count(walk->file->builder, walk->alternative, strlen(walk->alternative));
    builder_picture(walk->file->builder, bytes, length, last_step(name), walk->alternative);
}

/* Pictures that are never shown are not even unpacked: they may be as large as they like. */
static bool may_be_shown(const char *name)
{
    static const char *const others[] = { "emf", "wmf", "emz",  "wmz", "bmp", "dib",
                                          "pct", "svg", "pict", "eps", "pcx", "tga" };
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof others / sizeof others[0]; i++)
        if (strcasecmp(dot + 1, others[i]) == 0)
            return false;
    return true;
}

/* embedded, linked: ids of relationships; NULL. What stands elsewhere is never fetched. */
static void picture(struct docx_walk *walk, const char *embedded, const char *linked)
{
    struct docx_relationship *relationship = docx_relationship_find(walk->relationships, embedded);
    size_t length = 0;
    if (!embedded && !linked)
        return;
    if (!is_picture_shown(walk))
        return;
    const char *bytes = relationship && may_be_shown(relationship->target)
                            ? docx_relationship_load(walk->file, relationship, &length)
                            : NULL;
    if (bytes) {
        show_picture(walk, bytes, length, relationship->target);
        return;
    }
    if (!relationship || !relationship->is_external) {
        const struct docx_relationship *elsewhere = docx_relationship_find(walk->relationships,
                                                                           linked);
        relationship = elsewhere ? docx_relationship_find(walk->relationships, linked)
                                 : relationship;
    }
    const char *target = relationship ? relationship->target : NULL;
    if (relationship && relationship->is_external)
        builder_finding(walk->file->builder, RICH_TEXT_EXTERNAL, target);
    else
        builder_finding(walk->file->builder, RICH_TEXT_UNREADABLE,
                        target ? last_step(target) : NULL);
}

void docx_blip(struct docx_walk *walk, const struct xml_node *node)
{
    picture(walk, docx_relation(node, "embed"), docx_relation(node, "link"));
}

void docx_vml_image(struct docx_walk *walk, const struct xml_node *node)
{
    const char *outer = walk->alternative;
    const char *words = node->parent ? docx_attribute(node->parent, "alt") : NULL;
    const char *id = docx_relation(node, "id");
    if (walk->in_object)
        return;
    if (words && *words)
        walk->alternative = words;
    picture(walk, id ? id : docx_attribute(node, "relid"), docx_relation(node, "href"));
    walk->alternative = outer;
}

/* ---- their words ---- */

/* Old programs put the picture's file there. */
static bool is_file_name(const char *words)
{
    size_t length = strlen(words);
    if (strchr(words, '\\') || (strchr(words, '/') && !strchr(words, ' ')))
        return true;
    const char *dot = strrchr(words, '.');
    return dot && dot[1] && length - (size_t)(dot - words) <= 5 && !strchr(words, ' ');
}

static bool is_decorative(const struct xml_node *properties)
{
    for (const struct xml_node *list = properties->first_child; list; list = list->next)
        for (const struct xml_node *extension = list->first_child; extension;
             extension = extension->next)
            if (docx_is_on(extension, A_DECORATIVE))
                return true;
    return false;
}

/* The words that stand for what the properties are of; "" where there are none. */
static const char *words_of(const struct xml_node *properties)
{
    const char *words = docx_attribute(properties, "descr");
    if (is_decorative(properties))
        return "";
    if (!words || !*words || is_file_name(words))
        words = docx_attribute(properties, "title");
    return words && !is_file_name(words) ? words : "";
}

static const struct xml_node *placement_properties(const struct xml_node *drawing)
{
    for (const struct xml_node *placement = drawing->first_child; placement;
         placement = placement->next) {
        const struct xml_node *properties = docx_child(placement, A_DOC_PR);
        if (properties)
            return properties;
    }
    return NULL;
}

static bool says_yes(const char *value)
{
    return value &&
           (strcmp(value, "1") == 0 || strcmp(value, "true") == 0 || strcmp(value, "on") == 0);
}

void docx_drawing(struct docx_walk *walk, const struct xml_node *node)
{
    const char *outer = walk->alternative;
    const struct xml_node *properties = placement_properties(node);
    walk->alternative = properties ? words_of(properties) : "";
    if (properties && says_yes(docx_attribute(properties, "hidden"))) {
        if (docx_is_shown(walk))
            docx_open_left_out(walk, RICH_TEXT_HIDDEN);
        docx_walk_out(walk, node, RICH_TEXT_HIDDEN);
    } else {
        docx_walk_children(walk, node);
    }
    walk->alternative = outer;
}

/* One of several pictures that are drawn as a group has words of its own. */
void docx_picture(struct docx_walk *walk, const struct xml_node *node)
{
    const char *outer = walk->alternative;
    for (const struct xml_node *child = node->first_child; child && !*outer; child = child->next) {
        const struct xml_node *properties = docx_child(child, A_C_NV_PR);
        if (properties && *words_of(properties))
            walk->alternative = words_of(properties);
    }
    docx_walk_children(walk, node);
    walk->alternative = outer;
}

/* Words that are drawn. */
void docx_text_path(struct docx_walk *walk, const struct xml_node *node)
{
    const char *words = docx_attribute(node, "string");
    if (words)
        docx_words(walk, words, strlen(words));
}

/* ---- what is embedded ---- */

static void tell_embedded(struct docx_walk *walk, const char *words)
{
    if (docx_is_shown(walk))
        builder_finding(walk->file->builder, RICH_TEXT_EMBEDDED, words);
}

void docx_object(struct docx_walk *walk, const struct xml_node *node)
{
    bool was_in_object = walk->in_object;
    walk->in_object = true;
    docx_walk_children(walk, node);
    walk->in_object = was_in_object;
}

/* Formulas of older programs are objects. */
void docx_ole_object(struct docx_walk *walk, const struct xml_node *node)
{
    const char *program = docx_attribute(node, "ProgID");
    if (program && strncmp(program, "Equation", strlen("Equation")) == 0 && docx_is_shown(walk))
        builder_finding(walk->file->builder, RICH_TEXT_FORMULA, NULL);
    else
        tell_embedded(walk, program);
}

void docx_control(struct docx_walk *walk, const struct xml_node *node)
{
    tell_embedded(walk, docx_attribute(node, "name"));
}

static const char *target_of(const struct docx_walk *walk, const char *id)
{
    const struct docx_relationship *relationship = docx_relationship_find(walk->relationships, id);
    return relationship ? last_step(relationship->target) : NULL;
}

void docx_video(struct docx_walk *walk, const struct xml_node *node)
{
    tell_embedded(walk, target_of(walk, docx_relation(node, "link")));
}

void docx_other_file(struct docx_walk *walk, const struct xml_node *node)
{
    tell_embedded(walk, target_of(walk, docx_relation(node, "id")));
}

/* ---- charts and diagrams ---- */

static void collect_text(struct string_builder *text, const struct xml_node *node)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        if (!child->name)
            continue;
        collect_text(text, child);
        if (docx_element(child) != A_T)
            continue;
        for (const struct xml_node *inner = child->first_child; inner; inner = inner->next)
            if (!inner->name)
                string_builder_append_bytes(text, inner->text, inner->text_length);
        string_builder_append_character(text, ' ');
    }
}

/* The words of a chart or diagram stand in a part of its own. Nothing hangs on them: a damaged one
 * leaves the rest of the file readable. */
static void append_part(struct docx_file *file, const char *id,
                        const struct docx_relationships *relationships, struct string_builder *text)
{
    enum { DRAWINGS_MAXIMUM = 50 };
    const struct docx_relationship *relationship = docx_relationship_find(relationships, id);
    struct rich_text ignored = { .fault = RICH_TEXT_FAULT_NONE };
    struct arena arena = { 0 };
    if (!relationship || relationship->is_external || ++file->drawings > DRAWINGS_MAXIMUM)
        return;
    const struct xml_node *root = rich_text_xml_part(&arena, file->package, relationship->target,
                                                     &ignored);
    if (root)
        collect_text(text, root);
    arena_release(&arena);
}

static void tell_drawing(struct docx_walk *walk, const char *id)
{
    struct docx_file *file = walk->file;
    struct string_builder text;
    if (!is_picture_shown(walk))
        return;
    string_builder_init(&text, 0);
    append_part(file, id, walk->relationships, &text);
    if (!text.length)
        string_builder_append(&text, walk->alternative);
    builder_count(file->builder, text.length ? text.data : "", text.length);
    builder_finding(file->builder, RICH_TEXT_CHART, text.length ? text.data : NULL);
    string_builder_release(&text);
}

void docx_chart(struct docx_walk *walk, const struct xml_node *node)
{
    if (docx_relation(node, "id"))
        tell_drawing(walk, docx_relation(node, "id"));
    else
        docx_walk_children(walk, node);
}

void docx_diagram(struct docx_walk *walk, const struct xml_node *node)
{
    tell_drawing(walk, docx_relation(node, "dm"));
}
