/** A piece of HTML: what is not one is text, and escaped when it is put into one. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML as it stands, with every value in it escaped that is not HTML itself; lists of HTML are joined. Values stand in text, or in attributes with quotes. */
export function html(pieces: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  return new Html(pieces.map((piece, nth) => piece + written(values[nth] ?? '')).join(''));
}

function written(value: string | Html | readonly Html[]): string {
  if (value instanceof Html) return value.text;
  if (typeof value !== 'string') return value.map(({ text }) => text).join('');
  return value.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** Text whose times and ids are held together by `kept`: their hyphens are no places to break a line at. */
export function heldTogether(text: string, kept: (piece: string) => Html): Html[] {
  const pieces = text.split(/(\d{4}-\d\d-\d\d \d\d:\d\d|\bh-\w{16}\b)/);
  return pieces.map((piece, nth) => (nth % 2 === 0 ? html`${piece}` : kept(piece)));
}
