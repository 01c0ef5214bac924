/** The first and the last address of a block, as whole numbers. */
interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** The addresses of an IPv4 block such as `10.0.0.0/16`; undefined for any other text. */
export function rangeOf(block: string): AddressRange | undefined {
  const [, address = '', bits = ''] = /^((?:\d{1,3}\.){3}\d{1,3})\/(\d{1,2})$/.exec(block) ?? [];
  const octets = address.split('.').map(Number);
  if (address === '' || octets.some((octet) => octet > 255) || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  const within = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const first = within - (within % size);
  return { first, last: first + size - 1 };
}

/** Whether all addresses of a block are of another. */
export function isWithin(inner: string, outer: string): boolean {
  const [one, other] = [rangeOf(inner), rangeOf(outer)];
  return one !== undefined && other !== undefined && one.first >= other.first && one.last <= other.last;
}

/** Whether no two of the blocks have an address in common. */
export function areApart(blocks: readonly string[]): boolean {
  const ranges = blocks.map(rangeOf).filter((range) => range !== undefined);
  const inOrder = ranges.toSorted((one, other) => one.first - other.first);
  return inOrder.every(({ first }, index) => first > (inOrder[index - 1]?.last ?? -1));
}
