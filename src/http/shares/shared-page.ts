import type { SharedConversation, SharedPart } from "../../protocol/share.ts";
import type { Page } from "../request/page.ts";
import { escapeHtml } from "./escape-html.ts";
import { renderMarkdown } from "./render-markdown.ts";

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.3; }
h2 { margin: 2rem 0 .25rem; font-size: .875rem; opacity: .75; }
h3 { font-size: 1.0625rem; }
.user { padding: .125rem 1rem; border-radius: 1rem; background: color-mix(in srgb, currentColor 7%, transparent); }
pre { overflow: auto; padding: 1rem; border-radius: .5rem; background: color-mix(in srgb, currentColor 7%, transparent); }
pre, code { font: .875rem/1.5 ui-monospace, monospace; }
.plain { white-space: pre-wrap; }
table { border-collapse: collapse; }
th, td { padding: .25rem .75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); text-align: start; }
blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: .2rem solid color-mix(in srgb, currentColor 25%, transparent); }
section.artifact { margin: 1rem 0; padding: 0 1rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .75rem; }
footer { margin-top: 3rem; font-size: .875rem; opacity: .75; }
`;

const artifact = async ({ kind, title, content }: Extract<SharedPart, { type: "artifact" }>): Promise<string> => {
  const shown = kind === "document" ? await renderMarkdown(content) : `<pre><code>${escapeHtml(content)}</code></pre>`;
  return `<section class="artifact"><h3>${escapeHtml(title)}</h3>${shown}</section>`;
};

const render = async (part: SharedPart, role: "user" | "assistant"): Promise<string> => {
  switch (part.type) {
    case "text":
      return role === "user" ? `<p class="plain">${escapeHtml(part.text)}</p>` : renderMarkdown(part.text);
    case "file":
      return `<p>📎 ${escapeHtml(part.filename ?? part.mediaType)}</p>`;
    case "artifact":
      return artifact(part);
  }
};

/** The page of a link: nothing in it runs, and nothing is loaded from anywhere. */
export const sharedPage = async ({ title, sharedAt, messages }: SharedConversation): Promise<Page> => {
  const said = await Promise.all(
    messages.map(async ({ role, parts }) => {
      const shown = await Promise.all(parts.map((part) => render(part, role)));
      return `<article><h2>${role === "user" ? "Question" : "Answer"}</h2><div class="${role}">${shown.join("\n")}</div></article>`;
    }),
  );
  const name = escapeHtml(title ?? "A conversation");
  const day = sharedAt.slice(0, 10);
  return {
    title: name,
    style,
    body: `<main>
<h1>${name}</h1>
${said.join("\n")}
</main>
<footer>Shared on <time datetime="${day}">${day}</time> with Natter. Answers are written by a model and can be wrong.</footer>`,
  };
};

/** The page of a link that shows nothing any more, or never did. */
export const missingPage: Page = {
  title: "Natter",
  style,
  body: "<main>\n<h1>There is nothing here</h1>\n<p>The link has ended, or a part of it is missing. Ask whoever gave it to you for a new one.</p>\n</main>",
};
