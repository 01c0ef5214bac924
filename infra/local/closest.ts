/** How many letters may differ between what was written and what was meant, as a share of the longer word. */
const MAX_SHARE = 0.25;

/** The word that was probably meant: the nearest of the known ones, if any is near. Capitals do not count. */
export function closestTo(written: string, known: readonly string[]): string | undefined {
  let nearest: { readonly word: string; readonly distance: number } | undefined;
  for (const word of known) {
    const most = MAX_SHARE * Math.max(written.length, word.length);
    if (Math.abs(written.length - word.length) > most) continue;
    const distance = distanceBetween(written.toLowerCase(), word.toLowerCase());
    if (distance > most) continue;
    if (nearest === undefined || distance < nearest.distance) nearest = { word, distance };
  }
  return nearest?.word;
}

/** A sentence that says that there is no such word, with the one that was probably meant. `sentence` has no full stop. */
export function orNearest(sentence: string, written: string, known: readonly string[], mark = ''): string {
  const nearest = closestTo(written, known);
  return nearest === undefined ? `${sentence}.` : `${sentence}; did you mean ${mark}${nearest}?`;
}

/** How many letters have to be added, left out, replaced, or exchanged with their neighbour to make one word of the other. */
function distanceBetween(one: string, other: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= one.length; row++) {
    const next = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isExchanged = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const at = (line: readonly number[], index: number) => line[index] ?? Number.POSITIVE_INFINITY;
      const replaced = at(last, column - 1) + (isSame ? 0 : 1);
      const exchanged = isExchanged ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY;
      next[column] = Math.min(at(last, column) + 1, at(next, column - 1) + 1, replaced, exchanged);
    }
    [before, last] = [last, next];
  }
  return last[other.length] ?? 0;
}
