/** The colors of all pages, in light, in dark and on paper. A verdict has the same color everywhere, and never stands by color alone. */
export const palette = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #565e67; --paper: #fff; --card: #f5f6f8; --line: #d3d7dc; --link: #0b57c2;
  --violates: #b3261e; --inconclusive: #7a4b00; --noted: #005a7a; --conforms: #13652f; --not-run: #565e67; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --soft: #a9b1ba; --paper: #16181b; --card: #202327; --line: #3a3f45; --link: #8ab4f8;
    --violates: #ff9d94; --inconclusive: #f2c063; --noted: #7fd0f0; --conforms: #7fd694; --not-run: #a9b1ba; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #333; --paper: #fff; --card: #fff; --line: #888; --link: #000;
    --violates: #000; --inconclusive: #000; --noted: #000; --conforms: #000; --not-run: #000; }
}
.violates { color: var(--violates); } .inconclusive { color: var(--inconclusive); } .noted { color: var(--noted); }
.conforms { color: var(--conforms); } .not-run { color: var(--not-run); }
`;

/** The sign of a page in a browser's tab: a check mark, a cross or a question mark. */
export const icons = {
  conforms: { color: '#13652f', path: 'M4 9l3 3 6-7' },
  violates: { color: '#b3261e', path: 'M4 4l8 8M12 4l-8 8' },
  inconclusive: { color: '#7a4b00', path: 'M5.5 6a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .7-1 1.7M8 12.5v.1' },
} as const;
