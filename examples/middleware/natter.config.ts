import { cache, cost, defineConfig, guardrails, log, rateLimit } from "natter";
import { houseStyle } from "./house-style.ts";
import { quietHours } from "./quiet-hours.ts";

const card = String.raw`\b(?:\d[ -]?){12,18}\d\b`;

export default defineConfig({
  middleware: [
    log(),
    quietHours({ from: 2, to: 3 }),
    rateLimit({ user: { requests: 10, tokens: 50_000 } }),
    guardrails({
      input: [{ name: "card", action: "redact", pattern: card, replacement: "[card]" }],
      output: [
        { name: "card", action: "redact", pattern: card, replacement: "[card]" },
        {
          name: "promise",
          action: "block",
          pattern: /we (will|shall) refund/i,
          message: "Only people promise refunds.",
        },
      ],
    }),
    houseStyle("Answer in one paragraph."),
    cache({ ttl: 600 }),
    cost({ budgets: [{ for: "user", period: "day", dollars: 1 }] }),
  ],
});
