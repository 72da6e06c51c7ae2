#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// A person's way in Chromium: the box on a page, the mail, yes, the welcome mail, choices, leaving, coming back, my data
// and erasing; the whole of it in Danish on a phone and in English on a desktop, in light and dark. Every page on the way
// is examined, kept for the Nu checker and, where a folder is named, drawn.
// Usage: journey.js MAP FOLDER [PICTURES]   MAP: "HOST:443 127.0.0.1:PORT,…", where the names in links are really reached
// Environment: PRESSROOM_PROGRAM, ROOM, MAIL, PRESSROOM_NOW; STARTS: four paths, whose boxes are filled in (da, da, en,
// en); SHORT=1: one way, and no further than the welcome mail
'use strict';
const fs = require('fs');
const path = require('path');
const { execFileSync } = require('child_process');
const { examineSchemes, launch, openContext, widths } = require('./examine.js');

const [map, folder, pictures] = process.argv.slice(2);
const site = 'https://presse.nordhav.example/';
const problems = [];
let looks = 0;

const words = {
    da: {
        asked: 'Se i din indbakke', confirm: 'Vil du have nyheder fra Region Nordhav?', confirmed: 'Tak – nu er du med',
        choices: 'Vælg, hvad du får', leave: 'Vil du afmelde dig?', left: 'Du er afmeldt', unknown: 'Det link kender vi ikke',
        mistyped: 'Vi kan ikke læse mailadressen', meant: 'Mente du', unticked: 'Sæt kryds ved det, du vil have', stillOut: 'Du satte ingen krydser', outside: 'Du er ikke på listen', dead: 'Linket virker ikke længere',
        data: 'Det, vi ved om dig', erase: 'Skal vi slette dine oplysninger?', erased: 'Dine oplysninger er slettet', nowhere: 'Siden findes ikke',
    },
    en: {
        asked: 'Look in your inbox', confirm: 'Would you like news from Region Nordhav?', confirmed: 'Thank you – you are on the list',
        choices: 'Choose what you get', leave: 'Would you like to unsubscribe?', left: 'You are unsubscribed', unknown: 'We do not know this link',
        mistyped: 'We cannot read the e-mail address', meant: 'Did you mean', unticked: 'Please tick what you would like', stillOut: 'You ticked nothing', outside: 'You are not on the list', dead: 'This link no longer works',
        data: 'What we know about you', erase: 'Would you like us to erase your data?', erased: 'Your data has been erased', nowhere: 'Siden findes ikke',
    },
};

// Mails leave at an instant that is later each time; returns the newest to this person.
let minutes = 1;
function mailTo(address) {
    minutes += 1;
    const at = new Date(Date.parse(process.env.PRESSROOM_NOW) + minutes * 60000).toISOString().replace('.000', '');
    execFileSync(process.env.PRESSROOM_PROGRAM, ['-q', '-C', process.env.ROOM, 'deliver'], { env: { ...process.env, PRESSROOM_NOW: at } });
    const box = path.join(process.env.MAIL, 'new');
    const mine = fs.readdirSync(box).map((name) => ({ file: path.join(box, name), at: fs.statSync(path.join(box, name)).mtimeMs }))
        .map((mail) => ({ ...mail, text: fs.readFileSync(mail.file, 'latin1') }))
        .filter((mail) => mail.text.split(/\r?\n\r?\n/)[0].includes(`To: ${address}`));
    if (!mine.length) throw new Error(`no mail to ${address}`);
    return mine.sort((a, b) => b.at - a.at)[0].text.replace(/=\r?\n/g, '').replace(/=3D/g, '=');
}

function linkIn(mail, word) {
    const found = mail.match(new RegExp(`https://[a-z.]+/${word}/[a-z2-7]+`));
    if (!found) throw new Error(`no ${word} link in: ${mail.slice(0, 2000)}`);
    return found[0];
}

class Visit {
    constructor(page, name, texts) {
        Object.assign(this, { page, name, texts, step: 0 });
        page.on('response', (response) => {
            if (response.request().isNavigationRequest() && (response.status() < 300 || response.status() > 399)) this.answer = response;
        });
    }

