/* SPDX-License-Identifier: MIT */
/* The input is HTML: no letter of it outside its tags may be lost, and no tree is too deep. */
#include "base/arena.h"
#include "base/utf8.h"
#include "html/bound.h"
#include "html/html.h"

#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct count {
    size_t letters[128];
};

static void count_bytes(struct count *count, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (isalnum((unsigned char)bytes[i]))
            count->letters[(unsigned char)bytes[i]]++;
}

/* What stands outside tags and comments; of scripts, which hold tags that are none, not all. */
static void count_words(struct count *count, const char *bytes, size_t length)
{
    const char *end = bytes + length;
    while (bytes < end) {
        const char *behind = *bytes == '<' ? bound_tag_end(bytes, end, NULL) : NULL;
        if (!behind)
            count_bytes(count, bytes, 1);
        bytes = behind ? behind : bytes + 1;
    }
}

static void check_string(const char *string)
{
    assert(string && utf8_is_valid(string, strlen(string)));
}

/* Counts the text of the tree, comments too: a script's "<!--" begins none. */
static void count_tree(struct count *count, const struct html_node *node, int depth)
{
    assert(depth <= HTML_DEPTH_MAXIMUM);
    if (node->kind != HTML_ELEMENT) {
        check_string(node->text);
        count_bytes(count, node->text, strlen(node->text));
        assert(!node->first_child);
        return;
    }
    check_string(node->name);
    assert(!node->source == !!(node->traits & HTML_KNOWN));
    for (const struct html_attribute *attribute = node->attributes; attribute;
         attribute = attribute->next) {
        check_string(attribute->name);
        check_string(attribute->value);
    }
    for (const struct html_node *child = node->first_child; child; child = child->next) {
        assert(child->parent == node);
        count_tree(count, child, depth + 1);
    }
}

static void check(enum html_form form, const char *bytes, size_t size)
{
    struct arena arena = { 0 };
    struct count in = { { 0 } };
    struct count out = { { 0 } };
    const struct html_document *document = html_reader.read(&arena, form, bytes, size);
    assert(document->read <= size && (document->read == size) == !document->bound);
    count_words(&in, bytes, document->read);
    count_tree(&out, document->root, 1);
    /* Entities are letters too, and a page of frames has no words. */
    if (form == HTML_FRAGMENT && !memchr(bytes, '&', size))
        for (size_t i = 0; i < 128; i++)
            assert(in.letters[i] <= out.letters[i]);
    arena_release(&arena);
}

static void check_tag(const char *bytes, size_t size)
{
    struct arena arena = { 0 };
    const struct html_tag *tag = html_reader.tag(&arena, bytes, size);
    assert(!tag || tag->node->kind == HTML_COMMENT || *tag->node->name);
    assert(!tag || !tag->is_end || !tag->node->attributes);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    check(HTML_FRAGMENT, bytes, size);
    check(HTML_DOCUMENT, bytes, size);
    check_tag(bytes, size);
    return 0;
}
