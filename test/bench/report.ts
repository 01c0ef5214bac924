import { cpus, loadavg } from 'node:os';
import { type Bench, type Finding, isMet } from '#test/bench/bench.ts';

/** What was found, by the bench that found it. */
export type Found = readonly (Pick<Bench, 'measures' | 'about'> & { readonly findings: readonly Finding[] })[];

/** A finding's bar in words. */
function barOf({ bar }: Finding): string {
  if (bar === undefined) return '';
  return 'atMost' in bar ? `at most ${bar.atMost}` : `at least ${bar.atLeast}`;
}

/** A finding in one line. */
export function lineOf(finding: Finding): string {
  const { made } = finding;
  const parts = [`${nameOf(finding)}: ${shown(finding)}`, made, barOf(finding)].filter(Boolean);
  return `${parts.join(', ')}${isMet(finding) ? '' : '  MISSED'}`;
}

/** What a finding is of, as one phrase. */
function nameOf({ of, what }: Finding): string {
  return of === undefined ? what : `${what}, ${of}`;
}

function shown({ unit, value }: Finding): string {
  if (typeof value === 'string') return value;
  const digits = value >= 100 ? value.toFixed(0) : value.toFixed(2);
  return unit ? `${digits} ${unit}` : digits;
}

/** Where and when something was measured. */
function setting(): string {
  const [cpu] = cpus();
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'an unknown processor'}`;
  return `${day}, Node ${process.version}, ${machine}, load ${(loadavg()[0] ?? 0).toFixed(0)}`;
}

const cells = (row: readonly string[]) => `| ${row.join(' | ')} |`;

/** A measure, and `missed` if it has a bar that it does not keep. */
function judged(finding: Finding): string {
  return `${shown(finding)}${isMet(finding) ? '' : ' (missed)'}`;
}

/** Findings one below the other, or, where they are of several, one row for each name. */
function tableOf(findings: readonly Finding[]): string[] {
  const columns = [...new Set(findings.map(({ of }) => of))];
  if (columns.length === 1) {
    return [
      cells(['', 'measured', 'bar', 'made of']),
      cells(['---', '---:', '---', '---']),
      ...findings.map((finding) => cells([finding.what, judged(finding), barOf(finding), finding.made ?? ''])),
    ];
  }
  return [
    cells(['', ...columns.map((of) => of ?? 'measured'), 'bar']),
    cells(['---', ...columns.map(() => '---:'), '---']),
    ...[...new Set(findings.map(({ what }) => what))].map((what) => {
      const row = findings.filter((finding) => finding.what === what);
      const inTurn = columns.map((of) =>
        row
          .filter((finding) => finding.of === of)
          .map(judged)
          .join(),
      );
      return cells([what, ...inTurn, row.map(barOf).join('')]);
    }),
  ];
}

/** The page of all that was found. */
export function pageOf(found: Found): string {
  return [
    '# Benchmarks',
    '',
    `Generated: \`npm run bench\`. ${setting()}; the embedded DynamoDB in memory.`,
    'Each figure with a bar is a ratio of two things measured in turns in one run: the times behind it are those of this machine, and of',
    'whatever else ran on it. CPU is of the process that answers, not of the engine or of who asks.',
    '',
    '![What was measured, against its bar](benchmarks.svg)',
    '',
    ...found.flatMap(({ about = [], findings, measures }) => [
      `## ${measures.charAt(0).toUpperCase()}${measures.slice(1)}`,
      '',
      ...(about.length > 0 ? [...about, ''] : []),
      ...tableOf(findings),
      '',
    ]),
    '## Not measured here',
    '',
    'Requests to the table and the units they take are counted, not timed: [costs.md](costs.md) has them for each operation. What limits an',
    'estate as it grows is on paper in [scale.md](scale.md).',
    '',
  ].join('\n');
}

const ROW = 26;
const LEFT = 430;
const BAR_AT = 260;

/** A picture of every finding with a bar: as far as the line is what is allowed. */
export function pictureOf(found: Found): string {
  const barred = found.flatMap(({ findings }) => findings).filter(({ bar }) => bar !== undefined);
  const height = ROW * (barred.length + 2);
  const rows = barred.map((finding, index) => {
    const { bar = { atMost: 1 } } = finding;
    const value = Number(finding.value);
    const share = 'atMost' in bar ? value / bar.atMost : bar.atLeast / value;
    const width = Math.min(share, 1.8) * BAR_AT;
    const y = ROW * (index + 1);
    const colour = isMet(finding) ? '#2a7f62' : '#b5442c';
    return [
      `<text x="${LEFT - 10}" y="${y + 17}" text-anchor="end">${escaped(nameOf(finding))}</text>`,
      `<rect x="${LEFT}" y="${y + 5}" width="${width.toFixed(1)}" height="${ROW - 10}" fill="${colour}"/>`,
      `<text x="${LEFT + width + 6}" y="${y + 17}">${shown(finding)} (${barOf(finding)})</text>`,
    ].join('\n');
  });
  const line = LEFT + BAR_AT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="1060" height="${height}" font-family="sans-serif" font-size="13">`,
    '<title>What was measured, against its bar</title>',
    `<rect width="1060" height="${height}" fill="#ffffff"/>`,
    ...rows,
    `<line x1="${line}" y1="${ROW - 6}" x2="${line}" y2="${height - ROW + 6}" stroke="#333333" stroke-dasharray="4 3"/>`,
    `<text x="${line}" y="${height - 8}" text-anchor="middle">the bar</text>`,
    `<text x="8" y="16" fill="#666666">${escaped(setting())}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
