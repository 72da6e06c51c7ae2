/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "pictures.h"

#include "intake/version_name.h"

static const char text[] =
    "Regionen bygger tolv nye huse ved havnen. De bliver af træ, og de første beboere\n"
    "flytter ind i foråret. Hvert hus har sin egen have.\n";

static void assert_version(struct stage *stage, const char *path, const char *original,
                           const char *language)
{
    const struct release_row *row = stage_row(stage, path);
    assert_int_equal(row->original_row_id, stage_row(stage, original)->row_id);
    assert_string_equal(row->language, language);
}

static void a_name_may_say_its_language(void **state)
{
    struct arena arena = { 0 };

    static const struct {
        const char *name;
        const char *tag;
        const char *stem;
    } names[] = {
        { "huse.en.md", "en", "huse" },
        { "huse.EN.TXT", "en", "huse" },
        { "huse.en-GB.md", "en-GB", "huse" },
        { "huse.nb_NO.markdown", "nb-NO", "huse" },
        { "a b/x.de.md.txt", "de", "a b/x" },
        { "huse.md", NULL, NULL },
        { "en.md", NULL, NULL },
        { ".en.md", NULL, NULL },
        { "huse.zq.md", NULL, NULL },
        { "huse.v2.md", NULL, NULL },
        { "huse.dansk.md", NULL, NULL },
        { "x/.en.md", NULL, NULL },
        { "huse.en.pdf", NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *stem = NULL;
        const char *tag = version_name_tag(&arena, names[i].name, &stem);
        if (!names[i].tag) {
            assert_null(tag);
            continue;
        }
        assert_non_null(tag);
        assert_string_equal(tag, names[i].tag);
        assert_string_equal(stem, names[i].stem);
    }
    arena_release(&arena);
}

static void a_file_beside_its_original_is_its_version(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse.en.md", "Houses", "", text);
    stage_write(stage, "huse.md", "Huse", "type: statement\nembargo: 2026-06-09 06:00\n", text);
    stage_put(stage, "huse.de.txt", "Häuser\n\nDie Region baut zwölf Häuser am Hafen.\n");
    assert_int_equal(stage_run(stage)->added, 3);
    assert_version(stage, "huse.en.md", "huse.md", "en");
    assert_version(stage, "huse.de.txt", "huse.md", "de");
    assert_string_equal(stage_row(stage, "huse.en.md")->type, "statement");
    assert_int_equal(stage_row(stage, "huse.en.md")->due_at, AT("2026-06-09T04:00:00Z"));
    assert_string_equal(stage_release(stage, "huse.en.md")->translation_of,
                        stage_row(stage, "huse.md")->public_id);
    /* Nothing is new in the next run, and an edit stays a version, without its original too. */
    assert_int_equal(stage_run(stage)->unchanged, 3);
    stage_remove_file(stage, "huse.md");
    stage_write(stage, "huse.en.md", "New houses", "language: en-GB\n", text);
    assert_int_equal(stage_run(stage)->changed, 1);
    assert_string_equal(stage_row(stage, "huse.en.md")->language, "en-GB");
}

static void a_folder_has_versions_beside_it(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse/tekst.md", "Huse", "", text);
    stage_write(stage, "huse.en.md", "Houses", "", text);
    assert_int_equal(stage_run(stage)->added, 2);
    assert_version(stage, "huse.en.md", "huse/", "en");
}

static void a_version_alone_waits_for_its_original(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse.en.md", "Houses", "", text);
    assert_int_equal(stage_run(stage)->refused, 1);
    stage_assert_refused(stage, "huse.en.md", "udgaven “en” af huse.md, som ikke findes");
    stage_write(stage, "huse.md", "Huse", "", text);
    assert_int_equal(stage_run(stage)->added, 2);
    assert_version(stage, "huse.en.md", "huse.md", "en");
    assert_null(stage_read(stage, "huse.en.md.problems.txt"));
}

static void a_version_waits_while_its_original_is_refused(void **state)
{
    struct stage *stage = *state;
    stage_put(stage, "huse.md", "---\ntitle: Huse\nembago: 2026-06-12 06:00\n---\nTekst.\n");
    stage_put(stage, "huse.en.md", "---\ntitle: Houses\n---\nTwelve new houses.\n");
    assert_int_equal(stage_run(stage)->refused, 2);
    assert_non_null(strstr(stage_read(stage, "huse.en.md.problems.txt"),
                           "er udgaven “en” af huse.md, som ikke er taget ind"));
    stage_put(stage, "huse.md", "---\ntitle: Huse\nembargo: 2026-06-12 06:00\n---\nTekst.\n");
    assert_int_equal(stage_run(stage)->added, 2);
    assert_int_equal(stage_row(stage, "huse.en.md")->embargo_at,
                     stage_row(stage, "huse.md")->embargo_at);
}

static void the_newsrooms_own_language_makes_an_original(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse.da.md", "Huse", "", text);
    stage_write(stage, "huse.en.md", "Houses", "", text);
    stage_write(stage, "kl.ak.md", "Uden original", "", "En helt anden tekst om vejret.\n");
    assert_int_equal(stage_run(stage)->added, 3);
    assert_version(stage, "huse.en.md", "huse.da.md", "en");
    assert_version(stage, "kl.ak.md", "kl.ak.md", "da");
    assert_version(stage, "huse.da.md", "huse.da.md", "da");
}

static void the_name_and_the_text_agree(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse.md", "Huse", "", text);
    stage_write(stage, "huse.en.md", "Häuser", "language: de\n", text);
    (void)stage_run(stage);
    stage_assert_refused(stage, "huse.en.md", "navnet siger sproget “en”, teksten siger “de”");
}

static void a_language_stands_once(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse.sv.md", "Hus", "id: hus\n", "Regionen bygger hus.\n");
    stage_write(stage, "huse.md", "Huse", "", text);
    (void)stage_run(stage);
    assert_version(stage, "huse.sv.md", "huse.md", "sv");
    stage_write(stage, "noter.sv.md", "Noter", "translation_of: huse\n", text);
    (void)stage_run(stage);
    stage_assert_refused(stage, "noter.sv.md", "findes allerede på “sv”");
}

static void a_file_or_folder_is_named_as_the_original(void **state)
{
    static const char *const names[] = { "Nyt hus ved åen.md", "Nyt hus ved åen",
                                         "releases/Nyt hus ved åen.md",
                                         "\"Nyt hus ved a\\u030Aen\"", NULL };
    static const char *const folders[] = { "Mappe æ", "Mappe æ/", "Mappe æ/tekst.md", NULL };
    struct stage *stage = *state;
    stage_write(stage, "Nyt hus ved åen.md", "Huse", "", text);
    stage_write(stage, "Mappe æ/tekst.md", "Både", "", "Havnen får tre nye både til de små.\n");
    (void)stage_run(stage);
    for (const char *const *name = names; *name; name++) {
        stage_write(stage, "a.md", "Houses",
                    arena_format(&stage->arena, "translation_of: %s\nlanguage: en\n", *name), text);
        assert_int_equal(stage_run(stage)->refused, 0);
        assert_version(stage, "a.md", "Nyt hus ved åen.md", "en");
    }
    for (const char *const *name = folders; *name; name++) {
        stage_write(stage, "b.md", "Boats",
                    arena_format(&stage->arena, "oversættelse af: %s\nsprog: engelsk\n", *name),
                    "The harbour gets three boats.\n");
        assert_int_equal(stage_run(stage)->refused, 0);
        assert_version(stage, "b.md", "Mappe æ/", "en");
    }
    stage_write(stage, "c.md", "Nothing", "translation_of: ../x y\nlanguage: en\n", "Nothing.\n");
    (void)stage_run(stage);
    stage_assert_refused(stage, "c.md", "“oversættelse af” er “../x y”");
}

/* A picture of one point. */

static size_t count_assets(const struct release *release)
{
    size_t count = 0;
    for (const struct release_asset *asset = release->assets; asset; asset = asset->next)
        count++;
    return count;
}

static void a_folder_holds_its_versions(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse/tekst.md", "Huse", "topics: [sundhed]\n", text);
    stage_write(stage, "huse/tekst.en.md", "Houses", "", text);
    stage_put(stage, "huse/tekst.de.txt", "Häuser\n\nDie Region baut zwölf Häuser am Hafen.\n");
    stage_put(stage, "huse/tekst.de.yaml", "emner: [hafen]\n");
    stage_put_jpeg(stage, "huse/hus.jpg", "");
    assert_int_equal(stage_run(stage)->added, 3);
    assert_version(stage, "huse/tekst.en.md", "huse/", "en");
    assert_version(stage, "huse/tekst.de.txt", "huse/", "de");
    assert_string_equal(stage_row(stage, "huse/tekst.en.md")->topics, "sundhed");
    assert_string_equal(stage_row(stage, "huse/tekst.de.txt")->topics, "hafen");
    assert_int_equal(count_assets(stage_release(stage, "huse/")), 1);
    assert_int_equal(count_assets(stage_release(stage, "huse/tekst.en.md")), 1);
    assert_int_equal(stage_run(stage)->unchanged, 3);
    /* One that is wrong is refused alone, with a note of its own, which goes when it is right. */
    stage_write(stage, "huse/tekst.en.md", "Houses", "embago: x\n", text);
    assert_int_equal(stage_run(stage)->refused, 1);
    stage_assert_refused(stage, "huse/tekst.en.md", "embago");
    assert_int_equal(stage_run(stage)->still_refused, 1);
    assert_non_null(stage_read(stage, "huse/tekst.en.md.problems.txt"));
    stage_write(stage, "huse/tekst.en.md", "Houses by the sea", "", text);
    (void)stage_run(stage);
    assert_null(stage_read(stage, "huse/tekst.en.md.problems.txt"));
    assert_string_equal(stage_row(stage, "huse/tekst.en.md")->title, "Houses by the sea");
    /* One that is taken away is missing, and nothing else is. */
    stage_remove_file(stage, "huse/tekst.de.txt");
    stage_remove_file(stage, "huse/tekst.de.yaml");
    assert_int_equal(stage_run(stage)->missing, 1);
}

static void versions_move_into_a_folder(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse.md", "Huse", "", text);
    stage_write(stage, "huse.en.md", "Houses", "", text);
    (void)stage_run(stage);
    const char *public_id = stage_row(stage, "huse.en.md")->public_id;
    stage_remove_file(stage, "huse.md");
    stage_remove_file(stage, "huse.en.md");
    stage_write(stage, "huse/huse.md", "Huse", "", text);
    stage_write(stage, "huse/huse.en.md", "Houses", "", text);
    (void)stage_run(stage);
    assert_string_equal(stage_row(stage, "huse/huse.en.md")->public_id, public_id);
    assert_version(stage, "huse/huse.en.md", "huse/", "en");
    assert_int_equal(stage->counts.added, 0);
}

static void two_texts_of_a_folder_are_refused(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a/en.md", "Houses", "", text);
    stage_write(stage, "a/da.md", "Huse", "", text);
    stage_write(stage, "b/tekst.md", "Både", "", "Havnen får nye både.\n");
    stage_write(stage, "b/andet.en.md", "Boats", "", "The harbour gets boats.\n");
    stage_write(stage, "c/x.da.md", "Veje", "", "Der kommer nye veje til øerne i år.\n");
    stage_write(stage, "c/x.en.md", "Roads", "", "New roads come to the islands this year.\n");
    (void)stage_run(stage);
    assert_int_equal(stage->counts.refused, 2);
    assert_null(stage_row(stage, "b/andet.en.md"));
    assert_version(stage, "c/x.en.md", "c/", "en");
    assert_version(stage, "c/", "c/", "da");
}

int main(void)
{
#define STAGE_TEST(name) cmocka_unit_test_setup_teardown(name, stage_setup_pictures, stage_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_may_say_its_language),
        STAGE_TEST(a_file_beside_its_original_is_its_version),
        STAGE_TEST(a_folder_has_versions_beside_it),
        STAGE_TEST(a_version_alone_waits_for_its_original),
        STAGE_TEST(a_version_waits_while_its_original_is_refused),
        STAGE_TEST(the_newsrooms_own_language_makes_an_original),
        STAGE_TEST(the_name_and_the_text_agree),
        STAGE_TEST(a_language_stands_once),
        STAGE_TEST(a_file_or_folder_is_named_as_the_original),
        STAGE_TEST(a_folder_holds_its_versions),
        STAGE_TEST(versions_move_into_a_folder),
        STAGE_TEST(two_texts_of_a_folder_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
