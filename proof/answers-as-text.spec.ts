/** A host's answers are shown as plain text: none of its control sequences reaches a terminal, and none of its markup a page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { conformance } from './command.ts';
import { newKey, test } from './leak-fixtures.ts';

const markup = '<script>alert(1)</script><img src=x onerror=alert(1)>';
const controls = '\u001b[2J\u001b]0;title\u0007\b\u009b31m\u202eoff\u2028';

test('on the terminal and in every report', async ({ reports, socketHost }) => {
  const key = newKey();
  const body = `${markup}${controls}`;
  const url = await socketHost((socket) => {
    let asked = '';
    socket.on('data', (chunk: Buffer) => {
      asked += chunk.toString('latin1');
      for (let end = asked.indexOf('\r\n\r\n'); end !== -1; end = asked.indexOf('\r\n\r\n')) {
        const sent = /^authorization: basic (\S+)/im.exec(asked.slice(0, end))?.[1] ?? '';
        asked = asked.slice(end + 4);
        const isRight = Buffer.from(sent, 'base64').toString().endsWith(`:${key}`);
        const head = isRight ? 'HTTP/1.1 200 OK' : `HTTP/1.1 401 ${markup}`;
        const text = isRight ? '[]' : body;
        socket.write(`${head}\r\nX-Note: ${markup}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
      }
    });
  });
  const { code, text } = await conformance(['--grep', 'failure-(body|headers|status)', '--reporter', 'list,junit'], {
    REPORTS_DIR: reports,
    NO_COLOR: '1',
    LEADCONDUIT_URL: url.href,
    ACTIVEPROSPECT_API_KEY: key,
  });
  expect(code).toBe(1);
  expect(text).toContain('\\u001b[2J');
  // This includes Playwright's own list reporter, which gets only escaped text from the suite.
  expect(text.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
  expect(text).toContain('<script>alert(1)</script>');
  const page = readFileSync(join(reports, 'allure/index.html'), 'utf8');
  expect(page).not.toContain(markup);
  const junit = readFileSync(join(reports, 'playwright/junit.xml'), 'utf8');
  expect(junit.replaceAll(/<!\[CDATA\[.*?\]\]>/gs, '')).not.toContain('<script>');
});
