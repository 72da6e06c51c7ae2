/* SPDX-License-Identifier: MIT */
#include "mime_parser/mended.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* From in_copy on, the copy holds what stands in the message from in_message on. */
struct seam {
    size_t in_copy;
    size_t in_message;
};

/* Lines that look like delimiters; GMime makes a part of each, however many there are. What stands
 * behind them is the last part's. */
enum { DELIMITERS_MAXIMUM = 2000 };

struct mending {
    struct mended *mended;
    unsigned delimiters;
    size_t at; /* in the message */
    bool is_in_header;
    bool is_first_header;
    bool is_begun;   /* that header is marked */
    bool is_first;   /* nothing of that header was seen yet */
    bool is_message; /* a message follows it: a header again */
    bool is_type;    /* its Content-Type goes on */
    bool has_type;
    bool is_left_out; /* a field that goes on */
};

size_t mended_line(const char *bytes, size_t length)
{
    const char *end = length ? memchr(bytes, '\n', length) : NULL;
    return end ? (size_t)(end - bytes) + 1 : length;
}

static size_t without_end(const char *line, size_t length)
{
    if (length && line[length - 1] == '\n')
        length--;
    if (length && line[length - 1] == '\r')
        length--;
    return length;
}

bool mended_is_field(const char *line, size_t length)
{
    size_t name = 0;
    while (name < length && line[name] > ' ' && line[name] < 127 && line[name] != ':')
        name++;
    size_t colon = name;
    while (colon < length && (line[colon] == ' ' || line[colon] == '\t'))
        colon++;
    return name > 0 && colon < length && line[colon] == ':';
}

bool mended_is_delimiter(const char *line, size_t length)
{
    return length > 1 && line[0] == '-' && line[1] == '-';
}

/* ---- what is put in, and what is left out ---- */

static void mark_seam(struct mending *mending)
{
    const struct seam seam = { mending->mended->copy.length, mending->at };
    struct string_builder *seams = &mending->mended->seams;
    struct seam last = { .in_copy = SIZE_MAX };
    if (seams->length)
        memcpy(&last, seams->data + seams->length - sizeof last, sizeof last);
    if (last.in_copy == seam.in_copy) /* nothing was put in since */
        string_builder_truncate(seams, seams->length - sizeof last);
    string_builder_append_bytes(seams, &seam, sizeof seam);
}

/* With the line end of the line that follows it, by which GMime goes. */
static void put_line_end(struct mending *mending, const char *line, size_t length)
{
    bool has_return = length > without_end(line, length) + 1 ||
                      (length && line[length - 1] == '\r');
    string_builder_append(&mending->mended->copy, has_return ? "\r\n" : "\n");
}

static void put_empty_line(struct mending *mending, const char *line, size_t length)
{
    put_line_end(mending, line, length);
    mark_seam(mending);
}

/* Where in the message the header stands, as its first field. */
static void put_mark(struct mending *mending, const char *line, size_t length)
{
    struct string_builder *copy = &mending->mended->copy;
    string_builder_append(copy, MENDED_MARK ": ");
    string_builder_append_number(copy, (int64_t)mending->at);
    put_line_end(mending, line, length);
    mark_seam(mending);
    mending->is_begun = true;
}

/* A NUL would end the field for GMime; what stands for it goes with all control characters. */
static void put_line(struct mending *mending, const char *line, size_t length)
{
    struct string_builder *copy = &mending->mended->copy;
    size_t start = copy->length;
    string_builder_append_bytes(copy, line, length);
    for (size_t i = start; mending->is_in_header && i < copy->length; i++)
        if (copy->data[i] == '\0')
            copy->data[i] = '\x01';
    mending->at += length;
}

/* ---- line by line ---- */

static void begin_header(struct mending *mending)
{
    mending->is_in_header = mending->is_first = true;
    mending->is_begun = false;
    mending->is_message = mending->is_type = mending->has_type = false;
}

static void end_header(struct mending *mending, size_t body)
{
    if (mending->is_first_header)
        mending->mended->body = body;
    mending->is_first_header = false;
    mending->is_in_header = false;
    if (mending->is_message)
        begin_header(mending);
}

static bool holds(const char *line, size_t length, const char *word)
{
    size_t word_length = strlen(word);
    for (size_t i = 0; i + word_length <= length; i++)
        if (strncasecmp(line + i, word, word_length) == 0)
            return true;
    return false;
}

