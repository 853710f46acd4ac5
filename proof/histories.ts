/** Handwritten histories: answers, calls, rows of the first history, attempts of the second. Anything not given is as on a host that keeps every promise. */
import { badCredentials } from '../src/ask/cases/bad-credentials.ts';
import type { Client, Request } from '../src/http/client.ts';
import { type Check, type Judgement, type Verdict, verdictOf } from '../src/judge/check.ts';
import { judgeAll, type RequirementId } from '../src/judge/judges.ts';
import type { About, AcceptedHistory, AcceptedRow } from '../src/recording/accepted.ts';
import type { Cause } from '../src/recording/causes.ts';
import type { Exchange, Response, Silence, SilenceCause } from '../src/recording/exchange.ts';
import { settle, type Trial } from '../src/recording/outcome.ts';
import type { Recording } from '../src/recording/recording.ts';
import type { Attempt, RefusedHistory } from '../src/recording/refused.ts';
import { loadDocumentation, loadProduct } from '../src/specifications/load.ts';

const documented = loadProduct('leadconduit').failure;

/** An answer, or just its status: a 401 is then the documented one, and anything else is empty. */
export type Answer = number | Response | Silence;

interface Differences extends Partial<Omit<Response, 'shape'>> {
  readonly shape?: Partial<Response['shape']>;
}

export function response(status: number, { shape, ...differences }: Differences = {}): Response {
  const refuses = status === documented.status;
  const body = differences.body ?? (refuses ? documented.body : '');
  return {
    kind: 'response',
    status,
    reason: refuses ? documented.reason : '',
    headers: refuses ? [['Content-Type', documented.contentType], ...documented.headers] : [],
    body,
    bodyBytes: Buffer.byteLength(body),
    revealsKey: false,
    ...differences,
    shape: { html: false, onlyError: refuses, declared: false, json: refuses ? 'object' : undefined, ...shape },
  };
}

/** The documented refusal with another value for one header, or without it. */
export const refusalWith = (name: string, value: string | undefined): Response =>
  response(401, {
    headers: [...response(401).headers.filter(([each]) => each !== name), ...(value === undefined ? [] : [[name, value] as const])],
  });

/** A success with JSON of this kind, whose content is dropped. */
export const jsonOf = (kind: Response['shape']['json'], contentType = documented.contentType): Response =>
  response(200, { headers: [['Content-Type', contentType]], shape: { json: kind } });

export const html = (status: number): Response => response(status, { body: '<!doctype html>', shape: { html: true } });
export const onlyError = (status: number): Response => response(status, { body: '{"error":"no"}', shape: { onlyError: true } });
export const declared = (status: number): Response => response(status, { shape: { declared: true } });
export const marked = (status: number, mark = 'cf-mitigated'): Response => response(status, { headers: [[mark, 'challenge']] });
export const silence = (cause: SilenceCause = 'timeout'): Silence => ({ kind: 'silence', cause, detail: 'nothing came' });

interface Circumstances {
  readonly startedAt?: number;
  readonly durationMs?: number;
  readonly reusedConnection?: boolean;
  readonly carriesKeyRun?: boolean;
  readonly method?: string;
}

export function exchange(answer: Answer, { method = 'GET', carriesKeyRun = false, ...circumstances }: Circumstances = {}): Exchange {
  return {
    startedAt: 0,
    durationMs: 1,
    connection: 50000,
    reusedConnection: false,
    ...circumstances,
    request: { method, url: 'https://lead.test/flows', credentials: 'as the row says', headers: [], carriesKeyRun },
    answer: typeof answer === 'number' ? response(answer) : answer,
  };
}

/** A call with these answers, in this order. */
export function trial(...answers: readonly (Answer | Exchange)[]): Trial {
  const exchanges = answers.map((each) => (typeof each === 'object' && 'answer' in each ? each : exchange(each)));
  return { exchanges, outcome: settle(exchanges) };
}
/** A call that was not sent because the product had been given up. */
export const unasked = (cause: Cause): Trial => ({ exchanges: [], outcome: { kind: 'unasked', cause } });

export function row(about: About, answered: Trial, differences: Partial<AcceptedRow> = {}): AcceptedRow {
  const operation = differences.operation ?? 'GET /flows';
  const name = about === 'username' ? 'odd' : about === 'scheme' ? 'basic' : operation;
  return { about, name, operation, planStatuses: [], usernameBytes: 3, placeholder: false, trial: answered, ...differences };
}
/** What follows a 401 to the right key. */
export const stands = { control: trial(200), again: trial(401) };
export const flaps = { control: trial(200), again: trial(200) };

const keptRows: readonly AcceptedRow[] = (['operation', 'username', 'head', 'scheme', 'documented call'] as const).map((about) =>
  row(about, trial(200), about === 'username' ? { name: 'API' } : {}),
);

/** The first history of a product that keeps its promises, plus these rows. */
export const first = (rows: readonly AcceptedRow[] = [], differences: Partial<AcceptedHistory> = {}): AcceptedHistory => ({
  product: 'leadconduit',
  control: { operation: 'GET /flows', username: 'API' },
  search: [trial(200)],
  rows: [...keptRows.filter((each) => !rows.some((other) => other.about === each.about && other.operation === each.operation)), ...rows],
  unstable: false,
  givenUp: undefined,
  needsId: false,
  publicOperations: 0,
  hasOldKey: true,
  resetsKey: false,
  hasPageExample: true,
  ...differences,
});

