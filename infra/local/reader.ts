import type { ApiBody, ApiDocument, ApiExamples, ApiOperation } from '#infra/local/apiDocuments.ts';
import { OWN_PATH } from '#infra/local/ownPaths.ts';
import { type Html, html } from '#lib/html.ts';
import { headersWith } from '#lib/pages/document.ts';

const style = [
  ':root{color-scheme:light dark;font:100%/1.5 system-ui,sans-serif}',
  'body{margin:0 auto;max-width:60rem;padding:1rem;overflow-wrap:anywhere}',
  'h1,h2{line-height:1.3}',
  'ul{columns:16rem}',
  'pre{background:#8882;overflow:auto;padding:.75rem}',
  'table{border-collapse:collapse;width:100%}',
  'td,th{border-top:1px solid #8888;overflow-wrap:normal;padding:.25rem .5rem;text-align:left;vertical-align:top}',
  'td:last-child{overflow-wrap:anywhere}',
].join('');

export const pageHeaders = headersWith(style);

/** The products with their operations, and how requests are signed. */
export function indexPage({ components, info, paths, tags }: ApiDocument): string {
  const products = tags.map(({ description, name }) => {
    const own = Object.entries(paths).filter(([, { post }]) => post.tags.includes(name));
    const links = own.map(
      ([path, { post }]) => html`<li><a href="${`${OWN_PATH}/docs${path}`}">${post.summary}</a></li>`,
    );
    const heading = html`<h2 id="${name}">${name} (${description})</h2><ul>${links}</ul>`;
    return html`${heading}<details><summary>What any of them refuses for</summary>${commonTable(components.schemas, name)}</details>`;
  });
  const schemes = Object.entries(components.securitySchemes).map(([name, scheme]) => [
    html`${name}`,
    prose(String(Reflect.get(scheme, 'description'))),
  ]);
  const paragraphs = info.description.split('\n\n').map((paragraph) => html`<p>${prose(paragraph)}</p>`);
  const whole = html`<p>All of this is in <a href="${`${OWN_PATH}/openapi.json`}">openapi.json</a>, as OpenAPI 3.1.</p>`;
  return pageOf(info.title, [...paragraphs, whole, ...products, html`<h2>Signatures</h2>`, table([], schemes)]);
}

/** One operation: what it takes, answers and refuses for, with what was sent and answered. Undefined if there is none at the path. */
export function operationPage(document: ApiDocument, path: string): string | undefined {
  const post = Object.hasOwn(document.paths, path) ? document.paths[path]?.post : undefined;
  if (post === undefined) return undefined;
  const { requestBody, responses } = post;
  const refusals = Object.entries(responses).flatMap(([status, response]) => {
    const body = '$ref' in response ? undefined : response;
    return status === '200' || body === undefined ? [] : [[status, body] as const];
  });
  const [, answered] = Object.entries(responses).find(([status]) => status === '200') ?? [];
  return pageOf(post.summary, [
    html`<p><a href="${`${OWN_PATH}/docs`}">All operations</a></p>`,
    html`<p><code>POST ${path}</code></p><p>${prose(post.description)}</p>`,
    html`<h2>Parameters</h2>`,
    table([], [...parameterRows(jsonOf(requestBody).schema), ...queryRows(post)]),
    ...exampleOf(requestBody),
    html`<h2>Answer</h2>`,
    ...(answered === undefined || '$ref' in answered ? [] : [...exampleOf(answered), schemaOf(answered)]),
    html`<h2>Refusals</h2>`,
    table(
      refusalHead,
      refusals.flatMap(([status, body]) => refusalRows(status, jsonOf(body).schema)),
    ),
    ...refusals.flatMap(([, body]) => exampleOf(body)),
    html`<p>And <a href="${`${OWN_PATH}/docs#${post.tags.join('')}`}">what any operation refuses for</a>.</p>`,
  ]);
}

function jsonOf({ content }: ApiBody): { readonly schema: object; readonly examples?: ApiExamples } {
  return content['application/json'];
}

function parameterRows(schema: object): Html[][] {
  const { properties = {}, required = [] } = Object(schema);
  return Object.entries(properties).map(([name, field]) => {
    return parameterRow(name, required.includes(name) ? 'required' : '', Object(field));
  });
}

function queryRows({ parameters }: ApiOperation): Html[][] {
  return parameters.map(({ description, name, schema }) =>
    parameterRow(name, 'in the query', { ...schema, description }),
  );
}

function parameterRow(
  name: string,
  trait: string,
  { description = '', ...schema }: { readonly description?: string },
): Html[] {
  const told = Object.entries(schema).map(([word, value]) => `${word} ${JSON.stringify(value)}`);
  return [html`<code>${name}</code>`, html`${trait}`, html`${prose(description)} <small>${told.join('; ')}</small>`];
}

const refusalHead = ['HTTP', 'Code', 'Reason', 'Message'];

function commonTable(schemas: ApiDocument['components']['schemas'], product: string): Html {
  const codes = Object.entries(schemas).filter(([name]) => name.startsWith(`${product}.Codes`));
  return table(
    refusalHead,
    codes.flatMap(([name, schema]) => refusalRows(name.slice(`${product}.Codes`.length), schema)),
  );
}

/** The codes are the constants in the schema of a refusal, each with its reason and message. */
function refusalRows(status: string, schema: unknown): Html[][] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { const: code, description, title } = Object(schema);
  if (typeof code === 'string')
    return [[html`${status}`, html`<code>${code}</code>`, html`${String(title)}`, html`${String(description)}`]];
  return Object.values(schema).flatMap((inner) => refusalRows(status, inner));
}

function exampleOf(body: ApiBody): Html[] {
  return Object.values(jsonOf(body).examples ?? {}).flatMap(({ summary, value }) => [
    ...(summary === undefined ? [] : [html`<p>${summary}</p>`]),
    html`<pre>${JSON.stringify(value, undefined, 2)}</pre>`,
  ]);
}

function schemaOf(body: ApiBody): Html {
  return html`<details><summary>Schema</summary><pre>${JSON.stringify(jsonOf(body).schema, undefined, 2)}</pre></details>`;
}

function table(head: readonly string[], rows: readonly (readonly Html[])[]): Html {
  const heads = head.map((cell) => html`<th>${cell}</th>`);
  const lines = rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`);
  return html`<table><tr>${heads}</tr>${lines}</table>`;
}

/** Text in which words between backticks are code. */
function prose(text: string): Html {
  const parts = text.split('`');
  return html`${parts.map((part, nth) => (nth % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))}`;
}

function pageOf(title: string, sections: readonly Html[]): string {
  const head = html`<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} / Tributary</title>`;
  // Its text is the style alone, byte for byte: the policy names it by its hash.
  const start = `<!doctype html><html lang="en"><head>${head.text}<style>${style}</style></head>`;
  return `${start}<body>${html`<main><h1>${title}</h1>${sections}</main>`.text}</body></html>`;
}
