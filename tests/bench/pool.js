// SPDX-License-Identifier: MIT
// nodemailer's pool, given the message as it is: node pool.js MESSAGE COUNT CONNECTIONS PORT
const fs = require("fs");
const nodemailer = require("nodemailer");

const [file, count, connections, port] = process.argv.slice(2);
const raw = fs.readFileSync(file, "latin1");
const transport = nodemailer.createTransport({
  pool: true, maxConnections: +connections, maxMessages: Infinity, host: "127.0.0.1", port: +port, ignoreTLS: true,
});
let next = 0;

async function send() {
  while (next < +count) {
    const number = next++;
    await transport.sendMail({
      envelope: { from: "presse@nordhav.example", to: [`laeser${number}@avis.example`] },
      raw: raw.replace("laeser0@", `laeser${number}@`),
    });
  }
}

Promise.all(Array.from({ length: 2 * +connections }, send)).then(() => transport.close());
