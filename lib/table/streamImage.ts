import { unmarshall } from '@aws-sdk/util-dynamodb';

/** An item of the stream as a plain object. */
export function imageOf(image: object): Record<string, unknown> {
  return unmarshall(asAttributes(image));
}

/** Lambda and the stream's API type items differently, but both use DynamoDB's own notation. */
function asAttributes(image: object): Parameters<typeof unmarshall>[0] {
  return image as Parameters<typeof unmarshall>[0];
}
