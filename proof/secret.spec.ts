/** No form of a key gets past the search, and none is left by the masking. Keys are made at run time: none stands in this file. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { createMasker, createSearcher, longestLine, mark, maskLines, occursIn, Secret, shortestRun } from '../src/secret/index.ts';

const hexDigits = [...'0123456789abcdef'];
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
const foreign = [...'äéßñøЖ漢字カ😀🔑€'];

/** Of 8 to 200 characters: like real ones; with everything that programs trip over; in other alphabets. */
const keys = fc.oneof(
  ...[hexDigits, printable, [...'.*+?^$(){}|[]\\%&;#"<>/u0041n'], [...foreign, ...hexDigits]].map((characters) =>
    fc.array(fc.constantFrom(...characters), { minLength: 8, maxLength: 200 }).map((all) => all.join('')),
  ),
);

const codePoint = (character: string) => character.codePointAt(0) ?? 0;
const each = (text: string, write: (character: string, index: number) => string) => [...text].map(write).join('');
const units = (text: string, write: (unit: number) => string) =>
  Array.from({ length: text.length }, (_, index) => write(text.charCodeAt(index))).join('');
const bytes = (text: string, write: (byte: number) => string) => Array.from(Buffer.from(text), write).join('');
const hex = (value: number, length = 2) => value.toString(16).padStart(length, '0');
const names: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
  é: 'eacute',
  '+': 'plus',
  '/': 'sol',
};

/** Ways to write a text so that it can be read again, each by the means of the language, or by hand where it has none. */
const escapings: Readonly<Record<string, (text: string) => string>> = {
  'percent, as encodeURIComponent': encodeURIComponent,
  'percent, lower case': (text) => bytes(text, (byte) => `%${hex(byte)}`),
  'percent, mixed case': (text) => bytes(text, (byte) => `%${hex(byte).replace(/[a-f]$/, (letter) => letter.toUpperCase())}`),
  'percent, every second character': (text) =>
    each(text, (character, index) => (index % 2 === 1 || character === '%' ? bytes(character, (byte) => `%${hex(byte)}`) : character)),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'JSON, all escaped': (text) => units(text, (unit) => `\\u${hex(unit, 4)}`),
  'JSON, slashes escaped': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'JavaScript, braces': (text) => each(text, (character) => `\\u{${hex(codePoint(character))}}`),
  XML: (text) => each(text, (character) => (character in names ? `&${names[character]};` : character)),
  'XML, decimal': (text) => each(text, (character) => `&#${codePoint(character)};`),
  'XML, hex with zeros': (text) => each(text, (character) => `&#X${hex(codePoint(character), 6).toUpperCase()};`),
};

const forms: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  reversed: (text) => [...text].reverse().join(''),
  hex: (text) => Buffer.from(text).toString('hex'),
  HEX: (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'a printed Buffer': (text) => inspect(Buffer.from(text)).slice(8),
  'a Buffer in JSON': (text) => JSON.stringify(Buffer.from(text)),
  'a form': (text) => text.replaceAll(' ', '+'),
  'UTF-8 taken for Latin-1': (text) => Buffer.from(text).toString('latin1'),
  ...Object.fromEntries(
    ['', 'X:', 'API:', 'user:', 'Ж:'].flatMap((user) => [
      [`base64 behind "${user}"`, (text: string) => Buffer.from(user + text).toString('base64')],
      [`base64url behind "${user}"`, (text: string) => Buffer.from(user + text).toString('base64url')],
      [`base64 behind "${user}", more behind it`, (text: string) => Buffer.from(`${user + text}, and so on`).toString('base64')],
      [`base64 behind "${user}", behind other letters`, (text: string) => `x${Buffer.from(user + text).toString('base64')}`],
    ]),
  ),
};

// Within a property, assert and not expect: Playwright keeps a step for each expect.

/** A text around a key. A blank keeps it apart: an escape that the text leaves half written would take the key's first characters for its own. */
const around = fc
  .tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
  .map(([before, after]) => [`${before} `, ` ${after}`] as const);
const way = (ways: Readonly<Record<string, (text: string) => string>>) =>
  fc.constantFrom(...Object.entries(ways)).map(([name, write]) => ({ name, write }));
const holds = (property: fc.IProperty<unknown>, numRuns = 1000) => fc.assert(property as fc.IProperty<[unknown]>, { numRuns });
const searcherFor = (...raws: readonly string[]) => createSearcher(raws.map((raw) => new Secret(raw)));
const maskerFor = (...raws: readonly string[]) => createMasker(raws.map((raw) => new Secret(raw)));

test('a key is found in every form and under every escaping, whatever stands around it, and masked without a trace', () => {
  holds(
    fc.property(keys, way({ ...forms, ...escapings }), around, (key, { write }, [before, after]) => {
      const text = before + write(key) + after;
      assert(searcherFor(key).finds(text));
      assert(searcherFor(key).finds(Buffer.from(text)));
      const masked = maskerFor(key)(text);
      assert(!searcherFor(key).finds(masked));
      assert(masked.startsWith(before) && masked.endsWith(after) && masked.includes(mark));
    }),
    3000,
  );
});

test('an escaped key is masked as a whole, and nothing but the key', () => {
  holds(
    fc.property(keys, way(escapings), around, (key, { write }, [before, after]) => {
      assert.equal(maskerFor(key)(before + write(key) + after), before + mark + after);
    }),
  );
});

