/**
 * The second history: what must be refused. It comes after what must be accepted, because wrong keys may lock the account out. It is sent in
 * blocks of at most nine calls, each block between two calls with the right key: a refusal counts only if both were accepted.
 */
import type { AcceptedHistory } from '../recording/accepted.ts';
import type { Cause } from '../recording/causes.ts';
import { hasIntermittent401 } from '../recording/intermittent.ts';
import { isLetIn, type Trial } from '../recording/outcome.ts';
import type { Attempt, RefusedHistory } from '../recording/refused.ts';
import type { Operation } from '../specifications/model.ts';
import { isUnstable } from './accepted.ts';
import type { How } from './asker.ts';
import type { Call, Credentials } from './call.ts';
import { anotherKey, type BadCredential, badCredentialsFor, lastCharacterChanged, nothing, oldKey } from './cases/bad-credentials.ts';
import { type Username, usernames } from './cases/usernames.ts';
import { conditional } from './conditional.ts';
import { basic, named, word } from './credentials.ts';
import { blockSize, mostCalls, placeOf } from './rest.ts';
import { type InBlocks, plannedSpellings, respelled } from './spellings.ts';
import { callTo, rotate, type Subject, showsAcceptance, takesBadKeys, takesRightKey } from './subject.ts';

/** An honest server may reject longer credentials. */
const oversizeBytes = 2500;
/** This many calls have a 95 % chance of catching a host that accepts a call without credentials once in 30 calls. */
const rareAcceptances = 90;
/** The old key is tried on this many connections, so that a stale node is not missed. */
const oldKeyConnections = 10;

export interface Planned extends Omit<Attempt, 'trial' | 'block' | 'oversize'> {
  readonly operation: Operation;
  readonly credentials: Credentials;
  /** Sent on a connection of its own: right after an accepted call, or as the first call. */
  readonly on?: 'used connection' | 'new connection';
  readonly headers?: Call['headers'];
  /** The `If-None-Match` to send: the ETag of the 401 that these credentials got before (if it had none, the call is left out), or `*`. */
  readonly ifNoneMatch?: 'its ETag' | '*';
}

export async function refused(subject: Subject, first: AcceptedHistory): Promise<RefusedHistory | undefined> {
  const control = subject.spec.operations.find((each) => each.id === first.control?.operation);
  if (control === undefined || hasIntermittent401(first) || first.givenUp !== undefined || first.unstable) return undefined;
  const { asker, keys } = subject;
  const rightKey = callTo(subject, control, basic(word(first.control?.username ?? 'API'), named('key', keys.key), keys.key));
  const attempts: Attempt[] = [];
  const controls = [...(await controlled(subject, rightKey))];

  // Once the product is unstable for certain, whatever the remaining answers, pausing and repeating calls would only waste minutes.
  let isCertainlyUnstable = false;
  const inBlocks: InBlocks = async (plan, askBlock) => {
    for (let start = 0; start < plan.length; start += blockSize) {
      if (asker.givenUp !== undefined) return plan.length - start;
      await askBlock(plan.slice(start, start + blockSize), start);
      controls.push(...(await controlled(subject, rightKey)));
    }
    return 0;
  };
  const askAll = (plan: readonly Planned[]): Promise<number> =>
    inBlocks(plan, async (some, start) => {
      const { askedAgain, calls } = asker.tally;
      isCertainlyUnstable ||= isUnstable({ askedAgain, calls: calls + mostCalls(plan, start) });
      const block = controls.length - 1;
      const asked = some
        .flatMap((each) => conditional(each, attempts))
        .map(
          async (each): Promise<Attempt> => attemptOf(each, await askOne(subject, each, rightKey, { hasty: isCertainlyUnstable }), block),
        );
      attempts.push(...(await Promise.all(asked)));
    });
  const plan = planned(subject, control, acceptedUsernames(subject, first), first.control?.username);
  const unasked = await askAll(plan);
  if (unasked === 0) await askAll(followUps(attempts, subject));
  const spelled = unasked === 0 ? await respelled(subject, control, first, inBlocks) : { asked: [], unasked: 0 };
  return {
    product: subject.spec.id,
    attempts,
    controls,
    spellings: spelled.asked,
    unaskedSpellings: spelled.unasked,
    givenUp: asker.givenUp,
    unasked,
    unstable: !isThrottledOrLocked(asker.givenUp) && (isCertainlyUnstable || isUnstable(asker.tally)),
  };
}

