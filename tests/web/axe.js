#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Runs axe-core over pages in Chromium, in light and dark, at phone and desktop width. Fails on any violation, on a page
// that is wider than its window, on a missing file and on a script.
// Usage: axe.js [--all] FOLDER|FILE.html ...
// A folder is a public/ as pressroom writes it; of each kind of page one is looked at, with --all every one. No server
// is needed and nothing leaves the machine: whatever a page asks for is read from the folder by its path.
'use strict';
const fs = require('fs');
const path = require('path');
const { examineSchemes, launch, openContext, widths } = require('./examine.js');

const pagesPerKind = 1;
const types = {
    '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg',
    '.png': 'image/png', '.webp': 'image/webp', '.gif': 'image/gif',
};

function findPages(folder, below = '') {
    const found = [];
    for (const entry of fs.readdirSync(path.join(folder, below), { withFileTypes: true })) {
        const name = path.posix.join(below, entry.name);
        if (entry.isDirectory()) found.push(...findPages(folder, name));
        else if (name.endsWith('.html')) found.push(name);
    }
    return found.sort();
}

// "en/releases/2026/x/index.html" → "en releases * *": pages made by one template in one language. Releases with a
// picture, an event, a correction or a withdrawal look different: each is a kind of its own.
function kindOf(folder, name) {
    const parts = name.replace(/(^|\/)index\.html$/, '').split('/');
    const place = parts.map((part, i) => (i > 0 && parts[i - 1] !== '' && !/^[a-z]{2}$/.test(parts[i - 1]) ? '*' : part));
    const html = fs.readFileSync(path.join(folder, name), 'utf8');
    const marks = ['class="picture"', 'class="box event"', 'class="notice"', 'notice-withdrawn', '<table', 'lang="en"'];
    return place.join(' ') + ' ' + marks.filter((mark) => html.includes(mark)).join(' ');
}

function choose(folder, all) {
    const counts = new Map();
    return findPages(folder).filter((name) => {
        const kind = kindOf(folder, name);
        counts.set(kind, (counts.get(kind) || 0) + 1);
        return all || counts.get(kind) <= pagesPerKind;
    });
}

// Answers every request of a page from the folder; tells of what is not there.
async function serveFrom(context, folder, complain) {
    await context.route('**/*', async (route) => {
        const address = new URL(route.request().url());
        if (address.protocol === 'data:') return route.continue();
        let file = path.join(folder, path.posix.normalize(decodeURIComponent(address.pathname)));
        if (file.endsWith('/')) file += 'index.html';
        if (!fs.existsSync(file)) {
            complain(`asks for ${address.href}, which is not there`);
            return route.abort();
        }
        const contentType = types[path.extname(file)] || 'application/octet-stream';
        return route.fulfill({ body: fs.readFileSync(file), contentType });
    });
}

async function checkPage(browser, { folder, name, isFolder }, width) {
    const problems = [];
    const context = await openContext(browser, { viewport: { width, height: 800 } });
    // A single file, such as a mail, need not bring its pictures along.
    await serveFrom(context, folder, (text) => isFolder && problems.push(text));
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(`script error: ${error.message}`));
    await page.goto('http://newsroom.test/' + name.replace(/(^|\/)index\.html$/, '$1'), { waitUntil: 'load' });
    await examineSchemes(page, (scheme, problem) => problems.push(`${scheme}: ${problem}`));
    await context.close();
    return problems;
}

async function main() {
    const all = process.argv.includes('--all');
    const places = process.argv.slice(2).filter((argument) => argument !== '--all');
    if (!places.length) {
        console.error('usage: axe.js [--all] FOLDER|FILE.html ...');
        process.exit(2);
    }
    const browser = await launch();
    let looks = 0;
    let bad = 0;
    for (const place of places) {
        const isFolder = fs.statSync(place).isDirectory();
        const folder = isFolder ? place : path.dirname(place);
        for (const name of isFolder ? choose(folder, all) : [path.basename(place)]) {
            for (const width of widths) {
                const problems = await checkPage(browser, { folder, name, isFolder }, width);
                looks++;
                bad += problems.length ? 1 : 0;
                for (const problem of problems) console.log(`${path.join(folder, name)} (${width} px): ${problem}`);
            }
        }
    }
    await browser.close();
    console.log(`axe: ${looks} looks at pages, ${bad} with violations`);
    process.exit(bad || !looks ? 1 : 0);
}

main();
