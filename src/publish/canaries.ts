/** Canaries: a worthless secret, new in each run, planted in every kind of artifact that the gate claims to search. It must find them all. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { shortestRun } from '../keys/forms.ts';
import { Secret } from '../keys/secret.ts';
import { archiveDepth } from './archive.ts';

export interface Canaries {
  readonly secret: Secret;
  /** Relative to the folder that is searched. It holds nothing else. */
  readonly folder: string;
  /** What kind of artifact each file is, by its path relative to the folder that is searched. */
  readonly planted: ReadonlyMap<string, string>;
}

/** Writes one file of each kind into a new folder, which `searchFolder` removes. Throws what writing throws. */
export function plantCanaries(dir: string): Canaries {
  const folder = '.canaries';
  const raw = newCanary();
  mkdirSync(path.join(dir, folder));
  const planted = new Map<string, string>();
  for (const [kind, { name, content }] of Object.entries(artifactsWith(raw))) {
    const file = path.join(folder, `${planted.size}-${name}`);
    writeFileSync(path.join(dir, file), content);
    planted.set(file, kind);
  }
  return { secret: new Secret(raw), folder, planted };
}

/** Every fifth character is one that every escaping changes, so that no unescaped run of the canary is left to be found. */
function newCanary(): string {
  return Array.from(['"', '<', '+', '/', 'é', '>'], (mark) => randomBytes(3).toString('hex').slice(1) + mark).join('');
}

function artifactsWith(raw: string): Readonly<Record<string, { readonly name: string; readonly content: string | Buffer }>> {
  const characters = [...raw];
  const codePoint = (character: string) => character.codePointAt(0) ?? 0;
  const escaped = characters.map((each) => `\\u${codePoint(each).toString(16).padStart(4, '0')}`).join('');
  const percent = Array.from(Buffer.from(raw), (byte) => `%${byte.toString(16)}`).join('');
  const xml = characters.map((each, index) => (index % 2 ? `&#${codePoint(each)};` : `&#x${codePoint(each).toString(16)};`)).join('');
  // After other letters of the alphabet, so that the text cannot be decoded as a whole.
  const base64 = (user: string) => `canary/${Buffer.from(`${user}:${raw}`).toString('base64')}\r\n`;
  const report = Buffer.from(JSON.stringify({ name: 'canary', message: `came "${raw}"` }));
  const zip = (name: string, content: Buffer) => Buffer.from(zipSync({ [name]: content }));
  const page = (content: Buffer) => `<script>d("canary", "${content.toString('base64')}")</script>`;
  let nested = gzipSync(raw);
  for (let depth = 1; depth < archiveDepth; depth += 1) nested = zip('inner', nested);
  return {
    'plain text': { name: 'canary.txt', content: `canary: ${raw}\n` },
    'a run of characters': { name: 'run.txt', content: `canary: ${characters.slice(3, 3 + shortestRun).join('')}\n` },
    'a file name': { name: `${Buffer.from(raw).toString('hex')}.txt`, content: 'canary\n' },
    'JSON-escaped': { name: 'escaped.json', content: `{"canary":"${escaped}"}\n` },
    'percent-encoded': { name: 'percent.txt', content: `GET /?canary=${percent}\n` },
    'XML-escaped': { name: 'escaped.xml', content: `<canary>${xml}</canary>\n` },
    hex: { name: 'hex.txt', content: Buffer.from(raw).toString('hex').toUpperCase() },
    reversed: { name: 'reversed.txt', content: characters.toReversed().join('') },
    'base64 of user:key': { name: 'base64.txt', content: base64('API') },
    'base64 of user:key, shifted by one': { name: 'shifted.txt', content: base64('user') },
    'base64 of user:key, shifted by two': { name: 'shifted-more.txt', content: base64('x-user') },
    base64url: { name: 'base64url.txt', content: `canary_${Buffer.from(`X:${raw}`).toString('base64url')}\n` },
    'UTF-16LE': { name: 'utf-16.txt', content: Buffer.from(raw, 'utf16le') },
    'the bytes of a Buffer': { name: 'buffer.txt', content: inspect(Buffer.from(raw)) },
    'the bytes of a Buffer, in JSON': { name: 'buffer.json', content: JSON.stringify(Buffer.from(raw)) },
    'JSON in base64 in HTML': { name: 'page.html', content: page(report) },
    'zip in base64 in HTML': { name: 'zip-in-page.html', content: page(zip('report.json', report)) },
    gzip: { name: 'log.gz', content: gzipSync(report) },
    zip: { name: 'trace.zip', content: zip('trace.json', report) },
    'archives in an archive': { name: 'nested.zip', content: nested },
  };
}
