/**
 * The first history: what must be accepted. First it finds the product's control, the first operation that accepts the key. Then come every
 * username, every operation, HEAD, the scheme in lower and upper case, the page's own call, and calls that need no credentials. These are
 * independent of each other and run in parallel, as far as the pace allows.
 */

import type { Secret } from '../keys/secret.ts';
import type { About, AcceptedHistory, AcceptedRow } from '../recording/accepted.ts';
import { passedBy } from '../recording/accepted.ts';
import { classify, type Trial } from '../recording/outcome.ts';
import { loadDocumentation } from '../specifications/load.ts';
import type { Operation } from '../specifications/model.ts';
import type { AskOptions } from './asker.ts';
import { usernames } from './cases/usernames.ts';
import { basic, type Named, named, none, word } from './credentials.ts';
import { callTo, isPlaceholder, mayBeControl, missingIds, rotate, type Subject, takesNoCredentials, takesRightKey } from './subject.ts';

/** The page's own call. Its `Accept: application/json` is left out here because every call sends it. */
const documentedCall = () => {
  const { username, headers } = loadDocumentation().call;
  const others = Object.entries(headers).filter(([name, value]) => name.toLowerCase() !== 'accept' || value !== 'application/json');
  return { username, headers: others };
};

/** Asks the first history of a product. Never rejects because of anything that a host does: what could not be asked is in the history. */
export async function accepted(subject: Subject): Promise<AcceptedHistory> {
  const { asker, spec } = subject;
  const found = await findControl(subject);
  const rows = found.control === undefined ? [] : await otherRows(found.control, found.search, subject);
  const needsId = !spec.operations.some((each) => takesRightKey(each, subject));
  const { askedAgain, calls } = asker.tally;
  return {
    product: spec.id,
    control: found.control && { operation: found.control.operation.id, username: found.control.username },
    search: found.search.map(({ trial }) => trial),
    ...(found.oldKey === undefined ? {} : { oldKey: found.oldKey }),
    ...(found.besideOldKey === undefined ? {} : { besideOldKey: found.besideOldKey }),
    rows,
    unstable: isUnstable({ askedAgain: askedAgain - rows.filter(isUsernameUnanswered).length, calls }),
    givenUp: asker.givenUp,
    needsId,
    ...(needsId ? { neededIds: missingIds(subject).map(({ variable, is }) => ({ variable, is })) } : {}),
    ...(spec.operations.some((each) => each.isPageExample) ? { hasPageExample: true } : {}),
    hasOldKey: subject.keys.oldKey !== undefined,
    resetsKey: subject.resetsKey,
    publicOperations: spec.operations.filter((each) => !each.protected).length,
  };
}

/**
 * A username that was asked again and got no usable answer either: a firewall may object to it, which says nothing about other calls. Half of
 * the calls in this history are for usernames, so they would count for more than in all calls to the product.
 */
const isUsernameUnanswered = ({ about, trial: { exchanges } }: AcceptedRow): boolean =>
  (about === 'username' || about === 'operation under a username') &&
  exchanges.length > 1 &&
  exchanges.every((each) => classify(each).kind === 'unusable');

/** More than 5 % of the calls so far were repeated because their first answer was unusable. */
export const isUnstable = ({ askedAgain, calls }: { readonly askedAgain: number; readonly calls: number }): boolean =>
  askedAgain > calls / 20;

const next: AskOptions = { next: true };

/** All rows except the search for the control, in the order of this list, not of the answers. */
async function otherRows(control: Control, search: Found['search'], subject: Subject): Promise<AcceptedRow[]> {
  const { asker, spec, keys, seed, gentle } = subject;
  const ask = (operation: Operation, username: Named, scheme?: string, method?: 'HEAD') => (how?: AskOptions) =>
    asker.ask(callTo(subject, operation, basic(username, named('key', keys.key), keys.key, scheme), method), how);

  /** Sends the call. An answer that would violate is followed at once by a plain control; after a 401 the same call is sent again, too. */
  const row = async (
    about: About,
    name: string,
    operation: Operation,
    asking: (how?: AskOptions) => Promise<Trial>,
    bytes = 3,
    known?: Trial,
  ): Promise<AcceptedRow> => {
    const trial = known ?? (await asking());
    const { id, planStatuses } = operation;
    const asked = { about, name, operation: id, planStatuses, usernameBytes: bytes, placeholder: false, trial };
    const { kind } = trial.outcome;
    if (kind !== 'refused' && (kind !== 'other' || unblamed.includes(about))) return asked;
    const controlled = await ask(control.operation, word(control.username))(next);
    return { ...asked, followed: { control: controlled, again: kind === 'other' ? trial : await asking(next) } };
  };

  // The control is included even if its id is made up: it has accepted the key.
  const operations = spec.operations.filter((each) => each === control.operation || takesRightKey(each, subject));
  const names = usernames(keys.key, seed);
  const nextName = rotate(names.filter(({ bytes }) => bytes < 100));
  const inSearch = new Map(search.filter((each) => each.username === control.username).map(({ operation, trial }) => [operation, trial]));
  const gets = operations.filter((each) => each.method === 'GET' && (!gentle || each === control.operation));
  const own = word(control.username);
  const page = documentedCall();
  const askAsPage = (operation: Operation) => (how?: AskOptions) =>
    asker.ask({ ...callTo(subject, operation, basic(word(page.username), named('key', keys.key), keys.key)), headers: page.headers }, how);

  return Promise.all([
    ...operations.map((each) => row('operation', each.id, each, ask(each, own), 3, inSearch.get(each))),
    ...names.map(({ name, username, bytes }) => row('username', name, control.operation, ask(control.operation, username), bytes)),
    ...(gentle ? [] : operations).map((each) => {
      const { name, username, bytes } = nextName();
      return row('operation under a username', `${each.id} under ${name}`, each, ask(each, username), bytes);
    }),
    ...gets.map((each) => row('head', each.id, each, ask(each, own, undefined, 'HEAD'))),
    ...schemes.map((scheme) => row('scheme', scheme, control.operation, ask(control.operation, own, scheme))),
    ...spec.operations.filter((each) => each.isPageExample).map((each) => row('documented call', each.id, each, askAsPage(each))),
    ...spec.operations
      .filter((each) => takesNoCredentials(each, subject))
      .map(async (each): Promise<AcceptedRow> => {
        const trial = await asker.ask(callTo(subject, each, none));
        const { id, planStatuses } = each;
        return {
          about: 'no credentials',
          name: id,
          operation: id,
          planStatuses,
          usernameBytes: 0,
          placeholder: isPlaceholder(each, subject),
          trial,
        };
      }),
  ]);
}

