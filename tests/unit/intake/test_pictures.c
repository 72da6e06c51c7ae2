/* SPDX-License-Identifier: MIT */
/* What pictures say of themselves, and what becomes of a release with one that cannot be read. */
#include "pictures.h"

#include "intake/picture_fields.h"
#include "picture/picture.h"

static const char *const text = "Broen over sundet er åben igen, og der er plads til cykler.\n";

#define XMP_CREDIT "<photoshop:Credit>Nordhav Foto</photoshop:Credit>"
#define XMP_CREATOR "<dc:creator><rdf:Seq><rdf:li>Anna Holm</rdf:li></rdf:Seq></dc:creator>"
#define XMP_TEXT(element, value)                                                                   \
    "<" element "><rdf:Alt><rdf:li xml:lang=\"x-default\">" value "</rdf:li></rdf:Alt></" element  \
    ">"
#define XMP_ALT XMP_TEXT("Iptc4xmpCore:AltTextAccessibility", "En bro over vand")
#define XMP_CAPTION XMP_TEXT("dc:description", "Broen ved Ådal i juni.")

static const struct release_asset *asset_of(struct stage *stage, const char *path)
{
    return stage_release(stage, path)->assets;
}

static const char *note_of(struct stage *stage, const char *path)
{
    const char *note = stage_read(stage, arena_format(&stage->arena, "%s.problems.txt", path));
    return note ? note : "";
}

static void assert_noted(struct stage *stage, const char *path, const char *words)
{
    if (!strstr(note_of(stage, path), words))
        fail_msg("no “%s” in: %s", words, note_of(stage, path));
}

static void what_a_picture_says_fills_what_the_release_leaves_empty(void **state)
{
    struct stage *stage = *state;
    stage_put_xmp(stage, "bro.jpg", XMP_CREDIT XMP_CREATOR XMP_ALT XMP_CAPTION);
    stage_write(stage, "a.md", "Broen", "images: [{file: bro.jpg, caption: Broen i dag}]\n", text);
    stage_write(stage, "b.md", "Cykler", "", "Der er nu plads til alle.\n\n![](bro.jpg)\n");
    assert_int_equal(stage_run(stage)->added, 2);
    const struct release_asset *asset = asset_of(stage, "a.md");
    assert_string_equal(asset->credit, "Anna Holm / Nordhav Foto");
    assert_string_equal(asset->alt, "En bro over vand");
    assert_string_equal(asset->caption, "Broen i dag");
    assert_int_equal(asset->from_picture, RELEASE_FROM_PICTURE_ALT | RELEASE_FROM_PICTURE_CREDIT);
    assert_null(asset->shown_type);
    assert_noted(stage, "a.md",
                 "bro.jpg: taget fra billedet selv: fotograf “Anna Holm / Nordhav Foto”,"
                 " alternativ tekst “En bro over vand”; skriv det i meddelelsen");
    asset = asset_of(stage, "b.md");
    assert_string_equal(asset->caption, "Broen ved Ådal i juni.");
    const struct body_node *image = stage_release(stage, "b.md")->body->first_child->next;
    while (image->kind != BODY_IMAGE)
        image = image->first_child;
    assert_string_equal(image->text, "En bro over vand");
    assert_int_equal(stage_run(stage)->unchanged, 2);
    /* Saved again without a change, it is no other release. */
    stage_write(stage, "b.md", "Cykler", "", "Der er nu plads til alle.\n\n![](bro.jpg)\n");
    assert_int_equal(stage_run(stage)->changed, 0);
    assert_int_equal(stage_row(stage, "b.md")->revision, 1);
}

