/** How a shared conversation looks: as the app does, without its files. */
export const sharedStyle = `
:root { color-scheme: light dark; font: 16px/1.62 "Inter Variable", Inter, ui-sans-serif, system-ui, sans-serif;
  --bg: light-dark(oklch(.988 .004 115), oklch(.205 .008 130)); --surface: light-dark(oklch(1 0 0), oklch(.245 .009 130));
  --sunken: light-dark(oklch(.962 .007 115), oklch(.175 .008 130)); --line: light-dark(oklch(.905 .009 115), oklch(.315 .011 130));
  --text: light-dark(oklch(.245 .014 130), oklch(.94 .008 115)); --text-3: light-dark(oklch(.52 .016 125), oklch(.68 .014 120));
  --accent: light-dark(oklch(.42 .075 148), oklch(.79 .085 142)); --on-accent: light-dark(oklch(.99 .005 115), oklch(.2 .03 140));
  --accent-soft: light-dark(oklch(.947 .026 128), oklch(.295 .026 138)); --accent-ink: light-dark(oklch(.385 .075 148), oklch(.83 .085 140));
  background: var(--bg); color: var(--text); -webkit-font-smoothing: antialiased; }
body { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 1.5rem; font-size: 1.75rem; line-height: 1.25; letter-spacing: -.015em; font-weight: 600; }
h2 { margin: 1.75rem 0 .375rem; font-size: .75rem; font-weight: 550; color: var(--text-3); }
h3, h4 { margin: 1.25rem 0 .375rem; font-size: 1.0625rem; font-weight: 600; line-height: 1.4; }
p { margin: .5rem 0; }
a { color: var(--accent-ink); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.user { width: fit-content; max-width: 85%; box-sizing: border-box; margin-inline-start: auto; padding: .25rem 1rem; border-radius: 1rem 1rem 6px 1rem; background: var(--accent-soft); }
article:has(.user) h2 { text-align: end; }
pre { overflow: auto; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 10px; background: var(--sunken); }
pre, code { font: .8125rem/1.6 "JetBrains Mono Variable", ui-monospace, monospace; }
:not(pre) > code { padding: .1em .35em; border-radius: 6px; background: var(--sunken); }
.plain { white-space: pre-wrap; }
table { display: block; overflow-x: auto; border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
th { font-size: .75rem; font-weight: 550; color: var(--text-3); }
th, td { padding: .4rem .75rem; border-bottom: 1px solid var(--line); text-align: start; }
blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: 2px solid var(--line); color: var(--text-3); }
section.artifact { margin: 1rem 0; padding: .25rem 1.25rem .75rem; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); }
.copy { display: inline-flex; align-items: center; height: 40px; margin-top: 2rem; padding: 0 1rem; border-radius: 6px; background: var(--accent); color: var(--on-accent); font-size: .875rem; font-weight: 570; text-decoration: none; }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .8125rem; color: var(--text-3); }
`;
