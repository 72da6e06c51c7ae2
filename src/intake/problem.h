/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PROBLEM_H
#define INTAKE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct language_words;

/* What is wrong with a file of the drop directory, and how it is reported to a press officer. */

/* Everything that intake says of a file, in English and Danish side by side (message.c). {a} and
 * {b} stand for what the caller names. */
enum intake_message_id {
    INTAKE_MESSAGE_NOT_TEXT,
    INTAKE_MESSAGE_TEXT_TOO_LARGE,
    INTAKE_MESSAGE_TEXT_EMPTY,
    INTAKE_MESSAGE_WINDOWS_1252,
    INTAKE_MESSAGE_ENCODING_MIXED,
    INTAKE_MESSAGE_ENCODING_MAC,
    INTAKE_MESSAGE_ENCODING_DOS,
    INTAKE_MESSAGE_ENCODING_UNKNOWN,
    INTAKE_MESSAGE_UTF_16,
    INTAKE_MESSAGE_UTF_16_BROKEN,
    INTAKE_MESSAGE_CONTROL_CHARACTERS,
    INTAKE_MESSAGE_DIRECTION_CHARACTERS,
    INTAKE_MESSAGE_UNREADABLE,
    INTAKE_MESSAGE_READER_DIED,
    INTAKE_MESSAGE_READER_HUNG,
    INTAKE_MESSAGE_READER_STARVED,
    INTAKE_MESSAGE_READER_FLOODED,
    INTAKE_MESSAGE_IS_LINK,
    INTAKE_MESSAGE_NOT_A_FILE,
    INTAKE_MESSAGE_IS_FIFO,
    INTAKE_MESSAGE_IS_SOCKET,
    INTAKE_MESSAGE_IS_DEVICE,
    INTAKE_MESSAGE_NOT_THERE,
    INTAKE_MESSAGE_UNUSABLE,
    INTAKE_MESSAGE_FORMAT_UNREAD,
    INTAKE_MESSAGE_FRONT_MATTER_OPEN,
    INTAKE_MESSAGE_FIELDS_BROKEN,
    INTAKE_MESSAGE_FIELDS_TWICE,
    INTAKE_MESSAGE_KEY_UNKNOWN,
    INTAKE_MESSAGE_KEY_NEAR,
    INTAKE_MESSAGE_KEY_OTHER,
    INTAKE_MESSAGE_KEYS_ARE,
    INTAKE_MESSAGE_KEY_TWICE,
    INTAKE_MESSAGE_KEY_INDENTED,
    INTAKE_MESSAGE_LINE_WRONG,
    INTAKE_MESSAGE_COMMENT_BEHIND,
    INTAKE_MESSAGE_HASH_IS_TEXT,
    INTAKE_MESSAGE_BRACKETS_WRONG,
    INTAKE_MESSAGE_QUOTES_WRONG,
    INTAKE_MESSAGE_CHARACTER_WRONG,
    INTAKE_MESSAGE_HEADER_TOO_LARGE,
    INTAKE_MESSAGE_TEXT_WANTED,
    INTAKE_MESSAGE_VALUE_EMPTY,
    INTAKE_MESSAGE_ANSWER_WRONG,
    INTAKE_MESSAGE_STATUS_WRONG,
    INTAKE_MESSAGE_TIME_WRONG,
    INTAKE_MESSAGE_TIME_IMPOSSIBLE,
    INTAKE_MESSAGE_TIME_NO_YEAR,
    INTAKE_MESSAGE_TIME_WEEKDAY,
    INTAKE_MESSAGE_TIME_TWO_WAYS,
    INTAKE_MESSAGE_TIME_OTHER_ZONE,
    INTAKE_MESSAGE_LANGUAGE_WRONG,
    INTAKE_MESSAGE_NAME_WRONG,
    INTAKE_MESSAGE_TYPE_WRONG,
    INTAKE_MESSAGE_TOPIC_WRONG,
    INTAKE_MESSAGE_TOPICS_TOO_MANY,
    INTAKE_MESSAGE_TYPE_NEAR,
    INTAKE_MESSAGE_ID_WRONG,
    INTAKE_MESSAGE_TITLE_MISSING,
    INTAKE_MESSAGE_TITLE_LONG,
    INTAKE_MESSAGE_TITLE_TOO_LONG,
    INTAKE_MESSAGE_TEXT_MISSING,
    INTAKE_MESSAGE_EMBARGO_UNTIL,
    INTAKE_MESSAGE_EMBARGO_NO_DAY,
    INTAKE_MESSAGE_EMBARGO_NO_TIME,
    INTAKE_MESSAGE_EMBARGO_NO_YEAR,
    INTAKE_MESSAGE_EMBARGO_WEEKDAY,
    INTAKE_MESSAGE_EMBARGO_TWO_WAYS,
    INTAKE_MESSAGE_EMBARGO_OTHER_ZONE,
    INTAKE_MESSAGE_EMBARGO_IMPOSSIBLE,
    INTAKE_MESSAGE_EMBARGO_TORN,
    INTAKE_MESSAGE_EMBARGO_DISAGREES,
    INTAKE_MESSAGE_EMBARGO_PAST,
    INTAKE_MESSAGE_EMBARGO_LEFT_OUT,
    INTAKE_MESSAGE_WAIT_WITHOUT_TIME,
    INTAKE_MESSAGE_EVENT_TO_PASTE,
    INTAKE_MESSAGE_CONTACT_NAME,
    INTAKE_MESSAGE_EMAIL_WRONG,
    INTAKE_MESSAGE_FILE_KEY,
    INTAKE_MESSAGE_FILE_NAME,
    INTAKE_MESSAGE_ALT_MISSING,
    INTAKE_MESSAGE_EVENT_WANTED,
    INTAKE_MESSAGE_EVENT_START,
    INTAKE_MESSAGE_EVENT_END,
    INTAKE_MESSAGE_EVENT_MIXED,
    INTAKE_MESSAGE_BOTH_SAY,
    INTAKE_MESSAGE_BODY_TOO_LARGE,
    INTAKE_MESSAGE_LINK_LEFT_OUT,
    INTAKE_MESSAGE_LINK_CHARACTER,
    INTAKE_MESSAGE_LINK_USER,
    INTAKE_MESSAGE_LINK_NOWHERE,
    INTAKE_MESSAGE_PICTURE_ELSEWHERE,
    INTAKE_MESSAGE_LINK_ANCHOR,
    INTAKE_MESSAGE_LINK_TITLE,
    INTAKE_MESSAGE_LINK_IN_PICTURE,
    INTAKE_MESSAGE_ADDRESS_UNUSED,
    INTAKE_MESSAGE_HTML_LEFT_OUT,
    INTAKE_MESSAGE_HTML_LINK,
    INTAKE_MESSAGE_HTML_PICTURE,
    INTAKE_MESSAGE_HTML_HIDDEN,
    INTAKE_MESSAGE_STRUCK,
    INTAKE_MESSAGE_CODE_INFORMATION,
    INTAKE_MESSAGE_WIRE_NOT_A_RELEASE,
    INTAKE_MESSAGE_WIRE_ZONE,
    INTAKE_MESSAGE_WIRE_TIME,
    INTAKE_MESSAGE_WIRE_KIND,
    INTAKE_MESSAGE_WIRE_FILE,
    INTAKE_MESSAGE_WIRE_PUBLISHER,
    INTAKE_MESSAGE_WIRE_TITLE,
    INTAKE_MESSAGE_FURNITURE_LEFT_OUT,
    INTAKE_MESSAGE_CONTACTS_LEFT_OUT,
    INTAKE_MESSAGE_FILES_LEFT_OUT,
    INTAKE_MESSAGE_ABOUT_LEFT_OUT,
    INTAKE_MESSAGE_PAGE_LEFT_OUT,
    INTAKE_MESSAGE_LOOKS_LIKE_MARKDOWN,
    INTAKE_MESSAGE_LINE_ALONE,
    INTAKE_MESSAGE_COPIED_MAIL,
    INTAKE_MESSAGE_ASSET_MISSING,
    INTAKE_MESSAGE_ASSET_LINK,
    INTAKE_MESSAGE_ASSET_OUTSIDE,
    INTAKE_MESSAGE_ASSET_FOLDER,
    INTAKE_MESSAGE_ASSET_SPECIAL,
    INTAKE_MESSAGE_ASSET_UNREADABLE,
    INTAKE_MESSAGE_ASSET_TOO_LARGE,
    INTAKE_MESSAGE_ASSET_UNUSABLE,
    INTAKE_MESSAGE_ASSET_KIND,
    INTAKE_MESSAGE_ASSET_EMPTY,
    INTAKE_MESSAGE_ASSET_CUT,
    INTAKE_MESSAGE_ASSET_WITHOUT, /* a: another message */
    INTAKE_MESSAGE_PICTURE_NONE,
    INTAKE_MESSAGE_PICTURE_CUT,
    INTAKE_MESSAGE_PICTURE_DAMAGED,
    INTAKE_MESSAGE_PICTURE_CODING,
    INTAKE_MESSAGE_PICTURE_TOO_LARGE,
    INTAKE_MESSAGE_PICTURE_TOO_HEAVY,
    INTAKE_MESSAGE_PICTURE_FATAL,
    INTAKE_MESSAGE_PICTURE_STILL,
    INTAKE_MESSAGE_PICTURE_SAYS,
    INTAKE_MESSAGE_PICTURE_SAYS_MORE,
    INTAKE_MESSAGE_PICTURE_EMBARGO,
    INTAKE_MESSAGE_ASSET_SVG,
    INTAKE_MESSAGE_ASSET_NOT_IMAGE,
    INTAKE_MESSAGE_ASSET_LIES,
    INTAKE_MESSAGE_ASSET_LEFT_OUT,
    INTAKE_MESSAGE_ASSET_TOO_MANY,
    INTAKE_MESSAGE_FOLDER_NO_TEXT,
    INTAKE_MESSAGE_FOLDER_EMPTY,
    INTAKE_MESSAGE_FOLDER_BAD_NAME,
    INTAKE_MESSAGE_FOLDER_TWO_TEXTS,
    INTAKE_MESSAGE_FOLDER_TOO_MANY,
    INTAKE_MESSAGE_FOLDER_UNREADABLE,
    INTAKE_MESSAGE_COPY,
    INTAKE_MESSAGE_REUSED,
    INTAKE_MESSAGE_ID_TAKEN,
    INTAKE_MESSAGE_ID_CHANGED,
    INTAKE_MESSAGE_TRANSLATION_UNKNOWN,
    INTAKE_MESSAGE_VERSION_ALONE,
    INTAKE_MESSAGE_VERSION_REFUSED_ORIGINAL,
    INTAKE_MESSAGE_VERSION_LANGUAGE,
    INTAKE_MESSAGE_TRANSLATION_OF_VERSION,
    INTAKE_MESSAGE_TRANSLATION_SELF,
    INTAKE_MESSAGE_TRANSLATION_CHANGED,
    INTAKE_MESSAGE_TRANSLATION_TWICE,
    INTAKE_MESSAGE_PUBLIC_DRAFT,
    INTAKE_MESSAGE_PUBLIC_LATER,
    INTAKE_MESSAGE_PUBLIC_EARLIER,
    INTAKE_MESSAGE_NOTHING_CHANGED,
    INTAKE_MESSAGE_WITHDRAWN_STAYS,
    INTAKE_MESSAGE_VERSION_WAITS,
    INTAKE_MESSAGE_SIDECAR_ALONE,
    INTAKE_MESSAGE_HELD,
    INTAKE_MESSAGE_SIDECAR_NAME,
    INTAKE_MESSAGE_SIDECAR_GONE,
    INTAKE_MESSAGE_EMBARGO_GONE, /* a: what the file said */
    INTAKE_MESSAGE_PUBLIC_WAITS,
    INTAKE_MESSAGE_DUPLICATES,
    INTAKE_MESSAGE_NEAR_DUPLICATES,
    INTAKE_MESSAGE_NEAR_DUPLICATE,
    INTAKE_MESSAGE_FORMAT_NONE,
    INTAKE_MESSAGE_ORPHAN,
    INTAKE_MESSAGE_SIDECAR_EMPTY,
    INTAKE_MESSAGE_ID_COUNT
};

