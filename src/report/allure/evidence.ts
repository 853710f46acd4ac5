/** An exchange as Allure shows it. Credentials stand in it by their name; what a host sent can be seen and cannot act. */
import type { HttpExchange, HttpExchangeBody, HttpExchangeNameValue } from 'allure-js-commons';
import { type Exchange, headerOf, lengthOf, type Response } from '../../recording/exchange.ts';
import { shortened, visible, visibleLines } from '../visible.ts';

/** Longer bodies are cut, in characters: a page that holds many of them takes long to write, to search and to open. */
const bodyLimit = 64 * 1024;

/** The name of an attachment: the request, its credentials, and the answer. */
export function exchangeName({ request, answer }: Exchange): string {
  // As it was sent: a URL object would normalize it.
  const path = request.url.replace(/^\w+:\/\/[^/]*/, '');
  const got = answer.kind === 'silence' ? answer.cause : statusLine(answer);
  return visible(`${request.method} ${path} (${request.credentials}) → ${got}`);
}

/** As Allure shows an exchange. Long bodies are cut. */
export function httpExchange({ request, answer, startedAt, durationMs }: Exchange): HttpExchange {
  const start = Math.round(startedAt);
  return {
    schemaVersion: 1,
    request: {
      method: visible(request.method),
      url: visible(request.url),
      headers: [...authorization(request.credentials), ...request.headers.map(pair)],
      ...(request.body === undefined ? {} : { body: { contentType: 'application/json', value: shown(request.body) } }),
    },
    ...(answer.kind === 'silence'
      ? { error: { name: answer.cause, message: visible(answer.detail) } }
      : {
          response: {
            status: answer.status,
            statusText: reasonOf(answer),
            headers: answer.headers.map(pair),
            body: bodyOf(answer),
          },
        }),
    start,
    stop: start + Math.round(durationMs),
  };
}

/** A line of a report has no room for more; a phrase is what it should be. */
const reasonOf = ({ reason }: Response): string => shortened(visible(reason), 60);
const statusLine = (response: Response): string => `${response.status} ${reasonOf(response)}`.trim();

/** No value of the header was kept: what stands here is its name in our words. */
const authorization = (credentials: string): HttpExchangeNameValue[] =>
  credentials === 'none' ? [] : [{ name: 'Authorization', value: `${visible(credentials)} (redacted)` }];

const pair = ([name, value]: readonly [string, string]): HttpExchangeNameValue => ({ name: visible(name), value: visible(value) });

const notKept = 'not kept: it may hold data of the account';

function bodyOf(response: Response): HttpExchangeBody {
  const dropped = response.body === '' && response.bodyBytes > 0;
  return {
    contentType: asText(response),
    value: dropped ? `(${lengthOf(response)}, ${notKept})` : shown(response.body.slice(0, bodyLimit)),
    size: response.bodyBytes,
    truncated: dropped || response.body.length > bodyLimit || response.cut === true,
  };
}

/** The page shows some types as pictures and others not at all. A body is text here, whatever its host calls it. */
function asText({ headers, body }: Response): string {
  const type = headerOf({ headers }, 'content-type') ?? '';
  return body !== '' && /^(text\/[\w.+-]+|application\/([\w.-]+\+)?json)\s*(;|$)/i.test(type) ? visible(type) : 'text/plain';
}

const shown = (body: string): string => body.split('\t').map(visibleLines).join('\t');
