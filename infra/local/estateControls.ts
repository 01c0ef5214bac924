import { Hono } from 'hono';
import * as v from 'valibot';
import type { WrittenSeed } from '#infra/local/seed/form.ts';
import type { SeedText } from '#infra/local/seed/seedFile.ts';
import { type Snapshots, snapshotName } from '#infra/local/snapshots.ts';

/** What is done with the estate as a whole. */
export interface EstateControlled {
  readonly snapshots: Pick<Snapshots, 'list' | 'has' | 'remove'>;
  snapshot(name: string): Promise<void>;
  restore(name: string): Promise<void>;
  /** The estate in the form of a seed. */
  written(): Promise<WrittenSeed>;
  /** Loads a seed, all of it or nothing. Throws `SeedError`. */
  load(seed: SeedText): Promise<void>;
}

const named = v.strictObject({ name: v.optional(v.pipe(v.string(), v.regex(snapshotName))) });

const howToName = 'Send {"name": "<1 to 64 letters, digits and _ . - characters>"}, or {} for a name that is answered.';

/** The part of `/_emulator/` that is about the estate as a whole: seeds and snapshots. */
export function estateControls({ load, restore, snapshot, snapshots, written }: EstateControlled): Hono {
  const unknown = (name: string) => {
    const names = snapshots.list().map((one) => one.name);
    return {
      error: `There is no snapshot ${name}; there ${names.length === 0 ? 'is none' : `are ${names.join(', ')}`}.`,
    };
  };
  return new Hono()
    .get('/seed.schema.json', async (c) => {
      const { seedSchema } = await import('#infra/local/seed/schema.ts');
      return c.json(seedSchema());
    })
    .get('/estate', async (c) => {
      const seed = await written();
      if (c.req.query('format') !== 'yaml') return c.json(seed);
      // By a module of ours: a bundle has no names of a package that is CommonJS and imported late.
      const { asYaml } = await import('#infra/local/seed/document.ts');
      return c.text(asYaml(seed), 200, { 'content-type': 'application/yaml; charset=utf-8' });
    })
    .post('/estate', async (c) => {
      await load({ name: 'seed', text: await c.req.text() });
      return c.json({ loaded: true });
    })
    .get('/snapshots', (c) => c.json(snapshots.list()))
    .post('/snapshots', async (c) => {
      const asked = jsonIn((await c.req.text()) || '{}');
      const wanted = v.safeParse(named, asked);
      if (!wanted.success || Array.isArray(asked)) return c.json({ error: howToName }, 400);
      const { name = newName(snapshots) } = wanted.output;
      await snapshot(name);
      return c.json({ name });
    })
    .post('/snapshots/:name/restore', async (c) => {
      const name = c.req.param('name');
      if (!snapshots.has(name)) return c.json(unknown(name), 404);
      await restore(name);
      return c.json({ restored: name });
    })
    .delete('/snapshots/:name', (c) => {
      const name = c.req.param('name');
      return snapshots.remove(name) ? c.json({ removed: name }) : c.json(unknown(name), 404);
    });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first number that no snapshot has for a name. */
function newName({ has }: EstateControlled['snapshots']): string {
  let number = 1;
  while (has(`snapshot-${number}`)) number++;
  return `snapshot-${number}`;
}
