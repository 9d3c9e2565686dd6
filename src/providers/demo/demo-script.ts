import { readReference, type ArtifactReference } from "../../protocol/artifact.ts";
import type { ModelCall, ModelMessage } from "../../protocol/agent/model.ts";
import { isSummaryNote } from "../../protocol/message/summary-note.ts";
import { demoArtifact, demoLastArtifact } from "./demo-artifacts.ts";
import { demoFiles } from "./demo-files.ts";
import { demoLayout } from "./demo-layout.ts";
import { readTaskCall, taskSentences } from "./demo-tasks.ts";
import { demoPlaces } from "./demo-places.ts";
import { demoResults } from "./demo-results.ts";
import { demoWindow } from "./demo-window.ts";

/** One thing that the demo model does. */
export type DemoAct =
  | { readonly say: string }
  | { readonly reason: string }
  | { readonly call: string; readonly input: unknown }
  | { readonly fail: true }
  | { readonly hang: true };

export interface DemoScript {
  readonly acts: readonly DemoAct[];
  /** Milliseconds a word; absent: as usual. */
  readonly pace?: number;
}

interface Word {
  readonly usage: string;
  readonly about: string;
  script(words: readonly string[], call: ModelCall): DemoScript;
}

const notAnAi = "I am Natter's demo model: a script, **not an AI**.";
const maxTokens = 100_000;
const mostCalls = 10;

const count = (text: string | undefined, fallback: number, max = maxTokens): number =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Math.min(Number(text), max) : fallback;

const numbers = (amount: number): string => Array.from({ length: amount }, (_, index) => `${index + 1} `).join("");

const callTool = (call: ModelCall, tool: string, input: unknown, words = `I ask the tool \`${tool}\`.`): DemoScript =>
  call.tools.some(({ name }) => name === tool)
    ? { acts: [{ say: `${words}\n\n` }, { call: tool, input }] }
    : { acts: [{ say: `This agent offers no tool \`${tool}\`, so I cannot ask it.` }] };

const callSeveral = (call: ModelCall, tool: string, times: number): DemoScript => {
  const [first, ...rest] = Array.from({ length: Math.max(1, times) }, (_, index) => ({ dice: index + 3, sides: 6 }));
  const { acts } = callTool(call, tool, first);
  return acts.length === 1 ? { acts } : { acts: [...acts, ...rest.map((input) => ({ call: tool, input }))] };
};

const callTools = (call: ModelCall): DemoScript => {
  const calls = [
    { call: "currentTime", input: {} },
    { call: "add", input: { a: 19, b: 23 } },
    { call: "add", input: { a: 1.5, b: 2.25 } },
  ].filter((act) => call.tools.some(({ name }) => name === act.call));
  return calls.length === 0
    ? { acts: [{ say: "This agent offers none of the tools that I know." }] }
    : { acts: [{ reason: "These do not depend on each other, so I ask them all at once." }, ...calls] };
};

const artifactIntroduction = "I write that beside this conversation, where you can read it, change it and keep it.";

const changeArtifact = (call: ModelCall): DemoScript => {
  const last = demoLastArtifact(call.messages);
  if (last === null) return { acts: [{ say: "There is no artifact yet that I could change; say `artifact` first." }] };
  const { artifactId, version } = last;
  const content = `# Changed\n\nThis is what I made of version ${version}.\n`;
  return callTool(call, "update_artifact", { artifactId, version, content }, "I write a new version of it.");
};

const number = (text: string | undefined): number => {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) ? value : 0;
};

/** What the demo model understands, by the first word of a message. A word is here when all it shows works. */
const vocabulary: Readonly<Record<string, Word>> = {
  "/help": {
    usage: "/help",
    about: "lists these words",
    script: () => ({ acts: [{ say: help() }] }),
  },
  reason: {
    usage: "reason",
    about: "thinks aloud before it answers",
    script: () => ({
      acts: [
        {
          reason:
            "The person wants to see reasoning. I have none, so I recite this text, word by word, and then answer.",
        },
        { say: `${notAnAi} What you saw above is how a model's reasoning looks.` },
      ],
    }),
  },
  layout: {
    usage: "layout",
    about: "shows headings, lists, a table, code, a formula and a picture's card",
    script: () => ({ acts: [{ say: demoLayout }] }),
  },
  slow: {
    usage: "slow [milliseconds]",
    about: "answers with a pause before each word (300 ms)",
    script: ([, milliseconds]) => ({
      pace: count(milliseconds, 300, 60_000),
      acts: [
        {
          say: "Slowly, one word after another, so that there is time to reload, to open a second window, or to stop.",
        },
      ],
    }),
  },
  long: {
    usage: "long [tokens]",
    about: "counts that far (500)",
    script: ([, amount]) => ({ acts: [{ say: numbers(count(amount, 500)) }] }),
  },
  fail: {
    usage: "fail [words]",
    about: "fails as a provider does, at once or after so many words",
    script: ([, amount]) => ({ acts: [{ say: numbers(count(amount, 0)) }, { fail: true }] }),
  },
  hang: {
    usage: "hang",
    about: "begins to answer, then says nothing more until it is stopped",
    script: () => ({ acts: [{ say: "I stop here, and wait to be stopped … " }, { hang: true }] }),
  },
  time: {
    usage: "time",
    about: "asks the tool `currentTime`",
    script: (_words, call) => callTool(call, "currentTime", {}),
  },
  add: {
    usage: "add 2 3",
    about: "asks the tool `add`",
    script: ([, a, b], call) => callTool(call, "add", { a: number(a), b: number(b) }),
  },
  map: {
    usage: "map",
    about: "asks the tool `showPlaces`, whose places become a map",
    script: (_words, call) => callTool(call, "showPlaces", { places: demoPlaces }),
  },
  artifact: {
    usage: "artifact [code|html|svg|change]",
    about: "writes a document beside the conversation by the tool `create_artifact`, or changes the last one",
    script: ([, kind], call) =>
      kind === "change"
        ? changeArtifact(call)
        : callTool(call, "create_artifact", demoArtifact(kind), artifactIntroduction),
  },
  approve: {
    usage: "approve [times]",
    about: "asks you whether the tool `rollDice` may roll a handful, once or several times at once",
    script: ([, times], call) => callSeveral(call, "rollDice", count(times, 1, mostCalls)),
  },
  ask: {
    usage: "ask",
    about: "asks you a question by the tool `askPerson`, and waits for your answer",
    script: (_words, call) => callTool(call, "askPerson", { question: "What should the demo model be called?" }),
  },
  background: {
    usage: "background [seconds]",
    about: "has the tool `timer` count in the background (12 s), while the answer ends",
    script: ([, seconds], call) => callTool(call, "timer", { seconds: count(seconds, 12, 3_600), steps: 3 }),
  },
  remind: {
    usage: "remind [seconds] [words]",
    about: "has the tool `remind` come back by itself (10 s), also when nobody watches",
    script: ([, seconds, ...words], call) =>
      callTool(call, "remind", { seconds: Math.max(1, count(seconds, 10, 86_400)), about: words.join(" ") || "tea" }),
  },
  window: {
    usage: "window",
    about: "tells how much of this conversation it is shown, and what stands for the rest",
    script: (_words, call) => ({ acts: [{ say: demoWindow(call) }] }),
  },
  tools: {
    usage: "tools",
    about: "asks several tools at once",
    script: (_words, call) => callTools(call),
  },
};

