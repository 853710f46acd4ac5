/** A reset by a person: what is sent when, the verdicts, and what is remembered. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAsking } from '../src/ask/asking.ts';
import { recordingsOf, type Watch, type WatchOptions, watch } from '../src/ask/reset-by-hand.ts';
import { openMemory } from '../src/commands/verify-reset/remembered.ts';
import { noteIn } from '../src/commands/verify-reset/table.ts';
import { readConfiguration } from '../src/configuration/configuration.ts';
import type { Change } from '../src/host/behavior.ts';
import { allDepartures } from '../src/host/departures.ts';
import { startHost } from '../src/host/host.ts';
import { judgeByHand } from '../src/judge/by-hand.ts';
import { verdictOf } from '../src/judge/check.ts';
import { refusalNotes } from '../src/judge/failure.ts';
import { Secret } from '../src/keys/secret.ts';
import { createVault } from '../src/keys/vault.ts';
import { inWords, timelineOf } from '../src/report/timeline.ts';
import { loadProduct, loadProducts } from '../src/specifications/load.ts';
import type { ProductId } from '../src/specifications/model.ts';
import { answering, follows } from './hosts.ts';
import { expect, test } from './test.ts';

type Products = readonly ('leadconduit' | 'suppressionlist')[];
const all: Products = ['leadconduit', 'suppressionlist'];

interface Scene extends Partial<Pick<WatchOptions, 'waitMs' | 'earlier'>> {
  /** Products that someone logs in to while they are watched, whether that is confirmed or not. */
  readonly login?: Products;
  readonly says?: Products;
  readonly before?: Products;
  readonly oldKey?: 'skipped';
  readonly typed?: (keys: { readonly old: Secret; readonly fresh: Secret }) => { readonly old: Secret; readonly fresh: Secret };
  readonly change?: Change;
}

async function scene({ login = [], says = [], before = [], oldKey, typed = (keys) => keys, change, waitMs = 400, earlier = [] }: Scene) {
  const host = await startHost({ products: loadProducts(), ...(change === undefined ? {} : { behavior: change }) });
  const account = host.openAccount();
  const fresh = new Secret(host.reset(account.id));
  for (const product of before) host.login(account.id, product);
  const keys = typed({ old: new Secret(account.key), fresh });
  const configuration = readConfiguration(
    {
      values: { LEADCONDUIT_URL: host.urlOf('leadconduit'), SUPPRESSIONLIST_URL: host.urlOf('suppressionlist') },
      problems: [],
      warnings: [],
    },
    true,
  );
  const asking = await openAsking({ ...configuration, key: keys.fresh }, { pauseMs: 1 });
  let acted = false;
  const watched: Watch = watch({
    subjects: asking.subjects,
    oldKey: oldKey === 'skipped' ? undefined : keys.old,
    newKey: keys.fresh,
    waitMs,
    now: () => performance.now(),
    earlier,
    loggedIn: {},
    everyMs: { first: 20, most: 40 },
    onChange: () => {},
  });
  // After each product has been checked once.
  const acting = setInterval(() => {
    if (acted || !watched.products.every(({ nextAt, over }) => nextAt !== undefined || over)) return;
    acted = true;
    for (const product of login) host.login(account.id, product);
    for (const product of says) watched.said(product);
  }, 5);
  const resets = await watched.resets;
  clearInterval(acting);
  await asking.close();
  await host.close();
  const results = judgeByHand(recordingsOf(resets, { subjects: asking.subjects, oldKey: oldKey === 'skipped' ? undefined : keys.old }));
  const of = (requirement: string, product: ProductId | 'account') => {
    const judgement = results.find((each) => each.requirement === requirement && each.product === product)?.judgement;
    const checks = judgement?.kind === 'checked' ? judgement.checks : [];
    return {
      verdict: judgement === undefined || judgement.kind === 'not-applicable' ? undefined : verdictOf(judgement, 'required'),
      causes: [...new Set(checks.flatMap((each) => ('cause' in each ? [each.cause] : [])))],
      messages: checks.flatMap((each) => ('message' in each ? [each.message] : [])).join(' '),
    };
  };
  return { watched, resets, of, keys };
}

