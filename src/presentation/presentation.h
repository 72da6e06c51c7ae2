/* SPDX-License-Identifier: MIT */
#ifndef PRESENTATION_PRESENTATION_H
#define PRESENTATION_PRESENTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "picture/picture.h"

struct arena;
struct body_image_words;
struct body_node;
struct locale_context;
struct localized_text;
struct newsroom;
struct release;
struct release_asset;
struct release_contact;
struct release_event;
struct release_row;
struct string_builder;
struct strings;

/* What is shown of a release, worked out once from its row, its text, its files and its other
 * languages: pages, lists, feeds, mails, calendars and data all read this and shape nothing again.
 * Pure: no database, no file, nothing rendered. */

/* ---- what it is made with ---- */

/* What the newsroom says of a topic in topics/TOPIC.md: shown above the topic's releases. A topic
 * without one has a page too, as soon as a release names it. */
struct newsroom_topic {
    const char *name;                   /* as releases write it */
    const struct localized_text *title; /* NULL: the name */
    const struct topic_introduction *introductions;
    const struct newsroom_topic *next;
};

struct topic_introduction {
    const char *language;
    const struct body_node *body; /* links to http, https, mailto and tel alone */
    const struct topic_introduction *next;
};

/* All borrowed, for as long as what is presented with it; a unit test writes it as a literal. */
struct presentation_settings {
    const struct newsroom *newsroom;
    const struct strings *strings;
    struct locale_context *locale;
    const struct newsroom_topic *topics;
    const char *home;          /* address of public/, with one slash at its end */
    const char *home_language; /* whose lists stand at home itself: "da" */
    const char *folder;        /* of the release, relative to home; NULL: by its row */
};

/* Absolute address of a path relative to public/. */
const char *presentation_url(const struct presentation_settings *settings, struct arena *arena,
                             const char *path);

/* The language of the lists in which a release stands: "en" for "en-GB". */
const char *presentation_list_language(struct arena *arena, const char *language);

/* "topics/x/" for the home language, "en/topics/x/" for another: relative to public/. */
const char *presentation_list_path(const struct presentation_settings *settings,
                                   struct arena *arena, const char *language, const char *path);

/* "2026-06-07T18:57:25+02:00"; NULL for INSTANT_NONE. */
const char *presentation_datetime(const struct presentation_settings *settings, struct arena *arena,
                                  int64_t instant);

/* "tag:presse.nordhav.example,2026-06-07:KIND/NAME", the same for ever (RFC 4151). */
const char *presentation_tag(const struct presentation_settings *settings, struct arena *arena,
                             const char *kind, const char *name);

/* NULL where the newsroom says nothing of the topic. */
const struct newsroom_topic *newsroom_topic_find(const struct newsroom_topic *topics,
                                                 const char *name);

/* What a topic is called: by its page in topics/, else as a release writes it (label, may be NULL),
 * else by its name. */
const char *presentation_topic_title(const struct presentation_settings *settings,
                                     struct arena *arena, const char *language, const char *name,
                                     const char *label);

/* ---- pictures ---- */

enum {
    PICTURE_SMALL = 640, /* pixels of width: lists */
    PICTURE_WEB = 1200   /* pages, mails and feeds; what is heavy too, however few its pixels */
};

enum picture_size { PICTURE_SIZE_FULL, PICTURE_SIZE_WEB, PICTURE_SIZE_SMALL, PICTURE_SIZES };

/* Pixels of width; 0 for full size. */
extern const int picture_widths[PICTURE_SIZES];

/* A picture in one size, as it was made. */
struct picture_rendition {
    int width; /* 0: not made; what is next larger is shown in its place */
    int height;
    int64_t size_bytes; /* 0: not known */
    bool is_recoded;    /* a JPEG, though the picture at full size is a PNG */
};

/* What a picture of a release is shown as: PICTURE_JPEG or PICTURE_PNG. */
enum picture_format picture_shown(const struct release_asset *asset);

/* How wide a release's page shows its pictures (style.css), for browsers that choose among sizes.
 */
