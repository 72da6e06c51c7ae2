/* SPDX-License-Identifier: MIT */
/* The input is XML: the tree keeps to its bounds, and each of its names is one string. */
#include "base/arena.h"
#include "base/utf8.h"
#include "xml/xml_reader.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct xml_bounds bounds = {
    .bytes = 64 * 1024, .nodes = 2000, .depth = 40, .attributes = 20
};

enum { NAMES = 64 };

struct walk {
    const char *names[NAMES];
    size_t count, nodes;
};

static void check_string(const char *string)
{
    assert(string && utf8_is_valid(string, strlen(string)));
}

/* Of the first names: who is equal has the same address. */
static void check_name(struct walk *walk, const char *name)
{
    check_string(name);
    for (size_t i = 0; i < walk->count; i++)
        assert((strcmp(walk->names[i], name) == 0) == (walk->names[i] == name));
    for (size_t i = 0; i < walk->count; i++)
        if (walk->names[i] == name)
            return;
    if (walk->count < NAMES)
        walk->names[walk->count++] = name;
}

static void check_attributes(struct walk *walk, const struct xml_node *node)
{
    size_t count = 0;
    for (const struct xml_attribute_node *attribute = node->attributes; attribute;
         attribute = attribute->next) {
        check_name(walk, attribute->name);
        check_name(walk, attribute->space);
        check_string(attribute->value);
        assert(xml_attribute_value(node, attribute->space, attribute->name));
        count++;
    }
    assert(count <= bounds.attributes);
    walk->nodes += count;
}

static void check_node(struct walk *walk, const struct xml_node *node, size_t depth)
{
    walk->nodes++;
    if (!node->name) {
        check_string(node->text);
        assert(node->text_length == strlen(node->text) && node->text_length > 0);
        assert(!node->first_child && !node->attributes && (!node->next || node->next->name));
        return;
    }
    assert(depth <= bounds.depth && !node->text);
    check_name(walk, node->name);
    check_name(walk, node->space);
    check_attributes(walk, node);
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        assert(child->parent == node);
        check_node(walk, child, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct walk walk = { .count = 0 };
    enum xml_fault fault;
    const struct xml_node *root = xml_read(&arena, (const char *)data, size, &bounds, &fault);
    assert(!root == (fault != XML_FAULT_NONE));
    if (root) {
        assert(!root->parent && !root->next);
        check_node(&walk, root, 1);
        assert(walk.nodes <= bounds.nodes);
    }
    arena_release(&arena);
    return 0;
}