test('a login that is reported while a call is on its way is followed by another call', async () => {
  const key = randomBytes(20).toString('hex');
  let hasSwitched = false;
  let calls = 0;
  let changes = 0;
  const host = await answering(async (request, response) => {
    const accepted = hasSwitched ? key : 'none';
    calls += 1;
    await sleep(100);
    follows(request, response, accepted);
  })(key);
  const values = { LEADCONDUIT_URL: host.url, ACTIVEPROSPECT_API_KEY: key };
  const asking = await openAsking(readConfiguration({ values, problems: [], warnings: [] }), { pauseMs: 1 });
  const watched = watch({
    subjects: asking.subjects,
    oldKey: undefined,
    newKey: new Secret(key),
    // Longer than a timer of Node.js can be.
    waitMs: 2 ** 32,
    now: () => performance.now(),
    earlier: [],
    loggedIn: {},
    onChange: () => {
      changes += 1;
    },
  });
  const isWaiting = (): boolean => watched.products[0]?.nextAt !== undefined;
  await expect.poll(isWaiting, { intervals: [5] }).toBe(true);
  const before = calls;
  watched.said('leadconduit');
  await expect.poll(() => calls, { intervals: [5] }).toBeGreaterThan(before);
  hasSwitched = true;
  watched.said('leadconduit');
  await expect.poll(() => watched.products[0]?.switched, { timeout: 5000 }).toBe(true);
  await watched.resets;
  expect(changes, 'it waits meanwhile').toBeLessThan(100);
  await asking.close();
  await host.close();
});
test('every product switches while it is watched: conforms', async () => {
  const { of, watched } = await scene({ login: all });
  for (const product of all)
    for (const id of ['old-key-stops', 'new-key-starts']) expect(of(id, product).verdict, `${id} on ${product}`).toBe('conforms');
  expect(of('reset-changes-key', 'account').verdict).toBe('conforms');
  expect(watched.products.every(({ switched }) => switched)).toBe(true);
});
test('times count from what the person reports, and say so', async () => {
  const { resets } = await scene({ login: all, says: all });
  const timelines = resets.flatMap((each) => timelineOf(each) ?? []);
  expect(timelines).toHaveLength(all.length);
  for (const each of timelines) expect(inWords(each)).toContain('the login was reported');
});
test('products that had already switched: conforms without waiting', async () => {
  const startedAt = performance.now();
  const { of } = await scene({ before: all, waitMs: 20_000 });
  for (const product of all) expect(of('new-key-starts', product).verdict).toBe('conforms');
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
test('a product without a login: needs-login, and the other conforms', async () => {
  const { of } = await scene({ login: ['leadconduit'] });
  expect(of('new-key-starts', 'leadconduit').verdict).toBe('conforms');
  for (const id of ['old-key-stops', 'new-key-starts'])
    expect(of(id, 'suppressionlist')).toMatchObject({ verdict: 'inconclusive', causes: ['needs-login'] });
});
test('the new key is not tried while the suite only waits', async () => {
  const { resets } = await scene({});
  for (const { probes } of resets) {
    expect(probes.filter(({ key }) => key === 0).length).toBeGreaterThan(5);
    expect(
      probes.filter(({ key }) => key === 1).map(({ check }) => check.split(':')[0]),
      'at the start and at the end',
    ).toEqual(['at the start', 'at the end']);
  }
});
test('a product that has not switched although a login is confirmed: violates', async () => {
  const { of } = await scene({ says: ['leadconduit'] });
  expect(of('old-key-stops', 'leadconduit').verdict).toBe('violates');
  expect(of('new-key-starts', 'leadconduit').causes, 'the new key may be mistyped').toEqual(['key-refused']);
  expect(of('old-key-stops', 'suppressionlist').verdict).toBe('inconclusive');
});
test('a product that gives no usable answer: its cause, and nothing about a login', async () => {
  const down = { status: 503, reason: 'Service Unavailable', headers: [], body: '' };
  const { of } = await scene({ change: () => ({ refuse: () => down, answer: () => down }) });
  for (const id of ['old-key-stops', 'new-key-starts', 'reset-needs-login'])
    expect(of(id, 'leadconduit')).toMatchObject({ verdict: 'inconclusive', causes: ['unreachable'] });
});
test('a product that accepts the old key as well as the new one: old-key-stops violates', async () => {
  const change = allDepartures().find(({ id }) => id === 'old-key-stops/never-revoked')?.change as Change;
  const { of } = await scene({ login: ['leadconduit'], change });
  expect(of('old-key-stops', 'leadconduit').verdict).toBe('violates');
});
for (const [id, requirement, expected, actual] of [
  ['failure-status/dead-key-forbidden', 'failure-status', '401 Unauthorized', '403 Forbidden'],
  ['failure-body/dead-key-expired', 'failure-body', '{"error":"authentication failed"}', '{"error":"key expired"}'],
  ['failure-content-type/dead-key-without-charset', 'failure-content-type', 'charset=utf-8', '"application/json"'],
] as const)
  test(`a replaced key that is refused differently, ${id}: noted, and the product still counts as switched`, async () => {
    const change = allDepartures().find((each) => each.id === id)?.change as Change;
    const { of, watched } = await scene({ login: all, change });
    const { failure } = loadProduct('leadconduit');
    for (const product of all) {
      for (const each of ['old-key-stops', 'new-key-starts']) expect(of(each, product).verdict, `${each} on ${product}`).toBe('conforms');
      const notes = refusalNotes(
        watched.probes.filter((each) => each.product === product),
        failure,
      );
      expect(notes[0]?.requirement).toBe(requirement);
      expect(notes[0]?.checks.every(({ verdict }) => verdict === 'noted')).toBe(true);
      expect(noteIn(notes)).toMatch(/^The refusal differs from the documentation: expected /);
      expect(noteIn(notes)).toContain(expected);
      expect(noteIn(notes)).toContain(actual);
    }
    expect(watched.products.every(({ switched }) => switched)).toBe(true);
  });
test('documented refusals are not noted', async () => {
  const { watched } = await scene({ login: ['leadconduit'] });
  expect(refusalNotes(watched.probes, loadProduct('leadconduit').failure)).toEqual([]);
});
test('a mistyped new key: key-refused, and nothing violates', async () => {
  const { of } = await scene({ login: all, typed: ({ old, fresh }) => ({ old, fresh: fresh.map((raw) => `${raw.slice(0, -1)}x`) }) });
  for (const product of all) expect(of('new-key-starts', product)).toMatchObject({ verdict: 'inconclusive', causes: ['key-refused'] });
});
test('swapped keys: the message says so', async () => {
  const { of } = await scene({ typed: ({ old, fresh }) => ({ old: fresh, fresh: old }), before: all });
  expect(of('new-key-starts', 'leadconduit').messages).toContain('swapped');
});
test('keys entered correctly, but before any login: the message names the missing login', async () => {
  const { of } = await scene({});
  expect(of('new-key-starts', 'leadconduit').messages).toContain('no one has logged in');
});
test('a product that refuses both keys: not subscribed, or incomplete keys', async () => {
  const other = (secret: Secret) => secret.map((raw) => `${raw.slice(1)}x`);
  const { of } = await scene({ typed: ({ old, fresh }) => ({ old: other(old), fresh: other(fresh) }) });
  expect(of('new-key-starts', 'leadconduit')).toMatchObject({ verdict: 'inconclusive', causes: ['key-refused'] });
  expect(of('new-key-starts', 'leadconduit').messages).toContain('not subscribed');
});
test('the old key skipped: it is not judged', async () => {
  const { of } = await scene({ oldKey: 'skipped', login: all, says: all });
  expect(of('old-key-stops', 'leadconduit').verdict).toBe('not-run');
  expect(of('new-key-starts', 'leadconduit').verdict).toBe('conforms');
});

test.describe('what is remembered', () => {
  let folder: string;
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'memory-'));
  });
  test.afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const open = (
    keys: { readonly old: Secret; readonly fresh: Secret },
    products: Readonly<Record<string, string>> = { leadconduit: 'https://lead.test', suppressionlist: 'https://list.test' },
  ) => openMemory({ folder, oldKey: keys.old, newKey: keys.fresh, products, vault: createVault() });

  test('is resumed with the same keys and hosts, but not with others', async () => {
    const { watched, keys } = await scene({});
    open(keys).save(watched.probes, { leadconduit: performance.now() });
    const again = open(keys);
    expect(again.earlier.length).toBeGreaterThan(2);
    expect(again.earlier.length, 'only changes are kept').toBeLessThan(watched.probes.length);
    expect(again.since).toBeInstanceOf(Date);
    expect(again.loggedIn.leadconduit).toBeLessThanOrEqual(performance.now());
    expect(open({ ...keys, fresh: keys.old }).earlier).toEqual([]);
    expect(open(keys, { leadconduit: 'https://other.test' }).earlier).toEqual([]);
    again.forget();
    expect(open(keys).earlier).toEqual([]);
  });
  test('starts over where it is damaged, and a folder in its place is named', async () => {
    const { watched, keys } = await scene({});
    const file = join(folder, '.verify-reset.json');
    open(keys).save(watched.probes, { leadconduit: performance.now() });
    const whole = JSON.parse(readFileSync(file, 'utf8'));
    const [first, ...others] = whole.probes;
    const startingAt = (startedAt: unknown) => ({
      ...first,
      trial: { ...first.trial, exchanges: [{ ...first.trial.exchanges[0], startedAt }] },
    });
    for (const damage of [
      ...[{}, null, { trial: { exchanges: [] } }, { ...first, product: 'trustedform' }].map((probe) => ({ probes: [probe, ...others] })),
      { probes: [{ ...first, trial: { ...first.trial, outcome: null } }] },
      ...[1e300, null, 'now'].map((at) => ({ probes: [startingAt(at)] })),
      ...[null, { leadconduit: null }, { leadconduit: 1e300 }, { nobody: 1 }].map((loggedIn) => ({ loggedIn })),
    ]) {
      writeFileSync(file, JSON.stringify({ ...whole, ...damage }));
      expect(open(keys), JSON.stringify(damage)).toMatchObject({ earlier: [], loggedIn: {}, since: undefined });
    }
    for (const name of [file, `${file}.new`]) {
      rmSync(file, { recursive: true, force: true });
      mkdirSync(name);
      const memory = open(keys);
      memory.save(watched.probes, {});
      expect(memory.problem).toBe(`A later start cannot continue from here: ${name} is a folder. Move it, then run again.`);
      memory.forget();
      expect(existsSync(name)).toBe(true);
    }
  });
  test('contains no key, and other users cannot read it', async () => {
    const { watched, keys } = await scene({});
    open(keys).save(watched.probes, {});
    const text = readFileSync(join(folder, '.verify-reset.json'), 'utf8');
    for (const key of [keys.old, keys.fresh]) expect(key.is((raw) => text.includes(raw.slice(0, 12)))).toBe(false);
    expect(statSync(join(folder, '.verify-reset.json')).mode & 0o777).toBe(0o600);
  });
});
