/** Judges what standards and good practice ask for beyond the page. A difference is noted and changes no verdict. */
import { grouped } from '../grouped.ts';
import { type Exchange, headerOf, type Response } from '../recording/exchange.ts';
import { getOf, matchingGets, type RefusedHistory } from '../recording/refused.ts';
import type { KeyReset } from '../recording/reset.ts';
import { exchangesOf, inconclusiveRow, judgeRows, standingOf } from './accepted.ts';
import { type Check, conforms, inconclusive, type Judgement, noted } from './check.ts';
import { causeMessage, causeOf, got, shown } from './messages.ts';
import { checked, evidenceOf, notAsked } from './preconditions.ts';
import { type Histories, isControlled, isHead, judgeSecond, noRefusals, steadily, unaskedOf } from './refused.ts';
import type { WithReset } from './reset.ts';
import { refusalsIn } from './truth-table.ts';

/** No answer to a bad key contains the key, or 12 consecutive characters of it. Calls that carry such a run are left out. */
export const keyPrivate = (histories: Histories): Judgement =>
  judgeSecond(histories, (second) => {
    const answered = second.attempts
      .map((each) => ({
        name: each.check,
        exchanges: each.trial.exchanges.filter(({ request, answer }) => answer.kind === 'response' && !request.carriesKeyRun),
      }))
      .filter(({ exchanges }) => exchanges.length > 0);
    const checks = [...grouped(answered, ({ name }) => name)].map(([name, attempts]): Check => {
      const exchanges = evidenceOf(...attempts);
      const shows = exchanges.find(({ answer }) => answer.kind === 'response' && answer.revealsKey);
      return shows === undefined
        ? conforms(name, exchanges)
        : noted(name, [shows], 'an answer without the key', 'an answer that contains the key (masked here)');
    });
    // If nothing was answered, say why.
    return steadily(second, checks.length > 0 ? checks : unaskedOf(second));
  });

/** The 401s to anything but HEAD, by resource. */
function refusalsByResource(second: RefusedHistory): ReadonlyMap<string, readonly Exchange[]> {
  const refused = second.attempts.filter((each) => !each.head && each.trial.outcome.kind === 'refused' && isControlled(second, each));
  return new Map(
    [...grouped(refused, ({ resource }) => resource)].map(([resource, attempts]) => [
      resource,
      attempts.flatMap(({ trial }) => trial.exchanges.slice(-1)),
    ]),
  );
}

const challengeOf = ({ answer }: Exchange): string | undefined =>
  answer.kind === 'response' ? headerOf(answer, 'www-authenticate') : undefined;

/** RFC 9110 section 11.6.1: a 401 carries a challenge; here it must be for Basic. */
export const wwwAuthenticate = (histories: Histories): Judgement =>
  judgeSecond(histories, (second) => {
    const resources = [...refusalsByResource(second)];
    if (resources.length === 0) return noRefusals(second);
    const checks = resources.map(([resource, exchanges]): Check => {
      const odd = exchanges.find((each) => !/(^|,)\s*basic(\s|,|$)/i.test(challengeOf(each) ?? ''));
      if (odd === undefined) return conforms(resource, exchanges);
      const challenge = challengeOf(odd);
      return noted(resource, [odd], 'WWW-Authenticate with a Basic challenge', challenge === undefined ? 'none' : shown(challenge));
    });
    return steadily(second, checks);
  });

/** RFC 7617 section 2.1: the only charset that a challenge may name is UTF-8. */
export const utf8 = (histories: Histories): Judgement =>
  judgeSecond(histories, (second) => {
    const naming = [...refusalsByResource(second)].filter(([, exchanges]) => exchanges.some((each) => charsetOf(each) !== undefined));
    if (naming.length === 0) return { kind: 'not-run', needs: 'a challenge that names a charset' };
    const checks = naming.map(([resource, exchanges]): Check => {
      const odd = exchanges.find((each) => charsetOf(each) !== undefined && charsetOf(each)?.toLowerCase() !== 'utf-8');
      return odd === undefined
        ? conforms(resource, exchanges)
        : noted(resource, [odd], 'charset="UTF-8"', `charset=${shown(charsetOf(odd) ?? '')}`);
    });
    return steadily(second, checks);
  });

