/* SPDX-License-Identifier: MIT */
#include "mail/mime_tree.h"

#include "base/error.h"
#include "base/string_builder.h"

#include <libetpan/libetpan.h>
#include <stdlib.h>
#include <string.h>

/* libetpan's destructors crash on NULL. */
static void discard_content(struct mailmime_content *content)
{
    if (content)
        mailmime_content_free(content);
}

static void discard_fields(struct mailmime_fields *fields)
{
    if (fields)
        mailmime_fields_free(fields);
}

static void discard_tree(struct mailmime *tree)
{
    if (tree)
        mailmime_free(tree);
}

/* Takes both, which may be NULL: then, and on failure, all is freed and NULL comes back. */
static struct mailmime *new_node(struct mailmime_content *content, struct mailmime_fields *fields)
{
    struct mailmime *node = content && fields ? mailmime_new_empty(content, fields) : NULL;
    if (!node) {
        discard_content(content);
        discard_fields(fields);
    }
    return node;
}

static struct mailmime_fields *new_encoding_fields(void)
{
    struct mailmime_mechanism *mechanism = mailmime_mechanism_new(
        MAILMIME_MECHANISM_QUOTED_PRINTABLE, NULL);
    if (!mechanism)
        return NULL;
    struct mailmime_fields *fields = mailmime_fields_new_with_data(mechanism, NULL, NULL, NULL,
                                                                   NULL);
    if (!fields)
        mailmime_mechanism_free(mechanism);
    return fields;
}

static struct mailmime_content *new_text_content(const char *type)
{
    struct mailmime_content *content = mailmime_content_new_with_str(type);
    char name[] = "charset";
    char value[] = "utf-8";
    struct mailmime_parameter *charset = content ? mailmime_param_new_with_data(name, value) : NULL;
    if (!charset || clist_append(content->ct_parameters, charset) != 0) {
        if (charset)
            mailmime_parameter_free(charset);
        discard_content(content);
        return NULL;
    }
    return content;
}

/* encoded is borrowed: libetpan neither copies nor frees it. Marked as encoded, it is written as it
 * is. */
static struct mailmime *new_text_part(const char *type, const char *encoded)
{
    struct mailmime *part = new_node(new_text_content(type), new_encoding_fields());
    if (!part)
        return NULL;
    part->mm_data.mm_single = mailmime_data_new_data(MAILMIME_MECHANISM_QUOTED_PRINTABLE, 1,
                                                     encoded, strlen(encoded));
    if (!part->mm_data.mm_single) {
        discard_tree(part);
        return NULL;
    }
    return part;
}

/* mailmime_new_empty() has put in a boundary from an unseeded random(): ours takes its place. */
static bool set_boundary(struct mailmime_content *content, const char *boundary)
{
    for (clistiter *item = clist_begin(content->ct_parameters); item; item = clist_next(item)) {
        struct mailmime_parameter *parameter = clist_content(item);
        if (strcmp(parameter->pa_name, "boundary") != 0)
            continue;
        char *copy = strdup(boundary);
        if (!copy)
            return false;
        free(parameter->pa_value);
        parameter->pa_value = copy;
        return true;
    }
    return false;
}

/* Takes over part, also on failure. */
static bool add_part(struct mailmime *parent, struct mailmime *part)
{
    if (part && mailmime_add_part(parent, part) == MAILIMF_NO_ERROR)
        return true;
    discard_tree(part);
    return false;
}

static struct mailmime *new_alternatives(const struct mime_bodies *bodies)
{
    struct mailmime *tree = new_node(mailmime_content_new_with_str("multipart/alternative"),
                                     mailmime_fields_new_empty());
    if (tree && set_boundary(tree->mm_content_type, bodies->boundary) &&
        add_part(tree, new_text_part("text/plain", bodies->text)) &&
        add_part(tree, new_text_part("text/html", bodies->html)))
        return tree;
    discard_tree(tree);
    return NULL;
}

bool mime_tree_write(struct string_builder *out, const struct mime_bodies *bodies,
                     struct error *error)
{
    bool done = false;
    int column = 0;
    MMAPString *written = NULL;
    struct mailmime *message = NULL;
    struct mailmime *tree = bodies->html ? new_alternatives(bodies)
                                         : new_text_part("text/plain", bodies->text);
    if (!tree)
        goto out;
    message = mailmime_new_message_data(tree); /* takes the tree, adds MIME-Version */
    if (!message)
        goto out;
    tree = NULL;
    written = mmap_string_new("");
    if (!written || mailmime_write_mem(written, &column, message) != MAILIMF_NO_ERROR)
        goto out;
    string_builder_append_bytes(out, written->str, written->len);
    done = true;
out:
    if (written)
        mmap_string_free(written);
    discard_tree(tree);
    discard_tree(message);
    return done || error_set(error, ERROR_SYSTEM, "mail: no memory for a message");
}
