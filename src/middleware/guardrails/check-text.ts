import { setImmediate as nextTurn } from "node:timers/promises";
import type { RuleSet } from "./rules.ts";
import { TextScanner, type Sought } from "./text-scanner.ts";
import { actOn, type GuardPlace } from "./verdict.ts";

const charactersPerTurn = 65_536;

/** A text after its patterns, looked through in turns of the event loop. */
const scanText = async (sought: Sought, text: string): Promise<{ text: string; found: Set<string> }> => {
  const scanner = new TextScanner(sought);
  const found = new Set<string>();
  let shown = "";
  for (let at = 0; at < text.length; at += charactersPerTurn) {
    if (at > 0) await nextTurn();
    const isLast = at + charactersPerTurn >= text.length;
    const scanned = scanner.push(text.slice(at, at + charactersPerTurn), isLast);
    shown += scanned.text;
    for (const rule of scanned.found) found.add(rule);
  }
  return { text: shown, found };
};

/**
 * A whole text as its functions leave it.
 * @throws NatterError `guardrail_blocked`
 */
export const checkByFunctions = async (
  place: GuardPlace,
  rules: RuleSet,
  text: string,
): Promise<{ text: string; flags: string[] }> => {
  let shown = text;
  const flags: string[] = [];
  for (const rule of rules.functions) {
    const said = await rule.check(shown);
    if (said === false || said === shown) continue;
    flags.push(...actOn(place, rules, [rule.name]));
    if (rule.action === "redact") shown = typeof said === "string" ? said : "[redacted]";
  }
  return { text: shown, flags };
};

/**
 * A whole text as its patterns and functions leave it.
 * @throws NatterError `guardrail_blocked`
 */
export const checkText = async (place: GuardPlace, rules: RuleSet, sought: Sought, text: string): Promise<string> => {
  const scanned = await scanText(sought, text);
  actOn(place, rules, scanned.found);
  return (await checkByFunctions(place, rules, scanned.text)).text;
};
