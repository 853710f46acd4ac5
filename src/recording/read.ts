/** Reads recordings from untrusted places: everything in them is validated, and each error names its file. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isProductId, productIds } from '../specifications/model.ts';
import { validateRecording } from '../specifications/recording.ts';
import { isSystemError } from '../system-error.ts';
import { recordingFolder } from './files.ts';
import { format, formatVersion, fromAccountHar, fromHar, type Har, productOf, type Recorded } from './har.ts';
import { RecordingError } from './recording-error.ts';

interface CheckedFile {
  readonly file: string;
  readonly har: Har;
}

/**
 * The recording of each product, in the order of the products. `dir` is a reports folder, or its `recording` folder.
 * @throws RecordingError if there is no recording, or a file is damaged or of another version.
 */
export function readRecordings(dir: string): readonly Recorded[] {
  const files = filesIn(dir).map((file): CheckedFile => ({ file, har: checked(file) }));
  const of = (product: ReturnType<typeof productOf>): CheckedFile | undefined => {
    const [one, other] = files.filter(({ har }) => productOf(har) === product);
    if (one !== undefined && other !== undefined)
      throw new RecordingError(`${one.file} and ${other.file} are both recordings of ${product}: keep only one of them.`);
    return one;
  };
  const accountFile = of('account');
  const account = accountFile && restoring(accountFile, fromAccountHar);
  const recorded = productIds.flatMap((product) => {
    const file = of(product);
    return file === undefined ? [] : [restoring(file, (har) => ofOneProduct(fromHar(har, account)))];
  });
  if (recorded.length === 0) throw new RecordingError(`${dir} holds only account.har: copy the recordings of the products into it, too.`);
  return recorded;
}

/** The files of a recording, in alphabetical order. */
function filesIn(dir: string): readonly string[] {
  for (const folder of [join(dir, recordingFolder), dir]) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue;
    const names = readdirSync(folder).filter((name) => name.endsWith('.har'));
    if (names.length > 0) return names.sort().map((name) => join(folder, name));
  }
  if (existsSync(join(dir, 'part.json')))
    throw new RecordingError(`${dir} holds part.json, which an earlier version wrote, but no recording: run that shard again.`);
  throw new RecordingError(`${dir} holds no recording: name a reports folder, or its ${recordingFolder} folder.`);
}

function checked(file: string): Har {
  const value = parsed(file);
  const recording = isObject(value) && isObject(value.log) ? value.log._recording : undefined;
  if (!isObject(recording) || recording.format !== format) throw new RecordingError(`${file} is not a recording of this suite.`);
  const { version, product } = recording;
  if (version !== formatVersion)
    throw new RecordingError(`${file} has format version ${shown(version)}, but this version of the suite reads only ${formatVersion}.`);
  if (product !== 'account' && !(typeof product === 'string' && isProductId(product)))
    throw new RecordingError(`${file} is a recording of ${shown(product)}, which is not one of ${productIds.join(', ')}.`);
  const [problem] = validateRecording(value);
  if (problem !== undefined) throw new RecordingError(`${file} is damaged: ${problem}.`);
  return value as unknown as Har;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RecordingError(`${file} is not JSON: it is damaged or incomplete.`);
    if (isSystemError(error)) throw new RecordingError(`${file} cannot be read (${error.code}).`);
    throw error;
  }
}

/** The base URL must be one, and all histories of a file of its product; otherwise they would be judged under the wrong name. */
function ofOneProduct(recorded: Recorded): Recorded {
  const { baseUrl } = recorded.facts;
  if (!URL.canParse(baseUrl)) throw new RecordingError(`is damaged: its base URL is ${shown(baseUrl)}, which is not a URL.`);
  const { first, second, reset } = recorded.recording;
  const other = [second, reset].find((each) => each !== undefined && each.product !== first.product)?.product;
  if (other !== undefined) throw new RecordingError(`is damaged: it holds histories of ${first.product} and of ${other}.`);
  return recorded;
}

/** Puts the name of the file in front of an error's message. */
function restoring<T>({ file, har }: CheckedFile, restore: (har: Har) => T): T {
  try {
    return restore(har);
  } catch (error) {
    if (error instanceof RecordingError) throw new RecordingError(`${file} ${error.message}`);
    throw error;
  }
}

/** With members; no list. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const shown = (value: unknown): string => (JSON.stringify(value) ?? 'none').slice(0, 60);
