/** What a refusal looks like, byte by byte, and what standards require in addition to the page. */
import { badCredentials } from '../src/ask/cases/bad-credentials.ts';
import type { Response } from '../src/recording/exchange.ts';
import {
  attempt,
  exchange,
  first,
  flaps,
  judged,
  noting,
  refusalWith,
  response,
  row,
  second,
  secondOf,
  silence,
  stands,
  those,
  trial,
} from './histories.ts';
import { expect, test } from './test.ts';

const refusedBy = (answer: Response) => ({ second: second([attempt('another key', trial(answer))]) });
const text = '{"error":"authentication failed"}';

test.describe('the content type of a 401', () => {
  for (const value of [
    undefined,
    '',
    'application/json',
    'application/json;charset=utf-8',
    'application/json; charset=UTF-8',
    'text/html; charset=utf-8',
    'application/json; charset=utf-8, application/json; charset=utf-8',
  ])
    test(`${value ?? 'none'}: violates`, () =>
      expect(those('violates', refusedBy(refusalWith('Content-Type', value)))).toEqual(['failure-content-type']));
});

test.describe('the body of a 401', () => {
  const bodies = [
    '',
    `${text}\n`,
    ` ${text}`,
    '{"error": "authentication failed"}',
    '{"error":"Authentication failed"}',
    `\ufeff${text}`,
    text.slice(0, -1),
    '<html></html>',
  ];
  for (const body of bodies)
    test(`${JSON.stringify(body)}: violates`, () =>
      expect(those('violates', refusedBy(response(401, { body })))).toEqual(['failure-body']));
  test('more bytes than are kept: violates', () => {
    expect(those('violates', refusedBy(response(401, { bodyBytes: 2 ** 21 })))).toEqual(['failure-body']);
  });
  test('a difference is shown with invisible characters made visible', () => {
    expect(judged('failure-body', refusedBy(response(401, { body: `${text}\n` }))).messages.join()).toContain('\\n');
    const cut = judged('failure-body', refusedBy(response(401, { body: text, bodyBytes: 8 * 1024 * 1024, cut: true })));
    expect(cut.verdict).toBe('violates');
    expect(cut.messages.join()).toContain('(more than 8 MiB)');
  });
  test('the final answer is judged, not the one before a retry', () => {
    const history = { second: second([attempt('another key', trial(response(503, { body: 'later' }), 401))]) };
    expect(those('violates', history)).toEqual([]);
  });
  test('one difference among many answers of a check is enough', () => {
    const attempts = Array.from({ length: 90 }, (_, index) =>
      attempt('nothing', trial(index === 44 ? response(401, { body: 'no' }) : 401)),
    );
    expect(those('violates', { second: second(attempts) })).toEqual(['failure-body']);
  });
});

test.describe('the rest of the example', () => {
  const others = [
    ['another reason phrase', response(401, { reason: 'Authentication Required' })],
    ['no reason phrase', response(401, { reason: '' })],
    ['no ETag', refusalWith('ETag', undefined)],
    ['a strong ETag', refusalWith('ETag', '"21-48c58abe"')],
    ['no Vary', refusalWith('Vary', undefined)],
    ['another Vary', refusalWith('Vary', 'Accept')],
    ['a connection that is closed', refusalWith('Connection', 'close')],
    ['no length', refusalWith('Content-Length', undefined)],
  ] as const;
  for (const [name, answer] of others)
    test(`${name}: noted`, () => {
      const history = refusedBy(answer);
      expect([...those('violates', history), ...those('inconclusive', history)]).toEqual([]);
      expect(judged('failure-headers', history).verdict).toBe('noted');
    });
  for (const [name, answer] of [
    ['members of Vary in another order', refusalWith('Vary', 'Accept-Encoding, Accept')],
    ['another ETag in the same form', refusalWith('ETag', 'W/"21-pVn8+5l1+zy6"')],
    ['more headers', response(401, { headers: [...response(401).headers, ['X-Request-Id', '1']] })],
    [
      'the length of a compressed body',
      response(401, {
        headers: [
          ...response(401).headers.filter(([name]) => name !== 'Content-Length'),
          ['Content-Encoding', 'gzip'],
          ['Content-Length', '53'],
        ],
      }),
    ],
  ] as const)
    test(`${name}: conforms`, () => expect(judged('failure-headers', refusedBy(answer)).verdict).toBe('conforms'));
});

test.describe('key-private', () => {
  const shows = response(401, { revealsKey: true });
  test('an answer that contains the key: noted', () => {
    const history = refusedBy(shows);
    expect(noting(history)).toEqual(['key-private']);
    expect(those('violates', history)).toEqual([]);
  });
  test('an answer to a call that carries the key itself is not judged', () => {
    expect(noting({ second: second([attempt('Bearer key', trial(exchange(shows, { carriesKeyRun: true })))]) })).toEqual([]);
  });
  test('any answer counts, whatever its status', () => {
    for (const answers of [trial(response(403, { revealsKey: true }), 403), trial(response(503, { revealsKey: true }), 401)])
      expect(judged('key-private', { second: second([attempt('another key', answers)]) }).verdict).toBe('noted');
  });
  test('its message does not repeat the key', () => {
    expect(judged('key-private', refusedBy(response(401, { revealsKey: true, body: 'key' }))).messages.join()).not.toContain('"key"');
  });
});