    // The page that is open says what it should, and is as every page is to be.
    async see(what, selector = 'h1') {
        const text = await this.page.locator(selector).first().innerText();
        const wanted = this.texts[what] || what;
        if (!text.includes(wanted)) throw new Error(`${this.name}: ${this.page.url()} says "${text}", not "${wanted}"`);
        await this.look(what);
    }

    async look(what) {
        const label = `${this.name}-${String(++this.step).padStart(2, '0')}-${what.replace(/[^a-z]+/gi, '')}`;
        looks += 1;
        await examineSchemes(this.page, (scheme, problem) => problems.push(`${label} (${scheme}): ${problem}`), async (scheme) => {
            if (pictures) await this.page.screenshot({ path: path.join(pictures, `${label}-${scheme}.png`), fullPage: true });
        });
        fs.writeFileSync(path.join(folder, `${label}.html`), await this.answer.body());
    }

    go(address) {
        return this.page.goto(address, { waitUntil: 'load' });
    }

    async press(selector) {
        await Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), this.page.locator(selector).click()]);
    }

    async reach(address, what) {
        await this.go(address);
        await this.see(what);
    }
}

async function comeIn(visit, start, address, language) {
    await visit.go(new URL(start, site).href);
    await visit.page.fill('#follow-email', address);
    await visit.page.check('#follow-feed-pressemeddelelser');
    await visit.page.selectOption('#follow-cadence', 'daily');
    await visit.page.selectOption('#follow-language', language);
    await visit.look('box');
    await visit.press('form:has(#follow-email) button');
    await visit.see('asked');
    const confirm = linkIn(mailTo(address), 'confirm');
    await visit.reach(confirm, 'confirm');
    await visit.press('main form button');
    await visit.see('confirmed');
    return linkIn(mailTo(address), 'preferences');
}

async function choose(visit, preferences, language) {
    await visit.reach(preferences, 'choices');
    const is = async (selector) => visit.page.locator(selector).isChecked();
    if (!(await is('#feed-pressemeddelelser')) || (await is('#feed-press-releases'))) throw new Error(`${visit.name}: other feeds than were asked for`);
    if ((await visit.page.inputValue('#cadence-pressemeddelelser')) !== 'daily') throw new Error(`${visit.name}: not daily`);
    await visit.page.uncheck('#feed-pressemeddelelser');
    await visit.press('button[value=save]');
    await visit.look('none chosen');
    await visit.page.check('#feed-press-releases');
    await visit.page.selectOption('#cadence-press-releases', 'weekly');
    await visit.page.selectOption('#language', language);
    await visit.press('button[value=save]');
    if (!(await visit.page.locator('[role=status]').count())) throw new Error(`${visit.name}: not saved`);
    await visit.look('saved');
}

async function leaveAndReturn(visit, address) {
    await visit.press('.further a[href*="unsubscribe/"]');
    await visit.see('leave');
    const leave = visit.page.url();
    await visit.press('main form button');
    await visit.see('left');
    await visit.reach(leave, 'outside'); // the way back is there whenever the old link is looked at
    await visit.press('main form button'); // nothing ticked, nothing back
    await visit.see('stillOut', '#problem');
    await visit.page.locator('main input[type=checkbox]').first().check();
    await visit.press('main form button');
    await visit.see('asked');
    const confirm = linkIn(mailTo(address), 'confirm');
    await visit.reach(confirm, 'confirm');
    await visit.press('main form button');
    await visit.see('confirmed');
    linkIn(mailTo(address), 'preferences'); // the welcome mail, so that no later mail is delivered together with it
    return confirm;
}

async function beForgotten(visit, preferences, address, language) {
    await visit.go(preferences);
    await visit.press('button[value=data]');
    await visit.see('asked');
    await visit.reach(`${linkIn(mailTo(address), 'preferences')}?language=${language}`, 'data');
    await visit.go(preferences);
    await visit.press('button[value=erase]');
    await visit.reach(`${linkIn(mailTo(address), 'preferences')}?language=${language}`, 'erase');
    await visit.press('main form button');
    await visit.see('erased');
    await visit.reach(`${preferences}?language=${language}`, 'unknown');
}

