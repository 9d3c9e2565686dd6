import type { MarkedToken } from "marked";
import type { MathsToken } from "../maths/maths-syntax.ts";

type KnownToken = MarkedToken | MathsToken;

/** Any token, before its type is known. */
export type AnyToken = Readonly<{ type: string; raw: string }>;

const types: ReadonlySet<string> = new Set<KnownToken["type"]>([
  "blockquote",
  "br",
  "checkbox",
  "code",
  "codespan",
  "def",
  "del",
  "em",
  "escape",
  "heading",
  "hr",
  "html",
  "image",
  "link",
  "list",
  "list_item",
  "maths",
  "paragraph",
  "space",
  "strong",
  "table",
  "text",
]);

/** Whether the lexer made this token, so that its `type` tells its fields. */
export const isKnownToken = (token: AnyToken): token is KnownToken => types.has(token.type);