#define PRESENTATION_PICTURE_SIZES "(min-width: 48rem) 44rem, 100vw"

/* ---- parts ---- */

/* Files beside a release's page that others link to. */
#define PRESENTATION_CALENDAR "event.ics"
#define PRESENTATION_PLAIN_TEXT "text.txt"

/* A picture in one size, as it is shown. */
struct presentation_rendition {
    const char *path; /* relative to public/ */
    const char *url;  /* the same, absolute */
    const char *media_type;
    int width;
    int height;
    int64_t size_bytes; /* 0: not known */
};

/* A picture or document. */
struct presentation_file {
    const struct release_asset *asset; /* with alternative text, caption and credit */
    bool is_picture;
    bool is_unreadable;                  /* it is shown as if it were not there */
    bool is_in_text;                     /* the text shows it where it belongs */
    struct presentation_rendition full;  /* of a document all three are that document */
    struct presentation_rendition web;   /* made for pages (PICTURE_WEB); may be full itself */
    struct presentation_rendition small; /* made for lists (PICTURE_SMALL); may be web itself */
};

struct presentation_contact {
    const char *name; /* each NULL where it is not said */
    const char *role;
    const char *department;
    const char *phone;
    const char *phone_url; /* "tel:+4551000014" */
    const char *email;
};

struct presentation_contacts {
    const struct presentation_contact *list;
    size_t count;
};

struct presentation_topic {
    const char *name;
    const char *title; /* in the release's language */
    const char *url;   /* of the list of its releases */
};

struct presentation_version {
    int64_t row_id;
    const char *language;
    const char *title;
    const char *path;
    const char *url;    /* this and the next by presentation_set_versions() */
    const char *invite; /* "Read in English", in its own language */
    bool is_planned;    /* of the same batch as the presentation */
};

struct presentation_event {
    const char *when;     /* "fredag den 12. juni 2026 kl. 10.00–11.30" */
    const char *start;    /* for machines (ISO 8601): "2026-06-12T10:00:00+02:00", "2026-12-15" of
                             an all-day one */
    const char *end;      /* of an all-day one its last day; NULL where it is not given */
    const char *place;    /* NULL */
    const char *calendar; /* address of its PRESENTATION_CALENDAR */
};

/* ---- a release ---- */

/* Strings are those of row and release, or in the arena: all live as long as it does. */
struct presentation {
    struct arena *arena;
    const struct presentation_settings *settings;
    const struct release *release;
    int64_t row_id;
    int64_t original_row_id;
    int64_t revision;
    const char *public_id;
    const char *tag; /* tag: URI */
    const char *language;
    const char *list_language;
    const char *type;
    const char *topic_names;  /* "a b" */
    const char *topic_labels; /* as release_topic_labels() has it */
    const struct presentation_topic *topics;
    size_t topic_count;
    const char *title;
    const char *lead;                       /* one line; "" for none */
    const struct body_node *lead_paragraph; /* what is shown as the lead, with its links; NULL */
    bool lead_is_first_paragraph;           /* which the text then need not show again */
    const char *slug;
    const char *folder; /* "releases/2026/slug/" */
    const char *url;
    int64_t public_at;
    int64_t updated_at; /* in no earlier second than public_at */
    bool is_updated;    /* in a later one */
    bool is_withdrawn;
    int64_t withdrawn_at;
    const char *published_datetime; /* the three for machines (RFC 3339), to the second */
    const char *updated_datetime;
    const char *withdrawn_datetime; /* NULL: it is not */
    const char *reason;             /* of the withdrawal; NULL */
    const char *correction;         /* of what was public before; NULL */
    struct hash content_hash;
    const char *drop_path;                 /* of its file in the drop directory; NULL: none known */
    struct presentation_contacts contacts; /* the newsroom's where it has none of its own */
    bool has_own_contacts;
    const struct presentation_event *event; /* in the release's language; NULL: none */
    struct presentation_file *files;        /* as in the release: pictures first */
    size_t file_count;
    const struct presentation_version *versions; /* this one included */
    size_t version_count;
};

