/* SPDX-License-Identifier: MIT */
/* Documents that somebody copied half: each kind whole, and cut at every byte. */
#include "cmocka_all.h"

#include "base/string_builder.h"
#include "intake/document_end.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void put(struct string_builder *text, uint64_t number, int count, bool is_big)
{
    for (int i = 0; i < count; i++) {
        int place = is_big ? count - 1 - i : i;
        char byte = (char)(place < 8 ? number >> 8 * place : 0);
        string_builder_append_bytes(text, &byte, 1);
    }
}

static void put_filling(struct string_builder *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        string_builder_append_bytes(text, "\x55", 1);
}

static bool is_whole(const struct string_builder *text, size_t length, const char *media_type)
{
    int file = memfd_create("document", MFD_CLOEXEC);
    assert_true(file >= 0);
    assert_int_equal(write(file, text->data, length), length);
    bool whole = document_has_end(file, media_type, (int64_t)length);
    (void)close(file);
    return whole;
}

/* ---- one of each kind ---- */

static void make_pdf(struct string_builder *text)
{
    string_builder_append(text,
                          "%PDF-1.7\n%%EOF\n"); /* the first end, of one that was changed later */
    put_filling(text, 3000);
    string_builder_append(text, "startxref\n9\n%%EOF");
}

static void make_zip(struct string_builder *text)
{
    static const char *const comment = "pakket i Nordhav";
    string_builder_append(text, "PK\x03\x04");
    put_filling(text, 2000);
    size_t directory = text->length;
    string_builder_append(text, "PK\x01\x02");
    put_filling(text, 60);
    size_t length = text->length - directory;
    string_builder_append(text, "PK\x05\x06");
    put(text, 0, 4, false);
    put(text, 1, 2, false);
    put(text, 1, 2, false);
    put(text, length, 4, false);
    put(text, directory, 4, false);
    put(text, strlen(comment), 2, false);
    string_builder_append(text, comment);
}

