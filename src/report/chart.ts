/** A timeline as a picture that needs neither colour nor eyes: filled, hollow and crossed marks, and a description. */
import { inWords, type Timeline } from './timeline.ts';

const width = 720;
const height = 170;
const left = 90;
const right = 20;
const rows = { old: 60, new: 100 } as const;

/** An SVG without scripts that loads nothing. */
export function chart(timeline: Timeline): string {
  const { product, calls, loginSentAt } = timeline;
  const times = [loginSentAt, 0, ...calls.map(({ at }) => at)];
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const x = (at: number): string => (left + ((at - from) / Math.max(to - from, 1)) * (width - left - right)).toFixed(1);
  const marks = calls.map(({ at, key, answer }) => mark[answer](x(at), rows[key]));
  const title = `${product}: which key was accepted when`;
  const band = Math.max(Number(x(0)) - Number(x(loginSentAt)), 1);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="13">
<title id="title">${title}</title>
<desc id="description">${inWords(timeline)} Each mark is a call: filled, accepted; hollow, refused; a cross, neither.</desc>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="10" y="22" font-weight="bold">${title}</text>
<rect x="${x(loginSentAt)}" y="36" width="${band.toFixed(1)}" height="86" fill="#ccc"/>
<line x1="${x(0)}" y1="36" x2="${x(0)}" y2="122" stroke="#000" stroke-dasharray="3 3"/>
<text x="10" y="${rows.old + 4}">old key</text>
<text x="10" y="${rows.new + 4}">new key</text>
${marks.join('\n')}
<text x="${left}" y="140">${ms(from)}</text>
<text x="${width - right}" y="140" text-anchor="end">${ms(to)}</text>
<text x="10" y="162">● accepted  ○ refused  × neither. Grey: the login is under way; dashed: it has been answered, at 0 ms.</text>
</svg>
`;
}

const mark = {
  accepted: (x: string, y: number) => `<circle cx="${x}" cy="${y}" r="4"/>`,
  refused: (x: string, y: number) => `<circle cx="${x}" cy="${y}" r="4" fill="#fff" stroke="#000"/>`,
  neither: (x: string, y: number) => `<text x="${x}" y="${y + 5}" text-anchor="middle">×</text>`,
} as const;

const ms = (at: number): string => `${Math.round(at).toLocaleString('en')} ms`;
