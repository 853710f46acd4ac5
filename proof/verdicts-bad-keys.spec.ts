/** Calls with bad credentials: which requirement an accepted one violates, when a refusal counts, and what happens if a history ends early. */
import { badCredentials } from '../src/ask/cases/bad-credentials.ts';
import type { Cause } from '../src/recording/causes.ts';
import type { Trial } from '../src/recording/outcome.ts';
import { attempt, first, judged, noting, response, row, second, secondOf, silence, stands, those, trial, unasked } from './histories.ts';
import { expect, test } from './test.ts';

const letIn = trial(200);
const owners = ['auth-required', 'basic-scheme', 'key-as-password', 'old-key-stops', 'bad-key-refused'] as const;
const forms = ['failure-status', 'failure-content-type', 'failure-body', 'failure-headers'] as const;
const plainly = ['nothing', 'another key'] as const;

test.describe('accepted bad credentials violate only', () => {
  for (const { name, owner } of badCredentials)
    test(`${owner} for ${name}`, () => {
      const history = { second: second([attempt(name, letIn)]) };
      expect(those('violates', history)).toEqual([owner]);
      expect(noting(history)).toEqual([]);
    });

  test('auth-required if a call without credentials is accepted', () => {
    const others = badCredentials.filter(({ name }) => name !== 'nothing').map(({ name }) => attempt(name, letIn));
    expect(those('violates', { second: second([attempt('nothing', letIn), ...others]) })).toEqual(['auth-required']);
  });
  test('auth-required if a call without credentials is accepted once among many', () => {
    const many = Array.from({ length: 90 }, (_, index) =>
      attempt('nothing', index === 71 ? letIn : trial(401), { check: 'nothing, often' }),
    );
    expect(those('violates', { second: second(many) })).toEqual(['auth-required']);
  });
  test('bad-key-refused if another key with the same username is accepted', () => {
    const keys = ['another key', 'key, last character changed', 'an empty password', 'key from before the reset'];
    expect(those('violates', { second: second(keys.map((name) => attempt(name, letIn))) })).toEqual(['bad-key-refused']);
  });
  test('each owner if another key is accepted with another username', () => {
    const attempts = [
      attempt('another key', letIn, { check: 'username odd', username: 'odd' }),
      attempt('key from before the reset', letIn),
      attempt('an empty password', letIn),
    ];
    expect(those('violates', { second: second(attempts) })).toEqual(['key-as-password', 'bad-key-refused', 'old-key-stops']);
  });
  test('basic-scheme even if another key is accepted with some username', () => {
    const attempts = [attempt('another key', letIn), attempt('Bearer key', letIn)];
    expect(those('violates', { second: second(attempts) })).toEqual(['basic-scheme', 'bad-key-refused']);
  });
  test('the requirement for each resource by itself', () => {
    const attempts = [
      attempt('nothing', letIn, { check: 'GET /fields', resource: 'GET /fields' }),
      attempt('another key', letIn, { check: 'GET /fields', resource: 'GET /fields' }),
      attempt('another key', letIn, { check: 'GET /types', resource: 'GET /types' }),
    ];
    const history = { second: second(attempts) };
    expect(those('violates', history)).toEqual(['auth-required', 'bad-key-refused']);
    expect(
      judged('bad-key-refused', history)
        .checks.filter(({ verdict }) => verdict === 'violates')
        .map(({ name }) => name),
    ).toEqual(['GET /types']);
  });
  test('the requirement for HEAD by itself', () => {
    const head = { check: 'HEAD /flows', resource: 'HEAD /flows', head: true };
    const attempts = [attempt('nothing', letIn, head), attempt('another key', letIn)];
    expect(those('violates', { second: second(attempts) })).toEqual(['auth-required', 'bad-key-refused']);
  });
  test('key-as-password if the key is accepted as the username with any password', () => {
    const attempts = [
      attempt('the key as username, with password X', letIn),
      attempt('the key as username, with no password', letIn),
      attempt('another key', letIn, {
        check: 'username the key itself',
        username: 'the key itself',
        keyAsUsername: true,
        owner: 'key-as-password',
      }),
    ];
    expect(those('violates', { second: second(attempts) })).toEqual(['key-as-password']);
  });
  test.describe('an unencoded key that is also base64 of a username and password violates', () => {
    const key = attempt('Basic key, not in base64', letIn, { owner: 'bad-key-refused', readsAsPair: true });
    const pair = attempt('Basic API:key, not in base64', letIn, { readsAsPair: true });
    test('bad-key-refused', () => expect(those('violates', { second: second([key]) })).toEqual(['bad-key-refused']));
    for (const name of ['Bearer key', 'Basic, with characters that are not base64'])
      test(`basic-scheme together with ${name}`, () =>
        expect(those('violates', { second: second([key, attempt(name, letIn)]) })).toEqual(['basic-scheme']));
    test('basic-scheme together with the unencoded pair', () =>
      expect(those('violates', { second: second([key, pair]) })).toEqual(['basic-scheme']));
    test('bad-key-refused together with another key', () =>
      expect(those('violates', { second: second([key, pair, attempt('another key', letIn)]) })).toEqual(['bad-key-refused']));
    test('depending only on its own resource', () => {
      const elsewhere = attempt('Bearer key', letIn, { check: 'GET /fields', resource: 'GET /fields' });
      expect(those('violates', { second: second([key, elsewhere]) })).toEqual(['basic-scheme', 'bad-key-refused']);
    });
  });
  test('nothing if the cause is reported already, but is noted', () => {
    const history = { second: second([attempt('nothing', letIn), attempt('Bearer key', letIn)]) };
    expect(judged('basic-scheme', history).verdict).toBe('conforms');
    expect(noting(history)).toEqual(['basic-scheme']);
  });
});

