/**
 * Other spellings of a resource's path. A server that compares paths as they came, in front of a router that normalizes them, lets them
 * in without credentials. They are sent with nothing, byte for byte.
 */
import { joined, type Segment } from '../call.ts';

export interface Spelling {
  /** What a report shows, after "with". */
  readonly name: string;
  /** The mistake in a server that this finds. */
  readonly why: string;
  /** The path without its query; undefined where it has no such spelling. Ids are left as they are. */
  readonly respell: (segments: readonly Segment[]) => string | undefined;
  /** What else a server may take it for: a resource of its own, whose answer is not that of the one that was meant. */
  readonly mistakenFor?: (segments: readonly Segment[]) => string;
}

/** Changes the first letter of a literal segment. What follows a percent sign is no letter. */
const withLetter =
  (change: (letter: string) => string) =>
  (segments: readonly Segment[]): string | undefined => {
    const letter = /(?<!%)(?<!%[0-9a-f])[a-z]/i;
    const index = segments.findIndex(({ text, literal }) => literal && letter.test(text));
    if (index < 0) return undefined;
    return joined(segments.map((each, at) => (at === index ? { ...each, text: each.text.replace(letter, change) } : each)));
  };

const hex = (letter: string): string => `%${letter.charCodeAt(0).toString(16)}`;
const otherCase = (letter: string): string => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase());

export const spellings: readonly Spelling[] = [
  {
    name: 'a slash at its end',
    why: 'a router that ignores it, behind a list of protected paths that does not',
    respell: (segments) => `${joined(segments)}/`,
  },
  {
    name: 'a doubled slash',
    why: 'slashes merged by what serves the path, and not by what protects it',
    respell: (segments) => `/${joined(segments)}`,
    // RFC 3986 section 4.2: a reference that begins with two slashes begins with a host name.
    mistakenFor: (segments) =>
      `/${segments
        .slice(1)
        .map(({ text }) => text)
        .join('/')}`,
  },
  {
    name: 'a letter in other case',
    why: 'a gateway that compares paths to the letter, in front of a file system or a router that does not',
    respell: withLetter(otherCase),
  },
  {
    name: 'a letter percent-encoded',
    why: 'a filter that runs before the path is decoded (CVE-2026-22031)',
    respell: withLetter(hex),
  },
  {
    name: 'a dot segment',
    why: 'a proxy that matches paths which it has not normalized (CVE-2019-9901, CVE-2023-34478)',
    respell: (segments) => `/.${joined(segments)}`,
  },
  {
    name: 'an encoded slash at its end',
    why: 'a proxy that decodes the path after it has looked at it',
    respell: (segments) => `${joined(segments)}%2F`,
  },
];
