import { type FunctionFile, functionFiles, importFunction } from '#infra/functionFiles.ts';
import type { Job, Need, ScheduledJob, StreamJob } from '#lib/jobs/job.ts';
import type { Page } from '#lib/pages/page.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';

/** What calls a function. */
export type Trigger =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'page'; readonly page: Page }
  | { readonly kind: 'door' }
  | { readonly kind: 'schedule'; readonly job: ScheduledJob<Need> }
  | { readonly kind: 'stream'; readonly job: StreamJob<Need> };

/** A function as it is deployed. */
export type Deployed = FunctionFile & {
  /** Its key in serverless.yml, which also ends its name, as in `bssConfirmRelation`. */
  readonly key: string;
  readonly trigger: Trigger;
};

/** Every function with what its file declares. Throws when a file declares something other than its path says. */
export async function deployedFunctions(): Promise<Deployed[]> {
  return Promise.all(
    functionFiles().map(async (file) => ({
      ...file,
      key: keyOf(file.name),
      trigger: triggerOf(file, await importFunction(file)),
    })),
  );
}

/** The prefix of the logical ids of everything that belongs to a function, as serverless makes them. */
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

/** What a file of `functions` may export. */
interface FunctionModule {
  readonly app?: { readonly operation?: Operation };
  readonly job?: Job;
  readonly page?: Page;
  readonly door?: unknown;
}

function triggerOf({ name }: FunctionFile, { app, door, job, page }: FunctionModule): Trigger {
  const ofOperation = app?.operation && `${app.operation.product.name}/${app.operation.action}`;
  const declared = ofOperation ?? (job && `workers/${job.name}`) ?? (page && `pages/${page.name}`);
  if (declared !== undefined && declared !== name) throw new Error(`functions/${name}.ts declares ${declared}`);
  if (job?.trigger === 'schedule') return { kind: 'schedule', job };
  if (job?.trigger === 'stream') return { kind: 'stream', job };
  if (page) return { kind: 'page', page };
  if (app?.operation) return { kind: 'operation', operation: app.operation };
  if (door) return { kind: 'door' };
  throw new Error(`functions/${name}.ts is neither an operation nor a page nor a job`);
}
