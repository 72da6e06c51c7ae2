/* SPDX-License-Identifier: MIT */
#include "rich_text/docx_file.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "rich_text/docx_element.h"
#include "rich_text/package.h"
#include "rich_text/reader.h"
#include "xml/xml_reader.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- names ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Targets are addresses: "Billede%201.png" is the part "Billede 1.png". */
static char *decode(struct arena *arena, const char *target)
{
    char *decoded = arena_copy(arena, target);
    char *to = decoded;
    for (const char *from = decoded; *from; from++) {
        int high = *from == '%' ? hex_digit(from[1]) : -1;
        int low = high >= 0 ? hex_digit(from[2]) : -1;
        if (low >= 0 && high + low > 0) {
            *to++ = (char)(high * 16 + low);
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return decoded;
}

static void drop_last_step(struct string_builder *path)
{
    const char *slash = strrchr(path->data, '/');
    string_builder_truncate(path, slash ? (size_t)(slash - path->data) : 0);
}

static void append_steps(struct string_builder *path, const char *steps)
{
    while (*steps) {
        size_t length = strcspn(steps, "/");
        if (length == 2 && strncmp(steps, "..", 2) == 0) {
            drop_last_step(path);
        } else if (length && !(length == 1 && *steps == '.')) {
            if (path->length)
                string_builder_append_character(path, '/');
            string_builder_append_bytes(path, steps, length);
        }
        steps += length + (steps[length] == '/');
    }
}

/* The name of the part that a target of another part means: "../media/a.png" of "word/x/y.xml". */
static const char *resolve(struct arena *arena, const char *part, const char *target)
{
    struct string_builder path;
    char *decoded = decode(arena, target);
    decoded[strcspn(decoded, "#?")] = '\0';
    for (char *c = decoded; *c; c++)
        if (*c == '\\')
            *c = '/';
    string_builder_init(&path, 0);
    string_builder_append(&path, "");
    if (*decoded != '/') {
        append_steps(&path, part);
        drop_last_step(&path);
    }
    append_steps(&path, decoded);
    const char *resolved = arena_copy_bytes(arena, path.data, path.length);
    string_builder_release(&path);
    return resolved;
}

/* "word/document.xml" has its relationships in "word/_rels/document.xml.rels". */
static const char *relationships_part(struct arena *arena, const char *part)
{
    const char *slash = strrchr(part, '/');
    int folder = slash ? (int)(slash - part) + 1 : 0;
    return arena_format(arena, "%.*s_rels/%s.rels", folder, part, part + folder);
}

/* ---- relationships ---- */

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct docx_relationship *)a)->id,
                  ((const struct docx_relationship *)b)->id);
}

static const char *own_attribute(const struct xml_node *node, const char *name)
{
    const char *value = xml_attribute_value(node, "", name);
    return value ? value : "";
}

static void take(struct docx_file *file, const char *part, const struct xml_node *node,
                 struct docx_relationship *relationship)
{
    const char *type = own_attribute(node, "Type");
    const char *slash = strrchr(type, '/');
    const char *target = own_attribute(node, "Target");
    relationship->id = own_attribute(node, "Id");
    relationship->kind = slash ? slash + 1 : type;
    relationship->is_external = strcasecmp(own_attribute(node, "TargetMode"), "External") == 0 ||
                                *target == '#' || strcmp(relationship->kind, "hyperlink") == 0;
    relationship->target = relationship->is_external ? target : resolve(file->arena, part, target);
}

static bool is_relationship(const struct xml_node *node)
{
    return node->name && strcmp(node->name, "Relationship") == 0;
}

struct docx_relationships *docx_relationships_read(struct docx_file *file, const char *part)
{
    struct docx_relationships *relationships = arena_allocate(file->arena, sizeof *relationships);
    size_t count = 0;
    const struct xml_node *root = rich_text_xml_part(
        file->arena, file->package, relationships_part(file->arena, part), file->text);
    if (!root)
        return relationships;
    for (const struct xml_node *node = root->first_child; node; node = node->next)
        count += is_relationship(node);
    relationships->items = arena_allocate_array(file->arena, count + 1,
                                                sizeof *relationships->items);
    for (const struct xml_node *node = root->first_child; node; node = node->next)
        if (is_relationship(node))
            take(file, part, node, &relationships->items[relationships->count++]);
    qsort(relationships->items, relationships->count, sizeof *relationships->items, by_id);
    return relationships;
}

struct docx_relationship *docx_relationship_find(const struct docx_relationships *relationships,
                                                 const char *id)
{
    const struct docx_relationship key = { .id = id };
    if (!id || !relationships->count)
        return NULL;
    return bsearch(&key, relationships->items, relationships->count, sizeof key, by_id);
}

static const struct docx_relationship *first_of(const struct docx_relationships *relationships,
                                                const char *kind)
{
    for (size_t i = 0; i < relationships->count; i++)
        if (strcmp(relationships->items[i].kind, kind) == 0 && !relationships->items[i].is_external)
            return &relationships->items[i];
    return NULL;
}

/* One part may have several relationships to it: it is loaded once. */
const char *docx_relationship_load(struct docx_file *file, struct docx_relationship *relationship,
                                   size_t *length)
{
    if (relationship->is_external)
        return NULL;
    if (!relationship->is_loaded) {
        relationship->is_loaded = true;
        relationship->bytes = package_part(file->package, relationship->target,
                                           &relationship->length);
    }
    *length = relationship->length;
    return relationship->bytes;
}

const struct xml_node *docx_part_of(struct docx_file *file,
                                    const struct docx_relationships *relationships,
                                    const char *kind, const char **part)
{
    const struct docx_relationship *relationship = first_of(relationships, kind);
    if (!relationship)
        return NULL;
    *part = relationship->target;
    return rich_text_xml_part(file->arena, file->package, relationship->target, file->text);
}

const struct xml_node *docx_main_part(struct docx_file *file, const char **part)
{
    const struct docx_relationships *relationships = docx_relationships_read(file, "");
    const struct xml_node *root = docx_part_of(file, relationships, "officeDocument", part);
    if (root || file->text->fault)
        return root;
    *part = "word/document.xml";
    return rich_text_xml_part(file->arena, file->package, *part, file->text);
}
