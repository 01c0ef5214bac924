import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import type { Bus, PublishedEvent } from '#lib/jobs/needs.ts';
import { clientTimeouts } from '#lib/timeouts.ts';

/** EventBridge takes ten entries at once. */
const ENTRIES = 10;

/** An EventBridge bus: source `tributary`, detail type as in `Relation accept`, the event as its detail. */
export function eventBridgeBus(busName: string): Bus {
  const client = new EventBridgeClient({ credentials: fromEnv(), ...clientTimeouts });

  async function put(events: readonly PublishedEvent[]): Promise<string[]> {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({
        Entries: events.map(({ detail, detailType }) => ({
          EventBusName: busName,
          Source: 'tributary',
          DetailType: detailType,
          Time: new Date(detail.time),
          Detail: JSON.stringify(detail),
        })),
      }),
    );
    return events.filter((_, index) => Entries[index]?.EventId === undefined).map(({ detail }) => detail.id);
  }

  return {
    async publish(events) {
      const failed: string[] = [];
      for (let first = 0; first < events.length; first += ENTRIES) {
        failed.push(...(await put(events.slice(first, first + ENTRIES))));
      }
      return failed;
    },
  };
}
