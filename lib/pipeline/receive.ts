import { Refusal } from '#lib/errors.ts';

/** No operation needs more; what is longer is refused before it is read to its end. */
export const BODY_LIMIT_BYTES = 256 * 1024;

/** The whole body of a request. Throws `BodyTooLarge`. */
export async function receiveBody(request: Request): Promise<Uint8Array> {
  const tooLarge = () => new Refusal('BodyTooLarge', { limitBytes: BODY_LIMIT_BYTES });
  if (Number(request.headers.get('content-length') ?? 0) > BODY_LIMIT_BYTES) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