test.describe('a refusal counts only between accepted controls', () => {
  const controls: readonly (readonly [string, readonly Trial[], Cause])[] = [
    ['the one before refused', [trial(401), trial(200)], 'no-control'],
    ['the one after refused', [trial(200), trial(401)], 'no-control'],
    ['the one after silent', [trial(200), trial(silence(), silence())], 'timeout'],
    ['the one after missing', [trial(200)], 'no-control'],
    ['the one before answered differently', [trial(404, 404), trial(200)], 'no-control'],
  ];
  for (const [name, around, cause] of controls)
    test(name, () => {
      const history = { second: second([], { controls: around }) };
      for (const id of [...owners, ...forms]) expect(judged(id, history), id).toMatchObject({ verdict: 'inconclusive', causes: [cause] });
    });
  test('the other blocks still count', () => {
    const attempts = [
      ...badCredentials.map(({ name }) => attempt(name, trial(401))),
      attempt('another key', trial(403, 403), { check: 'later', block: 1 }),
    ];
    const history = { second: secondOf(attempts, { controls: [trial(200), trial(200), trial(503, 503)] }) };
    expect(judged('failure-status', history).verdict).toBe('conforms');
    expect(judged('auth-required', history).verdict).toBe('conforms');
    expect(judged('bad-key-refused', history)).toMatchObject({ verdict: 'inconclusive', causes: ['unreachable'] });
  });
  test('with its own cause, whatever ended the history later', () => {
    const around = [trial(200), trial(403, 404), trial(200)];
    const history = { second: second([], { controls: around, givenUp: 'throttled', unasked: 9 }) };
    expect(judged('auth-required', history).causes).toEqual(['unstable', 'throttled']);
  });
  test('a missing answer does not violate there', () => {
    expect(
      those('violates', { second: second([attempt('another key', trial(403, 403))], { controls: [trial(200), trial(401)] }) }),
    ).toEqual([]);
  });
});

test.describe('no 401 at all', () => {
  const all = (answers: Trial) => ({ second: secondOf(badCredentials.map(({ name }) => attempt(name, answers))) });
  test('but definite answers: only failure-status violates', () => {
    const history = all(trial(403, 403));
    expect(those('violates', history)).toEqual(['failure-status']);
    for (const id of forms.slice(1)) expect(judged(id, history), id).toMatchObject({ verdict: 'not-run', needs: 'no 401 came' });
  });
  test('but no usable answers: the owners are inconclusive', () => {
    const history = all(trial(503, 503));
    for (const id of owners) expect(judged(id, history), id).toMatchObject({ verdict: 'inconclusive', causes: ['unreachable'] });
    for (const id of forms.slice(1)) expect(judged(id, history), id).toMatchObject({ verdict: 'not-run', needs: 'no 401 came' });
  });
  test('because all were accepted', () => {
    const history = all(letIn);
    for (const id of forms.slice(1)) expect(judged(id, history), id).toMatchObject({ verdict: 'not-run', needs: 'no 401 came' });
  });
});

