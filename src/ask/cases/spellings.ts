/**
 * Other spellings of a resource's path. A server that compares paths as received, in front of a router that normalizes them, accepts them
 * without credentials. They are sent without credentials, byte for byte.
 */
import { joined, type Segment } from '../call.ts';

export interface Spelling {
  /** As reports show it, after "with". */
  readonly name: string;
  /** The mistake in a server that this finds. */
  readonly why: string;
  /** The respelled path without its query; undefined if the path has no such spelling. Ids are not changed. */
  readonly respell: (segments: readonly Segment[]) => string | undefined;
  /** The path of another resource that a server may take it for; its answer then is not that of the intended resource. */
  readonly mistakenFor?: (segments: readonly Segment[]) => string;
}

/** Changes the first letter of a literal segment. Hex digits after a percent sign do not count as letters. */
const withLetter =
  (change: (letter: string) => string) =>
  (segments: readonly Segment[]): string | undefined => {
    const letter = /(?<!%)(?<!%[0-9a-f])[a-z]/i;
    const index = segments.findIndex(({ text, literal }) => literal && letter.test(text));
    if (index < 0) return undefined;
    return joined(segments.map((each, at) => (at === index ? { ...each, text: each.text.replace(letter, change) } : each)));
  };

const hex = (letter: string): string => `%${letter.charCodeAt(0).toString(16)}`;
const swappedCase = (letter: string): string => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase());

export const spellings: readonly Spelling[] = [
  {
    name: 'a trailing slash',
    why: 'a router that ignores it, behind a list of protected paths that does not',
    respell: (segments) => `${joined(segments)}/`,
  },
  {
    name: 'a doubled slash',
    why: 'the server that serves the path merges slashes, the one that protects it does not',
    respell: (segments) => `/${joined(segments)}`,
    // RFC 3986 section 4.2: a reference that begins with two slashes begins with a host name.
    mistakenFor: (segments) =>
      `/${segments
        .slice(1)
        .map(({ text }) => text)
        .join('/')}`,
  },
  {
    name: 'the case of a letter changed',
    why: 'a gateway that compares paths case-sensitively, in front of a file system or a router that does not',
    respell: withLetter(swappedCase),
  },
  {
    name: 'a percent-encoded letter',
    why: 'a filter that runs before the path is decoded (CVE-2026-22031)',
    respell: withLetter(hex),
  },
  {
    name: 'a dot segment',
    why: 'a proxy that matches paths without normalizing them (CVE-2019-9901, CVE-2023-34478)',
    respell: (segments) => `/.${joined(segments)}`,
  },
  {
    name: 'an encoded trailing slash',
    why: 'a proxy that decodes the path only after checking it',
    respell: (segments) => `${joined(segments)}%2F`,
  },
];
