/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"

#include <string.h>

static const char *const own[] = { "nordhav.example", "xn--dal-tla.example",
                                   "region-nordhav.example" };

static const char *suggested(struct arena *arena, const char *string)
{
    struct error error = { 0 };
    const struct address *address = address_parse(arena, string, strlen(string), &error);
    if (!address)
        fail_msg("%s: %s", string, error.message);
    return address ? address_suggest(arena, address, own, sizeof own / sizeof own[0]) : NULL;
}

static void slips_of_the_finger_are_found(void **state)
{
    (void)state;

    static const char *const table[][2] = {
        { "anna@gmail.con", "anna@gmail.com" },
        { "anna@gmail.co", "anna@gmail.com" },
        { "anna@gmail.cmo", "anna@gmail.com" },
        { "anna@gmail.comm", "anna@gmail.com" },
        { "anna@gmail.dk", "anna@gmail.com" },
        { "anna@gmail.net", "anna@gmail.com" },
        { "Anna.Berg+x@GMIAL.COM", "Anna.Berg+x@gmail.com" },
        { "anna@gmai.com", "anna@gmail.com" },
        { "anna@gmaill.com", "anna@gmail.com" },
        { "anna@gnail.con", "anna@gmail.com" },
        { "anna@hotmial.dk", "anna@hotmail.dk" },
        { "anna@hotmail.dkk", "anna@hotmail.dk" },
        { "anna@hotmail.con", "anna@hotmail.com" },
        { "anna@hotmail.co", "anna@hotmail.com" },
        { "anna@hotmai.dk", "anna@hotmail.dk" },
        { "anna@homtial.com", "anna@hotmail.com" },
        { "anna@hotmail.co.ku", "anna@hotmail.co.uk" },
        { "anna@outlok.dk", "anna@outlook.dk" },
        { "anna@ourlook.com", "anna@outlook.com" },
        { "anna@yaho.com", "anna@yahoo.com" },
        { "anna@icloud.dk", "anna@icloud.com" },
        { "anna@iclould.com", "anna@icloud.com" },
        { "anna@lvie.dk", "anna@live.dk" },
        { "anna@live.con", "anna@live.com" },
        { "anna@me.con", "anna@me.com" },
        { "anna@gmx.nte", "anna@gmx.net" },
        { "anna@wbe.de", "anna@web.de" },
        { "anna@nordhv.example", "anna@nordhav.example" },
        { "anna@nordhvan.example", "anna@nordhav.example" },
        { "anna@nordhav.exampel", "anna@nordhav.example" },
        { "anna@regionnordhav.example", "anna@region-nordhav.example" },
        { "anna@\xC3\xA5"
          "adl.example",
          "anna@\xC3\xA5"
          "dal.example" },
        { "s\xC3\xB8ren@gmail.con", "s\xC3\xB8ren@gmail.com" },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct arena arena = { 0 };
        const char *found = suggested(&arena, table[i][0]);
        if (!found || strcmp(found, table[i][1]) != 0)
            fail_msg("%s: %s", table[i][0], found ? found : "nothing");
        arena_release(&arena);
    }
}

/* Where people really are, papers and authorities among them: nobody is to be asked in vain. */
static void other_domains_are_left_alone(void **state)
{
    (void)state;

    static const char *const table[] = {
        "gmail.com",
        "hotmail.dk",
        "hotmail.fi",
        "hotmail.nl",
        "hotmail.co.uk",
        "outlook.fr",
        "live.nl",
        "live.de",
        "yahoo.es",
        "yahoo.co.in",
        "mail.com",
        "email.com",
        "ymail.com",
        "mail.de",
        "web.dk",
        "gmx.eu",
        "nordhav.example",
        "presse.nordhav.example",
        "avis.example",
        "nord.example",
        "dr.dk",
        "tv2.dk",
        "pol.dk",
        "jp.dk",
        "eb.dk",
        "bt.dk",
        "berlingske.dk",
        "ritzau.dk",
        "b.dk",
        "information.dk",
        "kl.dk",
        "rm.dk",
        "rsyd.dk",
        "regionh.dk",
        "rn.dk",
        "sol.dk",
        "ofir.dk",
        "tdc.dk",
        "life.dk",
        "love.dk",
        "svt.se",
        "dn.se",
        "nrk.no",
        "vg.no",
        "ntb.no",
        "bbc.co.uk",
        "ap.org",
        "afp.com",
        "dpa.com",
        "zdf.de",
        "ard.de",
        "taz.de",
        "meta.com",
        "aon.com",
        "mag.com",
        "online.nu",
        "start.nu",
        "free.fr",
        "orange.com",
        "host.dk",
        "mailhost",
        "a.b.c.d.example",
        "xn--dal-tla.example",
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct arena arena = { 0 };
        const char *found = suggested(&arena, arena_format(&arena, "anna@%s", table[i]));
        if (found)
            fail_msg("%s: %s", table[i], found);
        arena_release(&arena);
    }
}

static void long_and_odd_domains_are_not_compared(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    const char *label = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    assert_null(suggested(&arena, arena_format(&arena, "anna@%s.%s.gmail.con", label, label)));
    assert_null(suggested(&arena, "anna@x.gmail.con"));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_of_the_finger_are_found),
        cmocka_unit_test(other_domains_are_left_alone),
        cmocka_unit_test(long_and_odd_domains_are_not_compared),
    };
    return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