test.describe('what is at most noted', () => {
  const cases = [
    ['431', trial(431, 431)],
    ['400', trial(400, 400)],
    ['a closed connection', trial(silence('unreachable'), silence('unreachable'))],
    ['503', trial(503, 503)],
  ] as const;
  for (const kind of ['oversize', 'placeholder'] as const) {
    for (const [name, answers] of cases)
      test(`${kind}: ${name}`, () => {
        const history = { second: second([attempt('another key', answers, { [kind]: true })]) };
        expect([...those('violates', history), ...those('inconclusive', history)]).toEqual([]);
        expect(noting(history)).toHaveLength(1);
      });
    test(`${kind}: being accepted still violates`, () => {
      expect(those('violates', { second: second([attempt('another key', letIn, { [kind]: true })]) })).toEqual(['bad-key-refused']);
    });
    test(`${kind}: a 401 is judged`, () => {
      const plain = attempt('another key', trial(response(401, { body: 'no' })), { [kind]: true });
      expect(those('violates', { second: second([plain]) })).toEqual(['failure-body']);
    });
    test(`${kind}: it does not hide that a plain call got no answer`, () => {
      const attempts = [
        attempt('another key', trial(503, 503), { check: 'GET /fields', [kind]: true }),
        attempt('key, doubled', trial(503, 503), { check: 'GET /fields' }),
      ];
      expect(judged('bad-key-refused', { second: second(attempts) })).toMatchObject({ verdict: 'inconclusive', causes: ['unreachable'] });
    });
    test(`${kind}: what was not asked is inconclusive, not noted`, () => {
      const history = { second: second([attempt('another key', unasked('locked-out'), { [kind]: true })], { givenUp: 'locked-out' }) };
      expect(judged('bad-key-refused', history)).toMatchObject({ verdict: 'inconclusive', causes: ['locked-out'] });
    });
  }
  test('a resource that is not served here: its answers to bad keys do not violate', () => {
    const rows = [row('operation', trial(404, 404), { operation: 'GET /exports' })];
    const attempts = plainly.map((name) => attempt(name, trial(404, 404), { check: 'GET /exports', resource: 'GET /exports' }));
    expect(those('violates', { first: first(rows), second: second(attempts) })).toEqual([]);
  });
  test('a resource that refuses the right key still has its refusals checked', () => {
    const rows = [row('operation', trial(401), { operation: 'GET /exports', followed: stands })];
    const attempts = plainly.map((name) => attempt(name, trial(403, 403), { check: 'GET /exports', resource: 'GET /exports' }));
    expect(those('violates', { first: first(rows), second: second(attempts) })).toEqual(['failure-status', 'key-for-all-calls']);
  });
});

test.describe('a history that ended early', () => {
  const answered = attempt('nothing', trial(401));
  for (const cause of ['locked-out', 'throttled', 'timeout'] as const) {
    test(`${cause}: what was answered is judged, and the rest is inconclusive`, () => {
      const wrong = attempt('another key', trial(403, 403), { check: 'before' });
      const history = { second: secondOf([answered, wrong], { givenUp: cause, unasked: 40 }) };
      expect(those('violates', history)).toEqual(['failure-status']);
      for (const id of ['auth-required', 'basic-scheme', 'key-as-password', 'bad-key-refused', 'failure-body'] as const)
        expect(judged(id, history), id).toMatchObject({ verdict: 'inconclusive', causes: [cause] });
    });
    test(`${cause}: an old key that was not tried on every connection may still work on one of them`, () => {
      const oldKey = attempt('key from before the reset', trial(401));
      const history = { first: first([], { hasOldKey: true }), second: secondOf([answered, oldKey], { givenUp: cause, unasked: 40 }) };
      expect(judged('old-key-stops', history)).toMatchObject({ verdict: 'inconclusive', causes: [cause] });
    });
    test(`${cause}: an old key that was not tried at all`, () => {
      const history = { first: first([], { hasOldKey: true }), second: secondOf([answered], { givenUp: cause, unasked: 40 }) };
      expect(judged('old-key-stops', history)).toMatchObject({ verdict: 'inconclusive', causes: [cause] });
    });
    test(`${cause}: in the first history, the second is inconclusive`, () => {
      const history = { first: first([], { givenUp: cause }), second: undefined };
      for (const id of [...owners, ...forms, 'key-private'] as const)
        expect(judged(id, history), id).toMatchObject({ verdict: 'inconclusive', causes: [cause] });
    });
  }
});

test.describe('a host that needed too many retries', () => {
  const history = { second: second([attempt('another key', letIn), attempt('nothing', trial(403, 403))], { unstable: true }) };
  test('violates for accepted bad credentials and nothing else', () => expect(those('violates', history)).toEqual(['bad-key-refused']));
  for (const id of ['auth-required', 'basic-scheme', ...forms] as const)
    test(`leaves ${id} inconclusive`, () => expect(judged(id, history)).toMatchObject({ verdict: 'inconclusive', causes: ['unstable'] }));
});

test.describe('the old key, without a reset', () => {
  const oldKey = (answers: Trial, more = {}) => attempt('key from before the reset', answers, more);
  test('refused: conforms', () => expect(judged('old-key-stops', { second: second([oldKey(trial(401))]) }).verdict).toBe('conforms'));
  test('accepted as well as the new one: violates', () => {
    expect(those('violates', { second: second([oldKey(letIn)]) })).toEqual(['old-key-stops']);
  });
  test('accepted on one connection of ten: violates', () => {
    const attempts = Array.from({ length: 10 }, (_, index) => oldKey(index === 6 ? letIn : trial(401)));
    expect(judged('old-key-stops', { second: second(attempts) }).verdict).toBe('violates');
  });
  test('not known: not run', () => {
    const attempts = badCredentials.filter(({ owner }) => owner !== 'old-key-stops').map(({ name }) => attempt(name, trial(401)));
    expect(judged('old-key-stops', { first: first([], { hasOldKey: false }), second: secondOf(attempts) })).toMatchObject({
      verdict: 'not-run',
      needs: expect.stringContaining('ACTIVEPROSPECT_OLD_API_KEY'),
    });
  });
});