/** Such a host has said why its answers change, so it is not unstable. */
const isThrottledOrLocked = (cause: Cause | undefined): boolean => cause === 'throttled' || cause === 'locked-out';

/**
 * A control: the right key. If it is not accepted, it is sent again, and the second answer opens the next block. If it is refused twice in a
 * row, the wrong keys have locked the account out. After any other two failures, the refusals next to it would not count, so the product is
 * given up.
 */
async function controlled({ asker }: Subject, rightKey: Call): Promise<readonly Trial[]> {
  const trial = await asker.ask(rightKey);
  if (trial.outcome.kind === 'accepted' || trial.outcome.kind === 'unasked') return [trial];
  const again = await asker.ask(rightKey);
  const wasRefused = trial.outcome.kind === 'refused';
  if (again.outcome.kind === 'accepted')
    return [wasRefused ? { ...trial, outcome: { kind: 'unusable', cause: 'unstable' } } : trial, again];
  if (wasRefused && again.outcome.kind === 'refused') asker.giveUp('locked-out');
  else asker.giveUp('cause' in again.outcome ? again.outcome.cause : 'no-control');
  return [trial, again];
}

async function askOne(subject: Subject, planned: Planned, rightKey: Call, how: How): Promise<Trial> {
  const { asker } = subject;
  const { operation, credentials, headers } = planned;
  const call: Call = {
    ...callTo(subject, operation, credentials, planned.head ? 'HEAD' : operation.method),
    ...(headers === undefined ? {} : { headers }),
  };
  if (planned.on === undefined) return asker.ask(call, how);
  const pinned = asker.pinned();
  if (planned.on === 'used connection') await pinned.ask(rightKey);
  // Ahead of all waiting calls: otherwise the connection might be closed to make room for them.
  const trial = await pinned.ask(call, { ...how, next: true });
  pinned.rest();
  return trial;
}

const attemptOf = (
  { operation: _operation, credentials, on: _on, headers: _headers, ifNoneMatch: _ifNoneMatch, ...rest }: Planned,
  trial: Trial,
  block: number,
): Attempt => ({
  ...rest,
  // Four base64 characters encode three bytes.
  oversize: ((credentials.header?.length ?? 0) * 3) / 4 > oversizeBytes,
  trial,
  block,
});

/** Wrong keys are tried only under usernames under which the right key is accepted. */
function acceptedUsernames({ keys, seed }: Subject, first: AcceptedHistory): readonly Username[] {
  const fine = new Set(
    first.rows.filter((row) => row.about === 'username' && row.trial.outcome.kind === 'accepted').map(({ name }) => name),
  );
  return usernames(keys.key, seed).filter(({ name }) => fine.has(name));
}

