/** The search finds every form of a key, and masking removes every form. Keys are made at run time: this file contains none. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { createMasker, longestLine, mark, maskLines, occursIn } from '../src/keys/masker.ts';
import { createSearcher } from '../src/keys/searcher.ts';
import { Secret } from '../src/keys/secret.ts';
import { around, escapings, everyWay, foreign, forms, hex, hexDigits, keys, printable, units, way } from './key-forms.ts';
import { expect, test } from './test.ts';

/** Uses assert inside, because Playwright keeps a step for each expect. */
const holds = (property: fc.IProperty<unknown>, numRuns = 1000) => fc.assert(property as fc.IProperty<[unknown]>, { numRuns });
const searcherFor = (...raws: readonly string[]) => createSearcher(raws.map((raw) => new Secret(raw)));
const slashes = (text: string) => text.replaceAll('/', '\\/');
const maskerFor = (...raws: readonly string[]) => createMasker(raws.map((raw) => new Secret(raw)));

test('a key is found in every form and escaping, whatever text surrounds it, and is masked completely', () => {
  holds(
    fc.property(keys, way(everyWay), around, (key, { write }, [before, after]) => {
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

test('a key, escaped or not, is masked completely, and only the key', () => {
  holds(
    fc.property(keys, way({ ...escapings, raw: String }), around, (key, { write }, [before, after]) => {
      assert.equal(maskerFor(key)(before + write(key) + after), before + mark + after);
    }),
  );
});

test('up to three forms, escapings or base64 layers are found inside each other', () => {
  const json = (text: string) => Buffer.from(`{"authorization":"${text}"}`);
  const wrapped = {
    base64: (text: string) => json(text).toString('base64'),
    base64url: (text: string) => json(text).toString('base64url'),
    ...escapings,
  };
  holds(
    fc.property(keys, way(forms), fc.array(way(wrapped), { minLength: 1, maxLength: 3 }), around, (key, form, over, [before, after]) => {
      const text = before + over.reduce((inner, { write }) => write(inner), form.write(key)) + after;
      assert(searcherFor(key).finds(text));
      const masked = maskerFor(key)(text);
      assert(!searcherFor(key).finds(masked));
      assert(masked.startsWith(before) && masked.endsWith(after) && masked.includes(mark));
    }),
    2000,
  );
});

test('a run of 12 characters counts as the key, a run of 11 does not', () => {
  const cut = fc.tuple(keys, fc.nat(), way(everyWay)).filter(([key]) => [...key].length > 12);
  holds(
    fc.property(cut, around, ([key, seed, { write }], [before, after]) => {
      const characters = [...key];
      const start = seed % (characters.length - 11);
      const run = (length: number) => characters.slice(start, start + length).join('');
      assert(searcherFor(key).finds(before + write(run(12)) + after));
      assert(!searcherFor(key).finds(`${run(11)}\n${run(11)}`));
    }),
    2000,
  );
});

test('base64 in lines, as in MIME and PEM', () => {
  const short = keys.map((key) => [...key].slice(0, 12).join('')).filter((key) => key.length >= 8);
  const layout = fc.tuple(fc.constantFrom(64, 76), fc.constantFrom('\n', '\r\n', '\\n'), fc.nat({ max: 150 }));
  holds(
    fc.property(short, layout, around, (key, [width, lineEnd, length], [before, after]) => {
      const encoded = Buffer.from(`{"user":"${'x'.repeat(length)}","key":${JSON.stringify(key)}, "more": "${'x'.repeat(80)}"}`).toString(
        'base64',
      );
      const text = before + (encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(lineEnd) + after;
      assert(searcherFor(key).finds(text));
      assert(!searcherFor(key).finds(maskerFor(key)(text)));
    }),
  );
});

test('base64 that is interrupted by an escape, however far from the key', () => {
  holds(
    fc.property(
      keys,
      fc.tuple(fc.nat(2000), fc.nat(2000), fc.nat(2000)),
      way({ percent: encodeURIComponent, JSON: slashes }),
      (key, lengths, { write }) => {
        const [first = '', second = '', third = ''] = lengths.map((length) => 'x'.repeat(length));
        const text = Buffer.from(`${first}???${second} ${units(key, (unit) => `\\u${hex(unit, 4)}`)} ${third}`).toString('base64');
        assert(searcherFor(key).finds(`"${write(text)}"`));
      },
    ),
  );
});

test('in base64, only the groups of four that contain the key are masked', () => {
  holds(
    fc.property(keys, fc.string(), fc.string({ minLength: 20 }), (key, before, after) => {
      const escaped = units(key, (unit) => `\\u${hex(unit, 4)}`);
      const text = Buffer.from(`${before} ${escaped} ${after}`).toString('base64url');
      const start = before.length + 1;
      const end = start + escaped.length;
      assert.equal(maskerFor(key)(text), text.slice(0, Math.floor(start / 3) * 4) + mark + text.slice(Math.ceil(end / 3) * 4));
    }),
  );
});

test('separate pieces of a key are not joined', () => {
  const key = fc.sample(fc.string({ unit: fc.constantFrom(...hexDigits), minLength: 20, maxLength: 20 }), 1)[0] ?? '';
  const [start, end] = [key.slice(0, 10), key.slice(10)];
  const base64 = [`${'-'.repeat(20)}${start}`, `${end}${'-'.repeat(20)}`].map((text) => Buffer.from(text).toString('base64')).join('.');
  for (const text of [base64, `%2d${start}${' '.repeat(9999)}${end}%2d`]) expect(searcherFor(key).finds(text)).toBe(false);
});

test('several keys at once, including overlapping ones', () => {
  holds(
    fc.property(keys, keys, fc.nat({ max: 7 }), around, (one, other, shared, [before, after]) => {
      const overlapping = [...one].slice(-shared).join('') + other;
      const text = before + one + overlapping.slice(shared) + after + overlapping + [...one].reverse().join('');
      const masked = maskerFor(one, other, overlapping)(text);
      for (const key of [one, other, overlapping]) assert(!searcherFor(key).finds(masked));
    }),
  );
});

test('after masking nothing is found, even if the mark would complete a key', () => {
  holds(
    fc.property(keys, fc.nat(), way(everyWay), (key, seed, { write }) => {
      const characters = [...key];
      const [start, end] = [characters.splice(0, seed % characters.length).join(''), characters.join('')];
      const tricky = start + mark + end;
      const text = start + write(tricky) + tricky + end;
      assert(!searcherFor(tricky).finds(maskerFor(tricky)(text)));
    }),
  );
});

test('a text without a key is not changed', () => {
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

test('lines are masked regardless of how they are split into chunks', () => {
  const lines = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 5 });
  holds(
    fc.property(keys, way(everyWay), lines, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (key, { write }, others, sizes) => {
      const text = [...others, [write(key), '\n'], ...others, [write(key), '']].flat().join('');
      const masker = maskLines(maskerFor(key));
      let out = '';
      for (let rest = Buffer.from(text); rest.length > 0; ) {
        const size = sizes.next().value ?? 1;
        out += masker.write(rest.subarray(0, size));
        rest = rest.subarray(size);
      }
      out += masker.end();
      assert.equal(
        out,
        text
          .split(/(?<=[\r\n])/)
          .map(maskerFor(key))
          .join(''),
      );
    }),
  );
});

test('a line is passed on when it ends, and an endless line does not fill the memory', () => {
  const key = fc.sample(keys, 1)[0] ?? '';
  const masker = maskLines(maskerFor(key));
  expect(masker.write(`one\ntwo ${key}`)).toBe('one\n');
  expect(masker.write('\rthree')).toBe(`two ${mark}\r`);
  const long = masker.write(`${key}${' '.repeat(longestLine)}${key}`);
  expect(long.length).toBe(longestLine - key.length + mark.length + ' [line cut]'.length);
  expect(long.replace(/ +/g, ' ')).toBe(`three${mark} [line cut]`);
  expect(masker.write(key) + masker.write(`${key}\nfour`) + masker.end()).toBe('\nfour');
});

test('a key that occurs in what every run publishes is recognized', () => {
  const sample = '<script>const digits = "0123456789abcdef";</script>';
  expect(occursIn(new Secret(hexDigits.join('') + hexDigits.slice(0, 4).join('')), sample)).toBe(true);
  expect(occursIn(new Secret(hexDigits.slice().reverse().join('')), sample)).toBe(true);
  expect(occursIn(new Secret(`x${mark}`), sample)).toBe(false);
  expect(occursIn(new Secret(mark), sample)).toBe(true);
  expect(occursIn(new Secret(fc.sample(keys, 1)[0] ?? ''), sample)).toBe(false);
});

test('a key in the other case is found and masked', () => {
  const key = `${randomBytes(20).toString('hex')}ab`;
  const text = `X-Rejected: ${key.toUpperCase()}`;
  expect(searcherFor(key).finds(text)).toBe(true);
  expect(maskerFor(key)(text)).toBe(`X-Rejected: ${mark}`);
});

test('a key may be as long as a file that was pasted by mistake', () => {
  const long = randomBytes(20_000).toString('hex');
  expect(searcherFor(long).finds(`key=${long}`)).toBe(true);
});

test('a secret cannot be printed in any way', () => {
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