const help = (): string =>
  [
    `${notAnAi} I know these words:`,
    "",
    ...Object.values(vocabulary).map(({ usage, about }) => `- \`${usage}\` ${about}`),
    "",
    `Of your tasks I understand ${taskSentences.map((sentence) => `\`${sentence}\``).join(", ")}.`,
    "",
    "Anything else I repeat. To talk to a real model, set its provider's key, such as `OPENAI_API_KEY`, or `OPENAI_COMPATIBLE_BASE_URL`.",
  ].join("\n");

const lastText = (messages: readonly ModelMessage[]): string => {
  const message = messages.findLast(({ role }) => role === "user");
  if (message?.role !== "user") return "";
  if (typeof message.content === "string") return message.content;
  return message.content.map((part) => (part.type === "text" && !isSummaryNote(part.text) ? part.text : "")).join(" ");
};

const echo = (text: string, call: ModelCall): string => {
  const quoted = text.trim().slice(0, 500).replaceAll("\n", "\n> ");
  const turns = call.messages.filter(({ role }) => role === "user").length;
  const files = demoFiles(call.messages.findLast(({ role }) => role === "user"));
  const words = text.trim() === "" ? 0 : text.trim().split(/\s+/).length;
  return [
    `${notAnAi} You wrote:`,
    "",
    `> ${quoted === "" ? "*nothing*" : quoted}`,
    "",
    ...(files.length === 0 ? [] : ["You attached:", "", ...files, ""]),
    `That is **${words} ${words === 1 ? "word" : "words"}**, in message ${turns} of yours that I can see. Say \`/help\` for what I can show you.`,
  ].join("\n");
};

const artifactWritten = ({ title, version }: ArtifactReference): string =>
  version === 1
    ? `**${title}** is ready. Open it above; say \`artifact change\` and I write another version of it.`
    : `That is version ${version} of **${title}**. The earlier ones are kept: look under *Changes* and *Versions*.`;

const resultText = (message: Extract<ModelMessage, { role: "tool" }>): string =>
  message.content
    .map((part) => {
      if (part.type !== "tool-result") return "";
      const { output } = part;
      if (output.type === "error-text") return `\`${part.toolName}\` did not succeed: ${output.value}`;
      const value = "value" in output ? output.value : output.type;
      const artifact = readReference(value);
      if (artifact !== null) return artifactWritten(artifact);
      if (typeof value === "string" && value.includes("\n")) return `\`${part.toolName}\` says:\n\n${value}`;
      return `\`${part.toolName}\` says: **${typeof value === "string" ? value : JSON.stringify(value)}**`;
    })
    .filter((line) => line !== "")
    .join("\n\n");

const answerTo = (call: ModelCall): DemoScript => {
  const text = lastText(call.messages);
  const task = readTaskCall(text);
  if (task !== null) return callTool(call, task.tool, task.input);
  const words = text.trim().split(/\s+/);
  const name = words[0]?.toLowerCase() ?? "";
  const word = Object.hasOwn(vocabulary, name) ? vocabulary[name] : undefined;
  return word?.script(words, call) ?? { acts: [{ say: echo(text, call) }] };
};

/** What the demo model does in a call: the same for the same messages, always. */
export const demoScript = (call: ModelCall): DemoScript => {
  const last = call.messages.at(-1);
  if (last?.role === "tool") return { acts: [{ say: resultText(last) }] };
  const results = demoResults(call.messages);
  if (results === null) return answerTo(call);
  const { told, asked } = results;
  if (asked === null) return { acts: [{ say: told }] };
  const { acts, ...script } = answerTo({ ...call, messages: asked });
  return { ...script, acts: [{ say: `${told}\n\n` }, ...acts] };
};
