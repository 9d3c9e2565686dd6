import type { PatternRule } from "./rules.ts";

/** Keys of well-known services, and private keys, as they look. */
export const secretsRule: PatternRule = {
  name: "secrets",
  action: "redact",
  pattern: [
    String.raw`\bsk-[A-Za-z0-9_-]{20,200}`,
    String.raw`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
    String.raw`\bgh[pousr]_[A-Za-z0-9]{36,255}`,
    String.raw`\bxox[abeprs]-[A-Za-z0-9-]{10,250}`,
    String.raw`\bAIza[A-Za-z0-9_-]{35}`,
    String.raw`\bnk_[A-Za-z0-9_-]{43}`,
    String.raw`-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[A-Za-z0-9+/=\s]{0,1000}[A-Za-z0-9+/=\s]{0,1000}[A-Za-z0-9+/=\s]{0,1000}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?`,
  ],
};