// An address that looks mistyped: asked about once, corrected by a button, or taken as it is when sent again. Blanks that
// nobody sees stop nobody.
async function slip(visit, form, language) {
    const send = async (address) => {
        await visit.go(form);
        await visit.page.fill('#email', address);
        await visit.page.check('#feed-press-releases');
        await visit.page.check('#cadence-weekly');
        await visit.press('form.form button');
    };
    await send(`\u00a0${language}.with.a.rather.long.name.before.it@gmail.con\u200b`);
    await visit.see('meant', '#problem');
    if (!(await visit.page.locator('#feed-press-releases').isChecked())) throw new Error(`${visit.name}: the choice is gone`);
    if (!(await visit.page.locator('#cadence-weekly').isChecked())) throw new Error(`${visit.name}: the choice is gone`);
    await visit.press('.notice button');
    await visit.see('asked');
    mailTo(`${language}.with.a.rather.long.name.before.it@gmail.com`);
    await send(`${language}@hotmial.dk`);
    await visit.see('meant', '#problem');
    await visit.press('form.form button');
    await visit.see('asked');
    mailTo(`${language}@hotmial.dk`);
    await send(`s\u00f8ren.${language}@blad.example\u00a0`); // letters that browsers think no address has
    await visit.see('asked');
}

async function oddEnds(visit, endpoint, confirm, language) {
    await visit.reach(`${confirm}?language=${language}`, 'dead');
    await visit.go(`${endpoint}subscribe?language=${language}`);
    await visit.look('form');
    await visit.page.fill('#email', 'anna@');
    await visit.press('main form button');
    await visit.see('mistyped', '#problem');
    await visit.page.fill('#email', 'anna@avis.example');
    await visit.press('main form button');
    await visit.see('unticked', '#problem');
    if ((await visit.page.inputValue('#email')) !== 'anna@avis.example') throw new Error(`${visit.name}: the address is gone`);
    await slip(visit, `${endpoint}subscribe?language=${language}`, language);
    await visit.go(`${endpoint}preferences?language=${language}`);
    await visit.look('fresh link');
    await visit.page.fill('#email', `${language}@outlok.dk`);
    await visit.press('main form button');
    await visit.see('meant', '#problem');
    await visit.go(`${endpoint}preferences?language=${language}`);
    await visit.page.fill('#email', 'anna@avis.example');
    await visit.press('main form button');
    await visit.see('asked');
    await visit.reach(`${endpoint}confirm/abc?language=${language}`, 'unknown');
}

// extent: 'in': to the welcome mail; 'brief': and being forgotten; 'whole'.
async function journey(browser, { language, width, start, extent }) {
    const context = await openContext(browser, { viewport: { width, height: 800 }, ignoreHTTPSErrors: true,
        locale: language === 'da' ? 'da-DK' : 'en-GB' });
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(`script error: ${error.message}`));
    page.on('console', (message) => {
        // A page that is meant to be an error says so; all else (a stylesheet that is not there, a policy that forbids) is none.
        if (message.type() === 'error' && !/status of 4(00|04|10)/.test(message.text())) problems.push(`${page.url()}: ${message.text()}`);
    });
    const name = `${language}-${width}`;
    const address = `${name}@avis.example`;
    const visit = new Visit(page, name, words[language]);
    const preferences = await comeIn(visit, start, address, language);
    let confirm = '';
    if (extent === 'whole') {
        await choose(visit, preferences, language);
        confirm = await leaveAndReturn(visit, address);
    }
    if (extent !== 'in') await beForgotten(visit, preferences, address, language);
    if (extent === 'whole') await oddEnds(visit, new URL('/', preferences).href, confirm, language);
    await context.close();
}

async function main() {
    const browser = await launch(`--host-resolver-rules=${map.split(',').map((rule) => `MAP ${rule}`).join(',')}`);
    const ways = [];
    // The whole way by phone in Danish and by desktop in English.
    for (const language of ['da', 'en'])
        for (const width of widths)
            ways.push({ language, width, start: process.env.STARTS.split(' ')[ways.length], extent: (language === 'da') === (width === widths[0]) ? 'whole' : 'brief' });
    if (process.env.SHORT === '1') ways.splice(0, ways.length, { ...ways[0], extent: 'in' });
    for (const way of ways) await journey(browser, way);
    await browser.close();
    for (const problem of problems) console.log(problem);
    console.log(`journey: ${looks} looks at pages, ${problems.length} problems`);
    process.exit(problems.length ? 1 : 0);
}

main().catch((error) => {
    for (const problem of problems) console.log(problem);
    console.error(error);
    process.exit(1);
});
