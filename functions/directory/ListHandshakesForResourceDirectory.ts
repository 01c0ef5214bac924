import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { pageNumber, pageSize, sliceOf } from '#lib/products/directory/fields.ts';
import { handshakePage, handshakeViewOf } from '#lib/products/directory/handshakes.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { openHandshakes } from '#lib/store/directory/handshakeReadings.ts';

export const app = operation({
  action: 'ListHandshakesForResourceDirectory',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ PageNumber: v.optional(pageNumber, 1), PageSize: v.optional(pageSize, 10) }),
  output: handshakePage,
  errors: ['DirectoryUnknown'],
  async run({ input, call, deps }) {
    const { PageNumber, PageSize } = input;
    const { handshakes, total } = await openHandshakes(deps.table).pageOf(call.uid, sliceOf(input), call.nowMs);
    return { TotalCount: total, PageNumber, PageSize, Handshakes: { Handshake: handshakes.map(handshakeViewOf) } };
  },
});
