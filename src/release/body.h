/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_BODY_H
#define RELEASE_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct error;
struct string_builder;

/* The text of a release as a small tree of our own. What has no kind here cannot be expressed, so
 * no input can bring markup of its own; what a reader does not know it unwraps or drops. All text
 * is UTF-8, NFC, XML 1.0 characters only, without those that nobody sees: body_append_text() sees
 * to the characters, the reader to the normal form. */
enum body_kind {
    BODY_DOCUMENT, /* the root: blocks */
    /* blocks */
    BODY_PARAGRAPH,
    BODY_HEADING,      /* level 2 … 4 */
    BODY_LIST,         /* ordered or not; items */
    BODY_ITEM,         /* blocks or inlines */
    BODY_QUOTE,        /* blocks */
    BODY_PREFORMATTED, /* text, its line ends kept */
    BODY_FIGURE,       /* image and caption */
    BODY_CAPTION,      /* inlines */
    BODY_TABLE,        /* rows */
    BODY_ROW,          /* cells */
    BODY_CELL,         /* header or not; inlines */
    BODY_RULE,
    /* inlines */
    BODY_TEXT,
    BODY_LINK, /* target */
    BODY_EMPHASIS,
    BODY_STRONG,
    BODY_CODE,
    BODY_BREAK,
    BODY_IMAGE, /* target is a file of the release; text is the alternative text */
    BODY_KIND_COUNT
};

enum body_alignment { BODY_ALIGN_NONE, BODY_ALIGN_LEFT, BODY_ALIGN_CENTER, BODY_ALIGN_RIGHT };

/* A list that begins higher is none: its numbers are words. */
enum { BODY_LIST_START_MAXIMUM = 999999999 };

/* Lives in the arena it was made in, with all its strings. */
struct body_node {
    enum body_kind kind;
    int level;                     /* heading: 2 … 4 */
    bool is_ordered;               /* list */
    int start_offset;              /* ordered list: its first number less one */
    bool is_header;                /* cell */
    enum body_alignment alignment; /* cell */
    const char *text;   /* text and code: the characters (code may hold them as a text below it
                           instead); image: alternative text */
    const char *target; /* link: http, https, mailto or tel address, a file of the release, or
                           "#N", its heading of that mark (a number, so that nothing its words say
                           can clash on a page); image: a file; heading: NULL or "#N" */
    struct body_node *parent;
    struct body_node *first_child;
    struct body_node *last_child;
    struct body_node *next;
    char *buffer; /* what text points to where body_append_text made it; only for that function */
    size_t buffer_length;
    size_t buffer_capacity;
};

/* Trees deeper or larger than this are refused by readers: every writer recurses. */
enum { BODY_DEPTH_MAXIMUM = 40, BODY_NODES_MAXIMUM = 200000 };

/* A new empty BODY_DOCUMENT. */
struct body_node *body_new(struct arena *arena);

/* A new last child of parent. The caller keeps the depth within BODY_DEPTH_MAXIMUM (body_depth). */
struct body_node *body_append(struct arena *arena, struct body_node *parent, enum body_kind kind);

/* Appends characters as a BODY_TEXT child, joined to a text that stands last already; cleaned by
 * utf8_append_clean and invisible_append_others. */
void body_append_text(struct arena *arena, struct body_node *parent, const char *bytes,
                      size_t length);

/* How many nodes stand above it: 0 for the root. */
int body_depth(const struct body_node *node);
bool body_kind_is_block(enum body_kind kind);

/* Whether a node of kind child may stand straight in a node of kind parent. Readers keep to it;
 * writers unwrap what stands where it may not (a link within a link, a paragraph in a heading). */
bool body_may_contain(enum body_kind parent, enum body_kind child);

/* Whether a link may point there: http, https, mailto, tel, or a file of the release. Control
 * characters and white space refuse an address, as does a user name before its host
 * ("https://bank.example@evil.example/"). */
bool body_target_is_allowed(const char *target);

/* Why not. */
enum body_target_fault {
    BODY_TARGET_ALLOWED,
    BODY_TARGET_SCHEME,    /* no address of those kinds */
    BODY_TARGET_CHARACTER, /* one that no such address has, or that nobody sees */
    BODY_TARGET_USER,      /* a user name before the host */
    BODY_TARGET_NOWHERE    /* nothing behind the scheme */
};

