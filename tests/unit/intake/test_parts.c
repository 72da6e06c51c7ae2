/* SPDX-License-Identifier: MIT */
/* A picture that came within the release's own file: through the border of the confined process
 * and into state/, as if it lay beside the text. */
#include "pictures.h"

#include "intake/fields.h"
#include "intake/reading_packet.h"
#include "release/body.h"
#include "release/release.h"

/* A format of our own: "BOX", a NUL, and then a JPEG. */
#define BOX_MARK "BOX"

enum { BOX_HEAD = sizeof BOX_MARK };

static size_t parts_made; /* of each box */

static void box_read(struct intake_reading *reading)
{
    const struct intake_source *source = reading->source;
    assert_true(source->length > BOX_HEAD);
    assert_memory_equal(source->bytes, BOX_MARK, BOX_HEAD);
    reading->release->title = "Tre nye huse i Vesterhavn";
    reading->text = "Husene åbner til august.";
    struct body_node *paragraph = body_append(reading->arena, reading->release->body,
                                              BODY_PARAGRAPH);
    body_append_text(reading->arena, paragraph, reading->text, strlen(reading->text));
    for (size_t i = 1; i <= parts_made; i++) {
        const char *name = arena_format(reading->arena, "billede %zu.jpg", i);
        struct release_asset *asset = fields_asset(reading, RELEASE_IMAGE, name, 0, false);
        asset->alt = "Et hus";
        struct intake_part *part = arena_allocate(reading->arena, sizeof *part);
        *part = (struct intake_part){ .name = asset->file,
                                      .bytes = source->bytes + BOX_HEAD,
                                      .length = source->length - BOX_HEAD,
                                      .next = reading->parts };
        reading->parts = part;
    }
}

static const struct intake_format box_format = { "md", "box", box_read, false };

/* Both sides of the border in this process. */
static bool box_reader_read(struct intake_reader *reader, struct arena *arena,
                            const struct intake_source *source, struct intake_text *text,
                            struct intake_problem_list *problems, struct error *error)
{
    struct arena there = { 0 };
    struct intake_source box = *source;
    struct intake_problem_list found;
    struct intake_text read;
    struct string_builder reply;
    (void)reader;
    (void)error;
    box.format = &box_format;
    intake_problem_list_init(&found, &there, box.name);
    intake_read_source(&there, &box, &read, &found);
    string_builder_init(&reply, 0);
    reading_put_text(&reply, &box, &read, &found);
    arena_release(&there);
    bool is_believed = reading_take_text(reply.data, reply.length, arena, source, text, problems);
    string_builder_release(&reply);
    assert_true(is_believed);
    return true;
}

static struct intake_reader box_reader = { .open = reader_here_open,
                                           .read = box_reader_read,
                                           .close = reader_here_close };

static void stage_put_box(struct stage *stage, const char *path)
{
    char box[BOX_HEAD + sizeof picture_jpeg];
    memcpy(box, BOX_MARK, BOX_HEAD);
    memcpy(box + BOX_HEAD, picture_jpeg, sizeof picture_jpeg);
    stage_put_bytes(stage, path, box, sizeof box);
    stage->settings.reader = &box_reader;
}

static void a_picture_within_the_file_is_an_asset_of_the_release(void **state)
{
    struct stage *stage = *state;
    struct string_builder copy;
    struct error error = { 0 };
    parts_made = 2;
    stage_put_box(stage, "huse.md");
    assert_int_equal(stage_run(stage)->added, 1);
    const struct release_asset *asset = stage_release(stage, "huse.md")->assets;
    assert_string_equal(asset->file, "billede 1.jpg");
    assert_string_equal(asset->media_type, "image/jpeg");
    assert_string_equal(asset->alt, "Et hus");
    assert_int_equal(asset->size_bytes, sizeof picture_jpeg);
    assert_string_equal(asset->next->file, "billede 2.jpg");
    assert_true(hash_equal(&asset->hash, &asset->next->hash));
    string_builder_init(&copy, 0);
    assert_true(
        file_read(stage->state, release_asset_path(&stage->arena, &asset->hash), &copy, &error));
    assert_int_equal(copy.length, sizeof picture_jpeg);
    assert_memory_equal(copy.data, picture_jpeg, sizeof picture_jpeg);
    string_builder_release(&copy);
    assert_int_equal(stage_run(stage)->unchanged, 1);
}

/* One of that name beside the text is another picture. */
static void the_picture_within_goes_before_the_one_in_the_folder(void **state)
{
    struct stage *stage = *state;
    parts_made = 1;
    stage_put_box(stage, "huse/presse.md");
    stage_put_bytes(stage, "huse/billede 1.jpg", (const char *)picture_png, sizeof picture_png);
    assert_int_equal(stage_run(stage)->added, 1);
    const struct release_asset *asset = stage_release(stage, "huse/")->assets;
    assert_string_equal(asset->media_type, "image/jpeg");
    assert_null(asset->next);
}

/* What comes over the border is looked at like any file. */
static void what_is_no_picture_refuses_the_release(void **state)
{
    struct stage *stage = *state;
    parts_made = 1;
    stage_put_bytes(stage, "huse.md", BOX_MARK "\0 kun ord", BOX_HEAD + 8);
    stage->settings.reader = &box_reader;
    (void)stage_run(stage);
    stage_assert_refused(stage, "huse.md", "billede 1.jpg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_picture_within_the_file_is_an_asset_of_the_release,
                                        stage_setup_pictures, stage_teardown),
        cmocka_unit_test_setup_teardown(the_picture_within_goes_before_the_one_in_the_folder,
                                        stage_setup_pictures, stage_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_picture_refuses_the_release,
                                        stage_setup_pictures, stage_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