/* Everything but files and versions. The row has slug, year, public_at and updated_at. */
void presentation_init(struct presentation *shown, struct arena *arena,
                       const struct presentation_settings *settings, const struct release_row *row,
                       const struct release *release);

/* False for a release that a new store was recovered with from public/ and whose file it has not
 * seen: what stands there stays, and lists know its title. */
bool presentation_has_text(const struct presentation *shown, const struct release_row *row);

/* Names its pictures and documents, which have no sizes then but those of documents. is_taken:
 * whether another file beside the page has that name. */
void presentation_name_files(struct presentation *shown, bool (*is_taken)(const char *name));

/* Fills the sizes of a picture that was made. */
void presentation_measure(const struct presentation *shown, struct presentation_file *file,
                          const struct picture_rendition *renditions);

/* Takes the versions that are public and not withdrawn, in the order of their row ids: the original
 * then stands first, and each language once. */
void presentation_set_versions(struct presentation *shown, struct presentation_version *versions,
                               size_t count);

/* The file that release text calls name; NULL where there is none, or it is unreadable. */
const struct presentation_file *presentation_find_file(const struct presentation *shown,
                                                       const char *name);

/* The first picture that can be read; NULL. */
const struct presentation_file *presentation_first_picture(const struct presentation *shown);

/* Whether a picture is shown by another file than the one at full size. */
bool presentation_is_shown_smaller(const struct presentation_file *file);

/* The value of a picture's srcset; NULL where pages have it in one width alone. */
const char *presentation_srcset(const struct presentation_file *file, struct arena *arena);

/* Of a list of contacts, a release's or the newsroom's, whose country their numbers are of. */
struct presentation_contacts presentation_contacts_of(struct arena *arena,
                                                      const struct release_contact *contacts,
                                                      const char *country);

/* "Karin Holm, cheflæge, Akutafdelingen, 51 00 00 14, karin@nordhav.example" */
const char *presentation_contact_line(struct arena *arena,
                                      const struct presentation_contact *contact);

/* ---- in words: of the reader's language, which need not be the release's ---- */

/* "Pressemeddelelse"; an own type by its name. */
const char *presentation_type_name(const struct presentation *shown, const char *language);

/* "7. juni 2022 kl. 18.57" */
const char *presentation_date(const struct presentation *shown, const char *language, int64_t at);

/* What is said of a picture: caption, credit, and the one at full size with its words. NULL is
 * absent. is_original: what is shown is the one at full size. */
void presentation_picture_words(const struct presentation_settings *settings, struct arena *arena,
                                const struct presentation_file *file, const char *language,
                                struct body_image_words *words);

/* "PDF, 84 kB" */
const char *presentation_file_words(const struct presentation_settings *settings,
                                    struct arena *arena, const struct presentation_file *file,
                                    const char *language);

/* When an event is, in words and for machines; without the address of its calendar. */
void presentation_tell_event(const struct presentation_settings *settings, struct arena *arena,
                             const char *language, const struct release_event *told,
                             struct presentation_event *event);

/* presentation->event in another language; NULL where it has none. */
const struct presentation_event *presentation_event_in(const struct presentation *shown,
                                                       const char *language);

/* ---- its text ---- */

enum presentation_medium {
    PRESENTATION_PAGE, /* the release's own page: links to its headings lead there */
    PRESENTATION_FEED,
    PRESENTATION_MAIL, /* with the styles that mail readers need */
    PRESENTATION_TEXT  /* a text file beside the page */
};

struct presentation_form {
    enum presentation_medium medium;
    const char *language; /* of the words around pictures; NULL: the release's */
    size_t width;         /* of plain text, in columns; 0: HTML, all addresses absolute */
    bool skip_first_paragraph;
};

/* Writes the release's text, or a part of it, or its lead (presentation->lead_paragraph). */
void presentation_write(const struct presentation *shown, const struct presentation_form *form,
                        const struct body_node *tree, struct string_builder *text);

#endif
