import { unmarshall } from '@aws-sdk/util-dynamodb';

/** An item of the stream as a plain object. */
export function imageOf(image: object): Record<string, unknown> {
  return unmarshall(asAttributes(image));
}

/** The stream delivers items in DynamoDB's own notation, whether through Lambda or through its API. */
function asAttributes(image: object): Parameters<typeof unmarshall>[0] {
  return image as Parameters<typeof unmarshall>[0];
}