static void leave_out(struct mending *mending, size_t length)
{
    mending->at += length;
    mark_seam(mending);
}

/* The line that mailboxes put before a message, or a field that was damaged. */
static bool is_mark(const struct mending *mending, const char *line, size_t length)
{
    size_t left = mending->mended->message_length - mending->at - length;
    const char *next = line + length;
    return mending->is_first && mended_is_field(next, mended_line(next, left));
}

static bool is_named(const char *line, const char *name)
{
    return strncasecmp(line, name, strlen(name)) == 0 && strchr(": \t", line[strlen(name)]);
}

/* GMime makes an object of each field and reads addresses and dates: it gets those alone that say
 * how the message is built. Of two Content-Types it goes by one here and the other there: the first
 * stays. */
static void take_field(struct mending *mending, const char *line, size_t length, bool goes_on)
{
    if (!goes_on) {
        mending->is_type = is_named(line, "Content-Type");
        mending->is_left_out = mending->is_type ? mending->has_type
                                                : !is_named(line, "Content-Transfer-Encoding");
        mending->has_type = mending->has_type || mending->is_type;
    }
    mending->is_first = false;
    if (mending->is_left_out) {
        leave_out(mending, length);
        return;
    }
    mending->is_message = mending->is_message ||
                          (mending->is_type && holds(line, length, "message/"));
    put_line(mending, line, length);
}

static void take_header_line(struct mending *mending, const char *line, size_t length)
{
    bool goes_on = !mending->is_first && (*line == ' ' || *line == '\t');
    if (!mending->is_begun)
        put_mark(mending, line, length);
    if (!without_end(line, length)) {
        put_line(mending, line, length);
        end_header(mending, mending->at);
    } else if (goes_on || mended_is_field(line, length)) {
        take_field(mending, line, length, goes_on);
    } else if (is_mark(mending, line, length)) {
        leave_out(mending, length);
    } else {
        put_empty_line(mending, line, length);
        mending->is_message = false;
        end_header(mending, mending->at);
        put_line(mending, line, length);
    }
}

static void take_line(struct mending *mending, const char *line, size_t length)
{
    if (mended_is_delimiter(line, length)) {
        if (mending->is_in_header) {
            put_empty_line(mending, line, length);
            mending->is_message = false;
            end_header(mending, mending->at);
        }
        put_empty_line(mending, line, length);
        put_line(mending, line, length);
        begin_header(mending);
        mending->delimiters++;
    } else if (mending->is_in_header) {
        take_header_line(mending, line, length);
    } else {
        put_line(mending, line, length);
    }
}

void mended_make(struct mended *mended, const char *message, size_t length)
{
    *mended = (struct mended){ .message = message, .message_length = length, .body = length };
    string_builder_init(&mended->copy, 0);
    string_builder_init(&mended->seams, 0);
    struct mending mending = { .mended = mended, .is_first_header = true };
    begin_header(&mending);
    while (mending.at < length && mending.delimiters < DELIMITERS_MAXIMUM) {
        const char *line = message + mending.at;
        take_line(&mending, line, mended_line(line, length - mending.at));
    }
}

void mended_release(struct mended *mended)
{
    string_builder_release(&mended->copy);
    string_builder_release(&mended->seams);
}

/* ---- back again ---- */

static struct seam seam_at(const struct mended *mended, size_t index)
{
    struct seam seam;
    memcpy(&seam, mended->seams.data + index * sizeof seam, sizeof seam);
    return seam;
}

static size_t in_message(const struct mended *mended, size_t in_copy)
{
    size_t low = 0;
    size_t high = mended->seams.length / sizeof(struct seam);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (seam_at(mended, middle).in_copy <= in_copy)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return in_copy;
    struct seam seam = seam_at(mended, low - 1);
    return seam.in_message + (in_copy - seam.in_copy);
}

const char *mended_body(const struct mended *mended, size_t start, size_t end, size_t *length)
{
    size_t begin = in_message(mended, start);
    bool is_last = end >= mended->copy.length;
    size_t stop = is_last ? mended->message_length : in_message(mended, end);
    const char *body = mended->message + begin;
    *length = stop > begin ? stop - begin : 0;
    /* Before a delimiter stands the empty line that was put in, behind the line end that is its. */
    if (!is_last)
        *length = without_end(body, *length);
    return body;
}
