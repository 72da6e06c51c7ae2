// SPDX-License-Identifier: MIT
// What mammoth makes of Word files, as lines of JSON: mammoth.js FILE…. With --time TIMES in front: so often, and the processor
// seconds of reading alone, in one process that is warm.
const mammoth = require("mammoth");

async function main() {
    let words = process.argv.slice(2), times = 0;
    if (words[0] === "--time") {
        times = Number(words[1]);
        words = words.slice(2);
    }
    if (times) {
        const began = process.cpuUsage();
        for (let round = 0; round < times; round++)
            for (const file of words) await mammoth.convertToHtml({ path: file });
        const taken = process.cpuUsage(began);
        console.log(((taken.user + taken.system) / 1e6).toFixed(6));
        return;
    }
    for (const file of words) {
        let answer;
        try {
            answer = { file, html: (await mammoth.convertToHtml({ path: file }, { includeDefaultStyleMap: true, styleMap: ["comment-reference => !"] })).value };
        } catch (error) {
            answer = { file, error: String(error.message) };
        }
        console.log(JSON.stringify(answer));
    }
}

main();
