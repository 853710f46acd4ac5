/** Watches a process and its children while they run: their arguments and their environment. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface Seen {
  readonly pid: number;
  readonly parent: number;
  /** As `ps` shows them to all users. */
  readonly args: string;
  /** Only on Linux. */
  readonly environment: string;
}

const proc = '/proc/self/environ';
export const canSeeEnvironments = existsSync(proc);

/** Each process that was seen, once for every command line that it had: `soFar`, and in the end. */
export interface Watching {
  soFar(): readonly Seen[];
  stop(): readonly Seen[];
}

/** Looks until `stop`. */
export function watch(root: number, everyMs = 80): Watching {
  const seen = new Map<string, Seen>();
  /** Of other programs: they do not become ours, and to read them all again each time takes more than a run does. */
  const others = new Set<number>();
  const look = (): void => {
    const all = canSeeEnvironments ? listedInProc(others) : listedByPs();
    const ours = new Set([root]);
    for (let before = 0; before !== ours.size; ) {
      before = ours.size;
      for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
    }
    for (const { pid, parent, shown, started } of all) {
      if (!ours.has(pid)) others.add(pid);
      else if (started) for (const each of ifAlive(shown)) seen.set(`${pid} ${each.args}`, { pid, parent, ...each });
    }
  };
  const timer = setInterval(look, everyMs);
  const soFar = (): readonly Seen[] => [...seen.values()];
  return {
    soFar,
    stop() {
      clearInterval(timer);
      return soFar();
    },
  };
}

interface Process extends Pick<Seen, 'pid' | 'parent'> {
  /** Read only where it is needed. */
  readonly shown: () => Pick<Seen, 'args' | 'environment'>;
  /** Until a new process starts its program, Linux shows its parent's arguments and environment as its own. */
  readonly started: boolean;
}

/** The kernel's PF_FORKNOEXEC. */
const forkedOnly = 0x40;

function listedByPs(): readonly Process[] {
  return execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined
        ? []
        : [{ pid: Number(pid), parent: Number(parent), shown: () => ({ args, environment: '' }), started: true }];
    });
}

/** All processes but these. */
const listedInProc = (others: ReadonlySet<number>): readonly Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && !others.has(Number(name)))
    .flatMap((name) => {
      const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, 'latin1');
      return ifAlive(() => {
        // State, parent and flags come after the program's name, which may contain anything (proc(5)).
        const [, parent, flags] = /^.*\) \S (\d+) (?:\S+ ){4}(\d+) /s.exec(read('stat')) ?? [];
        const shown = () => ({ args: read('cmdline').replaceAll('\0', ' '), environment: read('environ') });
        return { pid: Number(name), parent: Number(parent), shown, started: (Number(flags) & forkedOnly) === 0 };
      });
    });

/** Nothing if the process has ended, or belongs to another user. */
function ifAlive<T>(look: () => T): readonly T[] {
  try {
    return [look()];
  } catch {
    return [];
  }
}
