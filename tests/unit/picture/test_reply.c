/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "confined/packet.h"
#include "picture/picture_confined.h"
#include "picture/reply.h"

#include <limits.h>
#include <string.h>

/* What the process that looks at pictures answers, taken by one who trusts it in nothing. */

#define CODE "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"

static const struct picture_facts good = {
    .format = PICTURE_HEIC,
    .width = 4000,
    .height = 3000,
    .is_animated = true,
    .shown = PICTURE_JPEG,
    .needed_bytes = INT64_C(5) << 30,
    .allowed_bytes = 1,
    .rights = { .creator = "Anna Høst, Bo Friis",
                .credit = "Region Nordhav",
                .copyright = "© 2026 Region Nordhav",
                .source_type = CODE,
                .alt = "En bro over en å",
                .caption = "Broen er åben.\n\nFoto fra oven." },
};

static bool take(const struct picture_facts *facts, struct arena *arena,
                 struct picture_facts *taken)
{
    struct string_builder reply;
    string_builder_init(&reply, 0);
    reply_put_facts(&reply, facts);
    bool done = reply_take_facts(reply.data, reply.length, arena, taken);
    string_builder_release(&reply);
    return done;
}

static void is_same_string(const char *one, const char *other)
{
    assert_int_equal(one == NULL, other == NULL);
    if (one)
        assert_string_equal(one, other);
}

static void is_same(const struct picture_facts *one, const struct picture_facts *other)
{
    assert_int_equal(one->format, other->format);
    assert_int_equal(one->trouble, other->trouble);
    assert_int_equal(one->width, other->width);
    assert_int_equal(one->height, other->height);
    assert_int_equal(one->is_animated, other->is_animated);
    assert_int_equal(one->shown, other->shown);
    assert_int_equal(one->needed_bytes, other->needed_bytes);
    assert_int_equal(one->allowed_bytes, other->allowed_bytes);
    is_same_string(one->rights.creator, other->rights.creator);
    is_same_string(one->rights.credit, other->rights.credit);
    is_same_string(one->rights.copyright, other->rights.copyright);
    is_same_string(one->rights.source_type, other->rights.source_type);
    is_same_string(one->rights.alt, other->rights.alt);
    is_same_string(one->rights.caption, other->rights.caption);
}

static void what_was_put_is_taken(void **state)
{
    struct arena arena = { 0 };
    struct picture_facts taken;
    (void)state;
    assert_true(take(&good, &arena, &taken));
    is_same(&good, &taken);
    const struct picture_facts bare = {
        .format = PICTURE_PNG, .width = PICTURE_SIDE_MAXIMUM, .height = 1, .shown = PICTURE_PNG
    };
    assert_true(take(&bare, &arena, &taken));
    is_same(&bare, &taken);
    /* What is too large is told with its size, whatever that is. */
    const struct picture_facts large = { .format = PICTURE_PNG,
                                         .trouble = PICTURE_TOO_LARGE,
                                         .width = INT_MAX,
                                         .height = 1,
                                         .shown = PICTURE_PNG };
    assert_true(take(&large, &arena, &taken));
    is_same(&large, &taken);
    arena_release(&arena);
}

static void is_refused(struct picture_facts facts)
{
    struct arena arena = { 0 };
    struct picture_facts taken;
    assert_false(take(&facts, &arena, &taken));
    arena_release(&arena);
}

static void what_no_reader_says_is_no_answer(void **state)
{
    struct picture_facts facts;
    (void)state;
#define REFUSED(change)                                                                            \
    do {                                                                                           \
        facts = good;                                                                              \
        change;                                                                                    \
        is_refused(facts);                                                                         \
    } while (0)
    REFUSED(facts.format = PICTURE_FORMATS);
    REFUSED(facts.format = PICTURE_UNKNOWN);
    REFUSED(facts.trouble = PICTURE_TROUBLES);
    REFUSED(facts.width = 0);
    REFUSED(facts.height = -1);
    REFUSED(facts.width = PICTURE_SIDE_MAXIMUM + 1);
    REFUSED(facts.shown = PICTURE_GIF);
    REFUSED(facts.shown = PICTURE_UNKNOWN);
    REFUSED(facts.needed_bytes = -1);
    REFUSED(facts.allowed_bytes = INT64_MIN);
    REFUSED(facts.rights.alt = "");
    REFUSED(facts.rights.alt = "\x1b\x07");
    REFUSED(facts.rights.credit = "not \xff UTF-8");
    REFUSED(facts.rights.source_type = "javascript:alert(1)");
    REFUSED(facts.rights.source_type = "http://cv.iptc.org/newscodes/digitalsourcetype/\"><b>");
    char longest[5002];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    REFUSED(facts.rights.caption = longest);
    REFUSED(facts.rights.alt = longest + sizeof longest - 1 - 2001);
    REFUSED(facts.rights.creator = longest + sizeof longest - 1 - 1001);
#undef REFUSED
}

