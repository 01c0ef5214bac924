import * as v from 'valibot';
import { integer, text } from '#lib/dialects/fields.ts';

export const maxResults = v.pipe(integer(1, 100), v.description('Rows a page, at most 100.'));

export const nextToken = v.pipe(
  text(256),
  v.description('The token of the next page, as the page before answered it.'),
);
