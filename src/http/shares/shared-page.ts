import type { SharedConversation, SharedPart } from "../../protocol/share.ts";
import type { Page } from "../request/page.ts";
import { escapeHtml } from "./escape-html.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { sharedStyle as style } from "./shared-style.ts";

/** Whether a document begins with its own title. */
const beginsWith = (title: string, content: string): boolean =>
  /^#{1,6}\s+(.+?)\s*#*\s*$/m.exec(content.trimStart().split("\n", 1)[0] ?? "")?.[1] === title;

const artifact = async ({ kind, title, content }: Extract<SharedPart, { type: "artifact" }>): Promise<string> => {
  const shown = kind === "document" ? await renderMarkdown(content) : `<pre><code>${escapeHtml(content)}</code></pre>`;
  const heading = kind === "document" && beginsWith(title, content) ? "" : `<h3>${escapeHtml(title)}</h3>`;
  return `<section class="artifact">${heading}${shown}</section>`;
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

/** Of which link the page is. */
export interface SharedPageLink {
  readonly token: string;
  /** Whether this server has the app, where one goes on in a copy. */
  readonly hasApp: boolean;
}

/** The page of a link: nothing in it runs, and nothing is loaded from anywhere. */
export const sharedPage = async (
  { title, sharedAt, messages }: SharedConversation,
  { token, hasApp }: SharedPageLink,
): Promise<Page> => {
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
${hasApp ? `<p><a class="copy" href="../copy#${escapeHtml(token)}">Ask your own copy</a></p>` : ""}
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