static void a_credit_is_chosen_as_an_editor_would(void **state)
{
    static const struct {
        const char *creator;
        const char *credit;
        const char *copyright;
        const char *chosen;
    } cases[] = {
        { NULL, NULL, NULL, NULL },
        { "Anna Holm", NULL, NULL, "Anna Holm" },
        { NULL, "Nordhav Foto", NULL, "Nordhav Foto" },
        { "Anna Holm", "Nordhav Foto", "© 2026 Nordhav", "Anna Holm / Nordhav Foto" },
        { "Anna Holm", "Anna Holm/Nordhav Foto", NULL, "Anna Holm/Nordhav Foto" },
        { "anna holm", "Anna Holm", NULL, "Anna Holm" },
        { "Anna Holm, Bo Friis", "Anna Holm", NULL, "Anna Holm, Bo Friis" },
        { "Anna Holm, Bo Friis", "Anna Holm/Nordhav", NULL, "Anna Holm/Nordhav" },
        { "Anna Holm", "Foto: Nordhav", NULL, "Foto: Nordhav" },
        { NULL, NULL, "© 2026 Region Nordhav", "© 2026 Region Nordhav" },
        { NULL, NULL, "(c) 2026", NULL },
        { NULL, NULL, "Copyright © 2025-2026.", NULL },
        { "Picasa", NULL, NULL, NULL },
        { "unknown", "-", "  ", NULL },
        { "Picasa", "Nordhav Foto", NULL, "Nordhav Foto" },
    };

    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct picture_rights rights = { .creator = cases[i].creator,
                                               .credit = cases[i].credit,
                                               .copyright = cases[i].copyright };
        struct release_asset asset = { .file = "a.jpg" };
        picture_fields_fill(&asset, &rights, &arena);
        const char *chosen = asset.credit;
        if (cases[i].chosen)
            assert_string_equal(chosen ? chosen : "", cases[i].chosen);
        else
            assert_null(chosen);
    }
    arena_release(&arena);
}

static void what_cameras_write_is_no_caption(void **state)
{
    static const char *const captions[] = { "OLYMPUS DIGITAL CAMERA", "DCIM\\100MEDIA\\DJI_1.JPG",
                                            "DSC_0012.JPG", "  ", "2026" };
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof captions / sizeof captions[0]; i++) {
        struct release_asset asset = { .file = "a.jpg" };
        const struct picture_rights rights = { .caption = captions[i] };
        picture_fields_fill(&asset, &rights, &stage->arena);
        assert_null(asset.caption);
        assert_int_equal(asset.from_picture, 0);
    }
}

static void an_embargo_in_a_picture_is_reported_and_not_shown(void **state)
{
    struct stage *stage = *state;
    stage_put_xmp(stage, "bro.jpg", XMP_TEXT("dc:description", "EMBARGO: 1. juli 2026 kl. 6"));
    stage_write(stage, "a.md", "Broen", "images: [{file: bro.jpg, alt: Broen}]\n", text);
    assert_int_equal(stage_run(stage)->added, 1);
    assert_null(asset_of(stage, "a.md")->caption);
    assert_noted(stage, "a.md", "lyder som en embargo og er udeladt");
}

static void a_moving_picture_says_that_it_stands_still(void **state)
{
    struct stage *stage = *state;
    stage_put_bytes(stage, "bro.gif", (const char *)picture_gif, sizeof picture_gif);
    stage_write(stage, "a.md", "Broen", "images: [{file: bro.gif, alt: Broen}]\n", text);
    assert_int_equal(stage_run(stage)->added, 1);
    assert_noted(stage, "a.md", "bro.gif: bevæger sig, men vises som et stillbillede");
}

/* A PNG of 30,000 × 30,000 pixels of 16 bits, which are wanted all at once (interlaced). */
static void put_giant(struct stage *stage, const char *path)
{
    /* clang-format off */
    static const unsigned char giant[] = {
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48,
        0x44, 0x52, 0x00, 0x00, 0x75, 0x30, 0x00, 0x00, 0x75, 0x30, 0x10, 0x06, 0x00, 0x00,
        0x01, 0x41, 0xB0, 0x14, 0x6F, 0x00, 0x00, 0x00, 0x0C, 0x49, 0x44, 0x41, 0x54, 0x78,
        0x9C, 0x63, 0x60, 0xA0, 0x3D, 0x00, 0x00, 0x00, 0x64, 0x00, 0x01, 0x86, 0x64, 0x3C,
        0x35, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
    };
    /* clang-format on */
    stage_put_bytes(stage, path, (const char *)giant, sizeof giant);
}

static void put_bad(struct stage *stage, const char *path, int kind)
{
    static const char cut_pdf[] = "%PDF-1.7\n1 0 obj\n";
    if (kind == 0)
        stage_put_bytes(stage, path, (const char *)picture_jpeg, sizeof picture_jpeg - 20);
    else if (kind == 1)
        stage_put(stage, path, "<!doctype html><title>Log ind</title>");
    else if (kind == 2)
        stage_put(stage, path, cut_pdf);
    else if (kind == 3)
        put_giant(stage, path);
    else
        stage_put(stage, path, "");
}