static void what_moves_a_terminal_does_not_come_through(void **state)
{
    struct arena arena = { 0 };
    struct picture_facts taken;
    struct picture_facts facts = good;
    (void)state;
    facts.rights.creator = "An\x1b[2Jna\xe2\x80\xae\xc2\x9bHøst\n";
    facts.rights.caption = "  a\r\rb ";
    assert_true(take(&facts, &arena, &taken));
    assert_string_equal(taken.rights.creator, "An [2Jna Høst");
    assert_string_equal(taken.rights.caption, "a\n\nb");
    arena_release(&arena);
}

/* Neither half an answer nor one and a half is one. */
static void facts_end_where_they_end(void **state)
{
    struct arena arena = { 0 };
    struct picture_facts taken;
    struct string_builder reply;
    (void)state;
    string_builder_init(&reply, 0);
    reply_put_facts(&reply, &good);
    for (size_t length = 0; length < reply.length; length++)
        assert_false(reply_take_facts(reply.data, length, &arena, &taken));
    string_builder_append_character(&reply, '\0');
    assert_false(reply_take_facts(reply.data, reply.length, &arena, &taken));
    string_builder_release(&reply);
    arena_release(&arena);
}

static enum picture_trouble take_image(enum picture_trouble trouble, int width, const char *bytes,
                                       struct picture_image *image)
{
    struct string_builder reply;
    string_builder_init(&reply, 0);
    reply_put_head(&reply, trouble, width, 7);
    string_builder_append(&reply, bytes);
    *image = (struct picture_image){ 0 };
    enum picture_trouble taken = reply_take_image(&reply, PICTURE_JPEG, image);
    if (taken == PICTURE_GOOD) {
        assert_int_equal(image->length, strlen(bytes));
        assert_memory_equal(image->bytes, bytes, image->length);
    }
    string_builder_release(&reply);
    return taken;
}

static void an_image_is_of_the_format_that_was_asked_for(void **state)
{
    static const char jpeg[] = "\xff\xd8\xff\xe0 and so on";
    struct picture_image image;
    struct string_builder empty;
    (void)state;
    assert_int_equal(take_image(PICTURE_GOOD, 9, jpeg, &image), PICTURE_GOOD);
    assert_int_equal(image.width, 9);
    assert_int_equal(image.height, 7);
    assert_int_equal(take_image(PICTURE_DAMAGED, 0, "", &image), PICTURE_DAMAGED);
    assert_int_equal(take_image(PICTURE_GOOD, 9, "", &image), PICTURE_FATAL);
    assert_int_equal(take_image(PICTURE_GOOD, 9, "<html>", &image), PICTURE_FATAL);
    assert_int_equal(take_image(PICTURE_GOOD, 9, "GIF89a", &image), PICTURE_FATAL);
    assert_int_equal(take_image(PICTURE_GOOD, 0, jpeg, &image), PICTURE_FATAL);
    assert_int_equal(take_image(PICTURE_GOOD, -1, jpeg, &image), PICTURE_FATAL);
    assert_int_equal(take_image(PICTURE_GOOD, PICTURE_SIDE_MAXIMUM + 1, jpeg, &image),
                     PICTURE_FATAL);
    assert_int_equal(take_image(PICTURE_TROUBLES, 9, jpeg, &image), PICTURE_FATAL);
    assert_null(image.bytes);
    string_builder_init(&empty, 0);
    string_builder_append(&empty, "");
    assert_int_equal(reply_take_image(&empty, PICTURE_JPEG, &image), PICTURE_FATAL);
    string_builder_release(&empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_taken),
        cmocka_unit_test(what_no_reader_says_is_no_answer),
        cmocka_unit_test(what_moves_a_terminal_does_not_come_through),
        cmocka_unit_test(facts_end_where_they_end),
        cmocka_unit_test(an_image_is_of_the_format_that_was_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
