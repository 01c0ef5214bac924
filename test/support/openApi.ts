import { Ajv2020 } from 'ajv/dist/2020.js';
import { type ApiBody, type ApiDocument, type ApiOperation, wholeDocument } from '#infra/local/apiDocuments.ts';

/** What is served as `openapi.json`, with what its schemas say of bodies. */
export interface Described {
  readonly document: ApiDocument;
  readonly operations: readonly (readonly [path: string, ApiOperation])[];
  /** What is wrong with a request of an operation; empty if nothing is. */
  requestFaults(path: string, body: unknown): string[];
  /** The same of an answer with a status. */
  answerFaults(path: string, status: number, body: unknown): string[];
}

/** Reads the documents as they are committed. Formats such as `email` are not looked at. */
export function described(): Described {
  const document = wholeDocument();
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).addSchema(
    document,
    'openapi.json',
  );
  const faults = (pointer: string, body: unknown): string[] => {
    const validate = ajv.getSchema(`openapi.json#${pointer}/content/application~1json/schema`);
    if (validate === undefined) throw new Error(`there is no schema at ${pointer}`);
    return validate(body)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
  const pointerOf = (path: string) => `/paths/${path.replaceAll('/', '~1')}/post`;
  return {
    document,
    operations: Object.entries(document.paths).map(([path, { post }]) => [path, post]),
    requestFaults: (path, body) => faults(`${pointerOf(path)}/requestBody`, body),
    answerFaults(path, status, body) {
      const { responses = {} } = document.paths[path]?.post ?? {};
      const key = Object.hasOwn(responses, status) ? String(status) : 'default';
      const response = responses[key];
      if (response === undefined) throw new Error(`${path} has no response ${key}`);
      const pointer = '$ref' in response ? response.$ref.slice(1) : `${pointerOf(path)}/responses/${key}`;
      return faults(pointer, body);
    },
  };
}

/** The examples of a body, each with its name. */
export function examplesOf(body: ApiBody | { readonly $ref: string } | undefined): [name: string, value: unknown][] {
  if (body === undefined || '$ref' in body) return [];
  const { examples = {} } = body.content['application/json'];
  return Object.entries(examples).map(([name, { value }]) => [name, value]);
}