/** The first history of a product without a control: its operations answered the right key like this. */
export const without = (search: readonly Trial[], differences: Partial<AcceptedHistory> = {}): AcceptedHistory => ({
  ...first([], { control: undefined, search }),
  rows: [],
  ...differences,
});

/** A call with the bad credentials of this name. */
export function attempt(credential: string, answered: Trial, differences: Partial<Attempt> = {}): Attempt {
  const found = badCredentials.find(({ name }) => name === credential);
  if (found === undefined) throw new Error(`no bad credentials are called ${credential}`);
  return {
    check: credential,
    owner: found.owner,
    resource: 'GET /flows',
    head: false,
    credential,
    kind: credential === 'nothing' || credential === 'another key' ? credential : 'other',
    username: found.password === undefined && credential !== 'an empty password' ? undefined : 'API',
    keyAsUsername: found.keyAsUsername ?? false,
    readsAsPair: false,
    oversize: false,
    placeholder: false,
    trial: answered,
    block: 0,
    ...differences,
  };
}

/** The second history of a product that keeps its promises, except for these attempts. All are between two accepted controls. */
export const second = (attempts: readonly Attempt[] = [], differences: Partial<RefusedHistory> = {}): RefusedHistory => ({
  product: 'leadconduit',
  attempts: [...attempts, ...keptAttempts.filter((kept) => !attempts.some(({ check }) => check === kept.check))],
  controls: [trial(200), trial(200)],
  spellings: [],
  unaskedSpellings: 0,
  givenUp: undefined,
  unasked: 0,
  unstable: false,
  ...differences,
});
const keptAttempts = badCredentials.map(({ name }) => attempt(name, trial(401)));

/** The second history with only these attempts. */
export const secondOf = (attempts: readonly Attempt[], differences: Partial<RefusedHistory> = {}): RefusedHistory =>
  second([], { attempts, ...differences });

/** The recording of a product that keeps its promises, except for these histories. */
export const recorded = (differences: Partial<Recording> = {}): Recording => ({
  documented,
  holds: ['accepted', 'refused', 'reset'],
  first: first(),
  second: second(),
  reset: undefined,
  ...differences,
});

export interface Judged {
  readonly verdict: Verdict | 'not-applicable';
  readonly checks: readonly Check[];
  readonly causes: readonly Cause[];
  /** Of checks that do not conform. */
  readonly messages: readonly string[];
  readonly needs?: string;
}

const levels = new Map(loadDocumentation().sections.flatMap(({ requirements }) => requirements.map(({ id, level }) => [id, level])));

function judgedAs(id: string, judgement: Judgement): Judged {
  const checks = judgement.kind === 'checked' ? judgement.checks : [];
  const causes = [...new Set(checks.flatMap((each) => (each.verdict === 'inconclusive' ? [each.cause] : [])))];
  const messages = checks.flatMap((each) => (each.verdict === 'conforms' ? [] : [each.message]));
  if (judgement.kind === 'not-applicable') return { verdict: 'not-applicable', checks, causes, messages };
  const verdict = verdictOf(judgement, levels.get(id) ?? 'required');
  return { verdict, checks, causes, messages, ...(judgement.kind === 'not-run' ? { needs: judgement.needs } : {}) };
}

/** The result of a requirement on the first of these products, or on the account. */
export function judged(id: RequirementId, ...products: readonly Partial<Recording>[]): Judged {
  const result = judgeAll(products.map(recorded)).find(({ requirement }) => requirement === id);
  if (result === undefined) throw new Error(`no result for ${id}`);
  return judgedAs(id, result.judgement);
}

const allOf = (product: Partial<Recording>): readonly (readonly [RequirementId, Judged])[] =>
  judgeAll([recorded(product)]).map(({ requirement, judgement }) => [requirement as RequirementId, judgedAs(requirement, judgement)]);

/** The requirements with this verdict on a product with this recording. */
export const those = (verdict: Judged['verdict'], product: Partial<Recording>): readonly RequirementId[] =>
  allOf(product).flatMap(([id, result]) => (result.verdict === verdict ? [id] : []));

/** Requirements with a noted finding that the documented host does not get. */
export const noting = (product: Partial<Recording>): readonly RequirementId[] => {
  const always = notedIn({});
  return notedIn(product).filter((id) => !always.includes(id));
};
const notedIn = (product: Partial<Recording>): readonly RequirementId[] =>
  allOf(product).flatMap(([id, { checks }]) => (checks.some(({ verdict }) => verdict === 'noted') ? [id] : []));

/** A host in memory: answers each request by its content and the number of earlier requests, and keeps what was sent. */
export function hostOf(answer: (request: Request, before: number) => Answer | Promise<Answer>): {
  readonly client: Client;
  readonly sent: readonly Request[];
} {
  const sent: Request[] = [];
  const client: Client = {
    async send(request) {
      const before = sent.push(request) - 1;
      return exchange(await answer(request, before), { method: request.method, startedAt: performance.now() });
    },
    pinned: () => ({ send: client.send, isOpen: () => true, closeIdle: () => {} }),
    room: () => Number.POSITIVE_INFINITY,
    closeIdle: () => {},
    close: async () => {},
  };
  return { client, sent };
}
