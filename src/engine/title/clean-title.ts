import { gateText } from "../../foundation/text-gate.ts";

const longest = 60;
/** A cut at a word may leave this much; else it cuts inside. */
const shortest = 30;

const before = /^(?:["'“”„‟«»‹›「」『』*_`#\s]|[-–—•>]\s)+/u;
const after = /["'“”„‟«»‹›「」『』*_`#\s]+$/u;
// directions that a title would force upon what stands after it
const invisible = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const bare = (text: string): string => text.replace(before, "").replace(after, "");

const cut = (text: string): string => {
  const characters = Array.from(text);
  if (characters.length <= longest) return text;
  const head = characters.slice(0, longest - 1).join("");
  const space = head.lastIndexOf(" ");
  return `${(space >= shortest ? head.slice(0, space) : head).trimEnd()}…`;
};

/** Any text as a title: its first line with words, without marks around it, at most 60 characters; empty when none is left. */
export const cleanTitle = (text: string): string => {
  for (const line of gateText(text).split(/[\r\n\u2028\u2029]+/)) {
    const visible = line.replaceAll(/\s+/gu, " ").replaceAll(invisible, "");
    const title = bare(bare(visible).replace(/^title\s*:/iu, "")).replace(/(?<![.。])[.。]$/u, "");
    if (/[\p{L}\p{N}\p{S}]/u.test(title)) return cut(title);
  }
  return "";
};
