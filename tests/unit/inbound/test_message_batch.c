/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "inbound/message_batch.h"

#include <string.h>

static const char token[] = "abcdefghijklmnopqrstuvwxyz234567";

static struct inbound_context make_desk(struct arena *arena)
{
    struct inbound_context context;
    struct error error;
    const struct inbound_settings settings = { .replies = "svar@nordhav.example",
                                               .bounces = "bounce@nordhav.example",
                                               .delimiter = "+" };
    assert_true(inbound_context_init(&context, arena, &settings, NULL, &error));
    return context;
}

static bool counts(const struct inbound_context *context, const char *bytes,
                   const struct inbound_reading *reading)
{
    const struct batched_message item = { .bytes = bytes,
                                          .length = strlen(bytes),
                                          .reading = *reading };
    return batched_message_is_trusted(&item, context);
}

/* Of a report only where the token that names our mail stands in it. */
static void no_message_speaks_for_another(void **state)
{
    static const enum inbound_effect reports[] = { INBOUND_BOUNCED, INBOUND_DELAYED,
                                                   INBOUND_DELIVERED };
    struct arena arena = { 0 };
    const struct inbound_context context = make_desk(&arena);
    (void)state;
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        struct inbound_reading reading = { .effect = reports[i],
                                           .known_by = KNOWN_BY_TOKEN,
                                           .token = { .purpose = TOKEN_BOUNCE } };
        strcpy(reading.token_text, token);
        assert_true(counts(&context, "To: bounce+abcdefghijklmnopqrstuvwxyz234567@x\n", &reading));
        assert_false(counts(&context, "To: bounce+abcdefghijklmnopqrstuvwxyz234566@x\n", &reading));
        assert_false(counts(&context, "", &reading));
        reading.known_by = KNOWN_BY_REPORT; /* it names an address, and that proves nothing */
        assert_false(counts(&context, token, &reading));
        reading.known_by = KNOWN_BY_TOKEN;
        /* A probe's, or a confirmation's: it alone may end something. */
        reading.token.purpose = TOKEN_BOUNCE_TRANSACTIONAL;
        assert_false(counts(&context, token, &reading));
        /* What a person answers may quote it. */
        reading.known_by = KNOWN_BY_HEADER;
        reading.token.purpose = TOKEN_UNSUBSCRIBE;
        assert_false(counts(&context, token, &reading));
        reading.token.purpose = TOKEN_BOUNCE;
        assert_true(counts(&context, token, &reading));
        reading.token_text[0] = '\0';
        assert_false(counts(&context, token, &reading));
    }
    arena_release(&arena);
}

/* What changes anything for a person is read once more, whatever stands in it. */
static void what_people_ask_for_is_read_alone(void **state)
{
    struct arena arena = { 0 };
    const struct inbound_context context = make_desk(&arena);
    (void)state;
    for (int effect = 0; effect < INBOUND_EFFECT_COUNT; effect++) {
        struct inbound_reading reading = { .effect = (enum inbound_effect)effect,
                                           .known_by = KNOWN_BY_TOKEN,
                                           .token = { .purpose = TOKEN_BOUNCE } };
        strcpy(reading.token_text, token);
        bool is_report = effect == INBOUND_BOUNCED || effect == INBOUND_DELAYED ||
                         effect == INBOUND_DELIVERED;
        bool stays = effect == INBOUND_NOT_OURS || effect == INBOUND_AUTOMATIC;
        assert_int_equal(counts(&context, token, &reading), is_report || stays);
    }
    arena_release(&arena);
}

/* Nor is anything passed over that may ask for something. */
static void what_names_an_address_of_ours_is_read_alone(void **state)
{
    static const char *const asking[] = { "To: svar+unsubscribe-x@nordhav.example\n",
                                          "To: <SVAR+subscribe@nordhav.example>\n", "a+b svar+",
                                          "Delivered-To: Bounce+x@nordhav.example" };
    static const char *const others[] = { "To: svar@nordhav.example\n",   "a + b", "+", "",
                                          "To: maja+svar@avisen.example", "var+x" };
    struct arena arena = { 0 };
    const struct inbound_context context = make_desk(&arena);
    struct inbound_reading reading = { .effect = INBOUND_NOT_OURS };
    (void)state;
    for (size_t i = 0; i < sizeof asking / sizeof asking[0]; i++)
        assert_false(counts(&context, asking[i], &reading));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_true(counts(&context, others[i], &reading));
    reading = (struct inbound_reading){ .effect = INBOUND_AUTOMATIC, .is_for_machine = true };
    assert_false(counts(&context, "", &reading)); /* it would be put away */
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_message_speaks_for_another),
        cmocka_unit_test(what_people_ask_for_is_read_alone),
        cmocka_unit_test(what_names_an_address_of_ours_is_read_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