test('a form in an escaping, in base64, in another: up to three over one another', () => {
  const wrapped = { 'base64 of JSON': (text: string) => Buffer.from(`{"authorization":"${text}"}`).toString('base64'), ...escapings };
  holds(
    fc.property(keys, way(forms), fc.array(way(wrapped), { minLength: 1, maxLength: 3 }), around, (key, form, over, [before, after]) => {
      const text = before + over.reduce((inner, { write }) => write(inner), form.write(key)) + after;
      assert(searcherFor(key).finds(text));
      assert(!searcherFor(key).finds(maskerFor(key)(text)));
    }),
    2000,
  );
});

test('a run of 12 characters counts as the key, a run of 11 does not', () => {
  const cut = fc.tuple(keys, fc.nat(), way({ ...forms, ...escapings })).filter(([key]) => [...key].length > shortestRun);
  holds(
    fc.property(cut, around, ([key, seed, { write }], [before, after]) => {
      const characters = [...key];
      const start = seed % (characters.length - shortestRun + 1);
      const run = (length: number) => characters.slice(start, start + length).join('');
      assert(searcherFor(key).finds(before + write(run(shortestRun)) + after));
      assert(!searcherFor(key).finds(`${run(shortestRun - 1)}\n${run(shortestRun - 1)}`));
    }),
    2000,
  );
});

test('base64 in lines, as MIME and PEM have it', () => {
  holds(
    fc.property(keys, fc.constantFrom(64, 76), fc.constantFrom('\n', '\r\n', '\\n'), around, (key, width, lineEnd, [before, after]) => {
      const encoded = Buffer.from(`{"user":"${'x'.repeat(50)}","key":${JSON.stringify(key)}}`).toString('base64');
      const text = before + (encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(lineEnd) + after;
      assert(searcherFor(key).finds(text));
      assert(!searcherFor(key).finds(maskerFor(key)(text)));
    }),
  );
});

test('several keys at once, those that overlap too', () => {
  holds(
    fc.property(keys, keys, fc.nat({ max: 7 }), around, (one, other, shared, [before, after]) => {
      const overlapping = [...one].slice(-shared).join('') + other;
      const text = before + one + overlapping.slice(shared) + after + overlapping + [...one].reverse().join('');
      const masked = maskerFor(one, other, overlapping)(text);
      for (const key of [one, other, overlapping]) assert(!searcherFor(key).finds(masked));
    }),
  );
});

test('after masking nothing is found, not even where the mark completes a key', () => {
  holds(
    fc.property(keys, fc.nat(), way({ ...forms, ...escapings }), (key, seed, { write }) => {
      const characters = [...key];
      const [start, end] = [characters.splice(0, seed % characters.length).join(''), characters.join('')];
      const tricky = start + mark + end;
      const text = start + write(tricky) + tricky + end;
      assert(!searcherFor(tricky).finds(maskerFor(tricky)(text)));
    }),
  );
});

test('a text without a key stays as it is', () => {
  holds(
    fc.property(
      fc.string({ unit: fc.constantFrom(...printable, '\n', ...foreign), maxLength: 500 }),
      fc.base64String({ maxLength: 500 }),
      (text, base64) => {
        const mask = maskerFor('0a1b2c3d'.repeat(4), 'x"é%&\\y'.repeat(3));
        assert.equal(mask(text), text);
        assert.equal(mask(base64), base64);
      },
    ),
  );
});

test('lines are masked whatever the chunks they come in', () => {
  const lines = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 5 });
  holds(
    fc.property(
      keys,
      way({ ...forms, ...escapings }),
      lines,
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      (key, { write }, others, sizes) => {
        const text = [...others, [write(key), '\n'], ...others, [write(key), '']].flat().join('');
        const masker = maskLines(maskerFor(key));
        let out = '';
        for (let rest = Buffer.from(text); rest.length > 0; ) {
          const size = sizes.next().value ?? 1;
          out += masker.write(rest.subarray(0, size));
          rest = rest.subarray(size);
        }
        out += masker.end();
        assert(!searcherFor(key).finds(out));
        assert.equal(out.split(/[\r\n]/).length, text.split(/[\r\n]/).length);
      },
    ),
  );
});

test('a line is passed on when it has ended, and one without an end does not fill the memory', () => {
  const key = fc.sample(keys, 1)[0] ?? '';
  const masker = maskLines(maskerFor(key));
  expect(masker.write(`one\ntwo ${key}`)).toBe('one\n');
  expect(masker.write('\nthree')).toBe(`two ${mark}\n`);
  const long = masker.write(`${' '.repeat(longestLine)}${key}`);
  expect(long).toBe(`three${' '.repeat(longestLine - 5)} [line cut]`);
  expect(masker.write(key) + masker.write(`${key}\nfour`) + masker.end()).toBe('\nfour');
});

test('a key that occurs in what every run publishes is told from one that does not', () => {
  const sample = '<script>const digits = "0123456789abcdef";</script>';
  expect(occursIn(new Secret(hexDigits.join('') + hexDigits.slice(0, 4).join('')), sample)).toBe(true);
  expect(occursIn(new Secret(hexDigits.slice().reverse().join('')), sample)).toBe(true);
  expect(occursIn(new Secret(`x${mark}`), sample)).toBe(false);
  expect(occursIn(new Secret(mark), sample)).toBe(true);
  expect(occursIn(new Secret(fc.sample(keys, 1)[0] ?? ''), sample)).toBe(false);
});

test('a secret has no form that can be printed', () => {
  const raw = hexDigits.toReversed().join('');
  const secret = new Secret(raw);
  const printed = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect(secret, { showHidden: true, depth: 9 }),
    inspect([secret]),
    `${Object.values(secret)}`,
  ];
  for (const text of printed) expect(text).not.toContain(raw);
  expect(() => createSearcher([new Secret(raw.slice(0, 7))])).toThrow(/fewer than 8/);
});
