import fc from "fast-check";

const pieces = [
  "a|b c|text here|it's|é|🙂|\\|&amp;|https://e.com|x@y.zz|[^1]|'t'|\"|:|<x y|>|$5|$x$|$$|$$\n|\\(|\\)|\\[|\\]".split(
    "|",
  ),
  ["- ", "* ", "+ ", "1. ", "2) ", "> ", "# ", "## ", "- [ ] ", "- [x] t\n", "\n- a\n", "\n> q\n", "  - n\n", "   c\n"],
  ["\n", "\n", "\n", "\n\n", "\n\n", "\n\n", "\r\n", "\r", "  ", "  \n", "    ", "\t"],
  [
    "```",
    "```js\n",
    "\n```\n",
    "~~~",
    "`",
    "``",
    "**",
    "*",
    "_",
    "__",
    "~~",
    "[",
    "]",
    "(",
    ")",
    "![i](x)",
    "[l](http://e)",
  ],
  ["| a | b |\n", "| - | -: |\n", "|-|\n", "|", "---", "===", "===\n", "---\n", "***", "***\n", "# h\n"],
  [
    "[a]",
    "[A][a]",
    "[a]: http://e\n",
    '[b]: <x> "t',
    "[b]: y\n",
    "[a]: y\n",
    '[a]: <x> "t\n',
    't"\n',
    "- b\n",
    "*\n",
    "b** ",
    "$$\n- b\n",
    "$$\n# h\n",
    "[b]",
    "[^1]: f\n",
  ],
  ["<div>", "</div>\n", "<b>", "<!--", "-->", "<pre>", "</pre>", "<script>", "<?", "?>", "<!A", "<a href=x>"],
].flat();
/**
 * Markdown with everything in it, and much that is none. Each text is made of a few pieces only, so that those meet
 * which belong together.
 */
export const arbitraryMarkdown = fc
  .uniqueArray(fc.constantFrom(...pieces), { minLength: 2, maxLength: 7 })
  .chain((few) => fc.array(fc.constantFrom("\n", "\n\n", "a", ...few), { maxLength: 30 }))
  .map((chosen) => chosen.join(""));

/** The sizes of the steps in which a text comes. */
export const arbitrarySteps = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });

/** What has come of `text` after each step. */
export function* prefixesOf(text: string, sizes: readonly number[]): Generator<string> {
  for (let end = 0, step = 0; end < text.length; step += 1) {
    end += sizes[step % sizes.length] ?? 1;
    yield text.slice(0, end);
  }
}
