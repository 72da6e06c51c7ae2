/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_MESSAGE_H
#define INTAKE_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "locale/language_words.h"

struct arena;
struct civil_time;
struct strings;
struct zone;

/* What intake says to a press officer, as data: which message, and the values that stand in it. Its
 * words are made when it is shown, in the language of whoever reads it. */

/* Every text of templates/languages/LANG/notes.yaml, whose keys are these names in small letters:
 * first what is said of a file, then what such a message may hold ({a}, {b} and {c} stand for the
 * values), then what stands around them in a note. */
#define INTAKE_MESSAGES(X)                                                                         \
    X(NOT_TEXT)                                                                                    \
    X(TEXT_TOO_LARGE)                                                                              \
    X(TEXT_EMPTY)                                                                                  \
    X(WINDOWS_1252)                                                                                \
    X(ENCODING_MIXED)                                                                              \
    X(ENCODING_MAC)                                                                                \
    X(ENCODING_DOS)                                                                                \
    X(ENCODING_UNKNOWN)                                                                            \
    X(UTF_16)                                                                                      \
    X(UTF_16_BROKEN)                                                                               \
    X(CONTROL_CHARACTERS)                                                                          \
    X(DIRECTION_CHARACTERS)                                                                        \
    X(UNREADABLE)                                                                                  \
    X(READER_DIED)                                                                                 \
    X(READER_HUNG)                                                                                 \
    X(READER_STARVED)                                                                              \
    X(READER_FLOODED)                                                                              \
    X(IS_LINK)                                                                                     \
    X(NOT_A_FILE)                                                                                  \
    X(IS_FIFO)                                                                                     \
    X(IS_SOCKET)                                                                                   \
    X(IS_DEVICE)                                                                                   \
    X(NOT_THERE)                                                                                   \
    X(FORMAT_UNREAD)                                                                               \
    X(FORMAT_PAGES)                                                                                \
    X(FORMAT_PDF)                                                                                  \
    X(FORMAT_MSG)                                                                                  \
    X(FORMAT_RENAME)                                                                               \
    X(FORMAT_LIES)                                                                                 \
    X(FORMAT_NO_TEXT)                                                                              \
    X(FOLDER_UNREAD)                                                                               \
    X(ORPHAN_PDF)                                                                                  \
    X(MAIL_NONE)                                                                                   \
    X(MAIL_ENCRYPTED)                                                                              \
    X(MAIL_TOO_LARGE)                                                                              \
    X(MAIL_REPORT)                                                                                 \
    X(MAIL_EMPTY)                                                                                  \
    X(MAIL_FORWARDED)                                                                              \
    X(MAIL_SEVERAL)                                                                                \
    X(MAIL_UNCLEAR)                                                                                \
    X(MAIL_ATTACHED)                                                                               \
    X(MAIL_COVER)                                                                                  \
    X(MAIL_QUOTED)                                                                                 \
    X(MAIL_SIGNATURE)                                                                              \
    X(MAIL_SUBJECT)                                                                                \
    X(MAIL_MESSAGE)                                                                                \
    X(MAIL_TNEF)                                                                                   \
    X(MAIL_PICTURE)                                                                                \
    X(SAVE_AS_TEXT)                                                                                \
    X(SAVE_AS_WORD)                                                                                \
    X(FRONT_MATTER_OPEN)                                                                           \
    X(FIELDS_BROKEN)                                                                               \
    X(FIELDS_TWICE)                                                                                \
    X(KEY_UNKNOWN)                                                                                 \
    X(KEY_NEAR)                                                                                    \
    X(KEY_OTHER)                                                                                   \
    X(KEY_INNER)                                                                                   \
    X(KEYS_ARE)                                                                                    \
    X(KEY_TWICE)                                                                                   \
    X(KEY_INDENTED)                                                                                \
    X(COLON_MISSING)                                                                               \
    X(LINE_WRONG)                                                                                  \
    X(COMMENT_BEHIND)                                                                              \
    X(HASH_IS_TEXT)                                                                                \
    X(BRACKETS_WRONG)                                                                              \
    X(QUOTES_WRONG)                                                                                \
    X(CHARACTER_WRONG)                                                                             \
    X(HEADER_TOO_LARGE)                                                                            \
    X(TEXT_WANTED)                                                                                 \
    X(VALUE_EMPTY)                                                                                 \
    X(ANSWER_WRONG)                                                                                \
    X(CHANGES_WRONG)                                                                               \
    X(STATUS_WRONG)                                                                                \
    X(TIME_EMPTY)                                                                                  \
    X(TIME_WRONG)                                                                                  \
    X(TIME_IMPOSSIBLE)                                                                             \
    X(TIME_NO_YEAR)                                                                                \
    X(TIME_WEEKDAY)                                                                                \
    X(TIME_TWO_WAYS)                                                                               \
    X(TIME_OTHER_ZONE)                                                                             \
    X(LANGUAGE_WRONG)                                                                              \
    X(NAME_WRONG)                                                                                  \
    X(TYPE_WRONG)                                                                                  \
    X(TOPIC_WRONG)                                                                                 \
    X(TOPICS_TOO_MANY)                                                                             \
    X(TYPE_NEAR)                                                                                   \
    X(ID_WRONG)                                                                                    \
    X(TITLE_MISSING)                                                                               \
    X(TITLE_LONG)                                                                                  \
    X(TITLE_TOO_LONG)                                                                              \
    X(TEXT_MISSING)                                                                                \
    X(EMBARGO_UNTIL)                                                                               \
    X(EMBARGO_NO_DAY)                                                                              \
    X(EMBARGO_NO_TIME)                                                                             \
    X(EMBARGO_NO_YEAR)                                                                             \
    X(EMBARGO_WEEKDAY)                                                                             \
    X(EMBARGO_TWO_WAYS)                                                                            \
    X(EMBARGO_OTHER_ZONE)                                                                          \
    X(EMBARGO_IMPOSSIBLE)                                                                          \
    X(EMBARGO_TORN)                                                                                \
    X(EMBARGO_DISAGREES)                                                                           \
    X(EMBARGO_PAST)                                                                                \
    X(PUBLISHED_PAST)                                                                              \
    X(TEMPLATE_LEFT)                                                                               \
    X(EMBARGO_LEFT_OUT)                                                                            \
    X(WAIT_WITHOUT_TIME)                                                                           \
    X(EVENT_NONE)                                                                                  \
    X(EVENT_TO_PASTE)                                                                              \
    X(CONTACT_NAME)                                                                                \
    X(EMAIL_WRONG)                                                                                 \
    X(FILE_KEY)                                                                                    \
    X(FILE_NAME)                                                                                   \
    X(ALT_MISSING)                                                                                 \
    X(PROOF_NO_CONTACT)                                                                            \
    X(PROOF_HEADING)                                                                               \
    X(PROOF_LINK)                                                                                  \
    X(PROOF_ANCHOR)                                                                                \
    X(PROOF_LIX)                                                                                   \
    X(PROOF_WEEKDAY)                                                                               \
    X(PROOF_SPELLING)                                                                              \
    X(PROOF_PDF)                                                                                   \
    X(PROOF_DISAGREES)                                                                             \
    X(PROOF_DIFFERS)                                                                               \
    X(PROOF_MISSING)                                                                               \
    X(EVENT_WANTED)                                                                                \
    X(EVENT_START)                                                                                 \
    X(EVENT_END)                                                                                   \
    X(EVENT_MIXED)                                                                                 \
    X(BOTH_SAY)                                                                                    \
    X(BODY_TOO_LARGE)                                                                              \
    X(LINK_LEFT_OUT)                                                                               \
    X(LINK_CHARACTER)                                                                              \
    X(LINK_USER)                                                                                   \
    X(LINK_NOWHERE)                                                                                \
    X(PICTURE_ELSEWHERE)                                                                           \
    X(LINK_ANCHOR)                                                                                 \
    X(LINK_TITLE)                                                                                  \
    X(LINK_IN_PICTURE)                                                                             \
    X(ADDRESS_UNUSED)                                                                              \
    X(HTML_LEFT_OUT)                                                                               \
    X(HTML_LINK)                                                                                   \
    X(HTML_PICTURE)                                                                                \
    X(HTML_HIDDEN)                                                                                 \
    X(STRUCK)                                                                                      \
    X(CODE_INFORMATION)                                                                            \
    X(WIRE_NOT_A_RELEASE)                                                                          \
    X(WIRE_ZONE)                                                                                   \
    X(WIRE_TIME)                                                                                   \
    X(WIRE_KIND)                                                                                   \
    X(WIRE_FILE)                                                                                   \
    X(WIRE_PUBLISHER)                                                                              \
    X(WIRE_TITLE)                                                                                  \
    X(FURNITURE_LEFT_OUT)                                                                          \
    X(CONTACTS_LEFT_OUT)                                                                           \
    X(FILES_LEFT_OUT)                                                                              \
    X(ABOUT_LEFT_OUT)                                                                              \
    X(PAGE_LEFT_OUT)                                                                               \
    X(LOOKS_LIKE_MARKDOWN)                                                                         \
    X(LINE_ALONE)                                                                                  \
    X(COPIED_MAIL)                                                                                 \
    X(KEY_TWICE_HERE)                                                                              \
    X(RICH_BROKEN)                                                                                 \
    X(RICH_ENCRYPTED)                                                                              \
    X(RICH_OTHER)                                                                                  \
    X(RICH_TOO_LARGE)                                                                              \
    X(RICH_UNSAFE)                                                                                 \
    X(FIELDS_IN_DOCUMENT)                                                                          \
    X(PAGE_PART)                                                                                   \
    X(FOUND_INSERTED)                                                                              \
    X(FOUND_DELETED)                                                                               \
    X(FOUND_MOVED)                                                                                 \
    X(FOUND_STRUCK)                                                                                \
    X(FOUND_HIDDEN)                                                                                \
    X(FOUND_COMMENT)                                                                               \
    X(FOUND_PAGE_HEADER)                                                                           \
    X(FOUND_FURNITURE)                                                                             \
    X(FOUND_EXTERNAL)                                                                              \
    X(FOUND_UNREADABLE)                                                                            \
    X(FOUND_EMBEDDED)                                                                              \
    X(FOUND_MACROS)                                                                                \
    X(FOUND_CHART)                                                                                 \
    X(FOUND_FORMULA)                                                                               \
    X(ASSET_MISSING_NEAR)                                                                          \
    X(ASSET_MISSING)                                                                               \
    X(ASSET_LINK)                                                                                  \
    X(ASSET_OUTSIDE)                                                                               \
    X(ASSET_FOLDER)                                                                                \
    X(ASSET_SPECIAL)                                                                               \
    X(ASSET_UNREADABLE)                                                                            \
    X(ASSET_TOO_LARGE)                                                                             \
    X(ASSET_KIND)                                                                                  \
    X(ASSET_EMPTY)                                                                                 \
    X(ASSET_CUT)                                                                                   \
    X(ASSET_WITHOUT)                                                                               \
    X(PICTURE_NONE)                                                                                \
    X(PICTURE_CUT)                                                                                 \
    X(PICTURE_DAMAGED)                                                                             \
    X(PICTURE_CODING)                                                                              \
    X(PICTURE_TOO_LARGE)                                                                           \
    X(PICTURE_TOO_HEAVY)                                                                           \
    X(PICTURE_FATAL)                                                                               \
    X(PICTURE_STILL)                                                                               \
    X(PICTURE_SAYS)                                                                                \
    X(PICTURE_SAYS_MORE)                                                                           \
    X(PICTURE_EMBARGO)                                                                             \
    X(ASSET_SVG)                                                                                   \
    X(ASSET_NOT_IMAGE)                                                                             \
    X(ASSET_LIES)                                                                                  \
    X(ASSET_LEFT_OUT)                                                                              \
    X(ASSET_TOO_MANY)                                                                              \
    X(FOLDER_NO_TEXT)                                                                              \
    X(FOLDER_EMPTY)                                                                                \
    X(FOLDER_BAD_NAME)                                                                             \
    X(FOLDER_TWO_TEXTS)                                                                            \
    X(FOLDER_TOO_MANY)                                                                             \
    X(FOLDER_UNREADABLE)                                                                           \
    X(COPY)                                                                                        \
    X(REUSED)                                                                                      \
    X(ID_TAKEN)                                                                                    \
    X(ID_CHANGED)                                                                                  \
    X(TRANSLATION_UNKNOWN)                                                                         \
    X(VERSION_ALONE)                                                                               \
    X(VERSION_REFUSED_ORIGINAL)                                                                    \
    X(VERSION_LANGUAGE)                                                                            \
    X(TRANSLATION_OF_VERSION)                                                                      \
    X(TRANSLATION_SELF)                                                                            \
    X(TRANSLATION_CHANGED)                                                                         \
    X(TRANSLATION_TWICE)                                                                           \
    X(PUBLIC_DRAFT)                                                                                \
    X(PUBLIC_LATER)                                                                                \
    X(PUBLIC_EARLIER)                                                                              \
    X(NOTHING_CHANGED)                                                                             \
    X(WITHDRAWN_STAYS)                                                                             \
    X(WITHDRAWN_BY_PLACE)                                                                          \
    X(PLACE_PUBLIC_DRAFT)                                                                          \
    X(MAILING_TAKEN_BACK)                                                                          \
    X(PLACE_DRAFT)                                                                                 \
    X(PLACE_NO_DATE)                                                                               \
    X(PLACE_WITHDRAWN)                                                                             \
    X(PLACE_NEAR)                                                                                  \
    X(CHANGES_WAIT)                                                                                \
    X(CHANGES_WAIT_PUBLIC)                                                                         \
    X(CHANGES_WAIT_APPROVER)                                                                       \
    X(CHANGES_YES)                                                                                 \
    X(CHANGES_DRAFT)                                                                               \
    X(CHANGES_DRAFT_ALONE)                                                                         \
    X(CHANGES_ACCEPTED)                                                                            \
    X(CHANGES_ACCEPTED_SHOWN)                                                                      \
    X(VERSION_WAITS)                                                                               \
    X(SIDECAR_ALONE)                                                                               \
    X(HELD)                                                                                        \
    X(SIDECAR_NAME)                                                                                \
    X(SIDECAR_GONE)                                                                                \
    X(EMBARGO_GONE)                                                                                \
    X(PUBLIC_WAITS)                                                                                \
    X(DUPLICATES)                                                                                  \
    X(NEAR_DUPLICATES)                                                                             \
    X(NEAR_DUPLICATE)                                                                              \
    X(FORMAT_NONE)                                                                                 \
    X(ORPHAN_PACKED)                                                                               \
    X(ORPHAN)                                                                                      \
    X(STATUS_PAGE_TAKEN)                                                                           \
    X(ORPHAN_NEAR)                                                                                 \
    X(NAME_BAD)                                                                                    \
    X(GONE_PUBLIC)                                                                                 \
    X(GONE_WAITS)                                                                                  \
    X(MAIL_TOO_OLD)                                                                                \
    X(MAIL_NO_FEED)                                                                                \
    X(MAIL_FORGOTTEN)                                                                              \
    X(MAIL_HELD)                                                                                   \
    X(PICTURE_UNMADE)                                                                              \
    X(PAGE_UNMADE)                                                                                 \
    X(MANY_GONE)                                                                                   \
    X(MANY_HELD)                                                                                   \
    X(MANY_STRAY)                                                                                  \
    X(MANY_UNMAILED)                                                                               \
    X(MANY_FILE)                                                                                   \
    X(MANY_PATH)                                                                                   \
    X(MANY_MORE)                                                                                   \
    X(SIDECAR_EMPTY)                                                                               \
    X(PICTURE_CREDIT)                                                                              \
    X(PICTURE_ALT)                                                                                 \
    X(PICTURE_CAPTION)                                                                             \
    X(PICTURE_AND)                                                                                 \
    X(PICTURE_MEMORY)                                                                              \
    X(PICTURE_PIXELS)                                                                              \
    X(SIZE_MEGABYTES)                                                                              \
    X(SIZE_GIGABYTES)                                                                              \
    X(STATUS_DRAFT)                                                                                \
    X(KIND_JPEG)                                                                                   \
    X(KIND_PNG)                                                                                    \
    X(KIND_GIF)                                                                                    \
    X(KIND_WEBP)                                                                                   \
    X(KIND_TIFF)                                                                                   \
    X(KIND_HEIC)                                                                                   \
    X(KIND_AVIF)                                                                                   \
    X(KIND_PDF)                                                                                    \
    X(KIND_ZIP)                                                                                    \
    X(KIND_FILM)                                                                                   \
    X(KIND_SOUND)                                                                                  \
    X(KIND_CSV)                                                                                    \
    X(KIND_OFFICE)                                                                                 \
    X(KIND_RTF)                                                                                    \
    X(KIND_DOC)                                                                                    \
    X(KIND_MSG)                                                                                    \
    X(KIND_PAGES)                                                                                  \
    X(KIND_DOCX)                                                                                   \
    X(KIND_ODT)                                                                                    \
    X(KIND_PICTURE)                                                                                \
    X(FILE_REFUSED)                                                                                \
    X(FILE_REFUSED_END)                                                                            \
    X(FILE_WARNING)                                                                                \
    X(FILE_WARNING_END)                                                                            \
    X(FILE_NOTICE)                                                                                 \
    X(FILE_NOTICE_END)                                                                             \
    X(FILE_GONE)                                                                                   \
    X(FILE_GONE_END)                                                                               \
    X(FILE_STRAY)                                                                                  \
    X(FILE_STRAY_END)                                                                              \
    X(FILE_MANY)                                                                                   \
    X(FILE_MANY_END)                                                                               \
    X(MANY_NAME)                                                                                   \
    X(AT_LINE)                                                                                     \
    X(AT_FILE)                                                                                     \
    X(AT_FILE_LINE)                                                                                \
    X(INSTANT)                                                                                     \
    X(INSTANT_WRITTEN)

