import { type FunctionFile, functionFiles } from '#infra/functions.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';

/** What calls a function. */
type Trigger =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'door' }
  | { readonly kind: 'schedule' | 'stream'; readonly job: string };

/** A function as it is deployed. */
export type Deployed = FunctionFile & {
  /** Its key in serverless.yml and the last part of its name, as in `bssConfirmRelation`. */
  readonly key: string;
  readonly trigger: Trigger;
};

/** Every function with what its file declares of it. */
export async function deployedFunctions(): Promise<Deployed[]> {
  const files = functionFiles();
  return Promise.all(
    files.map(async (file) => ({ ...file, key: keyOf(file.name), trigger: triggerOf(file, await import(file.path)) })),
  );
}

/** The start of the logical id of everything that belongs to a function; serverless names its own resources so too. */
export function logicalId({ key }: Deployed): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}

/** The logical id of the function itself, as serverless makes it. */
export function functionId(deployed: Deployed): string {
  return `${logicalId(deployed)}LambdaFunction`;
}

function keyOf(name: string): string {
  return name.replace(/\/(.)/g, (_, first: string) => first.toUpperCase());
}

interface FunctionModule {
  readonly app?: { readonly operation?: Operation };
  readonly job?: { readonly name: string; readonly trigger: 'schedule' | 'stream' };
}

function triggerOf({ name }: FunctionFile, { app, job }: FunctionModule): Trigger {
  if (job) return { kind: job.trigger, job: job.name };
  if (app?.operation) return { kind: 'operation', operation: app.operation };
  if (name === 'rpc') return { kind: 'door' };
  throw new Error(`functions/${name}.ts is neither an operation nor a job`);
}
