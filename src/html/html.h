/* SPDX-License-Identifier: MIT */
#ifndef HTML_HTML_H
#define HTML_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct arena;

/* The one reader of strangers' HTML: a small tree of our own, by HTML5's algorithm, which is
 * libgumbo's (WHATWG, section 13.2). What names, attributes, entities and unclosed elements mean is
 * decided here alone, and which elements are blocks or hidden stands in one table (element.c).
 *
 * libgumbo fails assertions of its own on some inputs ("<table><math><select><mi><select><tr>") and
 * takes time by the square of depth and attributes. So html/ is a shared object, lib/pressroom/
 * html.so, that confined processes alone load (confined_load()), and bounds stand before it: what
 * kills or stops the reader all the same costs the document that it was reading. */

/* What is read of one document. It ends before the tag that passes one of these. */
enum {
    HTML_BYTES_MAXIMUM = 2 * 1024 * 1024,
    HTML_TAGS_MAXIMUM = 20000,
    HTML_DEPTH_MAXIMUM = 500,     /* elements in elements: of what is read, and of the tree */
    HTML_ATTRIBUTES_MAXIMUM = 200 /* of one tag */
};

/* Which bound has ended the reading. */
enum html_bound {
    HTML_BOUND_NONE, /* all was read */
    HTML_BOUND_BYTES,
    HTML_BOUND_TAGS,
    HTML_BOUND_DEPTH,
    HTML_BOUND_ATTRIBUTES,
    HTML_BOUND_FAULT /* a tag on which libgumbo is known to fail */
};

enum html_kind { HTML_ELEMENT, HTML_TEXT, HTML_COMMENT };

/* What readers do by, or-ed together. */
enum html_trait {
    HTML_KNOWN = 1 << 0,  /* an element of HTML, obsolete ones included */
    HTML_BLOCK = 1 << 1,  /* begins and ends a paragraph: <p>, <li>, <td>'s row */
    HTML_CELL = 1 << 2,   /* parts words within a line: <td>, <option> */
    HTML_BREAK = 1 << 3,  /* <br> */
    HTML_HIDDEN = 1 << 4, /* holds no words that anybody sees: <style>, <script>, <title> */
    HTML_UNSEEN = 1 << 5  /* its own attributes say so: "hidden", "display: none" */
};

struct html_attribute {
    const char *name;  /* lower case */
    const char *value; /* entities are characters; "" where it has none */
    const struct html_attribute *next;
};

/* Strings are UTF-8 without what XML forbids. */
struct html_node {
    enum html_kind kind;
    unsigned traits;  /* of an element */
    bool is_closed;   /* the element's end tag stands in the document */
    bool is_implied;  /* but no start tag of its own: <tbody>, or the other half of what was cut */
    const char *name; /* of an element, lower case: "p", "o:p"; else "" */
    const char *source; /* an unknown element's tag as it was written, "<navn>"; else NULL */
    const char *text;   /* of a text or a comment; else NULL */
    const struct html_attribute *attributes; /* in the order in which they were written */
    struct html_node *parent;
    struct html_node *first_child;
    struct html_node *next;
};

/* The value of an attribute; NULL where it has none. */
static inline const char *html_attribute_value(const struct html_node *node, const char *name)
{
    for (const struct html_attribute *attribute = node->attributes; attribute;
         attribute = attribute->next)
        if (strcmp(attribute->name, name) == 0)
            return attribute->value;
    return NULL;
}

struct html_document {
    struct html_node *root; /* the element "html"; of a fragment one that stands for it */
    enum html_bound bound;  /* for whoever asked to tell, where it is not HTML_BOUND_NONE */
    size_t read;            /* how many of the bytes; all without a bound */
};

enum html_form {
    HTML_DOCUMENT, /* a whole page */
    HTML_FRAGMENT  /* a part of one, cut out anywhere: "<td>1</td>" stays a cell */
};

/* One tag that stands by itself among other text. */
struct html_tag {
    bool is_end;                  /* "</b>" */
    const struct html_node *node; /* name, traits, attributes; of an end tag no attributes */
};

/* What html.so exports. */
struct html_reader {
    int version; /* HTML_READER_VERSION */

    /* bytes are UTF-8. The tree lives in arena, and is never deeper than HTML_DEPTH_MAXIMUM. */
    const struct html_document *(*read)(struct arena *arena, enum html_form form, const char *bytes,
                                        size_t length);

    /* The tag or comment that bytes are, "<" and ">" included; NULL where they begin with none.
     * What a tag means for the text around it is the caller's: this is for texts that are no HTML
     * and have tags in them, each alone (Markdown). */
    const struct html_tag *(*tag)(struct arena *arena, const char *bytes, size_t length);
};

enum { HTML_READER_VERSION = 1 }; /* of this header: html.so of another installation is refused */

#define HTML_READER_SYMBOL "html_reader"

extern const struct html_reader html_reader;

#endif