/* Whether notes in this language are written in Danish; in English otherwise. */
bool intake_message_is_danish(const char *language);

/* The pattern, for strings_format(). Static. */
const char *intake_message_pattern(enum intake_message_id id, bool danish);

/* What becomes of the file for it. */
enum intake_severity {
    INTAKE_ADVICE,  /* used as it is, could be better: said by `check` and in the log only */
    INTAKE_NOTICE,  /* nothing is wrong, but somebody should know: said in a note too */
    INTAKE_WARNING, /* used, but something that the file asks for is not done: said in a note too */
    INTAKE_REFUSED  /* not used; the last good revision stays */
};

/* One thing wrong with a file of the drop directory, in two forms: for logs and programs in
 * English, for the press officer in the newsroom's language. Both are "what is wrong; what to do",
 * one line. */
struct intake_problem {
    enum intake_severity severity;
    const char *file; /* within the drop directory: "x.md", "folder/text.md", "x.yaml" */
    int line;         /* counted from 1; 0: the file as a whole */
    const char *message;
    const char *note;
    struct intake_problem *next;
    const struct intake_message_parts *parts; /* where the list keeps it; else NULL */
};

/* The parts of a message, from which another process makes it again: its values as they were
 * given, cut where they would not be shown. */
struct intake_message_parts {
    enum intake_message_id id;
    const char *values[3];
};

