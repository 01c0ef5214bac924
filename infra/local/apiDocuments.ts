import { readdirSync, readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { indexPage, operationPage, pageHeaders } from '#infra/local/reader.ts';

/** An OpenAPI document as `infra/openApi.ts` writes it, as far as it is read here. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, { readonly post: ApiOperation }>>;
  readonly components: Readonly<Record<'schemas' | 'responses' | 'securitySchemes', Readonly<Record<string, object>>>>;
}

export interface ApiOperation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly { readonly name: string; readonly description: string; readonly schema: object }[];
  readonly requestBody: ApiBody;
  readonly responses: Readonly<Record<string, ApiBody | { readonly $ref: string }>>;
}

export interface ApiBody {
  readonly content: { readonly 'application/json': { readonly schema: object; readonly examples?: ApiExamples } };
}

export type ApiExamples = Readonly<Record<string, { readonly summary?: string; readonly value: unknown }>>;

const folder = new URL('../../docs/openapi/', import.meta.url);

/** `openapi.json`, one document of all products, and pages to read it by. They need nothing from anywhere else. */
export function apiDocuments(): Hono {
  return new Hono()
    .get('/openapi.json', (c) => c.json(wholeDocument()))
    .get('/docs', (c) => c.body(indexPage(wholeDocument()), 200, pageHeaders))
    .get('/docs/:product/:action', (c, next) => {
      const { action, product } = c.req.param();
      const page = operationPage(wholeDocument(), `/${product}/${action}`);
      return page === undefined ? next() : c.body(page, 200, pageHeaders);
    });
}

/** The documents of all products as one, of the server that it is read from. */
export function wholeDocument(): ApiDocument {
  const all = readdirSync(folder)
    .toSorted()
    .map((name) => documentIn(readFileSync(new URL(name, folder), 'utf8')));
  const [first] = all;
  if (first === undefined) throw new Error(`there are no documents in ${folder.pathname}`);
  const parts = (of: (document: ApiDocument) => object) => Object.assign({}, ...all.map(of));
  return {
    ...first,
    info: { ...first.info, title: 'Tributary', version: all.map(({ info }) => info.version).join(', ') },
    servers: [{ url: '/' }],
    tags: all.flatMap(({ tags }) => tags),
    paths: parts(({ paths }) => paths),
    components: {
      schemas: parts(({ components }) => components.schemas),
      responses: parts(({ components }) => components.responses),
      securitySchemes: first.components.securitySchemes,
    },
  };
}

/** The files are written from declarations (`npm run docs`), and a test compares them with these. */
function documentIn(text: string): ApiDocument {
  return JSON.parse(text);
}
