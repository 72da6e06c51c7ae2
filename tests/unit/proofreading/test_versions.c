/* SPDX-License-Identifier: MIT */
/* Each tests/golden/proofreading/pairs/NAME.txt holds a release and its version as a press office
 * writes them, which agree. What is said of them, and of the version once one thing in it has been
 * changed, stands in tests/golden/proofreading/pairs.expected: of each kind of change how many are
 * found, and which are not. A change is made without the help of what is tested: each row of digits
 * gets another last digit, and two of its digits change places; each month, power and name is
 * changed in turn. */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "locale/unicode.h"
#include "proofreading/proofreading.h"
#include "release/body.h"
#include "release/release.h"
#include "unit/golden.h"
#include "unit/words.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

static const char folder[] = TEST_DATA_DIRECTORY "/proofreading/pairs";
static struct language_words *words;
static struct locale_context *locale;

static int set_up(void **state)
{
    struct error error;
    (void)state;
    words = shipped_words();
    locale = locale_context_new("Europe/Copenhagen", &error);
    assert_non_null(locale);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    language_words_free(words);
    locale_context_free(locale);
    return 0;
}

/* "da: title", then paragraphs parted by empty lines. */
static const struct release *release_of(struct arena *arena, const char *text)
{
    struct release *release = arena_allocate(arena, sizeof *release);
    *release = (struct release){ .body = body_new(arena) };
    release->language = arena_copy_bytes(arena, text, 2);
    size_t title = strcspn(text, "\n");
    release->title = arena_copy_bytes(arena, text + 4, title - 4);
    for (text += title; *text;) {
        text += strspn(text, "\n");
        const char *end = strstr(text, "\n\n");
        size_t length = end ? (size_t)(end - text) : strlen(text);
        if (length == 0)
            break;
        struct body_node *node = body_append(arena, release->body, BODY_PARAGRAPH);
        body_append_text(arena, node, text, length);
        text += length;
    }
    return release;
}

/* What is said of a version, in one line; "": nothing. */
static const char *said(struct arena *arena, const char *original, const char *version)
{
    const struct proofreading_settings settings = { .words = words, .locale = locale };
    const struct proofreading_finding *finding = proofreading_compare(
        &settings, arena, release_of(arena, version), release_of(arena, original));
    const char *text = "";
    for (; finding; finding = finding->next)
        text = arena_format(arena, "%s%s%s | %s", text, *text ? "; " : "",
                            finding->quote ? finding->quote : "",
                            finding->other ? finding->other : "");
    return text;
}

/* ---- changes ---- */

struct trial {
    const char *original;
    const char *version;
    const char *before; /* what is said of it as it is */
    struct string_builder missed;
    size_t found;
    size_t count;
};

/* Puts instead of length bytes at offset. */
static void try_change(struct trial *trial, size_t offset, size_t length, const char *instead)
{
    struct arena arena = { 0 };
    const char *changed = arena_format(&arena, "%.*s%s%s", (int)offset, trial->version, instead,
                                       trial->version + offset + length);
    const char *words_said = said(&arena, trial->original, changed);
    bool is_found = strcmp(words_said, trial->before) != 0;
    trial->count++;
    trial->found += is_found;
    if (!is_found)
        string_builder_append_format(
            &trial->missed, "    %.*s → %s in “%.*s”\n", (int)length, trial->version + offset,
            instead, (int)strcspn(trial->version + offset, "\n."), trial->version + offset);
    arena_release(&arena);
}

static void change_digits(struct trial *trial, bool is_swap)
{
    struct arena arena = { 0 };
    const char *text = trial->version;
    for (size_t i = 0; text[i];) {
        size_t length = strspn(text + i, "0123456789");
        if (length == 0) {
            i++;
            continue;
        }
        char *instead = arena_copy_bytes(&arena, text + i, length);
        char *last = &instead[length - 1];
        bool is_other = !is_swap || (length > 1 && last[0] != last[-1]);
        char digit = *last;
        if (is_swap && is_other) {
            *last = last[-1];
            last[-1] = digit;
        } else {
            *last = digit == '9' ? '8' : (char)(digit + 1);
        }
        if (is_other)
            try_change(trial, i, length, instead);
        i += length;
    }
    arena_release(&arena);
}

/* Each word of the group in the version's language becomes the one behind it in the group. */
static void change_words(struct trial *trial, enum word_group group, size_t names)
{
    struct arena arena = { 0 };
    const char *text = trial->version;
    const char *const *list = word_group_names(group);
    const char *language = arena_copy_bytes(&arena, text, 2);
    for (size_t i = 0; text[i];) {
        size_t length = strcspn(text + i, " .,;:()\n-");
        const char *folded = unicode_fold(&arena, arena_copy_bytes(&arena, text + i, length));
        const struct language_word *word = length > 2 ? language_words_find(words, group, language,
                                                                            folded, true)
                                                      : NULL;
        for (size_t k = 0; word && k < names; k++)
            if (strcmp(list[k], word->name) == 0)
                try_change(trial, i, length,
                           language_words_show(words, group, language, list[(k + 1) % names]));
        i += length + (text[i + length] != '\0');
    }
    arena_release(&arena);
}

