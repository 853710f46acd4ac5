/** Lines that repeat a finding when they are pasted into a shell: by asking the host again, or by judging the recording again. */
import { notSet } from '../configuration/configuration.ts';
import { resetRequirements } from '../judge/truth-table.ts';
import type { Exchange } from '../recording/exchange.ts';
import { called, quoted } from './called.ts';
import { curlLine } from './curl.ts';
import type { FindingGroup } from './findings.ts';
import type { Run } from './model.ts';
import { visible } from './visible.ts';

export interface ReplayLine {
  /** `replay` asks the host again; `offline` judges the recording again, without a key and without a request. */
  readonly kind: 'replay' | 'offline';
  readonly line: string;
  /** What else the line does. */
  readonly warning?: string;
}

/** A line for more requirements than this has no `--grep`. */
const mostNamed = 3;

/**
 * A reset by command is not repeated lightly, so there the recording comes first. Keys and commands stand in a line as variables of the
 * shell; everything else that was set for the run stands there as it was.
 */
export function replayLines(group: FindingGroup, run: Run): readonly ReplayLine[] {
  const selection = selectionOf(group, run);
  const reports = settingOf('REPORTS_DIR', run) ?? 'reports';
  const from = [...assignments(run, ['REPORTS_DIR']), called('conformance', ['--from', quoted(reports), ...selection])].join(' ');
  const offline: ReplayLine = { kind: 'offline', line: from };
  if (run.command === 'verify-reset') {
    // That someone has logged in is part of what was found.
    const loggedIn = run.timelines.flatMap(({ product }) => ['--logged-in', product]);
    const line = [...fromShell(keyNames, run), ...assignments(run), called('verify-reset', loggedIn)].join(' ');
    return [offline, { kind: 'replay', line }];
  }
  if (!isFromReset(group, run)) {
    const line = [...fromShell(keyNames, run), ...assignments(run), called('conformance', selection)].join(' ');
    return [{ kind: 'replay', line }, offline];
  }
  const variables = [...fromShell([...keyNames, ...commandNames], run), ...assignments(run)];
  const line = [...variables, called('conformance', ['--reset', ...selection])].join(' ');
  return [offline, { kind: 'replay', line, warning: 'Asking again resets the key again.' }];
}

/** What each kind of line does. */
export const replayMeanings: Readonly<Record<ReplayLine['kind'], string>> = {
  replay: 'Ask the host again',
  offline: 'Judge the recording again (sends nothing)',
};

/** The call itself, where curl can make it. The embedded host is gone when its run has ended, so there is nothing to call. */
export function callOf(group: FindingGroup, run: Run): string | undefined {
  const line = run.target.kind === 'embedded' ? undefined : curlLine(evidenceOf(group, run));
  return line === visible(line ?? '') ? line : undefined;
}

/** The exchanges behind the first check of a group. */
function evidenceOf({ requirements: [requirement], products, checks }: FindingGroup, run: Run): readonly Exchange[] {
  const found = run.results
    .filter((result) => result.requirement === requirement && result.product === (products[0] ?? 'account'))
    .flatMap(({ judgement }) => (judgement.kind === 'checked' ? judgement.checks : []))
    .find(({ name }) => name === checks[0]);
  return found?.evidence ?? [];
}

/** Products are named unless the finding is about all that were tested. */
function selectionOf({ requirements, products }: FindingGroup, run: Run): readonly string[] {
  const grep = requirements.length > mostNamed ? [] : ['--grep', quoted(requirements.join('|'))];
  const all = products.length > 1 && products.length === Object.keys(run.target.products).length;
  return [...grep, ...(all ? [] : products.flatMap((product) => ['--project', product]))];
}

/** Every call behind it was sent after the reset by command had begun. */
function isFromReset(group: FindingGroup, run: Run): boolean {
  const { resetSince } = run;
  if (resetSince === undefined) return false;
  const evidence = evidenceOf(group, run);
  if (evidence.length === 0) return group.requirements.some((id) => resetRequirements.some((each) => each === id));
  return evidence.every(({ startedAt }) => startedAt >= resetSince);
}

const keyNames = ['ACTIVEPROSPECT_API_KEY', 'ACTIVEPROSPECT_OLD_API_KEY'] as const;
const commandNames = ['RESET_COMMAND', 'LOGIN_COMMAND'] as const;

/** Read by the shell that the line is pasted into, whether it exports them or not. */
const fromShell = (names: readonly string[], run: Run): readonly string[] =>
  names.filter((name) => settingOf(name, run) !== undefined).map((name) => `${name}="$${name}"`);

/** What else was set for the run. `only`: these variables. A value with characters that cannot be seen cannot be pasted. */
function assignments({ configuration }: Run, only?: readonly string[]): readonly string[] {
  const hidden: readonly string[] = [...keyNames, ...commandNames];
  return configuration.flatMap(([name, value]) => {
    const isWanted = only === undefined ? !hidden.includes(name) : only.includes(name);
    return isWanted && value !== notSet && value !== defaults[name] && value === visible(value) ? [`${name}=${quoted(value)}`] : [];
  });
}

const defaults: Readonly<Record<string, string>> = { REPORTS_DIR: 'reports', REQUEST_TIMEOUT_MS: '10000' };

/** The effective value of a variable; undefined if it has none. Of a secret it is `set`. */
function settingOf(name: string, { configuration }: Pick<Run, 'configuration'>): string | undefined {
  const value = configuration.find(([each]) => each === name)?.[1];
  return value === notSet ? undefined : value;
}
