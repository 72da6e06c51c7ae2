// SPDX-License-Identifier: MIT
// The pictures of the press officers' guide, for script/guide-pictures: ROOM MAILDIR ADDRESS LANGUAGE TARGET.
'use strict';
const fs = require('fs');
const path = require('path');
const { launch, openContext } = require('./examine.js');

const [room, maildir, address, language, target] = process.argv.slice(2);
const names = { da: ['mappe', 'besked', 'side', 'mail', 'status', 'kvittering'], en: ['folder', 'note', 'page', 'mail', 'status', 'receipt'] }[language];
const sizeMaximum = 130000;

const escaped = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);

function windowOf(title, content) {
    return `<!doctype html><meta charset="utf-8"><style>
        body { margin: 0; font: 15px/1.5 sans-serif; background: #fff; color: #1d2530 }
        header { padding: 8px 14px; background: #e4e8ed; border-bottom: 1px solid #b9c2cc; font-weight: 600 }
        ul { list-style: none; margin: 0; padding: 8px 0 } li { padding: 5px 14px }
        li::before { content: ""; display: inline-block; width: 13px; height: 16px; margin-right: 10px; vertical-align: -3px;
            border: 1px solid #7b8794; border-radius: 2px; background: #fff }
        li.folder::before { width: 18px; margin-right: 5px; height: 13px; background: #f3d37a; border-color: #b8922e }
        li.note { background: #fff4d6 }
        pre { margin: 0; padding: 12px 14px; white-space: pre-wrap; font: 14px/1.5 monospace }
        </style><header>${escaped(title)}</header>${content}`;
}

function folderView() {
    const entries = fs.readdirSync(path.join(room, 'releases'), { withFileTypes: true })
        .filter((entry) => !entry.name.startsWith('.'))
        .sort((a, b) => (b.isDirectory() - a.isDirectory()) || a.name.localeCompare(b.name, language));
    const kind = (entry) => (entry.isDirectory() ? 'folder' : entry.name.endsWith('.problems.txt') ? 'note' : 'file');
    return windowOf('releases', `<ul>${entries.map((entry) => `<li class="${kind(entry)}">${escaped(entry.name)}</li>`).join('')}</ul>`);
}

function noteView() {
    const folder = path.join(room, 'releases');
    const name = fs.readdirSync(folder).find((entry) => entry.endsWith('.problems.txt'));
    return windowOf(name, `<pre>${escaped(fs.readFileSync(path.join(folder, name), 'utf8'))}</pre>`);
}

// The HTML of the first mail to that address.
function mailHtml(receiver) {
    const folder = path.join(maildir, 'new');
    const mail = fs.readdirSync(folder).sort().map((name) => fs.readFileSync(path.join(folder, name), 'utf8'))
        .find((text) => text.includes(`Delivered-To: ${receiver}`));
    const part = mail.slice(mail.indexOf('text/html'));
    const body = part.slice(part.search(/\r?\n\r?\n/)).split(/\r?\n--/)[0];
    const unfolded = body.replace(/=\r?\n/g, '');
    return Buffer.from(unfolded.replace(/=([0-9A-F]{2})/g, (m, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString('utf8');
}

async function shoot(page, name, height) {
    const file = path.join(target, `${name}.png`);
    const full = await page.evaluate(() => document.documentElement.getBoundingClientRect().height);
    const size = page.viewportSize();
    await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width: size.width, height: Math.ceil(Math.min(full, height)) } });
    if (fs.statSync(file).size > sizeMaximum) throw new Error(`${file} is larger than ${sizeMaximum} bytes`);
}

async function shootPhone(browser, pages, receipt) {
    const context = await openContext(browser, { viewport: { width: 390, height: 800 }, colorScheme: 'light', locale: language });
    const page = await context.newPage();
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    const take = async (name) => {
        if (await width() > 390) throw new Error(`${name} is ${await width()} wide on a telephone`);
        await page.screenshot({ path: path.join(process.env.GUIDE_PICTURES_PHONE, `${language}-${name}.png`), fullPage: true });
    };
    for (const [name, address] of Object.entries(pages)) {
        await page.goto(address);
        await take(name);
    }
    await page.setContent(receipt);
    await take(names[5]);
}

(async () => {
    const browser = await launch();
    const context = await openContext(browser, { viewport: { width: 640, height: 900 }, colorScheme: 'light', locale: language });
    const page = await context.newPage();
    await page.setContent(folderView());
    await shoot(page, names[0], 900);
    await page.setContent(noteView());
    await shoot(page, names[1], 900);
    const year = fs.readdirSync(path.join(room, 'public/releases')).find((entry) => /^\d+$/.test(entry));
    const slug = fs.readdirSync(path.join(room, 'public/releases', year))
        .find((entry) => fs.existsSync(path.join(room, 'public/releases', year, entry, 'release.json')));
    await page.goto(`${address}releases/${year}/${slug}/`);
    await shoot(page, names[2], 640);
    const receipt = mailHtml('vagt@nordhav.example');
    const statusPage = `file://${path.join(room, 'releases/status.html')}`;
    await page.setContent(mailHtml('anna@avisen.example'));
    await shoot(page, names[3], 560);
    await page.goto(statusPage);
    await shoot(page, names[4], 1400);
    await page.setContent(receipt);
    await shoot(page, names[5], 560);
    if (process.env.GUIDE_PICTURES_PHONE) await shootPhone(browser, { [names[4]]: statusPage, index: `file://${path.join(room, 'guide/index.html')}` }, receipt);
    await browser.close();
})().catch((fault) => { console.error(fault.message); process.exit(1); });
