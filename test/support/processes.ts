import { readdirSync, readFileSync } from 'node:fs';

/** Processes with this text in their command line. */
export function processesNaming(text: string): number[] {
  return processIds().filter((pid) => isRunning(pid) && procFile(pid, 'cmdline').includes(text));
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The descendants of a process. */
export function descendantsOf(parent: number): number[] {
  const children = processIds().filter((pid) => statOf(pid).parent === parent);
  return [...children, ...children.flatMap(descendantsOf)];
}

/** Whether a process is running, and not a zombie. */
export function isRunning(pid: number): boolean {
  const { state } = statOf(pid);
  return state !== undefined && state !== 'Z';
}

function statOf(pid: number): { state?: string | undefined; parent?: number } {
  const [state, parent] = statFields(pid);
  return state === undefined ? {} : { state, parent: Number(parent) };
}

/** The processor time of a process with all its threads, ms. The kernel counts in hundredths of a second. */
export function processorMs(pid: number): number {
  const [user, system] = statFields(pid).slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

/** The fields after the name, which may contain spaces; none when the process has gone. */
function statFields(pid: number): string[] {
  const stat = procFile(pid, 'stat');
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** A file of /proc; empty when the process has gone. */
export function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
