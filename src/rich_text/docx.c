/* SPDX-License-Identifier: MIT */
#include "rich_text/docx.h"

#include "base/arena.h"
#include "rich_text/docx_element.h"
#include "rich_text/docx_file.h"
#include "rich_text/docx_numbering.h"
#include "rich_text/docx_style.h"
#include "rich_text/docx_walk.h"
#include "rich_text/package.h"
#include "rich_text/reader.h"
#include "xml/xml_reader.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SCANS_MAXIMUM = 4000000 };

/* ---- beside the text ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_referred_to(const struct docx_file *file, const char *id)
{
    return id && bsearch(&id, file->comments, file->comment_count, sizeof id, by_name);
}

/* One that nothing refers to is in no program seen. */
static void read_comments(struct docx_file *file)
{
    const char *part;
    if (!file->comment_count)
        return;
    qsort(file->comments, file->comment_count, sizeof *file->comments, by_name);
    const struct xml_node *root = docx_part_of(file, file->relationships, "comments", &part);
    if (!root)
        return;
    struct docx_walk walk;
    docx_walk_begin(&walk, file, file->relationships, root);
    walk.out = RICH_TEXT_COMMENT;
    for (const struct xml_node *node = root->first_child; node; node = node->next) {
        if (docx_element(node) != W_COMMENT || !is_referred_to(file, docx_attribute(node, "id")))
            continue;
        docx_open_left_out(&walk, RICH_TEXT_COMMENT);
        docx_walk_children(&walk, node);
        docx_end_left_out(&walk);
    }
    docx_walk_end(&walk);
}

static void read_header(struct docx_file *file, const struct docx_relationship *relationship)
{
    const struct xml_node *root = rich_text_xml_part(file->arena, file->package,
                                                     relationship->target, file->text);
    if (!root)
        return;
    struct docx_walk walk;
    docx_walk_begin(&walk, file, docx_relationships_read(file, relationship->target), root);
    walk.out = RICH_TEXT_PAGE_HEADER;
    docx_walk_children(&walk, root);
    docx_walk_end(&walk);
}

static void read_headers(struct docx_file *file)
{
    for (size_t i = 0; i < file->relationships->count && !file->text->fault; i++) {
        const struct docx_relationship *relationship = &file->relationships->items[i];
        bool is_header = strcmp(relationship->kind, "header") == 0 ||
                         strcmp(relationship->kind, "footer") == 0;
        if (is_header && !relationship->is_external)
            read_header(file, relationship);
    }
}

static void find_macros(struct docx_file *file)
{
    const char *name;
    for (size_t i = 0; (name = package_name(file->package, i)); i++) {
        const char *slash = strrchr(name, '/');
        if (strcasecmp(slash ? slash + 1 : name, "vbaProject.bin") == 0) {
            builder_finding(file->builder, RICH_TEXT_MACROS, NULL);
            return;
        }
    }
}

/* ---- the text ---- */

static void read_notes(struct docx_file *file)
{
    for (size_t i = 0; i < file->waiting_count; i++) {
        const struct docx_note *note = file->waiting[i];
        struct docx_walk walk;
        docx_walk_begin(&walk, file, note->notes->relationships, note->node);
        builder_begin_note(file->builder, note->mark);
        docx_walk_children(&walk, note->node);
        docx_walk_end(&walk);
        builder_end_note(file->builder);
    }
}

static void read_text(struct docx_file *file, const struct xml_node *root)
{
    struct docx_walk walk;
    docx_walk_begin(&walk, file, file->relationships, root);
    docx_walk_children(&walk, root);
    docx_walk_end(&walk);
    read_notes(file);
}

static bool read_settings(struct docx_file *file, const struct xml_node *root, const char *part)
{
    file->relationships = docx_relationships_read(file, part);
    file->styles = docx_styles_read(file->arena,
                                    docx_part_of(file, file->relationships, "styles", &part));
    file->numbering = docx_numbering_read(
        file->arena, file->styles, docx_part_of(file, file->relationships, "numbering", &part));
    file->usual_size = docx_usual_size(file->styles, root);
    return file->text->fault == RICH_TEXT_FAULT_NONE;
}

void docx_read(struct arena *arena, struct package *package, struct rich_text *text)
{
    struct docx_file file = {
        .arena = arena,
        .package = package,
        .text = text,
        .scans = SCANS_MAXIMUM,
        .footnotes = { .kind = "footnotes", .element = W_FOOTNOTE },
        .endnotes = { .kind = "endnotes", .element = W_ENDNOTE },
    };
    const char *part = "";
    const struct xml_node *root = docx_main_part(&file, &part);
    if (!root && !text->fault) {
        text->fault = RICH_TEXT_FAULT_BROKEN;
        text->detail = "no text";
    }
    if (!root || !read_settings(&file, root, part))
        return;
    file.builder = builder_new(arena, text);
    read_text(&file, root);
    read_comments(&file);
    read_headers(&file);
    find_macros(&file);
    if (file.has_moved_to && !file.has_moved_from)
        builder_finding(file.builder, RICH_TEXT_INSERTED, NULL);
    if (!builder_finish(file.builder) && !text->fault)
        text->fault = RICH_TEXT_FAULT_TOO_LARGE;
}