function planned(subject: Subject, control: Operation, names: readonly Username[], controlName = 'API'): readonly Planned[] {
  const { spec, keys, gentle } = subject;
  const rows = badCredentialsFor(keys);
  const own = names.find(({ name }) => name === controlName) ?? names[0] ?? apiName;
  const short = names.filter(({ bytes, name }) => bytes < 100 && name !== 'the key itself');
  const few = gentle ? rotate(short.length === 0 ? [own] : short.slice(0, 20)) : () => own;
  const next = rotate(short.length === 0 ? [own] : short);
  const nextRow = rotate(rows.slice(3).filter((row) => row !== oldKey));
  const nearKeys = rotate(
    rows.filter((row) => row.owner === 'bad-key-refused' && row.password !== undefined && row !== anotherKey && !isLong(row, keys)),
  );

  const attempt = (check: string, row: BadCredential, operation: Operation, username: Username, extra: Partial<Planned> = {}): Planned => ({
    check,
    owner: row.keyAsUsername || (username.name === 'the key itself' && row.password !== undefined) ? 'key-as-password' : row.owner,
    resource: operation.id,
    head: false,
    credential: row.name,
    kind: row === nothing ? 'nothing' : row === anotherKey ? 'another key' : 'other',
    username: row.password === undefined && row.name !== 'an empty password' ? undefined : username.name,
    keyAsUsername: row.keyAsUsername ?? username.name === 'the key itself',
    readsAsPair: row.readsAsPair ?? false,
    placeholder: !takesRightKey(operation, subject),
    operation,
    credentials: row.credentials(keys, username.username),
    ...extra,
  });
  const others = spec.operations.filter((each) => each !== control && takesBadKeys(each, subject));
  const gets = gentle ? [] : spec.operations.filter((each) => each.method === 'GET' && takesBadKeys(each, subject));

  return [
    ...rows.map((row) => attempt(row.name, row, control, few())),
    // On a connection on which the right key has just been accepted: some servers authenticate the connection.
    ...(gentle ? [] : rows).map((row) => attempt(row.name, row, control, own, { on: 'used connection' })),
    ...(keys.oldKey === undefined || subject.embedded
      ? []
      : Array.from({ length: oldKeyConnections }, () => attempt(oldKey.name, oldKey, control, own, { on: 'new connection' }))),
    ...(gentle ? [] : names).flatMap((username) => [
      attempt(`username ${username.name}`, anotherKey, control, username),
      attempt(`username ${username.name}`, nearKeys(), control, username),
    ]),
    ...others.flatMap((operation) => {
      const username = next();
      const check = operation.id;
      // Wrong keys are what owners mind most, so off loopback they are sent only where the answer proves something.
      const gently = showsAcceptance(operation, subject) ? [nothing, anotherKey] : [nothing];
      const kinds = gentle ? gently : [nothing, anotherKey, lastCharacterChanged, nextRow()];
      return [...kinds, ...(keys.oldKey !== undefined && !subject.embedded ? [oldKey] : [])].map((row) =>
        attempt(check, row, operation, username),
      );
    }),
    // A compressed answer must be the same answer.
    ...(gentle ? [] : [nothing, anotherKey]).map((row) =>
      attempt(`${row.name}, with Accept-Encoding: gzip`, row, control, own, { headers: [['Accept-Encoding', 'gzip']] }),
    ),
    // A cache in front of the host may answer 304 to a call that names the ETag of a cached answer.
    ...[nothing, anotherKey].flatMap((row) => [
      attempt(`${row.name}, with If-None-Match and the ETag of its 401`, row, control, few(), { ifNoneMatch: 'its ETag' }),
      attempt(`${row.name}, with If-None-Match: *`, row, control, few(), { ifNoneMatch: '*' }),
    ]),
    ...gets.flatMap((operation) =>
      [nothing, anotherKey].map((row) =>
        attempt(`HEAD ${operation.path}`, row, operation, own, { head: true, resource: `HEAD ${operation.path}` }),
      ),
    ),
    ...Array.from({ length: gentle ? 0 : rareAcceptances }, () => attempt(`nothing, ${rareAcceptances} times`, nothing, control, own)),
  ];
}

/** How much this history sends to a host that accepts the key under all these usernames and refuses everything else. */
export function plannedRefusals(
  subject: Subject,
  control: Operation,
  names: readonly Username[],
): { readonly requests: number; readonly wrongKeys: number } {
  const plan = planned(subject, control, names);
  const spelled = plannedSpellings(subject, control);
  const controls = 1 + Math.ceil(plan.length / blockSize) + Math.ceil(spelled / blockSize);
  return {
    requests: plan.length + spelled + controls + plan.filter(({ on }) => on === 'used connection').length,
    wrongKeys: plan.filter(({ credentials }) => credentials.wrongKey).length,
  };
}

const apiName: Username = { name: 'API', username: word('API'), bytes: 3 };
const isLong = (row: BadCredential, keys: Subject['keys']): boolean => (row.password?.(keys)?.length ?? 0) > 1000;

/**
 * For each wrong key that was accepted: another key under the same username, unless that was tried already. If the other key is accepted too,
 * the host did not mistake the first key for the right one but accepts any key.
 */
function followUps(attempts: readonly Attempt[], subject: Subject): readonly Planned[] {
  const { keys, seed, spec } = subject;
  const names = usernames(keys.key, seed);
  const asked = new Set(attempts.filter((each) => each.kind === 'another key').map(placeOf));
  const letIn = attempts.filter((each) => isLetIn(each.trial) && each.username !== undefined && !each.keyAsUsername);
  const wanted = new Map(letIn.map((each) => [placeOf(each), each]));
  return [...wanted].flatMap(([place, each]) => {
    const operation = spec.operations.find(({ id, path }) => (each.head ? `HEAD ${path}` : id) === each.resource);
    const username = names.find(({ name }) => name === each.username);
    if (asked.has(place) || operation === undefined || username === undefined) return [];
    const { trial: _trial, block: _block, oversize: _oversize, ...rest } = each;
    const credentials = anotherKey.credentials(keys, username.username);
    return [
      { ...rest, owner: anotherKey.owner, credential: anotherKey.name, kind: 'another key', operation, credentials } satisfies Planned,
    ];
  });
}
