/** The times of BSS queries: UTC to the minute, as every sample has them (reference alibaba-bss 6.3, Q4). */
export function minuteTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 16)}Z`;
}
