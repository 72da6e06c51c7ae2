// SPDX-License-Identifier: MIT
// What every page is asked: axe-core's rules, no script, not wider than its window, no field wider than its box. For axe.js and journey.js.
'use strict';
const fs = require('fs');
const { chromium } = require('playwright-core');

const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const widths = [320, 1280];
const schemes = ['light', 'dark'];
const patience = 300000; // ms, for what never comes: nothing here is about speed

function launch(...args) {
    return chromium.launch({
        timeout: patience,
        executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...args],
    });
}

async function openContext(browser, options) {
    // A page that scrolls smoothly moves away under what is being clicked.
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(patience);
    return context;
}

// Returns what is wrong with the page that is open, a line each. rules: names of the only ones to ask; none: all.
async function examine(page, rules) {
    const problems = [];
    const facts = await page.evaluate(() => ({
        wider: document.documentElement.scrollWidth > window.innerWidth,
        scripts: document.querySelectorAll('script:not([type="application/ld+json"])').length,
        isMail: !document.querySelector('main'),
        outside: [...document.querySelectorAll('main :is(input:not([type=hidden]), select, button, fieldset, .button)')].filter((field) => {
            const box = field.closest('.box, .column, main');
            const edge = box.getBoundingClientRect().right - parseFloat(getComputedStyle(box).paddingRight);
            return !field.closest('.bait') && field.getBoundingClientRect().right > edge + 0.5;
        }).map((field) => field.id || field.textContent.trim().split('\n')[0]),
    }));
    if (facts.wider) problems.push('is wider than its window');
    if (facts.outside.length) problems.push(`reaches out of its box: ${facts.outside.join(', ')}`);
    if (facts.scripts) problems.push('holds a script');
    await page.evaluate(axeSource);
    // A mail has no landmarks: there only what WCAG itself asks for.
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const options = facts.isMail ? { runOnly: { type: 'tag', values: tags } } : {};
    options.rules = facts.isMail ? {} : { 'target-size': { enabled: true } };
    if (rules) options.runOnly = { type: 'rule', values: rules };
    const result = await page.evaluate((o) => window.axe.run(document, o), options);
    for (const violation of result.violations) {
        const where = violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join('\n      ');
        problems.push(`${violation.id}: ${violation.help}\n      ${where}`);
    }
    return problems;
}

// The same in each scheme: another one has other colours and nothing else. tell(scheme, problem); after(scheme) comes when
// the page stands in it.
async function examineSchemes(page, tell, after = async () => {}) {
    for (const scheme of schemes) {
        await page.emulateMedia({ colorScheme: scheme });
        for (const problem of await examine(page, scheme === schemes[0] ? undefined : ['color-contrast'])) tell(scheme, problem);
        await after(scheme);
    }
}

module.exports = { examineSchemes, launch, openContext, widths };