/* A document whose table, at the front, has three more sectors in use, the last of them short. */
static void make_ole(struct string_builder *text)
{
    string_builder_append_bytes(text, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    put(text, 0, 22, false);
    put(text, 9, 2, false); /* sectors of 512 bytes */
    put(text, 0, 12, false);
    put(text, 1, 4, false); /* one sector of table */
    put(text, 0, 20, false);
    put(text, 0xFFFFFFFE, 4, false);
    put(text, 0, 4, false);
    put(text, 0, 4, false); /* the table is sector 0 */
    for (int i = 1; i < 109; i++)
        put(text, 0xFFFFFFFF, 4, false);
    assert_int_equal(text->length, 512);
    put(text, 0xFFFFFFFD, 4, false);
    for (int i = 0; i < 3; i++)
        put(text, 0xFFFFFFFE, 4, false);
    for (int i = 4; i < 128; i++)
        put(text, 0xFFFFFFFF, 4, false);
    put_filling(text, 2 * 512 + 1);
}

static void make_film(struct string_builder *text)
{
    put(text, 16, 4, true);
    string_builder_append(text, "ftypmp42");
    put(text, 0, 4, true);
    put(text, 1, 4, true);
    string_builder_append(text, "mdat");
    put(text, 416, 8, true);
    put_filling(text, 400);
    put(text, 108, 4, true);
    string_builder_append(text, "moov");
    put_filling(text, 100);
}

static void make_webm(struct string_builder *text)
{
    string_builder_append_bytes(text, "\x1A\x45\xDF\xA3\x84", 5);
    put_filling(text, 4);
    string_builder_append_bytes(text, "\x18\x53\x80\x67\x41\x00", 6); /* 256 bytes */
    put_filling(text, 256);
}

static void make_wav(struct string_builder *text)
{
    string_builder_append(text, "RIFF");
    put(text, 204, 4, false);
    string_builder_append(text, "WAVE");
    put_filling(text, 200);
}

static void documents_that_are_cut_have_no_end(void **state)
{
    static const struct {
        void (*make)(struct string_builder *text);
        const char *media_type;
        size_t from;  /* shorter ones end where an earlier state of it did */
        size_t slack; /* bytes at the end that nobody misses */
    } cases[] = {
        { make_pdf, "application/pdf", 1040, 0 },
        { make_zip, "application/zip", 9, 0 },
        { make_zip, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", 9,
          0 },
        { make_zip, "application/vnd.oasis.opendocument.spreadsheet", 9, 0 },
        { make_ole, "application/msword", 9, 0 },
        { make_ole, "application/vnd.ms-excel", 9, 0 },
        { make_film, "video/mp4", 9, 0 },
        { make_film, "video/quicktime", 9, 0 },
        { make_film, "audio/mp4", 9, 0 },
        { make_webm, "video/webm", 9, 0 },
        { make_wav, "audio/wav", 9, 1 }, /* what makes an odd length even */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct string_builder text;
        string_builder_init(&text, 0);
        cases[i].make(&text);
        if (!is_whole(&text, text.length, cases[i].media_type))
            fail_msg("%s: whole, and said to be cut", cases[i].media_type);
        for (size_t length = cases[i].from; length + cases[i].slack < text.length; length++)
            if (is_whole(&text, length, cases[i].media_type))
                fail_msg("%s: cut at %zu of %zu, and said to be whole", cases[i].media_type, length,
                         text.length);
        string_builder_release(&text);
    }
}

/* What no half-copied file is like stays what it was. */
static void documents_of_no_kind_that_tells_its_end_are_whole(void **state)
{
    struct string_builder text;
    (void)state;
    string_builder_init(&text, 0);
    string_builder_append(&text, "navn;antal\n");
    assert_true(is_whole(&text, text.length, "text/csv"));
    string_builder_clear(&text);
    string_builder_append_bytes(&text, "\x1A\x45\xDF\xA3\x80\x18\x53\x80\x67\xFF",
                                10); /* live: no length */
    assert_true(is_whole(&text, text.length, "video/webm"));
    string_builder_clear(&text);
    string_builder_append(&text, "RIFF");
    put(&text, 0xFFFFFFFF, 4, false); /* written while it was recorded */
    string_builder_append(&text, "WAVE");
    assert_true(is_whole(&text, text.length, "audio/wav"));
    string_builder_clear(&text);
    make_film(&text);
    string_builder_append(&text, "\1\2\3"); /* bytes behind the last box */
    assert_true(is_whole(&text, text.length, "video/mp4"));
    string_builder_clear(&text);
    make_pdf(&text);
    put_filling(&text, 1000); /* a signature's or a mail program's tail */
    assert_true(is_whole(&text, text.length, "application/pdf"));
    put_filling(&text, 100);
    assert_false(is_whole(&text, text.length, "application/pdf"));
    string_builder_release(&text);
}

/* A sound file with a tag in front, whose first frame says how many bytes there are. */
static void a_sound_file_says_how_long_it_is(void **state)
{
    struct string_builder text;
    (void)state;
    string_builder_init(&text, 0);
    string_builder_append_bytes(&text, "ID3\4\0\0\0\0\1\0", 10); /* 128 bytes of tag */
    put_filling(&text, 128);
    string_builder_append_bytes(&text, "\xFF\xFB\x90\x64", 4);
    put(&text, 0, 32, true);
    string_builder_append(&text, "Info");
    put(&text, 3, 4, true);
    put(&text, 100, 4, true);
    put(&text, 40000, 4, true);
    put_filling(&text, 40000 - 52);
    assert_true(is_whole(&text, text.length, "audio/mpeg"));
    assert_true(is_whole(&text, text.length - 100, "audio/mpeg")); /* counted by another rule */
    assert_false(is_whole(&text, 20000, "audio/mpeg"));
    assert_false(is_whole(&text, 100, "audio/mpeg"));
    string_builder_release(&text);
}

/* Records whose numbers lead out of the file, round in circles or past the end of counting. */
static void numbers_of_a_stranger_lead_nowhere(void **state)
{
    static const char *const types[] = { "application/pdf", "application/zip", "application/msword",
                                         "video/mp4",       "video/webm",      "audio/wav",
                                         "audio/mpeg" };

    (void)state;
    struct string_builder text;
    string_builder_init(&text, 0);
    make_ole(&text);
    memset(text.data + 44, 0xFF, 4); /* four milliards of tables */
    assert_false(is_whole(&text, text.length, "application/msword"));
    memcpy(text.data + 44, "\2\0\0", 4);
    memset(text.data + 68, 0, 4); /* further numbers stand in the table itself, and so on */
    (void)is_whole(&text, text.length, "application/msword");
    string_builder_clear(&text);
    put_filling(&text, 5000);
    memset(text.data, 0xFF, 5000);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        for (size_t length = 0; length <= 5000; length += 625)
            (void)is_whole(&text, length, types[i]);
    memset(text.data, 0, 5000);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        (void)is_whole(&text, 5000, types[i]);
    string_builder_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_that_are_cut_have_no_end),
        cmocka_unit_test(documents_of_no_kind_that_tells_its_end_are_whole),
        cmocka_unit_test(a_sound_file_says_how_long_it_is),
        cmocka_unit_test(numbers_of_a_stranger_lead_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