const charsetOf = (each: Exchange): string | undefined => /(?:^|[\s,])charset\s*=\s*"?([^",\s]*)/i.exec(challengeOf(each) ?? '')?.[1];

/** RFC 7617 section 2 and RFC 9110 section 11.1: the scheme's name is case-insensitive. */
export const schemeCase = ({ first }: Pick<Histories, 'first'>): Judgement =>
  judgeRows(
    first,
    first.rows.filter((row) => row.about === 'scheme'),
    (row) => {
      const standing = standingOf(row);
      if (standing === 'accepted') return conforms(row.name, exchangesOf(row));
      return standing === 'refused' || standing === 'other'
        ? noted(row.name, exchangesOf(row), 'the key to be accepted', got(row.trial))
        : inconclusiveRow(row);
    },
  );

/**
 * RFC 9110 section 9.3.2: a HEAD is answered with the headers of its GET, without the content. Headers that either may leave out are
 * compared only if both have them.
 */
export function head({ first, second, reset }: WithReset): Judgement {
  const accepted = judgeRows(
    first,
    first.rows.filter((row) => row.about === 'head'),
    (row) => {
      const get = first.rows.find((each) => each.about === 'operation' && each.operation === row.operation);
      // A resource that is not served answers GET and HEAD too, so it can be compared.
      if (get === undefined || !['accepted', 'other'].includes(standingOf(get)))
        return inconclusive(row.name, exchangesOf(row), 'no-control', causeMessage('no-control', get?.trial));
      if (standingOf(row) === 'undetermined' || standingOf(row) === 'intermittent') return inconclusiveRow(row);
      return compared(row.name, row.trial.exchanges.at(-1), get.trial.exchanges.at(-1));
    },
  );
  if (accepted.kind !== 'checked') return accepted;
  if (second === undefined) {
    const open = notAsked(first);
    return open.kind === 'checked' ? checked([...accepted.checks, ...open.checks]) : accepted;
  }
  const refused = second.attempts
    .filter((each) => each.head && each.kind !== 'other' && isControlled(second, each))
    .flatMap((each): Check[] => {
      const [get] = matchingGets(each, second);
      const { outcome, exchanges } = each.trial;
      // An accepted bad credential is judged elsewhere.
      if (outcome.kind === 'accepted') return [];
      const name = `${each.check} with ${each.credential}`;
      if (outcome.kind === 'unusable' || outcome.kind === 'unasked')
        return [inconclusive(name, exchanges, causeOf(outcome), causeMessage(causeOf(outcome), each.trial))];
      return [compared(name, exchanges.at(-1), get?.trial.exchanges.at(-1))];
    });
  return steadily(second, [...accepted.checks, ...refused, ...(reset === undefined ? [] : refusedAroundReset(reset))]);
}

/** Refused HEADs around a reset, each compared with the refused GET under the same key. */
function refusedAroundReset(reset: KeyReset): readonly Check[] {
  const refusals = refusalsIn(reset);
  return refusals.flatMap((each): readonly Check[] => {
    const get = refusals.find(({ key, place, trial }) => key === each.key && !isHead(trial) && place === getOf(each.place));
    return isHead(each.trial) && get !== undefined ? [compared(each.check, each.trial.exchanges.at(-1), get.trial.exchanges.at(-1))] : [];
  });
}

/** Headers that describe the content. */
const comparedFields = ['content-type', 'content-length', 'etag', 'vary'];

function compared(name: string, headExchange: Exchange | undefined, getExchange: Exchange | undefined): Check {
  const evidence = [headExchange, getExchange].filter((each) => each !== undefined);
  const [asked, wanted] = evidence.map(({ answer }) => (answer.kind === 'response' ? answer : undefined)) as [Response?, Response?];
  if (asked === undefined || wanted === undefined) return inconclusive(name, evidence, 'no-check', causeMessage('no-check'));
  if (asked.status !== wanted.status) return noted(name, evidence, `${wanted.status}, as for GET`, String(asked.status));
  for (const field of comparedFields) {
    const [mine, other] = [headerOf(asked, field), headerOf(wanted, field)];
    if (mine !== undefined && other !== undefined && mine !== other)
      return noted(name, evidence, `${field}: ${other}, as for GET`, `${field}: ${mine}`);
  }
  return conforms(name, evidence);
}
