/** A timeline as a picture that needs neither color nor eyes: filled, hollow and crossed marks, and a description. */
import { type Call, inWords, milliseconds, type Timeline, wrongIn } from './timeline.ts';

/** As wide as a phone, so that the text can be read there; in px. */
const width = 400;
const left = 68;
const right = 12;
const rows = { old: 66, new: 106 } as const;
const axisAt = 130;
const height = 180;
const red = '#b3261e';

/** An SVG without scripts that loads nothing. */
export function chart(timeline: Timeline): string {
  const { product, calls, loginSentAt, isReported } = timeline;
  const axis = axisOf([loginSentAt, 0, ...calls.map(({ at }) => at)]);
  const x = (at: number): string => axis.x(at).toFixed(1);
  const wrong = wrongIn(timeline);
  const title = `${product}: which key was accepted when`;
  const band = Math.max(axis.x(0) - axis.x(loginSentAt), 1);
  const marks = (['accepted', 'refused', 'neither'] as const).flatMap((answer) => {
    const of = calls.filter((each) => !each.wrong && each.answer === answer);
    return of.length === 0 ? [] : looks[answer](of.map(({ at, key }) => [x(at), rows[key]] as const));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${product}-title ${product}-description" font-family="system-ui, sans-serif" font-size="12">
<title id="${product}-title">${title}</title>
<desc id="${product}-description">${inWords(timeline)} Each mark is a call: filled, accepted; hollow, refused; a cross, neither; large and red, a wrong answer.</desc>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="8" y="18" font-weight="bold">${title}</text>
<rect x="${x(loginSentAt)}" y="36" width="${band.toFixed(1)}" height="${axisAt - 36}" fill="#ddd"/>
<line x1="${x(0)}" y1="36" x2="${x(0)}" y2="${axisAt}" stroke="#000" stroke-dasharray="3 3"/>
<text x="8" y="${rows.old + 4}">old key</text>
<text x="8" y="${rows.new + 4}">new key</text>
${axis.parts.map(({ start, end }) => `<path d="M${start.toFixed(1)} ${axisAt}H${end.toFixed(1)}" stroke="#000"/>`).join('')}
${axis.cuts.map((at) => `<path d="M${(at - 4).toFixed(1)} ${axisAt + 4}l4 -8m2 8l4 -8" stroke="#000" fill="none"/>`).join('')}
${axis.ticks.map(({ at, label }) => `<path d="M${x(at)} ${axisAt}v4" stroke="#000"/><text x="${within(axis.x(at), label).toFixed(1)}" y="${axisAt + 16}" text-anchor="middle" font-size="11">${label}</text>`).join('\n')}
${marks.join('\n')}
${wrong.map(({ at, key, answer }) => wrongMark(x(at), rows[key], answer)).join('\n')}
${labelsOf(wrong, axis.x).join('\n')}
<text x="8" y="160" font-size="11">● accepted  ○ refused  × neither${wrong.length === 0 ? '' : `  <tspan fill="${red}" font-weight="bold">red: a wrong answer</tspan>`}</text>
<text x="8" y="174" font-size="11">${isReported ? 'Dashed: the login was reported. When it was answered is not known.' : 'Gray: the login is under way. Dashed: it has been answered.'}</text>
</svg>
`;
}

type Place = readonly [x: string, y: number];

/** One path for all marks of a kind: a line of no length with round ends is a dot. */
const dots = (places: readonly Place[]): string => places.map(([x, y]) => `M${x} ${y}h0`).join('');
const looks = {
  accepted: (places: readonly Place[]) => [`<path d="${dots(places)}" stroke="#000" stroke-width="7" stroke-linecap="round"/>`],
  refused: (places: readonly Place[]) => [
    `<path d="${dots(places)}" stroke="#000" stroke-width="7" stroke-linecap="round"/>`,
    `<path d="${dots(places)}" stroke="#fff" stroke-width="5" stroke-linecap="round"/>`,
  ],
  neither: (places: readonly Place[]) => [
    `<path d="${places.map(([x, y]) => `M${x} ${y}m-3 -3l6 6m0 -6l-6 6`).join('')}" stroke="#000" fill="none"/>`,
  ],
} as const;

/** Drawn last and larger, so that no other mark hides it. */
function wrongMark(x: string, y: number, answer: Call['answer']): string {
  if (answer === 'neither')
    return `<path class="wrong" d="M${x} ${y}m-6 -6l12 12m0 -12l-12 12" stroke="${red}" stroke-width="3" fill="none"/>`;
  return `<circle class="wrong" cx="${x}" cy="${y}" r="7" fill="${answer === 'accepted' ? red : '#fff'}" stroke="${red}" stroke-width="3"/>`;
}

/** Half the width of a label, in px. */
const halfOf = (label: string): number => label.length * 3.3 + 2;
/** Where the middle of a label may be, so that its end is not cut off. */
const within = (middle: number, label: string): number => Math.min(middle, width - halfOf(label));

/** The times of wrong answers, as many as fit above each row in two lines. */
function labelsOf(wrong: readonly Call[], x: (at: number) => number): readonly string[] {
  return (['old', 'new'] as const).flatMap((row) => {
    const lines = [13, 25].map((above) => ({ above, free: Number.NEGATIVE_INFINITY }));
    return wrong
      .filter(({ key }) => key === row)
      .flatMap(({ at }) => {
        const label = milliseconds(at);
        const half = halfOf(label);
        const middle = within(Math.max(x(at), left), label);
        const line = lines.find(({ free }) => middle - half >= free);
        if (line === undefined) return [];
        line.free = middle + half;
        return `<text x="${middle.toFixed(1)}" y="${rows[row] - line.above}" text-anchor="middle" font-size="11" font-weight="bold" fill="${red}">${label}</text>`;
      });
  });
}

interface Part {
  /** In ms. */
  readonly from: number;
  readonly to: number;
  /** In px. */
  readonly start: number;
  readonly end: number;
}

interface Axis {
  readonly parts: readonly Part[];
  /** Where time was left out, in px. */
  readonly cuts: readonly number[];
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  x(at: number): number;
}

/** A gap without calls is cut out if it is longer than this share of the whole time. */
const longGap = 0.2;
const cutWidth = 18;

/** An axis on which time without calls takes no room. `times` in ms, at least one. */
function axisOf(times: readonly number[]): Axis {
  const sorted = times.toSorted((one, other) => one - other);
  const whole = Math.max((sorted.at(-1) ?? 0) - (sorted[0] ?? 0), 1);
  const spans: { from: number; to: number }[] = [];
  for (const at of sorted) {
    const last = spans.at(-1);
    if (last === undefined || at - last.to > longGap * whole) spans.push({ from: at, to: at });
    else last.to = at;
  }
  const room = width - left - right - (spans.length - 1) * cutWidth;
  // A single moment needs room as well.
  const least = Math.max(0.15 * spans.reduce((sum, { from, to }) => sum + to - from, 0), 1);
  const share = room / spans.reduce((sum, { from, to }) => sum + Math.max(to - from, least), 0);
  let next = left;
  const parts = spans.map(({ from, to }): Part => {
    const start = next;
    const end = start + Math.max(to - from, least) * share;
    next = end + cutWidth;
    return { from, to, start, end };
  });
  const x = (at: number): number => {
    const part = parts.find(({ to }) => at <= to) ?? (parts.at(-1) as Part);
    const { from, to, start, end } = part;
    return to === from ? (start + end) / 2 : start + ((at - from) / (to - from)) * (end - start);
  };
  const cuts = parts.slice(1).map(({ start }) => start - cutWidth / 2);
  return { parts, cuts, ticks: ticksOf(parts, x), x };
}

/** Round times, far enough apart to be read; 0 before any other. */
function ticksOf(parts: readonly Part[], x: Axis['x']): Axis['ticks'] {
  const apart = 52;
  const chosen: number[] = [];
  const wanted = [0, ...parts.flatMap((part) => roundTimes(part, apart))];
  for (const at of wanted) if (chosen.every((each) => Math.abs(x(each) - x(at)) >= apart)) chosen.push(at);
  return chosen.map((at) => ({ at, label: milliseconds(at) }));
}

function roundTimes({ from, to, start, end }: Part, apart: number): readonly number[] {
  if (to === from) return [from];
  const atLeast = ((to - from) / (end - start)) * apart;
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const step = ([1, 2, 5, 10].find((each) => each * power >= atLeast) ?? 10) * power;
  const first = Math.ceil(from / step);
  const times = Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, index) => (first + index) * step);
  return times.length > 0 ? times : [(from + to) / 2];
}
