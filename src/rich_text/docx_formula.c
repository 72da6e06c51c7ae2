/* SPDX-License-Identifier: MIT */
/* Formulas in a line (ECMA-376 part 1, 22.1): fractions by a slash, indices by _ and ^. */
#include "rich_text/docx_walk.h"

#include "rich_text/docx_element.h"
#include "xml/xml_reader.h"

#include <ctype.h>
#include <string.h>

static void mark(struct docx_walk *walk, const char *words)
{
    docx_words(walk, words, strlen(words));
}

/* Whether it is one word or number. */
static bool is_simple(struct docx_walk *walk, const struct xml_node *node)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        enum docx_element element = docx_element(child);
        if (!walk->file->scans || --walk->file->scans == 0)
            return false;
        if (element == M_SUB || element == M_SUP || element == M_DEN || element == M_RAD)
            return false;
        if (child->name && !is_simple(walk, child))
            return false;
        for (size_t i = 0; !child->name && i < child->text_length; i++)
            if (!isalnum((unsigned char)child->text[i]) && (unsigned char)child->text[i] < 0x80)
                return false;
    }
    return true;
}

static void group(struct docx_walk *walk, const struct xml_node *node)
{
    bool simple = is_simple(walk, node);
    if (!simple)
        mark(walk, "(");
    docx_walk_children(walk, node);
    if (!simple)
        mark(walk, ")");
}

void docx_fraction_part(struct docx_walk *walk, const struct xml_node *node)
{
    group(walk, node);
}

void docx_denominator(struct docx_walk *walk, const struct xml_node *node)
{
    mark(walk, "/");
    group(walk, node);
}

static void index_of(struct docx_walk *walk, const struct xml_node *node, const char *sign)
{
    if (!node->first_child)
        return;
    mark(walk, sign);
    group(walk, node);
}

void docx_subscript(struct docx_walk *walk, const struct xml_node *node)
{
    index_of(walk, node, "_");
}

void docx_superscript(struct docx_walk *walk, const struct xml_node *node)
{
    index_of(walk, node, "^");
}

void docx_radical(struct docx_walk *walk, const struct xml_node *node)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next)
        if (docx_element(child) == M_ELEMENT) {
            mark(walk, "√");
            group(walk, child);
        } else if (child->name) {
            docx_walk_node(walk, child);
        }
}

/* What a property of that kind says; otherwise where there is none. It may say "nothing". */
static const char *sign_of(const struct xml_node *properties, enum docx_element element,
                           const char *otherwise)
{
    const struct xml_node *child = docx_child(properties, element);
    const char *value = child ? docx_attribute(child, "val") : otherwise;
    return value ? value : "";
}

/* The children, with a sign between those of that kind. */
static void separated(struct docx_walk *walk, const struct xml_node *node,
                      enum docx_element element, const char *sign)
{
    bool is_first = true;
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        if (docx_element(child) == element) {
            if (!is_first)
                mark(walk, sign);
            is_first = false;
        }
        if (child->name)
            docx_walk_node(walk, child);
    }
}

void docx_delimiters(struct docx_walk *walk, const struct xml_node *node)
{
    const struct xml_node *properties = docx_child(node, M_D_PR);
    mark(walk, sign_of(properties, M_BEG_CHR, "("));
    separated(walk, node, M_ELEMENT, sign_of(properties, M_SEP_CHR, "|"));
    mark(walk, sign_of(properties, M_END_CHR, ")"));
}

void docx_n_ary(struct docx_walk *walk, const struct xml_node *node)
{
    mark(walk, sign_of(docx_child(node, M_N_ARY_PR), M_CHR, "∫"));
    docx_walk_children(walk, node);
}

void docx_equations(struct docx_walk *walk, const struct xml_node *node)
{
    separated(walk, node, M_ELEMENT, "; ");
}

void docx_matrix(struct docx_walk *walk, const struct xml_node *node)
{
    bool is_first = true;
    mark(walk, "[");
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        if (docx_element(child) != M_MR) {
            if (child->name)
                docx_walk_node(walk, child);
            continue;
        }
        if (!is_first)
            mark(walk, "; ");
        is_first = false;
        separated(walk, child, M_ELEMENT, ", ");
    }
    mark(walk, "]");
}

/* A frame may be lines through what stands in it. */
void docx_border_box(struct docx_walk *walk, const struct xml_node *node)
{
    const struct xml_node *properties = docx_child(node, M_BORDER_BOX_PR);
    const struct xml_node *child = properties ? properties->first_child : NULL;
    while (child && !(child->name && strncmp(child->name, "strike", strlen("strike")) == 0 &&
                      docx_says_on(child)))
        child = child->next;
    if (child)
        docx_walk_out(walk, node, RICH_TEXT_STRUCK);
    else
        docx_walk_children(walk, node);
}
