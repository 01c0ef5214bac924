import { styleText } from 'node:util';

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g;

/** JSON for a person at a terminal: indented, and coloured if the terminal is. Other text is left as it is. */
export function pretty(text: string, isColoured: boolean): string {
  const value = parsed(text);
  if (value === undefined) return text;
  const indented = JSON.stringify(value, null, 2);
  if (!isColoured) return indented;
  return indented.replace(token, (whole, quoted?: string, colon?: string) => {
    if (quoted !== undefined && colon !== undefined) return coloured('cyan', quoted) + colon;
    return coloured(quoted === undefined ? 'yellow' : 'green', whole);
  });
}

function coloured(colour: 'cyan' | 'green' | 'yellow', text: string): string {
  return styleText(colour, text, { validateStream: false });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
