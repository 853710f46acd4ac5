/** What changed since an earlier run: verdicts that became others, and new findings of a promise that was broken before. */
import { grouped } from '../grouped.ts';
import { type ProductId, productIds } from '../specifications/model.ts';
import { minute, notSelected } from './headline.ts';
import type { Conformance, Finding } from './model.ts';
import { verdictOn } from './places.ts';

/** A requirement on a product, or on the account. */
export interface Place {
  readonly requirement: string;
  readonly product: ProductId | 'account';
}

export interface Changes {
  readonly kind: 'compared';
  /** When the earlier run started, ISO 8601. */
  readonly since: string;
  readonly broken: readonly Place[];
  readonly mended: readonly Place[];
  /** Judged before, and not this time. What this run did not select is not among them. */
  readonly notJudged: readonly Place[];
  /** New findings of a promise that was broken before. */
  readonly found: readonly (Place & { readonly message: string })[];
}

/** Why two runs cannot be compared. */
export interface Incomparable {
  readonly kind: 'incomparable';
  readonly since: string;
  readonly reason: 'another target' | 'another version of the documentation';
}

/** Undefined for the same run, judged again. */
export function changesSince(before: Conformance, now: Conformance): Changes | Incomparable | undefined {
  const since = before.startedAt;
  if (since === now.startedAt) return undefined;
  if (!sameTarget(before, now)) return { kind: 'incomparable', since, reason: 'another target' };
  if (before.documentation.sha256 !== now.documentation.sha256)
    return { kind: 'incomparable', since, reason: 'another version of the documentation' };
  const both = placesIn(now).flatMap((place) => {
    const [earlier, current] = [verdictAt(before, place), verdictAt(now, place)];
    return earlier === undefined || current === undefined ? [] : [{ place, before: earlier, now: current }];
  });
  const where = (fits: (each: (typeof both)[number]) => boolean): readonly Place[] => both.filter(fits).map(({ place }) => place);
  return {
    kind: 'compared',
    since,
    broken: where((each) => each.before !== 'violates' && each.now === 'violates'),
    mended: where((each) => each.before === 'violates' && isKept(each.now)),
    notJudged: where((each) => isJudged(each.before) && !isJudged(each.now)),
    found: where((each) => each.before === 'violates' && each.now === 'violates').flatMap((place) => newFindings(place, before, now)),
  };
}

type Verdict = Conformance['requirements'][number]['verdict'];

const isKept = (verdict: Verdict): boolean => verdict === 'conforms' || verdict === 'noted';
const isJudged = (verdict: Verdict): boolean => isKept(verdict) || verdict === 'violates';

/** Ports of the embedded host differ from run to run. On a host of one's own, products that both runs tested must have the same address. */
export function sameTarget({ target: before }: Conformance, { target: now }: Conformance): boolean {
  if (before.kind !== now.kind) return false;
  const shared = productIds.filter((id) => before.products[id] !== undefined && now.products[id] !== undefined);
  return shared.length > 0 && (now.kind === 'embedded' || shared.every((id) => before.products[id] === now.products[id]));
}

const placesIn = ({ requirements }: Conformance): readonly Place[] =>
  requirements.flatMap(({ id, products }): readonly Place[] => {
    const on = productIds.filter((product) => products[product] !== undefined);
    return on.length === 0 ? [{ requirement: id, product: 'account' }] : on.map((product) => ({ requirement: id, product }));
  });

/** Undefined if the run did not select the requirement, or did not test the product. */
export function verdictAt({ requirements }: Conformance, { requirement, product }: Place): Verdict | undefined {
  const entry = requirements.find(({ id }) => id === requirement);
  return entry === undefined || entry.needs === notSelected ? undefined : verdictOn(entry, product);
}

function newFindings(place: Place, before: Conformance, now: Conformance): Changes['found'] {
  const known = new Set(findingsAt(before, place).map(saying));
  const fresh = findingsAt(now, place).filter((each) => !known.has(saying(each)));
  return fresh.map(({ message }) => ({ ...place, message }));
}

const findingsAt = ({ requirements }: Conformance, { requirement, product }: Place): readonly Finding[] =>
  (requirements.find(({ id }) => id === requirement)?.findings ?? []).filter(
    (each) => each.verdict === 'violates' && (each.product ?? 'account') === product,
  );

/** Without numbers: counts and times differ from run to run. */
const saying = ({ message }: Finding): string => message.replaceAll(/\d[\d,.]*/g, '#');

/** The changes for people: a sentence, and an item for each kind of change. */
export interface ChangesInWords {
  readonly title: string;
  /** None if nothing changed. */
  readonly items: readonly string[];
}

/** For the head of a report. */
export function changesInWords(changes: Changes | Incomparable): ChangesInWords {
  const run = `the run of ${minute(changes.since)}`;
  if (changes.kind === 'incomparable') return { title: `Not compared with ${run}, which tested ${changes.reason}.`, items: [] };
  const of = (what: string, places: readonly Place[]): readonly string[] => (places.length === 0 ? [] : [`${what}: ${named(places)}`]);
  const items = [
    ...of('newly broken', changes.broken),
    ...of('kept again', changes.mended),
    ...of('no longer judged', changes.notJudged),
    ...changes.found.map((each) => `new finding: ${named([each])}: ${each.message}`),
  ];
  return { title: items.length === 0 ? `Nothing has changed since ${run}.` : `Since ${run}:`, items };
}

/** `failure-body on ONE, ANOTHER; key-for-all-products`, with the ids of products. */
const named = (places: readonly Place[]): string =>
  [...grouped(places, ({ requirement }) => requirement)]
    .map(([requirement, of]) => {
      const products = of.flatMap(({ product }) => (product === 'account' ? [] : [product]));
      return products.length === 0 ? requirement : `${requirement} on ${products.join(', ')}`;
    })
    .join('; ');
