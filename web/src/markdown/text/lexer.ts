import { Lexer, type Links, type Token, Tokenizer, type Tokens } from "marked";
import { mathsSyntax } from "../maths/maths-syntax.ts";

const deepest = 16;
const longestInline = 20_000;
const paragraphEnd = /\n[ \t]*\n/;

/** marked's tokenizer with limits, and without its two rules that reach from one block into later ones. */
class BoundedTokenizer extends Tokenizer {
  #depth = 0;

  #nested<Result>(read: () => Result | undefined): Result | undefined {
    if (this.#depth >= deepest) return undefined;
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  override blockquote(source: string): Tokens.Blockquote | undefined {
    return this.#nested(() => super.blockquote(source));
  }

  override list(source: string): Tokens.List | undefined {
    return this.#nested(() => super.list(source));
  }

  override def(source: string): Tokens.Def | undefined {
    const end = source.search(paragraphEnd);
    return super.def(end < 0 ? source : source.slice(0, end + 1));
  }

  override tag(source: string): Tokens.Tag | undefined {
    const tag = super.tag(source);
    this.lexer.state.inLink = false;
    this.lexer.state.inRawBlock = false;
    return tag;
  }
}

const createLexer = (): Lexer =>
  new Lexer({ gfm: true, breaks: false, pedantic: false, tokenizer: new BoundedTokenizer(), extensions: mathsSyntax });

/** What was in lines when they were last read, with the same link definitions, and what is in them now. */
export type InlineMemory = Readonly<{
  before: ReadonlyMap<string, readonly Token[]>;
  now: Map<string, readonly Token[]>;
}>;

/** The blocks of a text whose inline content is not read yet, and the link definitions found in them. */
export type ReadBlocks = Readonly<{
  tokens: readonly Token[];
  links: Links;
  finish: (links: Links, memory?: InlineMemory) => readonly Token[];
}>;

const readInline = (lexer: Lexer, source: string): readonly Token[] =>
  source.length > longestInline
    ? [{ type: "text", raw: source, text: source, escaped: true }]
    : lexer.inlineTokens(source, []);

/** Reads the blocks of `source`; `finish` reads what is in their lines, once all link definitions are known. */
export const readBlocks = (source: string): ReadBlocks => {
  const lexer = createLexer();
  const tokens = lexer.blockTokens(source, []);
  const finish = (links: Links, memory?: InlineMemory): readonly Token[] => {
    lexer.tokens.links = links;
    for (const { src, tokens: target } of lexer.inlineQueue) {
      const inline = memory?.before.get(src) ?? readInline(lexer, src);
      memory?.now.set(src, inline);
      for (const token of inline) target.push(token);
    }
    lexer.inlineQueue = [];
    return tokens;
  };
  return { tokens, links: lexer.tokens.links, finish };
};