test.describe('WWW-Authenticate', () => {
  const challenged = (value: string | undefined) => ({
    second: secondOf(badCredentials.map(({ name }) => attempt(name, trial(refusalWith('WWW-Authenticate', value))))),
  });
  for (const value of ['Basic', 'Basic realm="API"', 'basic realm="API", charset="UTF-8"', 'Bearer, Basic realm="API"'])
    test(`${value}: conforms`, () => expect(judged('rfc9110-www-authenticate', challenged(value)).verdict).toBe('conforms'));
  for (const value of [undefined, 'Bearer', 'realm="Basic"'])
    test(`${value ?? 'none'}: noted`, () => expect(judged('rfc9110-www-authenticate', challenged(value)).verdict).toBe('noted'));
  for (const [value, verdict] of [
    ['Basic realm="API", charset="UTF-8"', 'conforms'],
    ['Basic realm="API", charset=utf-8', 'conforms'],
    ['Basic realm="API", charset="ISO-8859-1"', 'noted'],
    ['Basic realm="API"', 'not-run'],
    [undefined, 'not-run'],
  ] as const)
    test(`charset of ${value ?? 'none'}: ${verdict}`, () => expect(judged('rfc7617-utf8', challenged(value)).verdict).toBe(verdict));
  test('is checked if there was a 401', () => {
    const none = { second: secondOf([attempt('another key', trial(403, 403))]) };
    expect(judged('rfc9110-www-authenticate', none)).toMatchObject({ verdict: 'not-run', needs: 'no 401 came' });
  });
  test('is checked only in refusals between accepted controls', () => {
    const history = { second: second([], { controls: [trial(200), trial(401)] }) };
    expect(judged('rfc9110-www-authenticate', history).verdict).toBe('inconclusive');
  });
});

test.describe('the scheme in another case', () => {
  for (const [name, answers, followed, verdict] of [
    ['accepted', trial(200), undefined, 'conforms'],
    ['refused', trial(401), stands, 'noted'],
    ['answered 400 twice', trial(400, 400), undefined, 'noted'],
    ['refused once', trial(401), flaps, 'inconclusive'],
    ['not answered', trial(silence(), silence()), undefined, 'inconclusive'],
  ] as const)
    test(`${name}: ${verdict}`, () => {
      const history = { first: first([row('scheme', answers, followed === undefined ? {} : { followed })]) };
      expect(judged('rfc7617-scheme-case', history).verdict).toBe(verdict);
      expect(those('violates', history)).toEqual([]);
    });
});

test.describe('HEAD', () => {
  const json = (length: string) =>
    response(200, {
      headers: [
        ['Content-Type', 'application/json'],
        ['Content-Length', length],
      ],
    });
  const asked = (head: Response, get: Response) => ({ first: first([row('head', trial(head)), row('operation', trial(get))]) });
  test('answered like its GET: conforms', () => expect(judged('rfc9110-head', asked(json('7'), json('7'))).verdict).toBe('conforms'));
  test('without a length: conforms', () => expect(judged('rfc9110-head', asked(response(200), json('7'))).verdict).toBe('conforms'));
  test('with another status: noted', () => expect(judged('rfc9110-head', asked(response(204), json('7'))).verdict).toBe('noted'));
  test('with another length: noted', () => expect(judged('rfc9110-head', asked(json('0'), json('7'))).verdict).toBe('noted'));
  test('refused with the right key: noted, and nothing violates', () => {
    const history = { first: first([row('head', trial(401), { followed: stands })]) };
    expect(judged('rfc9110-head', history).verdict).toBe('noted');
    expect(those('violates', history)).toEqual([]);
  });
  test('next to a GET that was not accepted: inconclusive', () => {
    const history = { first: first([row('head', trial(401), { followed: stands }), row('operation', trial(401), { followed: stands })]) };
    expect(judged('rfc9110-head', history)).toMatchObject({ verdict: 'inconclusive', causes: ['no-control'] });
  });

  const head = { check: 'HEAD /flows', resource: 'HEAD /flows', head: true };
  const bare = response(401, { body: '', bodyBytes: 0 });
  for (const credential of ['nothing', 'another key']) {
    test(`${credential}, refused like GET: conforms, without a body`, () => {
      const history = { second: second([attempt(credential, trial(bare), head)]) };
      expect(those('violates', history)).toEqual([]);
      expect(judged('rfc9110-head', history).verdict).toBe('conforms');
    });
    for (const status of [403, 404, 405])
      test(`${credential}, answered ${status} twice: noted there and nowhere else`, () => {
        const history = { second: second([attempt(credential, trial(status, status), head)]) };
        expect(those('violates', history)).toEqual([]);
        expect(noting(history)).toEqual(['rfc9110-head']);
      });
    test(`${credential}, with another content type: noted there and nowhere else`, () => {
      const odd = response(401, { headers: [['Content-Type', 'text/html']], body: '', bodyBytes: 0 });
      const history = { second: second([attempt(credential, trial(odd), head)]) };
      expect(those('violates', history)).toEqual([]);
      expect(noting(history)).toEqual(['rfc9110-head']);
    });
  }
  test('refused next to a control that was not accepted: nothing is noted', () => {
    const attempts = [attempt('nothing', trial(403, 403), { ...head, block: 1 })];
    expect(noting({ second: second(attempts, { controls: [trial(200), trial(200), trial(401)] }) })).toEqual([]);
  });
  test('not asked because the first history ended early: inconclusive', () => {
    const history = { first: first([], { givenUp: 'locked-out' as const }), second: undefined };
    expect(judged('rfc9110-head', history)).toMatchObject({ verdict: 'inconclusive', causes: ['locked-out'] });
  });
});

test.describe('a host that needed too many retries leaves inconclusive', () => {
  for (const id of ['key-private', 'rfc9110-www-authenticate', 'rfc9110-head'] as const)
    test(id, () => {
      expect(judged(id, { second: second([], { unstable: true }) })).toMatchObject({ verdict: 'inconclusive', causes: ['unstable'] });
    });
});