static const struct {
    const char *file;
    int kind;
    const char *fields;
    const char *words;
} bad[] = {
    { "bro.jpg", 0, "images: [{file: bro.jpg, alt: x}]\n",
      "bro.jpg: billedet er ikke helt, det mangler sin ende; kopiér det hertil igen" },
    { "bro.jpg", 1, "images: [{file: bro.jpg, alt: x}]\n",
      "bro.jpg: er ikke et billede, selv om navnet siger det" },
    { "bro.heic", 1, "images: [{file: bro.heic, alt: x}]\n",
      "bro.heic: er ikke et billede, selv om navnet siger det" },
    { "plan.pdf", 2, "documents: [{file: plan.pdf}]\n",
      "plan.pdf: filen er ikke hel, den mangler sin ende; kopiér den hertil igen" },
    { "bro.png", 3, "images: [{file: bro.png, alt: x}]\n", "bro.png: billedet er for stort" },
    { "bro.jpg", 4, "images: [{file: bro.jpg, alt: x}]\n",
      "bro.jpg: filen er tom; kopiér den hertil igen" },
    { "bro.jpg", 0, "documents: [{file: bro.jpg}]\n", "bro.jpg: billedet er ikke helt" },
};

static void a_release_waits_for_a_bad_file_that_it_names(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "god.md", "Den gode", "", "Havnen får en ny mole til efteråret.\n");
    assert_int_equal(stage_run(stage)->added, 1);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        stage_write(stage, "a.md", "Broen", bad[i].fields, text);
        put_bad(stage, bad[i].file, bad[i].kind);
        assert_int_equal(stage_run(stage)->refused, 1);
        stage_assert_refused(stage, "a.md", bad[i].words);
        assert_int_equal(stage_run(stage)->still_refused, 1);
        stage_remove_file(stage, bad[i].file);
    }
    stage_put_jpeg(stage, "bro.jpg", "");
    stage_write(stage, "a.md", "Broen", "images: [{file: bro.jpg, alt: x}]\n", text);
    assert_int_equal(stage_run(stage)->added, 1);
    assert_string_equal(note_of(stage, "a.md"), "");
}

static void a_release_goes_out_without_a_bad_file_that_lies_beside_it(void **state)
{
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *folder = arena_format(&stage->arena, "mappe%zu", i);
        const char *path = arena_format(&stage->arena, "%s/tekst.md", folder);
        const char *file = arena_format(&stage->arena, "%s/%s", folder, bad[i].file);
        put_bad(stage, file, bad[i].kind);
        stage_write(stage, path, arena_format(&stage->arena, "Broen nummer %zu", i), "",
                    arena_format(&stage->arena, "%s\nDet er nummer %zu.\n", text, i));
        assert_int_equal(stage_run(stage)->added, 1);
        assert_null(asset_of(stage, arena_format(&stage->arena, "%s/", folder)));
        assert_noted(stage, path, bad[i].words);
        assert_noted(stage, path, "(indtil da udgives meddelelsen uden)");
        stage_remove_file(stage, file);
        stage_put_jpeg(stage, file, folder);
        (void)stage_run(stage);
    }
}

/* Sizes in words, which is what tells what to do. */
static void a_picture_too_large_says_how_large_it_may_be(void **state)
{
    struct stage *stage = *state;
    put_giant(stage, "bro.png");
    stage_write(stage, "a.md", "Broen", "images: [{file: bro.png, alt: x}]\n", text);
    (void)stage_run(stage);
    const char *note = note_of(stage, "a.md");
    if (!strstr(note, " GB hukommelse, og der er ") ||
        !strstr(note, "gør det mindre, højst ca. ") || !strstr(note, " megapixel"))
        fail_msg("%s", note);
}

#define STAGE_TEST(name) cmocka_unit_test_setup_teardown(name, stage_setup_pictures, stage_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(what_a_picture_says_fills_what_the_release_leaves_empty),
        cmocka_unit_test(a_credit_is_chosen_as_an_editor_would),
        STAGE_TEST(what_cameras_write_is_no_caption),
        STAGE_TEST(an_embargo_in_a_picture_is_reported_and_not_shown),
        STAGE_TEST(a_moving_picture_says_that_it_stands_still),
        STAGE_TEST(a_release_waits_for_a_bad_file_that_it_names),
        STAGE_TEST(a_release_goes_out_without_a_bad_file_that_lies_beside_it),
        STAGE_TEST(a_picture_too_large_says_how_large_it_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