/** On these rows an answer other than a 401 is not held against the host. */
const unblamed: readonly About[] = ['operation', 'head'];

/** How many requests this history takes on a host that needs no call repeated. */
export function acceptedRequests(subject: Subject): number {
  const { spec, keys, seed, gentle } = subject;
  const control = spec.operations.find((each) => mayBeControl(each, subject));
  const right = spec.operations.filter((each) => each === control || takesRightKey(each, subject));
  const operations = right.length;
  const gets = right.filter((each) => each.method === 'GET').length;
  const open = spec.operations.filter((each) => takesNoCredentials(each, subject)).length;
  const page = spec.operations.filter((each) => each.isPageExample).length;
  return operations + usernames(keys.key, seed).length + (gentle ? 1 : operations + gets) + schemes.length + page + open;
}

const schemes = ['basic', 'BASIC'];

interface Control {
  readonly operation: Operation;
  readonly username: 'API' | 'X';
}

interface Found extends Pick<AcceptedHistory, 'oldKey' | 'besideOldKey'> {
  readonly control: Control | undefined;
  readonly search: readonly { readonly operation: Operation; readonly username: 'API' | 'X'; readonly trial: Trial }[];
}

/** After this many operations in a row without a usable answer, the host gets no more calls. */
const searchPatience = 3;
/** Off loopback, the search ends once this many operations have refused the key. */
const refusalsBorne = 8;

/** Tries the operations in their order until one accepts the key. A host that does not answer at all gets a single call. */
export async function findControl(subject: Subject): Promise<Found> {
  const { asker, spec, keys } = subject;
  const search: { operation: Operation; username: 'API' | 'X'; trial: Trial }[] = [];
  const tried = async (operation: Operation, username: 'API' | 'X'): Promise<Trial> => {
    const trial = await asker.ask(callTo(subject, operation, basic(word(username), named('key', keys.key), keys.key)));
    search.push({ operation, username, trial });
    return trial;
  };
  const refusing: Operation[] = [];
  let unusable = 0;
  for (const operation of spec.operations.filter((each) => mayBeControl(each, subject))) {
    const trial = await tried(operation, 'API');
    if (trial.outcome.kind === 'accepted') return { control: { operation, username: 'API' }, search };
    if (trial.outcome.kind === 'refused') refusing.push(operation);
    unusable = trial.outcome.kind === 'unusable' ? unusable + 1 : 0;
    const silent = trial.exchanges.every((each) => each.answer.kind === 'silence');
    if (silent || asker.givenUp !== undefined || unusable >= searchPatience || (subject.gentle && refusing.length >= refusalsBorne)) break;
  }
  const [operation] = refusing;
  if (operation === undefined) return { control: undefined, search };
  // A host may accept only the page's other username. Then that is the control's username, and `username-ignored` reports the rest.
  if ((await tried(operation, 'X')).outcome.kind === 'accepted') return { control: { operation, username: 'X' }, search };
  if (keys.oldKey === undefined || subject.embedded) return { control: undefined, search };
  const ask = (label: string, key: Secret): Promise<Trial> =>
    asker.ask(callTo(subject, operation, basic(word('API'), named(label, key), keys.key)));
  const oldLabel = 'key from before the reset';
  const oldKey = await ask(oldLabel, keys.oldKey);
  if (!isPlaceholder(operation, subject) || passedBy(oldKey) === undefined) return { control: undefined, search, oldKey };
  const again = await ask(oldLabel, keys.oldKey);
  return {
    control: undefined,
    search,
    oldKey,
    besideOldKey: { again, neverIssued: await ask('a key that was never issued', keys.otherKey) },
  };
}
