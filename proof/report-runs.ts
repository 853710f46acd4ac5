/** Handwritten runs for the reports. */
import { type Check, comparing, conforms, inconclusive, noted, type Result, violates } from '../src/judge/check.ts';
import type { Exchange, Response } from '../src/recording/exchange.ts';
import type { Run } from '../src/report/model.ts';
import type { Timeline } from '../src/report/timeline.ts';
import type { Documentation, ProductId } from '../src/specifications/model.ts';

export const documentation: Documentation = {
  page: 'https://docs.test/authentication',
  sha256: 'c0ffee'.padEnd(64, '0'),
  call: { method: 'GET', path: '/flows', username: 'X', headers: {} },
  sections: [
    {
      title: 'Failure to authenticate',
      link: 'https://docs.test/authentication#failure',
      sentences: [],
      requirements: [
        requirement('failure-status', 'required', 'A refusal has status `401`.'),
        requirement('failure-body', 'required', 'A refusal has the documented body.'),
        requirement('failure-headers', 'illustrative', 'A refusal has the headers of the example.'),
      ],
    },
    {
      title: 'API key',
      link: 'https://docs.test/authentication#key',
      sentences: [],
      requirements: [
        requirement('key-for-all-calls', 'required', 'One key opens every resource.'),
        requirement('key-for-all-products', 'required', 'One key opens every product.'),
      ],
    },
    {
      title: 'Standards',
      link: 'https://rfcs.test/rfc9110',
      sentences: [],
      requirements: [requirement('rfc9110-head', 'standard', 'HEAD is answered like GET.')],
    },
  ],
};

function requirement(id: string, level: Documentation['sections'][number]['requirements'][number]['level'], statement: string) {
  return { id, level, statement, section: '', restsOn: ['a sentence of the page'] };
}

export const versions = { suite: '0.0.0', node: '20.19.0' };

export function runOf(results: readonly Result[], more: Partial<Run> = {}): Run {
  return {
    command: 'conformance',
    name: undefined,
    seed: 7,
    target: { kind: 'own', products: { leadconduit: 'https://lead.test', trustedform: 'https://form.test/base' } },
    results,
    requests: 1234,
    wrongKeys: 56,
    startedAt: '2025-01-02T03:04:05.678Z',
    durationMs: 2900,
    known: [],
    timelines: [],
    configuration: [
      ['LEADCONDUIT_URL', 'https://lead.test'],
      ['ACTIVEPROSPECT_API_KEY', 'set'],
    ],
    ...more,
  };
}

export const embedded: Run['target'] = { kind: 'embedded', products: { leadconduit: 'http://127.0.0.1:49152' } };

export const checked = (requirement: string, product: ProductId | 'account', checks: readonly Check[]): Result => ({
  requirement,
  product,
  judgement: { kind: 'checked', checks },
});
export const notRun = (requirement: string, product: ProductId | 'account', needs: string): Result => ({
  requirement,
  product,
  judgement: { kind: 'not-run', needs },
});
export const notApplicable = (requirement: string, product: ProductId): Result => ({
  requirement,
  product,
  judgement: { kind: 'not-applicable' },
});

const refusal: Response = {
  kind: 'response',
  status: 401,
  reason: 'Unauthorized',
  headers: [['Content-Type', 'application/json; charset=utf-8']],
  body: '{"error":"authentication failed"}',
  bodyBytes: 33,
  shape: { html: false, onlyError: true, declared: false, json: 'object' },
  revealsKey: false,
};

/** A call that was refused as documented, except for what is given. */
export function exchange(request: Partial<Exchange['request']> = {}, answer: Partial<Response> = {}): Exchange {
  return {
    startedAt: 10.25,
    durationMs: 1.5,
    connection: 50000,
    reusedConnection: false,
    request: {
      method: 'GET',
      url: 'https://lead.test/flows',
      credentials: 'Basic API : key, last character changed',
      headers: [
        ['Accept', 'application/json'],
        ['User-Agent', 'activeprospect-conformance'],
      ],
      carriesKeyRun: true,
      ...request,
    },
    answer: { ...refusal, ...answer },
  };
}

export const accepted = (credentials = 'Basic API : key'): Exchange =>
  exchange({ credentials }, { status: 200, reason: 'OK', body: '', bodyBytes: 512 });

export const kept = (...names: string[]): Check[] => names.map((name) => conforms(name, [exchange()]));

/** A body with an extra line feed, after a control. */
export const brokenBody = (name: string, request: Partial<Exchange['request']> = {}): Check =>
  comparing(
    refusal.body,
    `${refusal.body}\n`,
    violates(
      name,
      [accepted(), exchange(request, { body: `${refusal.body}\n`, bodyBytes: 34 })],
      '"{\\"error\\":\\"authentication failed\\"}"',
      '"{\\"error\\":\\"authentication failed\\"}\\n"',
    ),
  );

/** A login after which one call of many still accepts the old key. */
export const timeline: Timeline = {
  product: 'leadconduit',
  loginSentAt: -8,
  calls: [
    ...[-30, -20, -10].flatMap((at): Timeline['calls'] => [
      { at, key: 'old', answer: 'accepted', wrong: false },
      { at, key: 'new', answer: 'refused', wrong: false },
    ]),
    ...Array.from({ length: 30 }, (_, index): Timeline['calls'][number] => {
      const wrong = index === 20;
      return { at: 1 + index, key: 'old', answer: wrong ? 'accepted' : 'refused', wrong };
    }),
    { at: 12, key: 'new', answer: 'accepted', wrong: false },
    { at: 1012, key: 'new', answer: 'neither', wrong: false },
  ],
  firstNewAccepted: 12,
  lastOldAccepted: 21,
  seesOnceIn: 10,
};

/** As a malicious host might send it. */
const payload = '<img src=x onerror="window.ran=1"><script>window.ran=2</script>\u001b[31mred\u0007 __ALLURE_REDACTED__';
/** The same, as a report should show it. */
export const inert = '<img src=x onerror="window.ran=1"><script>window.ran=2</script>\\u001b[31mred\\u0007';
const hostile = exchange({}, { reason: payload, headers: [['X-Note', payload]], body: `first\n${payload}` });

/** One of each verdict. */
export const runs = {
  conforming: runOf(
    [
      checked('failure-status', 'leadconduit', kept('nothing', 'another key')),
      checked('failure-headers', 'leadconduit', [noted('nothing', [exchange()], 'an ETag', 'none')]),
      notRun('key-for-all-products', 'account', 'two products'),
    ],
    { target: embedded },
  ),
  violating: runOf(
    [
      checked('failure-status', 'leadconduit', [
        comparing('401', payload, violates('nothing', [hostile], '401', payload)),
        ...kept('another key'),
      ]),
      checked(
        'failure-body',
        'trustedform',
        Array.from({ length: 12 }, (_, index) => brokenBody(`row ${index + 1}`)),
      ),
      checked('key-for-all-calls', 'leadconduit', kept('GET /flows')),
    ],
    { name: `Nightly ${payload}` },
  ),
  inconclusive: runOf([
    checked('failure-status', 'leadconduit', [
      inconclusive(
        'nothing',
        [
          {
            ...exchange(),
            answer: { kind: 'silence', cause: 'timeout', detail: 'no complete answer within 10000 ms' },
          },
        ],
        'timeout',
        'no answer in time',
      ),
    ]),
  ]),
} satisfies Record<string, Run>;
