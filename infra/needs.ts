import { allow, eventBusArn, type Template } from '#infra/names.ts';
import type { Need } from '#lib/jobs/job.ts';

/** Values of a stage that needs depend on. */
export interface NeedValues {
  readonly eventBus: string;
}

/** What a job's function gets for one of its needs. */
interface Provision {
  /** Its environment variables. */
  environment(values: NeedValues): Template;
  /** Statements of its role. */
  readonly statements: readonly Template[];
  /** The line that imports the adapter, and the expression that makes it. */
  readonly imported: string;
  readonly made: string;
}

/** One entry per need. The compiler asks for it when `Adapters` grows. */
const provisions: Readonly<Record<Need, Provision>> = {
  bus: {
    environment: ({ eventBus }) => ({ EVENT_BUS_NAME: eventBus }),
    statements: [allow(['events:PutEvents'], eventBusArn)],
    imported: "import { eventBridgeBus } from '#lib/adapters/eventBridge.ts';",
    made: "eventBridgeBus(process.env.EVENT_BUS_NAME ?? 'default')",
  },
};

/** The environment of a function whose job has these needs. */
export function environmentForNeeds(needs: readonly Need[], values: NeedValues): Template {
  return Object.assign({}, ...needs.map((need) => provisions[need].environment(values)));
}

/** What the role of such a function allows because of them. */
export function statementsForNeeds(needs: readonly Need[]): Template[] {
  return needs.flatMap((need) => provisions[need].statements);
}

/** The lines of its entry that import the adapters, and the members of the job's context that are made of them. */
export function adapterLines(needs: readonly Need[]): { readonly imports: string[]; readonly members: string[] } {
  return {
    imports: needs.map((need) => provisions[need].imported),
    members: needs.map((need) => `${need}: ${provisions[need].made}`),
  };
}
