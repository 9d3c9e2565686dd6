import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, it } from "vitest";
import { canComplete } from "./text/complete-text.ts";
import { Markdown } from "./markdown.tsx";

const markup = (text: string, isStreaming = false): string =>
  renderToStaticMarkup(<Markdown text={text} isStreaming={isStreaming} />).replace(/^<div[^>]*>|<\/div>$/g, "");

describe("Markdown", () => {
  beforeAll(() => canComplete);

  it("shows paragraphs, emphasis and code, with character references as characters", () => {
    expect(markup("**b** _e_ ~~d~~ `&amp;` &copy;&#x1F600; &lt;b&gt; &nosuch;")).toBe(
      '<p dir="auto"><strong>b</strong> <em>e</em> <del>d</del> <code dir="ltr">&amp;amp;</code> ©😀 &lt;b&gt; &amp;nosuch;</p>',
    );
  });

  it("begins headings at the second level, without ids", () => {
    expect(markup("# One\n\n###### Six")).toBe('<h2 dir="auto">One</h2><h6 dir="auto">Six</h6>');
  });

  it("S18: HTML is text, as a block and in a line", () => {
    const shown = markup("<img src=x onerror=alert(1)>\n\nsee <b onclick=alert(1)>this</b>");
    expect(shown).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(shown).toContain("see &lt;b onclick=alert(1)&gt;this&lt;/b&gt;");
  });

  it("S18: only addresses of the web and of mail become links", () => {
    const refused = [
      "javascript:alert(1)",
      "JaVaScRiPt&colon;alert(1)",
      "java&#9;script:alert(1)",
      "vbscript:x",
      "data:text/html,x",
    ];
    for (const address of refused) expect(markup(`[x](<${address}>)`)).not.toContain("<a ");
    expect(markup("[x](//evil.example) [y](/v1/chat) <javascript:alert(1)>")).not.toContain("<a ");
    expect(markup("[x](https://e.example/?a=1&amp;b=2)")).toContain(
      '<a href="https://e.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow"',
    );
    expect(markup("<me@e.example>")).toContain('href="mailto:me@e.example"');
  });

  it("S21: an image of another host is a card, its own attachments and raster data are images", () => {
    const remote = markup("![x](https://evil.example/?d=SECRET)");
    expect(remote).not.toContain("<img");
    expect(remote).toContain("<bdi>evil.example</bdi>");
    expect(markup("![x](/v1/attachments/a-1)")).toContain('<img src="./v1/attachments/a-1" alt="x"');
    expect(markup("![x](data:image/png;base64,AAAA)")).toContain("<img");
    for (const source of [
      "data:image/svg+xml;base64,AAAA",
      "/v1/chat",
      "/v1/attachments/../chat",
      "blob:x",
      "//e.example/x",
    ])
      expect(markup(`![x](${source})`)).not.toContain("<img");
  });

  it("S21: an image in a link makes no link in a link", () => {
    const shown = markup("[![x](https://evil.example/i)](https://e.example)");
    expect(shown.match(/<a /g)).toHaveLength(1);
  });

  it("shows lists of tasks, and lists that do not begin at one", () => {
    expect(markup("- [x] a")).toContain('type="checkbox"');
    expect(markup("3. a\n4. b")).toContain('<ol start="3" dir="auto">');
  });

  it("puts tables into a region that takes focus, numbers at the right where the writer aligned them", () => {
    const shown = markup("| a | b |\n| - | -: |\n| x | 1 |");
    expect(shown).toContain('role="group" aria-label="Table" tabindex="0"');
    expect(shown).toContain('<td class="md-right">1</td>');
  });

  it("completes the end while it streams, and only then", () => {
    expect(markup("some **bo", true)).toBe('<p dir="auto">some <strong>bo</strong></p>');
    expect(markup("some **bo")).toBe('<p dir="auto">some **bo</p>');
    expect(markup("a [link](https://e.exam", true)).toBe('<p dir="auto">a link</p>');
  });

  it("prices are no formulas", () => {
    for (const text of ["$5 and $10", "US$5, A$6", "$5/$6", "from $1.50 to 2$", "$HOME/$USER", "costs $20-$30"])
      expect(markup(text)).toBe(`<p dir="auto">${text}</p>`);
  });

  it("S24: a line of 5 MB, 10,000 quotations and 100,000 marks are drawn in time", () => {
    const started = performance.now();
    markup("a".repeat(5_000_000));
    markup("> ".repeat(10_000));
    expect(markup(`e${"\u0301".repeat(100_000)}`).length).toBeLessThan(2_000);
    markup("*a ".repeat(100_000));
    markup("[".repeat(100_000));
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