enum body_target_fault body_target_fault(const char *target);

/* Whether such a target may hold the character: one that is seen. */
bool body_target_may_hold(uint32_t c);

/* Whether it is the name of a file of the release: relative, no scheme, no empty, "." or ".."
 * part, no backslash. It may hold spaces within a part: it is never written as it stands, but as
 * the address that file_address() gives for it. */
bool body_target_is_file(const char *target);

/* The characters of a subtree as one line, white space folded, without alternative texts; for
 * leads, descriptions and comparisons. NULL gives "". */
const char *body_plain_text(struct arena *arena, const struct body_node *node);

/* The first paragraph with any words, of those straight under the root; NULL where there is none.
 */
const struct body_node *body_first_paragraph(const struct body_node *document);

/* Whether no words stand above this block of the document. */
bool body_begins_with(const struct body_node *document, const struct body_node *block);

/* Whether the writers below show the picture of that file. NULL shows none. */
bool body_has_image(const struct body_node *document, const char *file);

struct body_image_words {
    const char *caption;
    const char *credit;           /* a whole line: "Photo: Ida Lund" */
    const char *original_address; /* absolute, of the picture at full size; NULL: none is offered */
    const char *original_label;   /* "Download the picture in full size" */
    const char *original_text;    /* "JPEG, 1.2 MB, 4000 × 2250 pixels" */
    bool is_original;             /* what is shown is that file already: offered below a figure
                                     alone, not among words */
};

/* How the writers below see a file of the release: as an address. */
struct body_writer_options {
    /* Address of a file of the release (NULL result: the link is written as plain text, the image
     * left out). */
    const char *(*file_address)(void *payload, const char *file);
    /* Width and height of an image file in pixels; false where they are not known. May be NULL. */
    bool (*image_size)(void *payload, const char *file, int *width, int *height);
    /* The same picture in several widths, and how wide it is shown: the values of the attributes
     * srcset and sizes. NULL result: it is there in one width alone. May be NULL. */
    const char *(*image_srcset)(void *payload, const char *file);
    const char *image_sizes;
    /* What is said of a picture of the release and is to stand below it: caption, credit and where
     * the original is, each NULL where there is none. May be NULL. */
    void (*image_words)(void *payload, const char *file, struct body_image_words *words);
    void *payload;
    const char *page_address;  /* of the page that shows the text: links to its headings lead there;
                                  NULL: they are written as plain text */
    bool has_anchors;          /* it is that page: what links lead to gets an id */
    int heading_shift;         /* added to each heading's level, at most to 6 */
    bool skip_first_paragraph; /* where the lead is shown by itself and is that paragraph */
    bool keeps_lines;          /* the page shows preformatted lines whole, in a frame that scrolls:
                                  the keyboard is to reach it (WCAG 2.1.1) */
    bool is_mail; /* inline styles that mail readers need, none of the page's classes */
    /* For the words that the writers themselves add: "body_image" (before a picture's alternative
     * text in plain text: "Image"), "body_table" (label of a table that scrolls sideways; without
     * it HTML has no such frame). May be NULL, and may return NULL. */
    const char *(*translate)(void *payload, const char *key);
};

/* Both writers take a NULL document for an empty one. Given a paragraph in its place, they write
 * what stands in it: HTML without an element around it. Addresses come out with every character
 * percent-encoded that an address may not hold (RFC 3986), the same in both. */

/* HTML that is well-formed XML as well, so that it serves pages, the escaped HTML of RSS and JSON
 * Feed, the XHTML div of Atom (empty elements end in "/>", only the five XML entities are used).
 * Nothing of the input reaches it unescaped. */
void body_write_html(struct string_builder *text, const struct body_node *document,
                     const struct body_writer_options *options);

/* Plain text for mail: paragraphs wrapped at width columns, blank line between blocks, "- " and "1.
 * " lists, "> " quotes, a heading underlined, a link's address whole on a line of its own in angle
 * brackets below its paragraph, however long. Ends with a newline. */
void body_write_text(struct string_builder *text, const struct body_node *document,
                     const struct body_writer_options *options, size_t width);

#endif