static size_t capital_word(const char *text)
{
    size_t length = 0;
    if (!isupper((unsigned char)*text))
        return 0;
    while ((unsigned char)text[length] >= 0x80 || isalpha((unsigned char)text[length]))
        length++;
    return length >= 4 ? length : 0;
}

/* Of two words with capitals that stand in both texts, one gets another letter in its middle. */
static void change_names(struct trial *trial)
{
    struct arena arena = { 0 };
    const char *text = trial->version;
    for (size_t i = 0; text[i]; i++) {
        size_t first = i > 0 && text[i - 1] != ' ' && text[i - 1] != '\n' ? 0
                                                                          : capital_word(text + i);
        size_t second = first && text[i + first] == ' ' ? capital_word(text + i + first + 1) : 0;
        if (!second ||
            !strstr(trial->original, arena_copy_bytes(&arena, text + i, first + 1 + second)))
            continue;
        for (int which = 0; which < 2; which++) {
            size_t at = which ? i + first + 1 : i;
            size_t length = which ? second : first;
            char *instead = arena_copy_bytes(&arena, text + at, length);
            char *letter = &instead[2];
            if ((unsigned char)*letter >= 0x80 || (unsigned char)letter[1] >= 0x80)
                continue;
            *letter = *letter == 'e' ? 'o' : 'e';
            try_change(trial, at, length, instead);
        }
    }
    arena_release(&arena);
}

static void change_last_digits(struct trial *trial)
{
    change_digits(trial, false);
}

static void swap_digits(struct trial *trial)
{
    change_digits(trial, true);
}

static void change_months(struct trial *trial)
{
    change_words(trial, WORD_GROUP_MONTH, 12);
}

static void change_powers(struct trial *trial)
{
    change_words(trial, WORD_GROUP_QUANTITY, 4);
}

static const struct {
    const char *name;
    void (*change)(struct trial *);
} changes[] = {
    { "digit", change_last_digits },      { "swapped digits", swap_digits },
    { "month", change_months },           { "power", change_powers },
    { "letter of a name", change_names },
};

enum { CHANGES = sizeof changes / sizeof changes[0] };

/* ---- pairs ---- */

struct tally {
    size_t found;
    size_t count;
};

static void try_pair(struct string_builder *result, const char *name, char *bytes,
                     struct tally *tallies)
{
    struct arena arena = { 0 };
    char *version = strstr(bytes, "\n----\n");
    assert_non_null(version);
    *version = '\0';
    version += strlen("\n----\n");
    const char *words_said = said(&arena, bytes, version);
    string_builder_append_format(result, "%s: %s\n", name, *words_said ? words_said : "nothing");
    for (size_t i = 0; i < CHANGES; i++) {
        struct trial trial = { .original = bytes, .version = version, .before = words_said };
        string_builder_init(&trial.missed, 0);
        changes[i].change(&trial);
        if (trial.found < trial.count)
            string_builder_append_format(result, "  %s: %zu of %zu found, not\n%s", changes[i].name,
                                         trial.found, trial.count, trial.missed.data);
        else if (trial.count > 0)
            string_builder_append_format(result, "  %s: all %zu found\n", changes[i].name,
                                         trial.count);
        tallies[i].found += trial.found;
        tallies[i].count += trial.count;
        string_builder_release(&trial.missed);
    }
    arena_release(&arena);
}

static int is_text(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return end && strcmp(end, ".txt") == 0;
}

static void pairs_that_agree_give_nothing_and_changes_are_found(void **state)
{
    struct tally tallies[CHANGES] = { 0 };
    struct string_builder result;
    struct dirent **entries;
    struct error error;
    (void)state;
    int directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int count = scandir(folder, &entries, is_text, alphasort);
    assert_true(count > 0);
    string_builder_init(&result, 0);
    for (int i = 0; i < count; i++) {
        struct string_builder bytes;
        string_builder_init(&bytes, 0);
        assert_true(file_read(directory, entries[i]->d_name, &bytes, &error));
        try_pair(&result, entries[i]->d_name, bytes.data, tallies);
        string_builder_release(&bytes);
        free(entries[i]);
    }
    free(entries);
    (void)close(directory);
    string_builder_append(&result, "together:\n");
    for (size_t i = 0; i < CHANGES; i++)
        string_builder_append_format(&result, "  %s: %zu of %zu found\n", changes[i].name,
                                     tallies[i].found, tallies[i].count);
    assert_true(golden_is("proofreading/pairs.expected", result.data));
    string_builder_release(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_that_agree_give_nothing_and_changes_are_found),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
