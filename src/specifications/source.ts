/** A YAML file as a value, with the line of each part, so that a mistake is reported with its line. */
import type { Document, YAMLError } from 'yaml';
import { type Problem, sentence } from './problem.ts';

// Loaded on demand, because that takes 0.07 s and most processes need only the types of this folder.
const yaml = (): typeof import('yaml') => require('yaml');

/** A specification is invalid. The message has one line per problem, with file, line and what is wrong. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
}

export class Source {
  readonly value: unknown;
  readonly #file: string;
  readonly #document: Document.Parsed;
  readonly #lines = new (yaml().LineCounter)();

  /** @param file Named in error messages. @throws SpecError for invalid YAML, including duplicate keys. */
  constructor(text: string, file: string) {
    this.#file = file;
    this.#document = yaml().parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, stringKeys: true });
    const mistakes = [...this.#document.errors, ...this.#document.warnings].map((each) => this.#at(each.pos[0], inWords(each, text)));
    yaml().visit(this.#document, {
      Alias: (_, node) => void mistakes.push(this.#at(startOf(node), 'aliases are not allowed: write the value out')),
    });
    if (mistakes.length > 0) throw new SpecError(mistakes.join('\n'));
    this.value = this.#document.toJS();
  }

  /** The error for these problems, in the order of the file. */
  error(problems: readonly Problem[]): SpecError {
    const placed = problems.map((each) => ({ offset: this.#offsetOf(each), text: sentence(each) })).sort((a, b) => a.offset - b.offset);
    return new SpecError(placed.map(({ offset, text }) => this.#at(offset, text)).join('\n'));
  }

  #at(offset: number, text: string): string {
    return `${this.#file}:${this.#lines.linePos(offset).line}: ${text}`;
  }

  /** The start of a key or an item; if the path does not exist, of the nearest part around it. */
  #offsetOf({ path, key }: Problem): number {
    const { isMap, isScalar, isSeq } = yaml();
    let node: unknown = this.#document.contents;
    let offset = 0;
    for (const step of key === undefined ? path : [...path, key]) {
      if (isMap(node)) {
        const pair = node.items.find((each) => isScalar(each.key) && each.key.value === String(step));
        if (pair === undefined) break;
        offset = startOf(pair.key);
        node = pair.value;
      } else {
        node = isSeq(node) ? node.items[Number(step)] : undefined;
        if (node === undefined) break;
        offset = startOf(node);
      }
    }
    return offset;
  }
}

const startOf = (node: unknown): number => (yaml().isNode(node) ? (node.range?.[0] ?? 0) : 0);

const inWords = ({ code, message, pos: [start] }: YAMLError, text: string): string =>
  code === 'DUPLICATE_KEY' ? `duplicate key "${/^.*?(?=:\s)/.exec(text.slice(start))?.[0] ?? ''}"` : message;