#define INTAKE_MESSAGE_ID(name) INTAKE_MESSAGE_##name,

enum intake_message_id { INTAKE_MESSAGES(INTAKE_MESSAGE_ID) INTAKE_MESSAGE_ID_COUNT };

#undef INTAKE_MESSAGE_ID

enum intake_value_kind {
    INTAKE_VALUE_TEXT, /* as a file, or another module, has it; shown without control characters */
    INTAKE_VALUE_WORD, /* our name for something, shown as the language's people write it */
    INTAKE_VALUE_TIME, /* a minute as clocks here show it */
    INTAKE_VALUE_WRITTEN_TIME, /* the same as somebody writes it into a file, who may copy it */
    INTAKE_VALUE_MESSAGE       /* another message, shown in its place */
};

struct intake_value {
    enum intake_value_kind kind;
    const char *text; /* the text, NULL for none; the word's English name */
    int64_t number;   /* the word's enum word_group; minutes since 1970-01-01 00:00 of local time */
    const struct intake_message *message;
};

enum { INTAKE_VALUES = 3 };

struct intake_message {
    enum intake_message_id id;
    struct intake_value values[INTAKE_VALUES]; /* {a}, {b}, {c} */
};

/* Values that borrow what they are made of. */
struct intake_value intake_value_given(const char *text);
struct intake_value intake_value_word(enum word_group group, const char *name);
struct intake_value intake_value_weekday(int weekday); /* 1 Monday … 7 Sunday */
struct intake_value intake_value_time(const struct zone *zone, int64_t at);
struct intake_value intake_value_written_time(const struct civil_time *civil);
struct intake_value intake_value_message(const struct intake_message *message);

/* The message's name in small letters, as programs read it and notes.yaml has it; in arena. */
const char *intake_message_name(enum intake_message_id id, struct arena *arena);

/* A copy, all of it in arena, of which long texts are cut: more of them is never shown. */
struct intake_message intake_message_copy(const struct intake_message *message,
                                          struct arena *arena);

bool intake_message_is_same(const struct intake_message *one, const struct intake_message *other);

/* All of it as a text that changes with it, for comparing and for nobody to read; in arena. */
const char *intake_message_code(const struct intake_message *message, struct arena *arena);

/* In which words messages are shown. */
struct intake_wording {
    const struct strings *notes;
    const struct language_words *words; /* NULL: our names */
    const char *language;
};

/* The text before its values are put in (strings_format()). Borrowed from the notes; the message's
 * name where these have none. */
const char *intake_message_pattern(enum intake_message_id id, const struct intake_wording *wording);

/* What the message or the value says, in arena. */
const char *intake_message_show(const struct intake_message *message,
                                const struct intake_wording *wording, struct arena *arena);
const char *intake_value_show(const struct intake_value *value,
                              const struct intake_wording *wording, struct arena *arena);

#endif
