/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_RICH_TEXT_H
#define RICH_TEXT_RICH_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct body_node;
struct html_reader;

/* Texts with a format of their own (Word, OpenDocument, HTML) as a body tree, and what is known
 * beside it: the style of each block, pictures, and what does not belong to the text. What of it is
 * a title, a lead or a contact is decided in intake/, the same for all formats.
 *
 * Such files come from strangers and libzip brings much with it: so rich_text/ is a shared object,
 * lib/pressroom/rich_text.so, that confined processes alone load (confined_load()).
 *
 * Letters in = letters out: each letter of the file's text is a letter of the body, of a picture's
 * alternative text, or counted in a finding. */

enum rich_text_format {
    RICH_TEXT_DOCX, /* Office Open XML (ECMA-376), strict and transitional */
    RICH_TEXT_ODT,  /* OpenDocument (ISO/IEC 26300) */
    RICH_TEXT_HTML  /* a page, in UTF-8 */
};

/* How a block was set, or-ed together. */
enum rich_text_mark {
    RICH_TEXT_TITLE = 1 << 0,    /* in the style of a title */
    RICH_TEXT_SUBTITLE = 1 << 1, /* of a subtitle */
    RICH_TEXT_BOLD = 1 << 2,     /* all its words are bold */
    RICH_TEXT_LARGE = 1 << 3,    /* all its words are larger than those of most of the text */
    RICH_TEXT_CAPTION = 1 << 4   /* in the style of a caption, but below no picture */
};

/* A block of the body: a child of its root. */
struct rich_text_block {
    struct body_node *node; /* paragraph, list, quote, preformatted, figure, table or rule; never a
                               heading: outline says so */
    unsigned marks;
    int outline; /* 1 … 9: a heading of that level in the file; 0: none. Of a page <h1> is 1 */
    struct rich_text_block *next;
};

/* What a file says of itself outside its text, as a page's <meta>. */
enum rich_text_field_kind {
    RICH_TEXT_FIELD_TITLE,
    RICH_TEXT_FIELD_DESCRIPTION,
    RICH_TEXT_FIELD_LANGUAGE,
    RICH_TEXT_FIELD_PUBLISHED, /* as it is written: "2026-06-10T08:00:00+02:00" */
    RICH_TEXT_FIELD_KEYWORD,   /* one each */
    RICH_TEXT_FIELD_IMAGE      /* an address or the name of a file */
};

struct rich_text_field {
    enum rich_text_field_kind kind;
    const char *value; /* one line */
    struct rich_text_field *next;
};

/* A picture that the file holds. The body's BODY_IMAGE has its name as target. */
struct rich_text_picture {
    const char *name; /* made by us, unlike any other of the text: "picture-1.jpg" */
    const char *bytes;
    size_t length;
    const char *alternative; /* "": none is given */
    const char *caption;     /* one line; NULL: none. It stands in the body too (BODY_CAPTION) */
    struct rich_text_picture *next;
};

/* What does not reach the body, or reaches it although somebody may not have meant it to. */
enum rich_text_finding_kind {
    RICH_TEXT_INSERTED,    /* a tracked insertion that nobody has accepted yet: in the body */
    RICH_TEXT_DELETED,     /* a tracked deletion: left out, as are all below */
    RICH_TEXT_MOVED,       /* where a tracked move came from */
    RICH_TEXT_STRUCK,      /* struck through by formatting */
    RICH_TEXT_HIDDEN,      /* hidden text */
    RICH_TEXT_COMMENT,     /* words: who wrote it is not said */
    RICH_TEXT_PAGE_HEADER, /* header and footer of pages */
    RICH_TEXT_FURNITURE,   /* of a page: navigation, header, footer, aside, forms */
    RICH_TEXT_EXTERNAL,    /* a picture that stands elsewhere: words are its address */
    RICH_TEXT_UNREADABLE,  /* a picture that is in the file and has a format that is not shown
                              (EMF, WMF), or is missing: words are its file's name */
    RICH_TEXT_EMBEDDED,    /* an embedded object (a sheet, a film): words are its kind or name */
    RICH_TEXT_MACROS,      /* the file has macros */
    RICH_TEXT_CHART,       /* a chart, diagram or drawing without a picture of it */
    RICH_TEXT_FORMULA,     /* a formula whose parts could not be put in a line */
    RICH_TEXT_FIELD_CODE   /* the instruction of a field: words that nobody sees */
};

struct rich_text_finding {
    enum rich_text_finding_kind kind;
    size_t count;      /* how many */
    size_t letters;    /* letters and digits in them that are not in the body */
    const char *words; /* the first one's, at most 80 characters in one line; "": none */
    const char *lines; /* of page headers, furniture and hidden text: the words of all, a line each;
                          NULL: none */
    struct rich_text_finding *next;
};

enum rich_text_fault {
    RICH_TEXT_FAULT_NONE,
    RICH_TEXT_FAULT_BROKEN,    /* no such file, damaged or cut off */
    RICH_TEXT_FAULT_ENCRYPTED, /* a password is wanted */
    RICH_TEXT_FAULT_OTHER,     /* a whole file of another kind: detail says which ("xlsx") */
    RICH_TEXT_FAULT_TOO_LARGE, /* past a bound: detail says what ("entries", "text", "pictures") */
    RICH_TEXT_FAULT_UNSAFE     /* entries that no such program writes: detail says what */
};

struct rich_text {
    enum rich_text_fault fault; /* all else is empty then */
    const char *detail;         /* for messages; "" */
    struct body_node *body;
    struct rich_text_block *blocks; /* one for each child of the body, in their order */
    struct rich_text_field *fields;
    struct rich_text_picture *pictures; /* in the order in which the body shows them */
    struct rich_text_finding *findings; /* one a kind */
    size_t letters;      /* letters and digits of the file's text, counted apart from the body */
    size_t page_letters; /* of a page: of all that it shows, furniture included; else 0 */
};

enum {
    RICH_TEXT_BYTES_MAXIMUM = 32 * 1024 * 1024,   /* of a file */
    RICH_TEXT_PICTURES_MAXIMUM = 24 * 1024 * 1024 /* bytes of all its pictures */
};

/* What rich_text.so exports. */
struct rich_text_reader {
    int version; /* RICH_TEXT_READER_VERSION */

    /* Once, before the process is confined: opens all that reading would open. */
    void (*start)(const struct html_reader *html);

    /* Never NULL; it lives in arena, as do the pictures' bytes. html: of the process; NULL: no
     * pages are read. */
    const struct rich_text *(*read)(struct arena *arena, enum rich_text_format format,
                                    const struct html_reader *html, const char *bytes,
                                    size_t length);
};

enum { RICH_TEXT_READER_VERSION = 1 }; /* of this header: another installation's is refused */

#define RICH_TEXT_READER_SYMBOL "rich_text_reader"

extern const struct rich_text_reader rich_text_reader;

#endif
