import type { Page } from "../request/page.ts";

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { display: grid; min-height: 100vh; margin: 0; place-items: center; }
main { max-width: 27rem; padding: 1.5rem; text-align: center; }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; }
code { font: .875em ui-monospace, monospace; }
`;

/** What a person sees whose link does not sign in: it was cut off, or another data folder's. */
export const refusedLinkPage: Page = {
  title: "Natter",
  style,
  body: `<main>
<h1>This link does not sign you in</h1>
<p>It belongs to another start of Natter, or a part of it is missing. Open the whole link that <code>natter start</code> printed in the terminal last.</p>
</main>`,
};
