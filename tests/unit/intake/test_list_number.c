/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "intake/list_number.h"
#include "locale/language_words.h"
#include "unit/words.h"

#include <string.h>

enum { ITEMS = 8 };

struct row {
    const char *text; /* an item a line */
    int next;
    bool is_words;
};

static const struct row rows[] = {
    { "15. juni 2026 åbner hospitalet.", 0, true },
    { "1. juni er fristen", 0, true },
    { "1. Juni beginnt es", 0, true },
    { "7. klasse på Nordhav Skole", 0, true },
    { "2026. Det blev et godt år.", 0, true },
    { "3. F har vundet", 0, true },
    { "2. **division** venter", 0, true },
    { "01. Den første", 0, true },
    { "1.", 0, true },
    { "3. august\n17. august", 0, true },
    { "3. august\n4. august", 0, true },
    { "1. juni: Åbning\n2. juni: Fest", 0, true },
    { "1. kvartal gav 12\n2. kvartal gav 14", 0, true },
    { "7. klasse: 12\n8. klasse: 14", 0, true },
    { "1. Først\n3. Så", 0, true },
    { "3. Så\n2. Før", 0, true },
    { "1. Ring 112", 0, false },
    { "1. **Ring** 112", 0, false },
    { "1) ring", 0, false },
    { "1. mel\n2. sukker", 0, false },
    { "1. at styrke\n2. at sikre", 0, false },
    { "4. Mel\n5. Sukker\n6. Æg", 0, false },
    { "1. Et\n1. To\n1. Tre", 0, false },
    { "0. Nul\n1. Et", 0, false },
    { "2. Andet punkt", 2, false },
    { "2. Andet punkt", 0, true },
    { "3. Andet punkt", 2, true },
    { "1. 10.30: Kaffe", 0, false },
};

static size_t split(const char *text, struct list_number *items)
{
    size_t count = 0;
    for (const char *line = text; *line && count < ITEMS; count++) {
        size_t length = strcspn(line, "\n");
        size_t digits = strspn(line, "0123456789");
        items[count] = (struct list_number){ line, digits, line[digits], line + digits + 1,
                                             length - digits - 1 };
        line += length + (line[length] == '\n');
    }
    return count;
}

static void dates_and_ordinals_are_words_and_lists_are_lists(void **state)
{
    struct language_words *words = shipped_words();
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = { 0 };
        struct list_number items[ITEMS];
        size_t count = split(rows[i].text, items);
        if (list_number_is_words(&arena, items, count, rows[i].next, words) != rows[i].is_words)
            fail_msg("%s", rows[i].text);
        arena_release(&arena);
    }
    language_words_free(words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_and_ordinals_are_words_and_lists_are_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