/* At most so many are kept of one release, and as many that decide what becomes of it (refusals
 * and notices): a hundred warnings must not hide why a file is refused, or until when it is held.
 * Further ones are only counted, and so are repetitions for the same line. */
enum { INTAKE_PROBLEM_MAXIMUM = 50 };

struct intake_problem_list {
    struct arena *arena;  /* borrowed; what all of it lives in */
    const char *language; /* of the notes: "da…" Danish, everything else English */
    const char *file;     /* stamped on each problem added from now on; borrowed */
    struct intake_problem *first;
    size_t kept;
    size_t kept_decisive;
    size_t refused; /* how many of severity INTAKE_REFUSED, those not kept included */
    size_t warnings;
    size_t notices;
    size_t advice;
    bool keeps_parts;        /* each problem from now on keeps the parts of its message */
    size_t letters_left_out; /* letters and digits of the text that are not words of the release,
                                because they were reported or are marks (intake/left_out.h): with
                                those of the release they are all that came in */
};

void intake_problem_list_init(struct intake_problem_list *list, struct arena *arena,
                              const char *language, const char *file);

/* Adds a message of our own; a and b fill its {a} and {b}, NULL where it has none. Control
 * characters are replaced and long values cut, so that it stays one readable line. */
void intake_problem_add(struct intake_problem_list *list, enum intake_severity severity, int line,
                        enum intake_message_id id, const char *a, const char *b);

/* The same with a third, {c}, which is cut later: a list of what could stand there. A value that is
 * another in each language is the English one, this mark, and the Danish one. */
#define INTAKE_VALUE_DANISH "\x1F"
void intake_problem_add_three(struct intake_problem_list *list, enum intake_severity severity,
                              int line, enum intake_message_id id, const char *a, const char *b,
                              const char *c);

/* Such a value: the weekday (1 Monday … 7 Sunday) in both languages, in arena. */
const char *intake_value_weekday(struct arena *arena, const struct language_words *words,
                                 int weekday);

/* The message id within another: its words become that one's {a}. */
void intake_problem_add_within(struct intake_problem_list *list, enum intake_severity severity,
                               int line, enum intake_message_id frame, enum intake_message_id id,
                               const char *a, const char *b, const char *c);

/* to becomes a copy of from, all of it in arena. */
void intake_problem_list_copy(struct intake_problem_list *to,
                              const struct intake_problem_list *from, struct arena *arena);

/* "releases/x.md:3: what is wrong; what to do", with drop_directory ("releases") before the file;
 * in arena. */
const char *intake_problem_line(struct arena *arena, const char *drop_directory,
                                const struct intake_problem *problem);

#endif
